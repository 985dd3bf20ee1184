"""The day made ready: who is examined under which number, with which needs, by whom, and who must not meet whom."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from logbooks.osces.day import actions, queries
from logbooks.osces.day.plan import Plan, from_canonical
from logbooks.osces.models import Candidate, ConflictDeclared
from school.core.errors import Conflict, DomainError, NotAllowed
from tests.factories import make_student
from tests.logbooks.osces.day.ready import Ready, announce, plan, ready, write_plan
from tests.logbooks.osces.exams.made import design, drafted
from tests.logbooks.osces.marking.made import sheet
from tests.people.cast import with_account

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
NEEDS: dict[str, Any] = {
    "extra": 25,
    "rests": 1,
    "in_a_row": 2,
    "earliest": None,
    "session": "Morning",
}


@pytest.fixture
def made() -> Ready:
    return ready()


def declared(made: Ready, by: Any, **more: Any) -> ConflictDeclared | None:
    """A conflict of the first examiner and the first candidate."""
    said: dict[str, Any] = {
        "examiner": made.examiners[0],
        "candidate": made.candidates[0],
        "holds": True,
        "uuid": uuid4(),
    }
    return actions.declare_conflict(by=by, exam=made.exam, **{**said, **more})


def test_cohort_becomes_candidates_under_numbers_of_three_figures(made: Ready) -> None:
    numbers = [one.number for one in made.candidates]
    assert len(set(numbers)) == 2
    assert all(100 <= number <= 999 for number in numbers)
    assert actions.add_candidates(by=made.lead, exam=made.exam, cohort=made.cohort) == []
    make_student("Student 3")
    make_student("Gone", starts=date(2020, 1, 1), ends=date(2021, 1, 1))
    [new] = actions.add_candidates(by=made.lead, exam=made.exam, cohort=made.cohort)
    assert new.number not in numbers
    assert [one.history.count() for one in queries.candidates(made.exam)] == [1, 1, 1]


def test_number_is_none_that_somebody_has(made: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = [one.number for one in made.candidates]
    free = next(number for number in actions.NUMBERS if number not in taken)
    monkeypatch.setattr(actions, "NUMBERS", [*taken, free])
    make_student("Student 3")
    [new] = actions.add_candidates(by=made.lead, exam=made.exam, cohort=made.cohort)
    assert new.number == free
    make_student("Student 4")
    with pytest.raises(DomainError, match="at most 3 candidates"):
        actions.add_candidates(by=made.lead, exam=made.exam, cohort=made.cohort)
    assert made.exam.candidates.count() == 3


def test_needs_are_kept_with_their_history(made: Ready) -> None:
    one = actions.change_needs(by=made.lead, candidate=made.candidates[0], **NEEDS)
    assert {name: getattr(one, name) for name in NEEDS} == NEEDS
    actions.change_needs(by=made.lead, candidate=one, **NEEDS)
    assert one.history.count() == 2
    for name, value in (("extra", 201), ("rests", 11), ("in_a_row", -1)):
        with pytest.raises(DomainError) as refused:
            actions.change_needs(by=made.lead, candidate=one, **{**NEEDS, name: value})
        assert refused.value.field == name


def test_withdrawn_candidate_keeps_their_number(made: Ready) -> None:
    one = actions.withdraw(by=made.lead, candidate=made.candidates[0])
    assert queries.candidates(made.exam).count() == 1
    back = actions.take_back_in(by=made.lead, candidate=one)
    assert (back.withdrawn, back.number) == (False, made.candidates[0].number)


def test_whoever_was_marked_stays_in_the_exam(made: Ready) -> None:
    announce(made)
    sheet(made, made.candidates[0], queries.marked(made.exam)[0])  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="has mark sheets already"):
        actions.withdraw(by=made.lead, candidate=made.candidates[0])
    assert not Candidate.objects.get(pk=made.candidates[0].pk).withdrawn


def test_sessions_that_somebody_changed_meanwhile_are_looked_at_again(made: Ready) -> None:
    shown = queries.seen(made.exam.plan)
    write_plan(made, plan(made, hours=3), by=made.reader)
    with pytest.raises(Conflict, match="Somebody changed the sessions meanwhile"):
        actions.save_plan(by=made.lead, exam=made.exam, plan=plan(made, hours=4), seen=shown)
    assert from_canonical(made.exam.plan) == plan(made, hours=3)
    actions.save_plan(by=made.lead, exam=made.exam, plan=plan(made, hours=3), seen=shown)


def test_last_session_taken_out_leaves_an_empty_plan(made: Ready) -> None:
    assert write_plan(made, Plan()).plan == ""


def test_nhs_number_is_not_kept_in_a_session(made: Ready) -> None:
    [one] = plan(made).sessions
    said = Plan((one.__class__("943 476 5919", one.site, one.start, one.end, one.circuits),))
    with pytest.raises(DomainError, match="NHS"):
        write_plan(made, said)


def test_conflict_is_declared_by_the_examiner_or_who_runs_the_exam(made: Ready) -> None:
    fact = declared(made, made.examiners[0])
    assert fact
    assert fact.entry.book == made.exam.book
    pair = (made.examiners[0].uuid, made.candidates[0].uuid)
    assert set(queries.conflicts(made.exam)) == {pair}
    assert declared(made, made.lead) is None
    assert declared(made, made.lead, holds=False)
    assert queries.conflicts(made.exam) == {}
    assert ConflictDeclared.objects.count() == 2


def test_conflict_sent_twice_is_one(made: Ready) -> None:
    uuid = uuid4()
    assert declared(made, made.lead, uuid=uuid) == declared(made, made.lead, uuid=uuid)
    assert ConflictDeclared.objects.count() == 1


def test_conflict_of_another_is_not_declared_by_an_examiner(made: Ready) -> None:
    with pytest.raises(NotAllowed):
        declared(made, made.examiners[1])
    assert not ConflictDeclared.objects.exists()


def test_conflict_is_between_people_of_the_exam(made: Ready) -> None:
    with pytest.raises(Conflict, match="of this exam"):
        declared(made, made.lead, examiner=made.reader)


def test_draft_takes_nothing_of_a_day(made: Ready) -> None:
    draft = drafted(made.lead, design())
    acts: list[Callable[[], object]] = [
        lambda: actions.add_candidates(by=made.lead, exam=draft, cohort=made.cohort),
        lambda: actions.save_plan(by=made.lead, exam=draft, plan=plan(made), seen=queries.seen("")),
        lambda: actions.declare_conflict(
            by=made.lead,
            exam=draft,
            examiner=made.examiners[0],
            candidate=made.candidates[0],
            holds=True,
            uuid=uuid4(),
        ),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="not frozen yet"):
            act()
    draft.refresh_from_db()
    assert (draft.plan, draft.candidates.count()) == ("", 0)


def test_others_write_nothing_of_a_day(made: Ready) -> None:
    nobody, one = with_account("Nora Nobody"), made.candidates[0]
    acts: list[Callable[[], object]] = [
        lambda: actions.add_candidates(by=nobody, exam=made.exam, cohort=made.cohort),
        lambda: actions.change_needs(by=nobody, candidate=one, **NEEDS),
        lambda: actions.withdraw(by=nobody, candidate=one),
        lambda: actions.take_back_in(by=nobody, candidate=one),
        lambda: write_plan(made, Plan(), by=nobody),
        lambda: declared(made, nobody),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    one.refresh_from_db()
    assert (one.extra, one.withdrawn, ConflictDeclared.objects.count()) == (0, False, 0)
