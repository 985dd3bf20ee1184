"""What is told of confirmed hours and of meetings: to the student and to staff, and no name of either to the other."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from logbooks.cpd.models import Activity, Noticed
from placements import done
from placements.actions import confirming, hours, placing
from placements.actions.meetings import sign_meeting, write_meeting
from placements.models import Meeting, Placement, Shift, ShiftDecision, Supervision
from school.core import clock, days
from school.core.models import LedgerEntry
from school.people.models import Person
from school.people.roles import UNIVERSITY_TUTOR
from tests import factories
from tests.logbooks.cpd.told import Draft, drafts, hear

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

PASSWORD = ShiftDecision.Proof.PASSWORD
DAY = clock.today() - timedelta(days=3)
MENTORED = ("mentoring", "Confirmed a shift of a year 3 student", DAY.isoformat(), None)


def worked(minutes: int = 450, site: str = "Cumberland Infirmary") -> Draft:
    return ("placement", f"Placement at {site}, year 3", DAY.isoformat(), minutes)


@pytest.fixture
def educator() -> Person:
    return factories.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    enrolment = factories.make_student("Quillon Planted-Name")
    return factories.make_placement(enrolment, educator=educator)


@pytest.fixture
def student(placement: Placement) -> Person:
    return placement.enrolment.person


def undo(decision: ShiftDecision) -> None:
    confirming.undo(by=decision.person, decision=decision, proof=PASSWORD, uuid=uuid4())


def test_confirmed_shift_is_told_to_student_and_educator_and_no_other_is(
    placement: Placement, student: Person, educator: Person
) -> None:
    shift = factories.make_shift(placement, DAY)
    factories.make_shift(placement, DAY - timedelta(days=1))
    assert (drafts(student), drafts(educator)) == ([], [])
    factories.make_decision(educator, shift)
    assert (drafts(student), drafts(educator)) == ([worked()], [MENTORED])
    assert set(Noticed.objects.values_list("key", flat=True)) == {shift.entry.uuid}
    titles = Noticed.objects.exclude(person=student).values_list("title", flat=True)
    assert not [title for title in titles if "Quillon" in title or "Planted" in title]


@pytest.mark.parametrize("outcome", ["queried", "rejected"])
def test_what_is_not_confirmed_is_not_told(
    placement: Placement, student: Person, educator: Person, outcome: str
) -> None:
    factories.make_decision(educator, factories.make_shift(placement, DAY), outcome, comment="No.")
    assert (drafts(student), drafts(educator)) == ([], [])


def test_undone_it_goes_and_confirmed_again_it_is_the_same(
    placement: Placement, student: Person, educator: Person
) -> None:
    shift = factories.make_shift(placement, DAY)
    undo(factories.make_decision(educator, shift))
    assert (drafts(student), drafts(educator)) == ([], [])
    factories.make_decision(educator, shift)
    hear()
    assert Noticed.objects.count() == 2


def test_what_was_kept_stays_when_undone_and_is_marked(
    placement: Placement, student: Person, educator: Person
) -> None:
    decision = factories.make_decision(educator, factories.make_shift(placement, DAY))
    hear()
    activity = Activity.objects.create(
        person=student, title="My placement", learning="work", starts_on=DAY, ends_on=DAY
    )
    Noticed.objects.filter(person=student).update(activity=activity)
    undo(decision)
    hear()
    row = Noticed.objects.get()
    assert (row.person, row.activity, row.undone) == (student, activity, True)


def test_corrected_shift_goes_until_it_is_confirmed_and_is_then_the_same_for_whoever_confirmed_it(
    placement: Placement, student: Person, educator: Person
) -> None:
    other = factories.make_educator("Edda Other")
    placing.supervise(
        by=factories.make_coordinator(),
        placement=placement,
        person=other,
        capacity=Supervision.Capacity.PRACTICE_EDUCATOR,
        starts=placement.starts,
    )
    first = factories.make_shift(placement, DAY)
    factories.make_decision(educator, first)
    assert drafts(student) == [worked()]
    second = factories.make_shift(placement, DAY, end="15:00", corrects=first)
    assert (drafts(student), drafts(educator)) == ([], [])
    factories.make_decision(other, second)
    assert (drafts(student), drafts(educator), drafts(other)) == ([worked(390)], [], [MENTORED])
    assert set(Noticed.objects.values_list("key", flat=True)) == {first.entry.uuid}
    hours.withdraw_shift(by=student, shift=second, uuid=uuid4())
    assert (drafts(student), drafts(other)) == ([], [])


def test_study_is_no_placement_but_confirming_it_is_work(
    placement: Placement, student: Person, educator: Person
) -> None:
    factories.make_decision(educator, factories.make_shift(placement, DAY, day_type="study"))
    assert (drafts(student), drafts(educator)) == ([], [MENTORED])


def test_day_is_that_on_which_the_shift_began(
    placement: Placement, student: Person, educator: Person
) -> None:
    night = factories.make_shift(placement, DAY, "20:00", "04:00")
    factories.make_decision(educator, night)
    assert days.london_day(night.start) == DAY
    assert drafts(student) == [worked()]


def test_many_shifts_are_read_with_as_many_queries_as_one(
    placement: Placement, educator: Person
) -> None:
    shifts = [factories.make_shift(placement, DAY - timedelta(days=n)) for n in range(5)]
    facts = [factories.make_decision(educator, shift).entry.uuid for shift in shifts]
    counts = []
    for some in (facts[:1], facts):
        with CaptureQueriesContext(connection) as queries:
            assert len(done.decided(some)) == 2 * len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def write(by: Person, placement: Placement, kind: str, **more: Any) -> Meeting:
    said = {"day": DAY, "record": "Agreed.", "proof": PASSWORD, "uuid": uuid4(), **more}
    return write_meeting(by=by, placement=placement, kind=kind, **said)


def test_meeting_is_told_once_to_the_staff_who_signed_it(
    placement: Placement, student: Person, educator: Person
) -> None:
    tutor = factories.make_person("Tamsin Tutor")
    factories.make_grant(tutor, UNIVERSITY_TUTOR, placement.enrolment.cohort.scope)
    first = write(educator, placement, "three_way")
    told = ("mentoring", "Three-way meeting with a year 3 student", DAY.isoformat(), None)
    assert (drafts(educator), drafts(tutor)) == ([told], [])
    for person in (student, tutor):
        sign_meeting(by=person, meeting=first, proof=PASSWORD, uuid=uuid4())
    assert (drafts(educator), drafts(tutor), drafts(student)) == ([told], [told], [])
    # Written anew it is the same meeting, on its new day, for everybody who ever signed it.
    earlier = (DAY - timedelta(days=1)).isoformat()
    write(tutor, placement, "three_way", corrects=first, day=DAY - timedelta(days=1))
    moved = (*told[:2], earlier, None)
    assert (drafts(educator), drafts(tutor)) == ([moved], [moved])
    write(tutor, placement, "visit")
    assert [title for _, title, _, _ in drafts(tutor)] == [
        "Three-way meeting with a year 3 student",
        "Tutor's visit with a year 3 student",
    ]
    assert not Noticed.objects.filter(title__contains="Quillon").exists()


def test_a_fact_that_nobody_knows_tells_nothing() -> None:
    assert [read([uuid4()]) for read in (done.worked, done.decided, done.met)] == [[], [], []]
    assert not LedgerEntry.objects.exists()
    assert not Shift.objects.exists()
