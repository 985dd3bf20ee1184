"""Everything about the marks of one exam in one result: what screens, files and print show."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt

from logbooks.osces.analysis.generalizability import Generalizability, persons_by_stations
from logbooks.osces.analysis.marks import Group, Mark, Marks, tabled
from logbooks.osces.analysis.quality import (
    GroupQuality,
    Judged,
    Note,
    StationQuality,
    group_quality,
    judge,
    notes,
    station_quality,
)
from logbooks.osces.analysis.regression import StationCut, station_cut
from logbooks.osces.analysis.reliability import Reliability, Without, reliability
from logbooks.osces.analysis.resampling import Bootstrap, Jackknife, bootstrap, jackknife
from logbooks.osces.analysis.standards import (
    BorderlineGroup,
    ExamStandard,
    Outcome,
    PassMark,
    Predicted,
    StationStandard,
    borderline_group,
    borderline_regression,
    outcomes,
    pass_mark,
    predicted_minimum,
)

SMALL = 50  # candidates; below, the uncertainty is large (Pell 2016)
DRAWS, SEED = 10_000, 1
STUDY = (4, 6, 8, 10, 12, 15, 20)  # numbers of stations that the D-study foretells

# Printed on every report.
CONVENTIONS = (
    "Variance and standard deviation use n - 1.",
    "Alpha keeps stations where everybody has the same mark, and names them.",
    "A negative variance component is shown as it is, and used as zero where a coefficient needs it.",
    "A candidate passes when the mark is at or above the cut.",
    "Nothing is rounded before the last step; rounding a pass mark is a recorded decision of the board.",
    "A missing mark is missing, never 0. A station's line uses those who have both mark and grade there; "
    "totals, alpha, generalizability and who passes use candidates with a mark at every station.",
    "A mark out of range, or one of two for the same candidate and station, is not used.",
    "A draw of the bootstrap, or a station, where the slope is not positive or the cut lies outside 0 to the "
    "maximum gives no cut; such draws are counted and left out.",
)


@dataclass(frozen=True, slots=True)
class StationAnalysis:
    """One station: its cut by regression, the cut that stands, its borderline group and its quality."""

    cut: StationCut
    standard: StationStandard
    group: BorderlineGroup
    without: Without
    quality: StationQuality


@dataclass(frozen=True, slots=True)
class AtMark:
    """What one pass mark would mean: stations passed as foretold there, and who passes."""

    pass_mark: PassMark
    predicted: Predicted
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The exam. Marks are in the stations' units; se_independent is sqrt(sum of the stations' SE^2).

    at_marks holds the cut itself and, when k is not 0, the cut with k SEM.
    """

    borderline: Fraction
    by: Group
    candidates: int
    complete: int
    stations: tuple[StationAnalysis, ...]
    standard: ExamStandard
    se_independent: float | None
    jackknife: Jackknife
    bootstrap: Bootstrap
    reliability: Reliability
    generalizability: Generalizability
    judged: tuple[Judged, ...]
    at_marks: tuple[AtMark, ...]
    groups: Mapping[Group, tuple[GroupQuality, ...]]
    notes: tuple[Note, ...]
    warnings: tuple[str, ...]
    conventions: tuple[str, ...]


def analyse(
    rows: Iterable[Mark],
    borderline: Fraction,
    *,
    k: Fraction = Fraction(1),
    by: Group = "circuit",
    earlier: Mapping[str, Fraction] | None = None,
    minimum: Fraction = Fraction(0),
    must_pass: Collection[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
) -> Analysis:
    """Every figure of an exam from its rows, in any order.

    borderline is the grade where lines are read; earlier are cuts of stations that may get none; minimum and
    must_pass are the conjunctive rule; by groups each station's variation.
    """
    rows = list(rows)
    marks = tabled(rows)
    cuts = [station_cut(marks, station, borderline) for station in marks.stations]
    standard = borderline_regression(cuts, earlier)
    matrix = marks.matrix()
    reliable = reliability(marks.stations, matrix)
    general = persons_by_stations(matrix, STUDY)
    at_marks = []
    for times in dict.fromkeys((Fraction(0), k)):
        mark = pass_mark(standard, reliable.sem, times)
        passes = tuple(outcomes(marks, standard, mark, minimum, must_pass))
        at_marks.append(AtMark(mark, predicted_minimum(marks, standard, mark), passes))
    errors = [cut.se for cut in cuts if cut.se is not None]
    return Analysis(
        borderline=borderline,
        by=by,
        candidates=len(marks.candidates),
        complete=len(marks.complete),
        stations=tuple(
            StationAnalysis(
                cut,
                stands,
                borderline_group(marks, cut.station, borderline),
                without,
                station_quality(marks, cut, stands, without, reliable, by),
            )
            for cut, stands, without in zip(cuts, standard.stations, reliable.without, strict=True)
        ),
        standard=standard,
        se_independent=sqrt(fsum(se**2 for se in errors))
        if errors and standard.cut is not None
        else None,
        jackknife=jackknife(marks, cuts, borderline),
        bootstrap=bootstrap(marks, cuts, borderline, draws, seed),
        reliability=reliable,
        generalizability=general,
        judged=tuple(judge("alpha", reliable.alpha)),
        at_marks=tuple(at_marks),
        groups={
            name: tuple(group_quality(marks, name)) for name in ("circuit", "examiner", "site")
        },
        notes=tuple(notes(rows)),
        warnings=tuple(_warnings(marks, cuts, standard, reliable, general)),
        conventions=CONVENTIONS,
    )


def _warnings(
    marks: Marks,
    cuts: Iterable[StationCut],
    standard: ExamStandard,
    reliable: Reliability,
    general: Generalizability,
) -> Iterable[str]:
    candidates = len(marks.candidates)
    if candidates < SMALL:
        yield f"There are fewer than {SMALL} candidates: the uncertainty of every cut is large."
    carrying = {one for one, _ in marks.carried}
    left = len(set(marks.candidates) - carrying - set(marks.complete))
    if left:
        yield f"Left out of totals, alpha and generalizability for want of a mark: {left} of {candidates} candidates."
    if carrying:
        yield f"Left out of alpha and generalizability, since they carry a mark from an earlier exam: {len(carrying)} of {candidates} candidates."
    for cut in cuts:
        if cut.n and not cut.borderline_n:
            yield f"{cut.station}: nobody was graded borderline, so the line is read where there are no marks."
    for one in standard.stations:
        if one.reason:
            stands = (
                f" Its earlier cut stands in, {float(one.cut):g}." if one.cut is not None else ""
            )
            yield f"{one.station}: no cut by regression. {one.reason}{stands}"
    if reliable.constant:
        yield f"Everybody has the same mark at: {', '.join(reliable.constant)}. Alpha keeps it."
    if negative := [one.effect for one in general.components if one.negative]:
        yield f"Negative variance component, used as zero in the coefficients: {', '.join(negative)}."
