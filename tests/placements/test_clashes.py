"""What a person is due at on placement, as other apps are told."""

from datetime import date, timedelta

import pytest

from school.core import clock
from school.core.registries import Clash, clashes
from school.people.models import Person
from school.people.queries import identity
from tests import factories

pytestmark = pytest.mark.django_db


def day(after: int) -> date:
    return clock.today() + timedelta(days=after)


def due(person: Person, on: date, start: str = "00:00", end: str = "23:59") -> list[Clash]:
    return clashes(identity(person), *factories.span(on, start, end))


def test_student_is_due_at_shifts_sent_and_planned() -> None:
    placement = factories.make_placement(educator=factories.make_educator())
    student, site = placement.enrolment.person, placement.site.name
    factories.make_shift(placement, day(-1))
    factories.plan_shift(placement, day(1))
    assert due(student, day(-1)) == [
        Clash(*factories.span(day(-1), "08:00", "16:00"), f"Shift at {site}")
    ]
    assert due(student, day(1)) == [
        Clash(*factories.span(day(1), "08:00", "16:00"), f"Planned shift at {site}")
    ]
    assert due(student, day(2)) == []


def test_shift_that_only_touches_the_time_asked_for_is_no_clash() -> None:
    placement = factories.make_placement()
    factories.plan_shift(placement, day(1))
    student = placement.enrolment.person
    assert due(student, day(1), "06:00", "08:00") == due(student, day(1), "16:00", "18:00") == []
    assert len(due(student, day(1), "15:59", "18:00")) == 1


def test_planned_shift_that_was_sent_counts_once() -> None:
    placement = factories.make_placement()
    factories.plan_shift(placement, day(-1))
    factories.make_shift(placement, day(-1), "08:30", "16:30")
    [clash] = due(placement.enrolment.person, day(-1))
    assert clash.start == factories.at(day(-1), "08:30")


def test_rejected_shift_binds_nobody_any_more() -> None:
    educator = factories.make_educator()
    placement = factories.make_placement(educator=educator)
    shift = factories.make_shift(placement, day(-1))
    factories.make_decision(educator, shift, "rejected", comment="You were not here.")
    assert due(placement.enrolment.person, day(-1)) == []


def test_supervisors_and_other_students_are_due_at_nothing() -> None:
    educator = factories.make_educator()
    placement = factories.make_placement(educator=educator)
    factories.plan_shift(placement, day(1))
    other = factories.make_student(name="Olu Otherly")
    assert (due(educator, day(1)), due(other.person, day(1))) == ([], [])
