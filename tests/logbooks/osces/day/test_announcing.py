"""The timetable announced from what is written, once, and again on the day without touching what has happened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from logbooks.osces import sealing
from logbooks.osces.day import actions, announcing, asking, queries
from logbooks.osces.day.announced import Announced, from_canonical
from logbooks.osces.models import Exam, MarkSheet, Timetabled
from logbooks.osces.stations.actions import HasProblems
from logbooks.osces.timetable.changes import Absent, Change, Delayed, ExaminerLost, Late, RoomLost
from logbooks.osces.timetable.exam import Timetable
from logbooks.osces.timetable.problems import problems
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import Book
from tests.logbooks.osces.day.made import START
from tests.logbooks.osces.day.ready import Ready, announce, plan, ready, seen, write_plan
from tests.logbooks.osces.exams.made import design, drafted
from tests.people.cast import with_account
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def made() -> Ready:
    return ready()


def said(made: Ready) -> Announced:
    """What stands."""
    found = queries.announced_of(made.exam)
    assert found
    return found


def kept(found: Announced) -> bool:
    """Whether the check of its own finds nothing wrong."""
    return not problems(asking.named(found.exam, asking.names(found.exam)), found.timetable)


def again(made: Ready, change: Change, as_of: datetime, **more: object) -> Timetabled:
    """Announces a change that was looked at just now."""
    return announcing.announce_again(
        **{  # type: ignore[arg-type]
            "by": made.lead,
            "exam": made.exam,
            "change": change,
            "as_of": as_of,
            "away": None,
            "uuid": uuid4(),
            "seen": seen(made),
            **more,
        }
    )


def test_timetable_is_announced_without_names_of_people(made: Ready) -> None:
    fact = announce(made)
    assert (fact.entry.about_from, fact.supersedes) == (made.exam.day, None)
    assert fact.digest == sealing.digest_of(fact.document)
    assert "Examiner" not in fact.document
    assert "Student" not in fact.document
    found = from_canonical(fact.document)
    assert kept(found)
    assert len(found.timetable.visits) == 6
    assert {one.name for one in found.exam.candidates} == {
        str(one.number) for one in made.candidates
    }


def test_announcement_sent_twice_is_one(made: Ready) -> None:
    uuid = uuid4()
    first = announcing.announce(by=made.lead, exam=made.exam, uuid=uuid, seen=None)
    assert announcing.announce(by=made.lead, exam=made.exam, uuid=uuid, seen=None) == first
    assert Timetabled.objects.count() == 1


def test_later_announcement_takes_the_place_of_the_one_that_was_seen(made: Ready) -> None:
    first = announce(made)
    actions.withdraw(by=made.lead, candidate=made.candidates[0])
    with pytest.raises(Conflict, match="another timetable meanwhile"):
        announcing.announce(by=made.lead, exam=made.exam, uuid=uuid4(), seen=None)
    second = announce(made)
    assert (second.supersedes, queries.timetabled(made.exam)) == (first, second)
    assert len(said(made).timetable.visits) == 3


def test_what_cannot_hold_together_is_said_and_nothing_is_announced(made: Ready) -> None:
    write_plan(made, plan(made, hours=0).__class__(tuple(
        one.__class__(one.name, one.site, START, START + 20 * MINUTE, one.circuits)
        for one in plan(made).sessions
    )))  # fmt: skip
    with pytest.raises(announcing.CannotHold) as refused:
        announce(made)
    assert any("Morning is over by 09:20" in words for words in refused.value.sentences)
    assert not Timetabled.objects.exists()


def test_conflict_keeps_an_examiner_and_a_candidate_apart() -> None:
    made = ready(circuits=2)
    examiner, candidate = made.examiners[0], made.candidates[0]
    actions.declare_conflict(
        by=examiner,
        exam=made.exam,
        examiner=examiner,
        candidate=candidate,
        holds=True,
        uuid=uuid4(),
    )
    announce(made)
    met = said(made).examined_by(examiner.uuid)
    assert str(candidate.uuid) not in {one.candidate for one in met}


def test_conflict_that_leaves_no_circuit_names_the_examiner(made: Ready) -> None:
    examiner = made.examiners[0]
    actions.declare_conflict(
        by=made.lead,
        exam=made.exam,
        examiner=examiner,
        candidate=made.candidates[0],
        holds=True,
        uuid=uuid4(),
    )
    with pytest.raises(announcing.CannotHold) as refused:
        announce(made)
    assert refused.value.sentences == (
        f"Candidate {made.candidates[0].number} cannot meet examiner Examiner 1.",
    )


def test_nothing_is_worked_out_before_all_is_written(made: Ready) -> None:
    write_plan(made, plan(made).__class__())
    with pytest.raises(HasProblems, match="There is no session yet"):
        announce(made)


def test_what_is_worked_out_is_checked_by_itself(
    made: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "planned", lambda exam: Timetable((), ()))
    with pytest.raises(HasProblems, match="0 times"):
        announce(made)
    assert not Timetabled.objects.exists()


def test_what_changed_while_it_was_worked_out_is_not_announced(
    made: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = announcing.planned

    def slowly(exam: object) -> object:
        actions.withdraw(by=made.lead, candidate=made.candidates[0])
        return plans(exam)  # type: ignore[arg-type]

    monkeypatch.setattr(announcing, "planned", slowly)
    with pytest.raises(Conflict, match="Somebody changed the day meanwhile"):
        announce(made)
    assert not Timetabled.objects.exists()


def test_exam_that_has_begun_is_not_worked_out_anew(made: Ready) -> None:
    announce(made)
    with time_machine.travel(START, tick=False), pytest.raises(Conflict, match="has begun"):
        announce(made)


def test_draft_has_no_day(made: Ready) -> None:
    draft = drafted(made.lead, design())
    with pytest.raises(Conflict, match="not frozen yet"):
        announcing.announce(by=made.lead, exam=draft, uuid=uuid4(), seen=None)


def test_others_announce_nothing(made: Ready) -> None:
    announce(made)
    nobody = with_account("Nora Nobody")
    acts: list[Callable[[], object]] = [
        lambda: announcing.announce(by=nobody, exam=made.exam, uuid=uuid4(), seen=seen(made)),
        lambda: again(made, Absent(str(made.candidates[0].uuid)), clock.now(), by=nobody),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert Timetabled.objects.count() == 1


@time_machine.travel(START - 5 * MINUTE, tick=False)
def test_candidate_who_does_not_come_is_taken_out(made: Ready) -> None:
    first = announce(made)
    gone, stays = (str(one.uuid) for one in made.candidates)
    fact = again(made, Absent(gone), clock.now())
    assert fact.supersedes == first
    found = said(made)
    assert found.changes == (Absent(gone),)
    assert {one.candidate for one in found.timetable.visits} == {stays}
    assert {after for _, after in found.timetable.moved} == {None}


def test_late_candidate_meets_what_they_missed_and_nobody_else_is_moved(made: Ready) -> None:
    announce(made)
    before = said(made)
    late, other = (str(one.uuid) for one in made.candidates)
    with time_machine.travel(START + 2 * MINUTE, tick=False):
        again(made, Late(late, START + 5 * MINUTE), clock.now())
        found = said(made)
    own = [one for one in found.timetable.visits if one.candidate == late]
    assert all(one.starts >= START + 5 * MINUTE for one in own)
    assert {"S1 Station 1", "S2 Station 2"} <= {one.station for one in own}
    theirs = [one for one in before.timetable.visits if one.candidate == other]
    assert [one for one in found.timetable.visits if one.candidate == other] == theirs
    assert kept(found)


def test_late_candidate_was_at_a_station_where_they_have_a_sheet(made: Ready) -> None:
    announce(made)
    first = said(made).timetable.visits[0]
    late = next(one for one in made.candidates if str(one.uuid) == first.candidate)
    for one in queries.marked(made.exam):
        MarkSheet.objects.create(
            book=Book.objects.create(kind=Book.Kind.MARK_SHEET),
            exam=made.exam,
            candidate=late,
            place=one.place,
            examiner=made.examiners[0],
        )
    own = [one for one in said(made).timetable.visits if one.candidate == first.candidate]
    at = own[1].starts + MINUTE
    with (
        time_machine.travel(at, tick=False),
        pytest.raises(DomainError, match="has a mark sheet at"),
    ):
        again(made, Late(first.candidate, at + 5 * MINUTE), clock.now(), away=START)


@pytest.mark.parametrize("kind", ["room", "examiner", "delay"])
def test_what_happens_to_a_place_moves_only_what_has_not_begun(kind: str) -> None:
    made = ready(circuits=2)
    announce(made)
    before = said(made)
    now = START + 10 * MINUTE
    ring = before.timetable.visits[0].circuit
    place = before.circuits()["Morning", ring].positions
    changes: dict[str, Change] = {
        "room": RoomLost("Morning", ring, 0, now),
        "examiner": ExaminerLost(place[0].examiners[0], now),
        "delay": Delayed("Morning", ring, 7),
    }
    with time_machine.travel(now, tick=False):
        again(made, changes[kind], clock.now())
    found = said(made)
    past = [one for one in before.timetable.visits if one.starts <= now]
    assert past
    assert [one for one in found.timetable.visits if one.starts <= now] == past
    assert found.timetable.moved
    assert kept(found)


def test_change_that_holds_is_kept_at_the_next_and_a_delay_is_not(made: Ready) -> None:
    announce(made)
    late, other = (str(one.uuid) for one in made.candidates)
    with time_machine.travel(START - 5 * MINUTE, tick=False):
        again(made, Delayed("Morning", "A", 3), clock.now())
        again(made, Absent(other), clock.now())
        again(made, Late(late, START + 20 * MINUTE), clock.now())
    assert said(made).changes == (Absent(other), Late(late, START + 20 * MINUTE))


def test_nonsense_is_refused(made: Ready) -> None:
    announce(made)
    one = str(made.candidates[0].uuid)
    now = START - 5 * MINUTE
    cases: list[tuple[Change, str]] = [
        (Delayed("Morning", "A", 0), "A delay is 1 to 240 minutes"),
        (Delayed("Morning", "A", -5), "A delay is 1 to 240 minutes"),
        (Late(one, now), "arrives after now"),
        (Late(one, START + 600 * MINUTE), "before the exam is over"),
        (RoomLost("Morning", "A", 0, START, START), "opens again after it was lost"),
        (ExaminerLost(str(made.examiners[0].uuid), START + 600 * MINUTE), "before that"),
        (Late(one, START - MINUTE), "Nothing has to move"),
    ]
    with time_machine.travel(now, tick=False):
        for change, words in cases:
            with pytest.raises(DomainError, match=words):
                again(made, change, clock.now())
        again(made, Absent(one), clock.now())
        for change in (Absent(one), Late(one, START)):
            with pytest.raises(DomainError, match=r"not to come|does not come"):
                again(made, change, clock.now())
    with (
        time_machine.travel(START + 600 * MINUTE, tick=False),
        pytest.raises(DomainError, match="The exam is over"),
    ):
        again(made, Delayed("Morning", "A", 5), clock.now())
    assert Timetabled.objects.count() == 2


def test_lost_station_without_another_is_said(made: Ready) -> None:
    announce(made)
    with (
        time_machine.travel(START - 5 * MINUTE, tick=False),
        pytest.raises(announcing.CannotHold) as refused,
    ):
        again(made, ExaminerLost(str(made.examiners[0].uuid), START), clock.now())
    assert any("Examiner Examiner 1 is not there" in one for one in refused.value.sentences)
    assert Timetabled.objects.count() == 1


def test_what_was_looked_at_long_ago_is_looked_at_again(made: Ready) -> None:
    announce(made)
    at = START - 15 * MINUTE
    with time_machine.travel(START - 4 * MINUTE, tick=False):
        with pytest.raises(Conflict, match="some time ago"):
            again(made, Delayed("Morning", "A", 5), at)
        with pytest.raises(Conflict, match="some time ago"):
            again(made, Delayed("Morning", "A", 5), clock.now() + MINUTE)


def test_what_has_begun_since_it_was_looked_at_is_not_moved(made: Ready) -> None:
    announce(made)
    with (
        time_machine.travel(START + MINUTE, tick=False),
        pytest.raises(Conflict, match="has begun meanwhile"),
    ):
        again(made, Delayed("Morning", "A", 5), START - MINUTE)


def test_change_sent_twice_is_one(made: Ready) -> None:
    announce(made)
    uuid, shown = uuid4(), seen(made)
    with time_machine.travel(START - 5 * MINUTE, tick=False):
        delay = Delayed("Morning", "A", 5)
        first = again(made, delay, clock.now(), uuid=uuid, seen=shown)
        assert again(made, delay, clock.now(), uuid=uuid, seen=shown) == first
        with pytest.raises(Conflict, match="another timetable meanwhile"):
            again(made, delay, clock.now(), seen=shown)
    assert Timetabled.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_announcements_at_once_one_stands() -> None:
    made = ready()

    def act(uuid: UUID) -> Callable[[], Timetabled]:
        exam = Exam.objects.get(pk=made.exam.pk)
        return lambda: announcing.announce(by=made.lead, exam=exam, uuid=uuid, seen=None)

    came = at_once([act(uuid4()), act(uuid4())])
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "Timetabled"]
    assert Timetabled.objects.count() == 1


def test_stale_is_what_was_changed_since(made: Ready) -> None:
    announce(made)
    assert not queries.is_stale(said(made), asking.written(made.exam).asked)
    actions.withdraw(by=made.lead, candidate=made.candidates[0])
    assert queries.is_stale(said(made), asking.written(made.exam).asked)
