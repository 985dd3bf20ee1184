"""A heat map as a table: rows by columns of shares, quiet at target and warm below."""

from collections.abc import Sequence
from dataclasses import dataclass


def level_of(numerator: int, denominator: int, target: int = 90) -> str:
    """met at or over the target, then 1, 2 and 3 for each ten below it; na when nobody is counted."""
    if denominator == 0:
        return "na"
    # Compared as whole numbers, so that 89.95 per cent is not rounded up to the target.
    if numerator * 100 >= target * denominator:
        return "met"
    for level, floor in (("1", target - 10), ("2", target - 20)):
        if numerator * 100 >= floor * denominator:
            return level
    return "3"


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """A requirement, and its short form for a phone."""

    label: str
    short: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How many of how many; `url` opens its people; `target` in per cent."""

    numerator: int
    denominator: int
    url: str = ""
    opened: bool = False
    target: int = 90

    @property
    def level(self) -> str:
        return level_of(self.numerator, self.denominator, self.target)

    @property
    def words(self) -> str:
        """The whole per cent, rounded down below the target so that the number never contradicts the colour."""
        return str(self.numerator * 100 // self.denominator) if self.denominator else "n/a"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A site, a note under its name and its cells by column."""

    name: str
    note: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """A region: its name, a note ("3 sites, 86 % in date") and its totals by column."""

    name: str
    note: str
    totals: Sequence[HeatCell]
    rows: Sequence[HeatRow]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What the table says above itself, and its parts."""

    caption: str
    row_label: str
    columns: Sequence[HeatColumn]
    groups: Sequence[HeatGroup]
