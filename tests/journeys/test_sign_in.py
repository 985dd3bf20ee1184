"""Signing in and proving it is you, in a real browser: by password and app, by code, by passkey."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.people import actions
from school.people.models import Person
from school.people.network import ensure_network
from school.people.roles import ADMINISTRATOR, COORDINATOR, PRACTICE_EDUCATOR, STUDENT
from tests.journeys.conftest import PHONE
from tests.people.cast import (
    PASSWORD,
    a_person,
    a_site,
    code_of,
    holds,
    newest_mail,
    six_digits,
    with_account,
    with_app,
)

pytestmark = pytest.mark.django_db(transaction=True)


def picture(page: Page, name: str) -> None:
    """Keep a picture when somebody asked for them."""
    folder = os.environ.get("PORTAL_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_password_then_app_then_account_page(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    cora = with_account("Cora Coral", COORDINATOR)
    page = new_page(size)
    page.goto("/account/login/?next=/account/")
    axe(page)
    picture(page, f"login-{size['width']}")
    page.get_by_label("Email address").fill("cora@trust.example")
    page.get_by_label("Password", exact=True).fill("wrong wrong wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    axe(page)
    picture(page, f"login-wrong-{size['width']}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your role needs a second step")).to_be_visible()
    axe(page)
    picture(page, f"account-missing-{size['width']}")
    page.get_by_role("link", name="Set up an authenticator app").click()
    axe(page)
    picture(page, f"app-{size['width']}")
    secret = page.locator("#key").inner_text()
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    axe(page)
    picture(page, f"recovery-{size['width']}")
    for address, name in (
        ("/account/", "account"),
        ("/account/devices/", "devices"),
        ("/account/password/", "password"),
        ("/account/recovery-codes/new/", "recovery-new"),
        ("/account/app/remove/", "app-remove"),
        ("/account/passkeys/add/", "passkey-add"),
        ("/account/prove/", "prove"),
        ("/account/logout/", "logout"),
        ("/people/invite/", "invite"),
    ):
        page.goto(address)
        axe(page)
        picture(page, f"{name}-{size['width']}")
    assert cora.user is not None
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/?next=/account/")
    page.get_by_label("Email address").fill("cora@trust.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    axe(page)
    picture(page, f"second-step-{size['width']}")


def test_code_by_email_without_javascript(
    new_page: Callable[..., Page], size: dict[str, int]
) -> None:
    with_account("Alice Amber", STUDENT, password=None)
    page = new_page(size, javascript=False)
    page.goto("/account/login/?next=/account/")
    page.get_by_role("link", name="Send me a code by email").click()
    page.get_by_label("Email address").fill("alice@trust.example")
    picture(page, f"code-{size['width']}")
    page.get_by_role("button", name="Send the code").click()
    picture(page, f"code-confirm-{size['width']}")
    page.get_by_label("Code").fill(six_digits(newest_mail("login_code").body))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()


def test_invited_person_makes_an_account(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    ada = with_account("Ada Ash", ADMINISTRATOR)
    bob = a_person("Bob Birch", "bob@trust.example")
    holds(bob, PRACTICE_EDUCATOR, a_site().scope)
    actions.invite(person=bob, by=ada)
    path = "/account" + newest_mail("invitation").body.split("/account", 1)[1].split()[0]
    page = new_page(size)
    page.goto(path)
    axe(page)
    picture(page, f"invitation-{size['width']}")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a password")
    axe(page)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_text("Your account is ready")).to_be_visible()
    page.goto(path)
    expect(page.get_by_role("heading", name="This link cannot be used")).to_be_visible()
    axe(page)
    picture(page, f"invitation-closed-{size['width']}")


def test_administrator_gives_and_ends_a_role(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    ada = with_account("Ada Ash", ADMINISTRATOR)
    secret = with_app(ada)
    a_site()
    bob = with_account("Bob Birch", STUDENT)
    page = new_page(size)
    enter(page, ada, secret)
    page.goto("/people/")
    axe(page)
    picture(page, f"people-{size['width']}")
    page.goto("/people/?name=zzz")
    axe(page)
    page.goto(f"/people/{bob.uuid}/roles/")
    axe(page)
    picture(page, f"roles-{size['width']}")
    page.get_by_role("button", name="Give the role").click()
    axe(page)
    picture(page, f"roles-wrong-{size['width']}")
    page.get_by_label("Role", exact=True).select_option("practice_educator")
    page.get_by_label("For", exact=True).select_option(label="Elm Hospital")
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_text("Bob Birch is practice educator for Elm Hospital")).to_be_visible()
    page.get_by_role("link", name=re.compile("End it.*Practice educator")).click()
    axe(page)
    picture(page, f"end-{size['width']}")
    page.get_by_role("button", name="End the role").click()
    expect(page.get_by_text("The role ends on")).to_be_visible()


def enter(page: Page, person: Person, secret: str = "") -> None:
    """Go through the door."""
    page.goto("/account/login/?next=/account/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if secret:
        page.get_by_label("Code").fill(code_of(secret))
        page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()


def test_passkey_is_added_signs_in_and_proves(browser: Any, live_server: LiveServer) -> None:
    """A virtual authenticator of the browser, under the policy that every page has."""
    alice = with_account("Alice Amber", STUDENT)
    holds(alice, COORDINATOR, ensure_network())
    # A passkey belongs to a name, and 127.0.0.1 is none.
    context = browser.new_context(
        base_url=live_server.url.replace("127.0.0.1", "localhost"), viewport=PHONE
    )
    page = context.new_page()
    refused: list[str] = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Policy" in message.text else None,
    )
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    enter(page, alice)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/account/devices/")
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    page.goto("/account/prove/?next=/account/devices/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/?next=/account/devices/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/?next=/account/devices/")
    page.get_by_label("Email address").fill(alice.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    assert refused == []
    context.close()
