"""Reads the first sheet of an Excel workbook as rows of text, guarded against files made to swell."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from school.core.files import cells
from school.core.files.errors import FileRefused

# A workbook of 50,000 rows of staff unpacks to about 45 MB.
MAX_UNPACKED = 100 * 1024 * 1024
# What openpyxl and zipfile raise on a file that is damaged, or made to look so.
_BROKEN = (
    InvalidFileException, AttributeError, EOFError, LookupError, NotImplementedError, OSError, SyntaxError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# No sheet has more rows.
LAST_ROW = 1_048_576
_UNSETTLED = re.compile(rb"""<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad=["'](?:1|true)["']""")
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
        percentages = _percentages(book)
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
    return _rows(sheets[0], percentages, max_columns), understood


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


def _percentages(book: openpyxl.Workbook) -> dict[int, int]:
    """The styles that show a number with a percent sign, and by how much they multiply it: not, where the sign is only a word."""
    found = {}
    for style, format in enumerate(book._cell_styles):
        number = format.numFmtId
        own = number - BUILTIN_FORMATS_MAX_SIZE
        code = book._number_formats[own] if own >= 0 else BUILTIN_FORMATS.get(number, "")
        if "%" in code:
            found[style] = 100 if "%" in re.sub(r'"[^"]*"|\\.', "", code) else 1
    return found


def _is_unsettled(book: openpyxl.Workbook) -> bool:
    """Whether the workbook asks that all formulas are worked out anew when it is opened."""
    parts = [one for one in book._archive.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", one)]
    return any(_UNSETTLED.search(book._archive.read(one)) for one in parts)


class _Parser(WorkSheetParser):
    """Reads cells as openpyxl does, but a percentage as the text that CSV has, and no formula without its result."""

    def __init__(
        self, percentages: dict[int, int], unsettled: bool, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._percentages, self._unsettled = percentages, unsettled

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if element.find(FORMULA_TAG) is not None and self._lacks_result(cell["value"], element):
            raise FileRefused(
                f"{get_column_letter(cell['column'])}{cell['row']} holds a formula whose result was not saved. "
                "Open the file in Excel or LibreOffice, save it, and bring it again."
            )
        if cell["style_id"] in self._percentages and type(cell["value"]) in (int, float):
            shown = Decimal(cells.text_of(cell["value"])) * self._percentages[cell["style_id"]]
            cell["value"] = f"{shown.normalize():f}%"
        return cell

    def _lacks_result(self, value: Any, element: Any) -> bool:
        if value is None:
            # An empty text is a result too.
            return element.get("t") != "str" or element.find(VALUE_TAG) is None
        # Programs that cannot work it out write 0, and ask whoever opens the workbook to do so.
        return self._unsettled and value == 0


def _rows(
    sheet: openpyxl.worksheet._read_only.ReadOnlyWorksheet,
    percentages: dict[int, int],
    max_columns: int,
) -> Iterator[tuple[int, list[str]]]:
    book = sheet.parent
    try:
        with sheet._get_source() as source:
            parser = _Parser(
                percentages,
                _is_unsettled(book),
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, row in parser.parse():
                if number > LAST_ROW:
                    raise FileRefused(
                        f"The sheet names row {number:,}, and no sheet has more than {LAST_ROW:,}. "
                        "Open the workbook in Excel or LibreOffice, save it, and bring it again."
                    )
                held = {cell["column"]: cell["value"] for cell in row if cell["value"] is not None}
                if held:
                    last = min(max(held), max_columns)
                    yield number, [cells.text_of(held.get(n)) for n in range(1, last + 1)]
    except _BROKEN:
        raise FileRefused(
            "The sheet is damaged and cannot be read to its end. Open the workbook in Excel, save it "
            "again and send that."
        ) from None
