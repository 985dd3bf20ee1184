"""Signing without signing in: what ends every way, the programme’s switches, and codes on the student’s phone."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from logbooks.competencies import telling
from logbooks.competencies.actions import links, pins
from logbooks.competencies.actions.revoking import revoke
from logbooks.competencies.actions.signing import Signing
from logbooks.competencies.models import SigningLink, SignOff
from placements.models import Placement
from school.core import clock, ledger
from school.core.errors import Conflict
from school.core.models import ConflictingWrite
from school.people.models import Mail
from tests import factories as make
from tests.logbooks.competencies.remote import (
    PIN,
    by_code,
    by_link,
    by_pin,
    later,
    make_morag,
    opened,
    other_than,
    ran_out,
    refused,
    send,
    switch,
    token_in,
)
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers
from tests.people.cast import newest_mail

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def here() -> Signers:
    return make_signers()


def test_whose_account_was_closed_or_who_left_signs_by_no_way(here: Signers) -> None:
    link = opened(here)
    link.person.left_on = clock.today() - timedelta(days=1)
    link.person.save()
    refused(lambda: by_link(here, link), "does not sign here any more")
    here.asked(2)
    digits, item = send(here, [here.item(2)]), here.item(2)
    pins.set_pin(by=here.dilys, pin=PIN)
    here.dilys.user.is_active = False  # type: ignore[union-attr]
    here.dilys.user.save()  # type: ignore[union-attr]
    here.dilys.refresh_from_db()
    gone = "does not sign here any more"
    refused(lambda: by_code(here, [item], digits), gone)
    refused(lambda: by_pin(here, [item]), gone)
    refused(lambda: send(here, [item]), gone)


def test_end_of_supervision_ends_every_way(here: Signers) -> None:
    link = opened(here)
    here.asked(2)
    item, digits = here.item(2), send(here, [here.item(2)])
    pins.set_pin(by=here.dilys, pin=PIN)
    here.placement.never_began, here.placement.state = True, Placement.State.WITHDRAWN
    here.placement.save()
    why = "You do not supervise or assess at this placement, so you cannot sign."
    for answer in (by_link(here, link), by_code(here, [item], digits), by_pin(here, [item])):
        assert [reason for _, reason in answer.left] == [why]
    token = token_in(newest_mail("sign_off_link"))
    refused(lambda: links.open_link(token), "Nothing waits")


# Each way is a switch


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sign_by_link", "by link and code"),
        ("sign_on_phone", "by a code on the student’s phone"),
        ("sign_with_pin", "with a signing PIN"),
    ],
)
def test_programme_may_switch_each_way_off(here: Signers, name: str, words: str) -> None:
    link = opened(here)
    here.asked(2)
    item, digits = here.item(2), send(here, [here.item(2)])
    pins.set_pin(by=here.dilys, pin=PIN)
    switch(**{name: False})
    here.placement.enrolment.cohort.programme.refresh_from_db()
    acts: dict[str, Callable[[], Signing]] = {
        "sign_by_link": lambda: by_link(here, link),
        "sign_on_phone": lambda: by_code(here, [item], digits),
        "sign_with_pin": lambda: by_pin(here, [item]),
    }
    said = f"does not accept sign-off {words}"
    if name == "sign_with_pin":
        refused(acts[name], said)
    else:
        assert [said in reason for _, reason in acts[name]().left] == [True]
    assert SignOff.objects.count() == 0
    if name == "sign_on_phone":
        refused(lambda: send(here, [item]), said)


def test_who_has_no_account_is_asked_only_where_they_have_a_way(here: Signers) -> None:
    morag = make_morag(here)
    switch(sign_by_link=False, sign_on_phone=False)
    refused(lambda: here.asked(1, of=morag), "by somebody without an account", "assessor")
    switch(sign_on_phone=True)
    here.asked(1, of=morag)
    assert not Mail.objects.filter(kind="sign_off_link").exists()
    item = here.item(1)
    digits = send(here, [item], assessor=morag)
    [fact] = by_code(here, [item], digits, assessor=morag).signed
    assert (fact.person, fact.proof) == (morag, "phone_code")


# A code on the student's phone


def test_code_signs_what_it_was_sent_for_and_says_what(here: Signers) -> None:
    here.asked(1, 2)
    items = [here.item(1), here.item(2)]
    digits = send(here, items)
    mail = newest_mail("sign_off_code")
    assert (mail.person, mail.address) == (here.dilys, here.dilys.email)
    assert (
        f"on the phone of {here.amara.name}, it signs A1, A2 as achieved in your name" in mail.body
    )
    facts = by_code(here, items, digits).signed
    assert {(fact.person, fact.proof, fact.capacity) for fact in facts} == {
        (here.dilys, "phone_code", "practice_educator")
    }
    assert {fact.entry.actor for fact in facts} == {here.dilys.uuid}
    assert [here.state(number) for number in (1, 2)] == ["achieved", "achieved"]
    told = Mail.objects.get(kind="sign_off_receipt")
    assert (told.person, "code sent by email, typed on the student’s phone" in told.body) == (
        here.dilys,
        True,
    )
    assert Mail.objects.get(kind="sign_off_signed").person == here.amara


def test_not_yet_is_signed_on_the_phone_with_its_words(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    refused(lambda: send(here, [item], outcome=NOT_YET, feedback=""), "Enter what you saw")
    digits = send(here, [item], outcome=NOT_YET)
    [fact] = by_code(here, [item], digits, outcome=NOT_YET).signed
    assert (here.state(1), ledger.private_text(fact, "next_step")) == ("returned", "Once more.")


def test_code_holds_for_nothing_else(here: Signers) -> None:
    here.asked(1, 2)
    items = [here.item(1), here.item(2)]
    digits = send(here, items[:1], outcome=NOT_YET)
    for changed in (
        {"outcome": "achieved", "feedback": "", "next_step": ""},
        {"outcome": NOT_YET, "feedback": "Something else."},
        {"outcome": NOT_YET, "day": clock.today() - timedelta(days=1)},
        {"outcome": NOT_YET, "level": "confident"},
    ):
        refused(
            lambda changed=changed: by_code(here, items[:1], digits, **changed),
            "was changed since the code was sent",
            "secret",
        )
    assert SigningLink.objects.get().code_attempts == 0
    later()
    digits = send(here, items[:1])
    refused(lambda: by_code(here, items, digits), "was changed since the code was sent")
    SigningLink.objects.update(code_about=links.about(items, here.said()))
    refused(lambda: by_code(here, items, digits), "That code is not right")


def test_code_is_used_once_and_the_same_press_hears_the_first_answer(here: Signers) -> None:
    here.asked(1, 2)
    first, second = here.item(1), here.item(2)
    digits = send(here, [first])
    answer = by_code(here, [first], digits)
    assert by_code(here, [first], digits).signed == answer.signed
    assert by_code(here, [first], "000000").signed == answer.signed
    refused(lambda: by_code(here, [second], digits), "does not hold any more", "secret")
    with pytest.raises(Conflict):
        by_code(here, [first], digits, feedback="Other words.")
    assert ConflictingWrite.objects.count() == 1
    assert SignOff.objects.count() == 1


def test_fifth_wrong_code_ends_it(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    digits = send(here, [item])
    said = [
        refused(lambda: by_code(here, [item], other_than(digits)), "not right").message
        for _ in range(5)
    ]
    assert said[0] == "That code is not right. 4 tries left."
    refused(lambda: by_code(here, [item], digits), "does not hold any more")


def test_code_runs_out_after_fifteen_minutes(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    digits = send(here, [item])
    SigningLink.objects.update(code_sent_at=clock.now() - timedelta(minutes=16))
    refused(lambda: by_code(here, [item], digits), "does not hold any more")


def test_ten_codes_a_week_are_all_there_are_to_guess_at(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    for _ in range(10):
        send(here, [item])
        refused(lambda: send(here, [item]), "less than a minute ago")
        later()
    for _ in range(2):
        refused(lambda: send(here, [item]), "10 codes were sent to")
    assert SigningLink.objects.count() == 1
    assert Mail.objects.filter(kind="sign_off_code").count() == 10
    assert Mail.objects.get(kind="sign_off_closed").person == here.amara
    ran_out(SigningLink.objects.get())
    digits = send(here, [item])
    assert by_code(here, [item], digits).signed


def test_what_cannot_be_signed_leaves_the_code(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    digits = send(here, [item], day=clock.today() + timedelta(days=1))
    answer = by_code(here, [item], digits, day=clock.today() + timedelta(days=1))
    assert (answer.signed, len(answer.left)) == ([], 1)
    assert SigningLink.objects.get().code_hash != ""


def test_code_goes_to_an_address_of_theirs_and_to_no_other(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    for address in (here.amara.email, here.cara.email, "dilys@gmail.example", "x"):
        refused(lambda address=address: send(here, [item], to=address), "not an address", "address")
    assert SigningLink.objects.count() == 0
    send(here, [item], to=here.dilys.email.upper())


def test_address_on_record_needs_the_sites_domain_and_is_never_the_students(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    dilys, amara = here.dilys, here.amara
    dilys.email = "dilys@elsewhere.example"
    dilys.save()
    refused(lambda: send(here, [item], to=dilys.email), "not at a mail domain", "address")
    dilys.email = "amara+dilys@example.nhs.uk"
    dilys.save()
    amara.email = "amara@example.nhs.uk"
    amara.save()
    refused(lambda: send(here, [item], to=dilys.email), "belongs to the student", "address")
    user = dilys.user
    assert user is not None
    user.email = "amara+two@example.nhs.uk"
    user.save()
    refused(lambda: send(here, [item], to=user.email), "belongs to the student", "address")


def test_only_the_student_hands_over_their_own_phone(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    digits = send(here, [item])
    for stranger in (make.make_student("Bob Other").person, here.dilys, here.lead):
        refused(lambda by=stranger: send(here, [item], by=by), "another student’s")
        refused(lambda by=stranger: by_code(here, [item], digits, by=by), "another student’s")


def test_code_of_one_assessor_does_not_sign_as_another(here: Signers) -> None:
    here.asked(1)
    here.asked(2, of=here.cara)
    digits = send(here, [here.item(1)])
    item = here.item(2)
    refused(lambda: by_code(here, [item], digits, assessor=here.cara), "Send a code first")
    refused(lambda: by_code(here, [item], digits), "was changed since the code was sent")
    send(here, [item], assessor=here.cara)
    refused(lambda: by_code(here, [item], digits, assessor=here.cara), "That code is not right")


def test_nothing_unasked_is_signed_on_the_phone(here: Signers) -> None:
    here.asked(1)
    refused(lambda: send(here, [here.item(2)]), "Only what the student asked")
    pins.set_pin(by=here.dilys, pin=PIN)
    refused(lambda: by_pin(here, [here.item(2)]), "Only what the student asked")


def test_nothing_stands_when_a_later_step_fails(
    here: Signers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.asked(1)
    item = here.item(1)
    digits = send(here, [item])

    def fail(*args: object) -> None:
        raise RuntimeError

    mails = Mail.objects.count()
    monkeypatch.setattr(telling, "signed_unseen", fail)
    with pytest.raises(RuntimeError):
        by_code(here, [item], digits)
    assert (SignOff.objects.count(), here.state(1), Mail.objects.count()) == (0, "open", mails)
    monkeypatch.undo()
    assert by_code(here, [item], digits).signed


def test_what_was_signed_so_is_revoked_like_anything_else(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    [fact] = by_code(here, [item], send(here, [item])).signed
    revoke(by=here.dilys, sign_off=fact, day=clock.today(), reason="Not me.", uuid=uuid4())
    assert here.state(1) == "revoked"
