"""What an examiner sees and sends: pages without script, and the door for tablets."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from logbooks.osces.day.queries import Marked
from logbooks.osces.models import (
    Candidate,
    MarkEvent,
    MarkSheet,
    SheetClosed,
    Tablet,
    Timetabled,
)
from school.people.models import Person
from tests.factories import make_person, make_student
from tests.logbooks.osces.day.made import Day, announce, day

pytestmark = pytest.mark.django_db
DEVICE = str(UUID(int=77))


@pytest.fixture
def made() -> Day:
    return day(stations=2, candidates=2)


@pytest.fixture
def client(made: Day) -> Client:
    return as_examiner(made.examiners[0][0])


def as_examiner(examiner: Person) -> Client:
    client = Client()
    client.force_login(examiner.user)
    return client


def page(made: Day, station: Marked | None = None) -> str:
    place = (station or made.stations[0]).place.number
    return f"/osces/marking/{made.exam.uuid}/{place}/"


def event(candidate: Candidate, number: int, **changes: Any) -> dict[str, Any]:
    """A mark of 2 at the first item, as a tablet sends it."""
    said = {"uuid": str(uuid4()), "device": DEVICE, "candidate": str(candidate.uuid), "number": number, "part": str(UUID(int=1)), "value": 2, "seen": [], "at": "2027-03-04T09:01:00Z"}  # fmt: skip
    return {**said, **changes}


def whole(candidate: Candidate, first: int = 1) -> list[dict[str, Any]]:
    """Every item and the grade of the small station."""
    said = [(str(UUID(int=1)), 2), (str(UUID(int=2)), "not_observed"), (str(UUID(int=3)), 0), ("grade", 3)]  # fmt: skip
    return [event(candidate, first + n, part=part, value=value) for n, (part, value) in enumerate(said)]  # fmt: skip


def send(client: Client, made: Day, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the door answers to a tablet."""
    owner = str(made.examiners[0][0].uuid)
    body = {"owner": owner, "device": DEVICE, "unsent": len(events), "events": events, **more}
    answer = client.post(f"{page(made)}marks/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_examiner_finds_the_station_and_its_candidates(client: Client, made: Day) -> None:
    said = client.get("/osces/marking/").content.decode()
    assert "S1 Station 1" in said
    assert "S2 Station 2" not in said
    shown = client.get(f"{page(made)}?candidate=101").content.decode()
    assert "Candidate 101" in shown
    assert "Student 1" in shown
    assert "Look for three identifiers." in shown


def test_another_station_is_not_there(client: Client, made: Day) -> None:
    assert client.get(page(made, made.stations[1])).status_code == 404
    assert client.get(f"{page(made)}?candidate=999").status_code == 404
    assert as_examiner(made.examiners[0][1]).get(page(made)).status_code == 404


def test_marks_are_kept_and_a_second_copy_changes_nothing(client: Client, made: Day) -> None:
    one = event(made.candidates[0], 1)
    for _ in range(2):
        answer = send(client, made, one)
        assert answer["kept"] == [one["uuid"]]
        assert answer["refused"] == {}
    fact = MarkEvent.objects.get()
    assert (fact.value, fact.part, fact.number, fact.paper) == (2, str(UUID(int=1)), 1, False)
    assert fact.entry.actor == made.examiners[0][0].uuid
    assert Tablet.objects.get().unsent == 0


def test_marks_out_of_range_are_refused_and_the_others_kept(client: Client, made: Day) -> None:
    good, bad = event(made.candidates[0], 1), event(made.candidates[0], 2, value=3)
    answer = send(client, made, good, bad)
    assert answer["kept"] == [good["uuid"]]
    assert answer["refused"] == {bad["uuid"]: "“Checks identity” takes 0, 1, 2, not 3."}
    assert [fact.value for fact in MarkEvent.objects.all()] == [2]


def test_mark_that_cannot_be_read_is_refused_alone(client: Client, made: Day) -> None:
    first = made.candidates[0]
    good = event(first, 1, at="0001-01-01T00:00:00+14:00")
    bad = [
        event(first, 2, value="two"),
        event(first, 3, part="comment", value="words", words="\ud800"),
        event(first, 4, part="comment", value="words", words="a\0b"),
    ]
    answer = send(client, made, good, *bad)
    assert answer["kept"] == [good["uuid"]]
    assert answer["refused"].keys() == {one["uuid"] for one in bad}


def test_two_marks_under_one_identity_are_both_refused(client: Client, made: Day) -> None:
    one = event(made.candidates[0], 1)
    answer = send(client, made, one, {**one, "value": 0})
    assert list(answer["refused"]) == [one["uuid"]]
    assert not MarkEvent.objects.exists()


def test_marks_are_never_sent_in_the_name_of_somebody_else(client: Client, made: Day) -> None:
    body = {"owner": str(made.writer.uuid), "device": DEVICE, "events": [event(made.candidates[0], 1)]}  # fmt: skip
    answer = client.post(f"{page(made)}marks/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 409
    assert not MarkSheet.objects.exists()


def test_marks_of_an_examiner_who_was_replaced_without_a_signal_are_kept(
    client: Client, made: Day
) -> None:
    replaced = replace(made, examiners=[[make_person("New Examiner"), made.examiners[0][1]]])
    before = Timetabled.objects.get()
    announce(replaced, supersedes=before)
    assert "moved" in client.get(page(made)).content.decode()
    one = event(made.candidates[0], 1)
    assert send(client, made, one)["kept"] == [one["uuid"]]


def test_sheet_waits_for_what_another_device_has(client: Client, made: Day) -> None:
    first = made.candidates[0]
    send(client, made, device=str(UUID(int=78)), unsent=7)
    asked = {"candidate": str(first.uuid), "uuid": str(uuid4()), "without": False}
    answer = send(client, made, *whole(first), closing=[asked])
    assert "Another device of yours has 7 marks" in answer["open"][str(first.uuid)]
    assert send(client, made, closing=[{**asked, "without": True}])["open"] == {}


def test_form_from_the_browsers_history_is_another_device(client: Client, made: Day) -> None:
    data = {"candidate": "101", "device": str(uuid4()), "known": "9" * 5000, "save": "1"}
    for value in ("2", "1"):
        answer = client.post(page(made), {**data, str(UUID(int=1)): value})
        assert answer.status_code == 302
    assert MarkEvent.objects.count() == 2


def test_same_uuid_with_another_mark_is_refused_alone(client: Client, made: Day) -> None:
    first = event(made.candidates[0], 1)
    send(client, made, first)
    other = event(made.candidates[0], 2, part="grade", value=3)
    answer = send(client, made, {**first, "value": 0}, other)
    assert answer["kept"] == [other["uuid"]]
    assert "other content" in answer["refused"][first["uuid"]]
    assert MarkEvent.objects.get(part=str(UUID(int=1))).value == 2


def test_unreadable_message_keeps_nothing(client: Client, made: Day) -> None:
    keys = {"owner": str(made.examiners[0][0].uuid), "device": DEVICE}
    deep = "[" * 200_000
    for body in ("", "[]", "{}", '{"device": 1}', deep, json.dumps({**keys, "events": [{}]})):
        answer = client.post(f"{page(made)}marks/", body, content_type="application/json")
        assert answer.status_code == 422
        assert "kept" not in answer.json()
    assert not MarkEvent.objects.exists()


def test_door_is_not_there_for_others(made: Day) -> None:
    other = as_examiner(made.examiners[0][1])
    body = {"owner": str(made.examiners[0][1].uuid), "device": DEVICE, "events": [event(made.candidates[0], 1)]}  # fmt: skip
    answer = other.post(f"{page(made)}marks/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 404
    assert not MarkSheet.objects.exists()


def test_sheet_is_closed_once_and_says_what_stood(client: Client, made: Day) -> None:
    first = made.candidates[0]
    uuid = str(uuid4())
    asked = {"candidate": str(first.uuid), "uuid": uuid, "without": False}
    answer = send(client, made, *whole(first), closing=[asked])
    assert answer["open"] == {}
    assert answer["states"][str(first.uuid)]["closed"]
    again = send(client, made, closing=[asked])
    assert again["open"] == {}
    closed = SheetClosed.objects.get()
    assert (closed.total, closed.grade, closed.entry.uuid) == (2, 3, UUID(uuid))
    assert json.loads(closed.marks)[str(UUID(int=2))] is None


def test_sheet_with_an_empty_item_stays_open(client: Client, made: Day) -> None:
    first = made.candidates[0]
    asked = {"candidate": str(first.uuid), "uuid": str(uuid4()), "without": False}
    answer = send(client, made, *whole(first)[:3], closing=[asked])
    assert answer["open"] == {str(first.uuid): "1 thing is open on this sheet, so it is not closed. Nothing is lost."}  # fmt: skip
    assert not SheetClosed.objects.exists()


def test_sheet_waits_for_marks_that_have_not_arrived(client: Client, made: Day) -> None:
    first = made.candidates[0]
    asked = {"candidate": str(first.uuid), "uuid": str(uuid4()), "without": False}
    answer = send(client, made, *whole(first, first=2), closing=[asked])
    assert "1 mark that a device made has not arrived" in answer["open"][str(first.uuid)]
    answer = send(client, made, closing=[{**asked, "without": True}])
    assert answer["open"] == {}


def test_closed_sheet_is_not_closed_again(client: Client, made: Day) -> None:
    first = made.candidates[0]
    for number in (1, 2):
        asked = {"candidate": str(first.uuid), "uuid": str(uuid4()), "without": False}
        answer = send(client, made, *(whole(first) if number == 1 else ()), closing=[asked])
    assert "This sheet is closed." in answer["open"][str(first.uuid)]
    assert SheetClosed.objects.count() == 1


def test_two_marks_under_one_number_are_not_both_kept(client: Client, made: Day) -> None:
    send(client, made, event(made.candidates[0], 1))
    other = event(made.candidates[0], 1, part="grade", value=3)
    answer = send(client, made, other)
    assert "under the same number" in answer["refused"][other["uuid"]]


def test_form_with_a_mark_out_of_range_is_shown_again(client: Client, made: Day) -> None:
    data = {"candidate": "101", "device": str(uuid4()), "known": "0", "save": "1"}
    answer = client.post(page(made), {**data, str(UUID(int=1)): "7", "grade": "3"})
    assert answer.status_code == 422
    assert "“Checks identity” takes 0, 1, 2, not 7." in answer.content.decode()
    assert [fact.part for fact in MarkEvent.objects.all()] == ["grade"]


def test_marks_that_arrive_after_closing_are_kept_and_change_nothing(
    client: Client, made: Day
) -> None:
    first = made.candidates[0]
    asked = {"candidate": str(first.uuid), "uuid": str(uuid4()), "without": False}
    send(client, made, *whole(first), closing=[asked])
    late = event(first, 9, value=0)
    assert send(client, made, late)["kept"] == [late["uuid"]]
    assert MarkEvent.objects.filter(entry__uuid=late["uuid"]).exists()
    assert SheetClosed.objects.get().total == 2


def test_two_tablets_of_one_examiner_make_one_sheet_and_a_conflict(
    client: Client, made: Day
) -> None:
    first = made.candidates[0]
    send(client, made, event(first, 1, value=2))
    answer = send(client, made, event(first, 1, value=0, device=str(UUID(int=78))))
    assert MarkSheet.objects.count() == 1
    standing = answer["states"][str(first.uuid)]["standing"][str(UUID(int=1))]
    assert sorted(row[1] for row in standing) == [0, 2]
    shown = client.get(f"{page(made)}?candidate=101").content.decode()
    assert "Two devices or windows disagree: 2 and 0. Choose one." in shown or "Two devices or windows disagree: 0 and 2. Choose one." in shown  # fmt: skip


def test_marks_of_somebody_elses_candidate_are_refused(client: Client, made: Day) -> None:
    other = unannounced(made)
    answer = send(client, made, event(other, 1))
    assert list(answer["refused"].values()) == ["You do not examine this candidate at this station."]  # fmt: skip


def unannounced(made: Day) -> Candidate:
    """A candidate of the same exam who came after the timetable was announced."""
    return Candidate.objects.create(
        exam=made.exam, enrolment=make_student("Late Comer"), number=300
    )


def test_form_without_script_saves_and_closes(client: Client, made: Day) -> None:
    first = made.candidates[0]
    shown = client.get(page(made))
    data = {"candidate": "101", "device": str(shown.context["device"]), "known": "0", "uuid": str(uuid4())}  # fmt: skip
    marks = {str(UUID(int=1)): "2", str(UUID(int=2)): "n", str(UUID(int=3)): "1", "comment": "Calm and clear."}  # fmt: skip
    answer = client.post(page(made), {**data, **marks, "close": "1"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Error: Candidate 101, S1" in said
    assert "Overall judgement is empty: choose one." in said
    assert MarkEvent.objects.count() == 4, "what could be saved is saved"
    again = client.get(f"{page(made)}?candidate=101")
    data |= {"device": str(again.context["device"]), "known": str(again.context["known"])}
    answer = client.post(page(made), {**data, **marks, "grade": "4", "close": "1"}, follow=True)
    assert "The sheet of candidate 101 is closed." in answer.content.decode()
    closed = SheetClosed.objects.get()
    assert (closed.total, closed.grade, closed.sheet.candidate) == (3, 4, first)
    assert "Calm and clear." not in closed.marks


def test_pages_take_few_queries(
    client: Client, made: Day, django_assert_max_num_queries: Any
) -> None:
    send(client, made, *whole(made.candidates[0]))
    with django_assert_max_num_queries(12):
        client.get(page(made))
    more = event(made.candidates[0], 5, value=1)
    # Two more say where a transaction begins and ends.
    with django_assert_max_num_queries(12 + 2):
        send(client, made, more)
