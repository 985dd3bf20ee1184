"""Exams on their pages: designed in one form, read by a second person, frozen, and held against a framework."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.osces.exams import actions, queries
from logbooks.osces.exams.document import Kind, Place
from logbooks.osces.models import Exam, ExamFrozen, StationVersion
from school.core import clock
from school.people.models import Person
from tests.logbooks.competencies.facts import make_version
from tests.logbooks.osces.exams.made import (
    DAY,
    design,
    drafted,
    frozen,
    next_version,
    seen,
    submitted,
    versions,
)
from tests.logbooks.osces.pressing import press
from tests.logbooks.osces.stations.made import educator, item, published, small
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db
EXAMS = "/osces/exams/"


@pytest.fixture
def writer() -> Person:
    return educator("Wanda Writer")


@pytest.fixture
def reader() -> Person:
    return educator("Rita Reader")


@pytest.fixture
def made(writer: Person, reader: Person) -> list[StationVersion]:
    return versions(writer, reader)


@pytest.fixture
def mine(writer: Person) -> Client:
    return browser(writer)


@pytest.fixture
def theirs(reader: Person) -> Client:
    return browser(reader)


def form(*rows: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """What the page of an exam sends."""
    sent: dict[str, Any] = {
        "title": "Year 3 OSCE",
        "day_day": DAY.day,
        "day_month": DAY.month,
        "day_year": DAY.year,
        "year": "3",
        "changeover": "1",
        "framework": "",
        "seen": "",
        "uuid": str(uuid4()),
        "place-TOTAL_FORMS": len(rows),
        "place-INITIAL_FORMS": 0,
    }
    for place, row in enumerate(rows):
        full = {"what": "", "minutes": "", "instructions": "", **row}
        sent |= {f"place-{place}-{name}": value for name, value in full.items()}
    return sent | changed


def address(exam: Exam, page: str = "") -> str:
    return f"{EXAMS}{exam.uuid}/{page}"


def test_new_exam_begins_with_rows_for_a_whole_circuit(mine: Client) -> None:
    assert len(mine.get(f"{EXAMS}new/").context["rows"].forms) == 8


def test_exam_is_designed_in_one_form(mine: Client, made: list[StationVersion]) -> None:
    rows: tuple[dict[str, Any], ...] = (
        {"what": made[0].uuid, "ORDER": "3"},
        {"what": "rest", "minutes": "5"},
        {},
        {"what": "preparation", "minutes": "6", "instructions": "Read it.", "ORDER": "1"},
        {"what": made[1].uuid, "ORDER": "2"},
    )
    sent = form(*rows)
    answer = mine.post(f"{EXAMS}new/", sent)
    exam = Exam.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(exam))
    assert queries.designed(exam).places == (
        Place(Kind.PREPARATION, minutes=6, instructions="Read it."),
        Place(Kind.STATION, version=made[1].uuid, digest=made[1].digest),
        Place(Kind.STATION, version=made[0].uuid, digest=made[0].digest),
        Place(Kind.REST, minutes=5),
    )
    assert (exam.title, exam.day) == ("Year 3 OSCE", DAY)
    assert mine.post(f"{EXAMS}new/", sent).status_code == 302
    assert Exam.objects.count() == 1
    page = mine.get(address(exam)).content.decode()
    assert "A slot lasts 8 minutes" in page
    assert "One round takes 36 minutes, for up to 3 candidates, since nobody begins" in page


def test_place_where_nothing_is_chosen_is_taken_out(
    writer: Person, mine: Client, made: list[StationVersion]
) -> None:
    exam = drafted(writer, design(*made))
    page = mine.get(address(exam, "change/"))
    assert len(page.context["rows"].forms) == 6
    found = page.context["form"].initial
    rows = [row.initial for row in page.context["rows"] if row.initial.get("what")]
    rows[2] = {**rows[2], "what": ""}
    sent = form(*[{**row, "minutes": row["minutes"] or ""} for row in rows], seen=found["seen"])
    sent |= {"place-INITIAL_FORMS": 3, "more": ""}
    answer = mine.post(address(exam, "change/"), sent)
    assert answer["Location"] == address(exam, "change/")
    exam.refresh_from_db()
    assert queries.designed(exam).places == design(*made).places[:2]


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"title": ""}, "title", "Enter the title"),
        ({"day_month": ""}, "day", "must include a month"),
        ({"changeover": "11"}, "changeover", "A change-over takes 0 to 10 minutes"),
        ({"changeover": ""}, "changeover", "Enter the minutes to change over"),
        ({"framework": "Plumbing"}, "framework", "Select a valid choice"),
        ({"title": "For 943 476 5919"}, "title", "is an NHS number"),
    ],
)
def test_bad_input_is_said_at_its_field_and_loses_nothing(
    changed: dict[str, str], field: str, says: str, mine: Client
) -> None:
    row = {"what": "preparation", "minutes": "5", "instructions": "Read the referral."}
    answer = mine.post(f"{EXAMS}new/", form(row, **changed))
    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert "Read the referral." in answer.content.decode()
    assert not Exam.objects.exists()


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ({"what": "rest"}, "minutes", "Enter how many minutes the rest lasts"),
        ({"what": "rest", "minutes": "61"}, "minutes", "A place lasts 1 to 60 minutes"),
        ({"what": "rest", "minutes": "5", "instructions": "x"}, "instructions", "Only a preparation"),
        ({"minutes": "5"}, "what", "Choose what is here"),
        ({"instructions": "Read it."}, "what", "Choose what is here"),
        ({"what": str(uuid4()), "minutes": "5"}, "what", "Select a valid choice"),
        (
            {"what": "preparation", "minutes": "5", "instructions": "Ring 943 476 5919"},
            "instructions",
            "is an NHS number",
        ),
    ],
)  # fmt: skip
def test_bad_place_is_said_at_its_row(
    row: dict[str, str], field: str, says: str, mine: Client
) -> None:
    answer = mine.post(f"{EXAMS}new/", form({"what": "rest", "minutes": "5"}, row))
    assert answer.status_code == 422
    assert says in " ".join(answer.context["rows"][1].errors[field])
    assert answer.context["rows"][0].errors == {}
    assert "<title>Error: " in answer.content.decode()
    assert "Row 2: " in answer.content.decode()


def test_minutes_of_a_station_are_its_own(mine: Client, made: list[StationVersion]) -> None:
    answer = mine.post(f"{EXAMS}new/", form({"what": made[0].uuid, "minutes": "5"}))
    assert "A station says itself" in " ".join(answer.context["rows"][0].errors["minutes"])


def test_forged_rows_do_no_harm(mine: Client) -> None:
    sent = form({"what": "rest", "minutes": "5"})
    assert mine.post(f"{EXAMS}new/", sent | {"place-TOTAL_FORMS": "100000"}).status_code == 422
    del sent["place-TOTAL_FORMS"]
    assert mine.post(f"{EXAMS}new/", sent).status_code == 422


def test_change_that_came_second_is_refused_with_everything_typed(
    writer: Person, mine: Client, theirs: Client, made: list[StationVersion]
) -> None:
    exam = drafted(writer, design(*made))
    shown = mine.get(address(exam, "change/")).context["form"].initial["seen"]
    rest = {"what": "rest", "minutes": "5"}
    assert theirs.post(address(exam, "change/"), form(rest, seen=shown)).status_code == 302
    late = form(
        {"what": made[1].uuid},
        {"what": "preparation", "minutes": "7", "instructions": "Look around."},
        seen=shown,
        title="Mine",
    )
    answer = mine.post(address(exam, "change/"), late)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed this exam meanwhile" in page
    assert "Look around." in page
    assert 'value="Mine"' in page
    exam.refresh_from_db()
    assert (exam.title, len(queries.designed(exam).places)) == ("Year 3 OSCE", 1)


def test_two_people_freeze_an_exam_with_buttons_alone(
    writer: Person, mine: Client, theirs: Client, made: list[StationVersion]
) -> None:
    exam = drafted(writer, design(*made))
    assert "waits for a second reader" in press(mine, address(exam), "Give it to a second reader")
    assert "somebody who did not reads and freezes it" in mine.get(address(exam)).content.decode()
    assert theirs.get(EXAMS).context["waiting"][0].exam == exam
    assert mine.get(EXAMS).context["waiting"] == []
    assert "OSCE exams</a>, 1 waiting" in theirs.get("/home/later/").content.decode()
    press(theirs, address(exam), "Give it back to be written on")
    press(mine, address(exam), "Give it to a second reader")
    assert "is frozen. Its design never changes." in press(
        theirs, address(exam), "Freeze this exam"
    )
    assert ExamFrozen.objects.get().exam == exam
    page = mine.get(address(exam)).content.decode()
    assert "Written by Wanda Writer, read and frozen by Rita Reader." in page
    assert "What comes next" not in page
    assert mine.get(address(exam, "change/"))["Location"] == address(exam)
    station = mine.get(f"/osces/stations/{made[0].station.uuid}/").content.decode()
    assert f'<a href="{address(exam)}">Year 3 OSCE</a>, 4 March 2027, in version 1' in station


def test_form_that_was_open_while_it_was_read_and_frozen_loses_nothing(
    writer: Person, reader: Person, mine: Client, made: list[StationVersion]
) -> None:
    exam = submitted(writer, design(*made))
    rest = {"what": "rest", "minutes": "5"}
    sent = form(rest, seen=seen(exam), title="Typed before")
    answer = mine.post(address(exam, "change/"), sent)
    assert answer.status_code == 409
    assert "A second reader has this exam" in answer.content.decode()
    actions.freeze(by=reader, exam=exam, uuid=uuid4(), seen=seen(exam))
    answer = mine.post(address(exam, "change/"), sent)
    assert answer.status_code == 409
    assert "This exam is frozen" in answer.content.decode()
    assert 'value="Typed before"' in answer.content.decode()


def test_problem_is_listed_and_the_step_is_not_offered(writer: Person, mine: Client) -> None:
    exam = drafted(writer, design())
    page = mine.get(address(exam)).content.decode()
    assert "It has 0 marked stations; an exam has 2 or more." in page
    assert "Give it to a second reader" not in page
    answer = mine.post(address(exam, "submit/"), {"seen": seen(exam)}, follow=True)
    assert "It has 0 marked stations" in answer.content.decode()


def test_dropped_exam_is_gone(writer: Person, mine: Client) -> None:
    exam = drafted(writer, design())
    assert mine.post(address(exam, "drop/"))["Location"] == EXAMS
    assert mine.get(address(exam)).status_code == 404
    assert mine.get(EXAMS).context["coming"] == []


def test_list_divides_what_comes_from_what_was(writer: Person, mine: Client) -> None:
    today = drafted(writer, design(), day=clock.today())
    later = drafted(writer, design())
    older = drafted(writer, design(), day=date(2025, 1, 7))
    newer = drafted(writer, design(), day=date(2026, 1, 7))
    context = mine.get(EXAMS).context
    assert [line.exam for line in context["coming"]] == [today, later]
    assert [line.exam for line in context["past"]] == [newer, older]


def test_newer_version_is_told_and_not_taken(
    writer: Person, reader: Person, mine: Client, made: list[StationVersion]
) -> None:
    exam = frozen(writer, reader, design(*made)).exam
    assert "has been published since" not in mine.get(address(exam)).content.decode()
    next_version(writer, reader, made[0])
    page = mine.get(address(exam)).content.decode()
    assert "Version 2 has been published since." in page
    assert "A slot lasts 8 minutes" in page
    draft = drafted(writer, design(*made))
    choices = mine.get(address(draft, "change/")).content.decode()
    assert "Station 1, version 1, 8 minutes; version 2 is newer" in choices
    assert "Station 1, longer, version 2, 12 minutes" in choices


def test_blueprint_ticks_what_is_asked_and_lists_gaps(
    writer: Person, reader: Person, mine: Client
) -> None:
    framework = make_version("one")
    asking = published(writer, reader, small(title="Asks", items=(item(1, competencies=("A1",)),)))
    silent = published(writer, reader, small(title="Silent", items=(item(1, domain="Safety"),)))
    exam = drafted(writer, design(asking, silent, framework=framework.framework.name))
    page = mine.get(address(exam))
    [(row, cells)] = page.context["covered"]
    assert (row.code, row.stations) == ("A1", (True, False))
    assert [place.number for place, _ in cells] == [1, 2]
    assert page.content.decode().count(">asked<") == 1
    assert "None: stations cover all" in page.content.decode()
    exam = drafted(writer, design(silent, framework=framework.framework.name))
    page = mine.get(address(exam))
    assert [one.code for one in page.context["gaps"]] == ["A1"]
    assert "No item names a competency." in page.content.decode()
    assert [(one.domain, one.most) for one, _ in page.context["marks"]] == [("Safety", 2)]


def test_many_gaps_are_folded(writer: Person, mine: Client, made: list[StationVersion]) -> None:
    version = make_version("one")
    [first] = version.competencies.all()
    for number in range(2, 12):
        first.pk, first.uuid, first.identifier = None, uuid4(), uuid4()
        first.position, first.code = number, f"A{number}"
        first.save(force_insert=True)
    exam = drafted(writer, design(*made, framework=version.framework.name))
    assert "11 competencies that no station covers" in mine.get(address(exam)).content.decode()


def test_others_see_no_exam(writer: Person, made: list[StationVersion]) -> None:
    exam = drafted(writer, design(*made))
    nobody = browser(with_account("Nora Nobody"))
    for page in (EXAMS, f"{EXAMS}new/", address(exam), address(exam, "change/")):
        assert nobody.get(page).status_code == 403


def test_pages_take_few_queries(
    writer: Person, reader: Person, theirs: Client, made: list[StationVersion]
) -> None:
    exam = frozen(writer, reader, design(*made)).exam
    draft = submitted(writer, design(*made))
    for page in (EXAMS, f"{EXAMS}new/", address(exam), address(draft)):
        assert queries_of(theirs, page) <= 12, page
    actions.give_back(by=writer, exam=draft)
    assert queries_of(theirs, address(draft, "change/")) <= 12
    assert queries_of(theirs, f"/osces/stations/{made[0].station.uuid}/") <= 12
