"""How somebody wants to hear from the portal, and what follows for a message: now, in a digest, or in the portal only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from school.core.compiled import compiled
from school.people import quiet
from school.people.models import Mail, MailPreference, Person
from school.people.queries import merges

Digest = MailPreference.Digest


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a message stands until it goes out, and the earliest moment at which it may."""

    state: Mail.State
    not_before: datetime


def preference_of(person: Person) -> MailPreference:
    """What somebody chose, or what holds without a choice; for a merged person the choice of whom they are one with.

    One query, since it is asked for every message; none for somebody who was read with their `mail_preference` and with
    `is_merged`, whether they are one with somebody else whose choice it would be: see `merged_at`.
    """
    if not getattr(person, "is_merged", True):
        return getattr(person, "mail_preference", None) or MailPreference(person=person)
    found = _with_choice(person=person.pk)
    one = next((row for row in found if row.pk != person.pk), found[0])
    return getattr(one, "mail_preference", None) or MailPreference(person=one)


def merged_at(person: str) -> Exists:
    """Whether the person at a path was merged into another, read with the row that they belong to."""
    return Exists(merges().filter(merged=OuterRef(person)))


@compiled
def _with_choice(person: Any) -> QuerySet[Person]:
    """Somebody, and whom they are one with, with what they chose."""
    into = merges().filter(merged=person).values("kept")
    rows = Person.objects.filter(Q(pk=person) | Q(pk__in=into))
    return rows.select_related("mail_preference")


def plan(person: Person, moment: datetime) -> Plan:
    """How a message that is not urgent goes out to somebody from a moment on.

    Who has no account has no page to choose on: they hear at once.
    """
    chosen = preference_of(person)
    if chosen.person.user_id is None:
        return Plan(Mail.State.WAITING, moment)
    return planned(chosen, moment)


def planned(chosen: MailPreference, moment: datetime) -> Plan:
    """The same for a choice."""
    if chosen.digest == Digest.NEVER:
        return Plan(Mail.State.KEPT, moment)
    if chosen.digest == Digest.AT_ONCE:
        return Plan(Mail.State.WAITING, out_of_quiet(chosen, moment))
    due = quiet.next_digest(moment, weekly=chosen.digest == Digest.WEEKLY)
    return Plan(Mail.State.HELD, out_of_quiet(chosen, due))


def out_of_quiet(chosen: MailPreference, moment: datetime) -> datetime:
    """A moment, or the end of the quiet hours that it falls in."""
    return quiet.out_of_quiet(moment, chosen.quiet_from, chosen.quiet_until)
