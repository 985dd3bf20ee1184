"""Takes tables away as CSV or as an Excel workbook, each saying what it holds, while they are being read."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify

from school.core import clock, days
from school.core.files.cells import is_dangerous, text_of
from school.core.files.workbook import ABOUT

FORMATS = ("csv", "xlsx")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class About:
    """What a table holds: its title, what it was filtered by, and by which definition its figures were made; now unless `made` says when."""

    title: str
    filtered: str = "nothing left out"
    definition: str = ""
    made: datetime | None = None

    def lines(self) -> list[tuple[str, str]]:
        """Label and words of each thing to say."""
        now = self.made or clock.now()
        said = [
            ("Table", self.title),
            ("Filter", self.filtered),
            ("Made", f"{days.long_date(days.london_day(now))}, {days.clock_time(now)}"),
        ]
        return [*said, ("Definition", self.definition)] if self.definition else said


def table_response(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    about: About,
    format: str,
) -> HttpResponseBase:
    """The table as a file to keep, called `name` and the day; `format` is csv or xlsx.

    Rows are read while they are sent, so a queryset's iterator may be given. Cells are text, numbers,
    days, instants (written in London time) or None. Raises ValueError for another format.
    """
    file = f"{slugify(name)}-{clock.today().isoformat()}"
    if format == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            csv_chunks(columns, rows, about), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{file}.csv"'
        return response
    if format == "xlsx":
        return FileResponse(
            workbook(columns, rows, about),
            as_attachment=True,
            filename=f"{file}.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    raise ValueError(f"A table is taken away as one of {', '.join(FORMATS)}, not as {format}.")


def csv_chunks(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], about: About
) -> Iterator[bytes]:
    """The table as pieces of CSV: a mark for Excel, a line that says what it holds, the header, the rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    said = " · ".join(f"{label}: {words}" for label, words in about.lines())
    writer.writerow([f"# {' '.join(said.split())}"])
    writer.writerow([harmless(title) for title in columns])
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(rows, start=1):
        writer.writerow([harmless(cell) for cell in row])
        if number % _CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def harmless(cell: Any) -> str:
    """A cell's text, with an apostrophe before words that a spreadsheet would run; numbers stay as they are."""
    text = text_of(_plain(cell))
    if isinstance(cell, int | float | Decimal):
        return text
    return f"'{text}" if is_dangerous(text) else text


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return days.local(cell).replace(tzinfo=None)
    return str(cell) if isinstance(cell, Decimal) else cell


def workbook(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], about: About
) -> io.BufferedRandom:
    """The table as an open temporary file: a sheet of rows, and a sheet that says what it holds.

    Memory does not grow with the rows.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    # Strings are written as strings, so that no cell becomes a formula or a link.
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": False,
        },
    )
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "d mmmm yyyy"})
    moment = book.add_format({"num_format": "d mmmm yyyy hh:mm"})
    places: dict[int, Any] = {}
    sheet = book.add_worksheet(_sheet_name(about.title))
    for place, title in enumerate(columns):
        sheet.write_string(0, place, title, bold)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            value = _plain(cell) if isinstance(cell, datetime) else cell
            match value:
                case None | "":
                    pass
                case bool():
                    sheet.write_string(number, place, text_of(value))
                case Decimal():
                    digits = max(0, -int(value.as_tuple().exponent))
                    if digits not in places:
                        shown = f"0.{'0' * digits}" if digits else "0"
                        places[digits] = book.add_format({"num_format": shown})
                    sheet.write_number(number, place, float(value), places[digits])
                case int() | float():
                    sheet.write_number(number, place, value)
                case datetime():
                    sheet.write_datetime(number, place, value, moment)
                case date():
                    sheet.write_datetime(number, place, value, day)
                case time():
                    sheet.write_string(number, place, text_of(value))
                case _:
                    sheet.write_string(number, place, str(value)[:32767])
    sheet.freeze_panes(1, 0)
    notes = book.add_worksheet(ABOUT)
    for number, (label, words) in enumerate(about.lines()):
        notes.write_string(number, 0, label, bold)
        notes.write_string(number, 1, words)
    notes.set_column(0, 0, 14)
    notes.set_column(1, 1, 90)
    book.close()
    file.seek(0)
    return file


def _sheet_name(title: str) -> str:
    kept = "".join(" " if character in r"[]:*?/\'" else character for character in title)
    return " ".join(kept.split())[:31] or "Table"
