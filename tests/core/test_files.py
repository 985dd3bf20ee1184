"""Reading files in, taking tables away, and what is made ready before a write."""

import csv
import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from school.core.files import cells, reading, workbook
from school.core.files.errors import FileRefused
from school.core.files.reading import Column
from school.core.files.writing import About, csv_chunks, harmless, table_response

COLUMNS = [Column("name", ("full name",)), Column("from"), Column("note", required=False)]
TEXT = "Full_Name,FROM,note\nZoë Ash,03/11/2026,“so”\n"


def xlsx(*rows: list[Any], title: str = "Staff") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rows_of(data: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in reading.read(data, COLUMNS).rows]


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        reading.read(data, COLUMNS)
    return refused.value.message


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_csv_is_read_the_same_in_each_encoding(codec: str, named: str) -> None:
    table = reading.read(TEXT.encode(codec), COLUMNS)
    assert table.understood == f"CSV in {named}, cells divided by commas"
    assert dict(table.rows[0].cells) == {"name": "Zoë Ash", "from": "03/11/2026", "note": "“so”"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found(delimiter: str) -> None:
    text = TEXT.replace(",", delimiter)
    assert rows_of(text.encode())[0][1]["from"] == "03/11/2026"


def test_unknown_encoding_is_refused() -> None:
    assert refusal("Full_Name,FROM\nJos\x81,1\n".encode("latin-1")) == (
        "The file's encoding is none of UTF-8, UTF-16 with its mark, and Windows-1252. "
        "In Excel, choose “CSV UTF-8” when saving, or send the workbook itself."
    )


def test_utf16_without_its_mark_is_refused() -> None:
    assert refusal(TEXT.encode("utf-16-le")).startswith("Line 1 holds the character 00")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "This is a PDF document."),
        (b"\xd0\xcf\x11\xe0rest", "This is a workbook in Excel's format of before 2007"),
        (b"   \n", "The file is empty."),
        (b"PK\x03\x04broken", "The workbook is damaged"),
        (b"name,from\n", "The file has a header and no row below it."),
        (b'name,from\n"Ann,1\n', "Row 2 cannot be read"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, said: str) -> None:
    assert refusal(data).startswith(said)


def test_missing_column_is_named_with_what_was_found() -> None:
    assert refusal(b"name;starts\nAnn;1\n") == (
        "This column is missing: “from”. Found in the header: “name”, “starts”."
    )


def test_column_there_twice_is_named_with_both_places() -> None:
    assert refusal(b"name,from,Full name\nA,B,C\n") == (
        "The column “name” is there twice: in A (“name”) and in C (“Full name”). Take one out."
    )


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    text = '# said by an export\n\nname,from\n"Ann\nBell",1\n\n,\nCora,2\n'
    assert [(number, row["name"]) for number, row in rows_of(text.encode())] == [
        (4, "Ann Bell"),
        (7, "Cora"),
    ]


def test_workbook_rows_are_numbered_as_shown_and_typed_cells_read_as_text() -> None:
    data = xlsx(["name", "from", "note"], ["Ann", date(2026, 11, 3), 7.5], [], ["Bea", "x", True])
    assert rows_of(data) == [
        (2, {"name": "Ann", "from": "2026-11-03", "note": "7.5"}),
        (4, {"name": "Bea", "from": "x", "note": "yes"}),
    ]


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        (0.9, "0%", "90%"),
        (1, "0.00%", "100%"),
        (-0.125, "0.0%;[Red]-0.0%", "-12.5%"),
        (90, '0" %"', "90%"),
        (90, r"0\ \%", "90%"),
        ("half", "0%", "half"),
        (0.9, "0.00", "0.9"),
    ],
)
def test_percentage_of_a_workbook_is_read_with_its_sign_as_in_csv(
    value: object, format: str, text: str
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "from", "note"])
    book.active.append(["Ann", value, None])
    book.active["B2"].number_format = format
    file = io.BytesIO()
    book.save(file)
    assert rows_of(file.getvalue())[0][1]["from"] == text


@pytest.mark.parametrize("value", [b"<v></v>", b"<v/>", b""])
def test_formula_without_its_result_is_refused(value: bytes) -> None:
    data = xlsx(["name", "from"], ["Ann", "=A1+1"])
    said = "B2 holds a formula whose result was not saved. Open the file in Excel or LibreOffice, save it, and bring it again."
    assert refusal(data) == said
    sheet = "xl/worksheets/sheet1.xml"
    cell = b'<c r="B2"><f>A1+1</f><v></v></c>'
    assert refusal(changed(sheet, cell, cell.replace(b"<v></v>", value), data)) == said


@pytest.mark.parametrize(
    ("kind", "value", "text"), [(b"n", b"8", "8"), (b"str", b"half", "half"), (b"str", b"", "")]
)
def test_formula_is_read_as_last_computed(kind: bytes, value: bytes, text: str) -> None:
    data = changed(
        "xl/worksheets/sheet1.xml",
        b'<c r="B2"><f>A1+1</f><v></v></c>',
        b'<c r="B2" t="%b"><f>A1+1</f><v>%b</v></c>' % (kind, value),
        xlsx(["name", "from"], ["Ann", "=A1+1"]),
    )
    assert rows_of(data) == [(2, {"name": "Ann", "from": text})]


@pytest.mark.parametrize(("asks", "refused"), [(b"1", True), (b"true", True), (b"0", False)])
def test_result_0_of_a_program_that_works_nothing_out_is_refused(
    asks: bytes, refused: bool
) -> None:
    data = changed(
        "xl/worksheets/sheet1.xml",
        b"<f>A1+1</f><v></v>",
        b"<f>A1+1</f><v>0</v>",
        xlsx(["name", "from"], ["Ann", "=A1+1"]),
    )
    data = changed("xl/workbook.xml", b'fullCalcOnLoad="1"', b'fullCalcOnLoad="%b"' % asks, data)
    if refused:
        assert refusal(data).startswith("B2 holds a formula whose result was not saved.")
    else:
        assert rows_of(data) == [(2, {"name": "Ann", "from": "0"})]


def test_percentage_is_no_number_but_may_be_a_share() -> None:
    with pytest.raises(ValueError, match="this is a percentage; write it as a plain number"):
        cells.decimal("90%")
    assert cells.share("80%") == cells.share("80 %") == cells.share("0.8") == Decimal("0.8")
    with pytest.raises(ValueError, match="this is not a number"):
        cells.share("full%")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (12345678.0, "12345678"),
        (0.1 + 0.2, "0.3"),
        (datetime(2026, 11, 3), "2026-11-03"),  # noqa: DTZ001  (a workbook's cells have no zone)
        (time(8, 30), "08:30"),
        (False, "no"),
    ],
)
def test_typed_cell_becomes_the_text_csv_has(value: object, text: str) -> None:
    assert cells.text_of(value) == text


def test_swelling_workbook_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b"\0" * (workbook.MAX_UNPACKED + 1))
    assert len(file.getvalue()) < 1_000_000
    assert refusal(file.getvalue()).startswith(
        "The workbook unpacks to 100 MB; 100 MB is the most."
    )


def changed(part: str, old: bytes, new: bytes, data: bytes = b"") -> bytes:
    """A workbook with other bytes in one of its parts."""
    made = io.BytesIO()
    data = data or xlsx(["name", "from"], ["Ann", 1])
    with (
        zipfile.ZipFile(io.BytesIO(data)) as sound,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in sound.namelist():
            held = sound.read(name)
            assert name != part or old in held
            other.writestr(name, held.replace(old, new) if name == part else held)
    return made.getvalue()


def test_row_far_below_all_others_is_not_waited_for() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    assert refusal(changed(sheet, b'r="2"', b'r="9999999999999"')).startswith(
        "The sheet names row 9,999,999,999,999, and no sheet has more than 1,048,576."
    )
    assert rows_of(changed(sheet, b'r="2"', b'r="60000"'))[0][0] == 60_000


def test_damaged_parts_of_a_workbook_are_refused() -> None:
    cut = bytearray(xlsx(["name", "from"], ["Ann", 1]))
    begins = cut.index(b"xl/workbook.xml") + 15
    cut[begins : begins + 40] = b"\xff" * 40
    packed = xlsx(["name", "from"], ["Ann", 1]).replace(b"\x08\x00", b"\x63\x00")
    styles = changed("xl/styles.xml", b'numFmtId="0"', b'numFmtId="none"')
    for data in (bytes(cut), packed, styles):
        assert refusal(data).startswith("The workbook is damaged")


def test_other_archive_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refusal(file.getvalue()).startswith("This is an archive and no Excel workbook.")


def test_fifty_thousand_rows_are_read_and_one_more_is_refused() -> None:
    lines = ["name,from\n", *(f"P{n},1\n" for n in range(reading.MAX_ROWS))]
    assert len(reading.read("".join(lines).encode(), COLUMNS).rows) == 50_000
    assert refusal("".join([*lines, "One more,1\n"]).encode()).startswith(
        "The file has 50,001 rows; 50,000 is the most."
    )


@pytest.mark.parametrize(
    "text",
    ["2026-11-03", "3 November 2026", "3 Nov 2026", "03/11/2026", "3/11/2026", "03-Nov-2026"],
)
def test_day_is_read_as_people_write_it(text: str) -> None:
    assert cells.day(text) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tuesday, 3 November 2026, 2:15 PM", date(2026, 11, 3)),
        ("Tuesday 3 November 2026 23:59", date(2026, 11, 3)),
        ("2026-11-03 14:15:59.123", date(2026, 11, 3)),
        ("03/11/2026 00:00", date(2026, 11, 3)),
        ("2026-06-03T23:30:00Z", date(2026, 6, 4)),
        ("2026-11-03T23:30:00Z", date(2026, 11, 3)),
        ("2026-11-03T00:30:00+01:00", date(2026, 11, 2)),
        ("2026-11-02 22:30 -0500", date(2026, 11, 3)),
        ("3 November 2026, 12:10 AM UTC", date(2026, 11, 3)),
    ],
)
def test_time_beside_a_day_is_passed_over_or_with_a_zone_says_londons_day(
    text: str, said: date
) -> None:
    assert cells.day(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/02/2026", "there is no such day in the calendar"),
        ("2026-02-29", "there is no such day in the calendar"),
        ("11/25/2026", "there is no month 25: dates with strokes are read as day/month/year"),
        ("3/11/26", f"the year needs four digits; write {cells.READABLE_DATES}"),
        (
            "3 November 2026, 13:15 PM",
            f"this cannot be read as a date; write {cells.READABLE_DATES}",
        ),
        ("Monday, 3 November 2026", "3 November 2026 is a Tuesday"),
        ("2026-11-03 24:01", f"this cannot be read as a date; write {cells.READABLE_DATES}"),
        ("soon", f"this cannot be read as a date; write {cells.READABLE_DATES}"),
        ("30-Nov-2228", "the year 2228 is not between 1900 and 2100"),
    ],
)
def test_impossible_day_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".*") as refused:
        cells.day(text)
    assert str(refused.value) == said


@pytest.mark.parametrize("text", ["1e999999", "NaN", "7,5", "٣", ""])
def test_number_is_written_with_digits_and_a_point(text: str) -> None:
    with pytest.raises(ValueError, match="this is not a number"):
        cells.decimal(text)


def parsed(chunks: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(chunks.decode("utf-8-sig"), newline="")))


@given(st.text())
def test_no_text_leaves_as_something_a_spreadsheet_runs(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip(" \xa0").startswith(cells.DANGEROUS)
    assert cell in (text, f"'{text}")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@example("\n")
@example("'=A1")
def test_text_comes_back_as_it_went_out(text: str) -> None:
    [_, _, row] = parsed(b"".join(csv_chunks(["a"], [[text]], About("T")))) or [[], [], [""]]
    assert cells.tidy(row[0]) == cells.tidy_words(text)


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_numbers_leave_untouched(number: Any) -> None:
    assert harmless(number) == str(number)


def test_csv_says_what_it_holds(time_machine: Any) -> None:
    time_machine.move_to("2026-11-21 10:15:00+00:00")
    about = About("Students", "behind plan", "15 hours under the plan")
    lines = parsed(b"".join(csv_chunks(["name", "hours"], [["=A1", -7.5], ["Zoë", None]], about)))
    assert lines == [
        [
            "# Table: Students · Filter: behind plan · Made: 21 November 2026, 10:15 "
            "· Definition: 15 hours under the plan"
        ],
        ["name", "hours"],
        ["'=A1", "-7.5"],
        ["Zoë", ""],
    ]


@pytest.mark.django_db
def test_table_is_taken_away_as_a_workbook(time_machine: Any) -> None:
    time_machine.move_to("2026-11-21 10:15:00+00:00")
    response = table_response(
        "Students",
        ["name", "on", "hours", "per cent"],
        [["=A1", date(2026, 11, 3), 7.5, Decimal("50.0")]],
        About("Students"),
        "xlsx",
    )
    assert response["Content-Disposition"] == 'attachment; filename="students-2026-11-21.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response)))  # type: ignore[call-overload]
    response.close()
    values = [[cell.value for cell in row] for row in book["Students"].iter_rows()]
    heads, row = values
    assert heads == ["name", "on", "hours", "per cent"]
    assert row == ["=A1", datetime(2026, 11, 3), 7.5, 50]  # noqa: DTZ001
    assert book["Students"]["D2"].number_format == "0.0"
    assert book["Students"]["A2"].data_type == "s"
    assert [row[1].value for row in book["About"].iter_rows()] == [
        "Students",
        "nothing left out",
        "21 November 2026, 10:15",
    ]


@pytest.mark.django_db
def test_workbook_of_ours_can_be_read_again() -> None:
    response = table_response(
        "P", ["name", "from"], [["-Ann", date(2026, 1, 2)]], About("P"), "xlsx"
    )
    data = b"".join(response)  # type: ignore[arg-type]
    response.close()
    assert rows_of(data) == [(2, {"name": "-Ann", "from": "2026-01-02"})]


def test_table_in_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="not as pdf"):
        table_response("P", ["name"], [], About("P"), "pdf")
