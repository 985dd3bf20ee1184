"""Many at once with an account: the same press, two assessors, and two who revoke."""

from functools import partial
from uuid import uuid4

import pytest

from logbooks.competencies.actions.revoking import revoke
from logbooks.competencies.models import Revocation, SignOff, StageSignOff
from school.core import clock
from tests.logbooks.competencies.signers import make_signers
from tests.logbooks.competencies.staged import make_staged
from tests.logbooks.competencies.staged import media as media
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def test_same_press_ten_times_is_one_sign_off() -> None:
    here = make_signers()
    here.asked(1)
    item = here.item(1)
    came = at_once([lambda: here.sign(item)] * 10)
    assert [fact.entry.uuid for answer in came for fact in answer.signed] == [item.uuid] * 10
    assert (SignOff.objects.count(), here.state(1)) == (1, "achieved")


def test_two_assessors_at_the_same_instant_leave_one_sign_off_and_a_reason() -> None:
    here = make_signers()
    acts = [partial(here.sign, here.item(1), by=person) for person in (here.dilys, here.cara)]
    first, second = sorted(at_once(acts), key=lambda answer: len(answer.left))
    [fact] = first.signed
    [(_, reason)] = second.left
    assert reason == f"{fact.person.name} has signed it as achieved meanwhile. Look at it again."
    assert SignOff.objects.get() == fact


def test_two_who_revoke_at_the_same_instant_leave_one_revocation() -> None:
    here = make_signers()
    [fact] = here.signed(1)
    said = {"day": clock.today(), "reason": "It was another day."}
    acts = [
        partial(revoke, by=person, sign_off=fact, uuid=uuid4(), **said)
        for person in (here.dilys, here.lead)
    ]
    came = at_once(acts)
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "Revocation"]
    assert (Revocation.objects.count(), here.state(1)) == (1, "revoked")


@pytest.mark.usefixtures("media")
def test_stage_signed_twice_at_the_same_instant_is_signed_once() -> None:
    here = make_staged()
    here.fulfil()
    shown = here.shown
    came = at_once([lambda: here.sign(shown=shown)] * 3)
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "Conflict", "StageSignOff"]
    assert StageSignOff.objects.count() == 1
