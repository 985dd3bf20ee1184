"""The pages of signing without signing in: behind a link, on the student's phone, and the PIN."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.competencies.actions import pins
from logbooks.competencies.models import SigningLink, SigningPin, SignOff
from school.people.models import Mail
from school.people.proof import kept_acts
from tests import factories as make
from tests.logbooks.competencies.remote import (
    MORAG,
    PIN,
    code,
    later,
    make_morag,
    make_one,
    other_than,
    switch,
    through_the_door,
    token_in,
)
from tests.logbooks.competencies.signers import Signers, make_signers
from tests.logbooks.competencies.test_views_sign_off import page
from tests.logbooks.competencies.test_views_signing import signing
from tests.people.cast import newest_mail
from tests.placements.browsers import browser as with_factor
from tests.placements.browsers import queries_of
from tests.placements.test_views_educator import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Signers:
    return make_signers()


def text(answer: Any) -> str:
    return str(answer.content.decode())


# Behind a link


def test_link_names_nobody_before_the_code_and_shows_exactly_what_is_signed_after(
    here: Signers,
) -> None:
    entry = here.book.log(touched=("A1",))
    morag = make_morag(here)
    here.asked(1, of=morag, evidence=(entry,))
    here.asked(2)
    address = f"/sign-by-link/{token_in(newest_mail('sign_off_link'))}/"
    before = list(SigningLink.objects.values()), Mail.objects.count()
    closed = page(Client(), address)
    told = (here.amara.name, morag.name, MORAG, "Cumberland", here.competencies[0].title)
    assert [word for word in told if word in closed] == []
    assert (list(SigningLink.objects.values()), Mail.objects.count()) == before
    client, _ = through_the_door()
    shown = page(client, address)
    told = (
        *(here.amara.name, here.competencies[0].title, "Able under supervision", "Case 1"),
        *(entry.entry.hash[:8], str(here.book.version), "You sign as day-to-day supervisor"),
    )
    assert [word for word in told if word not in shown] == []
    unasked = (here.competencies[1].title, "/log-book/examinations/")
    assert [word for word in unasked if word in shown] == []


def test_link_signs_what_is_ticked_and_is_used_up(here: Signers) -> None:
    morag = make_morag(here)
    here.asked(1, 2, of=morag)
    client, address = through_the_door()
    shown = page(client, address)
    refused = client.post(address, signing(shown, 1, outcome="not_yet"))
    assert (refused.status_code, "Enter what you saw" in text(refused)) == (422, True)
    sent = signing(shown, 1)
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert "1 competency signed as achieved." in page(client, address)
    done = client.post(address, signing(page(client, address), 1))
    assert (done.status_code, "Nothing more waits" in text(done)) == (200, True)
    assert {(row.person, row.proof) for row in SignOff.objects.all()} == {(morag, "link_and_code")}
    assert client.get(address).status_code == 410
    assert client.post(address, sent).status_code == 410


def test_link_in_another_browser_asks_for_a_code_of_its_own(here: Signers) -> None:
    here.asked(1, of=make_morag(here))
    client, address = through_the_door()
    sent = signing(page(client, address), 1, feedback="Calm and clear.")
    other = Client()
    assert other.post(address, sent).status_code == 302
    assert SignOff.objects.count() == 0
    assert "six-digit code" in page(other, address)
    later()
    other, _ = through_the_door(other)
    shown = page(other, address)
    assert ("Calm and clear." in shown, " checked" in shown) == (True, True)


def test_wrong_codes_close_the_door(here: Signers) -> None:
    here.asked(1, of=make_morag(here))
    address = f"/sign-by-link/{token_in(newest_mail('sign_off_link'))}/"
    client = Client()
    assert [client.post(f"{address}code/").status_code for _ in range(2)] == [302, 429]
    right = code()
    for _ in range(5):
        assert client.post(address, {"code": other_than(right)}).status_code == 422
    assert client.post(address, {"code": right}).status_code == 422
    assert SignOff.objects.count() == 0


def test_link_of_somebody_else_signs_nothing_of_this_student(here: Signers) -> None:
    here.asked(1, of=make_morag(here))
    client, address = through_the_door()
    here.asked(2)
    shown = page(browser(here.dilys), f"/sign-offs/{here.placement.uuid}/")
    answer = client.post(address, signing(shown, 1))
    assert (answer.status_code, SignOff.objects.count()) == (422, 0)
    assert f"The student asked {here.dilys.name} for this." in text(answer)


# On the student's phone


class Phone:
    """Amara's phone, on the page of what she asked Dilys."""

    def __init__(self, here: Signers, *numbers: int) -> None:
        self.here = here
        self.asked = here.asked(*numbers or (1,))
        self.client = browser(here.amara)
        self.address = f"/log-book/asked/{self.asked[0].entry.uuid}/here/"
        self.shown = page(self.client, self.address)

    def sent(self, *codes: int, **changes: Any) -> dict[str, Any]:
        more = {"way": "phone_code", "address": self.here.dilys.email, "step": "read", **changes}
        return signing(self.shown, *codes or (1,), **more)

    def post(self, data: dict[str, Any], **changes: Any) -> Any:
        return self.client.post(self.address, data | changes)


def test_assessor_signs_on_the_phone_and_the_student_gets_a_receipt(here: Signers) -> None:
    phone = Phone(here, 1, 2)
    assert (here.competencies[1].title in phone.shown, str(here.book.version) in phone.shown) == (
        True,
        True,
    )
    sent = phone.sent(1, feedback="Calm and clear.")
    read = phone.post(sent)
    shown = text(read)
    told = ("You sign exactly this as achieved", here.competencies[0].title, "Calm and clear.")
    assert (read.status_code, [word for word in told if word not in shown]) == (200, [])
    assert here.competencies[1].title not in shown
    assert code() not in shown
    done = phone.post(sent, step="sign", secret=code())
    [fact] = SignOff.objects.all()
    assert (done.status_code, done["Location"]) == (302, f"/log-book/signed/{fact.entry.uuid}/")
    assert (fact.person, fact.proof) == (here.dilys, "phone_code")
    receipt = page(phone.client, done["Location"])
    told = (here.dilys.name, "A1", "practice educator", "typed on the student’s phone", "Calm and")
    assert [word for word in told if word not in receipt] == []


def test_page_carries_on_all_that_was_typed_and_goes_back_with_it(here: Signers) -> None:
    phone = Phone(here)
    shown = text(phone.post(phone.sent(feedback="Calm & clear.")))
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    assert hidden["feedback"] == "Calm &amp; clear."
    assert {"secret", "step"} & set(hidden) == set()
    back = phone.post(phone.sent(feedback="Calm & clear."), step="change")
    assert (back.status_code, "Calm &amp; clear." in text(back)) == (200, True)
    assert SignOff.objects.count() == 0


def test_neither_session_nor_page_holds_the_code_and_nothing_is_stored_by_the_browser(
    here: Signers,
) -> None:
    phone = Phone(here)
    sent = phone.sent()
    read = phone.post(sent)
    wrong = phone.post(sent, step="sign", secret=other_than(code()))
    assert wrong.status_code == 422
    for answer in (read, wrong):
        assert "no-store" in answer["Cache-Control"]
        assert code() not in text(answer)
    assert other_than(code()) not in text(wrong)
    assert code() not in str(dict(phone.client.session))
    for path in ("/account/messages/", "/home/", "/log-book/", phone.address):
        assert code() not in page(phone.client, path)


def test_code_is_not_used_again_for_anything(here: Signers) -> None:
    phone = Phone(here, 1, 2)
    sent = phone.sent(1)
    phone.post(sent)
    secret = code()
    first = phone.post(sent, step="sign", secret=secret)
    assert phone.post(sent, step="sign", secret=secret)["Location"] == first["Location"]
    for again in (phone.sent(2), sent | {"batch": str(uuid4())}):
        assert phone.post(again, step="sign", secret=secret).status_code == 422
    assert SignOff.objects.count() == 1


def test_what_is_changed_behind_the_page_is_not_signed(here: Signers) -> None:
    phone = Phone(here, 1, 2)
    sent = phone.sent(1, outcome="not_yet", feedback="Short.", next_step="Again.")
    phone.post(sent)
    for forged in (
        {"outcome": "achieved"},
        {"line": phone.sent(1, 2)["line"]},
        {"line": phone.sent(2)["line"]},
        {"level": "confident"},
        {"next_step": "None."},
    ):
        answer = phone.post(sent, step="sign", secret=code(), **forged)
        assert (answer.status_code, "Send a new code" in text(answer)) == (422, True)
    assert SignOff.objects.count() == 0


def test_student_sends_no_code_to_an_address_of_their_own(here: Signers) -> None:
    phone = Phone(here)
    for address in (here.amara.email, "amara@example.nhs.uk", "", "no address"):
        answer = phone.post(phone.sent(address=address))
        assert answer.status_code == 422
        assert address in text(answer)
    assert not Mail.objects.filter(kind="sign_off_code").exists()


def test_mistyped_addresses_do_not_lock_the_code(here: Signers) -> None:
    phone = Phone(here)
    for number in range(6):
        answer = phone.post(phone.sent(address=f"dilys{number}@elsewhere.example"))
        assert answer.status_code == 422
    assert phone.post(phone.sent()).status_code == 200
    assert code()
    for number in range(13):
        phone.post(phone.sent(address=f"other{number}@elsewhere.example"))
    answer = phone.post(phone.sent(address="last@elsewhere.example"))
    assert (answer.status_code, "tried too often" in text(answer)) == (429, True)


def test_sixth_code_within_five_minutes_is_not_sent(here: Signers) -> None:
    phone = Phone(here)
    for _ in range(5):
        assert phone.post(phone.sent()).status_code == 200
        later()
    assert phone.post(phone.sent()).status_code == 429
    assert Mail.objects.filter(kind="sign_off_code").count() == 5


def test_another_student_finds_neither_page(here: Signers) -> None:
    phone = Phone(here)
    [fact] = here.signed(2)
    bob = browser(make.make_student("Bob Other").person)
    for client in (bob, browser(here.dilys), with_factor(here.lead)):
        assert client.get(phone.address).status_code == 404
        assert client.post(phone.address, phone.sent()).status_code == 404
        assert client.get(f"/log-book/signed/{fact.entry.uuid}/").status_code == 404


def test_line_that_was_signed_meanwhile_is_left_with_the_reason(here: Signers) -> None:
    phone = Phone(here)
    sent = phone.sent()
    phone.post(sent)
    here.signed(1)
    answer = phone.post(sent, step="sign", secret=code())
    assert (answer.status_code, "Nothing was signed" in text(answer)) == (422, True)
    assert "Nothing waits any more" in page(phone.client, phone.address)


def test_pin_signs_on_the_phone(here: Signers) -> None:
    pins.set_pin(by=here.dilys, pin=PIN)
    phone = Phone(here)
    sent = phone.sent(way="pin", address="")
    read = phone.post(sent)
    assert (read.status_code, "enter your signing PIN" in text(read)) == (200, True)
    assert not Mail.objects.filter(kind="sign_off_code").exists()
    assert phone.post(sent, step="sign", secret="111222").status_code == 422
    done = phone.post(sent, step="sign", secret=PIN)
    assert done.status_code == 302
    [fact] = SignOff.objects.all()
    assert (fact.person, fact.proof) == (here.dilys, "pin")


def test_programme_offers_the_ways_it_wants(here: Signers) -> None:
    phone = Phone(here)
    switch(sign_with_pin=False)
    assert "My signing PIN" not in page(phone.client, phone.address)
    assert phone.post(phone.sent(way="pin")).status_code == 422
    switch(sign_on_phone=False, sign_with_pin=True)
    assert "Your email address" not in page(phone.client, phone.address)
    assert "Sign on this phone" in page(phone.client, "/log-book/")
    switch(sign_with_pin=False)
    assert phone.client.get(phone.address).status_code == 404
    assert "Sign on this phone" not in page(phone.client, "/log-book/")


# The PIN


def pin_form(pin: str, again: str = "") -> dict[str, str]:
    return {"pin_password": pin, "again_password": again or pin}


def test_pin_is_set_after_a_proof_changed_and_taken_away(here: Signers) -> None:
    address = "/sign-offs/pin/"
    late = browser(here.dilys, proved=False)
    for answer in (late.get(address), late.post(address, pin_form(PIN))):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (
            302,
            "/account/prove/",
        )
    assert SigningPin.objects.count() == 0
    client = browser(here.dilys)
    assert "Set a signing PIN" in page(client, address)
    for wrong in (pin_form("111111"), pin_form(PIN, "999888"), pin_form("12"), {}):
        answer = client.post(address, wrong)
        assert (answer.status_code, PIN in text(answer)) == (422, False)
    assert client.post(address, pin_form(PIN)).status_code == 302
    assert "Change your signing PIN" in page(client, address)
    assert client.post(address, {"remove": "yes"}).status_code == 302
    assert SigningPin.objects.count() == 0


def test_pin_that_was_typed_too_late_is_kept_nowhere(here: Signers) -> None:
    late = browser(here.dilys, proved=False)
    answer = late.post("/sign-offs/pin/", pin_form(PIN))
    assert PIN not in str(kept_acts(here.dilys.uuid))
    assert PIN not in answer["Location"]


def test_pin_is_for_who_supervises_or_still_has_one(here: Signers) -> None:
    for client in (browser(here.amara), with_factor(here.lead)):
        assert client.get("/sign-offs/pin/").status_code == 404
        assert client.post("/sign-offs/pin/", pin_form(PIN)).status_code == 404
    assert "Your signing PIN" in page(browser(here.dilys), "/sign-offs/")


def test_pin_of_a_merged_person_is_seen_and_taken_away_on_the_page(here: Signers) -> None:
    morag = make_morag(here)
    pins.set_pin(by=morag, pin=PIN)
    make_one(here.dilys, morag)
    client = browser(here.dilys)
    assert "Change your signing PIN" in page(client, "/sign-offs/pin/")
    assert client.post("/sign-offs/pin/", {"remove": "yes"}).status_code == 302
    assert SigningPin.objects.count() == 0


def test_pages_ask_at_most_twelve_questions(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.asked(1, of=make_morag(here), evidence=(entry,))
    client, address = through_the_door()
    [asked] = here.asked(2)
    here.asked(3, 4)
    [fact] = here.signed(2)
    pages = {
        f"/log-book/asked/{asked.entry.uuid}/here/": browser(here.amara),
        f"/log-book/signed/{fact.entry.uuid}/": browser(here.amara),
        "/sign-offs/pin/": browser(here.dilys),
        address: client,
    }
    found = {}
    for path, one in pages.items():
        page(one, path)
        found[path] = queries_of(one, path)
    assert {path: number for path, number in found.items() if number > 12} == {}
