"""The standard of an exam by each method, the pass mark that follows, and who passes.

Nothing is rounded here: rounding a pass mark is a recorded decision of the board, which hands the rounded mark in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import median

from logbooks.osces.analysis.marks import Marks, counted
from logbooks.osces.analysis.regression import Line, StationCut, sums
from logbooks.osces.analysis.reliability import variance

REGRESSION, EARLIER = "borderline regression", "earlier cut"


@dataclass(frozen=True, slots=True)
class StationStandard:
    """A station's cut in marks and where it comes from; None with the reason when there is none."""

    station: str
    cut: Fraction | None
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExamStandard:
    """The stations' cuts and their sum, in marks; None with the reason while a station has none."""

    stations: tuple[StationStandard, ...]
    cut: Fraction | None
    reason: str


def standard(stations: Sequence[StationStandard]) -> ExamStandard:
    """The standard of an exam: the sum of its stations' cuts."""
    cuts = [one.cut for one in stations if one.cut is not None]
    lacking = ", ".join(one.station for one in stations if one.cut is None)
    if lacking or not stations:
        reason = f"No cut at: {lacking}." if lacking else "There are no stations."
        return ExamStandard(tuple(stations), None, reason)
    return ExamStandard(tuple(stations), sum(cuts, Fraction(0)), "")


def borderline_regression(
    cuts: Sequence[StationCut], earlier: Mapping[str, Fraction] | None = None
) -> ExamStandard:
    """The standard by regression; a station without a cut takes its earlier one, if that is given (Homer 2020)."""
    return standard(
        [
            StationStandard(cut.station, (earlier or {})[cut.station], EARLIER, cut.reason)
            if cut.cut is None and cut.station in (earlier or {})
            else StationStandard(cut.station, cut.cut, REGRESSION, cut.reason)
            for cut in cuts
        ]
    )


def fixed(maxima: Mapping[str, Fraction], percent: Fraction) -> ExamStandard:
    """The standard that is the same share of every station's maximum."""
    return standard(
        [StationStandard(name, percent * most / 100, "fixed", "") for name, most in maxima.items()]
    )


@dataclass(frozen=True, slots=True)
class BorderlineGroup:
    """The marks at a station of those graded borderline; None with the reason when there is nobody."""

    n: int
    mean: Fraction | None
    median: Fraction | None
    reason: str


def borderline_group(marks: Marks, station: str, borderline: Fraction) -> BorderlineGroup:
    """Mean and median mark of the borderline group."""
    group = [mark for grade, mark in marks.graded(station) if grade == borderline]
    if not group:
        return BorderlineGroup(0, None, None, "Nobody was graded borderline.")
    return BorderlineGroup(len(group), sum(group) / Fraction(len(group)), median(group), "")


@dataclass(frozen=True, slots=True)
class Angoff:
    """The mean over judges and items, in the ratings' unit for each item, and its standard error over judges.

    judges are the means of those who rated every item; left_out did not, and their ratings are not used.
    """

    judges: Mapping[str, Fraction]
    left_out: tuple[str, ...]
    items: int
    mean: Fraction | None
    se: float | None
    reason: str


def angoff(ratings: Mapping[str, Mapping[str, Fraction]]) -> Angoff:
    """Modified Angoff from what each judge expects of a borderline candidate on each item."""
    items = {item for own in ratings.values() for item in own}
    judges = {
        judge: sum(own.values()) / Fraction(len(items))
        for judge, own in sorted(ratings.items())
        if own and own.keys() == items
    }
    left_out = tuple(sorted(ratings.keys() - judges.keys()))
    if not judges:
        return Angoff({}, left_out, len(items), None, None, "No judge has rated every item.")
    n = len(judges)
    mean = sum(judges.values()) / Fraction(n)
    if n == 1:
        reason = "One judge alone has no standard error."
        return Angoff(judges, left_out, len(items), mean, None, reason)
    se = sqrt(variance(list(judges.values())) / n)
    return Angoff(judges, left_out, len(items), mean, se, "")


@dataclass(frozen=True, slots=True)
class PassMark:
    """cut + k SEM, in marks; None with the reason when either is missing. A fraction, exact, when nothing is added."""

    k: Fraction
    mark: Fraction | float | None
    reason: str


def pass_mark(standard: ExamStandard, sem: float | None, k: Fraction) -> PassMark:
    """The mark that has to be reached."""
    if standard.cut is None:
        return PassMark(k, None, standard.reason)
    if not k or sem == 0:
        return PassMark(k, standard.cut, "")
    if sem is None:
        return PassMark(k, None, "There is no SEM to add.")
    return PassMark(k, float(standard.cut + k * Fraction(sem)), "")


@dataclass(frozen=True, slots=True)
class Predicted:
    """Stations passed as the line on the total foretells them at a pass mark, raw; None with the reason."""

    line: Line | None
    stations: Fraction | float | None
    reason: str


def predicted_minimum(marks: Marks, standard: ExamStandard, pass_mark: PassMark) -> Predicted:
    """Regresses stations passed on total, and reads it off at the pass mark (Homer 2023)."""
    if standard.cut is None or pass_mark.mark is None:
        return Predicted(None, None, pass_mark.reason or standard.reason)
    passed = stations_passed(marks, standard)
    points = [
        (total, Fraction(len(passed[one])))
        for one in marks.complete
        if (total := marks.total(one)) is not None
    ]
    line = sums(points).line()
    if line is None:
        return Predicted(None, None, "Fewer than two different totals, so there is no line.")
    foretold = line.at(Fraction(pass_mark.mark))
    exact = isinstance(pass_mark.mark, Fraction)
    return Predicted(line, foretold if exact else float(foretold), "")


def stations_passed(marks: Marks, standard: ExamStandard) -> dict[str, tuple[str, ...]]:
    """The stations where each candidate's mark is at or above the station's cut, and those that are carried."""
    cuts = {one.station: one.cut for one in standard.stations}
    return {
        one: tuple(
            station
            for station in marks.stations
            if (one, station) in marks.carried
            or (
                (one, station) in marks.cells
                and (cut := cuts.get(station)) is not None
                and marks.mark(one, station) >= cut
            )
        )
        for one in marks.candidates
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a candidate passes: total in marks, stations passed, and in words everything that is against it.

    passed is None, and reasons say why, for somebody without a mark at every station, and without a pass mark.
    What is against them stands by itself too: a total below the pass mark, too few stations, stations missed
    that must be passed.
    """

    candidate: str
    total: Fraction | None
    stations: tuple[str, ...]
    passed: bool | None
    reasons: tuple[str, ...]
    below: bool = False
    too_few: bool = False
    missed: tuple[str, ...] = ()


def outcomes(
    marks: Marks,
    standard: ExamStandard,
    pass_mark: PassMark,
    minimum: Fraction = Fraction(0),
    must_pass: Collection[str] = (),
) -> list[Outcome]:
    """Who passes: at or above the pass mark, at least so many stations passed, and each of those that must be."""
    passed = stations_passed(marks, standard)
    found = []
    for one in marks.candidates:
        total = marks.total(one)
        if total is None or pass_mark.mark is None:
            lacking = marks.lacking(one)
            why = f"No mark at: {', '.join(lacking)}." if lacking else pass_mark.reason
            found.append(Outcome(one, total, passed[one], None, (why,)))
            continue
        against = []
        below, too_few = total < pass_mark.mark, len(passed[one]) < minimum
        if below:
            against.append("The total is below the pass mark.")
        if too_few:
            against.append(f"Stations passed: {len(passed[one])}; {float(minimum):g} are needed.")
        missed = tuple(n for n in sorted(must_pass, key=counted) if n not in passed[one])
        if missed:
            against.append(f"Must be passed and was not: {', '.join(missed)}.")
        reasons = tuple(against)
        found.append(Outcome(one, total, passed[one], not against, reasons, below, too_few, missed))
    return found
