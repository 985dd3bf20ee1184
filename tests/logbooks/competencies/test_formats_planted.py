"""A framework of 300 competencies from another system, with faults: each named, and the file after the repairs given back."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from logbooks.competencies.document import Reading, Sort, bare
from logbooks.competencies.formats import case, moodle
from tests.logbooks.competencies import planted

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def repairs(reading: Reading) -> dict[str, int]:
    """How often each repair was told."""
    return dict(Counter(line.name for line in reading.of(Sort.REPAIR)))


def test_sound_case_file_comes_back_as_it_went() -> None:
    package = planted.case_package()
    reading = case.read(planted.as_bytes(package))
    assert [line for line in reading.lines if line.sort != Sort.LOSS] == []
    assert reading.document is not None
    assert len(reading.document.competencies) == 300
    exported = json.loads(case.write(reading.document, MOMENT).data)
    assert planted.sorted_case(exported) == planted.sorted_case(package)


def test_case_file_with_faults_is_given_back_after_the_repairs_named() -> None:
    made = planted.planted_case()
    reading = case.read(planted.as_bytes(made.came))
    assert reading.of(Sort.PROBLEM) == []
    assert repairs(reading) == made.repairs
    assert reading.document is not None
    written = case.write(reading.document, MOMENT)
    exported = json.loads(written.data)
    planted.mended_orphan(made, exported)
    assert planted.sorted_case(exported) == planted.sorted_case(made.mended)
    again = case.read(written.data)
    assert repairs(again) == {}
    assert again.document is not None
    assert bare(again.document) == bare(reading.document)
    assert json.loads(case.write(again.document, MOMENT).data) == exported


def test_each_repair_says_where_it_is() -> None:
    reading = case.read(planted.as_bytes(planted.planted_case().came))
    told = {line.name: (line.where, line.words) for line in reading.of(Sort.REPAIR)}
    assert told["duplicate-code"] == (
        "CFItems 3 (G1.1)",
        "It has the code “G1.1” of CFItems 2 (G1.1), and is here called “G1.1-2”.",
    )
    assert told["orphan"][0] == "CFItems 164 (G7.7)"
    assert told["second-parent"][0] == "CFAssociations 314"


def test_item_without_a_place_stands_at_the_top_with_all_that_is_in_it() -> None:
    package = planted.case_package()
    group = planted.key("g", 2)
    package["CFAssociations"] = [
        place
        for place in package["CFAssociations"]
        if place["originNodeURI"]["identifier"] != group
    ]
    reading = case.read(planted.as_bytes(package))
    [line] = reading.of(Sort.REPAIR)
    assert (line.name, line.words) == (
        "no-place",
        "No isChildOf says where it stands: it stands at the top.",
    )
    assert reading.document is not None
    [found] = [part for part in reading.document.parts if str(part.identifier) == group]
    assert found.parent == ""
    assert len(reading.document.groups) == len(case.read(planted.as_bytes(planted.case_package())).document.groups)  # type: ignore[union-attr]  # fmt: skip
    assert repairs(case.read(case.write(reading.document, MOMENT).data)) == {}


def test_case_file_in_windows_1252_is_read_and_said() -> None:
    package = planted.case_package()
    package["CFDocument"]["title"] = "Café standards – nuclear"
    reading = case.read(planted.as_bytes(package, "cp1252"))
    assert reading.document is not None
    assert reading.document.title == "Café standards – nuclear"
    assert repairs(reading) == {"encoding": 1}


def test_byte_order_mark_and_wrapper_are_said() -> None:
    package = {"CFPackage": planted.case_package()}
    reading = case.read(b"\xef\xbb\xbf" + planted.as_bytes(package))
    assert reading.document is not None
    assert repairs(reading) == {"byte-order-mark": 1, "wrapper": 1}


def cycle(package: dict[str, Any]) -> None:
    """Puts the first two groups into each other."""
    first, second = planted.key("g", 1), planted.key("g", 2)
    for place in package["CFAssociations"]:
        origin = place["originNodeURI"]["identifier"]
        if origin in (first, second):
            other = second if origin == first else first
            place["destinationNodeURI"] = planted.case_node(other, "CFItem")


def twice(package: dict[str, Any]) -> None:
    """Puts an item in twice."""
    package["CFItems"].append(dict(package["CFItems"][5]))


def other_level(package: dict[str, Any]) -> None:
    """Asks for a level that there is none of."""
    package["CFItems"][3]["extensions"] = {case.OURS: {"level": "expert"}}


def other_role(package: dict[str, Any]) -> None:
    """Counts examinations in a role that there is none of."""
    package["CFItems"][3]["extensions"] = {case.OURS: {"counts": [{"number": 1, "role": "slept"}]}}


def no_text(package: dict[str, Any]) -> None:
    """Has a list where a text belongs."""
    package["CFItems"][3]["fullStatement"] = ["a", "b"]


@pytest.mark.parametrize(
    ("fault", "name", "where"),
    [
        (cycle, "cycle", "CFItems 1 (G1)"),
        (twice, "duplicate-identifier", "CFItems 313 (G1.5)"),
        (other_level, "unknown-level", "CFItems 4 (G1.3)"),
        (other_role, "unknown-role", "CFItems 4 (G1.3)"),
        (no_text, "not-text", "CFItems 4 (G1.3)"),
    ],
)
def test_what_only_a_person_can_mend_is_refused(fault: Any, name: str, where: str) -> None:
    package = planted.case_package()
    fault(package)
    reading = case.read(planted.as_bytes(package))
    assert reading.document is None
    assert (name, where) in [(line.name, line.where) for line in reading.of(Sort.PROBLEM)]


def test_cycle_names_what_is_in_it() -> None:
    package = planted.case_package()
    cycle(package)
    [line] = case.read(planted.as_bytes(package)).of(Sort.PROBLEM)
    assert line.words == "It is in itself: “G1” in “G2” in “G1”. Take one of these links out."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1]",
        b"null",
        b'{"CFDocument": {}}',
        b"\x81\x8d",
        b"[" * 100_000,
        b'{"a": "\\ud800"}',
        b"PK\x03\x04",
    ],
)
def test_what_is_no_case_file_is_refused_with_a_name(data: bytes) -> None:
    reading = case.read(data)
    assert reading.document is None
    assert {line.name for line in reading.of(Sort.PROBLEM)} <= {"format", "encoding", "empty"}
    assert reading.of(Sort.PROBLEM)


def test_sound_moodle_file_comes_back_as_it_went() -> None:
    rows = planted.moodle_rows()
    reading = moodle.read(planted.moodle_bytes(rows))
    assert repairs(reading) == {}
    assert reading.document is not None
    assert len(reading.document.competencies) == 300
    assert planted.moodle_table(moodle.write(reading.document).data) == rows


def test_moodle_file_with_faults_is_given_back_after_the_repairs_named() -> None:
    made = planted.planted_moodle()
    reading = moodle.read(planted.moodle_bytes(made.came))
    assert reading.of(Sort.PROBLEM) == []
    assert repairs(reading) == made.repairs
    assert reading.document is not None
    written = moodle.write(reading.document)
    exported = planted.moodle_table(written.data)
    for row, wanted in zip(exported, made.mended, strict=True):
        if wanted["exported"] == "?":
            row["exported"] = "?"
    assert exported == made.mended
    again = moodle.read(written.data)
    assert again.document == reading.document
    assert repairs(again) == {}


def test_moodle_file_in_windows_1252_with_other_headings_is_read_and_said() -> None:
    rows = planted.moodle_rows()
    rows[0]["name"] = "Compétences"
    text = planted.moodle_bytes(rows).decode()
    header, rest = text.split("\r\n", 1)
    columns = ";".join(f"Colonne {n}" for n in range(14)).replace(";", ",")
    reading = moodle.read(f"{columns}\r\n{rest}".encode("cp1252"))
    assert reading.document is not None
    assert reading.document.title == "Compétences"
    assert repairs(reading) == {"encoding": 1, "columns": 1}
    assert header.count(",") == 13


def test_moodle_headings_may_be_spelled_as_its_own_fixture_spells_them() -> None:
    text = planted.moodle_bytes(planted.moodle_rows()).decode()
    for spelled, other in (
        ("Parent ID number", "Parent id number"),
        ("Short name", "Shortname"),
        ("Cross-referenced competency ID numbers", "Cross referenced competency id numbers"),
    ):
        text = text.replace(spelled, other, 1)
    assert repairs(moodle.read(text.encode())) == {}


def test_moodle_parents_that_two_rows_are_called_is_refused() -> None:
    rows = planted.moodle_rows()
    next(row for row in rows if row["id"] == "G2")["id"] = "G1"
    reading = moodle.read(planted.moodle_bytes(rows))
    assert reading.document is None
    assert [line.name for line in reading.of(Sort.PROBLEM)] == ["duplicate-code"]


@pytest.mark.parametrize(
    ("row", "names"), [("", ["no-framework-row"]), ("1", ["no-framework-row"])]
)
def test_moodle_file_needs_one_row_for_the_framework(row: str, names: list[str]) -> None:
    rows = planted.moodle_rows()
    rows[0]["framework"], rows[1]["framework"] = row, row
    reading = moodle.read(planted.moodle_bytes(rows))
    assert [line.name for line in reading.of(Sort.PROBLEM)] == names


def test_moodle_file_that_is_not_closed_is_refused() -> None:
    reading = moodle.read(planted.moodle_bytes(planted.moodle_rows())[:-2] + b'\r\nG1,"x')
    assert reading.document is None
    assert "format" in [line.name for line in reading.of(Sort.PROBLEM)]


def test_own_scale_of_a_moodle_row_is_kept_and_said() -> None:
    rows = planted.moodle_rows()
    rows[2] |= {"scale": "Red,Amber,Green", "config": '[{"scaleid":"9"},{"id":3,"proficient":1}]'}
    reading = moodle.read(planted.moodle_bytes(rows))
    assert [line.where for line in reading.lines if line.name == "scale"] == ["row 4 (G1.1)"]
    assert reading.document is not None
    assert planted.moodle_table(moodle.write(reading.document).data) == rows
