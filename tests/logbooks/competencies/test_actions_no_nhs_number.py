"""No act of the log book keeps an NHS number in its words, whatever its page let through."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from logbooks.competencies.actions import asking, revoking, versions
from logbooks.competencies.models import SignOff
from school.core import clock
from school.core.errors import DomainError
from school.core.models import LedgerEntry
from tests.logbooks.competencies.attempts import Attempts
from tests.logbooks.competencies.facts import make_form
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers
from tests.logbooks.competencies.staged import Staged, make_staged

pytestmark = pytest.mark.django_db

WORDS = "Patient 943 476 5919 was anxious."
Act = Callable[[], Any]


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def note(here: Signers) -> Act:
    wanted = asking.Wanted(competency=here.competencies[0].uuid, uuid=uuid4())
    return lambda: asking.ask(
        by=here.amara, placement=here.placement, assessor=here.dilys, wanted=[wanted], note=WORDS
    )


def sign(name: str) -> Callable[[Signers], Act]:
    return lambda here: lambda: here.sign(here.item(1), outcome=NOT_YET, **{name: WORDS})


def revoke(here: Signers) -> Act:
    [signed] = here.signed(1)
    return lambda: revoking.revoke(
        by=here.dilys, sign_off=signed, day=clock.today(), reason=WORDS, uuid=uuid4()
    )


def excuse(here: Signers) -> Act:
    return lambda: revoking.excuse(
        by=here.lead,
        enrolment=here.enrolment,
        competency=here.competencies[0],
        reason=WORDS,
        uuid=uuid4(),
    )


def move(here: Signers) -> Act:
    return lambda: versions.move(
        by=here.lead,
        enrolment=here.enrolment,
        version=here.book.version,
        reason=WORDS,
        uuid=uuid4(),
    )


def log(here: Signers) -> Act:
    return lambda: here.book.log(model="free", reflection=WORDS)


def assess(here: Signers) -> Act:
    attempts = Attempts(here, make_form())
    return lambda: attempts.assess(feedback=WORDS)


def moderate(here: Signers) -> Act:
    attempts = Attempts(here, make_form())
    first = attempts.assess(moderated=True)
    return lambda: attempts.moderate(first, feedback=WORDS)


def refused(act: Act) -> DomainError:
    """What an act is refused with; nothing is written."""
    before = LedgerEntry.objects.count()
    with pytest.raises(DomainError, match="“943 476 5919” is an NHS number") as raised:
        act()
    assert LedgerEntry.objects.count() == before
    return raised.value


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (log, "reflection"),
        (note, "note"),
        (sign("feedback"), "feedback"),
        (sign("next_step"), "next_step"),
        (sign("exception"), "exception"),
        (revoke, "reason"),
        (excuse, "reason"),
        (move, "reason"),
        (assess, "feedback"),
        (moderate, "feedback"),
    ],
)
def test_act_keeps_no_nhs_number(made: Callable[[Signers], Act], field: str) -> None:
    assert refused(made(make_signers())).field == field


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda here: here.record(what=WORDS), "what"),
        (lambda here: here.record(place=WORDS), "place"),
        (lambda here: here.sign(feedback=WORDS), "feedback"),
    ],
)
def test_act_about_a_whole_stage_keeps_none(act: Callable[[Staged], Any], field: str) -> None:
    here = make_staged()
    here.fulfil()
    assert refused(lambda: act(here)).field == field


def test_warning_alone_is_kept_by_the_act() -> None:
    here = make_signers()
    [signed] = here.signed(1, feedback="Mrs Smith was calm.")
    assert SignOff.objects.get(pk=signed.pk).feedback_hash
