"""Signing PINs: whose they are, what locks them, and what they sign on the student’s phone."""

import pytest
from django.contrib.auth.hashers import make_password

from logbooks.competencies.actions import pins
from logbooks.competencies.models import SigningPin
from school.core import clock
from school.people.models import Mail
from tests import factories as make
from tests.logbooks.competencies.remote import (
    PIN,
    by_pin,
    make_morag,
    make_one,
    refused,
)
from tests.logbooks.competencies.signers import Signers, make_signers

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def here() -> Signers:
    return make_signers()


def test_pin_signs_as_whoever_was_asked(here: Signers) -> None:
    here.asked(1)
    pins.set_pin(by=here.dilys, pin=PIN)
    item = here.item(1)
    [fact] = by_pin(here, [item]).signed
    assert (fact.person, fact.proof) == (here.dilys, "pin")
    assert by_pin(here, [item], "000000").signed == [fact]
    assert Mail.objects.get(kind="sign_off_receipt").person == here.dilys


def test_pin_of_somebody_else_signs_nothing(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    pins.set_pin(by=here.cara, pin=PIN)
    refused(lambda: by_pin(here, [item]), "has set no signing PIN", "secret")
    [(_, reason)] = by_pin(here, [item], assessor=here.cara).left
    assert reason == f"The student asked {here.dilys.name} for this."


def test_pin_is_kept_as_a_slow_hash(here: Signers) -> None:
    kept = pins.set_pin(by=here.dilys, pin=PIN)
    assert (PIN in kept.secret, kept.secret.count("$") >= 2) == (False, True)


def test_five_wrong_pins_lock_it_until_its_owner_sets_another(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    pins.set_pin(by=here.dilys, pin=PIN)
    said = [
        refused(lambda: by_pin(here, [item], "111222"), "PIN is not right", "secret").message
        for _ in range(5)
    ]
    assert said[0] == "That PIN is not right. 4 tries left."
    assert said[4] == "That PIN is not right, and now it is locked. Its owner was told."
    assert Mail.objects.filter(kind="signing_pin", subject__contains="locked").count() == 1
    refused(lambda: by_pin(here, [item]), "is locked after 5 wrong tries", "secret")
    pins.set_pin(by=here.dilys, pin="918273")
    refused(lambda: by_pin(here, [item], "111222"), "4 tries left")
    assert by_pin(here, [item], "918273").signed
    assert SigningPin.objects.get().wrong_tries == 0


def test_pin_is_changed_and_taken_away_by_its_owner(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    pins.set_pin(by=here.dilys, pin=PIN)
    pins.set_pin(by=here.dilys, pin="918273")
    refused(lambda: by_pin(here, [item]), "PIN is not right")
    pins.remove_pin(by=here.dilys)
    pins.remove_pin(by=here.dilys)
    refused(lambda: by_pin(here, [item], "918273"), "has set no signing PIN")
    subjects = Mail.objects.filter(kind="signing_pin", person=here.dilys).order_by("pk")
    assert [row.subject.rpartition("was ")[2] for row in subjects] == [
        "set",
        "changed",
        "taken away",
    ]


def test_pins_of_merged_persons_are_one_that_is_changed_and_taken_away(here: Signers) -> None:
    here.asked(1)
    item, morag = here.item(1), make_morag(here)
    pins.set_pin(by=morag, pin=PIN)
    pins.set_pin(by=here.dilys, pin="918273")
    make_one(here.dilys, morag)
    pins.remove_pin(by=here.dilys)
    for digits in (PIN, "918273"):
        refused(lambda digits=digits: by_pin(here, [item], digits), "has set no signing PIN")
    SigningPin.objects.create(person=morag, secret=make_password(PIN), set_at=clock.now())
    pins.set_pin(by=here.dilys, pin="918273")
    assert SigningPin.objects.get().person == here.dilys
    assert by_pin(here, [item], "918273").signed


@pytest.mark.parametrize(
    "pin", ["12345", "1234567", "12a456", "١٢٣٤٥٦", "111111", "123456", "987654", "890123", ""]
)
def test_pin_is_six_digits_that_nobody_guesses_first(here: Signers, pin: str) -> None:
    refused(lambda: pins.set_pin(by=here.dilys, pin=pin), "PIN", "pin_password")


def test_only_who_supervises_or_assesses_sets_a_pin(here: Signers) -> None:
    for stranger in (here.amara, here.lead, make.make_educator("Sten Stranger")):
        refused(lambda by=stranger: pins.set_pin(by=by, pin=PIN), "for those who supervise")
