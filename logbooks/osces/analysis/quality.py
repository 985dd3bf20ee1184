"""The quality of stations, exam, examiners, circuits and sites in plain words, and what is amiss with the data.

The metrics are those of Pell, Homer, Fuller, Roberts (2010). The limits are data, below; docs/osces.md says which are theirs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from logbooks.osces.analysis.marks import Group, Mark, Marks, counted
from logbooks.osces.analysis.regression import StationCut
from logbooks.osces.analysis.reliability import Reliability, Without
from logbooks.osces.analysis.standards import StationStandard
from logbooks.osces.analysis.variation import (
    GroupMean,
    Variation,
    group_means,
    grouped,
    here_and_elsewhere,
    one_way,
)


class Verdict(StrEnum):
    """What a figure asks of whoever reads it."""

    GOOD = "good"
    LOOK = "look"
    CONCERN = "concern"


@dataclass(frozen=True, slots=True)
class Band:
    """The figures up to a limit that no earlier band holds; the limit itself when `inclusive`; None is no limit."""

    limit: Fraction | None
    inclusive: bool
    verdict: Verdict
    words: str


THRESHOLDS: Mapping[str, Sequence[Band]] = {
    "R squared": (
        Band(Fraction(1, 2), True, Verdict.LOOK, "Marks and grades share half of their variation or less: look at the mark sheet, and at how the grade was understood."),
        Band(None, True, Verdict.GOOD, "Marks and grades go together reasonably."),
    ),
    "slope in tenths of the maximum": (
        Band(Fraction(1, 2), False, Verdict.LOOK, "A better grade brings few more marks: the mark sheet hardly tells candidates apart."),
        Band(Fraction(2), True, Verdict.GOOD, "A better grade brings about a tenth of the maximum more."),
        Band(None, True, Verdict.LOOK, "A better grade brings very many more marks: the cut hangs on few of them."),
    ),
    "between-group variation": (
        Band(Fraction(30), False, Verdict.GOOD, "Under 30 % of the variation lies between groups."),
        Band(Fraction(40), True, Verdict.LOOK, "From 30 to 40 % of the variation lies between groups: look at what their candidates did elsewhere."),
        Band(None, True, Verdict.CONCERN, "Over 40 % of the variation lies between groups: who marked, or where, may have decided, unless the candidates differ elsewhere too."),
    ),
    "correlation with the other stations": (
        Band(Fraction(0), True, Verdict.CONCERN, "Who does well here does not do well elsewhere."),
        Band(None, True, Verdict.GOOD, "Who does well here does well elsewhere."),
    ),
    "alpha without it, less alpha": (
        Band(Fraction(0), True, Verdict.GOOD, "The exam is no more reliable without this station."),
        Band(None, True, Verdict.LOOK, "The exam would be more reliable without this station."),
    ),
    "alpha": (
        Band(Fraction(7, 10), False, Verdict.LOOK, "Under 0.7: the order of candidates would change much with other stations like these."),
        Band(None, True, Verdict.GOOD, "0.7 or more, as is usual for such an exam."),
    ),
    "grades given": (
        Band(Fraction(1), True, Verdict.CONCERN, "One grade only was given to several candidates."),
        Band(None, True, Verdict.GOOD, "Several grades were given."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure against its thresholds."""

    metric: str
    value: Fraction | float
    verdict: Verdict
    words: str


def judge(metric: str, value: Fraction | float | None) -> list[Judged]:
    """What the thresholds say of a figure; nothing of one that is missing."""
    if value is None:
        return []
    for band in THRESHOLDS[metric]:
        if band.limit is None or value < band.limit or (band.inclusive and value == band.limit):
            return [Judged(metric, value, band.verdict, band.words)]
    return []


@dataclass(frozen=True, slots=True)
class StationQuality:
    """A station: candidates with a mark, those below its cut (None without one), groups, and what thresholds say."""

    marked: int
    failures: int | None
    variation: Variation
    groups: tuple[GroupMean, ...]
    judged: tuple[Judged, ...]


def station_quality(
    marks: Marks,
    cut: StationCut,
    standard: StationStandard,
    without: Without,
    reliability: Reliability,
    by: Group,
) -> StationQuality:
    """The quality of a station, its groups being circuits, examiners or sites."""
    name, least, line = cut.station, standard.cut, cut.line
    values = [marks.mark(cell.candidate, name) for cell in marks.at(name)]
    variation = one_way(grouped(marks, name, by))
    tenths = 10 * line.slope / cut.max_mark if line and cut.max_mark else None
    gain = (
        without.alpha - reliability.alpha
        if without.alpha is not None and reliability.alpha is not None
        else None
    )
    return StationQuality(
        marked=len(values),
        failures=None if least is None else sum(value < least for value in values),
        variation=variation,
        groups=tuple(group_means(marks, name, by)),
        judged=(
            *judge("R squared", line.r_squared if line else None),
            *judge("slope in tenths of the maximum", tenths),
            *judge("between-group variation", variation.share),
            *judge("alpha without it, less alpha", gain),
            *judge("correlation with the other stations", without.correlation),
        ),
    )


@dataclass(frozen=True, slots=True)
class GroupQuality:
    """An examiner, circuit or site: mean mark in percent, and that of the same candidates in other groups.

    elsewhere and difference (here less elsewhere) are None when nobody here has marks elsewhere.
    """

    group: str
    candidates: int
    marks: int
    here: Fraction
    elsewhere: Fraction | None
    difference: Fraction | None
    grades: tuple[Fraction, ...]  # that were given, each once
    judged: tuple[Judged, ...]


def group_quality(marks: Marks, by: Group) -> list[GroupQuality]:
    """Every examiner, circuit or site that is named, over all its marks."""
    groups: dict[str, list[Mark]] = {}
    for cell in marks.cells.values():
        groups.setdefault(getattr(cell, by), []).append(cell)
    found = []
    for name in sorted(filter(None, groups), key=counted):
        cells = groups[name]
        here, elsewhere = here_and_elsewhere(marks, cells)
        grades = [cell.grade for cell in cells if cell.grade is not None]
        given = tuple(sorted(set(grades)))
        found.append(
            GroupQuality(
                group=name,
                candidates=len({cell.candidate for cell in cells}),
                marks=len(cells),
                here=here,
                elsewhere=elsewhere,
                difference=None if elsewhere is None else here - elsewhere,
                grades=given,
                judged=tuple(
                    judge("grades given", Fraction(len(given)) if len(grades) > 1 else None)
                ),
            )
        )
    return found


# Data quality ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the data that is mended or explained before a standard is set.

    kind and whom it is about stay the same for as long as it is so.
    """

    kind: str
    candidate: str
    station: str
    examiner: str
    words: str


def notes(
    rows: Iterable[Mark], allocated: Mapping[tuple[str, str], Collection[str]] | None = None
) -> list[Note]:
    """What is amiss, in the order of its kind.

    allocated names the examiners of every candidate and station that the plan has, when there is a plan.
    """
    rows = list(rows)
    own = [row for row in rows if not row.carried]
    found = {*_of_cells(rows, allocated), *_of_stations(own), *_of_people(own)}
    return sorted(found, key=_order)


def _order(note: Note) -> tuple[object, ...]:
    about = (counted(name) for name in (note.candidate, note.station, note.examiner))
    return note.kind, *about, note.words


def _of_cells(
    rows: Sequence[Mark], allocated: Mapping[tuple[str, str], Collection[str]] | None
) -> Iterable[Note]:
    cells: dict[tuple[str, str], list[Mark]] = {}
    for row in rows:
        cells.setdefault((row.candidate, row.station), []).append(row)
    candidates = {candidate for candidate, _ in (*cells, *(allocated or {}))}
    stations = {station for _, station in (*cells, *(allocated or {}))}
    for candidate in candidates:
        for station in stations:
            own = cells.get((candidate, station), [])
            where = f"{candidate} at {station}"
            if not own:
                yield Note("missing mark", candidate, station, "", f"{where} has no mark.")
            if len(own) > 1:
                words = f"{where} has {len(own)} rows; none is used until one is left."
                yield Note("marked twice", candidate, station, "", words)
            for row in own:
                if row.carried:
                    continue
                at = (candidate, station, row.examiner)
                if row.mark is None:
                    yield Note("missing mark", *at, f"{where} has no mark.")
                elif not row.in_range:
                    words = f"{where} has {float(row.mark):g} out of {float(row.max_mark):g}; it is not used."
                    yield Note("mark out of range", *at, words)
                if row.grade is None:
                    yield Note("missing grade", *at, f"{where} has no grade.")
                if allocated is not None and row.examiner not in allocated.get(at[:2], ()):
                    words = f"{where} was marked by {row.examiner}, who was not allocated."
                    yield Note("examiner not allocated", *at, words)


def _of_stations(rows: Sequence[Mark]) -> Iterable[Note]:
    for station, own in _apart(rows, "station"):
        maxima = sorted({row.max_mark for row in own})
        if len(maxima) > 1:
            named = " and ".join(f"{float(most):g}" for most in maxima)
            words = (
                f"{station} has the maxima {named}; none of its marks is used until one is left."
            )
            yield Note("several maxima", "", station, "", words)


def _of_people(rows: Sequence[Mark]) -> Iterable[Note]:
    for candidate, own in _apart(rows, "candidate"):
        if len(circuits := _circuits(own)) > 1:
            words = f"{candidate} was in the circuits {', '.join(circuits)}."
            yield Note("candidate in several circuits", candidate, "", "", words)
    for examiner, own in _apart(rows, "examiner"):
        if not examiner:
            words = f"Rows that name no examiner: {len(own)}."
            yield Note("no examiner", "", "", "", words)
            continue
        grades = [row.grade for row in own if row.grade is not None]
        if len(grades) > 1 and len(set(grades)) == 1:
            words = f"{examiner} gave all {len(grades)} candidates the grade {float(grades[0]):g}."
            yield Note("one grade only", "", "", examiner, words)
        if len(circuits := _circuits(own)) > 1:
            words = f"{examiner} examined in the circuits {', '.join(circuits)}."
            yield Note("examiner in several circuits", "", "", examiner, words)


def _apart(rows: Iterable[Mark], by: str) -> Iterable[tuple[str, list[Mark]]]:
    groups: dict[str, list[Mark]] = {}
    for row in rows:
        groups.setdefault(getattr(row, by), []).append(row)
    return groups.items()


def _circuits(rows: Iterable[Mark]) -> list[str]:
    return sorted({row.circuit for row in rows if row.circuit}, key=counted)
