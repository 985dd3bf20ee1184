"""Reads about links for confirming without an account: what was asked, what came back, what one shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from placements import lines as shown
from placements.lines import Line
from placements.models import ConfirmationLink, CurrentShift, Enrolment
from school.core import clock
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was sent: to whom, for how many shifts, and what became of it."""

    name: str
    address: str
    at: datetime
    shifts: int
    waiting: int
    problem: str
    state: str
    word: str


def waiting_shifts(enrolments: QuerySet[Enrolment]) -> QuerySet[CurrentShift]:
    """What a link can be asked for: the shifts of some students that wait, by date."""
    return CurrentShift.objects.filter(
        enrolment__in=enrolments, state__in=CurrentShift.WAITING
    ).order_by("start", "pk")


def asked(enrolments: QuerySet[Enrolment]) -> list[Asked]:
    """The links sent for some students, newest first, in one query."""
    rows = (
        ConfirmationLink.objects.filter(shifts__placement__enrolment__in=enrolments)
        .annotate(
            number=Count("shifts", distinct=True),
            waiting=Count(
                "shifts",
                filter=Q(shifts__current__state__in=CurrentShift.WAITING),
                distinct=True,
            ),
        )
        .select_related("person")
        .order_by("-created_at")
    )
    return [_asked(row) for row in rows]


def _asked(row: ConfirmationLink) -> Asked:
    waiting: int = row.waiting  # type: ignore[attr-defined]
    problem = ""
    if row.failure == ConfirmationLink.CODES_SPENT:
        state, word = "failed", "Closed"
        problem = "The link has sent 10 codes and was closed. The shifts still wait: ask again, or name somebody else."
    elif row.failed_at:
        problem = "The mail could not be delivered. The shifts still wait: check the address, or name somebody else."
        state, word = "failed", "Came back"
    elif not waiting:
        state, word = "done", "Nothing waits any more"
    elif row.expires_at <= clock.now():
        state, word = "cancelled", "Has run out"
    elif row.proved_at:
        state, word = "under-way", "Opened, not decided yet"
    else:
        state, word = "awaiting", "Sent"
    number: int = row.number  # type: ignore[attr-defined]
    return Asked(
        row.person.name,
        row.address,
        row.created_at,
        number,
        waiting,
        problem,
        state,
        word,
    )


def failed(enrolments: QuerySet[Enrolment]) -> QuerySet[ConfirmationLink]:
    """Links whose mail came back or whose codes are spent, while something they name still waits and nobody was asked anew."""
    waits = CurrentShift.objects.filter(
        shift__confirmation_links=OuterRef("pk"), state__in=CurrentShift.WAITING
    )
    later = ConfirmationLink.objects.filter(
        shifts__confirmation_links=OuterRef("pk"),
        created_at__gt=OuterRef("created_at"),
        failed_at=None,
    )
    return (
        ConfirmationLink.objects.filter(
            Exists(waits), ~Exists(later), shifts__placement__enrolment__in=enrolments
        )
        .exclude(failed_at=None)
        .select_related("person")
        .distinct()
        .order_by("-failed_at")
    )


def failed_of(person: Person) -> list[ConfirmationLink]:
    """The same for a student's own record, in one query when no link ever failed, as on most home pages."""
    any_failed = ConfirmationLink.objects.filter(
        failed_at__isnull=False, shifts__placement__enrolment__person=person
    )
    return list(failed(Enrolment.objects.filter(person=person))) if any_failed.exists() else []


def lines(link: ConfirmationLink) -> list[Line]:
    """What a link shows once its code was typed: the shifts it names that still stand, in order."""
    rows = CurrentShift.objects.filter(shift__confirmation_links=link).exclude(
        state=CurrentShift.State.WITHDRAWN
    )
    return shown.lines(rows.order_by("start", "pk"))


def still_waiting(found: Sequence[Line]) -> list[Line]:
    """Those of the lines that can be decided."""
    return [line for line in found if line.waits]
