"""What a person says about themselves: their register, and why there is a gap."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from logbooks.cpd import schemes
from logbooks.cpd.models import GapReason, Registration
from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.people.models import Person
from school.people.queries import identity


def say_registration(*, by: Person, profession: str, registered_on: date | None) -> Registration:
    """Which register a person is on and since when; empty for none. Raises DomainError for a day to come or an unknown profession."""
    rule_registration(profession, registered_on)
    values = {"profession": profession, "registered_on": registered_on}
    with transaction.atomic():
        # Persons who were merged have said it once.
        held = (
            Registration.objects.select_for_update()
            .filter(person__in=identity(by))
            .order_by("person_id")
            .first()
        )
        if held is None:
            return Registration.objects.get_or_create(person=by, defaults=values)[0]
        if (held.profession, held.registered_on) != (profession, registered_on):
            held.profession, held.registered_on = profession, registered_on
            held.save()
    return held


def explain_gap(*, by: Person, uuid: UUID, first: date, last: date, words: str) -> GapReason:
    """Says why there is nothing between two days, under its UUID; said again under it, it is written anew."""
    if last < first:
        raise DomainError("The last day must be on or after the first day.", field="last")
    rule_no_nhs_number(words, field="words")
    values = {"first": first, "last": last, "words": words}
    with transaction.atomic():
        held = GapReason.objects.select_for_update().filter(uuid=uuid).first()
        if held is None:
            try:
                with transaction.atomic():
                    return GapReason.objects.create(uuid=uuid, person=by, **values)
            except IntegrityError:
                held = GapReason.objects.get(uuid=uuid)
        rule_own_gap(by, held)
        if any(getattr(held, name) != value for name, value in values.items()):
            held.first, held.last, held.words = first, last, words
            held.save()
    return held


def take_back_reason(*, by: Person, uuid: UUID) -> None:
    """The reason of a gap goes from the record; its history keeps it. One that is not there is gone already."""
    with transaction.atomic():
        held = GapReason.objects.select_for_update().filter(uuid=uuid).first()
        if held is not None:
            rule_own_gap(by, held)
            held.delete()


def rule_own_gap(by: Person, gap: GapReason) -> None:
    """A reason is its person's own."""
    if gap.person_id not in identity(by):
        raise NotAllowed("This cannot be saved.")


def rule_registration(profession: str, registered_on: date | None) -> None:
    """A profession is one of the regulators' data, and nobody is registered from a day to come."""
    if profession and schemes.profession(profession, clock.today()) is None:
        raise DomainError("Choose a profession of the list.", field="profession")
    if registered_on is not None and registered_on > clock.today():
        raise DomainError("The date must be today or in the past.", field="registered_on")
