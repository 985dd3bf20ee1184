"""The file of marks: what it may look like, and what is said of one that is wrong."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from logbooks.osces import mark_file
from school.core.files.errors import FileRefused
from tests.logbooks.osces.examples import OSCE, osce

HEAD = "candidate,circuit,station,examiner,max_mark,mark,grade"


def read(*lines: str, head: str = HEAD) -> mark_file.MarkFile:
    return mark_file.read("\n".join([head, *lines]).encode())


def sentences(*lines: str) -> list[str]:
    found = read(*lines)
    assert found.marks == ()
    return [finding.sentence for finding in found.findings]


def as_workbook(path: Path) -> bytes:
    book = Workbook()
    for line in path.read_text().splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_example_is_read_as_it_is() -> None:
    found = mark_file.read(OSCE.read_bytes())
    assert (list(found.marks), found.findings, found.left_aside) == (osce(), (), ())


def test_workbook_is_read_as_the_same_marks() -> None:
    assert mark_file.read(as_workbook(OSCE)).marks == mark_file.read(OSCE.read_bytes()).marks


def test_mark_shown_in_percent_is_refused_in_a_workbook_as_in_csv() -> None:
    book = Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(["C1", "A", "S1", "E", 20, 0.9, 3])
    book.active["F2"].number_format = "0%"
    stream = io.BytesIO()
    book.save(stream)
    [finding] = mark_file.read(stream.getvalue()).findings
    assert [finding.sentence] == sentences("C1,A,S1,E,20,90%,3")
    assert finding.sentence == (
        "Row 2, column “mark”, value “90%”: this is a percentage; write it as a plain number, "
        "such as 7.5. Correct the cell."
    )


def test_headers_are_known_in_any_case_and_order() -> None:
    found = read("3,7.5,20,S1,E,A,C1", head="Global Grade,MARK,Max Mark,Station,Examiner,Circuit,Candidate")  # fmt: skip
    [mark] = found.marks
    assert (mark.candidate, mark.circuit, mark.grade, str(mark.mark)) == ("C1", "A", 3, "15/2")


def test_empty_mark_is_missing_and_zero_is_a_mark() -> None:
    found = read("C1,A,S1,E,20,,3", "C2,A,S1,E,20,0,")
    assert [(one.mark, one.grade) for one in found.marks] == [(None, 3), (0, None)]


def test_mark_out_of_range_is_refused_by_row() -> None:
    assert sentences("C1,A,S1,E,20,20,3", "C2,A,S1,E,20,20.5,3", "C3,A,S1,E,20,-1,3") == [
        "Row 3, column “mark”, value “20.5”: the mark is outside 0 to 20. "
        "Correct the mark, or leave the cell empty when there is none.",
        "Row 4, column “mark”, value “-1”: the mark is outside 0 to 20. "
        "Correct the mark, or leave the cell empty when there is none.",
    ]


def test_candidate_twice_at_a_station_names_both_rows() -> None:
    said = sentences("C1,A,S1,E,20,5,3", "C2,A,S1,E,20,5,3", "C1,A,S1,E,20,6,3")
    assert said == [
        "Row 2, column “mark”, value “5”: row 4 is for the same candidate and station and says “6”. "
        "Keep one of the two rows.",
        "Row 4, column “mark”, value “6”: row 2 is for the same candidate and station and says “5”. "
        "Keep one of the two rows.",
    ]


def test_station_with_two_maxima_names_both_rows() -> None:
    said = sentences("C1,A,S1,E,20,5,3", "C2,A,S1,E,25,5,3")
    assert said[0] == (
        "Row 2, column “max mark”, value “20”: row 3 is for the same station and says “25”. "
        "Make the rows agree."
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("c1,A,S2,E,20,6,3", "column “candidate”, value “C1”: row 3 is for the same candidate and says “c1”"),
        ("C2,a,S1,E,20,6,3", "column “circuit”, value “A”: row 3 is for the same circuit and says “a”"),
        ("C2,A,s1,E,20,6,3", "column “station”, value “S1”: row 3 is for the same station and says “s1”"),
        ("C2,A,S1,e,20,6,3", "column “examiner”, value “E”: row 3 is for the same examiner and says “e”"),
    ],
)  # fmt: skip
def test_name_in_other_capitals_is_not_counted_as_another(other: str, said: str) -> None:
    assert sentences("C1,A,S1,E,20,5,3", other)[0] == f"Row 2, {said}. Make the rows agree."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("C1,A,S1,E,20,absent,3", "this is not a number"),
        ("C1,A,S1,E,20,12,good", "this is not a number"),
        ("C1,A,S1,E,0,0,3", "a maximum is above 0"),
        ("C1,A,,E,20,12,3", "this is empty. Fill it in."),
        (",A,S1,E,20,12,3", "this is empty. Fill it in."),
        ("C1,A,S1,E,,12,3", "this is empty. Fill it in."),
        ("C1,A,S1,E,20,12,3,7", "the row has more cells than the header"),
    ],
)
def test_wrong_cell_is_named_with_what_to_do(line: str, words: str) -> None:
    [said] = sentences(line)
    assert said.startswith("Row 2")
    assert words in said


def test_decimal_commas_are_said_once_for_the_file() -> None:
    head, rows = HEAD.replace(",", ";"), ["C1;A;S1;E;20;7,5;3", "C2;A;S1;E;20;8,25;3"]
    with pytest.raises(FileRefused, match=r"decimal comma\. Save the file with a decimal point"):
        read(*rows, head=head)
    assert len(read(*rows, "C3;A;S1;E;20;absent;3", head=head).findings) == 3


def test_missing_columns_are_named() -> None:
    with pytest.raises(FileRefused, match="These columns are missing: “mark”, “grade”"):
        read("C1,A,S1,E,20", head="candidate,circuit,station,examiner,max_mark")


def test_other_columns_are_left_aside() -> None:
    found = read("C1,A,S1,E,20,5,3,hm,North", head=f"{HEAD},remark,site")
    assert (found.left_aside, found.marks[0].site) == (("remark",), "North")
