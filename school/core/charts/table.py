"""The table behind a chart, and any table that folds on a phone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and whether its cells are numbers."""

    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A value with the heading that stands before it on a phone."""

    label: str
    value: object
    numeric: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of a row is its heading."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]

    @property
    def labelled_rows(self) -> Iterator[list[TableCell]]:
        for row in self.rows:
            yield [
                TableCell(column.label, value, column.numeric)
                for column, value in zip(self.columns, row, strict=True)
            ]
