"""The table of an exam's marks: one row for each candidate at each station, and the cells that can be used."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Group = Literal["circuit", "examiner", "site"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: marks in the station's own units, the global grade as an ordered number; None was not given.

    `carried` names the earlier exam at which the station was passed; the mark is then that of that exam, without a grade.
    """

    candidate: str
    circuit: str
    station: str
    examiner: str
    max_mark: Fraction
    mark: Fraction | None
    grade: Fraction | None
    site: str = ""
    carried: str = ""

    @property
    def in_range(self) -> bool:
        """Whether the mark lies from 0 to a maximum above 0; one that is missing does not."""
        return self.mark is not None and self.max_mark > 0 and 0 <= self.mark <= self.max_mark


@dataclass(frozen=True, slots=True)
class Marks:
    """The cells that can be used, by candidate and station, both in the order in which people count.

    A cell is used when one row alone speaks of it, its mark is there and from 0 to the maximum, and the
    station has one maximum. Every other cell is missing: it is neither 0 nor guessed, and quality.notes says so.

    What is carried from an earlier exam is no cell: it counts in the total and the stations passed of its candidate,
    and in no other figure.
    """

    candidates: tuple[str, ...]
    examined: tuple[str, ...]  # those of them who have more than what is carried
    stations: tuple[str, ...]
    maxima: Mapping[str, Fraction]  # of the stations with one maximum
    cells: Mapping[tuple[str, str], Mark]
    carried: Mapping[
        tuple[str, str], Mark
    ]  # of stations that are examined, where there is no row of this exam
    complete: tuple[str, ...]  # candidates with a cell at every station
    percents: Mapping[tuple[str, str], Fraction]  # of the maximum, for every cell
    sums: Mapping[str, tuple[Fraction, int]]  # of each candidate's percents, and how many they are

    def at(self, station: str) -> list[Mark]:
        """The cells of a station, in the order of the candidates."""
        return [
            cell for one in self.candidates if (cell := self.cells.get((one, station))) is not None
        ]

    def graded(self, station: str) -> list[tuple[Fraction, Fraction]]:
        """Grade and mark of those who have both at a station."""
        return [
            (cell.grade, cell.mark)
            for cell in self.at(station)
            if cell.grade is not None and cell.mark is not None
        ]

    def matrix(self) -> list[list[Fraction]]:
        """Candidates with every station by stations, in marks."""
        return [[self.mark(one, station) for station in self.stations] for one in self.complete]

    def mark(self, candidate: str, station: str) -> Fraction:
        """The mark of a cell that is there. Raises KeyError when it is not."""
        mark = self.cells[candidate, station].mark
        assert mark is not None  # a cell that is used has its mark
        return mark

    def total(self, candidate: str) -> Fraction | None:
        """The sum of a candidate's marks, carried ones too; None while one is lacking."""
        own = [self.counting(candidate, station) for station in self.stations]
        marks = [one.mark for one in own if one and one.mark is not None]
        return sum(marks, Fraction(0)) if len(marks) == len(self.stations) else None

    def counting(self, candidate: str, station: str) -> Mark | None:
        """The cell that counts for the candidate, be it carried."""
        return self.cells.get((candidate, station)) or self.carried.get((candidate, station))

    def lacking(self, candidate: str) -> list[str]:
        """The stations where a candidate has nothing that counts."""
        return [name for name in self.stations if self.counting(candidate, name) is None]

    def brought(self, candidate: str) -> str:
        """What a candidate carries, in words: "S1 carried from the OSCE of May"; empty where nothing."""
        own = [self.carried.get((candidate, name)) for name in self.stations]
        return ", ".join(f"{one.station} carried from {one.carried}" for one in own if one)


def tabled(rows: Iterable[Mark]) -> Marks:
    """The table of rows in any order."""
    spoken: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    said: dict[str, set[Fraction]] = defaultdict(set)
    brought = []
    for row in rows:
        if row.carried:
            brought.append(row)
            continue
        spoken[row.candidate, row.station].append(row)
        said[row.station].add(row.max_mark)
    own = {one for one, _ in spoken}
    examined = tuple(sorted(own, key=counted))
    candidates = tuple(sorted(own | {row.candidate for row in brought}, key=counted))
    stations = tuple(sorted(said, key=counted))
    maxima = {station: min(said[station]) for station in stations if len(said[station]) == 1}
    cells = {
        key: row
        for key, (row, *more) in sorted(spoken.items())
        if not more and row.in_range and row.station in maxima
    }
    carried = {
        (row.candidate, row.station): row
        for row in brought
        if row.station in said and (row.candidate, row.station) not in spoken
    }
    complete = tuple(
        one for one in examined if all((one, station) in cells for station in stations)
    )
    percents: dict[tuple[str, str], Fraction] = {}
    sums = dict.fromkeys(examined, (Fraction(0), 0))
    for (one, station), row in cells.items():
        percents[one, station] = percent = 100 * (row.mark or Fraction(0)) / row.max_mark
        sums[one] = sums[one][0] + percent, sums[one][1] + 1
    return Marks(candidates, examined, stations, maxima, cells, carried, complete, percents, sums)


def counted(name: str) -> tuple[list[str | int], str]:
    """A name as people count: S2 comes before S10."""
    parts = re.split("([0-9]+)", name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], name
