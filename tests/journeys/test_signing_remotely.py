"""Signing competencies without signing in, in a real browser: on the student's phone, and behind a link."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.competencies.models import SignOff
from school.people.models import Person
from tests.logbooks.competencies.remote import PIN, code, make_morag, token_in
from tests.logbooks.competencies.signers import make_signers
from tests.people.cast import newest_mail
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_assessor_signs_on_the_students_phone_by_code_and_by_pin(
    new_page: Callable[..., Page],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    size: dict[str, int],
) -> None:
    here = make_signers()
    entry = here.book.log(touched=("A1",))

    def page_of(person: Person) -> Page:
        key = browser(person, second_factor=False).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(size)
        page.context.add_cookies([cookie])
        return page

    # Given an assessor with a PIN, and a student who asked them for two competencies
    dilys = page_of(here.dilys)
    dilys.goto("/sign-offs/")
    dilys.get_by_role("link", name="Your signing PIN").click()
    axe(dilys)
    dilys.get_by_label("Signing PIN", exact=True).fill(PIN)
    dilys.get_by_label("The same again").fill("1")
    dilys.get_by_role("button", name="Keep this PIN").click()
    expect(dilys.get_by_role("link", name="The two are not the same")).to_be_visible()
    axe(dilys)
    dilys.get_by_label("Signing PIN", exact=True).fill(PIN)
    dilys.get_by_label("The same again").fill(PIN)
    dilys.get_by_role("button", name="Keep this PIN").click()
    expect(dilys.get_by_text("Your signing PIN is set.")).to_be_visible()
    here.asked(1, evidence=(entry,))
    here.asked(2)

    # When the student hands over the phone, the assessor reads, and types the code that was sent
    phone = page_of(here.amara)
    phone.goto("/log-book/")
    axe(phone)
    phone.get_by_role("link", name=re.compile("Sign on this phone.*A1")).click()
    axe(phone)
    phone.get_by_role("checkbox", name="A1").check()
    phone.get_by_label("Achieved", exact=True).check()
    phone.get_by_label("A code sent to my email address").check()
    phone.get_by_label("Feedback").fill("Calm and clear.")
    phone.get_by_role("button", name="Go on").click()
    expect(
        phone.get_by_role("link", name="Enter your email address. The code goes there")
    ).to_be_visible()
    axe(phone)
    today = here.said().day
    for part in ("day", "month", "year"):
        phone.locator(f"#id_day_{part}").fill(str(getattr(today, part)))
    phone.get_by_label("Your email address").fill(here.dilys.email)
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("You sign exactly this")
    axe(phone)
    phone.get_by_label("Six digits").fill("000")
    phone.get_by_role("button", name="Sign", exact=True).click()
    expect(phone.get_by_role("link", name=re.compile("4 tries left"))).to_be_visible()
    axe(phone)
    phone.get_by_label("Six digits").fill(code())
    phone.get_by_role("button", name="Sign", exact=True).click()

    # Then the phone shows the student the receipt, and has kept no page to go back to
    expect(phone.get_by_role("heading", level=1)).to_contain_text(f"{here.dilys.name} signed 1")
    axe(phone)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        phone.go_back()
    phone.wait_for_url(re.compile("^chrome-error:"))
    phone.goto("/log-book/")
    phone.get_by_role("link", name=re.compile("Sign on this phone.*A2")).click()
    phone.get_by_role("checkbox", name="A2").check()
    phone.get_by_label("Achieved", exact=True).check()
    for part in ("day", "month", "year"):
        phone.locator(f"#id_day_{part}").fill(str(getattr(today, part)))
    phone.get_by_label("My signing PIN").check()
    phone.get_by_role("button", name="Go on").click()
    axe(phone)
    phone.get_by_label("Six digits").fill(PIN)
    phone.get_by_role("button", name="Sign", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(f"{here.dilys.name} signed 1")
    assert [row.proof for row in SignOff.objects.order_by("pk")] == ["phone_code", "pin"]


def test_assessor_without_an_account_signs_by_link_and_code(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    here = make_signers()
    entry = here.book.log(touched=("A1",))
    here.asked(1, of=make_morag(here), evidence=(entry,))
    morag = new_page(size)
    morag.goto(f"/sign-by-link/{token_in(newest_mail('sign_off_link'))}/")
    axe(morag)
    morag.get_by_role("button", name="Send me the code").click()
    axe(morag)
    morag.get_by_label("Six-digit code").fill(code())
    morag.get_by_role("button", name="Open what there is to sign").click()
    expect(morag.get_by_role("heading", level=1)).to_contain_text(f"{here.amara.name} asks you")
    axe(morag)
    morag.get_by_role("checkbox", name="A1").check()
    morag.get_by_label("Achieved", exact=True).check()
    for part in ("day", "month", "year"):
        morag.locator(f"#id_day_{part}").fill(str(getattr(here.said().day, part)))
    morag.get_by_role("button", name="Sign what is ticked").click()
    expect(morag.get_by_text("Nothing more waits behind this link.")).to_be_visible()
    axe(morag)
    assert SignOff.objects.get().proof == "link_and_code"
