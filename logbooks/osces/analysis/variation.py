"""How much of the variation lies between groups: one-way and two-way analysis of variance, everything exact but p."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from logbooks.osces.analysis.distributions import f_tail
from logbooks.osces.analysis.marks import Group, Mark, Marks, counted


@dataclass(frozen=True, slots=True)
class GroupMean:
    """A group at one station: its mean mark here in percent, and that of the same candidates elsewhere.

    elsewhere is over all their marks at other stations, each in percent of its maximum; None when they have none.
    """

    group: str
    n: int
    here: Fraction
    elsewhere: Fraction | None


@dataclass(frozen=True, slots=True)
class Variation:
    """One-way analysis of variance: share is 100 SSB / SST in percent, statistic is F, p its tail.

    What cannot be said is None, with the reason.
    """

    share: Fraction | None
    statistic: Fraction | None
    p: float | None
    between: int  # degrees of freedom
    within: int
    reason: str


def one_way(groups: Mapping[str, Sequence[Fraction]]) -> Variation:
    """The variation between groups that have somebody in them; the others are left out."""
    filled = [values for values in groups.values() if values]
    n = sum(map(len, filled))
    between, within = max(len(filled) - 1, 0), n - len(filled)
    if len(filled) < 2:
        return Variation(None, None, None, between, within, "There are fewer than two groups.")
    grand = sum(map(sum, filled)) / Fraction(n)
    total = sum((x - grand) ** 2 for values in filled for x in values)
    if not total:
        return Variation(None, None, None, between, within, "All marks are equal.")
    ssb = sum(len(values) * (Fraction(sum(values)) / len(values) - grand) ** 2 for values in filled)
    share = 100 * Fraction(ssb) / total
    if not within or ssb == total:
        reason = "No group has marks that differ, so F cannot be said."
        return Variation(share, None, None, between, within, reason)
    statistic = (Fraction(ssb) / between) / (Fraction(total - ssb) / within)
    p = f_tail(float(statistic), between, within)
    return Variation(share, statistic, p, between, within, "")


def grouped(marks: Marks, station: str, by: Group) -> dict[str, list[Fraction]]:
    """The marks of a station by circuit, examiner or site; rows that name none are left out."""
    groups: dict[str, list[Fraction]] = {}
    for cell in marks.at(station):
        if getattr(cell, by):
            groups.setdefault(getattr(cell, by), []).append(marks.mark(cell.candidate, station))
    return {name: groups[name] for name in sorted(groups, key=counted)}


def group_means(marks: Marks, station: str, by: Group) -> list[GroupMean]:
    """Each group's mean at a station, with what its candidates did at all other stations."""
    groups: dict[str, list[Mark]] = {}
    for cell in marks.at(station):
        groups.setdefault(getattr(cell, by), []).append(cell)
    return [
        GroupMean(name, len(groups[name]), *here_and_elsewhere(marks, groups[name]))
        for name in sorted(filter(None, groups), key=counted)
    ]


def here_and_elsewhere(marks: Marks, cells: Sequence[Mark]) -> tuple[Fraction, Fraction | None]:
    """The mean of some cells in percent, and of all other cells of the same candidates; None when they have none."""
    here = sum((marks.percents[one.candidate, one.station] for one in cells), Fraction(0))
    whole = [marks.sums[one] for one in {cell.candidate for cell in cells}]
    others = sum(count for _, count in whole) - len(cells)
    elsewhere = sum((percents for percents, _ in whole), Fraction(0)) - here
    return here / len(cells), elsewhere / others if others else None


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """The mean squares of rows by columns with one value in each cell."""

    rows: Fraction
    columns: Fraction
    rest: Fraction
    within_rows: Fraction  # columns and rest together


def two_way(table: Sequence[Sequence[Fraction]]) -> MeanSquares:
    """The mean squares of a table with at least two rows and two columns."""
    n, k = len(table), len(table[0])
    correction = _square(chain.from_iterable(table)) / (n * k)
    whole = sum((x * x for row in table for x in row), Fraction(0)) - correction
    rows = sum(map(_square, table), Fraction(0)) / k - correction
    columns = sum(map(_square, zip(*table, strict=True)), Fraction(0)) / n - correction
    return MeanSquares(
        rows=rows / (n - 1),
        columns=columns / (k - 1),
        rest=(whole - rows - columns) / ((n - 1) * (k - 1)),
        within_rows=(whole - rows) / (n * (k - 1)),
    )


def _square(values: Iterable[Fraction]) -> Fraction:
    total = sum(values, Fraction(0))
    return total * total
