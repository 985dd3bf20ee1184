"""What a practice educator's pages read: their students, who is with them this week, what they decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from placements import cover_queries, lines, policies, turnaround
from placements.arriving_queries import induction_list
from placements.models import (
    CurrentShift,
    Induction,
    Placement,
    PlannedShift,
    ShiftDecision,
    StageTally,
    Supervision,
)
from school.core import clock, days
from school.people.models import Person

JUDGED = timedelta(days=90)
# A student stays among "your students" this long after the placement, for what was logged late.
AFTERWARDS = timedelta(days=28)

State = CurrentShift.State
Outcome = ShiftDecision.Outcome


# One's students ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Student:
    """A student of a practice educator, with where their hours stand."""

    uuid: UUID
    name: str
    meta: str


def supervised(me: Sequence[int]) -> QuerySet[Placement]:
    """The placements that an identity supervises today, itself or for somebody whom it stands in for."""
    today = clock.today()
    standing = policies.deciding(list(me)).filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today), placement=OuterRef("pk")
    )
    return Placement.objects.filter(Exists(standing)).exclude(state=Placement.State.WITHDRAWN)


def students(me: Sequence[int]) -> list[Student]:
    """Those whose placement goes on or ended in the last weeks, in two queries."""
    today = clock.today()
    rows = list(
        policies.supervisions(list(me))
        .filter(
            Q(entry__about_to=None) | Q(entry__about_to__gte=today),
            placement__ends__gte=today - AFTERWARDS,
        )
        .exclude(placement__state=Placement.State.WITHDRAWN)
        .values_list(
            "placement__enrolment__person__name",
            "placement__ends",
            "placement__enrolment__person__uuid",
            "placement__stage__year",
            "placement__stage__minimum_minutes",
            "placement__enrolment",
            "placement__stage",
        )
        .distinct()
    )
    tallies = StageTally.objects.filter(enrolment__in={row[5] for row in rows})
    counted = {
        (enrolment, stage): sum(minutes)
        for enrolment, stage, *minutes in tallies.values_list(
            "enrolment", "stage", "confirmed", "brought_forward", "adjusted"
        )
    }
    return [
        Student(
            uuid,
            name,
            f"Year {year}, until {days.long_date(ends)}. "
            f"{_confirmed(counted.get((enrolment, stage), 0), needed)}",
        )
        for name, ends, uuid, year, needed, enrolment, stage in sorted(rows)
    ]


def _with_counted(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    tallies = StageTally.objects.filter(enrolment=OuterRef("enrolment"), stage=OuterRef("stage"))
    counted = tallies.annotate(
        counted=F("confirmed") + F("brought_forward") + F("adjusted")
    ).values("counted")[:1]
    return rows.annotate(counted=Subquery(counted))


def _confirmed(minutes: int, needed: int) -> str:
    """The words "112.5 of 216 h confirmed."."""
    return f"{days.in_hours(minutes)} of {days.in_hours(needed)}\u00a0h confirmed."


# With me today -----------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class WithMe:
    """A student of this week: what is planned and sent, and whether the induction is recorded."""

    placement: UUID
    person: UUID
    name: str
    site: str
    stage: str
    hours: str
    inducted: bool
    starts: date
    to_cover: tuple[str, ...]
    stands_in_for: str
    today: list[str] = field(default_factory=list)
    week: list[str] = field(default_factory=list)


def with_me(me: Sequence[int]) -> list[WithMe]:
    """The students on the rota, or with a shift, of this week, those of today first; three queries."""
    today = clock.today()
    week = days.week_days(today)
    placements = list(
        _with_counted(supervised(me).filter(starts__lte=week[-1], ends__gte=week[0]))
        .annotate(stands_in_for=cover_queries.stands_in_for(list(me)))
        .annotate(inducted=Exists(Induction.objects.filter(placement=OuterRef("pk"))))
        .select_related("stage", "site__guide", "enrolment__person")
        .order_by("enrolment__person__name")
    )
    found = {row.pk: _with_me(row) for row in placements}
    within = {
        "placement__in": list(found),
        "start__lt": days.end_of_day(week[-1]),
        "end__gt": days.start_of_day(week[0]),
    }
    sent = CurrentShift.objects.filter(**within).exclude(state=State.WITHDRAWN)
    told: set[tuple[int, date]] = set()
    entries: list[tuple[datetime, int, date, str]] = []
    for current in sent:
        day = days.london_day(current.start)
        told.add((current.placement_id, day))
        words = f"{days.time_range(current.start, current.end)}, {current.get_state_display()}"
        entries.append((current.start, current.placement_id, day, words))
    for planned in PlannedShift.objects.filter(**within):
        day = days.london_day(planned.start)
        if (planned.placement_id, day) not in told:
            words = f"{days.time_range(planned.start, planned.end)}, on the rota"
            entries.append((planned.start, planned.placement_id, day, words))
    for _, placement, day, words in sorted(entries):
        row = found[placement]
        if day == today:
            row.today.append(words)
        else:
            row.week.append(f"{days.short_day(day)}, {words}")
    return sorted(found.values(), key=lambda row: (not row.today, not row.week, row.name))


def _with_me(row: Placement) -> WithMe:
    return WithMe(
        placement=row.uuid,
        person=row.enrolment.person.uuid,
        name=row.enrolment.person.name,
        site=row.site.name,
        stage=str(row.stage),
        hours=_confirmed(row.counted or 0, row.stage.minimum_minutes),  # type: ignore[attr-defined]
        inducted=row.inducted,  # type: ignore[attr-defined]
        starts=row.starts,
        to_cover=tuple(induction_list(getattr(row.site, "guide", None))),
        stands_in_for=row.stands_in_for or "",  # type: ignore[attr-defined]
    )


# Decided -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that can still be taken back."""

    uuid: UUID
    shift: UUID
    who: str
    what: str
    outcome: str
    at: datetime

    @property
    def state(self) -> str:
        """What its sign is called."""
        return "query" if self.outcome == Outcome.QUERIED else self.outcome


def decided_since(person: Person, since: datetime) -> list[Decided]:
    """What somebody decided since an instant and still stands, newest first."""
    rows = (
        CurrentShift.objects.filter(
            decision__person=person,
            decision__entry__recorded_at__gte=since,
            decision__entry__imported=False,
        )
        .exclude(decision__outcome=Outcome.UNDONE)
        .order_by("-decision__entry")
    )
    today = clock.today()
    columns = (
        *("shift__entry__uuid", "start", "end", "break_minutes", "enrolment__person__name"),
        *("day_type__name", "day_type__stage_part", "decision__entry__uuid", "decision__outcome"),
        "decision__entry__recorded_at",
    )
    return [
        Decided(
            row["decision__entry__uuid"],
            row["shift__entry__uuid"],
            row["enrolment__person__name"],
            lines.what(row, today),
            row["decision__outcome"],
            row["decision__entry__recorded_at"],
        )
        for row in rows.values(*columns)
    ]


# Turnaround --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InTime:
    """How soon somebody decided over the last 90 days: within 5 and within 7 working days."""

    name: str
    within: turnaround.Turnaround
    within_longer: turnaround.Turnaround


Pair = tuple[date, date | None]


def judged(name: str, pairs: Iterable[Pair]) -> InTime:
    """The two figures of (sent, decided) days; an open one has no second day."""
    items = [
        (days.start_of_day(sent), days.start_of_day(decided) if decided else None)
        for sent, decided in pairs
    ]
    today = clock.today()
    return InTime(
        name,
        turnaround.tally(items, today),
        turnaround.tally(items, today, turnaround.WITHIN_LONGER),
    )


def decided_by(people: Sequence[int]) -> list[Pair]:
    """The days sent and decided of an identity's first decisions; an answer to a query starts anew."""
    return [pair for _, pair in _decisions(Q(person__in=people))]


def by_educator(scopes: Sequence[int]) -> list[InTime]:
    """The same by practice educator, for the lead of the sites of some scopes: two queries."""
    pairs: dict[str, list[Pair]] = {}
    for name, pair in _decisions(Q(shift__site__scope__in=scopes)):
        pairs.setdefault(name, []).append(pair)
    open_items = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=clock.today()),
        placement__current_shifts__state=State.AWAITING,
        placement__site__scope__in=scopes,
    )
    columns = ("person__name", "placement__current_shifts", "placement__current_shifts__sent_on")
    for name, _, sent in open_items.values_list(*columns).distinct():
        pairs.setdefault(name, []).append((sent, None))
    return [judged(name, found) for name, found in sorted(pairs.items())]


def _decisions(condition: Q) -> list[tuple[str, Pair]]:
    rows = ShiftDecision.objects.filter(
        condition, entry__known_from__gte=clock.today() - JUDGED
    ).exclude(outcome=Outcome.UNDONE)
    found = []
    for name, decided, sent, before, answered in rows.values_list(
        "person__name",
        "entry__known_from",
        "shift__entry__known_from",
        "supersedes__outcome",
        "supersedes__reply__entry__known_from",
    ):
        if before is None:
            found.append((name, (sent, decided)))
        elif before == Outcome.QUERIED and answered:
            found.append((name, (answered, decided)))
    return found
