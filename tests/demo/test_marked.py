"""The demo's exam of today: in progress, with sheets in every state and tablets that were heard of."""

import pytest

from logbooks.osces.day.board import board
from logbooks.osces.day.queries import announced_of
from logbooks.osces.marking.station import station
from logbooks.osces.models import Exam, MarkEvent, SheetClosed
from school.core import days
from school.demo import builder

pytestmark = pytest.mark.django_db


def test_floor_is_in_its_third_slot_with_closed_and_open_sheets(demo: builder.Build) -> None:
    exam = Exam.objects.get(title="Year 2 OSCE")
    said = announced_of(exam)
    assert said
    found = board(exam, said, days.instant(demo.today, demo.at))
    signals = [ring.signal for ring in found.rings]
    assert [(one.running, one.round) for one in signals] == [(True, 1), (True, 1)]
    assert found.closed >= 10
    assert found.expected == 120
    assert (found.late, found.unsent) == (1, 2)
    lines = [line for ring in found.rings for line in ring.lines]
    assert "open" in {line.sheet for line in lines}
    assert any(line.heard.silent for line in lines)


def test_practice_educator_has_somebody_to_mark_now(demo: builder.Build) -> None:
    exam = Exam.objects.get(title="Year 2 OSCE")
    dilys = demo.personas["practice_educator"]
    own = station(exam, 1, dilys, [dilys.pk])
    assert own
    line = own.now()
    assert line
    assert line.closed_at is None
    assert any(one.closed_at for one in own.lines)


def test_every_mark_was_pressed_during_the_visit_and_none_is_missing(demo: builder.Build) -> None:
    for exam in Exam.objects.filter(state=Exam.State.FROZEN):
        for event in MarkEvent.objects.filter(sheet__exam=exam):
            assert event.device_at
            assert days.london_day(event.device_at) == exam.day
    numbers = SheetClosed.objects.values_list("sheet", flat=True)
    assert len(set(numbers)) >= 130
