"""A student's week as a page shows it: its table, its bar, and which hours rules the shift on the page touches."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from placements import reference
from placements.hours import Timed, Worked, minutes_by_week, overlaps
from placements.limits import Finding, Severity, concerning, findings
from placements.models import CurrentShift, Placement, PlannedShift
from placements.student_queries import STATE_KEYS, rota, shifts_between
from school.core import charts, clock, days

WORDS = {"recorded": "Sent", "this": "This shift", "planned": "Planned"}
TYPED = "typed"


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One line of the week's table."""

    day: str
    hours: str
    state: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice or a breach in words: its heading, and what follows."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Week:
    """A week of all activities: its rows, total and bar, and the notices about the shift on the page."""

    title: str
    rows: list[WeekRow]
    minutes: int
    bar: charts.WeekBar
    notices: list[Notice]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPage:
    """The shift that a page is about: typed and not sent, or sent already (`key` is its row then)."""

    start: datetime
    end: datetime
    break_minutes: int
    counts_week: bool = True
    key: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One activity of the week: `kind` is how the bar shows it, `state` its sign."""

    worked: Worked
    name: str
    state: str
    kind: str


def week(
    placement: Placement,
    own: Sequence[Placement],
    monday: date,
    on_page: OnPage | None = None,
    *,
    skip: int | None = None,
    planned: Sequence[PlannedShift] | None = None,
) -> Week:
    """The week that begins on a Monday, with the shift on the page in it; two queries at most.

    `skip` is the key of the current shift that a correction replaces; `planned` the rota, where the
    page has read it already.
    """
    first, last = monday - timedelta(days=2), monday + timedelta(days=9)
    shifts = [row for row in shifts_between(own, first, last) if row.pk != skip]
    coming = planned if planned is not None else rota(own, first, last)
    key: Hashable = on_page.key or TYPED if on_page else None
    lines = [_sent(row, key) for row in shifts if row.state in CurrentShift.LIVE]
    if on_page and key == TYPED:
        lines.append(_typed(on_page))
    taken: list[Timed] = [*shifts, *(line.worked for line in lines)]
    ahead = [
        _planned(row)
        for row in coming
        if row.end > clock.now() and not any(overlaps(row, one) for one in taken)
    ]
    limits = reference.limits(placement.enrolment.cohort.programme_id, monday)
    found = findings([line.worked for line in lines], limits)
    later = findings([line.worked for line in (*lines, *ahead)], limits) if ahead else found
    educator = getattr(placement, "educator", None) or ""
    return _drawn(
        monday,
        [*lines, *ahead],
        charts_limits=(limits.notice_week, limits.breach_week),
        notices=_notices(found, later, key, monday, educator) if on_page else [],
    )


def _sent(row: CurrentShift, key: Hashable) -> _Line:
    worked = Worked(row.pk, row.start, row.end, row.break_minutes, row.day_type.counts_week)
    kind = "this" if row.pk == key else "recorded"
    return _Line(worked, row.day_type.name, STATE_KEYS.get(row.state, row.state), kind)


def _typed(shift: OnPage) -> _Line:
    worked = Worked(TYPED, shift.start, shift.end, shift.break_minutes, shift.counts_week)
    return _Line(worked, "this shift", "not-sent", "this")


def _planned(row: PlannedShift) -> _Line:
    key = ("planned", row.pk)
    worked = Worked(key, row.start, row.end, row.break_minutes, row.day_type.counts_week)
    return _Line(worked, row.day_type.name, "planned", "planned")


def _drawn(
    monday: date,
    lines: Sequence[_Line],
    *,
    charts_limits: tuple[int, int],
    notices: list[Notice],
) -> Week:
    sums = dict.fromkeys(WORDS, 0)
    rows = []
    for line in sorted(lines, key=lambda line: line.worked.start):
        minutes = minutes_by_week(line.worked).get(monday, 0)
        if minutes and line.worked.counts_week:
            day = days.short_day(days.london_day(line.worked.start))
            words = f"{day}, {line.name.lower()}"
            rows.append(WeekRow(words, days.in_hours(minutes), line.state))
            sums[line.kind] += minutes
    notice, breach = charts_limits
    parts = [charts.Part(kind, WORDS[kind], minutes) for kind, minutes in sums.items() if minutes]
    this = monday == days.monday(clock.today())
    return Week(
        title="This week" if this else f"Week of {days.long_date(monday)}",
        rows=rows,
        minutes=sum(sums.values()),
        bar=charts.week_bar(parts=parts, notice=notice, breach=breach),
        notices=notices,
    )


def _notices(
    found: Sequence[Finding],
    later: Sequence[Finding],
    key: Hashable,
    monday: date,
    educator: str,
) -> list[Notice]:
    """What the shift on the page touches: breaches by what is worked, the rest with what is planned too.

    A breach that only what is planned would make is nobody's breach yet, and says so.
    """
    breaches = [one for one in concerning(found, key) if one.severity is Severity.BREACH]
    known = {(one.rule, one.monday) for one in breaches}
    said = [_notice(one, key, monday, one.outcome(educator=educator)) for one in breaches]
    for one in concerning(later, key):
        if (one.rule, one.monday) in known:
            continue
        if one.severity is Severity.BREACH:
            outcome = "Part of it is planned and not worked yet: ask the placement coordinator to change it."
        else:
            outcome = one.outcome()
            if educator:
                outcome += f" {educator} will see the same note."
        said.append(_notice(one, key, monday, outcome))
    return said


def _notice(finding: Finding, key: Hashable, monday: date, outcome: str) -> Notice:
    return Notice(finding.heading(key=key, week=monday), f"{finding.detail(key=key)} {outcome}")
