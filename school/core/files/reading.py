"""Turns the bytes of a CSV file or an Excel workbook into rows of text, numbered as the spreadsheet shows them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from school.core.files import cells, workbook
from school.core.files.errors import FileRefused

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
_LONGEST_CELL = 131_072

# What a file begins with that is no table, and what to say.
_OTHERS = {
    b"%PDF": "This is a PDF document.",
    b"\x89PNG": "This is a picture.",
    b"\xff\xd8\xff": "This is a picture.",
    b"\xd0\xcf\x11\xe0": "This is a workbook in Excel's format of before 2007, or one with a password.",
    b"\x1f\x8b": "This is a compressed archive.",
}
_REMEDY = "Save the table as an Excel workbook (.xlsx) or as CSV, and send that."
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row that holds something: its number in the spreadsheet, its cells by column, and cells beyond the header."""

    number: int
    cells: Mapping[str, str]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: how the file was understood, the columns used and left aside, and the rows."""

    understood: str
    left_aside: tuple[str, ...]
    rows: list[RawRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind of file has: its name, other spellings, whether it must be there, and whether its words keep their lines."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    lines: bool = False


def read(data: bytes, columns: Sequence[Column], ignored: Sequence[str] = ()) -> Table:
    """The rows of a file with the cells of the given columns, whatever the file's form.

    Raises FileRefused when the file is of another sort, too large, or lacks or repeats a column.
    """
    if len(data) > MAX_BYTES:
        raise FileRefused(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; {MAX_BYTES // 1024 // 1024} MB is the most. "
            "Divide it and send the parts."
        )
    if not data.strip():
        raise FileRefused("The file is empty.")
    if data.startswith(b"PK\x03\x04"):
        records, understood = workbook.records(data, MAX_COLUMNS)
    else:
        text, encoding = decode(data)
        delimiter = sniff(text)
        records = _csv_records(text, delimiter)
        named = {",": "commas", ";": "semicolons", "\t": "tabs"}[delimiter]
        understood = f"CSV in {encoding}, cells divided by {named}"
    return _table(records, understood, columns, ignored)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a CSV file and the name of its encoding: UTF-8, UTF-16 with its mark, or Windows-1252."""
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            raise FileRefused(f"{what} {_REMEDY}")
    attempts = [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]
    if data.startswith(b"\xef\xbb\xbf"):
        attempts = [("utf-8-sig", "UTF-8")]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        attempts = [("utf-16", "UTF-16")]
    for codec, name in attempts:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if found := _CONTROLS.search(text):
            line = text.count("\n", 0, found.start()) + 1
            raise FileRefused(
                f"Line {line} holds the character {ord(found.group()):02X}, which no table holds: "
                f"this is no text, or text in an encoding without its mark. {_REMEDY}"
            )
        return text, name
    raise FileRefused(
        "The file's encoding is none of UTF-8, UTF-16 with its mark, and Windows-1252. "
        "In Excel, choose “CSV UTF-8” when saving, or send the workbook itself."
    )


def sniff(text: str) -> str:
    """The character that divides cells, judged by the first line that holds something: comma, semicolon or tab."""
    for line in io.StringIO(text):
        if line.strip() and not line.startswith("#"):
            outside = re.sub(r'"[^"]*"', "", line)
            return max(",;\t", key=outside.count)
    raise FileRefused("The file holds no header.")


def _csv_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(
                f"Row {number} cannot be read ({error}). Look for a quotation mark that is not closed."
            ) from None


def _table(
    records: Iterator[tuple[int, list[str]]],
    understood: str,
    columns: Sequence[Column],
    ignored: Sequence[str],
) -> Table:
    header: list[str] = []
    for _, record in records:
        # A first line that begins with # is where files of our own say what they hold.
        if any(cell.strip() for cell in record) and not record[0].startswith("#"):
            header = [cells.tidy(cell) for cell in record]
            break
    if not header:
        raise FileRefused("The file holds no header.")
    places, left_aside = _places(header, columns, ignored)
    table = Table(understood, tuple(left_aside))
    tidied = {column.name: cells.tidy_lines if column.lines else cells.tidy for column in columns}
    for number, record in records:
        if not any(record) or not any(cell.strip() for cell in record):
            continue
        if len(table.rows) == MAX_ROWS:
            more = sum(1 for _, rest in records if any(cell.strip() for cell in rest)) + 1
            raise FileRefused(
                f"The file has {MAX_ROWS + more:,} rows; {MAX_ROWS:,} is the most. "
                "Divide it and send the parts."
            )
        padded = len(record)
        table.rows.append(
            RawRow(
                number,
                {
                    name: tidied[name](record[place]) if place < padded else ""
                    for name, place in places.items()
                },
                tuple(cell for cell in record[len(header) :] if cell.strip()),
            )
        )
    if not table.rows:
        raise FileRefused("The file has a header and no row below it.")
    return table


def normal(header: str) -> str:
    """A header as it is compared: lower case, words divided by one space."""
    return " ".join(re.sub(r"[\W_]+", " ", cells.folded(header)).split())


def letters(place: int) -> str:
    """A column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _places(
    header: Sequence[str], columns: Sequence[Column], ignored: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    spelled = {
        normal(spelling): column.name
        for column in columns
        for spelling in (column.name, *column.aliases)
    }
    silent = {normal(name) for name in ignored}
    places: dict[str, int] = {}
    left_aside = []
    for place, title in enumerate(header):
        name = spelled.get(normal(title))
        if name is None:
            if title and normal(title) not in silent:
                left_aside.append(title)
        elif name in places:
            raise FileRefused(
                f"The column “{name}” is there twice: in {letters(places[name])} "
                f"(“{header[places[name]]}”) and in {letters(place)} (“{title}”). Take one out."
            )
        else:
            places[name] = place
    missing = [c.name for c in columns if c.required and c.name not in places]
    if missing:
        named = ", ".join(f"“{name}”" for name in missing)
        found = ", ".join(f"“{title}”" for title in header if title)
        raise FileRefused(
            f"{'These columns are' if len(missing) > 1 else 'This column is'} missing: {named}. "
            f"Found in the header: {found}."
        )
    return places, left_aside
