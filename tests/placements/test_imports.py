"""Students and hours on paper from files, the pages that import, and how long a large import holds others up."""

import io
import json
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from placements.imports import kept, work
from placements.imports.documented import document
from placements.imports.enrolments import ENROLMENTS
from placements.imports.hours import HOURS
from placements.imports.kinds import KINDS
from placements.models import BroughtForward, Cohort, Enrolment, StageTally
from school.core import clock, ledger
from school.core.files import importing
from school.core.files.fates import Fate
from school.core.models import PORTAL, Book, LedgerEntry
from school.people.models import Absence, Person, RoleGrant
from school.people.roles import COORDINATOR, STUDENT, WORKFORCE_MANAGER
from tests.factories import make_coordinator, make_grant, make_network, make_person, make_site
from tests.people.cast import with_app
from tests.people.imported import as_csv, as_xlsx, fates, run, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(db: None) -> Any:
    return make_network()


@pytest.fixture
def paper(version: Any) -> Person:
    """A site, a student on the books and somebody who has seen the paper, who is given."""
    make_site("Freeman Hospital")
    run(ENROLMENTS, [student()], commit=True)
    return make_person("Amara Holt", email="amara@hospital.example")


def student(**changed: str) -> dict[str, str]:
    return {
        "student number": "U1",
        "name": "Noor Ashby",
        "email": "noor@university.example",
        "cohort": "September 2024",
        "year": "3",
        "starts": "2024-09-16",
        "ends": "2027-07-30",
    } | changed


def line(**changed: str) -> dict[str, str]:
    return {
        "student number": "U1",
        "year": "2",
        "site": "Freeman Hospital",
        "part": "clinical",
        "from": "2025-02-03",
        "to": "2025-02-07",
        "hours": "36",
        "minutes": "",
        "signed by": "Dilys Sampleby",
        "sighted by": "amara@hospital.example",
        "scan reference": "box 3 sheet 14",
        "recorded on": "2025-02-10",
    } | changed


# The university's list


@pytest.mark.engine
def test_student_is_enrolled_with_cohort_and_role(version: Any) -> None:
    assert fates(run(ENROLMENTS, [student()], commit=True)) == ["new"]
    enrolment = Enrolment.objects.get()
    assert (enrolment.person.name, enrolment.student_number, enrolment.version) == ("Noor Ashby", "U1", version)  # fmt: skip
    assert enrolment.book.kind == Book.Kind.ENROLMENT
    assert (enrolment.history.count(), enrolment.person.history.count()) == (1, 1)
    cohort = Cohort.objects.get()
    assert (cohort.name, cohort.starts, cohort.scope.parent) == ("September 2024", date(2024, 9, 16), version.programme.scope)  # fmt: skip
    grant = RoleGrant.objects.get()
    assert (grant.person, grant.role, grant.scope) == (enrolment.person, STUDENT.key, cohort.scope)
    assert (grant.entry.about_from, grant.entry.about_to) == (date(2024, 9, 16), date(2027, 7, 30))
    assert fates(run(ENROLMENTS, as_xlsx([student()]), commit=True)) == ["same"]


@pytest.mark.engine
def test_student_known_by_email_is_the_same_person_and_keeps_the_name_held(version: Any) -> None:
    person = make_person("Noor A. Ashby", email="Noor@university.example")
    run(ENROLMENTS, [student()], commit=True)
    assert Enrolment.objects.get().person == person
    assert Person.objects.get().name == "Noor A. Ashby"


@pytest.mark.engine
def test_student_of_one_number_and_another_s_email_waits(version: Any) -> None:
    run(
        ENROLMENTS,
        [student(), student(**{"student number": "U2"}, email="b@x.example")],
        commit=True,
    )
    report = run(ENROLMENTS, [student(email="b@x.example")], commit=True)
    assert fates(report) == ["waits"]
    assert said(report)[0].startswith(
        "Row 2, column “email”, value “b@x.example”: the student number is"
    )


@pytest.mark.engine
def test_change_of_cohort_and_end_moves_the_role(version: Any) -> None:
    run(ENROLMENTS, [student()], commit=True)
    moved = student(cohort="September 2025", ends="2028-07-28", name="Noor Bell")
    assert fates(run(ENROLMENTS, [moved], commit=True)) == ["changed"]
    grant = RoleGrant.objects.standing().get()
    assert (grant.scope.name, grant.entry.about_to) == ("September 2025", date(2028, 7, 28))
    enrolment = Enrolment.objects.get()
    assert (enrolment.cohort.name, enrolment.person.name) == ("September 2025", "Noor Bell")
    assert enrolment.history.count() == 2
    assert fates(run(ENROLMENTS, [moved], commit=True)) == ["same"]


@pytest.mark.engine
def test_enrolments_that_overlap_are_refused(version: Any) -> None:
    rows = [student(), student(**{"student number": "U2"}, starts="2026-01-01", ends="2028-01-01")]
    assert fates(run(ENROLMENTS, rows)) == ["refused", "refused"]


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"year": "4"}, "year", "the programme has the years 1, 2, 3"),
        ({"programme": "none"}, "programme", "there is no programme of this code"),
        ({"ends": "2024-01-01"}, "ends", "the last day lies before the first"),
        ({"starts": "30/02/2024"}, "starts", "there is no such day in the calendar"),
    ],
)
def test_bad_student_row_is_refused(
    version: Any, changed: dict[str, str], column: str, reason: str
) -> None:
    [finding] = run(ENROLMENTS, [student(**{"programme": ""} | changed)]).findings
    assert (finding.number, finding.column, finding.reason) == (2, column, reason)


def test_cohort_out_of_reach_is_refused(version: Any) -> None:
    run(ENROLMENTS, [student()], commit=True)
    own = frozenset({Cohort.objects.get().scope_id})
    rows = [student(), student(**{"student number": "U2"}, email="b@x.example", cohort="Other")]
    assert fates(run(ENROLMENTS, rows, reach=own)) == ["same", "refused"]


def test_student_is_not_taken_out_of_a_cohort_that_is_out_of_reach(version: Any) -> None:
    other = {"student number": "U2", "email": "b@x.example", "cohort": "Other"}
    run(ENROLMENTS, [student(), student(**other)], commit=True)
    own = frozenset({Cohort.objects.get(name="Other").scope_id})
    moved = [student(cohort="Other")]
    [finding] = run(ENROLMENTS, moved, reach=own).findings
    assert "the cohort that the student is in" in finding.reason
    assert fates(run(ENROLMENTS, moved)) == ["changed"]


# Hours on paper


@pytest.mark.engine
def test_hours_on_paper_count_in_the_tally_and_stay_apart_from_confirmed(paper: Person) -> None:
    rows = [line(), line(**{"from": "2025-03-12"}, to="2025-03-12", hours="", minutes="445", part="simulation", site="")]  # fmt: skip
    assert fates(run(HOURS, rows, commit=True)) == ["new", "new"]
    tally = StageTally.objects.get()
    assert (tally.stage.year, tally.brought_forward, tally.simulated_brought_forward, tally.confirmed) == (2, 2160, 445, 0)  # fmt: skip
    fact = BroughtForward.objects.get(minutes=2160)
    assert (fact.entry.about_from, fact.entry.about_to, fact.entry.known_from) == (date(2025, 2, 3), date(2025, 2, 7), date(2025, 2, 10))  # fmt: skip
    assert (ledger.private_text(fact, "signed_by"), ledger.private_text(fact, "scan")) == ("Dilys Sampleby", "box 3 sheet 14")  # fmt: skip
    assert fact.sighted_by == paper
    call_command("verify_records", stdout=io.StringIO())


@pytest.mark.engine
def test_hours_again_are_the_same_and_a_correction_supersedes(paper: Person) -> None:
    run(HOURS, [line()], commit=True)
    before = LedgerEntry.objects.count()
    for data in (as_csv([line()], "utf-16"), as_xlsx([line()])):
        assert fates(run(HOURS, data, commit=True)) == ["same"]
    assert LedgerEntry.objects.count() == before
    for hours in ("30", "36", "30"):
        assert fates(run(HOURS, [line(hours=hours)], commit=True)) == ["changed"]
    assert BroughtForward.objects.standing().get().minutes == 1800
    assert StageTally.objects.get().brought_forward == 1800


@pytest.mark.engine
def test_same_rows_written_at_once_are_written_once(paper: Person) -> None:
    def meanwhile(doing: str, _done: int, _of: int) -> None:
        if doing == "Writing":
            run(HOURS, [line()], commit=True)

    with pytest.raises(importing.Conflict):
        run(HOURS, [line()], commit=True, progress=meanwhile)
    assert BroughtForward.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"hours": "7.42"}, "hours", "this comes to 445.2 minutes: give whole minutes instead"),
        ({"minutes": "5"}, "hours", "fill in hours or minutes, one of the two"),
        ({"hours": "0"}, "hours", "there is nothing to count"),
        ({"hours": "121"}, "hours", "this is more than there is from 3 February 2025 to 7 February 2025"),
        ({"to": "2099-01-01"}, "to", "hours on paper cannot be of a day to come"),
        ({"year": "4"}, "year", "the student's programme has no such year"),
        ({"site": "Nowhere"}, "site", "there is no site of this name or code"),
        ({"signed by": "Dr Quill, 943 476 5919"}, "signed by", "“943 476 5919” is an NHS number"),
        ({"sighted by": "noor@university.example"}, "sighted by", "this is the student: nobody sights their own paper"),
    ],
)  # fmt: skip
def test_bad_line_is_refused(
    paper: Person, changed: dict[str, str], column: str, reason: str
) -> None:
    [finding] = run(HOURS, [line(**changed)]).findings
    assert (finding.number, finding.column, finding.reason) == (2, column, reason)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"student number": "U9"}, "no student has this number"),
        ({"sighted by": "nobody@x.example"}, "nobody has this address"),
    ],
)
def test_line_that_matches_nobody_waits(
    paper: Person, changed: dict[str, str], reason: str
) -> None:
    report = run(HOURS, [line(**changed)], commit=True)
    assert (fates(report), report.findings[0].reason) == (["waits"], reason)
    assert BroughtForward.objects.count() == 0


def test_lines_that_contradict_are_refused_naming_both(paper: Person) -> None:
    assert said(run(HOURS, [line(), line(hours="30")]))[0] == (
        "Row 2, column “hours”, value “36”: row 3 is for the same student, year, part, site and dates "
        "and says “30”. Keep one of the two rows."
    )


def test_student_out_of_reach_is_as_unknown(paper: Person) -> None:
    assert fates(run(HOURS, [line()], reach=frozenset())) == ["waits"]


# Documentation


def test_documentation_is_current() -> None:
    assert (settings.BASE_DIR / "docs" / "imports.md").read_text(encoding="utf-8") == document()


@pytest.mark.engine
def test_examples_of_students_and_hours_are_new_then_same(version: Any) -> None:
    make_site("Freeman Hospital")
    make_person("Amara Holt", email="amara.holt@hospital.example")
    for fate in (Fate.NEW, Fate.SAME):
        for kind in (ENROLMENTS, HOURS):
            data = Path(settings.BASE_DIR / "docs" / "examples" / f"{kind.key}.csv").read_bytes()
            assert set(run(kind, data, commit=True).fates.values()) == {fate}


def test_every_kind_has_an_example_and_a_command() -> None:
    for key in KINDS:
        assert (settings.BASE_DIR / "docs" / "examples" / f"{key}.csv").exists()


# Pages


def send(client: Client, kind: str, rows: list[dict[str, str]]) -> str:
    sent = SimpleUploadedFile("list.csv", as_csv(rows))
    response = client.post(f"/imports/{kind}/", {"file": sent})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def do_work() -> None:
    """Runs what is queued, as the worker does."""
    for queued in DBTaskResult.objects.filter(status="READY", task_path__endswith="work.carry_out"):
        work.carry_out.call(*queued.args_kwargs["args"])
        queued.delete()


def browser_of(person: Person) -> Client:
    """A browser in which the person signed in with both factors."""
    with_app(person)
    client = Client()
    client.force_login(person.user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "type": "totp", "at": time.time()},
    ]
    session["account_authentication_methods_user"] = str(person.user.pk)
    session.save()
    return client


@pytest.fixture
def coordinator(version: Any, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    return browser_of(make_coordinator())


@pytest.mark.engine
def test_import_is_checked_shown_and_written_on_request(coordinator: Client) -> None:
    page = send(coordinator, "enrolments", [student()])
    assert "You can leave this page and come back" in coordinator.get(page).content.decode()
    do_work()
    shown = coordinator.get(page).content.decode()
    assert "1 row: 1 new, 0 same, 0 changed, 0 waits, 0 refused." in shown
    assert Enrolment.objects.count() == 0
    coordinator.post(f"{page}write/")
    do_work()
    assert "Written: 1 row." in coordinator.get(page).content.decode()
    assert Enrolment.objects.get().history.get().history_user.person.name == "Farid Standin"
    assert list(Path(settings.MEDIA_ROOT).glob("imports/*/file")) == []


def test_refused_rows_are_left_out_only_when_asked(coordinator: Client) -> None:
    rows = [student(), student(**{"student number": "U2"}, email="b@x.example", year="9")]
    page = send(coordinator, "enrolments", rows)
    do_work()
    assert "Leave out the 1 refused row" in coordinator.get(page).content.decode()
    coordinator.post(f"{page}write/")
    do_work()
    assert Enrolment.objects.count() == 0
    rows_file = coordinator.get(f"{page}rows.csv")
    assert "the programme has the years 1, 2, 3" in b"".join(rows_file).decode()
    coordinator.post(f"{page}write/", {"without_refused": "yes"})
    do_work()
    assert Enrolment.objects.count() == 1


def test_unreadable_file_says_why_and_stays_out(coordinator: Client) -> None:
    page = send(coordinator, "hours", [{"student number": "U1"}])
    do_work()
    assert "These columns are missing" in coordinator.get(page).content.decode()


def test_import_of_somebody_else_is_not_found(coordinator: Client) -> None:
    page = send(coordinator, "enrolments", [student()])
    other = browser_of(make_coordinator("Gita Other"))
    assert [other.get(page).status_code, other.post(f"{page}write/").status_code] == [404, 404]
    assert other.get("/imports/").content.decode().count("list.csv") == 0


def test_workforce_manager_imports_staff_and_no_hours(version: Any) -> None:
    manager = make_person("Wim Manager")
    make_grant(manager, WORKFORCE_MANAGER, version.programme.university.scope.parent)
    client = browser_of(manager)
    assert client.get("/imports/people/").status_code == 200
    assert client.get("/imports/hours/").status_code == 403


def test_coordinator_of_a_cohort_imports_students_and_no_sites(
    version: Any,
) -> None:
    run(ENROLMENTS, [student()], commit=True)
    person = make_person("Cora Cohort")
    make_grant(person, COORDINATOR, Cohort.objects.get().scope)
    client = browser_of(person)
    assert client.get("/imports/enrolments/").status_code == 200
    assert client.get("/imports/network/").status_code == 403


def test_student_imports_nothing(version: Any) -> None:
    person = make_person("Sam Student")
    make_grant(person, STUDENT, version.programme.scope)
    client = browser_of(person)
    assert client.get("/imports/").status_code == 403


def test_old_files_are_deleted(coordinator: Client, time_machine: Any) -> None:
    send(coordinator, "enrolments", [student()])
    assert kept.delete_old() == 0
    time_machine.move_to(clock.now() + timedelta(days=7, minutes=1))
    assert kept.delete_old() == 1
    assert list(Path(settings.MEDIA_ROOT).glob("imports/*")) == []


def test_known_of_an_import_holds_no_path_of_the_sender(coordinator: Client) -> None:
    one = kept.keep("hours", "../../evil.csv", b"x", owner=uuid4(), reach=None)
    assert json.loads((one.folder / "known.json").read_text())["file"] == "evil.csv"


# A large import beside somebody who saves a shift


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_small_append_is_saved_while_fifty_thousand_rows_commit() -> None:
    make_network()
    make_site("Freeman Hospital")
    make_person("Amara Holt", email="amara@hospital.example")
    people = [student(**{"student number": f"U{n}"}, email=f"s{n}@x.example") for n in range(500)]
    run(ENROLMENTS, people, commit=True)
    first = date(2024, 10, 1)
    rows = [
        line(**{"student number": f"U{n % 500}", "from": day, "to": day, "hours": "7.5"})
        for n in range(50_000)
        for day in [(first + timedelta(days=n // 500)).isoformat()]
    ]
    person = make_person("Bystander")
    ended = threading.Event()
    waits: list[float] = []

    def save_again_and_again() -> None:
        while not ended.is_set():
            began = time.perf_counter()
            with ledger.writing(person.book) as pen:
                fact = Absence(person=person, reason=Absence.Reason.SICK)
                pen.append([ledger.Draft(fact=fact, book=person.book, about_from=first)], by=PORTAL)
            waits.append(time.perf_counter() - began)
            time.sleep(0.02)
        connection.close()

    bystander = threading.Thread(target=save_again_and_again)
    bystander.start()
    try:
        report = run(HOURS, rows, commit=True)
    finally:
        ended.set()
        bystander.join()
    assert report.counts[Fate.NEW] == 50_000
    assert LedgerEntry.objects.filter(book=person.book).count() == len(waits)
    assert max(waits) < 15
