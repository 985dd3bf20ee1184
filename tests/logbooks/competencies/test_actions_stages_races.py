"""Acts about whole stages at the same instant: signing against a move, results, and revoking."""

from functools import partial

import pytest

from logbooks.competencies import standing
from logbooks.competencies.models import (
    CurrentCompetency,
    ExternalResult,
    StageRevocation,
    StageSignOff,
)
from school.core.errors import Conflict
from tests.logbooks.competencies.staged import make_staged
from tests.logbooks.competencies.staged import media as media
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def test_move_and_sign_off_of_a_stage_leave_what_was_shown_or_nothing() -> None:
    here = make_staged()
    here.fulfil()
    after, before = here.version(), here.signers.book.version
    shown = here.shown
    moved, signed = at_once([partial(here.move, after), lambda: here.sign(shown=shown)])
    assert moved.framework_version == after
    if isinstance(signed, StageSignOff):
        assert signed.framework_version == before
        assert signed.entry.seq < moved.entry.seq
    else:
        assert isinstance(signed, Conflict)
        assert StageSignOff.objects.count() == 0


def test_move_and_sign_off_of_a_competency_leave_one_line_of_it() -> None:
    here = make_staged()
    here.signers.asked(1)
    item = here.signers.item(1)
    after = here.version()
    moved, answer = at_once([partial(here.move, after), partial(here.signers.sign, item)])
    assert moved.framework_version == after
    [row] = CurrentCompetency.objects.filter(competency__code="A1")
    assert row.competency.version == after
    if answer.signed:
        assert (row.state, row.sign_off, row.request) == ("achieved", answer.signed[0], None)
    else:
        [(_, reason)] = answer.left
        assert reason == "A1 is not in the student’s framework."
        assert (row.state, row.request is None) == ("open", False)
    assert standing.rebuild(here.enrolment) == []


def test_two_results_of_one_task_leave_one_and_a_reason() -> None:
    here = make_staged()
    came = at_once([here.record, partial(here.record, by=here.lead)])
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "ExternalResult"]
    assert ExternalResult.objects.count() == 1


def test_two_who_revoke_a_stage_leave_one_revocation() -> None:
    here = make_staged()
    here.fulfil()
    signed = here.sign()
    came = at_once([partial(here.revoke, signed, by=person) for person in (here.cara, here.lead)])
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "StageRevocation"]
    assert StageRevocation.objects.count() == 1
