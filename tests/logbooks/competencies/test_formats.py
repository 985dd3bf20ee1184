"""Whatever framework there is: each format gives it back, or names what it cannot carry."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings

from logbooks.competencies import document as documents
from logbooks.competencies.document import ROLES, Competency, Document, Sort, bare
from logbooks.competencies.formats import FORMATS, own
from logbooks.competencies.formats.raw import Raw
from logbooks.competencies.formats.words import cleaned, decoded, has_html, shortened, slug
from logbooks.competencies.models import Role
from tests.logbooks.competencies.documents import again, raws, read, small

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
some = settings(max_examples=40)


@some
@given(raws())
def test_what_is_read_once_is_read_again_without_a_word(rows: list[Raw]) -> None:
    document = read(rows).document
    assume(document is not None)
    assert document is not None
    reading = again(document)
    assert reading.lines == ()
    assert reading.document == document
    assert documents.from_canonical(documents.canonical(document)) == document


@pytest.mark.parametrize("key", ["json", "csv", "case"])
@some
@given(rows=raws())
def test_format_that_loses_nothing_gives_the_framework_back(key: str, rows: list[Raw]) -> None:
    document = read(rows).document
    assume(document is not None)
    assert document is not None
    written = FORMATS[key].write(document, MOMENT)
    assert written.lines == ()
    reading = FORMATS[key].read(written.data)
    assert [line for line in reading.lines if line.sort != Sort.LOSS] == []
    assert reading.document is not None
    assert bare(reading.document) == document


def carried_by_moodle(document: Document) -> Document:
    """A document without what Moodle has no column for."""
    parts = tuple(
        dataclasses.replace(part, year=None, task="", counts=(), schedule_3=(), source="", kept="")
        if isinstance(part, Competency)
        else dataclasses.replace(part, kept="")
        for part in document.parts
    )
    return dataclasses.replace(document, parts=parts, kept="")


@some
@given(raws())
def test_moodle_gives_back_what_it_has_columns_for_and_names_the_rest(rows: list[Raw]) -> None:
    for raw in rows:
        raw.level = raw.level or "able"
    document = read(rows).document
    assume(document is not None)
    assert document is not None
    written = FORMATS["moodle"].write(document, MOMENT)
    reading = FORMATS["moodle"].read(written.data)
    assert reading.of(Sort.PROBLEM) == reading.of(Sort.REPAIR) == []
    assert reading.document is not None
    assert bare(reading.document) == carried_by_moodle(document)
    named = {line.name for line in written.lines}
    assert (carried_by_moodle(document) != document) == ("no-column" in named)


def test_losses_of_moodle_are_counted() -> None:
    written = FORMATS["moodle"].write(small(), MOMENT)
    assert [line.words for line in written.lines] == [
        "Moodle has no column for required counts (1 competencies).",
        "Moodle has no column for subjects of Schedule 3 (1 competencies).",
        "Moodle has no column for the source (1 competencies).",
    ]


def test_table_leaves_no_cell_that_a_spreadsheet_would_run() -> None:
    document = small(title="=cmd()", source="@x")
    data = FORMATS["csv"].write(document, MOMENT).data
    assert b",=cmd()" not in data
    assert b"'=cmd()" in data
    reading = FORMATS["csv"].read(data)
    assert reading.document == document


def test_table_written_by_hand_needs_neither_identifiers_nor_order() -> None:
    text = (
        "Kind;Code;In;Title;Level;Counts\n"
        "framework;mine;;Mine;;\n"
        "competency;A1;A;Does it;Can do;2 of any, observed\n"
        "group;A;;Group;;\n"
        "level;;;Can do;;\n"
    )
    reading = FORMATS["csv"].read(text.encode("cp1252"))
    assert [(line.name, line.where) for line in reading.lines] == [("no-source", "row 2")]
    reading = FORMATS["csv"].read(
        text.replace("Counts\n", "Counts;Source\n").replace("Mine;;\n", "Mine;;;us\n").encode()
    )
    assert reading.document is not None
    [competency] = reading.document.competencies
    assert (competency.level, competency.parent) == ("can-do", "A")
    assert documents.count_words(competency.counts) == "2 of any, observed"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"year": "9"}, "year"),
        ({"year": "9" * 5000}, "year"),
        ({"task": "two words"}, "task"),
        ({"level": "expert"}, "unknown-level"),
        ({"schedule_3": ["magic"]}, "unknown-subject"),
        ({"title": "", "code": ""}, "no-title"),
    ],
)
def test_entry_that_asks_for_what_is_not_there_is_refused(
    change: dict[str, object], name: str
) -> None:
    row = Raw(where="row 7", key="A1", code="A1", title="Does it")
    for field, value in change.items():
        setattr(row, field, value)
    reading = read([row])
    assert reading.document is None
    assert [(line.name, line.where) for line in reading.of(Sort.PROBLEM)] == [(name, "row 7")]


def test_framework_without_entries_and_one_with_too_many_are_refused() -> None:
    assert [line.name for line in read([]).lines] == ["empty"]
    many = [Raw(where="row", key=str(n), title="x") for n in range(documents.MOST_PARTS + 1)]
    assert [line.name for line in read(many).lines] == ["too-many"]


def test_group_that_holds_nothing_is_left_out_and_said() -> None:
    rows = [
        Raw(where="row 1", key="A", code="A", title="Empty", group=True),
        Raw(where="row 2", key="B", code="B", title="In the empty", parent="A", group=True),
        Raw(where="row 3", key="C", code="C", title="Full", group=True),
        Raw(where="row 4", key="C1", code="C1", title="Does it", parent="C", group=False),
    ]
    reading = read(rows)
    assert [(line.name, line.where) for line in reading.lines] == [
        ("empty-group", "row 2"),
        ("empty-group", "row 1"),
    ]
    assert reading.document is not None
    assert [part.code for part in reading.document.parts] == ["C", "C1"]


def test_repaired_name_is_free_among_all_that_stand_in_the_same_place() -> None:
    titles = ["Do", "do", "Do (A2)", "DO (A2, 2)", "do"]
    rows = [Raw(where="", key="A", code="A", title="Group")]
    for number, title in enumerate(titles, start=1):
        code = f"A{number}"
        rows.append(Raw(where=f"row {code}", key=code, code=code, title=title, parent="A"))
    reading = read(rows)
    assert reading.document is not None
    assert [part.title for part in reading.document.competencies] == [
        "Do",
        "do (A2, 3)",
        "Do (A2)",
        "DO (A2, 2)",
        "do (A5)",
    ]
    assert again(reading.document).lines == ()


def test_roles_are_those_of_the_log() -> None:
    assert list(ROLES) == Role.values


def test_changes_between_two_documents_are_told_part_by_part() -> None:
    before = small()
    new = Competency(before.identifier, "B2", "Keeps it", "B")
    after = documents.added(documents.without(before, "A1"), new)
    after = documents.replaced(
        after, "B1", dataclasses.replace(after.competencies[0], title="Writes")
    )
    found = documents.changes(before, after)
    assert [part.code for part in found.added] == ["B2"]
    assert [(old.title, part.title) for old, part in found.changed] == [
        ("Writes it down", "Writes")
    ]
    assert [part.code for part in found.removed] == ["A1"]
    assert not documents.changes(before, before)


def test_competency_that_moves_stands_last_in_its_group() -> None:
    before = small()
    moved = dataclasses.replace(before.competencies[0], parent="B")
    after = documents.replaced(before, "A1", moved)
    assert [part.code for part in after.parts] == ["A", "B", "B1", "A1"]


@pytest.mark.parametrize(
    ("html", "words", "names"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo", ["html"]),
        ("&lt;b&gt;x&lt;/b&gt;", "x", ["html"]),
        ("under 5 % and p < 0.05, R&D", "under 5 % and p < 0.05, R&D", []),
        ("AT&T; R&D;", "AT&T; R&D;", []),
        ("&" + "amp;" * 9 + "lt;b&gt;x", "＆amp;amp;amp;lt;b>x", ["html"]),
        ("<!-- hidden", "hidden", ["html"]),
        ("a\r\nb", "a\nb", ["line-ends"]),
        ("a \n\n\n\n b", "a\n\nb", ["spaces"]),
        ("<style>p{}</style>Seen", "Seen", ["html"]),
    ],
)
def test_words_are_made_plain(html: str, words: str, names: list[str]) -> None:
    told: list[str] = []
    assert cleaned(html, lambda name, _: told.append(name), lines=True) == words
    assert told == names
    assert not has_html(words)


def test_files_in_no_encoding_of_text_are_not_read() -> None:
    assert decoded(b"\x81", lambda *_: None) is None
    assert decoded(b"\xff\xfe\x00", lambda *_: None) is None
    assert decoded("é".encode("utf-16"), lambda *_: None) == "é"


def test_texts_are_cut_at_a_word_and_codes_are_plain() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("onetwothree", 6) == "onetw…"
    assert slug("Ärzte & Café", 60) == "arzte-cafe"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty"),
        (b"kind,title\n", "columns"),
        (b"kind,code,in,title,code\nframework,a,,A,\n", "columns"),
        (b"kind,code,in,title\nframework,a,,A\nframework,b,,B\n", "no-framework-row"),
        (b"kind,code,in,title\nthing,a,,A\n", "kind"),
        (b'kind,code,in,title\n"x', "format"),
    ],
)
def test_table_that_is_none_is_refused_with_a_name(data: bytes, name: str) -> None:
    reading = FORMATS["csv"].read(data)
    assert reading.document is None
    assert name in [line.name for line in reading.of(Sort.PROBLEM)]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": "framework", "parts": 1}'])
def test_json_that_is_no_framework_is_refused(data: bytes) -> None:
    assert own.read_json(data).document is None
