"""A table of figures that is shown, and taken away with its conventions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from school.core import charts
from school.core.files import writing


@dataclass(frozen=True, slots=True)
class Report:
    """A table with what it answers and by which conventions; `name` is that of its file."""

    name: str
    table: charts.Table
    said: str
    conventions: Sequence[str]

    def file(self, format: str) -> HttpResponseBase:
        """The table to take away."""
        about = writing.About(self.table.caption, self.said, " ".join(self.conventions))
        heads = [column.label for column in self.table.columns]
        return writing.table_response(self.name, heads, self.table.rows, about, format)
