"""The bank of stations on its pages: a mark sheet typed and pasted, read by a second person, published and printed."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from logbooks.osces.models import Station, StationVersion
from logbooks.osces.stations import pdf, queries
from logbooks.osces.stations.document import Kind
from school.core.models import Progress
from school.people.models import Person
from tests.logbooks.osces.pressing import press
from tests.logbooks.osces.stations.made import drafted, educator, item, published, seen, small
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db
BANK = "/osces/stations/"


@pytest.fixture
def writer() -> Person:
    return educator("Wanda Writer")


@pytest.fixture
def reader() -> Person:
    return educator("Rita Reader")


@pytest.fixture
def mine(writer: Person) -> Client:
    return browser(writer)


@pytest.fixture
def theirs(reader: Person) -> Client:
    return browser(reader)


def form(*rows: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """What the page of a station sends."""
    sent: dict[str, Any] = {
        "title": "Half-body preparation",
        "minutes": "8",
        "candidate": "Prepare the patient.",
        "examiner": "Look for three identifiers.",
        "patient": "",
        "room": "",
        "pasted": "",
        "grades": "Fail\nBorderline\nPass",
        "borderline": "borderline",
        "seen": "",
        "uuid": str(uuid4()),
        "item-TOTAL_FORMS": len(rows),
        "item-INITIAL_FORMS": 0,
    }
    for place, row in enumerate(rows):
        full = {
            "words": "",
            "kind": "partial",
            "most": "2",
            "competencies": "",
            "domain": "",
            **row,
        }
        sent |= {f"item-{place}-{name}": value for name, value in full.items()}
    return sent | changed


def address(station: Station, page: str = "") -> str:
    return f"{BANK}{station.uuid}/{page}"


def test_station_is_typed_and_pasted_in_one_go(mine: Client) -> None:
    rows: tuple[dict[str, str], ...] = (
        {"words": "Checks identity", "ORDER": "2", "critical": "on", "domain": "Safety"},
        {"words": "Cleans the hands", "ORDER": "1", "kind": "checklist", "most": "1"},
        {},
    )
    sent = form(*rows, pasted="Asks about diabetes\n\n  Explains   the scan \n")
    answer = mine.post(f"{BANK}new/", sent)
    station = Station.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(station))
    document = queries.drafted(station)
    assert [one.words for one in document.items] == [
        "Cleans the hands", "Checks identity", "Asks about diabetes", "Explains the scan",
    ]  # fmt: skip
    assert [one.most for one in document.items] == [1, 2, 2, 2]
    assert document.items[0].kind is Kind.CHECKLIST
    assert (document.items[1].critical, document.items[1].domain) == (True, "Safety")
    assert [(g.number, g.name, g.borderline) for g in document.scale] == [
        (1, "Fail", False), (2, "Borderline", True), (3, "Pass", False),
    ]  # fmt: skip
    assert mine.post(f"{BANK}new/", sent).status_code == 302
    assert Station.objects.count() == 1
    assert queries.drafted(Station.objects.get()) == document


def test_saved_station_comes_back_full_and_keeps_the_keys_of_its_items(
    writer: Person, mine: Client
) -> None:
    station = drafted(writer, small(items=(item(1, competencies=()), item(2, "Asks"))))
    page = mine.get(address(station, "change/"))
    found = page.context["form"].initial
    rows = [row.initial for row in page.context["rows"] if row.initial.get("words")]
    sent = form(*[{**row, "ORDER": place} for place, row in enumerate(reversed(rows), start=1)])
    sent |= {name: found[name] for name in ("title", "minutes", "examiner", "grades", "seen")}
    sent |= {"candidate": "Other words.", "borderline": found["borderline"], "more": ""}
    answer = mine.post(address(station, "change/"), sent)
    assert answer["Location"] == address(station, "change/")
    station.refresh_from_db()
    document = queries.drafted(station)
    assert [one.key for one in document.items] == [UUID(int=2), UUID(int=1)]
    assert document.candidate == "Other words."


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"title": ""}, "title", "Enter the title"),
        ({"minutes": "0"}, "minutes", "A station lasts 1 to 60 minutes"),
        ({"borderline": "Middling"}, "borderline", "“Middling” is not among the grades"),
        ({"grades": "x" * 41}, "grades", "is longer than 40 characters"),
        ({"pasted": "x" * 301}, "pasted", "has 301 characters"),
        ({"candidate": "x" * 4001}, "candidate", "Shorten “What the candidate reads” to 4,000"),
    ],
)
def test_bad_input_is_said_at_its_field_and_loses_nothing(
    changed: dict[str, str], field: str, says: str, mine: Client
) -> None:
    sent = form({"words": "Checks identity"}, **changed)
    answer = mine.post(f"{BANK}new/", sent)
    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert "Checks identity" in answer.content.decode()
    assert not Station.objects.exists()


def test_row_with_too_many_marks_is_said_at_its_row(mine: Client) -> None:
    sent = form({"words": "Checks identity", "most": "21"}, {"words": "Asks"})
    answer = mine.post(f"{BANK}new/", sent)
    assert answer.status_code == 422
    assert "An item has 1 to 20 marks" in " ".join(answer.context["rows"][0].errors["most"])
    page = answer.content.decode()
    assert "<title>Error: " in page
    assert 'href="#id_item-0-most">Row 1: An item has 1 to 20 marks' in page


def test_forged_rows_do_no_harm(mine: Client) -> None:
    sent = form({"words": "Checks identity"}) | {"item-TOTAL_FORMS": "100000"}
    assert mine.post(f"{BANK}new/", sent).status_code == 422
    sent = form({"words": "Checks identity"})
    del sent["item-TOTAL_FORMS"]
    assert mine.post(f"{BANK}new/", sent).status_code == 422


def test_nhs_number_is_not_kept(mine: Client) -> None:
    sent = form({"words": "Reads 943 476 5919 aloud"})
    answer = mine.post(f"{BANK}new/", sent)
    assert answer.status_code == 422
    assert not Station.objects.exists()


def test_change_that_came_second_is_refused_with_everything_typed(
    writer: Person, mine: Client, theirs: Client
) -> None:
    station = drafted(writer)
    shown = mine.get(address(station, "change/")).context["form"].initial["seen"]
    sent = form({"words": "Checks identity"}, seen=shown)
    assert theirs.post(address(station, "change/"), sent).status_code == 302
    late = form({"words": "Offers a blanket"}, seen=shown)
    answer = mine.post(address(station, "change/"), late)
    assert answer.status_code == 409
    assert "Offers a blanket" in answer.content.decode()
    assert [one.words for one in queries.drafted(Station.objects.get()).items] == ["Checks identity"]  # fmt: skip


def test_two_people_publish_a_station_with_buttons_alone(
    writer: Person, reader: Person, mine: Client, theirs: Client
) -> None:
    station = drafted(writer)
    assert "waits for a second reader" in press(
        mine, address(station), "Give it to a second reader"
    )
    assert (
        "somebody who did not reads and publishes it" in mine.get(address(station)).content.decode()
    )
    assert "1 waiting for a second reader" in theirs.get("/home/later/").content.decode()
    assert "waiting for a second reader" not in mine.get("/home/later/").content.decode()
    assert "Version 1 of Half-body preparation is published." in press(theirs, address(station), "Publish this version")  # fmt: skip
    assert "The next version is open" in press(theirs, address(station), "Begin the next version")
    press(theirs, address(station), "Drop this draft")
    assert StationVersion.objects.count() == 1
    assert "Checks identity" in mine.get(address(station, "versions/1/")).content.decode()


def test_given_back_draft_is_written_on(
    writer: Person, reader: Person, mine: Client, theirs: Client
) -> None:
    station = drafted(writer)
    press(mine, address(station), "Give it to a second reader")
    press(theirs, address(station), "Give it back to be written on")
    station.refresh_from_db()
    assert station.state == Station.State.DRAFT


def test_problem_is_listed_and_the_step_is_not_offered(writer: Person, mine: Client) -> None:
    station = drafted(writer, small(items=()))
    page = mine.get(address(station)).content.decode()
    assert "The mark sheet has no items." in page
    assert "Give it to a second reader" not in page
    answer = mine.post(address(station, "submit/"), {"seen": seen(station)}, follow=True)
    assert "The mark sheet has no items." in answer.content.decode()


def test_dropped_station_is_gone(writer: Person, mine: Client) -> None:
    station = drafted(writer)
    assert mine.post(address(station, "drop/")).status_code == 302
    assert mine.get(address(station)).status_code == 404
    assert mine.get(BANK).context["lines"] == []


def test_others_see_no_station(writer: Person, reader: Person) -> None:
    version = published(writer, reader)
    nobody = browser(with_account("Nora Nobody"))
    for page in ("", "change/", "versions/1/", "versions/1/sheet/"):
        assert nobody.get(address(version.station, page)).status_code == 403
    assert nobody.get(BANK).status_code == 403


def test_blank_sheet_is_made_of_the_version(
    writer: Person, reader: Person, settings: LazySettings, tmp_path: Path, theirs: Client
) -> None:
    settings.MEDIA_ROOT = tmp_path
    version = published(writer, reader)
    page = address(version.station, "versions/1/sheet/")
    assert theirs.get(page).status_code == 404
    answer = theirs.post(page)
    work = Progress.objects.get()
    assert answer["Location"].endswith(f"{work.uuid}/")
    pdf.make.call(str(version.uuid), str(work.uuid))
    work.refresh_from_db()
    assert work.link == page
    answer = theirs.get(page)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert theirs.get(address(version.station, "versions/2/sheet/")).status_code == 404


def test_pages_take_few_queries(writer: Person, reader: Person, theirs: Client) -> None:
    version = published(writer, reader)
    for number in range(3):
        drafted(writer, small(title=f"Station {number}"))
    assert queries_of(theirs, BANK) <= 12
    assert queries_of(theirs, address(version.station)) <= 12
    assert queries_of(theirs, address(version.station, "versions/1/")) <= 12
    assert queries_of(theirs, f"{BANK}new/") <= 12
