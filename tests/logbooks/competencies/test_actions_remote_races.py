"""Many at once: presses of one code, wrong codes and PINs, and asks for a code."""

import pytest

from logbooks.competencies.actions import pins
from logbooks.competencies.models import SigningLink, SigningPin, SignOff
from school.core.errors import DomainError
from tests.logbooks.competencies.remote import (
    PIN,
    by_code,
    by_pin,
    other_than,
    send,
)
from tests.logbooks.competencies.signers import Signers, make_signers
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def here() -> Signers:
    return make_signers()


@pytest.mark.django_db(transaction=True)
def test_two_presses_with_one_code_sign_once(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    digits = send(here, [item])
    came = at_once([lambda: by_code(here, [item], digits)] * 3)
    assert [fact.entry.uuid for answer in came for fact in answer.signed] == [item.uuid] * 3
    assert (SignOff.objects.count(), SigningLink.objects.get().code_hash) == (1, "")


@pytest.mark.django_db(transaction=True)
def test_one_code_in_two_forms_signs_one_of_them(here: Signers) -> None:
    here.asked(1)
    forms = [here.item(1), here.item(1)]
    digits = send(here, forms[:1])
    came = at_once([lambda item=item: by_code(here, [item], digits) for item in forms])
    # The other is refused, or hears that the line was signed meanwhile.
    signed = [fact for one in came if not isinstance(one, DomainError) for fact in one.signed]
    assert (len(signed), SignOff.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_at_once_are_all_counted(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    wrong = other_than(send(here, [item]))
    came = at_once([lambda: by_code(here, [item], wrong)] * 7)
    assert {type(one) for one in came} == {DomainError}
    assert SigningLink.objects.get().code_attempts == 5


@pytest.mark.django_db(transaction=True)
def test_wrong_pins_at_once_are_all_counted(here: Signers) -> None:
    here.asked(1)
    pins.set_pin(by=here.dilys, pin=PIN)
    item = here.item(1)
    came = at_once([lambda: by_pin(here, [item], "111222")] * 7)
    assert {type(one) for one in came} == {DomainError}
    assert SigningPin.objects.get().wrong_tries == 5


@pytest.mark.django_db(transaction=True)
def test_two_asks_for_a_code_count_on_one_link(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    came = at_once([lambda: send(here, [item])] * 3)
    assert sorted(type(one).__name__ for one in came) == ["DomainError", "DomainError", "str"]
    assert SigningLink.objects.count() == 1
