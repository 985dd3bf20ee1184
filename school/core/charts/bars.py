"""Bars: hours against a band or a plan, a week against its lines, progress and shares. All positions are per cent of the width."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from school.core import days
from school.core.charts.table import Column, Table

ROOM = 27 / 28  # the goal stands a little before the right edge, so that passing it can be seen
GOAL_IN_SMALL_BAR = 0.8


def per_cent(part: float, whole: float) -> float:
    """part / whole in per cent, from 0 to 100, three decimals; 0 when there is no whole."""
    return 0.0 if whole <= 0 else round(min(max(part / whole, 0.0), 1.0) * 100, 3)


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of hours: confirmed, brought, awaiting, queried, planned or to-go, with its word and minutes."""

    kind: str
    label: str
    minutes: int

    @property
    def hours(self) -> str:
        return days.in_hours(self.minutes)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part's place on the bar."""

    kind: str
    at: float
    width: float


def _segments(parts: Sequence[Part], scale: float) -> tuple[Segment, ...]:
    ends = list(accumulate((part.minutes for part in parts), initial=0))
    return tuple(
        Segment(part.kind, per_cent(start, scale), per_cent(part.minutes, scale))
        for part, start in zip(parts, ends, strict=False)
        if part.minutes > 0
    )


def _hours_table(caption: str, parts: Sequence[Part]) -> Table:
    columns = (Column("Hours"), Column("Number", numeric=True))
    return Table(caption, columns, [(part.label, part.hours) for part in parts])


def _spoken(parts: Sequence[Part]) -> str:
    said = [
        f"{part.hours} {'hours ' if place == 0 else ''}{part.label.lower()}"
        for place, part in enumerate(parts)
    ]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


@dataclass(frozen=True, slots=True)
class HoursBar:
    """Hours of a stage against what it needs. `parts` carry what is still to go as their last, for the split below."""

    title: str
    desc: str
    parts: tuple[Part, ...]
    segments: tuple[Segment, ...]
    inside: str
    goal_at: float
    goal_words: str
    band: tuple[float, float] | None
    planned: tuple[float, float] | None
    planned_words: str
    table: Table


def hours_bar(
    *,
    stage: str,
    parts: Sequence[Part],
    needed: int,
    band_top: int | None = None,
    planned: int = 0,
    planned_words: str = "",
) -> HoursBar:
    """Draws `parts` (minutes, in the order shown) against `needed`, or against a band from needed to `band_top`.

    What is still to go is what no part covers yet. `planned` minutes follow the parts as a bracket with
    `planned_words` ("10 planned shifts reach 217.5 h on 10 December").
    """
    logged = sum(part.minutes for part in parts)
    to_go = Part("to-go", "To go", max(needed - logged, 0))
    scale = max(needed, band_top or 0, logged + planned) / ROOM
    segments = _segments([*parts, to_go], scale)
    first = segments[0] if segments else None
    goal = days.in_hours(needed)
    against = f"{goal} to {days.in_hours(band_top)}" if band_top else goal
    every = (*parts, to_go)
    spoken = _spoken(
        [part for part in every if part.minutes or part.kind in ("confirmed", "to-go")]
    )
    return HoursBar(
        title=f"{stage} hours against {against} hours",
        desc=f"{spoken.replace('to go', 'still to go')}.{' ' + planned_words + '.' if planned_words else ''}",
        parts=every,
        segments=segments,
        # Words fit inside the first part on a phone when it is about half of the width.
        inside=f"{parts[0].hours} h {parts[0].label.lower()}"
        if first and first.kind == parts[0].kind and first.width >= 48
        else "",
        goal_at=per_cent(needed, scale),
        goal_words=f"{stage}: {against} h" if band_top else f"{stage} needs {goal} h",
        band=(per_cent(needed, scale), per_cent(band_top, scale)) if band_top else None,
        planned=(per_cent(logged, scale), per_cent(logged + planned, scale)) if planned else None,
        planned_words=planned_words,
        table=_hours_table(f"{stage} hours", every),
    )


@dataclass(frozen=True, slots=True)
class BandBar:
    """One finished number against its band or goal, small."""

    title: str
    value: float
    low: float
    high: float | None


def band_bar(*, title: str, minutes: int, low: int, high: int | None = None) -> BandBar:
    """`title` is the whole sentence ("Year 1: 15 hours confirmed, inside the band of 8 to 16 hours")."""
    scale = max((high or low) / GOAL_IN_SMALL_BAR, minutes)
    return BandBar(
        title,
        per_cent(minutes, scale),
        per_cent(low, scale),
        per_cent(high, scale) if high else None,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` as boxes, or as one bar when the boxes would be too thin to count."""

    done: int
    total: int
    boxes: tuple[tuple[float, float, bool], ...]
    width: float


def progress(done: int, total: int) -> Progress:
    """Boxes up to 20: left edge, width, filled."""
    boxes = tuple(
        (round(place * 100 / total + 0.4, 3), round(100 / total - 0.8, 3), place < done)
        for place in range(total)
    )
    return Progress(done, total, boxes if total <= 20 else (), per_cent(done, total))


@dataclass(frozen=True, slots=True)
class Bullet:
    """Confirmed and awaiting hours against what the plan expects by today, on the scale of what is needed."""

    title: str
    confirmed: float
    awaiting: float
    expected: float


def bullet(*, who: str, confirmed: int, awaiting: int, expected: int, needed: int) -> Bullet:
    """Minutes in; the scale grows when somebody has more than is needed."""
    scale = max(needed, confirmed + awaiting, expected)
    said = [days.in_hours(minutes) for minutes in (confirmed, awaiting, expected, needed)]
    title = "{}: {} hours confirmed, {} awaiting, {} expected by today, {} needed".format(
        who, *said
    )
    return Bullet(
        title, per_cent(confirmed, scale), per_cent(awaiting, scale), per_cent(expected, scale)
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its numerator and denominator, and the standard it is held to."""

    title: str
    numerator: int
    denominator: int
    width: float
    words: str
    standard: float | None


def share(*, what: str, numerator: int, denominator: int, standard: int | None = None) -> Share:
    """`what` ends the sentence ("within 5 working days"); a share of nothing has no per cent."""
    width = per_cent(numerator, denominator)
    words = f"{width:.0f} %" if denominator else "none yet"
    held = f"; the standard is {standard} per cent" if standard is not None else ""
    title = (
        f"{width:.0f} per cent {what}, {numerator} of {denominator}{held}"
        if denominator
        else f"None {what} yet{held}"
    )
    return Share(title, numerator, denominator, width, words, standard)


@dataclass(frozen=True, slots=True)
class WeekBar:
    """The hours of a week, all activities, under the line of the notice and the line of the breach."""

    title: str
    segments: tuple[Segment, ...]
    notice_at: float
    notice_words: str
    breach_at: float
    breach_words: str
    table: Table


def week_bar(*, parts: Sequence[Part], notice: int, breach: int) -> WeekBar:
    """`parts` in the order of the week's states: recorded, this shift, planned."""
    total = sum(part.minutes for part in parts)
    scale = max(breach * 9 / 8, total / 0.97)
    said_notice, said_breach = days.in_hours(notice), days.in_hours(breach)
    return WeekBar(
        title=f"{days.in_hours(total)} hours this week: {_against(total, notice)} the {said_notice} hour notice, "
        f"{_against(total, breach)} the {said_breach} hour line",
        segments=_segments(parts, scale),
        notice_at=per_cent(notice, scale),
        notice_words=f"{said_notice} notice",
        breach_at=per_cent(breach, scale),
        breach_words=f"{said_breach} breach",
        table=_hours_table("Hours this week, all activities together", parts),
    )


def _against(total: int, line: int) -> str:
    return "over" if total > line else "at" if total == line else "under"
