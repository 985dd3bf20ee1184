"""Small cells: what of a table of counts may leave the School, so that nobody few is known by it.

A table holds, for each requirement, how many people of each group are in date, of how many; a total of all
groups; and beside the total the other figure of the two (adjusted, headcount). No totals of groups, no
second level of groups and no second figure of a group are printed, so that the only sum a reader can
use is that of one column: each requirement stands for itself.

The proof is short. Of a cell both counts are hidden, those in date and the others. A total is printed only
where the hidden cells of its column are none, or at least two whose in date and whose others each
come to the threshold in what a reader gets by taking the printed cells from the total. Then any one of
them may be 0 (another holds all), and may be all of it, at least the threshold. Groups may share people, so
that they come to more than the total: a reader then knows less than by this sum, never more.
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


def shown(cells: Sequence[Count], total: Count, beside: Count, threshold: int = THRESHOLD) -> Shown:
    """What may be shown of a column.

    `total` counts everybody once; `beside` is the other of its two figures. Raises ValueError where the
    total is less than a cell, which no count of people is.
    """
    if any(one.numerator > total.numerator or one.others > total.others for one in cells):
        raise ValueError("A group holds more people than the whole.")
    hidden = {place for place, cell in enumerate(cells) if cell.is_small(threshold)}
    # The fewest first, so that as little as possible goes.
    others = sorted(
        set(range(len(cells))) - hidden,
        key=lambda place: (min(cells[place].numerator, cells[place].others), place),
    )
    if hidden:
        while not _is_safe(cells, hidden, total, threshold) and others:
            hidden.add(others.pop(0))
    told = _is_safe(cells, hidden, total, threshold)
    return Shown(
        tuple(None if place in hidden else cell for place, cell in enumerate(cells)),
        total if told else None,
        beside if told and not _left_out(total, beside).is_small(threshold) else None,
    )


def _is_safe(cells: Sequence[Count], hidden: set[int], total: Count, threshold: int) -> bool:
    """Whether the total can stand beside what is not hidden."""
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
