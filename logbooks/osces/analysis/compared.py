"""A standard as a board might set it, applied to the marks of one exam: what it would mean for each candidate.

Nothing is rounded before the board's own rounding of the pass mark; the rounded mark is then the one that has to
be reached, and the one at which a minimum of stations is foretold.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from logbooks.osces.analysis.marks import Marks
from logbooks.osces.analysis.regression import TWO_MAXIMA, station_cut
from logbooks.osces.analysis.reliability import reliability
from logbooks.osces.analysis.standards import (
    EARLIER,
    REGRESSION,
    ExamStandard,
    Outcome,
    PassMark,
    Predicted,
    StationStandard,
    borderline_group,
    fixed,
    outcomes,
    pass_mark,
    predicted_minimum,
    standard,
)

FIXED_MARK = "fixed mark"
JUDGES = "judges’ ratings"
PREDICTED = "predicted"


class Method(StrEnum):
    """Where the stations' cuts come from."""

    REGRESSION = "regression"
    MEAN = "mean"  # of the borderline group
    MEDIAN = "median"
    PERCENT = "percent"  # of the maximum
    ANGOFF = "angoff"  # what judges expect of a borderline candidate


class Rounding(StrEnum):
    """What the board does with the pass mark; to the nearest, a half goes up."""

    NONE = "none"
    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard to try: cuts by a method unless a station has a mark of its own, and what is asked beyond the total.

    percent is for Method.PERCENT alone; minimum is a number of stations, or PREDICTED.
    """

    method: Method
    percent: Fraction = Fraction(0)
    overrides: Mapping[str, Fraction] = field(default_factory=dict)
    k: Fraction = Fraction(0)
    minimum: int | str = 0
    must_pass: Collection[str] = ()
    rounding: Rounding = Rounding.NONE


@dataclass(frozen=True, slots=True)
class Given:
    """What marks alone do not say, by station: cuts that stand in where there is none (Homer 2020), and what judges expect."""

    earlier: Mapping[str, Fraction] = field(default_factory=dict)
    judged: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of those who are judged pass and fail, and because of what: the total, too few stations, a missed one.

    Somebody who fails because of two things counts at both.
    """

    judged: int
    passed: int
    failed: int
    below: int
    too_few: int
    missed: int

    @property
    def rate(self) -> Fraction:
        """Per cent who pass."""
        return Fraction(100 * self.passed, self.judged)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a standard comes to. Without a result every outcome is undecided, and the reason says why.

    exact is the pass mark before rounding, mark the one that has to be reached; minimum is what the foretold
    number of stations is rounded up to, or the number that was asked for.
    """

    standard: Standard
    exam: ExamStandard
    exact: PassMark
    mark: PassMark
    predicted: Predicted | None
    minimum: int | None
    outcomes: tuple[Outcome, ...]
    reason: str

    @property
    def counts(self) -> "Counts | None":
        """How many pass and fail; None when nobody can be judged."""
        judged = [one for one in self.outcomes if one.passed is not None]
        failed = [one for one in judged if not one.passed]
        if not judged:
            return None
        return Counts(
            judged=len(judged),
            passed=len(judged) - len(failed),
            failed=len(failed),
            below=sum(one.below for one in failed),
            too_few=sum(one.too_few for one in failed),
            missed=sum(bool(one.missed) for one in failed),
        )


def applied(
    marks: Marks, wanted: Standard, borderline: Fraction, given: Given | None = None
) -> Applied:
    """A standard applied to marks; borderline is the grade of the borderline group, where lines are read."""
    exam = standard(_cuts(marks, wanted, borderline, given or Given()))
    sem = reliability(marks.stations, marks.matrix()).sem if wanted.k else None
    exact = pass_mark(exam, sem, wanted.k)
    mark = PassMark(exact.k, rounded(exact.mark, wanted.rounding), exact.reason)
    predicted = predicted_minimum(marks, exam, mark) if wanted.minimum == PREDICTED else None
    minimum, reason = _minimum(wanted.minimum, predicted, len(marks.stations))
    reason = mark.reason or reason
    reached = PassMark(mark.k, None, reason) if reason else mark
    judged = outcomes(marks, exam, reached, Fraction(minimum or 0), wanted.must_pass)
    return Applied(wanted, exam, exact, mark, predicted, minimum, tuple(judged), reason)


def rounded(mark: Fraction | float | None, rounding: Rounding) -> Fraction | float | None:
    """A pass mark as the board rounds it."""
    if mark is None or rounding is Rounding.NONE:
        return mark
    ways = {
        Rounding.UP: ceil(mark),
        Rounding.DOWN: floor(mark),
        Rounding.NEAREST: floor(Fraction(mark) + Fraction(1, 2)),
    }
    return Fraction(ways[rounding])


def _cuts(
    marks: Marks, wanted: Standard, borderline: Fraction, given: Given
) -> list[StationStandard]:
    shares = {one.station: one for one in fixed(marks.maxima, wanted.percent).stations}
    found = []
    for name in marks.stations:
        if name in wanted.overrides:
            one = StationStandard(name, wanted.overrides[name], FIXED_MARK, "")
        elif wanted.method is Method.ANGOFF:
            why = "" if name in given.judged else "No judge has rated every item."
            one = StationStandard(name, given.judged.get(name), JUDGES, why)
        else:
            one = _cut(marks, name, wanted.method, borderline, shares)
        if one.cut is None and name in given.earlier:
            one = StationStandard(name, given.earlier[name], EARLIER, one.reason)
        found.append(one)
    return found


def _cut(
    marks: Marks,
    name: str,
    method: Method,
    borderline: Fraction,
    shares: Mapping[str, StationStandard],
) -> StationStandard:
    if method is Method.REGRESSION:
        line = station_cut(marks, name, borderline)
        return StationStandard(name, line.cut, REGRESSION, line.reason)
    if name not in shares:
        return StationStandard(name, None, method, TWO_MAXIMA)
    if method is Method.PERCENT:
        return shares[name]
    group = borderline_group(marks, name, borderline)
    cut = group.mean if method is Method.MEAN else group.median
    return StationStandard(name, cut, f"borderline group, {method}", group.reason)


def _minimum(
    asked: int | str, predicted: Predicted | None, stations: int
) -> tuple[int | None, str]:
    """The number of stations that are needed, or None and why there is none."""
    if predicted is None:
        return int(asked), ""
    if predicted.stations is None:
        return None, predicted.reason
    if not 0 <= predicted.stations <= stations:
        foretold = f"{float(predicted.stations):.2f} stations passed, outside 0 to {stations}"
        return None, f"The line foretells {foretold}."
    return ceil(predicted.stations), ""
