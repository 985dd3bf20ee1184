"""What a reader can work out from sums: the least and the most that an unknown count can be, exactly."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Name = Hashable


@dataclass
class Sums:
    """Sums of unknown counts, none of which is negative: each a name with its factor, and what it comes to."""

    rows: list[tuple[dict[Name, int], int]] = field(default_factory=list)

    def add(self, terms: Mapping[Name, int], value: int) -> None:
        """One sum that is known."""
        self.rows.append((dict(terms), value))

    def bounds(self, name: Name) -> tuple[Fraction, Fraction | None]:
        """The least and the most that a count can be; without a most none. Raises ValueError where nothing fits.

        The sums here are of groups within wholes, whose corners are whole numbers, so that rational bounds
        are those of counts.
        """
        names = sorted({one for terms, _ in self.rows for one in terms} | {name}, key=repr)
        least = _least(self.rows, names, name, 1)
        assert least is not None
        most = _least(self.rows, names, name, -1)
        return least, None if most is None else -most


def _least(
    rows: Sequence[tuple[Mapping[Name, int], int]], names: Sequence[Name], name: Name, sign: int
) -> Fraction | None:
    """The least of `sign` times a count, by the simplex method in two phases with Bland's rule; none when there is none."""
    width, height = len(names), len(rows)
    table = []
    for place, (terms, value) in enumerate(rows):
        turn = -1 if value < 0 else 1
        line = [Fraction(turn * terms.get(one, 0)) for one in names]
        line += [Fraction(int(place == other)) for other in range(height)]
        table.append([*line, Fraction(turn * value)])
    basis = list(range(width, width + height))
    first = [Fraction(0)] * width + [Fraction(1)] * height
    spare = _run(table, basis, first, width + height)
    if spare is None or spare > 0:
        raise ValueError("No counts come to these sums.")
    for place, column in enumerate(basis):
        if column >= width:
            found = next((one for one in range(width) if table[place][one] != 0), None)
            if found is not None:
                _turn(table, basis, place, found)
    cost = [Fraction(sign * int(one == name)) for one in names] + [Fraction(0)] * height
    return _run(table, basis, cost, width)


def _run(
    table: list[list[Fraction]], basis: list[int], cost: list[Fraction], usable: int
) -> Fraction | None:
    while True:
        entering = next(
            (
                column
                for column in range(usable)
                if column not in basis
                and cost[column]
                - sum(cost[held] * line[column] for held, line in zip(basis, table, strict=True))
                < 0
            ),
            None,
        )
        if entering is None:
            return sum(
                (cost[held] * line[-1] for held, line in zip(basis, table, strict=True)),
                Fraction(0),
            )
        leaving = [
            (line[-1] / line[entering], basis[place], place)
            for place, line in enumerate(table)
            if line[entering] > 0
        ]
        if not leaving:
            return None
        _turn(table, basis, min(leaving)[2], entering)


def _turn(table: list[list[Fraction]], basis: list[int], place: int, column: int) -> None:
    factor = table[place][column]
    table[place] = [value / factor for value in table[place]]
    for other, line in enumerate(table):
        if other != place and line[column] != 0:
            by = line[column]
            table[other] = [
                value - by * pivot for value, pivot in zip(line, table[place], strict=True)
            ]
    basis[place] = column
