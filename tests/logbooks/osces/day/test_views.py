"""The day of an exam on its pages: made ready, announced, hung at the door, and planned again after a look."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from logbooks.osces.day import actions, queries
from logbooks.osces.day.plan import from_canonical
from logbooks.osces.models import ConflictDeclared, Timetabled
from school.people.models import AccessLog
from tests.factories import make_person
from tests.logbooks.osces.day.made import START
from tests.logbooks.osces.day.ready import Ready, announce, ready
from tests.logbooks.osces.pressing import press
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def made() -> Ready:
    return ready()


@pytest.fixture
def lead(made: Ready) -> Client:
    return browser(made.lead)


def address(made: Ready, page: str = "day/") -> str:
    return f"/osces/exams/{made.exam.uuid}/{page}"


def words(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def session(made: Ready, **changed: Any) -> dict[str, Any]:
    """What the page of a session sends."""
    return {
        "name": "Afternoon",
        "site": "Oak Hospital, level 2",
        "start": "13:00",
        "end": "16:00",
        "seen": queries.seen(made.exam.plan),
        "circuit-TOTAL_FORMS": 1,
        "circuit-INITIAL_FORMS": 0,
        "circuit-0-name": "B",
        "circuit-0-after": "10",
        "circuit-0-pause": "",
        "circuit-0-examiner_0": made.examiners[0].email,
        "circuit-0-examiner_1": f"{made.examiners[1].name}, Rita Reader",
        **changed,
    }


def test_day_says_what_comes_next(made: Ready, lead: Client) -> None:
    assert "2 candidates, 0 with reasonable adjustments" in words(lead, address(made))
    shown = press(lead, address(made), "Work out the timetable")
    assert "The timetable is announced." in shown
    assert Timetabled.objects.count() == 1
    assert "It holds all that is written here" in words(lead, address(made))
    actions.withdraw(by=made.lead, candidate=made.candidates[0])
    assert "Something changed since" in words(lead, address(made))
    with time_machine.travel(START, tick=False):
        shown = words(browser(made.reader), address(made))
        assert "The exam has begun" in shown
        assert "no longer changes the timetable: say what happened instead" in shown


def test_exam_links_to_its_day(made: Ready, lead: Client) -> None:
    assert address(made) in lead.get(address(made, "")).content.decode()
    assert address(made, "floor/") not in lead.get(address(made, "")).content.decode()
    announce(made)
    assert address(made, "floor/") in lead.get(address(made, "")).content.decode()


def test_what_cannot_hold_together_is_said_on_the_day(made: Ready, lead: Client) -> None:
    one, number = made.examiners[0], made.candidates[0].number
    sent = {"examiner": one.uuid, "candidate": made.candidates[0].uuid, "uuid": uuid4()}
    assert lead.post(address(made, "day/conflicts/"), sent).status_code == 302
    answer = lead.post(address(made, "day/announce/"), {"uuid": uuid4(), "seen": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"Candidate {number} cannot meet examiner Examiner 1." in page
    assert "<title>Error: " in page


def test_candidates_are_added_by_cohort_and_their_needs_written(made: Ready, lead: Client) -> None:
    page = address(made, "day/candidates/")
    assert lead.post(page, {}).status_code == 422
    answer = lead.post(page, {"cohort": made.cohort.uuid}, follow=True)
    assert "0 candidates are added" in answer.content.decode()
    one = made.candidates[0]
    sent = {"extra": "25", "rests": "1", "earliest": "9:30", "session": "Morning"}
    assert lead.post(f"{page}{one.uuid}/", sent).status_code == 302
    assert "25 % extra time. 1 rest. Not before 09:30. Morning only." in words(lead, page)
    wrong = lead.post(f"{page}{one.uuid}/", {"extra": "a lot"})
    assert wrong.status_code == 422
    assert "Extra time is 0 to 200 per cent" in wrong.content.decode()
    assert AccessLog.objects.filter(person=one.enrolment.person).exists()


def test_candidate_is_withdrawn_and_taken_back_in(made: Ready, lead: Client) -> None:
    page = address(made, f"day/candidates/{made.candidates[0].uuid}/")
    lead.post(page, {"withdrawn": "yes"})
    assert "Withdrawn from this exam" in words(lead, page)
    lead.post(page, {"withdrawn": "no"})
    assert queries.candidates(made.exam).count() == 2


def test_session_is_written_with_examiners_by_address_or_name(made: Ready, lead: Client) -> None:
    answer = lead.post(address(made, "day/sessions/new/"), session(made))
    assert (answer.status_code, answer["Location"]) == (302, address(made))
    made.exam.refresh_from_db()
    _, said = from_canonical(made.exam.plan).sessions
    [ring] = said.circuits
    one, two = made.examiners
    assert ring.examiners == ((one.uuid,), (two.uuid, made.reader.uuid))
    assert (said.start.hour, ring.after, ring.pause) == (13, 10, 0)
    page = lead.get(address(made, "day/sessions/2/")).content.decode()
    assert f"Examiner 1 &lt;{one.email}&gt;" in page
    again = {**session(made), "seen": queries.seen(made.exam.plan), "more": "yes", "start": "13:30"}
    answer = lead.post(address(made, "day/sessions/2/"), again, follow=True)
    assert len(answer.context["rows"].forms) == 2
    made.exam.refresh_from_db()
    lead.post(
        address(made, "day/sessions/2/"), {"remove": "yes", "seen": queries.seen(made.exam.plan)}
    )
    made.exam.refresh_from_db()
    assert len(from_canonical(made.exam.plan).sessions) == 1


def test_examiner_who_is_not_found_is_said_at_their_box(made: Ready, lead: Client) -> None:
    make_person("Examiner 2")
    sent = session(made, **{"circuit-0-examiner_0": "Nobody Known"})
    answer = lead.post(address(made, "day/sessions/new/"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody in the portal is “Nobody Known”" in page
    assert "2 people are called “Examiner 2”. Enter the e-mail address instead" in page
    assert 'value="Nobody Known"' in page
    three = session(made, **{"circuit-0-examiner_0": "Wanda Writer; Rita Reader; Wanda Writer"})
    page = lead.post(address(made, "day/sessions/new/"), three).content.decode()
    assert "One or two people examine at a station" in page
    assert "This names one person twice" in page


def test_session_that_means_nothing_comes_back(made: Ready, lead: Client) -> None:
    page = address(made, "day/sessions/new/")
    assert "The session is over after it starts" in lead.post(page, session(made, end="12:00")).content.decode()  # fmt: skip
    nameless = lead.post(page, session(made, **{"circuit-0-name": ""}))
    assert "Enter the name of the circuit" in nameless.content.decode()
    late = lead.post(page, session(made, seen="old"))
    assert late.status_code == 409
    assert "Somebody changed the sessions meanwhile" in late.content.decode()
    assert lead.get(address(made, "day/sessions/3/")).status_code == 404


def test_examiner_declares_their_own_conflicts_alone(made: Ready, lead: Client) -> None:
    announce(made)
    one, other = made.examiners
    page = address(made, "day/conflicts/")
    mine = browser(one, second_factor=False)
    sent = {"examiner": one.uuid, "candidate": made.candidates[0].uuid, "uuid": uuid4()}
    assert mine.post(page, sent).status_code == 302
    assert mine.post(page, {**sent, "examiner": other.uuid}).status_code == 422
    assert "Examiner 1" in words(mine, page)
    assert "Examiner 1" not in words(browser(other, second_factor=False), page)
    assert browser(make_person("Nora Nobody")).get(page).status_code == 404
    assert "Examiner 1" in words(lead, page)
    assert ConflictDeclared.objects.count() == 1


def test_conflict_is_taken_back_by_its_button(made: Ready, lead: Client) -> None:
    page = address(made, "day/conflicts/")
    sent = {"examiner": made.examiners[0].uuid, "candidate": made.candidates[0].uuid}
    lead.post(page, {**sent, "uuid": uuid4()})
    actions.withdraw(by=made.lead, candidate=made.candidates[0])
    lead.post(page, {**sent, "uuid": uuid4(), "back": "yes"})
    assert queries.conflicts(made.exam) == {}


def test_timetable_is_shown_by_circuit_and_candidate(made: Ready, lead: Client) -> None:
    assert lead.get(address(made, "day/timetable/")).status_code == 404
    announce(made)
    shown = words(lead, address(made, "day/timetable/"))
    assert "Circuit A of Morning" in shown
    assert "everybody meets every marked station once" in shown
    one = made.candidates[0]
    assert f"{one.number}, {one.enrolment.person.name}" in shown
    door = words(lead, address(made, "day/door/"))
    assert str(one.number) in door
    assert one.enrolment.person.name not in door


def test_change_is_looked_at_before_it_is_announced(made: Ready) -> None:
    announce(made)
    page = address(made, "day/again/")
    with time_machine.travel(START - 5 * MINUTE, tick=False):
        client = browser(made.lead)
        shown = client.get(page, {"what": "delay", "circuit": "0", "minutes": "7"})
        assert "A circuit is late: what would move" in shown.content.decode()
        assert Timetabled.objects.count() == 1
        sent = {
            "what": "delay",
            "circuit": "0",
            "minutes": "7",
            "as_of": shown.context["as_of"],
            "uuid": shown.context["uuid"],
            "seen": shown.context["standing"].entry.uuid,
        }
        for nonsense in ("yesterday", "2027-03-04T08:55", "2027-99-99T00:00+00:00"):
            assert client.post(page, {"what": "delay", "as_of": nonsense}).status_code == 422
        answer = client.post(page, sent, follow=True)
        assert "What moved last" in answer.content.decode()
        assert Timetabled.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"what": "delay", "circuit": "0", "minutes": "-3"}, "A delay is 1 to 240 minutes"),
        ({"what": "late", "candidate": "", "arrives": "25:00"}, "Choose the candidate"),
        ({"what": "room", "place": "0:0"}, "The rest of the day cannot be planned so"),
        ({"what": "late", "candidate": "first", "arrives": "08:50"}, "arrives after now"),
        ({"what": "examiner", "examiner": "first"}, "Examiner 1 is not there from 08:55"),
    ],
)
def test_change_that_cannot_be_is_said(made: Ready, sent: dict[str, str], said: str) -> None:
    announce(made)
    keys = {"candidate": made.candidates[0].uuid, "examiner": made.examiners[0].uuid}
    full = {name: keys[name] if value == "first" else value for name, value in sent.items()}
    with time_machine.travel(START - 5 * MINUTE, tick=False):
        answer = browser(made.lead).get(address(made, "day/again/"), full)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Timetabled.objects.count() == 1


def test_pages_take_few_queries(made: Ready, lead: Client) -> None:
    announce(made)
    page = f"day/candidates/{made.candidates[0].uuid}/"
    for name in ("day/", "day/candidates/", page, "day/sessions/1/", "day/conflicts/", "day/timetable/", "day/door/", "day/again/"):  # fmt: skip
        assert queries_of(lead, address(made, name)) <= 12, name
