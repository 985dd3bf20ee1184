"""Files of other tools: guessed or said, looked at, written once, whole or not at all."""

import csv
import io
import random
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.db import transaction

from logbooks.cpd import files
from logbooks.cpd.actions import importing
from logbooks.cpd.actions.activities import Entered, change_activity, take_back
from logbooks.cpd.actions.importing import Looked, keep_file, look, say_columns, write_file
from logbooks.cpd.importing import mapping
from logbooks.cpd.importing.mapping import Asked
from logbooks.cpd.leaving import paper
from logbooks.cpd.leaving.gathered import record_of
from logbooks.cpd.models import Activity, ImportedFile
from school.core import documents
from school.core.errors import DomainError, NotAllowed
from school.core.files.errors import FileRefused
from school.core.files.fates import Fate
from school.core.files.reading import normal
from school.people.models import Person
from tests import records
from tests.logbooks.cpd.leaving import made

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
NHS_NUMBER = "943 476 5919"
HEADS = ["Activity title", "Start date", "End date", "Hours", "Activity type", "Description"]
ROWS = [
    ["Journal club", "3/3/2026", "", "1.5", "Self-directed", "Uptake time"],
    ["PET physics day", "2026-04-01", "2026-04-02", "12", "Formal/educational", "Two\n\nparagraphs"],
    ["Audit", "5 May 2026", "", "90 min", "Work-based learning", ""],
]  # fmt: skip


@pytest.fixture(autouse=True)
def folders(settings: LazySettings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def alice() -> Person:
    return records.person()


def table(rows: list[list[str]] | None = None, heads: list[str] | None = None, **how: Any) -> bytes:
    """A CSV file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=how.get("delimiter", ","))
    writer.writerows([heads or HEADS, *(ROWS if rows is None else rows)])
    return buffer.getvalue().encode(how.get("encoding", "utf-8"))


def workbook() -> bytes:
    """The same rows as a workbook with typed cells."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(HEADS)
    sheet.append(
        ["Journal club", datetime(2026, 3, 3), None, 1.5, "Self-directed", "Uptake time"]  # noqa: DTZ001  (a cell has no zone)
    )
    sheet.append(["PET physics day", datetime(2026, 4, 1), datetime(2026, 4, 2), 12, *ROWS[1][4:]])  # noqa: DTZ001
    sheet.append(ROWS[2])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def kept(person: Person, data: bytes, name: str = "cpd.csv") -> ImportedFile:
    """A file that needs nothing to be said."""
    file, whole = keep_file(by=person, name=name, data=data)
    assert whole
    return file


def looked(person: Person, data: bytes) -> Looked:
    return look(by=person, file=kept(person, data), data=data)


def written(person: Person, data: bytes, **more: bool) -> Any:
    said = {"without_refused": False, "words_checked": False, **more}
    return write_file(by=person, file=kept(person, data), data=data, **said)


def fates(person: Person, data: bytes) -> list[str]:
    return [str(fate) for _, fate in sorted(looked(person, data).report.fates.items())]


def content(person: Person) -> list[tuple[Any, ...]]:
    names = ("title", "starts_on", "ends_on", "minutes", "learning", "learned", "uuid")
    return sorted(Activity.objects.filter(person=person).values_list(*names))


def test_file_of_known_columns_is_read_without_a_question(alice: Person) -> None:
    report = written(alice, table())
    assert report.outcome() == "Written: 3 rows."
    assert [row[:6] for row in content(alice)] == [
        ("Audit", date(2026, 5, 5), date(2026, 5, 5), 90, "work-based", ""),
        ("Journal club", date(2026, 3, 3), date(2026, 3, 3), 90, "self-directed", "Uptake time"),
        ("PET physics day", date(2026, 4, 1), date(2026, 4, 2), 720, "formal", "Two\n\nparagraphs"),
    ]
    file = ImportedFile.objects.get()
    assert file.written_at is not None
    assert not documents.path_of(files.IMPORTS_FOLDER, str(file.uuid)).exists()
    one = Activity.objects.get(title="Audit")
    assert one.history.count() == 1  # type: ignore[attr-defined]


def test_who_knows_person_day_and_title_works_out_no_reference(
    alice: Person, settings: LazySettings
) -> None:
    found = []
    for secret in ("one", "one", "two"):
        settings.SECRET_KEY = secret
        with transaction.atomic():
            written(alice, table())
            found.append({row[-1] for row in content(alice)})
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0].isdisjoint(found[2])


def test_order_encoding_and_form_of_the_file_change_nothing(alice: Person) -> None:
    written(alice, table())
    first = content(alice)
    shuffled = ROWS[:]
    random.Random(3).shuffle(shuffled)
    for data in (
        table(),
        table(shuffled),
        table(encoding="utf-16"),
        table(encoding="utf-8-sig", delimiter=";"),
        table(delimiter="\t", encoding="cp1252"),
        workbook(),
    ):
        assert fates(alice, data) == ["same"] * 3
    assert content(alice) == first


def test_workbook_makes_what_the_table_makes(alice: Person) -> None:
    bo = records.person("Bo")
    written(alice, table())
    written(bo, workbook())
    assert [row[:6] for row in content(alice)] == [row[:6] for row in content(bo)]


def test_spelling_of_a_title_makes_no_other_activity(alice: Person) -> None:
    made.activity(alice, "journal  CLUB", starts_on=date(2026, 3, 3), learning="self-directed")
    assert fates(alice, table()) == ["same", "new", "new"]


def test_activity_of_another_length_or_type_waits_and_stays(alice: Person) -> None:
    made.activity(alice, "Journal club", learning="self-directed", minutes=30)
    made.activity(alice, "Audit", learning="other", starts_on=date(2026, 5, 5), ends_on=date(2026, 5, 5))  # fmt: skip
    report = written(alice, table())
    assert report.counts == {Fate.NEW: 1, Fate.SAME: 0, Fate.CHANGED: 0, Fate.WAITS: 2, Fate.REFUSED: 0}  # fmt: skip
    assert {f.reason for f in report.findings} == {"it is here with another type or length"}
    assert Activity.objects.get(title="Journal club").minutes == 30


def test_what_was_taken_back_or_called_otherwise_since_is_not_written_again(alice: Person) -> None:
    written(alice, table())
    take_back(by=alice, activity=Activity.objects.get(title="Audit"))
    club = Activity.objects.get(title="Journal club")
    entered = Entered(title="Reading group", learning="self-directed", starts_on=club.starts_on, ends_on=club.ends_on, minutes=90)  # fmt: skip
    change_activity(by=alice, activity=club, entered=entered, seen=1)
    found = looked(alice, table())
    assert [finding.reason for finding in found.report.ordered_findings()] == [
        "you changed it here since it was brought",
        "you took it back here",
    ]
    assert found.report.to_write == 0


def test_file_sent_twice_doubles_nothing(alice: Person) -> None:
    first, second = kept(alice, table()), kept(alice, table())
    for file in (first, second):
        write_file(by=alice, file=file, data=table(), without_refused=False, words_checked=False)
    assert Activity.objects.count() == 3
    with pytest.raises(DomainError, match="written already"):
        write_file(by=alice, file=first, data=table(), without_refused=False, words_checked=False)


def test_rows_of_one_day_and_title_agree_or_are_refused(alice: Person) -> None:
    assert fates(alice, table([*ROWS, ROWS[0]])) == ["new", "new", "new", "same"]
    louder = [ROWS[0][0].upper(), *ROWS[0][1:]]
    assert fates(alice, table([*ROWS, louder])) == ["new", "new", "new", "same"]
    other = [*ROWS[0][:3], "2", *ROWS[0][4:]]
    assert fates(alice, table([*ROWS, other])) == ["refused", "new", "new", "refused"]


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        (0, "", "this is empty"),
        (0, "x" * 201, "this has 201 characters"),
        (0, f"Scan of {NHS_NUMBER}", "is an NHS number"),
        (1, "12/31/2026", "there is no month 31"),
        (1, "1/1/2099", "this day is to come"),
        (2, "1/1/2099", "this day is to come"),
        (2, "1/1/2020", "the last day is before the first"),
        (3, "a while", "this is no length of time"),
        (3, "99999", "longer than a year"),
        (5, f"Their number is {NHS_NUMBER}", "is an NHS number"),
    ],
)
def test_row_that_cannot_be_used_is_refused_at_its_cell(
    alice: Person, place: int, cell: str, reason: str
) -> None:
    bad = [*ROWS[0][:place], cell, *ROWS[0][place + 1 :]]
    data = table([bad, *ROWS[1:]])
    [finding] = looked(alice, data).report.findings
    assert (finding.number, finding.column) == (2, HEADS[place])
    assert reason in finding.reason
    assert not written(alice, data).written
    assert not Activity.objects.exists()
    report = written(alice, data, without_refused=True)
    assert (report.to_write, Activity.objects.count()) == (2, 2)


def test_words_that_may_point_to_a_patient_are_answered_before_anything_is_written(
    alice: Person,
) -> None:
    data = table([[*ROWS[0][:5], "Mrs Brown was born on 3 May 1950"], *ROWS[1:]])
    assert [one.number for one in looked(alice, data).warnings] == [2, 2]
    with pytest.raises(DomainError) as refused:
        written(alice, data)
    assert refused.value.field == "words_checked"
    assert not Activity.objects.exists()
    assert written(alice, data, words_checked=True).written


def test_words_of_what_is_here_already_are_not_asked_about_again(alice: Person) -> None:
    data = table([[*ROWS[0][:5], "Mrs Brown came"]])
    written(alice, data, words_checked=True)
    assert looked(alice, data).warnings == []


def test_empty_or_no_length_is_none(alice: Person) -> None:
    written(alice, table([[*ROWS[0][:3], "0", *ROWS[0][4:]], [*ROWS[1][:3], "", *ROWS[1][4:]]]))
    assert set(Activity.objects.values_list("minutes", flat=True)) == {None}


OTHER = ["What", "When", "Duration", "Kind", "Notes"]
MINE = [["Talk", "2026-02-02", "2", "webinar", "a"], ["Book", "2026-02-03", "1", "", "b"]]


def test_unknown_headings_are_asked_about_once(alice: Person) -> None:
    data = table(MINE, OTHER)
    file, whole = keep_file(by=alice, name="other.csv", data=data)
    assert not whole
    # A number alone may be hours or minutes, which nobody guesses.
    assert file.columns == {"learned": "Notes"}
    asked = Asked(
        {"title": "What", "starts": "When", "minutes": "Duration", "learning": "Kind"},
        {"webinar": "formal", "": "self-directed"},
    )
    file = say_columns(by=alice, file=file, asked=asked)
    write_file(by=alice, file=file, data=data, without_refused=False, words_checked=False)
    assert [row[3:5] for row in content(alice)] == [(1, "self-directed"), (2, "formal")]
    later = table([*MINE, ["Talk", "2026-06-02", "3", "Webinar", "a"]], OTHER)
    assert fates(alice, later) == ["same", "same", "new"]
    # A new word of the same headings is asked about, and nobody else's mapping is used.
    _, whole = keep_file(by=alice, name="o", data=table([["A", "2026-02-02", "2", "visit", ""]], OTHER))  # fmt: skip
    assert not whole
    _, whole = keep_file(by=records.person("Bo"), name="o", data=data)
    assert not whole


def test_time_of_day_is_no_length(alice: Person) -> None:
    data = table(
        [["2026-05-14", "14:00", "Journal club", "Reading"]], ["Date", "Time", "Event", "Type"]
    )
    file, whole = keep_file(by=alice, name="calendar.csv", data=data)
    assert whole
    assert "hours" not in file.columns
    assert [one.minutes for one in look(by=alice, file=file, data=data).new.values()] == [None]


def test_title_of_the_table_is_no_column(alice: Person) -> None:
    data = table([HEADS, *ROWS], ["CPD Now export", *[""] * (len(HEADS) - 1)])
    with pytest.raises(FileRefused, match="Take out what stands above the names of the columns"):
        keep_file(by=alice, name="x", data=data)
    assert not ImportedFile.objects.exists()


def test_mapping_that_names_what_is_not_here_is_passed_over(alice: Person) -> None:
    ImportedFile.objects.create(
        person=alice,
        name="x",
        headings=HEADS,
        columns={"title": "Activity title", "starts": "Gone", "points": "Hours"},
        types={"self directed": "points"},
        written_at=datetime.fromisoformat("2026-01-01T00:00:00Z"),
    )
    file, whole = keep_file(by=alice, name="x", data=table())
    assert (file.columns, file.types, whole) == ({"title": "Activity title"}, {}, False)


def test_column_of_many_words_names_no_types(alice: Person) -> None:
    data = table([[f"A {n}", "2026-02-02", "", "1", f"word {n}", ""] for n in range(51)])
    file, whole = keep_file(by=alice, name="x", data=data)
    assert "learning" not in file.columns
    assert not whole


def test_two_columns_of_length_add_up(alice: Person) -> None:
    data = table([["A", "2026-02-02", "1", "30", "other"]], ["Title", "Date", "Hours", "Minutes", "Type"])  # fmt: skip
    written(alice, data)
    assert Activity.objects.get().minutes == 90


def test_own_table_of_activities_reads_in(alice: Person) -> None:
    made.activity(alice, learned="One\nTwo")
    bo = records.person("Bo")
    written(bo, paper.table(record_of([alice.pk])))
    one, two = Activity.objects.get(person=alice), Activity.objects.get(person=bo)
    for name in ("title", "learning", "starts_on", "ends_on", "minutes", "learned"):
        assert getattr(one, name) == getattr(two, name)


def test_file_that_is_too_long_or_no_table_is_refused(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileRefused, match="no row below"):
        keep_file(by=alice, name="x", data=table([]))
    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    with pytest.raises(FileRefused, match="3 rows; 2 is the most"):
        keep_file(by=alice, name="x", data=table())
    assert not ImportedFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "heads"), [(f"{NHS_NUMBER}.csv", HEADS), ("x", [NHS_NUMBER, *HEADS[1:]])]
)
def test_name_or_heading_with_an_nhs_number_is_not_kept(
    alice: Person, name: str, heads: list[str]
) -> None:
    with pytest.raises(DomainError, match="is an NHS number"):
        keep_file(by=alice, name=name, data=table(heads=heads))
    assert not ImportedFile.objects.exists()


def test_file_is_its_persons_own(alice: Person) -> None:
    file, bo = kept(alice, table()), records.person("Bo")
    with pytest.raises(NotAllowed):
        look(by=bo, file=file, data=table())
    with pytest.raises(NotAllowed):
        say_columns(by=bo, file=file, asked=Asked())
    with pytest.raises(NotAllowed):
        write_file(by=bo, file=file, data=table(), without_refused=False, words_checked=False)


def test_columns_of_a_written_file_stay(alice: Person) -> None:
    written(alice, table())
    with pytest.raises(DomainError, match="written already"):
        say_columns(by=alice, file=ImportedFile.objects.get(), asked=Asked())


def test_every_heading_means_one_column() -> None:
    spelled = [
        normal(one) for known in mapping.COLUMNS.values() for one in (known.label, *known.aliases)
    ]
    assert sorted(spelled) == sorted(set(spelled))
    assert all(one == mapping.word(one) for one in mapping.TYPES)


def test_a_file_that_was_never_written_says_nothing_of_the_next(alice: Person) -> None:
    file = kept(alice, table())
    wrong = {**file.columns, "title": "Description"}
    say_columns(by=alice, file=file, asked=Asked(wrong, file.types))
    assert kept(alice, table()).columns["title"] == "Activity title"
