"""Letting a line manager read something of one's CPD until a day, and ending that."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from logbooks.cpd.models import Activity, Profile, Share
from school.core import clock
from school.core.days import DAY, add_months, long_date
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person
from school.people.queries import identity, line_managers
from school.people.telling import tell

MOST_MONTHS = 12


def share(
    *,
    by: Person,
    uuid: UUID,
    reader: Person,
    ends_on: date,
    activity: Activity | None = None,
    profile: Profile | None = None,
) -> Share:
    """Lets a line manager read an activity, a frozen profile or, with neither, the list without its words, through a day.

    They get a mail that says nothing of what it is. Sent again under its UUID it is the same share. Raises
    NotAllowed, Conflict when the UUID was used for another share, and DomainError for a wrong reader or day.
    """
    before = Share.objects.filter(uuid=uuid).first()
    if before is None:
        rule_own_thing(by, activity, profile)
        rule_line_manager(by, reader)
        rule_days(ends_on)
        try:
            with transaction.atomic():
                made = Share.objects.create(
                    uuid=uuid,
                    person=by,
                    reader=reader,
                    ends_on=ends_on,
                    activity=activity,
                    profile=profile,
                )
                _tell(made)
                return made
        except IntegrityError:
            # The same form came twice at once.
            before = Share.objects.get(uuid=uuid)
    rule_same_share(by, before, (reader, ends_on, activity, profile))
    return before


def end(*, by: Person, share: Share) -> Share:
    """Nobody reads it by this share from now on."""
    rule_own_share(by, share)
    with transaction.atomic():
        held = Share.objects.select_for_update().get(pk=share.pk)
        if held.ended_at is None:
            held.ended_at = clock.now()
            held.save()
    return held


def _tell(share: Share) -> None:
    tell(
        share.reader,
        "cpd_shared",
        f"{share.person.name} shared CPD with you",
        f"You can read it through {long_date(share.ends_on)}, unless they end it before.",
        f"{settings.WAGTAILADMIN_BASE_URL}{reverse('cpd_shared_thing', args=[share.uuid])}",
        once_key=f"cpd_shared:{share.uuid}",
        # A mail with the others of the day would come too late.
        urgent=share.ends_on <= clock.today() + DAY,
    )


def rule_own_thing(by: Person, activity: Activity | None, profile: Profile | None) -> None:
    """What is shared is one's own, and was not taken back."""
    me = identity(by)
    if any(one is not None and one.person_id not in me for one in (activity, profile)):
        raise NotAllowed("This is somebody else’s CPD.")
    if activity is not None and activity.taken_back_at is not None:
        raise Conflict("This activity was taken back. Bring it back before you share it.")


def rule_line_manager(by: Person, reader: Person) -> None:
    """Only a line manager of a post that one holds today is let in."""
    if not line_managers(identity(by)).filter(pk=reader.pk).exists():
        raise DomainError("Choose somebody who is your line manager today.", field="reader")


def rule_days(ends_on: date) -> None:
    """A share ends today or later, within a year."""
    today = clock.today()
    last = add_months(today, MOST_MONTHS)
    if not today <= ends_on <= last:
        raise DomainError(
            f"The last day must be between today and {long_date(last)}.", field="ends_on"
        )


def rule_same_share(by: Person, before: Share, sent: tuple[object, ...]) -> None:
    """What was sent before under a UUID is one's own, and the same share."""
    if before.person_id not in identity(by):
        raise NotAllowed("This cannot be saved.")
    if (before.reader, before.ends_on, before.activity, before.profile) != sent:
        raise Conflict(
            "This form was sent before with other answers. What was shared first stands: "
            "open the page again to share anything else."
        )


def rule_own_share(by: Person, share: Share) -> None:
    """A share is ended by whoever shared."""
    if share.person_id not in identity(by):
        raise NotAllowed("This is somebody else’s CPD.")
