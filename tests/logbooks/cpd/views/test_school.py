"""The School's page, the page that asks it for help, and the cards on the first page."""

from datetime import date
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.cpd import panels
from logbooks.cpd.models import Activity, HelpAsked, Registration
from school.core import clock
from school.people.merging import merge_people
from school.people.models import Person
from school.people.roles import ADMINISTRATOR, SCHOOL_EDUCATOR
from tests.factories import make_person
from tests.logbooks.cpd.posted import employ
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of, words

pytestmark = pytest.mark.django_db
PAGE, HELP = "/cpd/school/", "/cpd/help/"


def learns(person: Person, learning: str = "formal", minutes: int | None = 60) -> Activity:
    day = clock.today()
    return Activity.objects.create(
        person=person, title="Sneezeweed", learned="Meadowrue.", learning=learning,
        starts_on=day, ends_on=day, minutes=minutes,
    )  # fmt: skip


def staff(number: int, site: str) -> list[Person]:
    made = []
    for one in range(number):
        person = make_person(f"{site} {one}", account=False)
        employ(person, site=site)
        Registration.objects.create(person=person, profession="radiographers")
        learns(person)
        made.append(person)
    return made


@pytest.fixture
def school() -> Client:
    return browser(with_account("Eve Educator", SCHOOL_EDUCATOR))


def test_figures_by_site_without_names_or_words(school: Client) -> None:
    staff(6, "Elm Hospital")
    staff(5, "Oak Hospital")
    said = words(school.get(PAGE))
    assert "Elm Hospital" in said
    assert "Radiographers" in said
    for hidden in ("Sneezeweed", "Meadowrue", "Elm Hospital 0"):
        assert hidden not in said
    file = b"".join(school.get("/cpd/school/file/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Elm Hospital,6,6,6" in file
    assert "In all,11,11,11" in file
    assert "Sneezeweed" not in file


def test_figures_leave_out_what_was_taken_back_and_count_merged_records_as_one_person(
    school: Client,
) -> None:
    first, *_ = staff(6, "Elm Hospital")
    again = make_person("Elm Hospital again", account=False)
    admin = with_account("Ada Admin", ADMINISTRATOR)
    merge_people(kept=again, merged=first, by=admin, uuid=uuid4())
    learns(again)
    gone = learns(first)
    gone.taken_back_at = clock.now()
    gone.save()
    file = b"".join(school.get("/cpd/school/file/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "In all,6,7,7" in file


def test_too_few_people_are_not_shown(school: Client) -> None:
    staff(4, "Elm Hospital")
    said = words(school.get(PAGE))
    assert "Too few people to show" in said
    assert "Elm Hospital" not in said
    assert "fewer than 5" in said


def test_help_is_asked_seen_and_seen_to(school: Client) -> None:
    alice = make_person("Alice Amber")
    employ(alice)
    learns(alice)
    own = browser(alice, second_factor=False)
    assert own.post(HELP, {}).status_code == 422
    assert own.post(HELP, {"uuid": str(uuid4())}).status_code == 302
    said = words(school.get(PAGE))
    assert "Alice Amber" in said
    assert "Elm Hospital" in said
    assert "1 asked for help" in words(school.get("/home/later/"))
    asked = HelpAsked.objects.get()
    assert school.post(f"{HELP}{asked.uuid}/seen-to/").headers["Location"] == PAGE
    assert "Seen to: Alice Amber." in words(school.get(PAGE))
    assert "Alice Amber" not in words(school.get(PAGE))
    assert "You asked on" not in words(own.get(HELP))


def test_needed_no_longer_it_waits_no_more(school: Client) -> None:
    alice = make_person("Alice Amber")
    own = browser(alice, second_factor=False)
    own.post(HELP, {"uuid": str(uuid4())})
    asked = HelpAsked.objects.get()
    assert own.post(f"{HELP}{asked.uuid}/seen-to/").headers["Location"] == HELP
    assert HelpAsked.objects.get().seen_to_by == alice


def test_page_asks_for_no_more_with_more_people(school: Client) -> None:
    staff(6, "Elm Hospital")
    before = queries_of(school, PAGE)
    for person in staff(6, "Oak Hospital"):
        HelpAsked.objects.create(person=person)
    assert queries_of(school, PAGE) == before <= 12


def test_everybody_finds_their_cpd(school: Client) -> None:
    alice = browser(make_person("Alice Amber"), second_factor=False)
    for page in ("/home/learning/", "/my-learning/"):
        answer = alice.get(page)
        assert "Open your CPD" in words(answer)


@pytest.mark.parametrize(
    ("today", "is_said"),
    [
        (date(2027, 5, 31), False),
        (date(2027, 6, 1), True),
        (date(2027, 12, 1), True),
        (date(2028, 2, 29), True),
        (date(2028, 3, 1), False),
    ],
)
def test_first_page_says_when_the_window_is_near_or_open(
    monkeypatch: pytest.MonkeyPatch, today: date, is_said: bool
) -> None:
    alice = make_person("Alice Amber")
    Registration.objects.create(person=alice, profession="radiographers")
    monkeypatch.setattr(clock, "today", lambda: today)
    viewer = Mock(person=alice, me=[alice.pk])
    [panel] = panels.home(viewer)
    assert bool(panel.context["countdown"]) is is_said
