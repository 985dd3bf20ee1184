"""What a student sees of their result, beside whom, and how they appeal."""

from uuid import uuid4

import pytest
from django.test import Client

from logbooks.osces.models import Appealed
from logbooks.osces.release import actions, panels
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import close, sheet
from tests.logbooks.osces.release.made import decided, marked, recorded, released, tap
from tests.logbooks.osces.test_panels import Worn
from tests.placements.browsers import browser, counted, queries_of

pytestmark = pytest.mark.django_db
FIVE = [(5, 4), (2, 1), (3, 3), (4, 2), (1, 5)]
MINE = "/osces/results/"


def student(made: Day, place: int = 0) -> Client:
    return browser(made.candidates[place].enrolment.person, second_factor=False)


def address(made: Day, place: int = 0, page: str = "") -> str:
    return f"{MINE}{made.candidates[place].uuid}/{page}"


def words(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_result_says_who_passed_with_marks_cuts_and_grades() -> None:
    made = marked(FIVE)
    released(made)
    passed = words(student(made), address(made))
    for said in ("You passed", "9 of 10", "The pass mark is 6", "S1 Station 1", "5 of 5", "Good", "Safety"):  # fmt: skip
        assert said in passed, said
    failed = words(student(made, 1), address(made, 1))
    assert "You did not pass" in failed
    assert "The total is below the pass mark of 6." in failed
    assert "not passed" in failed


def test_nobody_else_finds_it_and_nobody_before_release() -> None:
    made = marked(FIVE)
    standard = recorded(made)
    mine = student(made)
    for page in ("", "appeal/"):
        assert mine.get(address(made, 0, page)).status_code == 404
    assert "There are none" in words(mine, MINE)
    released(made, standard)
    for somebody in (student(made, 1), browser(made.writer)):
        for page in ("", "appeal/"):
            assert somebody.get(address(made, 0, page)).status_code == 404
    assert address(made) in words(mine, MINE)


def test_cohort_stands_beside_where_the_board_lets_it_and_there_are_five() -> None:
    made = marked(FIVE)
    released(made)
    page = words(student(made), address(made))
    # Totals 9, 3, 6, 6, 6 and marks 5, 2, 3, 4, 1 at the first station.
    assert "6 to 6, middle 6" in page
    assert "2 to 4, middle 3" in page
    assert "the 5 candidates with a mark at every station" in page
    assert page.count('<svg class="soo-among"') == 4


@pytest.mark.parametrize("comparison", [True, False])
def test_cohort_is_kept_back_where_it_is_small_or_the_board_says_no(comparison: bool) -> None:
    made = marked(FIVE[:4] if comparison else FIVE)
    released(made, recorded(made, decided(made, comparison=comparison)))
    page = words(student(made), address(made))
    assert ("ohort" in page, "soo-among" in page) == (False, False)


def test_comments_that_stand_are_shown_and_what_was_taken_back_is_not() -> None:
    made = day(stations=2, candidates=1)
    (candidate,) = made.candidates
    own, other = sheets = [sheet(made, candidate, station) for station in made.stations]
    first = tap(own, 1, "comment", words="Rushed.")
    tap(own, 2, "comment", words="Calm and clear.", seen=str(first.entry.uuid))
    taken = tap(other, 1, "comment", words="Wrong candidate.")
    tap(other, 2, "comment", said="cleared", seen=str(taken.entry.uuid))
    for station, one in zip(made.stations, sheets, strict=True):
        close(made, candidate, station, 4, 3, own=one)
    tap(own, 3, "comment", words="Thought of later.")
    released(made)
    page = words(student(made), address(made))
    assert "Calm and clear." in page
    for gone in ("Rushed", "Wrong candidate", "Thought of later"):
        assert gone not in page


def test_candidate_appeals_on_a_page_that_loses_nothing() -> None:
    made = marked(FIVE)
    released(made)
    client, page = student(made, 1), address(made, 1, "appeal/")
    assert "appeal against this result" in words(client, address(made, 1))
    empty = client.post(page, {"words": "", "uuid": uuid4()})
    assert empty.status_code == 422
    assert "Enter what should be looked at again, and why" in empty.content.decode()
    assert "<title>Error:" in empty.content.decode()
    kept = client.post(page, {"words": "Patient 943 476 5919 was late.", "uuid": uuid4()})
    assert (kept.status_code, "943 476 5919" in kept.content.decode()) == (422, True)
    sent = {"words": "The alarm rang in S1.", "uuid": uuid4()}
    for _ in range(2):
        assert client.post(page, sent).status_code == 302
    shown = words(client, address(made, 1))
    assert ("The alarm rang in S1." in shown, "It waits for an answer" in shown) == (True, True)
    assert "appeal against this result" not in shown
    assert client.get(page).headers["Location"] == address(made, 1), "the form is not shown again"
    again = client.post(page, {**sent, "uuid": uuid4()})
    assert (again.status_code, "already" in again.content.decode()) == (409, True)
    actions.answer(by=made.reader, appeal=Appealed.objects.get(), upheld=True, words="We heard it.", uuid=uuid4())  # fmt: skip
    shown = words(client, address(made, 1))
    assert ("Your appeal was upheld." in shown, "We heard it." in shown) == (True, True)


def test_failed_result_promises_what_a_resit_keeps() -> None:
    made = marked([(5, 4), (3, 1)])
    released(made)
    page = words(student(made, 1), address(made, 1))
    assert "You keep what you passed: S1 Station 1." in page
    assert "unless you are marked there anew" in page
    assert "You keep" not in words(student(made), address(made))


def test_nothing_is_carried_where_the_board_says_no() -> None:
    made = marked([(3, 1)])
    released(made, recorded(made, decided(made, resits_carry=False)))
    assert "You take every station again." in words(student(made), address(made))


def test_home_says_that_a_result_is_there_only_once_it_is() -> None:
    made = marked(FIVE)
    standard = recorded(made)
    mine = Worn(made.candidates[0].enrolment.person)
    assert panels.home(mine) == []  # type: ignore[arg-type]
    released(made, standard)
    with counted() as found:
        [panel] = panels.home(mine)  # type: ignore[arg-type]
    assert (len(found), panel.template) == (1, "osces/release/panel_result.html")


def test_pages_take_few_queries() -> None:
    made = marked(FIVE)
    released(made)
    client = student(made, 1)
    client.post(address(made, 1, "appeal/"), {"words": "The alarm rang.", "uuid": uuid4()})
    assert queries_of(client, address(made, 1)) <= 12
    assert queries_of(client, MINE) <= 12
