"""The hours of an exam that is going on when the demo is built."""

from datetime import date, datetime, time

import pytest

from logbooks.osces.day import plan as plans
from logbooks.osces.models import Exam
from school.core import days
from school.demo import builder
from school.demo.seated import hours_around

SUMMER = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("at", "start", "end"),
    [
        (time(11), time(10, 40), time(14, 40)),
        (time(11, 4, 30), time(10, 40), time(14, 40)),
        (time(0, 5), time(0), time(4)),
        (time(23, 50), time(23, 30), time(23, 59)),
    ],
)
def test_session_of_today_began_a_while_ago_and_on_the_same_day(
    at: time, start: time, end: time
) -> None:
    def on(wall: time) -> datetime:
        return days.instant(SUMMER, wall)

    assert hours_around(on(at)) == (on(start), on(end))


@pytest.mark.django_db
def test_practice_educator_examines_at_the_first_station_of_each_exam(demo: builder.Build) -> None:
    frozen = Exam.objects.filter(state=Exam.State.FROZEN)
    first = {
        circuits.examiners[0]
        for exam in frozen
        for session in plans.from_canonical(exam.plan).sessions
        for circuits in session.circuits[:1]
    }
    assert first == {(demo.personas["practice_educator"].uuid,)}
