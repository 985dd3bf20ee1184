"""Signing without signing in: to whom links and codes go, for what they hold, once, and what ends them."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from logbooks.competencies import telling
from logbooks.competencies.actions import links, pins, remote
from logbooks.competencies.actions.revoking import revoke
from logbooks.competencies.actions.signing import Signing
from logbooks.competencies.models import SigningLink, SigningPin, SignOff
from placements.models import Placement
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import ConflictingWrite
from school.people.mail import tell_refused
from school.people.models import Mail, MailDomain
from tests import factories as make
from tests.logbooks.competencies.remote import (
    MORAG,
    PIN,
    by_code,
    by_pin,
    code,
    later,
    make_morag,
    make_one,
    other_than,
    ran_out,
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


def refused(act: Callable[[], object], words: str, field: str | None = None) -> DomainError:
    """The rule that refuses; nothing is signed."""
    before = SignOff.objects.count()
    with pytest.raises(DomainError, match=words) as caught:
        act()
    assert SignOff.objects.count() == before
    if field is not None:
        assert caught.value.field == field
    return caught.value


# By link


def opened(here: Signers) -> SigningLink:
    """The link that Morag got when she was asked for the first competency."""
    here.asked(1, of=make_morag(here))
    return links.open_link(token_in(newest_mail("sign_off_link")))


def by_link(here: Signers, link: SigningLink, number: int = 1) -> Signing:
    return remote.sign_by_link(link=link, items=[here.item(number)], said=here.said())


def test_who_has_no_account_gets_a_link_and_signs_by_it(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    morag = make_morag(here)
    here.asked(1, of=morag, evidence=(entry,))
    mail = newest_mail("sign_off_link")
    assert (mail.address, here.amara.name in mail.subject) == (MORAG, False)
    assert not Mail.objects.filter(kind="sign_off_asked").exists()
    link = links.open_link(token_in(mail))
    [fact] = by_link(here, link).signed
    assert (fact.person, fact.capacity, fact.proof) == (morag, "supervisor", "link_and_code")
    assert fact.evidence == fact.request.evidence != ""  # type: ignore[union-attr]
    assert here.state(1) == "achieved"
    assert Mail.objects.get(kind="sign_off_receipt").person == morag
    refused(lambda: links.open_link(token_in(mail)), "Nothing waits behind this link")


def test_who_has_no_account_gets_one_link_for_all_that_rests_on_changed_evidence(
    here: Signers,
) -> None:
    entry = here.book.log(touched=("A1", "A2"))
    morag = make_morag(here)
    here.asked(1, 2, of=morag, evidence=(entry,))
    link = links.open_link(token_in(newest_mail("sign_off_link")))
    remote.sign_by_link(link=link, items=[here.item(1), here.item(2)], said=here.said())
    here.book.log(touched=("A1", "A2"), role="assisted", corrects=entry)
    assert SigningLink.objects.count() == 2
    mail = newest_mail("sign_off_link")
    assert "corrected an examination that is evidence of what you signed: A1, A2." in mail.body
    assert links.open_link(token_in(mail)).person == morag


def test_token_and_code_are_kept_as_hashes_alone(here: Signers) -> None:
    link = opened(here)
    links.send_code(link=link)
    row = str(SigningLink.objects.values().get())
    assert [word for word in (token_in(newest_mail("sign_off_link")), code()) if word in row] == []


def test_only_an_address_that_the_site_vouches_for_is_written_to(here: Signers) -> None:
    morag = make_morag(here, "morag@elsewhere.example")
    refused(lambda: here.asked(1, of=morag), "not at a mail domain that", "assessor")
    make.make_person("Nobody", email="", account=False)
    assert SigningLink.objects.count() == 0


def test_link_dies_with_what_vouched_for_it(here: Signers) -> None:
    link = opened(here)
    token = token_in(newest_mail("sign_off_link"))
    MailDomain.objects.all().delete()
    refused(lambda: links.open_link(token), "not at a mail domain that")
    refused(lambda: by_link(here, link), "not at a mail domain that")


def test_student_gets_no_link_at_an_address_of_their_own(here: Signers) -> None:
    amara = here.amara
    amara.email = "amara@example.nhs.uk"
    amara.save()
    morag = make_morag(here, "amara+mentor@example.nhs.uk")
    refused(lambda: here.asked(1, of=morag), "belongs to the student", "assessor")


def test_link_signs_nothing_but_what_was_asked_there(here: Signers) -> None:
    link = opened(here)
    refused(lambda: by_link(here, link, 2), "Only what the student asked")
    elsewhere = make.make_placement(make.make_student("Bob Other"))
    other = replace(here.item(1), placement=elsewhere.uuid)
    with pytest.raises(NotAllowed):
        remote.sign_by_link(link=link, items=[other], said=here.said())
    with pytest.raises(NotAllowed):
        remote.sign_by_link(link=link, items=[], said=here.said())


def test_what_is_asked_of_somebody_else_is_not_signed_by_link(here: Signers) -> None:
    link = opened(here)
    here.asked(2)
    [(_, reason)] = by_link(here, link, 2).left
    assert reason == f"The student asked {here.dilys.name} for this."


def test_link_that_ran_out_or_came_back_signs_nothing(here: Signers) -> None:
    link = opened(here)
    ran_out(link)
    refused(lambda: links.open_link(token_in(newest_mail("sign_off_link"))), "has run out")
    link.refresh_from_db()
    refused(lambda: by_link(here, link), "has run out")


@pytest.mark.parametrize("kind", ["sign_off_link", "sign_off_code"])
def test_mail_that_comes_back_closes_the_link_and_is_told(here: Signers, kind: str) -> None:
    link = opened(here)
    links.send_code(link=link)
    mail = newest_mail(kind)
    mail.state, mail.error = Mail.State.REFUSED, "550 No such mailbox"
    mail.save()
    for _ in range(2):
        tell_refused.func(str(mail.uuid))
    assert Mail.objects.get(kind="sign_off_closed").person == here.amara
    refused(
        lambda: links.open_link(token_in(newest_mail("sign_off_link"))),
        "because its mail came back",
    )
    assert here.row(1).request is not None  # type: ignore[union-attr]


def test_token_of_the_phone_opens_no_link(here: Signers) -> None:
    here.asked(1)
    send(here, [here.item(1)])
    for token in ("x", str(SigningLink.objects.get().uuid), SigningLink.objects.get().token_hash):
        refused(lambda token=token: links.open_link(token), "not one of ours")


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


# A PIN


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


# Many at once


def at_once(acts: list[Callable[[], Signing]]) -> list[str]:
    """Every act in a thread of its own, let go at the same instant; what came of each, in order of words."""
    gate = threading.Barrier(len(acts))
    came: list[str] = []

    def run(act: Callable[[], Signing]) -> None:
        try:
            gate.wait(10)
            answer = act()
            came.append(", ".join(str(fact.entry.uuid) for fact in answer.signed) or "left")
        except DomainError as error:
            came.append(type(error).__name__)
        except Exception as error:  # a thread swallows it, and the test would wait for a count
            came.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(came)


@pytest.mark.django_db(transaction=True)
def test_two_presses_with_one_code_sign_once(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    digits = send(here, [item])
    assert at_once([lambda: by_code(here, [item], digits)] * 3) == [str(item.uuid)] * 3
    assert (SignOff.objects.count(), SigningLink.objects.get().code_hash) == (1, "")


@pytest.mark.django_db(transaction=True)
def test_one_code_in_two_forms_signs_one_of_them(here: Signers) -> None:
    here.asked(1)
    forms = [here.item(1), here.item(1)]
    digits = send(here, forms[:1])
    came = at_once([lambda item=item: by_code(here, [item], digits) for item in forms])
    uuids = {str(item.uuid) for item in forms}
    assert (len([one for one in came if one in uuids]), SignOff.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_at_once_are_all_counted(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    wrong = other_than(send(here, [item]))
    at_once([lambda: by_code(here, [item], wrong)] * 7)
    assert SigningLink.objects.get().code_attempts == 5


@pytest.mark.django_db(transaction=True)
def test_wrong_pins_at_once_are_all_counted(here: Signers) -> None:
    here.asked(1)
    pins.set_pin(by=here.dilys, pin=PIN)
    item = here.item(1)
    at_once([lambda: by_pin(here, [item], "111222")] * 7)
    assert SigningPin.objects.get().wrong_tries == 5


@pytest.mark.django_db(transaction=True)
def test_two_asks_for_a_code_count_on_one_link(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)

    def ask() -> Signing:
        send(here, [item])
        return Signing()

    assert at_once([ask, ask, ask]) == ["DomainError", "DomainError", "left"]
    assert SigningLink.objects.count() == 1
