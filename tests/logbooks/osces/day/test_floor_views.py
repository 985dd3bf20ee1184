"""The floor on the day: clocks from the server's time, sheets and tablets by station, and few queries."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from logbooks.osces.day.board import board
from logbooks.osces.day.queries import announced_of
from logbooks.osces.day.signals import signals
from logbooks.osces.models import Tablet
from tests.factories import make_person
from tests.logbooks.osces.day.made import START, Day, day
from tests.logbooks.osces.marking.made import close, sheet
from tests.placements.browsers import browser, queries_of
from tests.placements.test_actions_confirming import merge

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def address(made: Day, page: str = "floor/") -> str:
    return f"/osces/exams/{made.exam.uuid}/{page}"


def words(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    ("at", "said", "until"),
    [
        (START - MINUTE, "Before round 1", START),
        (START, "Round 1, slot 1 of 3", START + 8 * MINUTE),
        (START + 8 * MINUTE, "Change over to round 1, slot 2 of 3", START + 9 * MINUTE),
        (START + 20 * MINUTE, "Round 1, slot 3 of 3", START + 26 * MINUTE),
        (START + 26 * MINUTE, "Over", None),
    ],
)
def test_clock_says_slot_and_next_signal(at: datetime, said: str, until: datetime | None) -> None:
    announced = announced_of(day().exam)
    assert announced
    [signal] = signals(announced, at)
    assert (signal.words, signal.until) == (said, until)


def test_board_shows_who_is_where_and_what_is_marked() -> None:
    made = day()
    said = announced_of(made.exam)
    assert said
    first = next(one for one in said.timetable.visits if one.station.startswith("S1"))
    here = next(one for one in made.candidates if str(one.uuid) == first.candidate)
    examiner = made.examiners[0][0]
    now = first.starts + MINUTE
    sheet(made, here, made.stations[0])
    Tablet.objects.create(
        exam=made.exam, examiner=examiner, device=uuid4(), unsent=3, heard_at=now - 2 * MINUTE
    )
    found = board(made.exam, said, now)
    line = found.rings[0].lines[0]
    assert (line.candidate, line.sheet, line.marks, line.late) == (str(here.number), "open", 0, ())
    assert (line.heard.unsent, line.heard.silent) == (3, "not heard for 2 minutes")
    assert (found.unsent, found.closed, found.expected, found.late) == (3, 0, 4, 0)
    with time_machine.travel(now, tick=False):
        shown = words(browser(made.writer), address(made))
    assert "3 marks only there , not heard for 2 minutes" in shown
    later = board(made.exam, said, first.ends)
    assert later.rings[0].lines[0].late == (str(here.number),)


def test_closed_sheet_is_not_late() -> None:
    made = day()
    said = announced_of(made.exam)
    assert said
    for one in made.candidates:
        close(made, one, made.stations[0], 2, 3)
    found = board(made.exam, said, START + timedelta(hours=2))
    assert (found.closed, found.late) == (2, 2)
    assert found.rings[0].lines[0].late == ()


@pytest.mark.parametrize("marks_as_kept", [True, False])
def test_board_knows_an_examiner_by_whatever_record_they_mark_with(marks_as_kept: bool) -> None:
    made = day()
    said = announced_of(made.exam)
    assert said
    again, planned = make_person("Marking Account"), made.examiners[0][0]
    merge(*((again, planned) if marks_as_kept else (planned, again)))
    for one in made.candidates:
        close(made, one, made.stations[0], 2, 3, examiner=again)
    Tablet.objects.create(exam=made.exam, examiner=again, device=uuid4(), unsent=2, heard_at=START)
    found = board(made.exam, said, START + timedelta(hours=2))
    line = found.rings[0].lines[0]
    assert (line.late, line.heard.unsent) == ((), 2)
    assert (found.closed, found.late) == (2, 2)


def test_part_of_the_page_is_the_board_alone() -> None:
    made = day()
    lead = browser(made.writer)
    for page in ("floor/", "clock/"):
        part = lead.get(address(made, page), {"part": "1"}).content.decode()
        assert "<html" not in part
        assert "data-until" in part
        assert "data-floor=" in lead.get(address(made, page)).content.decode()


def test_clock_is_for_examiners_of_the_exam_and_the_floor_is_not() -> None:
    made = day()
    mine = browser(made.examiners[0][0], second_factor=False)
    assert mine.get(address(made, "clock/")).status_code == 200
    assert mine.get(address(made)).status_code == 403
    assert browser(make_person("Nora Nobody")).get(address(made, "clock/")).status_code == 403


def test_floor_with_twelve_tablets_takes_few_queries() -> None:
    made = day(stations=6, candidates=12, circuits=2)
    for one in made.candidates:
        sheet(made, one, made.stations[0])
    for own in made.examiners:
        for examiner in own:
            Tablet.objects.create(exam=made.exam, examiner=examiner, device=uuid4(), heard_at=START)
    with time_machine.travel(START + MINUTE, tick=False):
        client = browser(made.writer)
        assert queries_of(client, address(made)) <= 12
        assert queries_of(client, address(made, "clock/")) <= 12
