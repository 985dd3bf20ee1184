"""Reads about interruptions of studies: which stand, who may record one, and what stands in one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from placements import policies
from placements.interruptions import Span
from placements.models import Enrolment, Interruption, Placement, PlannedShift
from school.core import clock, days
from school.core.models import PrivateText
from school.people.middleware import Viewer
from school.people.roles import Permission

SHOWN = 5


def standing(known_on: date | None = None) -> QuerySet[Interruption]:
    """The interruptions that stand; those recorded by mistake and cancelled are left out."""
    rows: QuerySet[Interruption] = Interruption.objects.standing(known_on).filter(cancelled=False)
    return rows


def on(day: date) -> QuerySet[Interruption]:
    """The interruptions that a day lies in."""
    return standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=day), entry__about_from__lte=day
    )


def in_days(first: date, last: date) -> QuerySet[Interruption]:
    """The interruptions that share a day with some days."""
    return standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=first), entry__about_from__lte=last
    )


def spans(enrolments: Iterable[int]) -> list[Span]:
    """The interruptions of some enrolments of one student, by their keys, as days."""
    rows = standing().filter(enrolment__in=list(enrolments))
    days_of = rows.values_list("entry__about_from", "entry__about_to")
    return [Span(first, last) for first, last in days_of]


def may_interrupt(viewer: Viewer) -> Q:
    """The condition of an enrolment whose studies the viewer interrupts and resumes."""
    return policies.allowing(viewer, Permission.FOLLOW_STUDENTS) | policies.allowing(
        viewer, Permission.PLACE_STUDENTS
    )


def enrolments_to_interrupt(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose studies the viewer interrupts and resumes: as a tutor, programme lead or coordinator."""
    return Enrolment.objects.filter(may_interrupt(viewer))


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An interruption as pages show it: its days in words, whether it goes on, and its reason for those who may read it."""

    uuid: UUID
    first: date
    last: date | None
    words: str
    open: bool
    reason: str


def shown(enrolment: Enrolment, *, reasons: bool) -> list[Interrupted]:
    """The interruptions of an enrolment, the newest first, with the `reasons` for those who may read them.

    The reason belongs to the first fact of a line: resuming says nothing new.
    """
    rows = Interruption.objects.filter(enrolment=enrolment)
    if reasons:
        texts = PrivateText.objects.filter(entry=OuterRef("pk"), name="reason")
        rows = rows.annotate(said=Subquery(texts.values("text")[:1]))
    facts = {fact.pk: fact for fact in rows}
    later = {fact.supersedes_id for fact in facts.values()}
    found = []
    for fact in facts.values():
        if fact.pk in later or fact.cancelled:
            continue
        told, one = "", fact
        while one is not None:
            told = getattr(one, "said", None) or told
            one = facts.get(one.supersedes_id)
        entry = fact.entry
        found.append(
            Interrupted(
                entry.uuid,
                entry.about_from,
                entry.about_to,
                in_words(entry.about_from, entry.about_to),
                entry.about_to is None or entry.about_to >= clock.today(),
                told,
            )
        )
    return sorted(found, key=lambda row: row.first, reverse=True)


def in_words(first: date, last: date | None) -> str:
    """ "from 3 November 2026 on" or "3 November 2026 to 8 January 2027"."""
    if last is None:
        return f"from {days.long_date(first)} on"
    return f"{days.long_date(first)} to {days.long_date(last)}"


@dataclass(frozen=True, slots=True)
class Within:
    """What stands in the days of an interruption: placements, and shifts on the rota."""

    placements: tuple[str, ...]
    planned: int
    first: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.placements or self.planned)


def within(enrolment: Enrolment, first: date, last: date | None) -> Within:
    """The placements that are not over and the planned shifts in some days, for the warning before it is saved."""
    placed = Placement.objects.filter(
        enrolment=enrolment, ends__gte=first, state__in=Placement.ACTIVE
    ).select_related("site")
    until: dict[str, Any] = {}
    if last is not None:
        placed = placed.filter(starts__lte=last)
        until = {"start__lt": days.end_of_day(last)}
    rota = PlannedShift.objects.filter(
        placement__enrolment=enrolment, start__gte=days.start_of_day(first), **until
    )
    rows = list(rota.order_by("start").values_list("start", "end"))
    return Within(
        tuple(
            f"{row.site.name}, {days.long_date(row.starts)} to {days.long_date(row.ends)}"
            for row in placed.order_by("starts")
        ),
        len(rows),
        tuple(
            f"{days.day_date(days.london_day(start))}, {days.time_range(start, end)}"
            for start, end in rows[:SHOWN]
        ),
    )
