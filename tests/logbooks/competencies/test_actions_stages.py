"""Signing a whole stage: only when all of it stands, by the final assessor alone, once; and revoking it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from logbooks.competencies import stage_changes, stage_queries
from logbooks.competencies.actions import revoking, stages
from logbooks.competencies.models import (
    Assessment,
    LogBookRules,
    StageRevocation,
    StageSignOff,
)
from placements.models import Induction, Supervision
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Mail
from tests import factories as make
from tests.logbooks.competencies.attempts import Attempts
from tests.logbooks.competencies.signers import NOT_YET
from tests.logbooks.competencies.staged import PARTS, Staged
from tests.logbooks.competencies.staged import here as here
from tests.logbooks.competencies.staged import media as media

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def ready(here: Staged) -> Staged:
    here.fulfil()
    return here


def refusal(here: Staged, **said: Any) -> str:
    with pytest.raises(DomainError) as refused:
        here.sign(**said)
    assert StageSignOff.objects.count() == 0
    return refused.value.message


def test_final_assessor_signs_a_stage_of_which_all_stands(ready: Staged) -> None:
    assert (ready.missing, ready.standing.state[1]) == ([], "Ready to be signed off as a stage")
    signed = ready.sign(feedback="A pleasure.")
    assert (signed.person, signed.capacity, signed.proof) == (ready.cara, "assessor", "password")
    assert (signed.minutes, signed.wording.text) == (12960, stages.WORDING)
    assert len(signed.rests_on.splitlines()) == 4
    assert ledger.private_text(signed, "feedback") == "A pleasure."
    assert ready.standing.signed_on == clock.today()
    mail = Mail.objects.get(kind="stage_signed")
    assert (mail.person, "year 3" in mail.body) == (ready.signers.amara, True)


@pytest.mark.parametrize(
    ("part", "missing"),
    list(
        zip(
            PARTS,
            (
                ["hours"],
                [""],
                ["half-body-assessment"],
                ["dispensing-simulation", "osce"],
            ),
            strict=True,
        )
    ),
)
def test_each_part_that_is_missing_is_named_and_keeps_the_stage_from_being_signed(
    here: Staged, part: str, missing: list[str]
) -> None:
    here.fulfil(but=part)
    assert here.missing == missing
    titles = "; ".join(need.title for need in here.standing.missing)
    assert refusal(here) == f"The stage cannot be signed yet. Missing: {titles}."


def test_induction_that_is_not_recorded_is_missing(here: Staged) -> None:
    placement = make.make_placement(
        here.enrolment, year=2, inducted=False, starts=clock.today() - timedelta(days=400),
        ends=clock.today() - timedelta(days=380),
    )  # fmt: skip
    assert not Induction.objects.filter(placement=placement).exists()
    found = stage_queries.of_stage(here.enrolment, placement.stage)
    codes = [
        gap.kind for need in found.missing if need.code == "site-induction" for gap in need.gaps
    ]
    assert codes == ["induction"]


def test_hours_at_the_lower_end_of_the_band_are_enough(here: Staged) -> None:
    here.fulfil(but="hours")
    here.count(12959)
    assert here.missing == ["hours"]
    here.count(12960)
    assert here.missing == []


def test_what_does_not_apply_is_not_missing(here: Staged) -> None:
    here.fulfil(but="competencies")
    revoking.excuse(
        by=here.lead,
        enrolment=here.enrolment,
        competency=here.signers.competencies[1],
        reason="No scanner.",
        uuid=uuid4(),
    )
    assert here.missing == []
    assert len(here.sign().rests_on.splitlines()) == 4


def test_newest_attempt_decides(here: Staged) -> None:
    here.fulfil()
    here.attempt(judgement="not_yet", feedback="Too fast.")
    assert here.missing == ["half-body-assessment"]
    here.attempt()
    assert here.missing == []


def test_attempt_that_waits_for_a_second_assessor_decides_nothing(here: Staged) -> None:
    here.fulfil(but="assessment")
    attempts = Attempts(here.signers, here.form)
    first = attempts.assess(moderated=True)
    assert here.missing == ["half-body-assessment"]
    attempts.moderate(first, judgement="not_yet", feedback="Too fast.")
    assert here.missing == ["half-body-assessment"]
    assert Assessment.objects.count() == 2


def test_second_assessor_who_agrees_is_part_of_what_it_rests_on(here: Staged) -> None:
    here.fulfil(but="assessment")
    attempts = Attempts(here.signers, here.form)
    attempts.moderate(attempts.assess(moderated=True))
    assert (here.missing, len(here.sign().rests_on.splitlines())) == ([], 5)


def test_competencies_of_a_task_stand_under_it(here: Staged) -> None:
    here.fulfil(but="competencies")
    [need] = here.standing.missing
    assert (need.title, [gap.words for gap in need.gaps]) == (
        "Other competencies of the year",
        [str(here.signers.competencies[1])],
    )


def test_nobody_but_a_final_assessor_signs(ready: Staged) -> None:
    for person in (ready.signers.dilys, ready.lead):
        assert refusal(ready, by=person).startswith("Only the final assessor of a placement")


def test_nobody_signs_their_own(ready: Staged) -> None:
    assert refusal(ready, by=ready.signers.amara).startswith("This is your own log book.")


def test_day_to_day_supervisor_signs_with_a_reason_only(ready: Staged) -> None:
    ready.signers.supervise(ready.signers.dilys, Supervision.Capacity.ASSESSOR)
    by = {"by": ready.signers.dilys}
    assert refusal(ready, **by).startswith("You supervise this placement day to day")
    signed = ready.sign(exception="Cara is ill.", **by)
    assert ledger.private_text(signed, "exception") == "Cara is ill."


def test_programme_may_let_the_supervisor_sign(ready: Staged) -> None:
    LogBookRules.objects.update(separate_assessor=False)
    ready.signers.supervise(ready.signers.dilys, Supervision.Capacity.ASSESSOR)
    assert ready.sign(by=ready.signers.dilys).person == ready.signers.dilys


def test_programme_may_switch_signing_with_an_account_off(ready: Staged) -> None:
    LogBookRules.objects.update(sign_with_account=False)
    assert "does not accept sign-off with an account" in refusal(ready)


def test_what_is_signed_is_what_was_shown(ready: Staged) -> None:
    shown = ready.shown
    ready.count(13000)
    assert refusal(ready, shown=shown).startswith("What the stage rests on changed")


def test_correction_that_waits_is_part_of_what_was_shown(here: Staged) -> None:
    here.fulfil(but="competencies")
    case = here.signers.book.log(touched=("A2",))
    here.signers.asked(2, evidence=(case,))
    here.signers.signed(2)
    shown = here.shown
    here.signers.book.log(touched=("A2",), role="assisted", corrects=case)
    assert refusal(here, shown=shown).startswith("What the stage rests on changed")
    assert here.sign().person == here.cara


def test_stage_is_signed_once_and_a_retry_gives_the_first_answer(ready: Staged) -> None:
    shown, uuid = ready.shown, uuid4()
    first = ready.sign(uuid=uuid, shown=shown)
    assert ready.sign(uuid=uuid, shown=shown) == first
    with pytest.raises(Conflict, match="Cara Checkley has signed this stage already"):
        ready.sign()
    with pytest.raises(Conflict, match="with other content"):
        ready.sign(uuid=uuid, shown=shown, feedback="Other words.")
    assert (StageSignOff.objects.count(), Mail.objects.filter(kind="stage_signed").count()) == (
        1,
        1,
    )


# Revoking


@pytest.mark.parametrize("who", ["cara", "lead"])
def test_assessor_and_lead_revoke_and_the_student_is_told(ready: Staged, who: str) -> None:
    signed = ready.sign()
    revoked = ready.revoke(signed, by=getattr(ready, who))
    assert ready.standing.state[1].startswith("Revoked. ")
    mail = Mail.objects.get(kind="stage_revoked")
    assert ("Another student." in mail.body, mail.person) == (True, ready.signers.amara)
    again = ready.sign()
    assert (again.supersedes, ready.standing.signed_on) == (signed, clock.today())
    assert [row.pk for row in stage_changes.line_of(ready.enrolment, ready.stage)] == [
        again.pk,
        signed.pk,
    ]
    assert StageRevocation.objects.get() == revoked


def test_nobody_else_revokes(ready: Staged) -> None:
    signed = ready.sign()
    for person in (ready.signers.dilys, ready.signers.amara):
        with pytest.raises(NotAllowed):
            ready.revoke(signed, by=person)


def test_revoking_asks_for_a_reason_and_a_day_that_can_be(ready: Staged) -> None:
    signed = ready.sign()
    with pytest.raises(DomainError, match="Enter the reason"):
        ready.revoke(signed, reason=" ")
    for days in (-1, 1):
        with pytest.raises(DomainError) as refused:
            ready.revoke(signed, day=clock.today() + timedelta(days=days))
        assert refused.value.field == "day"


def test_revoked_once(ready: Staged) -> None:
    signed, uuid = ready.sign(), uuid4()
    first = ready.revoke(signed, uuid=uuid)
    assert ready.revoke(signed, uuid=uuid) == first
    with pytest.raises(Conflict, match="does not stand any more"):
        ready.revoke(signed)
    ready.sign()
    with pytest.raises(Conflict, match="does not stand any more"):
        ready.revoke(signed)


# What becomes of what it rests on


def changes(here: Staged) -> list[str]:
    signed = StageSignOff.objects.select_related("framework_version").latest("pk")
    standing = here.standing
    rests = stage_queries.rests_of(here.enrolment, standing)
    assert rests is not None
    return [row.words for row in stage_changes.changes_of(signed, standing.minutes, rests.version)]


def test_what_is_revoked_afterwards_is_said_and_the_stage_still_stands(ready: Staged) -> None:
    ready.sign()
    assert changes(ready) == []
    today = f"{clock.today().day} "
    row = ready.signers.row(2)
    assert row
    assert row.sign_off
    revoking.revoke(
        by=ready.signers.dilys,
        sign_off=row.sign_off,
        day=clock.today(),
        reason="Other student.",
        uuid=uuid4(),
    )
    [said] = changes(ready)
    assert said.startswith(f"Rests on the sign-off of A2, which was revoked from {today}")
    assert ready.standing.state == ("query", "Signed; something it rests on has changed")
    assert ready.standing.signed_on == clock.today()


def test_every_other_change_is_said(ready: Staged) -> None:
    ready.sign()
    ready.attempt(judgement="not_yet", feedback="Too fast.")
    first = ready.enrolment.external_results.get(task__code="osce")
    ready.record(follows=first, outcome=NOT_YET, reason="A slip.")
    ready.count(100)
    ready.move(ready.version())
    said = changes(ready)
    assert [
        any(part in words for words in said)
        for part in (
            "an attempt at Half-body, which was followed by a further attempt",
            "“Understanding of different PET-CT examinations, shown in an OSCE”, which was corrected",
            "Rests on 216 hours, of which 1.67 count now",
            "works towards version 2 now",
        )
    ] == [True] * 4
    assert len(said) == 4


# For many at once


def test_inbox_names_who_is_ready(here: Staged) -> None:
    me = [here.cara.pk]
    assert stage_queries.ready_for(me) == []
    here.fulfil(but="competencies")
    assert stage_queries.ready_for(me) == []
    here.signers.signed(2)
    assert stage_queries.ready_for(me) == [here.placement]
    assert stage_queries.ready_for([here.signers.dilys.pk]) == []
    here.sign()
    assert stage_queries.ready_for(me) == []
