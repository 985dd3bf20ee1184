"""Marks as a page and paper show them: the plot of a station, its figures in words, and the tables to take away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from logbooks.osces.analysis.analysed import Analysis, AtMark, StationAnalysis
from logbooks.osces.analysis.marks import Mark, tabled
from logbooks.osces.analysis.quality import Verdict
from logbooks.osces.analysis.regression import Line, band
from school.core import charts
from school.core.charts import Column, Fitted, Scatter, Spot, Table

STATION_HEADS = (
    "Station", "Maximum", "Candidates", "Slope", "Slope, exact", "Intercept", "R squared", "Cut", "Cut, exact", "Cut from",
    "SE of cut", "Borderline candidates", "Borderline mean", "Borderline median", "Below the cut", "Alpha without it",
    "Correlation with the others", "Between groups, per cent", "F", "p", "Why there is no cut",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passing:
    """A pass mark in two decimals, and how many reach it of how many."""

    words: str
    mark: str
    passed: int
    of: int
    below: tuple[str, ...]
    reason: str


def plot(station: StationAnalysis, rows: Sequence[Mark], borderline: Fraction) -> Scatter:
    """A station's marks against the grades, with the line, its band and where it is read."""
    cut, name = station.cut, station.cut.station
    here = [one for one in rows if one.station == name and one.mark is not None and one.grade is not None]  # fmt: skip
    spots = [
        Spot(_float(one.grade), _float(one.mark), f"circuit {one.circuit}" if one.circuit else "")
        for one in sorted(here, key=lambda one: (one.circuit, one.candidate))
    ]
    grades = sorted({one.grade for one in here if one.grade is not None} | {borderline})
    fitted = None
    if cut.line is not None:
        points = [(float(point.x), float(point.y), point.reach) for point in band(cut.line, grades)]
        read = None if cut.cut is None else float(cut.cut)
        fitted = Fitted(points, float(borderline), read, f"cut {said(cut.cut)}" if cut.cut else "")
    table = Table(
        f"The marks of {name}",
        (Column("Candidate"), Column("Circuit"), Column("Grade", numeric=True), Column("Mark", numeric=True)),
        tuple((one.candidate, one.circuit or "none", f"{_float(one.grade):g}", f"{_float(one.mark):g}") for one in here),
    )  # fmt: skip
    most = _float(cut.max_mark) or (max((spot.y for spot in spots), default=0.0) or 1.0)
    words = f"The line meets grade {float(borderline):g} at {said(cut.cut)}." if cut.cut is not None else cut.reason  # fmt: skip
    return charts.scatter(
        title=f"{name}: mark against the examiner’s overall grade",
        desc=f"{len(spots)} candidates have both. {words}",
        spots=spots,
        places=[float(grade) for grade in grades],
        most=most,
        fitted=fitted,
        table=table,
    )


def said(value: Fraction | float | None, digits: int = 2) -> str:
    """A figure for reading, rounded half up; the tables have all digits."""
    if value is None:
        return "none"
    tenths = Fraction(value) * 10**digits + Fraction(1, 2)
    return f"{Decimal(floor(tenths)).scaleb(-digits):f}"


def per_cent(value: Fraction | float | None) -> str:
    """A share for reading, with its unit."""
    return "none" if value is None else f"{said(value, 1)} %"


def equation(line: Line | None) -> str:
    """A line in words: "3.57 + 2.47 × grade"."""
    if line is None:
        return "none"
    sign = "+" if line.slope >= 0 else "−"
    return f"{said(line.intercept)} {sign} {said(abs(line.slope))} × grade"


def passings(analysis: Analysis) -> list[Passing]:
    """What each pass mark would mean."""
    return [_passing(at) for at in analysis.at_marks]


def _passing(at: AtMark) -> Passing:
    decided = [one for one in at.outcomes if one.passed is not None]
    below = tuple(one.candidate for one in decided if not one.passed)
    k = float(at.pass_mark.k)
    return Passing(
        f"Cut + {k:g} SEM" if k else "Cut",
        said(at.pass_mark.mark),
        len(decided) - len(below),
        len(decided),
        below,
        at.pass_mark.reason,
    )


def to_look_at(station: StationAnalysis) -> list[str]:
    """What the thresholds do not call good, in words."""
    return [one.words for one in station.quality.judged if one.verdict is not Verdict.GOOD]


def station_rows(analysis: Analysis) -> Iterator[list[Any]]:
    """A row of STATION_HEADS for each station, with every digit."""
    for one in analysis.stations:
        cut, line, group = one.cut, one.cut.line, one.group
        variation = one.quality.variation
        yield [
            cut.station, _cell(cut.max_mark), cut.n, _cell(line.slope if line else None), _exact(line.slope if line else None),
            _cell(line.intercept if line else None), _cell(line.r_squared if line else None), _cell(one.standard.cut), _exact(one.standard.cut),
            one.standard.source, cut.se, cut.borderline_n, _cell(group.mean), _cell(group.median), one.quality.failures,
            _cell(one.without.alpha), _cell(one.without.correlation), _cell(variation.share), _cell(variation.statistic),
            variation.p, cut.reason,
        ]  # fmt: skip


def matrix(rows: Sequence[Mark]) -> tuple[list[str], Iterator[list[Any]]]:
    """The marks with a row for each candidate and a column for each station, the grades beside them, as they were.

    A last column says what is carried from earlier exams, where anything is.
    """
    table = tabled(rows)
    cells = {(one.candidate, one.station): one for one in rows}
    heads = ["Candidate", *table.stations, *(f"{name}, grade" for name in table.stations)]
    heads += ["Carried"] if table.carried else []

    def lines() -> Iterator[list[Any]]:
        for candidate in table.candidates:
            own = [cells.get((candidate, name)) for name in table.stations]
            yield [
                candidate,
                *(_number(one.mark) if one else None for one in own),
                *(_number(one.grade) if one else None for one in own),
                *([table.brought(candidate)] if table.carried else []),
            ]

    return heads, lines()


def _float(value: Fraction | None) -> float:
    return 0.0 if value is None else float(value)


def _cell(value: Fraction | float | None) -> float | None:
    return None if value is None else float(value)


def _exact(value: Fraction | None) -> str:
    return "" if value is None else str(value)


def written(value: Fraction) -> Decimal:
    """A mark or a grade as it was written: a decimal, since that is what a file holds."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def _number(value: Fraction | None) -> Decimal | None:
    return None if value is None else written(value)
