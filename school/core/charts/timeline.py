"""Who is where: stays at sites over some weeks, in lanes that do not overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from school.core import days
from school.core.charts.bars import per_cent
from school.core.charts.table import Column, Table

NARROW = 14.0  # per cent of the width below which a name stands after its bar and not inside it
NAME_ROOM = 30.0  # per cent of the width that a name after its bar needs
STATES = {"under-way": "under way", "confirmed": "confirmed", "unconfirmed": "not confirmed yet"}


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's placement from its first to its last day. state: under-way, confirmed or unconfirmed."""

    name: str
    short_name: str
    start: date
    end: date
    state: str
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A stay's place in the window; `began` when it began before the window, `outside` when its name stands after it."""

    stay: Stay
    at: float
    width: float
    began: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A site, a note beside its name ("2 places") and who is there."""

    site: str
    note: str
    stays: Sequence[Stay]


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row's lanes of bars, and what a listener hears."""

    site: str
    note: str
    title: str
    lanes: tuple[tuple[Bar, ...], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """The Monday that begins a week."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Positions in per cent of the window's width."""

    ticks: tuple[Tick, ...]
    today_at: float | None
    closed: tuple[tuple[float, float], ...]
    rows: tuple[DrawnRow, ...]
    table: Table


def timeline(
    *,
    first_monday: date,
    weeks: int,
    today: date,
    rows: Sequence[TimelineRow],
    closed: Sequence[tuple[date, date]] = (),
) -> Timeline:
    """`closed` are spans, first and last day, when no placement runs."""
    length = weeks * 7
    last = first_monday + timedelta(days=length - 1)

    def at(day: date) -> float:
        return per_cent((day - first_monday).days, length)

    def spread(start: date, end: date) -> tuple[float, float]:
        begins, ends = max(start, first_monday), min(end, last)
        return at(begins), per_cent((ends - begins).days + 1, length)

    def bar(stay: Stay) -> Bar:
        left, width = spread(stay.start, stay.end)
        return Bar(stay, left, width, stay.start < first_monday, width < NARROW)

    def drawn(row: TimelineRow) -> DrawnRow:
        seen = [stay for stay in row.stays if stay.start <= last and stay.end >= first_monday]
        bars = [bar(stay) for stay in sorted(seen, key=lambda stay: (stay.start, stay.name))]
        said = "; ".join(_spoken(stay) for stay in seen) or "nobody in these weeks"
        return DrawnRow(row.site, row.note, f"{row.site}: {said}", _lanes(bars))

    ticks = [first_monday + timedelta(weeks=week) for week in range(weeks)]
    return Timeline(
        ticks=tuple(Tick(at(day), f"{day.day} {day:%b}") for day in ticks),
        today_at=at(today) if first_monday <= today <= last else None,
        closed=tuple(
            spread(start, end) for start, end in closed if start <= last and end >= first_monday
        ),
        rows=tuple(drawn(row) for row in rows),
        table=_table(rows, first_monday, last),
    )


def _spoken(stay: Stay) -> str:
    span = f"{days.day_and_month(stay.start)} to {days.day_and_month(stay.end)}"
    return f"{stay.name}, {span}, {STATES[stay.state]}{', behind' if stay.behind else ''}"


def _lanes(bars: Sequence[Bar]) -> tuple[tuple[Bar, ...], ...]:
    lanes: list[list[Bar]] = []
    free_from: list[float] = []
    for bar in bars:
        ends = bar.at + bar.width + (NAME_ROOM if bar.outside else 0)
        for place, free in enumerate(free_from):
            if bar.at >= free:
                lanes[place].append(bar)
                free_from[place] = ends
                break
        else:
            lanes.append([bar])
            free_from.append(ends)
    return tuple(tuple(lane) for lane in lanes)


def _table(rows: Sequence[TimelineRow], first: date, last: date) -> Table:
    columns = (Column("Site"), Column("Student"), Column("From"), Column("To"), Column("State"))
    cells = [
        (
            row.site,
            stay.name,
            days.long_date(stay.start),
            days.long_date(stay.end),
            STATES[stay.state] + (", behind plan" if stay.behind else ""),
        )
        for row in rows
        for stay in row.stays
    ]
    return Table(f"Who is where, {days.long_date(first)} to {days.long_date(last)}", columns, cells)
