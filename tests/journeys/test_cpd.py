"""A practice educator’s CPD on a phone: a draft kept, an activity added, and a profile from sign-in to download."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.cpd import noticed
from logbooks.cpd.actions.profiles import freeze
from logbooks.cpd.measure import measure
from logbooks.cpd.models import Activity, Evidence, Profile
from logbooks.cpd.profile import queries, work
from school.core import clock, seal
from school.core.registries import Done
from school.demo import cpd
from school.demo.run import Build
from school.people.models import Person
from tests import factories as make
from tests.journeys.conftest import DESKTOP, PHONE, is_too_wide
from tests.journeys.test_core_loop import account_of
from tests.journeys.test_system import carry
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db(transaction=True)

SUMMARY = "I inject and scan about eight people a day, and I supervise students."
# What an activity, and a profile from the first page on, may cost its person; words that they write are free.
ACTIVITY, PROFILE = 6, 25


@dataclass
class Hand:
    """A person at a page, with every click and field counted."""

    page: Page
    axe: Callable[[Page], None]
    count: int = 0

    def press(self, target: Locator) -> None:
        """Taps what leads to another page, and examines that one on a phone and a desktop."""
        self.count += 1
        with self.page.expect_navigation():
            target.tap()
        self.look()

    def fill(self, label: str, value: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).fill(value)

    def check(self, label: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).check()

    def link(self, name: str) -> None:
        self.press(self.page.get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name).first)

    def look(self) -> None:
        for size in (DESKTOP, PHONE):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.axe(self.page)
            assert not is_too_wide(self.page), self.page.url


@pytest.fixture
def dilys(settings: LazySettings, tmp_path: Path) -> Person:
    """A practice educator with the demo’s years of CPD."""
    settings.SEAL_KEY_FILE, settings.MEDIA_ROOT = tmp_path / "seal.pem", tmp_path / "media"
    seal.make_key()
    run = Build(clock.today(), seed=1, scale=1)
    educator = make.make_educator("Dilys Sampleby")
    run.personas = {
        "practice_educator": educator,
        "school_educator": make.make_person("Ines Draftly"),
        "student": make.make_person("Amara Exampleton"),
    }
    in_background(lambda: cpd.build_cpd(run))
    noticed.take_note(
        [Done(educator.pk, uuid4(), "course", "Evening session", clock.today(), minutes=90)]
    )
    return educator


def in_background(act: Callable[[], object]) -> None:
    """Beside this thread, where Playwright keeps its event loop, and nothing can be sealed."""

    def closing() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as background:
        background.submit(closing).result()


def complaining(page: Page) -> list[str]:
    """What the page’s console calls an error, from now on."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    return found


def test_profile_from_sign_in_to_download(
    dilys: Person, phone: Page, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    errors = complaining(phone)
    hand = Hand(phone, axe)
    phone.goto("/account/login/")
    hand.fill("Email address", account_of(dilys))
    hand.fill("Password", make.PASSWORD)
    hand.button("Sign in")
    # One press on the way to CPD, wherever it stands.
    hand.count += 1
    phone.goto("/cpd/")
    hand.look()

    # When she keeps what the portal noticed
    there = Activity.objects.filter(person=dilys)
    before = there.count()
    hand.link("1 draft to keep or dismiss")
    hand.button("Keep")
    expect(phone.get_by_text("Kept in your record.")).to_be_visible()
    hand.link("CPD")

    # And adds an activity of today
    begun = hand.count
    hand.link("Add an activity")
    hand.fill("What it was", "Case discussion: a lesion beside the bladder")
    hand.check("Work-based learning")
    hand.fill("How long it took", "45 minutes")
    hand.button("Save")
    expect(phone.get_by_text("Your activity is in your record.")).to_be_visible()
    assert hand.count - begun <= ACTIVITY
    assert there.count() == before + 2

    # And writes her profile with what is suggested
    hand.link("CPD")
    hand.link("Your profile")
    hand.link("Choose your activities")
    hand.button("Save and write")
    phone.locator("#id_summary").fill(SUMMARY)
    hand.button("Begin with my reflections")
    hand.button("Save and check")
    hand.button("Freeze the profile")
    in_background(freeze_it)
    hand.link("See what came of it")

    # Then the profile is hers as a PDF
    hand.count += 1
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="PDF, to read and send").tap()
    waiting.value.save_as(tmp_path / "profile.pdf")
    assert (tmp_path / "profile.pdf").read_bytes().startswith(b"%PDF-")
    assert Profile.objects.filter(person=dilys).count() == 2
    assert hand.count <= PROFILE
    assert errors == []


def freeze_it() -> None:
    """What a worker does with the task."""
    task = DBTaskResult.objects.get(task_path="logbooks.cpd.profile.work.make")
    work.make.func(*task.args_kwargs["args"])


@pytest.mark.slow
def test_every_page_of_cpd_on_a_phone_and_a_desktop(
    dilys: Person, phone: Page, axe: Callable[[Page], None], live_server: LiveServer
) -> None:
    shown = Evidence.objects.filter(activity__person=dilys).earliest("pk").activity
    [profile] = Profile.objects.all()
    in_background(lambda: freeze_again(dilys))
    other = Profile.objects.latest("pk")
    # One word of the most signs that a title takes.
    Activity.objects.filter(pk=shown.pk).update(title="W" * 200)
    errors = complaining(phone)
    hand = Hand(phone, axe)
    carry(browser(dilys), phone, live_server)
    for address in (
        "",
        "profile/choose/",
        "?learning=formal",
        f"{shown.uuid}/",
        f"{shown.uuid}/change/",
        f"{shown.uuid}/evidence/",
        "checks/",
        "gap/",
        "registration/",
        "import/",
        "take-away/",
        "bring/",
        "profile/check/",
        f"profile/{profile.uuid}/",
        f"profile/{profile.uuid}/compare/{other.uuid}/",
    ):
        answer = phone.goto(f"/cpd/{address}")
        assert answer
        assert answer.ok, address
        hand.look()
    phone.goto("/cpd/drafts/")
    hand.button("Change and reflect")
    assert errors == []


def freeze_again(person: Person) -> None:
    """The profile of the cycle before once more, with less in its list."""
    made = Profile.objects.get(person=person)
    said = queries.opened(made)
    assert said
    left = [one for one in said["activities"] if one["type"] != "other learning"]
    until = measure([person.pk], clock.today()).period[0]
    freeze(by=person, said={**said, "activities": left}, until=until, uuid=uuid4())
