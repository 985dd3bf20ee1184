"""All sheets of an exam for those who run it, and sheets typed from paper."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from logbooks.osces.marking import actions, sheets
from logbooks.osces.marking.events import Tap
from logbooks.osces.models import MarkEvent, SheetClosed
from tests.factories import make_person
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import close
from tests.people.cast import signed_in, with_app

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = (str(UUID(int=n)) for n in (1, 2, 3))
MARKS = {FIRST: "2", SECOND: "n", THIRD: "1", "grade": "4"}


@pytest.fixture
def made() -> Day:
    return day(stations=2, candidates=2)


@pytest.fixture
def client(made: Day) -> Client:
    return signed_in(made.writer, with_app(made.writer))


def paper(made: Day, number: int = 101) -> str:
    return f"/osces/marking/{made.exam.uuid}/paper/{number}/{made.stations[0].place.number}/"


def post(client: Client, made: Day, **more: Any) -> Any:
    """Types the sheet of the first candidate, as marked by who was to examine there."""
    page = client.get(paper(made)).context
    data = {"examiner": page["chosen"].uuid, "device": page["device"], "known": page["known"], "uuid": page["uuid"]}  # fmt: skip
    return client.post(paper(made), {**data, **MARKS, **more}, follow=True)


def test_list_shows_what_is_expected_and_what_is_there(client: Client, made: Day) -> None:
    close(made, made.candidates[0], made.stations[0], 3, 2)
    stray = make_person("Stray Examiner")
    close(made, made.candidates[0], made.stations[1], 3, 2, examiner=stray)
    said = client.get(f"/osces/marking/{made.exam.uuid}/sheets/").content.decode()
    assert "2 of 5 sheets closed" in said
    assert "Stray Examiner was not to examine there." in said
    assert said.count(">Type<") == 3
    assert said.count(">Closed<") == 2


def test_list_is_reached_from_the_exam_and_the_floor(client: Client, made: Day) -> None:
    for page in ("", "floor/"):
        said = client.get(f"/osces/exams/{made.exam.uuid}/{page}").content.decode()
        assert f'href="/osces/marking/{made.exam.uuid}/sheets/"' in said


def test_paper_records_both_hands(client: Client, made: Day) -> None:
    answer = post(client, made, close="1")
    assert "The sheet of candidate 101 is closed." in answer.content.decode()
    closed = SheetClosed.objects.get()
    assert (closed.paper, closed.total, closed.grade) == (True, 3, 4)
    assert closed.sheet.examiner == made.examiners[0][0]
    assert {fact.entry.actor for fact in MarkEvent.objects.all()} == {made.writer.uuid}
    assert all(fact.paper for fact in MarkEvent.objects.all())


def test_closed_sheet_shows_its_comment_and_who_typed_it(client: Client, made: Day) -> None:
    post(client, made, close="1", comment="Spoke calmly.\nAsked twice.")
    sheet = SheetClosed.objects.get().sheet
    said = client.get(f"/osces/marking/{made.exam.uuid}/sheets/{sheet.uuid}/").content.decode()
    assert "Marked by Examiner A1 on paper, typed by Wanda Writer." in said
    assert "<p>Spoke calmly.<br>Asked twice.</p>" in said
    other = close(made, made.candidates[1], made.stations[0], 3, 2).sheet
    said = client.get(f"/osces/marking/{made.exam.uuid}/sheets/{other.uuid}/").content.decode()
    assert "Marked by Examiner A1.</p>" in said
    assert "Comment, which" not in said


def test_paper_that_says_otherwise_than_the_tablet_is_a_conflict(client: Client, made: Day) -> None:
    page = client.get(paper(made)).context
    sheet = actions.open_sheet(
        exam=made.exam,
        candidate=made.candidates[0],
        station=made.stations[0],
        examiner=made.examiners[0][0],
        told=_told(made),
    )
    tap = Tap(uuid4(), uuid4(), 1, FIRST, 0)
    actions.keep(by=made.examiners[0][0], sheet=sheet, document=made.stations[0].document, taps=[tap])  # fmt: skip
    data = {"examiner": page["chosen"].uuid, "device": page["device"], "known": "0", "uuid": page["uuid"]}  # fmt: skip
    answer = client.post(paper(made), {**data, **MARKS, "close": "1"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Item 1 has two different marks from two devices: choose one." in said
    assert post(client, made, close="1").status_code == 200
    assert SheetClosed.objects.get().total == 3


def _told(made: Day) -> Any:
    from logbooks.osces.day.queries import announced_of

    return announced_of(made.exam)


def test_late_marks_are_listed_until_somebody_decides(client: Client, made: Day) -> None:
    closed = close(made, made.candidates[0], made.stations[0], 3, 2)
    late, same = Tap(uuid4(), uuid4(), 1, FIRST, 0), Tap(uuid4(), uuid4(), 1, SECOND, 1)
    actions.keep(by=made.examiners[0][0], sheet=closed.sheet, document=made.stations[0].document, taps=[late, same])  # fmt: skip
    found = sheets.late_events([closed])[closed.sheet_id]
    assert [fact.entry.uuid for fact in found] == [late.uuid]
    said = client.get(f"/osces/marking/{made.exam.uuid}/sheets/").content.decode()
    assert "1 mark came after it was closed" in said
    page = f"/osces/marking/{made.exam.uuid}/sheets/{closed.sheet.uuid}/"
    said = client.get(page).content.decode()
    assert "Checks identity: 0, arrived" in said
    assert f'href="/osces/exams/{made.exam.uuid}/results/101/"' in said


def test_pages_take_few_queries(client: Client, made: Day, django_assert_max_num_queries: Any) -> None:  # fmt: skip
    closed = close(made, made.candidates[0], made.stations[0], 3, 2)
    for page in ("sheets/", f"sheets/{closed.sheet.uuid}/"):
        with django_assert_max_num_queries(16):
            client.get(f"/osces/marking/{made.exam.uuid}/{page}")
