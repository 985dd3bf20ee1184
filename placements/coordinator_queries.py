"""What the coordinator's overview reads: who is behind, what waits, today's breaches, what to confirm.

Counts come from one narrow query over the placements under way; of everything else the first few rows are fetched.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, TextField, Window
from django.db.models.functions import Cast

from placements import reference
from placements.interruptions import covering, spans_of
from placements.limits import Finding, Rule
from placements.listed_students import State, Student, reach, students, under_way
from placements.models import ConfirmationLink, CurrentShift, Placement, StageTally
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import Scope
from school.people.queries import scopes_with
from school.people.roles import Permission

SHOWN = 5
MOST = 50
LINKS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many are on placement today, at how many sites, by year; and the placements of those behind, longest first."""

    students: int
    sites: int
    late: tuple[int, ...]
    years: tuple[tuple[int, int], ...]

    @property
    def behind(self) -> int:
        """How many are behind."""
        return len(self.late)

    @property
    def said(self) -> str:
        """The words "2 of 12 students on placement are behind"."""
        if self.students == 1:
            return f"The one student on placement is {'' if self.behind else 'not '}behind"
        if self.behind == 0:
            return f"None of the {self.students} students on placement is behind"
        verb = "is" if self.behind == 1 else "are"
        return f"{self.behind} of {self.students} students on placement {verb} behind"


def figures(viewer: Viewer, permission: Permission = Permission.SEE_PLACEMENT_RECORDS) -> Figures:
    """The overview's counts, from two narrow queries: the placements under way, and who is behind."""
    today = clock.today()
    rows = list(
        Placement.objects.filter(under_way(today), reach(viewer, permission=permission))
        .order_by()
        .values_list("pk", "site_id", "stage_id", "enrolment_id")
    )
    behind = StageTally.objects.filter(plan_last__gte=today, behind_on__lte=today)
    # Hardly anybody is interrupted, so only what is not the empty list is read as JSON.
    since = {
        (enrolment, stage): day
        for enrolment, stage, day, interrupted in behind.values_list(
            "enrolment_id", "stage_id", "behind_on", Cast("interrupted", TextField())
        )
        if interrupted == "[]" or covering(spans_of(json.loads(interrupted)), today) is None
    }
    late = sorted(
        (since[enrolment, stage], pk)
        for pk, _, stage, enrolment in rows
        if (enrolment, stage) in since
    )
    years: Counter[int] = Counter()
    for stage, count in Counter(stage for _, _, stage, _ in rows).items():
        years[reference.stage(stage).year] += count
    return Figures(
        len(rows),
        len({site for _, site, _, _ in rows}),
        tuple(pk for _, pk in late),
        tuple(sorted(years.items(), reverse=True)),
    )


def who_is_behind(found: Figures) -> list[Student]:
    """Those on placement who have been behind the longest."""
    rows = Placement.objects.filter(pk__in=found.late[:SHOWN], enrolment__tallies__stage=F("stage"))
    return list(students(rows.order_by("enrolment__tallies__behind_on", "pk")))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A student whose oldest undecided shift waits since a day."""

    person: UUID
    name: str
    year: int
    since: date
    minutes: int


def waits_longest(viewer: Viewer) -> list[Waiting]:
    """The students whose shifts have waited longest for a decision or an answer."""
    rows = StageTally.objects.filter(_tally_reach(viewer), oldest_waiting__isnull=False).order_by(
        "oldest_waiting", "pk"
    )
    names = ("enrolment__person__uuid", "enrolment__person__name", "stage__year", "oldest_waiting", "awaiting", "queried")  # fmt: skip
    return [
        Waiting(person, name, year, since, awaiting + queried)
        for person, name, year, since, awaiting, queried in rows.values_list(*names)[:SHOWN]
    ]


def _tally_reach(viewer: Viewer) -> Q:
    placed = Placement.objects.filter(
        reach(viewer), enrolment=OuterRef("enrolment"), stage=OuterRef("stage")
    )
    everybody = any(
        scope.kind == Scope.Kind.NETWORK
        for scope in scopes_with(viewer.hats, Permission.SEE_PLACEMENT_RECORDS)
    )
    return Q() if everybody else Q(Exists(placed))


@dataclass(slots=True)
class Breach:
    """An hours rule that one student's week breaks with shifts sent today: in words, and which shifts."""

    person: UUID
    name: str
    # Each once, in order: the keys alone count.
    sites: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    shifts: dict[tuple[datetime, datetime], None] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """Where the shifts were worked."""
        return " and ".join(self.sites)


def breaches_today(viewer: Viewer) -> tuple[int, list[Breach]]:
    """How many shifts sent today break an hours rule, and what the first of them break, by student and week."""
    rows = (
        CurrentShift.objects.filter(
            reach(viewer, "placement__"), breach=True, sent_on=clock.today()
        )
        .exclude(state=CurrentShift.State.WITHDRAWN)
        .order_by("start", "pk")
        .values_list(
            "enrolment__person__uuid", "enrolment__person__name", "placement__site__name",
            "start", "end", "findings", Window(Count("pk")),
        )[:MOST]
    )  # fmt: skip
    number = 0
    found: dict[tuple[UUID, str, str], Breach] = {}
    for person, name, site, start, end, findings, number in rows:  # noqa: B007 (the same on every row)
        for item in findings:
            if item["severity"] != "breach":
                continue
            key = (person, item["monday"], item["rule"])
            if len(found) == SHOWN and key not in found:
                continue
            one = found.setdefault(key, Breach(person, name))
            one.sites.setdefault(site)
            one.rules.setdefault(in_words(item))
            one.shifts.setdefault((start, end))
    return number, list(found.values())


def in_words(item: dict[str, Any]) -> str:
    """A finding kept beside a shift, as one neutral sentence."""
    rule = Rule(item["rule"])
    if rule is Rule.REST:
        measured, limit = days.in_words(item["measured"]), days.in_words(item["limit"])
        return f"{measured} of rest: under the limit of {limit}."
    monday = date.fromisoformat(item["monday"])
    return Finding(rule, monday, item["measured"], item["limit"], ()).statement()


@dataclass(frozen=True, slots=True)
class FailedLink:
    """A confirmation link that did not arrive."""

    to: str
    address: str
    failed_on: date
    failure: str
    student: str
    person: UUID


def failed_links(viewer: Viewer) -> list[FailedLink]:
    """Links whose mail was refused in the last 30 days."""
    rows = (
        ConfirmationLink.objects.filter(
            reach(viewer, "shifts__placement__"), failed_at__gte=clock.now() - LINKS_FOR
        )
        .order_by("-failed_at")
        .distinct()
        .values_list(
            "person__name", "address", "failed_at", "failure", "asked_by__name", "asked_by__uuid"
        )
    )
    return [
        FailedLink(to, address, days.london_day(at), failure, student, person)
        for to, address, at, failure, student, person in rows[:SHOWN]
        if at is not None
    ]


def to_confirm(viewer: Viewer) -> list[Any]:
    """Placements that are planned and not yet confirmed, the first to begin first."""
    rows = Placement.objects.filter(
        reach(viewer), state=State.PLANNED, ends__gte=clock.today()
    ).order_by("starts", "pk")
    return list(rows.values("uuid", "starts", "site__name", "enrolment__person__name")[:MOST])
