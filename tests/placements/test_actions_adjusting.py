"""Adjusting hours: one proposes, a second agrees, and only then a fact stands."""

import threading
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from placements import standing
from placements.actions import adjusting
from placements.models import Adjustment, AdjustmentProposal, Enrolment, Stage, StageTally
from school.core import ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import PORTAL
from school.people.models import Person, PersonMerge
from school.people.network import network_book
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture(autouse=True)
def _november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-10 12:00 +0000", tick=True)


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def stage(alice: Enrolment) -> Stage:
    return Stage.objects.get(version=alice.version, year=3)


@pytest.fixture
def esme(alice: Enrolment) -> Person:
    return make.make_coordinator("Esme Elder")


@pytest.fixture
def farid(alice: Enrolment) -> Person:
    return make.make_coordinator("Farid Fir")


def propose(
    by: Person, enrolment: Enrolment, stage: Stage, minutes: int = 450, **more: Any
) -> AdjustmentProposal:
    values = {"reason": "A day on paper was lost.", "uuid": uuid4(), **more}
    return adjusting.propose_adjustment(
        by=by, enrolment=enrolment, stage=stage, minutes=minutes, **values
    )


def test_proposal_alone_counts_for_nothing(alice: Enrolment, stage: Stage, esme: Person) -> None:
    make.make_placement(alice)
    propose(esme, alice, stage)
    assert (Adjustment.objects.count(), StageTally.objects.get(enrolment=alice).adjusted) == (0, 0)


def test_agreed_proposal_is_a_fact_with_both_names_and_the_reason(
    alice: Enrolment, stage: Stage, esme: Person, farid: Person
) -> None:
    make.make_placement(alice)
    proposal = propose(esme, alice, stage)
    fact = adjusting.agree_adjustment(by=farid, proposal=proposal)
    assert (fact.minutes, fact.entry.actor, fact.second_person) == (450, esme.uuid, farid)
    assert fact.entry.uuid == proposal.uuid
    assert ledger.private_text(fact, "reason") == "A day on paper was lost."
    tally = StageTally.objects.get(enrolment=alice, stage=stage)
    assert (tally.adjusted, standing.done(tally)) == (450, 450)
    assert AdjustmentProposal.objects.count() == 0
    assert standing.rebuild(alice) == []


def test_agreeing_twice_gives_the_first_answer(
    alice: Enrolment, stage: Stage, esme: Person, farid: Person
) -> None:
    proposal = propose(esme, alice, stage)
    facts = [adjusting.agree_adjustment(by=farid, proposal=proposal) for _ in range(2)]
    assert facts[0].pk == facts[1].pk
    assert StageTally.objects.get(enrolment=alice).adjusted == 450


def test_agreeing_rolls_back_when_a_later_step_fails(
    alice: Enrolment, stage: Stage, esme: Person, farid: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = propose(esme, alice, stage)

    def broken(enrolments: list[int]) -> None:
        raise RuntimeError

    monkeypatch.setattr(standing, "refresh_tallies", broken)
    with pytest.raises(RuntimeError):
        adjusting.agree_adjustment(by=farid, proposal=proposal)
    assert (Adjustment.objects.count(), AdjustmentProposal.objects.count()) == (0, 1)


def test_nobody_agrees_to_their_own_proposal(alice: Enrolment, stage: Stage, esme: Person) -> None:
    proposal = propose(esme, alice, stage)
    with pytest.raises(NotAllowed, match="second person"):
        adjusting.agree_adjustment(by=esme, proposal=proposal)


def test_merged_person_is_no_second_person(
    alice: Enrolment, stage: Stage, esme: Person, farid: Person
) -> None:
    book = network_book()
    with ledger.writing(book) as pen:
        fact = PersonMerge(kept=esme, merged=farid)
        pen.append([ledger.Draft(fact=fact, book=book, about_from=date(2026, 11, 1))], by=PORTAL)
    with pytest.raises(NotAllowed, match="second person"):
        adjusting.agree_adjustment(by=farid, proposal=propose(esme, alice, stage))


def test_nobody_adjusts_their_own_hours(alice: Enrolment, stage: Stage, esme: Person) -> None:
    with pytest.raises(NotAllowed, match="your own hours"):
        propose(alice.person, alice, stage)
    proposal = propose(esme, alice, stage)
    for act in (adjusting.agree_adjustment, adjusting.decline_adjustment):
        with pytest.raises(NotAllowed, match="your own hours"):
            act(by=alice.person, proposal=proposal)


def test_no_more_is_taken_away_than_counts(
    alice: Enrolment, stage: Stage, esme: Person, farid: Person
) -> None:
    adjusting.agree_adjustment(by=farid, proposal=propose(esme, alice, stage, 450))
    with pytest.raises(DomainError) as caught:
        propose(esme, alice, stage, -451)
    assert (
        caught.value.message
        == "7 hours 30 minutes count in Year 3. You cannot take away more than that."
    )
    first, second = propose(esme, alice, stage, -450), propose(esme, alice, stage, -1)
    adjusting.agree_adjustment(by=farid, proposal=first)
    with pytest.raises(DomainError):
        adjusting.agree_adjustment(by=farid, proposal=second)
    assert StageTally.objects.get(enrolment=alice).adjusted == 0


@pytest.mark.parametrize(
    ("minutes", "reason", "field"), [(0, "so", "minutes"), (10, " ", "reason")]
)
def test_proposal_needs_minutes_and_a_reason(
    alice: Enrolment, stage: Stage, esme: Person, minutes: int, reason: str, field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        propose(esme, alice, stage, minutes, reason=reason)
    assert caught.value.field == field


def test_declined_proposal_is_gone_and_cannot_be_agreed(
    alice: Enrolment, stage: Stage, esme: Person, farid: Person
) -> None:
    proposal = propose(esme, alice, stage)
    adjusting.decline_adjustment(by=farid, proposal=proposal)
    for act in (adjusting.agree_adjustment, adjusting.decline_adjustment):
        with pytest.raises(Conflict):
            act(by=farid, proposal=proposal)
    assert Adjustment.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_leave_one_adjustment() -> None:
    alice = make.make_student("Alice Alder")
    stage = Stage.objects.get(version=alice.version, year=3)
    proposal = propose(make.make_coordinator("Esme Elder"), alice, stage)
    others = [make.make_coordinator(name) for name in ("Farid Fir", "Greta Gorse")]
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def agree(person: Person) -> None:
        try:
            ready.wait(10)
            adjusting.agree_adjustment(by=person, proposal=proposal)
            outcomes.append("agreed")
        except DomainError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=agree, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["agreed", "refused"]
    assert Adjustment.objects.count() == 1
    assert StageTally.objects.get(enrolment=alice).adjusted == 450
