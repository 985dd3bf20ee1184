"""Small cells: what of a table of counts may leave the School, so that nobody few is known by it.

A table holds, for each requirement, how many people of each group are in date, of how many; a total of all
groups; and beside the total the other figure of the two (adjusted, headcount). No totals of groups, no
second level of groups and no second figure of a group are printed, so that a reader has two things to reckon with: the sum of
each column, and that several requirements may be asked of the same people, so that of how many one column tells is
so in the next.

The proof is short. Of a cell both counts are hidden, those in date and the others; and a group that is hidden in one column
is hidden in all, so that nothing tells how many it has. A total is printed only where the hidden cells of its column are none,
or at least two whose in date and whose others each come to the threshold in what a reader gets by taking the printed
cells from the total. Then any hidden group may be empty in every column at once (another holds all), and may hold all
of it, at least the threshold. Only where nobody of a group is asked is a cell hidden by itself: it may hold nobody, and as many as the
columns where the group is printed tell, at least twice the threshold. Groups may share people, so that they come to
more than the total: a reader then knows less than by this sum, never more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# Fewer people than so many are not shown.
THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Count:
    """How many are in date, of how many."""

    numerator: int
    of: int

    @property
    def others(self) -> int:
        """How many are not."""
        return self.of - self.numerator

    def is_small(self, threshold: int) -> bool:
        """Whether either part is too few to be shown; nobody is too few as well."""
        return min(self.numerator, self.others) < threshold


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as it leaves the School: its cells in their order, its total, and the other figure of the total; none is hidden."""

    cells: tuple[Count | None, ...]
    total: Count | None
    beside: Count | None


@dataclass(frozen=True, slots=True)
class Column:
    """A requirement as it stands inside the School: the count of each group, of everybody once, and the other figure of that.

    Raises ValueError where the total is less than a cell, which no count of people is.
    """

    cells: Sequence[Count]
    total: Count
    beside: Count

    def __post_init__(self) -> None:
        total = self.total
        if any(one.numerator > total.numerator or one.others > total.others for one in self.cells):
            raise ValueError("A group holds more people than the whole.")


def shown(columns: Sequence[Column], threshold: int = THRESHOLD) -> list[Shown]:
    """What may be shown of the columns of one table, whose groups stand in the same order in each."""
    hidden: set[int] = set()
    before = -1
    while before != len(hidden):
        before = len(hidden)
        for column in columns:
            hidden |= _to_hide(column, hidden, threshold)
    return [_shown(column, hidden | _empty(column), threshold) for column in columns]


def _to_hide(column: Column, hidden: set[int], threshold: int) -> set[int]:
    """The groups to hide for the sake of one column, beside those that are hidden already."""
    cells, empty = column.cells, _empty(column)
    found = {place for place, cell in enumerate(cells) if cell.is_small(threshold)} - empty | hidden
    # The fewest first, so that as little as possible goes.
    others = sorted(
        set(range(len(cells))) - found - empty,
        key=lambda place: (min(cells[place].numerator, cells[place].others), place),
    )
    while (found | empty) and not _is_safe(column, found | empty, threshold) and others:
        found.add(others.pop(0))
    return found


def _empty(column: Column) -> set[int]:
    """The groups of which nobody is asked."""
    return {place for place, cell in enumerate(column.cells) if not cell.of}


def _shown(column: Column, hidden: set[int], threshold: int) -> Shown:
    told = _is_safe(column, hidden, threshold)
    left_out = _left_out(column.total, column.beside)
    return Shown(
        tuple(None if place in hidden else cell for place, cell in enumerate(column.cells)),
        column.total if told else None,
        column.beside if told and not left_out.is_small(threshold) else None,
    )


def _is_safe(column: Column, hidden: set[int], threshold: int) -> bool:
    """Whether the total can stand beside what is not hidden."""
    cells, total = column.cells, column.total
    if not hidden:
        return not total.is_small(threshold)
    if len(hidden) == 1:
        return False
    open_cells = [cell for place, cell in enumerate(cells) if place not in hidden]
    numerator = total.numerator - sum(cell.numerator for cell in open_cells)
    others = total.others - sum(cell.others for cell in open_cells)
    return min(numerator, others) >= threshold


def _left_out(one: Count, other: Count) -> Count:
    """Whom the smaller of two figures leaves out of the larger."""
    large, small = (one, other) if one.of >= other.of else (other, one)
    return Count(large.numerator - small.numerator, large.of - small.of)
