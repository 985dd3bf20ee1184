"""A practice educator names who stands in for them over some days, changes it, or takes it back."""

from datetime import date, timedelta
from uuid import UUID

from placements.actions.telling import page
from placements.cover_queries import possible_stand_ins, said_days
from placements.models import Cover
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people import mail
from school.people.addresses import address_of
from school.people.models import Mail, Person
from school.people.network import network_book
from school.people.queries import identity

# A longer absence is for the coordinator, who names another supervisor.
MOST_DAYS = 180


def name_stand_in(
    *,
    by: Person,
    stand_in: Person,
    starts: date,
    ends: date,
    uuid: UUID,
    changes: Cover | None = None,
) -> Cover:
    """Names who stands in for `by` from a day to a day; `changes` is the cover that this takes the place of.

    Who stands in from today on is told at once. Raises DomainError when a rule refuses.
    """
    draft = _draft(by, stand_in, starts, ends, uuid, changes)
    with ledger.writing(draft.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_cover(by, changes)
        rule_cover_days(starts, ends, changes)
        rule_stand_in(by, stand_in)
        rule_one_at_a_time(by, starts, ends, changes)
        pen.append([draft], by=by.uuid)
        if starts <= clock.today():
            tell_stand_in(cover=draft.fact)  # type: ignore[arg-type]
    return draft.fact  # type: ignore[return-value]


def cancel_cover(*, by: Person, cover: Cover, uuid: UUID) -> Cover:
    """Takes a cover back; what the stand-in decided stays decided."""
    entry = cover.entry
    last = entry.about_to or entry.about_from
    draft = _draft(by, cover.stand_in, entry.about_from, last, uuid, cover, cancelled=True)
    with ledger.writing(draft.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_cover(by, cover)
        pen.append([draft], by=by.uuid)
    return draft.fact  # type: ignore[return-value]


def tell_stand_in(*, cover: Cover) -> Mail | None:
    """Tells somebody on the first day that they stand in for a practice educator, once."""
    stand_in, person = cover.stand_in, cover.person
    to = address_of(stand_in)
    if not to or cover.entry.about_to is None:
        return None
    until = days.long_date(cover.entry.about_to)
    return mail.owe(
        address=to,
        kind="cover_begins",
        subject="You stand in for a practice educator",
        body=(
            f"{person.name} has named you to stand in until {until}. Until then your inbox also shows "
            f"the hours that wait for {person.name}, and you may decide about them.\n\n"
            f"Open your inbox:\n{page('inbox')}"
        ),
        person=stand_in,
        once_key=f"cover_begins:{person.uuid}:{stand_in.uuid}:{cover.entry.about_from.isoformat()}",
    )


def _draft(
    by: Person,
    stand_in: Person,
    starts: date,
    ends: date,
    uuid: UUID,
    before: Cover | None,
    *,
    cancelled: bool = False,
) -> Draft:
    person = before.person if before else by
    fact = Cover(person=person, stand_in=stand_in, cancelled=cancelled, supersedes=before)
    return Draft(fact=fact, book=network_book(), about_from=starts, about_to=ends, uuid=uuid)


def rule_own_cover(by: Person, cover: Cover | None) -> None:
    """Only whose absence it is changes a cover, and only one that stands and is not over."""
    if cover is None:
        return
    if cover.person_id not in identity(by):
        raise NotAllowed("Only the practice educator who named somebody can change it.")
    if cover.cancelled or Cover.objects.filter(supersedes=cover).exists():
        raise Conflict("This was changed since you opened the page. Look at it again.")
    if cover.entry.about_to is not None and cover.entry.about_to < clock.today():
        raise DomainError("These days are over. Name somebody for other days.")


def rule_cover_days(starts: date, ends: date, before: Cover | None) -> None:
    """A cover begins today or later, unless it has begun already, ends on or after its first day and today, and lasts 180 days at most."""
    if ends < starts:
        raise DomainError("The last day must not be before the first.", field="ends")
    if starts < clock.today() and (before is None or starts != before.entry.about_from):
        raise DomainError("The first day must be today or later.", field="starts")
    if ends < clock.today():
        raise DomainError("The last day must be today or later.", field="ends")
    if (ends - starts).days >= MOST_DAYS:
        last = days.long_date(starts + timedelta(days=MOST_DAYS - 1))
        raise DomainError(
            f"Somebody stands in for at most {MOST_DAYS} days: until {last}.", field="ends"
        )


def rule_stand_in(by: Person, stand_in: Person) -> None:
    """Who stands in is a practice educator or the lead of one of the same sites, with an account, and no student of theirs."""
    if not possible_stand_ins(identity(by)).filter(pk=stand_in.pk).exists():
        raise DomainError(
            "Somebody stands in who is a practice educator or the site lead where you are, "
            "has an account, and is not your student.",
            field="stand_in",
        )


def rule_one_at_a_time(by: Person, starts: date, ends: date, before: Cover | None) -> None:
    """On every day one person at most stands in for somebody."""
    others = Cover.objects.standing().filter(
        person__in=identity(by),
        cancelled=False,
        entry__about_from__lte=ends,
        entry__about_to__gte=starts,
    )
    if before is not None:
        others = others.exclude(pk=before.pk)
    other = others.select_related("stand_in").first()
    if other is not None:
        raise DomainError(
            f"{other.stand_in.name} stands in for you, {said_days(other)}. Change or cancel that first.",
            field="starts",
        )
