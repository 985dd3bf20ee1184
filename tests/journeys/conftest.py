"""Journeys in Debian's Chromium: pages of a phone and a desktop, and axe with no rule off."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

AXE = Path(__file__).with_name("axe.min.js")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 60_000  # milliseconds; two cores may be busy with other tests
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, which as root needs its sandbox off, and which may look up no other host."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.fail("chromium is missing: `make test` installs it.")
    return {
        "executable_path": found,
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Stopped after each module: its event loop is in this thread, where other tests may then not start one.

    Django would refuse its own database beside it.
    """
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as running:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """One browser for the journeys of a module."""
    running = playwright.chromium.launch(**browser_type_launch_args)
    yield running
    running.close()


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody new, with cookies of its own: `new_page(PHONE)`, `new_page(DESKTOP, javascript=False)`.

    At the end the test fails when any page met a script error, broke the content policy, asked
    another host for something, or scrolled sideways on its last screen.
    """
    assert settings.STORAGES["staticfiles"]["BACKEND"].endswith(".StaticFilesStorage")
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(size: dict[str, int] = PHONE, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=size,
            has_touch=size is PHONE,
            is_mobile=size is PHONE,
            locale="en-GB",
            timezone_id="Europe/London",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on("console", lambda message: note(message.text))
        page.on("request", lambda request: note_address(request.url))
        return page

    def note(text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            complaints.append(text)

    def note_address(address: str) -> None:
        if not address.startswith((live_server.url, "data:", "blob:", "about:")):
            complaints.append(f"asked another host: {address}")

    yield open_page
    for context in contexts:
        complaints += [
            f"scrolls sideways: {page.url}" for page in context.pages if is_too_wide(page)
        ]
        context.close()
    assert complaints == []


def is_too_wide(page: Page) -> bool:
    """Whether the page as a whole is wider than the screen."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


@pytest.fixture(
    params=[
        pytest.param(PHONE, id="phone"),
        pytest.param(DESKTOP, id="desktop", marks=pytest.mark.slow),
    ]
)
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """A phone, and in `make test-all` a desktop."""
    found: dict[str, int] = request.param
    return found


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A page on a phone, 390 pixels wide."""
    return new_page(PHONE)


@pytest.fixture
def desktop(new_page: Callable[..., Page]) -> Page:
    """A page on a desktop, 1280 pixels wide."""
    return new_page(DESKTOP)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with every violation that axe-core finds on the page as it stands."""
    source = AXE.read_text()

    def check(page: Page) -> None:
        page.wait_for_load_state()
        if not page.evaluate("typeof window.axe === 'object'"):
            # Evaluated by the browser's own console, which the page's content policy does not govern.
            page.evaluate(f"() => {{ {source} }}")
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        assert found["passes"], f"axe looked at nothing on {page.url}"
        lines = [in_words(violation) for violation in found["violations"]]
        assert lines == [], "\n".join([f"axe on {page.url}:", *lines])

    return check


def in_words(violation: dict[str, Any]) -> str:
    """`color-contrast: Elements must … at .hint <span …>`."""
    places = "; ".join(f"{node['target']} {node['html'][:120]}" for node in violation["nodes"][:5])
    return f"{violation['id']}: {violation['help']} at {places}"
