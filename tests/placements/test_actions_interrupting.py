"""Studies interrupted, resumed and taken back, and what that does to the plan."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from placements import standing
from placements.actions import interrupting, placing
from placements.interruption_queries import in_words
from placements.models import Enrolment, Interruption, Placement, StageTally
from placements.problems import problems
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import PrivateText
from school.people.models import Person
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def tutor() -> Person:
    return make.make_person("Greta Gorse")


def interrupt(
    by: Person, enrolment: Enrolment, first: date, last: date | None = None, **other: object
) -> Interruption:
    values = {"reason": "Family.", "uuid": uuid4(), **other}
    return interrupting.interrupt_studies(
        by=by, enrolment=enrolment, first=first, last=last, **values
    )


def tally(enrolment: Enrolment) -> StageTally:
    return StageTally.objects.select_related("stage").get(enrolment=enrolment)


def test_interruption_is_a_fact_with_its_reason_in_private(alice: Enrolment, tutor: Person) -> None:
    today = clock.today()
    fact = interrupt(tutor, alice, today)
    assert (fact.entry.actor, fact.entry.about_from, fact.entry.about_to) == (
        tutor.uuid, today, None,
    )  # fmt: skip
    assert PrivateText.objects.get(entry=fact.entry, name="reason").text == "Family."
    assert "Family." not in fact.entry.payload


def test_interruption_sent_twice_is_one(alice: Enrolment, tutor: Person) -> None:
    uuid = uuid4()
    for _ in range(2):
        interrupt(tutor, alice, clock.today(), uuid=uuid)
    assert Interruption.objects.count() == 1


def test_interrupted_student_is_not_behind(alice: Enrolment, tutor: Person) -> None:
    today = clock.today()
    make.make_placement(alice)
    assert standing.is_behind(tally(alice), today)
    fact = interrupt(tutor, alice, today - timedelta(days=1))
    kept = tally(alice)
    assert kept.interrupted == [[(today - timedelta(days=1)).isoformat(), None]]
    assert not standing.is_behind(kept, today)
    # Resumed yesterday, the student is expected again.
    interrupting.resume_studies(
        by=tutor, interruption=fact, last=today - timedelta(days=1), uuid=uuid4()
    )
    assert standing.is_behind(tally(alice), today)


def test_interrupted_days_are_not_expected(alice: Enrolment, tutor: Person) -> None:
    today = clock.today()
    make.make_placement(alice)
    first = today - timedelta(days=14)
    before = standing.expected_by(tally(alice), first - timedelta(days=1))
    interrupt(tutor, alice, first)
    assert standing.expected_by(tally(alice), today) == before


def test_tally_kept_is_the_tally_made_anew(alice: Enrolment, tutor: Person) -> None:
    make.make_placement(alice)
    interrupt(tutor, alice, clock.today(), clock.today() + timedelta(days=9))
    assert standing.rebuild(alice) == []


def test_resumption_supersedes_and_can_be_corrected(alice: Enrolment, tutor: Person) -> None:
    today = clock.today()
    fact = interrupt(tutor, alice, today)
    once = interrupting.resume_studies(
        by=tutor, interruption=fact, last=today + timedelta(days=3), uuid=uuid4()
    )
    again = interrupting.resume_studies(
        by=tutor, interruption=once, last=today + timedelta(days=5), uuid=uuid4()
    )
    assert Interruption.objects.standing().get() == again
    assert again.entry.about_to == today + timedelta(days=5)
    with pytest.raises(Conflict):
        interrupting.resume_studies(by=tutor, interruption=fact, last=today, uuid=uuid4())


def test_resumption_before_the_first_day_is_refused(alice: Enrolment, tutor: Person) -> None:
    fact = interrupt(tutor, alice, clock.today())
    with pytest.raises(DomainError) as refused:
        interrupting.resume_studies(
            by=tutor, interruption=fact, last=clock.today() - timedelta(days=1), uuid=uuid4()
        )
    assert refused.value.field == "last"


def test_interruption_taken_back_leaves_the_plan_as_it_was(alice: Enrolment, tutor: Person) -> None:
    make.make_placement(alice)
    before = tally(alice)
    fact = interrupt(tutor, alice, clock.today())
    interrupting.cancel_interruption(by=tutor, interruption=fact, uuid=uuid4())
    after = tally(alice)
    assert (after.interrupted, after.behind_on) == ([], before.behind_on)
    assert Interruption.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "last", "clashes"),
    [(-5, -1, False), (-5, 0, True), (3, None, True), (10, 12, True), (11, 12, False)],
)
def test_interruptions_share_no_day(
    alice: Enrolment, tutor: Person, first: int, last: int | None, clashes: bool
) -> None:
    today = clock.today()
    interrupt(tutor, alice, today, today + timedelta(days=10))

    def again() -> None:
        until = None if last is None else today + timedelta(days=last)
        interrupt(tutor, alice, today + timedelta(days=first), until)

    if clashes:
        with pytest.raises(DomainError, match="interrupted") as refused:
            again()
        assert refused.value.field == "first"
    else:
        again()
    assert Interruption.objects.count() == (1 if clashes else 2)


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-900, None, "first"), (900, None, "first"), (0, -1, "last")]
)
def test_interruption_lies_within_the_enrolment(
    alice: Enrolment, tutor: Person, first: int, last: int | None, field: str
) -> None:
    today = clock.today()
    until = None if last is None else today + timedelta(days=last)
    with pytest.raises(DomainError) as refused:
        interrupt(tutor, alice, today + timedelta(days=first), until)
    assert refused.value.field == field


def test_interruption_needs_a_reason(alice: Enrolment, tutor: Person) -> None:
    with pytest.raises(DomainError) as refused:
        interrupt(tutor, alice, clock.today(), reason=" ")
    assert refused.value.field == "reason"


def test_nobody_interrupts_their_own_studies(alice: Enrolment) -> None:
    with pytest.raises(NotAllowed):
        interrupt(alice.person, alice, clock.today())


def test_placements_and_hours_stay_as_they_are(alice: Enrolment, tutor: Person) -> None:
    dilys = make.make_educator()
    placement = make.make_placement(alice, educator=dilys)
    day = clock.today() - timedelta(days=3)
    interrupt(tutor, alice, clock.today() - timedelta(days=10))
    planned = make.plan_shift(placement, clock.today() + timedelta(days=2))
    make.make_decision(dilys, make.make_shift(placement, day))
    placement.refresh_from_db()
    assert placement.state == Placement.State.CONFIRMED
    assert tally(alice).confirmed == 450
    planned.refresh_from_db()
    placing.move_state(by=tutor, placement=placement, to=Placement.State.COMPLETED)
    assert tally(alice).interrupted != []


def test_nobody_is_placed_on_days_of_an_interruption(alice: Enrolment, tutor: Person) -> None:
    today = clock.today()
    placed = make.make_placement(alice)
    first, last = placed.ends + timedelta(days=2), placed.ends + timedelta(days=4)
    interrupt(tutor, alice, first, last)

    def against(starts: date, ends: date, *ignoring: Placement) -> list[str]:
        stage, site = placed.stage, placed.site
        found = problems(enrolment=alice, stage=stage, site=site, starts=starts, ends=ends, ignoring=ignoring)  # fmt: skip
        return [row.sentence for row in found if row.rule == "interrupted"]

    [said] = against(last, last)
    assert said.startswith(f"Studies of Alice Alder are interrupted {in_words(first, last)}.")
    assert against(first - timedelta(days=1), first - timedelta(days=1)) == []
    assert against(last + timedelta(days=1), last + timedelta(days=9)) == []
    # Longer into the interruption is refused; days that were placed before it was recorded stay.
    assert against(placed.starts, last, placed) == [said]
    interrupt(tutor, alice, today, today)
    assert against(placed.starts, placed.ends + timedelta(days=1), placed) == []
