"""Which records wait for whom: the same people who may sign them, and how a list says where they stand."""

from datetime import timedelta
from uuid import uuid4

import pytest

from placements import meetings_queries
from placements.actions import placing
from placements.actions.meetings import sign_meeting, write_meeting
from placements.meetings import Side
from placements.models import Meeting, Placement, ShiftDecision, Supervision
from placements.taking_part import taking_part
from school.core import clock, days
from school.people.models import Person
from tests import factories as make
from tests.placements.browsers import Viewer, browser

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

PASSWORD = ShiftDecision.Proof.PASSWORD


@pytest.fixture
def educator() -> Person:
    return make.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    return make.make_placement(educator=educator)


def write(by: Person, placement: Placement, days_ago: int = 0, **more: object) -> Meeting:
    values = {"kind": "three_way", "corrects": None} | more
    return write_meeting(
        by=by,
        placement=placement,
        day=clock.today() - timedelta(days=days_ago),
        record="Three scans a week.",
        proof=PASSWORD,
        uuid=uuid4(),
        **values,  # type: ignore[arg-type]
    )


def sign(by: Person, meeting: Meeting) -> None:
    sign_meeting(by=by, meeting=meeting, proof=PASSWORD, uuid=uuid4())


def waits_for(person: Person) -> list[Meeting]:
    viewer = Viewer(person)
    found = list(meetings_queries.waiting(viewer, viewer.me))  # type: ignore[arg-type]
    # What waits and who may sign are one rule.
    for meeting in Meeting.objects.standing():
        part = taking_part(person, meeting.placement)
        may = Side.SITE in part.signing(meeting.entry.about_from)
        assert (meeting in found) == may
    return found


def ended(placement: Placement, days_ago: int) -> None:
    [own] = Supervision.objects.standing().filter(placement=placement)
    last = clock.today() - timedelta(days=days_ago)
    placing.end_supervision(by=placement.enrolment.person, supervision=own, last_day=last)


def test_records_of_their_time_wait_for_who_supervised_for_14_days(
    educator: Person, placement: Placement
) -> None:
    student = placement.enrolment.person
    before, _ = write(student, placement, 15), write(student, placement, 13)
    ended(placement, 14)
    assert waits_for(educator) == [before]


def test_no_record_waits_for_who_supervised_longer_ago(
    educator: Person, placement: Placement
) -> None:
    write(placement.enrolment.person, placement, 20)
    ended(placement, 15)
    assert waits_for(educator) == []


def test_record_of_a_placement_withdrawn_while_it_ran_waits_on(
    educator: Person, placement: Placement
) -> None:
    student = placement.enrolment.person
    held = write(student, placement, 1)
    placing.move_state(
        by=student,
        placement=placement,
        to=Placement.State.WITHDRAWN,
        reason="Ill.",
        uuid=uuid4(),
    )
    assert waits_for(educator) == [held]


def test_no_record_waits_for_whose_supervision_is_to_come(placement: Placement) -> None:
    student, other = placement.enrolment.person, make.make_educator("Owen Other")
    placing.supervise(
        by=student,
        placement=placement,
        person=other,
        capacity="supervisor",
        starts=clock.today() + timedelta(days=1),
    )
    write(student, placement, 1)
    assert waits_for(other) == []


def test_signed_record_stands_in_the_list_with_the_newer_that_waits_beside_it(
    educator: Person, placement: Placement
) -> None:
    student = placement.enrolment.person
    first = write(educator, placement, 3, kind="initial")
    sign(student, first)
    [record] = meetings_queries.of_placements([placement])
    assert (record.fact, record.stands, record.in_force.state) == (first, None, "Signed by all")
    newer = write(educator, placement, 1, kind="initial", corrects=first)
    [record] = meetings_queries.of_placements([placement])
    assert record.stands
    assert (record.fact, record.stands.fact) == (newer, first)
    initial = meetings_queries.expected(placement, [record])[0]
    assert (initial.look, initial.state) == ("done", "Signed by all")
    said = browser(educator).get(f"/placements/{placement.uuid}/meetings/").content.decode()
    today = clock.today()
    assert [
        said.count(words)
        for words in (
            "Signed by all",
            "Waits for the student",
            f"New words, {days.long_date(today - timedelta(days=1))}",
            f"Initial meeting, {days.long_date(today - timedelta(days=3))}",
        )
    ] == [2, 2, 2, 1]
    sign(student, newer)
    [record] = meetings_queries.of_placements([placement])
    assert (record.fact, record.stands) == (newer, None)


def test_words_that_nobody_signed_alone_stand_as_they_wait(
    educator: Person, placement: Placement
) -> None:
    first = write(educator, placement, 3, kind="initial")
    newer = write(educator, placement, 1, kind="initial", corrects=first)
    [record] = meetings_queries.of_placements([placement])
    assert (record.fact, record.stands, record.in_force.state) == (
        newer,
        None,
        "Waits for the student",
    )
