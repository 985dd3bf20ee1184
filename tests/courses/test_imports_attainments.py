"""Attainments from files of other systems: who and what a row names, and what becomes of it."""

import csv
import random
import resource
import threading
import time
from cProfile import Profile
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from placements.imports import work
from school.core import ledger
from school.core.errors import NotAllowed
from school.core.files import importing, reading, rows
from school.core.files.fates import Fate, Report
from school.core.models import PORTAL, Book
from school.courses import queries
from school.courses.actions import attaining
from school.courses.actions.sources import map_titles, save_source
from school.courses.imports.attainment_row import SPELLINGS, AttainmentRow
from school.courses.imports.attainments import Everybody, kind_for
from school.courses.models import (
    Attainment,
    AttainmentVoid,
    Booking,
    CourseVersion,
    ImportSource,
)
from school.people.models import Person
from school.people.network import ensure_network
from school.people.roles import WORKFORCE_MANAGER
from tests import factories as make
from tests.courses import making
from tests.courses.attained import attain
from tests.people.imported import as_csv, as_xlsx
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRE = "NHS|CSTF|Fire Safety - 2 Years|"


@pytest.fixture
def version(db: None) -> CourseVersion:
    return making.make_version("Fire safety", published_on=date(2026, 1, 1))


@pytest.fixture
def esr(version: CourseVersion) -> ImportSource:
    """A source whose title for the course is known."""
    teacher = making.make_teacher("Gwen Other")
    source = save_source(
        by=teacher, uuid=uuid4(), name="ESR", columns={"staff_identifier": "Emp No"}
    )
    map_titles(by=teacher, source=source, courses={FIRE: version.course})
    return source


def known(name: str, number: str) -> Person:
    """Somebody with a number in the staff system."""
    person = make.make_person(name, account=False)
    person.staff_identifier = number
    person.save()
    return person


def exported(number: str = "7", **changed: str) -> dict[str, str]:
    """A row as a staff system exports it."""
    return {
        "Emp No": number,
        "Competency Name": FIRE,
        "Expiry Date": "30-Nov-2028",
        "Date Start": "15-Oct-2026",
        "Last Updated By": "KNOWN, ANN",
        "Title": "Fire",
        "VPD": "999",
        **changed,
    }


def spelled() -> list[str]:
    """Every spelling of a heading that is accepted."""
    with SPELLINGS.open(encoding="utf-8", newline="") as file:
        return [one for row in list(csv.reader(file))[1:] for one in row[1].split("|")]


def run(data: bytes, source: ImportSource | None, *, by: Any = PORTAL, **options: Any) -> Report:
    return importing.run(kind_for(source), data, "x.csv", by=by, **options)


def fates(report: Report) -> list[str]:
    return [str(report.fates[number]) for number in sorted(report.fates)]


def test_exported_row_becomes_an_attainment_of_the_person_it_numbers(
    esr: ImportSource, version: CourseVersion
) -> None:
    """From elsewhere: the columns, the title and the dates of an export that was seen."""
    ann = known("Ann Known", "7")
    report = run(as_csv([exported()]), esr, commit=True)
    assert (fates(report), report.left_aside) == (["new"], ())
    [attainment] = queries.attainments()
    assert (attainment.person, attainment.course_version) == (ann, version)
    assert (attainment.source, attainment.entry.imported) == (Attainment.Source.IMPORT, True)
    assert attainment.entry.about_from == date(2026, 10, 15)
    assert attainment.expires_on == date(2028, 11, 30)


@pytest.mark.parametrize("heading", spelled())
def test_every_spelling_of_a_heading_is_understood(heading: str) -> None:
    """From elsewhere: the accepted spellings of headings."""
    columns = rows.columns(AttainmentRow, {})
    for spelling in (heading, heading.replace("_", " ").title()):
        table = reading.read(as_csv([{spelling: "x"}]), columns, AttainmentRow.IGNORED)
        assert table.left_aside == ()


def test_title_of_a_trust_of_its_own_is_known_once_it_was_said(
    esr: ImportSource, version: CourseVersion
) -> None:
    """From elsewhere: local titles, and columns said once for each source."""
    known("Ann Known", "7")
    local = exported(**{"Competency Name": "999|LOCAL|Scanner fire drill|"})
    assert fates(run(as_csv([local]), esr, commit=True)) == ["waits"]
    map_titles(
        by=making.make_teacher("Ada Third"),
        source=esr,
        courses={"999|LOCAL|Scanner fire drill|": version.course},
    )
    assert fates(run(as_csv([local]), esr, commit=True)) == ["new"]


def test_same_rows_shuffled_in_another_encoding_or_as_a_workbook_change_nothing(
    esr: ImportSource,
) -> None:
    """From elsewhere: UTF-8 with and without a mark, cp1252 and XLSX; “No Expiry”; sameness by row."""
    rows = []
    for number in range(6):
        known(f"Zoë Known {number}", str(number))
        rows.append(
            exported(str(number), **{"Last Updated By": "Renée", "Expiry Date": "No Expiry"})
        )
    assert fates(run(as_csv(rows), esr, commit=True)) == ["new"] * 6
    random.Random(7).shuffle(rows)
    text = as_csv(rows).decode("utf-8-sig")
    for data in (text.encode(), text.encode("cp1252"), as_xlsx(rows)):
        assert fates(run(data, esr, commit=True)) == ["same"] * 6
    assert list(Attainment.objects.values_list("expires_on", flat=True)) == [None] * 6


def test_another_expiry_is_a_change_and_another_day_a_renewal_beside_the_first(
    esr: ImportSource,
) -> None:
    ann = known("Ann Known", "7")
    run(as_csv([exported()]), esr, commit=True)
    later = exported(**{"Expiry Date": "31-Dec-2028"})
    renewed = exported(**{"Date Start": "01-Nov-2026"})
    assert fates(run(as_csv([later, renewed]), esr, commit=True)) == ["changed", "new"]
    rows = queries.attainments().filter(person=ann).order_by("entry__about_from")
    assert [(row.entry.about_from, row.expires_on) for row in rows] == [
        (date(2026, 10, 15), date(2028, 12, 31)),
        (date(2026, 11, 1), date(2028, 11, 30)),
    ]


def voided(day: str = "10-Nov-2026", **changed: str) -> dict[str, str]:
    """A row that its source recorded in October and made void on a day."""
    return exported(**{"Recorded On": "20-Oct-2026", "Voided On": day, **changed})


def test_row_brings_what_was_attained_and_when_it_became_void(esr: ImportSource) -> None:
    ann = known("Ann Known", "7")
    data = as_csv([voided(**{"Void Reason": "Another of the same name."})])
    assert fates(run(data, esr, commit=True)) == ["new"]
    [void] = AttainmentVoid.objects.all()
    assert (void.attainment.person, void.entry.book, void.entry.about_from) == (
        ann,
        ann.book,
        date(2026, 10, 15),
    )
    assert void.attainment.entry.known_from == date(2026, 10, 20)
    assert (void.entry.known_from, void.entry.imported) == (date(2026, 11, 10), True)
    assert ledger.private_text(void, "reason") == "Another of the same name."
    assert not queries.attainments().exists()
    assert fates(run(data, esr, commit=True)) == ["same"]
    assert fates(run(as_csv([exported()]), esr, commit=True)) == ["waits"]
    assert AttainmentVoid.objects.count() == 1


def test_what_is_held_becomes_void_and_is_not_written_again(esr: ImportSource) -> None:
    known("Ann Known", "7")
    run(as_csv([exported()]), esr, commit=True)
    assert fates(run(as_csv([voided()]), esr)) == ["changed"]
    assert not AttainmentVoid.objects.exists()
    assert fates(run(as_csv([voided()]), esr, commit=True)) == ["changed"]
    [void] = AttainmentVoid.objects.all()
    assert (void.attainment, void.entry.known_from) == (
        Attainment.objects.get(),
        date(2026, 11, 10),
    )
    assert ledger.private_text(void, "reason") == "Its source says that it is void."


def test_record_of_the_school_is_not_made_void_by_a_file(
    esr: ImportSource, version: CourseVersion
) -> None:
    ann = known("Ann Known", "7")
    attain(ann, version, day=date(2026, 10, 15))
    report = run(as_csv([voided()]), esr, commit=True)
    assert fates(report) == ["waits"]
    assert not AttainmentVoid.objects.exists()


def test_what_was_found_void_can_be_recorded_anew(esr: ImportSource) -> None:
    """And neither the file that said so, nor the one before it, takes that back when it comes again."""
    known("Ann Known", "7")
    first = as_csv([exported(**{"Recorded On": "20-Oct-2026"})])
    void = as_csv([voided()])
    anew = as_csv([exported(**{"Recorded On": "12-Nov-2026"})])
    assert [fates(run(data, esr, commit=True)) for data in (first, void, anew)] == [
        ["new"],
        ["changed"],
        ["new"],
    ]
    assert queries.attainments().get().entry.known_from == date(2026, 11, 12)
    for data in (first, void, anew):
        assert fates(run(data, esr, commit=True)) == ["same"]
    assert (Attainment.objects.count(), AttainmentVoid.objects.count()) == (2, 1)
    # A source that says nothing of days lists what it always did.
    assert fates(run(as_csv([exported()]), esr)) == ["same"]


def test_older_file_again_does_not_undo_a_later_expiry(esr: ImportSource) -> None:
    known("Ann Known", "7")
    first = as_csv([exported(**{"Recorded On": "20-Oct-2026"})])
    later = as_csv([exported(**{"Expiry Date": "31-Dec-2028", "Recorded On": "02-Nov-2026"})])
    assert [fates(run(data, esr, commit=True)) for data in (first, later)] == [["new"], ["changed"]]
    for data in (first, later):
        assert fates(run(data, esr, commit=True)) == ["same"]
    assert Attainment.objects.count() == 2


@pytest.mark.parametrize("day", ["19-Oct-2026", "01-Jan-2099"])
def test_void_on_a_day_that_cannot_be_is_refused(esr: ImportSource, day: str) -> None:
    known("Ann Known", "7")
    assert fates(run(as_csv([voided(day)]), esr, commit=True)) == ["refused"]


def test_row_that_names_nobody_or_an_unknown_course_waits_and_says_why(esr: ImportSource) -> None:
    """From elsewhere: who last updated a row is never its learner; what waits is neither dropped nor made something else."""
    known("Ann Known", "7")
    updated = exported(**{"Last Updated By": "7"})
    nameless = {name: text for name, text in updated.items() if name != "Emp No"}
    report = run(
        as_csv(
            [exported("8"), exported(**{"Competency Name": "Fire"}), {"Emp No": "", **nameless}]
        ),
        esr,
        commit=True,
    )
    assert fates(report) == ["waits"] * 3
    assert [(one.column, one.value, one.reason) for one in report.ordered_findings()] == [
        ("staff identifier", "8", "nobody has this number or address"),
        ("course", "Fire", "no course is known by this name in this source"),
        ("staff identifier", "", "it names nobody by number or address"),
    ]
    assert Attainment.objects.count() == 0


def test_person_is_found_by_registration_number_or_address_and_two_people_wait(
    version: CourseVersion,
) -> None:
    ann = make.make_person("Ann Known", email="ann@trust.example")
    ann.regulator, ann.registration_number = "HCPC", "RA1"
    ann.save()
    make.make_person("Bo Other", email="bo@trust.example")
    row = {"course": version.course.code, "completed on": "2026-10-01"}
    rows = [
        {**row, "registration number": "ra1", "email": ""},
        {**row, "registration number": "", "email": "Ann@Trust.example", "completed on": "2026-10-02"},
        {**row, "registration number": "RA1", "email": "bo@trust.example", "completed on": "2026-10-03"},
    ]  # fmt: skip
    report = run(as_csv(rows), None, commit=True)
    assert fates(report) == ["new", "new", "waits"]
    assert set(queries.attainments().values_list("person", flat=True)) == {ann.pk}


def test_a_row_with_a_registration_number_costs_the_same_among_few_as_among_many() -> None:
    row = AttainmentRow.model_construct(registration_number="RA1")

    def calls() -> int:
        everybody, profile = Everybody(), Profile()
        assert profile.runcall(everybody.named, row).person == ann
        return sum(one.callcount for one in profile.getstats())

    ann = known("Ann Known", "7")
    ann.regulator, ann.registration_number = "HCPC", "RA1"
    ann.save()
    among_few = calls()
    for number in range(10):
        known(f"Person {number}", f"9{number}")
    assert calls() == among_few


def test_unsound_row_is_refused_by_its_cell_and_nothing_is_written_without_leave(
    esr: ImportSource,
) -> None:
    """From elsewhere: a commit writes nothing while a row is refused, or, when asked, all others."""
    known("Ann Known", "7")
    known("Bo Known", "8")
    rows = [
        exported(),
        exported("8", **{"Expiry Date": "30-Nov-2001"}),
        exported("8", **{"Date Start": "31/31/2026"}),
        exported("8", **{"Date Start": ""}),
        exported("8", **{"Date Start": "30-Nov-2099", "Expiry Date": ""}),
    ]
    report = run(as_csv(rows), esr, commit=True)
    assert fates(report) == ["new", *["refused"] * 4]
    assert [one.column for one in report.ordered_findings()] == [
        "expires on", "date start", "completed on", "completed on",
    ]  # fmt: skip
    assert Attainment.objects.count() == 0
    assert run(as_csv(rows), esr, commit=True, without_refused=True).written
    assert Attainment.objects.count() == 1


def test_two_rows_of_one_day_and_ones_own_rows_are_refused(esr: ImportSource) -> None:
    ann = known("Ann Known", "7")
    other = exported(**{"Expiry Date": "30-Nov-2029"})
    assert fates(run(as_csv([exported(), other]), esr)) == ["refused", "refused"]
    assert fates(run(as_csv([exported()]), esr, by=ann.uuid)) == ["refused"]


def test_row_again_in_the_same_file_does_nothing(esr: ImportSource) -> None:
    known("Ann Known", "7")
    report = run(as_csv([exported(), exported(), exported()]), esr, commit=True)
    assert fates(report) == ["new", "same", "same"]
    assert queries.attainments().count() == 1


def test_what_was_made_void_or_is_the_schools_own_is_not_written_over(esr: ImportSource) -> None:
    ann, bo = known("Ann Known", "7"), known("Bo Known", "8")
    run(as_csv([exported()]), esr, commit=True)
    with ledger.writing(ann.book) as pen:
        attaining.make_void(pen, Attainment.objects.get(), by=PORTAL, reason="Not hers.")
    attain(bo, CourseVersion.objects.get(), day=date(2026, 10, 15))
    report = run(as_csv([exported(), exported("8")]), esr, commit=True)
    assert fates(report) == ["waits", "waits"]
    assert Attainment.objects.count() == 2


def test_command_is_a_dry_run_until_told_to_write(tmp_path: Path, esr: ImportSource) -> None:
    """From elsewhere: a dry run by default."""
    known("Ann Known", "7")
    path, out = tmp_path / "esr.csv", StringIO()
    path.write_bytes(as_csv([exported()]))
    call_command("import_attainments", str(path), source="esr", stdout=out)
    assert "Add --commit to write." in out.getvalue()
    assert Attainment.objects.count() == 0
    call_command("import_attainments", str(path), source="esr", commit=True, stdout=out)
    assert Attainment.objects.count() == 1


def test_import_is_for_the_whole_network_by_roles_on_it_and_says_so(esr: ImportSource) -> None:
    wes = make.make_person("Wes Workforce")
    make.make_grant(wes, WORKFORCE_MANAGER, make.make_site().scope)
    pages = ("/imports/attainments/", f"/imports/attainments-{esr.uuid}/", "/import-sources/")
    client: Client = browser(wes)
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    with pytest.raises(NotAllowed):
        run(as_csv([exported()]), esr, reach=frozenset({make.make_site().scope.pk}))
    make.make_grant(wes, WORKFORCE_MANAGER, ensure_network())
    said = [client.get(page).content.decode() for page in pages]
    assert ["whole network" in words for words in said] == [True, True, True]


def test_title_is_said_once_on_the_page_of_its_source(esr: ImportSource) -> None:
    """From elsewhere: titles are mapped once for each source, and remembered."""
    client: Client = browser(making.make_teacher())
    page = f"/import-sources/{esr.uuid}/"
    assert "Moving and handling" in client.get(f"{page}?title=Moving+and+handling").content.decode()
    sent = {"title": "Moving and handling", "title_0": "Moving and handling"}
    answer = client.post(page, {**sent, "course_0": "fire-safety"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert sorted(esr.titles.values_list("title", flat=True)) == ["Moving and handling", FIRE]


def test_page_of_an_import_leads_to_the_titles_that_wait(
    esr: ImportSource, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    known("Ann Known", "7")
    client: Client = browser(making.make_teacher())
    sent = SimpleUploadedFile("esr.csv", as_csv([exported(**{"Competency Name": "NHS|X|"})]))
    answer = client.post(f"/imports/attainments-{esr.uuid}/", {"file": sent})
    assert answer.status_code == 302
    [task] = DBTaskResult.objects.filter(task_path__endswith="carry_out")
    work.carry_out.func(*task.args_kwargs["args"])
    page = client.get(answer["Location"]).content.decode()
    assert f"/import-sources/{esr.uuid}/?title=NHS%7CX%7C" in page
    esr.delete()
    assert client.get(answer["Location"]).status_code == 404
    assert "Imported no longer" in client.get("/imports/").content.decode()


# Many


def many(number: int, version: CourseVersion) -> list[dict[str, str]]:
    """People with a number, and a row for each; one in fifty is unsound."""
    books = Book.objects.bulk_create([Book(kind=Book.Kind.PERSON) for _ in range(number)])
    Person.objects.bulk_create(
        Person(book=book, name=f"Person {n}", staff_identifier=str(n))
        for n, book in enumerate(books)
    )
    return [
        {
            "staff identifier": str(n),
            "course": version.course.code,
            "completed on": "2026-10-01",
            "expires on": "2028-10-01" if n % 50 else "2020-10-01",
        }
        for n in range(number)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [500, pytest.param(50_000, marks=pytest.mark.slow)])
def test_large_import_names_every_refused_row_and_lets_a_booking_through(number: int) -> None:
    version = making.make_version("Fire safety")
    alice, event = make.make_person("Alice Amber"), making.make_event(version)
    data = as_csv(many(number, version))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = run(data, None, commit=True)
    assert report.counts[Fate.REFUSED] == number // 50
    assert len({one.number for one in report.findings}) == number // 50
    assert (report.written, Attainment.objects.count()) == (False, 0)
    done: list[Booking] = []

    def book() -> None:
        try:
            while not done and writing.is_alive():
                done.append(making.ask(alice, event))
                time.sleep(0.01)
        finally:
            connection.close()

    def write() -> None:
        try:
            assert run(data, None, commit=True, without_refused=True).written
        finally:
            connection.close()

    writing, booking = threading.Thread(target=write), threading.Thread(target=book)
    writing.start()
    booking.start()
    writing.join()
    booking.join()
    assert [one.state for one in done] == [Booking.State.BOOKED]
    assert Attainment.objects.count() == number - number // 50
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert used < 500 * 1024
    shuffled = as_xlsx(random.Random(3).sample(list(many_rows(data)), number)[:500])
    again = run(shuffled, None, commit=True, without_refused=True)
    assert again.to_write == 0


def many_rows(data: bytes) -> Any:
    """The rows of a file again."""
    return csv.DictReader(StringIO(data.decode("utf-8-sig")))
