"""Reads the first sheet of an Excel workbook as rows of text, guarded against files made to swell."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from school.core.files import cells
from school.core.files.errors import FileRefused

# A workbook of 50,000 rows of staff unpacks to about 45 MB.
MAX_UNPACKED = 100 * 1024 * 1024
# What openpyxl and zipfile raise on a file that is damaged, or made to look so.
_BROKEN = (
    InvalidFileException, AttributeError, EOFError, LookupError, NotImplementedError, OSError, SyntaxError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# No sheet has more rows: who names one beyond would have millions of empty rows read before it.
LAST_ROW = 1_048_576
# The sheet on which exports of our own say what they hold.
ABOUT = "About"


def records(data: bytes, max_columns: int) -> tuple[Iterator[tuple[int, list[str]]], str]:
    """The rows of the first visible sheet with their numbers, formulas as last computed, and what was read.

    Raises FileRefused when this is no workbook or it unpacks to too much.
    """
    _guard(data)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts that it does not keep, such as pictures; only cells matter here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except _BROKEN:
        raise FileRefused(
            "The workbook is damaged and cannot be opened. Open it in Excel, save it again and send that."
        ) from None
    sheets = [
        sheet
        for sheet in book.worksheets
        if sheet.sheet_state == "visible" and sheet.title != ABOUT
    ]
    if not sheets:
        raise FileRefused("The workbook has no visible sheet with a table.")
    understood = f"Excel workbook, sheet “{sheets[0].title}”"
    if len(sheets) > 1:
        others = ", ".join(f"“{sheet.title}”" for sheet in sheets[1:])
        understood += f"; not read: {others}"
    return _rows(sheets[0], max_columns), understood


def _guard(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            # zipfile reads no more of a part than the size that is declared, so the sum can be trusted.
            unpacked = sum(part.file_size for part in parts)
    except zipfile.BadZipFile:
        raise FileRefused(
            "The workbook is damaged and cannot be opened. Open it in Excel, save it again and send that."
        ) from None
    if "xl/workbook.xml" not in names:
        raise FileRefused(
            "This is an archive and no Excel workbook. Save the table as .xlsx or as CSV, and send that."
        )
    if unpacked > MAX_UNPACKED:
        raise FileRefused(
            f"The workbook unpacks to {unpacked // 1024 // 1024:,} MB; "
            f"{MAX_UNPACKED // 1024 // 1024} MB is the most. Take out pictures and empty formatting, or divide it."
        )


def _rows(sheet: openpyxl.worksheet._read_only.ReadOnlyWorksheet, max_columns: int) -> Iterator[tuple[int, list[str]]]:  # fmt: skip
    # Some programs write a wrong size of the sheet; without it the rows themselves decide.
    sheet.reset_dimensions()
    try:
        for number, row in enumerate(
            sheet.iter_rows(max_col=max_columns, max_row=LAST_ROW, values_only=True), start=1
        ):
            if row.count(None) < len(row):
                yield number, [cells.text_of(value) for value in row]
    except _BROKEN:
        raise FileRefused(
            "The sheet is damaged and cannot be read to its end. Open the workbook in Excel, save it "
            "again and send that."
        ) from None
