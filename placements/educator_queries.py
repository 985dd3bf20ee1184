"""What a practice educator's pages read: the lines that wait, their students, who is with them this week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from placements import policies, turnaround
from placements.hours import clock_note
from placements.limits import Finding, Rule
from placements.models import (
    CurrentShift,
    Enrolment,
    Induction,
    Placement,
    PlannedShift,
    ShiftDecision,
    StageTally,
    Supervision,
)
from placements.totals import StagePart
from school.core import clock, days
from school.core.models import PrivateText
from school.core.workingdays import working_days_between
from school.people.models import Person

JUDGED = timedelta(days=90)
# A student stays among "your students" this long after the placement, for what was logged late.
AFTERWARDS = timedelta(days=28)

State = CurrentShift.State
Outcome = ShiftDecision.Outcome


# Lines -------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Line:
    """One shift as it is shown to somebody who signs it; all words are ready to be printed."""

    uuid: UUID
    who: str
    hours: str
    minutes: int
    what: str
    site: str
    waiting: str
    sent_on: date
    note: str = ""
    flags: Sequence[str] = ()
    breach: bool = False
    queried: bool = False
    state: str = ""
    query: str = ""
    query_by: str = ""
    reply: str = ""
    ticked: bool = False
    seen: bool = False
    problem: str = ""

    @property
    def waits(self) -> bool:
        """Whether it can be decided."""
        return self.state in CurrentShift.WAITING


LINE_COLUMNS = (
    "shift_id",
    "shift__entry__uuid",
    "shift__entry__recorded_at",
    "shift__device_time",
    "shift__note_hash",
    "shift__supersedes",
    "state",
    "start",
    "end",
    "break_minutes",
    "minutes",
    "sent_on",
    "findings",
    "breach",
    "day_type__name",
    "day_type__stage_part",
    "enrolment__person__name",
    "shift__site__name",
    "decision_id",
    "decision__outcome",
    "decision__entry__recorded_at",
    "decision__person__name",
    "decision__reply",
)


def lines(waiting: QuerySet[CurrentShift]) -> list[Line]:
    """The lines of shifts that wait, in their order, with notes, queries and replies: two queries."""
    rows = list(waiting.values(*LINE_COLUMNS))
    today = clock.today()
    wanted = [row["shift_id"] for row in rows if row["shift__note_hash"]]
    wanted += [row["decision_id"] for row in rows if row["decision_id"]]
    wanted += [row["decision__reply"] for row in rows if row["decision__reply"]]
    texts = {}
    if wanted:
        texts = dict(PrivateText.objects.filter(entry__in=wanted).values_list("entry_id", "text"))
    return [_line(row, texts, today) for row in rows]


def _line(row: Mapping[str, Any], texts: Mapping[int, str], today: date) -> Line:
    line = Line(
        uuid=row["shift__entry__uuid"],
        who=row["enrolment__person__name"],
        hours=f"{days.in_hours(row['minutes'])} h",
        minutes=row["minutes"],
        what=what(row, today),
        site=row["shift__site__name"],
        waiting=_waiting(row, today),
        sent_on=row["sent_on"],
        note=texts.get(row["shift_id"], ""),
        flags=_flags(row),
        breach=row["breach"],
        queried=row["state"] == State.QUERIED,
        state=row["state"],
    )
    if row["decision__outcome"] == Outcome.QUERIED:
        line.query = texts.get(row["decision_id"], "")
        asked = days.london_day(row["decision__entry__recorded_at"])
        line.query_by = f"{row['decision__person__name']} asked on {_day(asked, today)}"
        line.reply = texts.get(row["decision__reply"], "")
    return line


def what(row: Mapping[str, Any], today: date) -> str:
    """ "Thursday 12 November, 08:00 to 16:00, break 30 minutes", and the day type when it is not clinical."""
    day = days.london_day(row["start"])
    said = days.day_and_month(day) if day.year == today.year else days.day_date(day)
    pause = f"break {days.in_words(row['break_minutes'])}" if row["break_minutes"] else "no break"
    parts = [said, days.time_range(row["start"], row["end"]), pause]
    if row["day_type__stage_part"] != StagePart.CLINICAL:
        parts.append(row["day_type__name"].lower())
    return ", ".join(parts)


def _day(day: date, today: date) -> str:
    words = days.long_date(day)
    return words.removesuffix(f" {day.year}") if day.year == today.year else words


def _waiting(row: Mapping[str, Any], today: date) -> str:
    verb = "Answered" if row["decision__reply"] else "Sent"
    if row["shift__supersedes"] and verb == "Sent":
        verb = "Corrected and sent"
    if row["sent_on"] == today:
        at = "" if verb == "Answered" else f", {days.clock_time(row['shift__entry__recorded_at'])}"
        return f"{verb} today{at}"
    gone = working_days_between(row["sent_on"], today)
    since = f"{verb} {_day(row['sent_on'], today)}"
    return f"{since}. Waiting {working_days(gone)}" if gone else since


def working_days(number: int) -> str:
    """ "5 working days", "1 working day"."""
    return f"{number} working day{'' if number == 1 else 's'}"


def _flags(row: Mapping[str, Any]) -> list[str]:
    flags = [finding_words(found) for found in row["findings"]]
    if row["shift__device_time"]:
        note = clock_note(row["shift__device_time"], row["shift__entry__recorded_at"])
        if note:
            flags.append(note)
    return flags


def finding_words(found: Mapping[str, Any]) -> str:
    """An hours rule that a current shift touches, as CurrentShift.findings keeps it, in one sentence."""
    rule = Rule(found["rule"])
    if rule is Rule.REST:
        return (
            f"{days.in_words(found['measured'])} of rest beside this shift:"
            f" under the limit of {days.in_words(found['limit'])}."
        )
    monday = date.fromisoformat(found["monday"])
    return Finding(rule, monday, found["measured"], found["limit"], ()).statement()


def lines_of(uuids: Iterable[UUID], allowed: QuerySet[Enrolment] | None = None) -> dict[UUID, Line]:
    """The lines of versions that are still the newest, by UUID, of enrolments that may be seen."""
    rows = CurrentShift.objects.filter(shift__entry__uuid__in=list(uuids)).order_by("start", "pk")
    if allowed is not None:
        rows = rows.filter(enrolment__in=allowed)
    return {line.uuid: line for line in lines(rows)}


def days_waited(sent_on: date) -> int:
    """Working days since a day."""
    return working_days_between(sent_on, clock.today())


def in_total(found: Sequence[Line]) -> str:
    """ "4 shifts, 30 hours"."""
    minutes = sum(line.minutes for line in found)
    return f"{shifts(len(found))}, {days.in_words(minutes)}"


def shifts(number: int) -> str:
    """ "4 shifts", "1 shift"."""
    return f"{number} shift{'' if number == 1 else 's'}"


# One's students ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Student:
    """A student of a practice educator, with where their hours stand."""

    uuid: UUID
    name: str
    meta: str


def supervised(me: Sequence[int]) -> QuerySet[Placement]:
    """The placements that an identity supervises today."""
    today = clock.today()
    standing = policies.supervisions(list(me)).filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today), placement=OuterRef("pk")
    )
    return Placement.objects.filter(Exists(standing)).exclude(state=Placement.State.WITHDRAWN)


def students(me: Sequence[int]) -> list[Student]:
    """Those whose placement goes on or ended in the last weeks, in one query."""
    rows = (
        _with_counted(supervised(me).filter(ends__gte=clock.today() - AFTERWARDS))
        .select_related("stage", "enrolment__person")
        .order_by("enrolment__person__name", "starts")
    )
    return [
        Student(
            row.enrolment.person.uuid,
            row.enrolment.person.name,
            f"{row.stage}, until {days.long_date(row.ends)}. {counted(row)}",
        )
        for row in rows
    ]


def _with_counted(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    tallies = StageTally.objects.filter(enrolment=OuterRef("enrolment"), stage=OuterRef("stage"))
    counted = tallies.annotate(
        counted=F("confirmed") + F("brought_forward") + F("adjusted")
    ).values("counted")[:1]
    return rows.annotate(counted=Subquery(counted))


def counted(row: Placement) -> str:
    """ "112.5 of 216 h confirmed."."""
    minutes = row.counted or 0  # type: ignore[attr-defined]
    needed = days.in_hours(row.stage.minimum_minutes)
    return f"{days.in_hours(minutes)} of {needed}\u00a0h confirmed."


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
    today: list[str] = field(default_factory=list)
    week: list[str] = field(default_factory=list)


def with_me(me: Sequence[int]) -> list[WithMe]:
    """The students on the rota, or with a shift, of this week, those of today first; three queries."""
    today = clock.today()
    week = days.week_days(today)
    placements = list(
        _with_counted(supervised(me).filter(starts__lte=week[-1], ends__gte=week[0]))
        .annotate(inducted=Exists(Induction.objects.filter(placement=OuterRef("pk"))))
        .select_related("stage", "site", "enrolment__person")
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
        hours=counted(row),
        inducted=row.inducted,  # type: ignore[attr-defined]
        starts=row.starts,
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
            what(row, today),
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
