"""What was learned elsewhere: evidence is brought on a phone and accepted, and a source of files is told what its titles mean."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from school.core import clock
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.attained import any_version, attain
from tests.journeys.conftest import DESKTOP, PHONE
from tests.pdfs import kept_pdf
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_evidence_is_brought_and_accepted_and_a_source_says_what_its_titles_mean(
    new_page: Callable[..., Page],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"

    def seen(page: Page, name: str) -> None:
        axe(page)
        shots = os.environ.get("PORTAL_SHOTS")
        if shots:
            page.screenshot(path=Path(shots) / f"attaining-{name}.png", full_page=True)

    def signed_in(person: Person, **options: bool) -> Page:
        key = browser(person, **options).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(PHONE)
        page.context.add_cookies([cookie])
        return page

    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    attainment = attain(alice, any_version(), day=clock.today())
    mine = signed_in(alice, second_factor=False)
    mine.goto("/my-learning/")
    seen(mine, "my-learning")
    mine.get_by_role("link", name="Bring evidence from elsewhere").click()
    seen(mine, "new-claim")
    mine.get_by_label("Course that it stands for").select_option("introductory-day")
    for part, typed in (("Day", "3"), ("Month", "11"), ("Year", "2020")):
        mine.get_by_role("group", name="Completed on").get_by_label(part).fill(typed)
    mine.get_by_label("Who gave the training").fill("The Trust")
    file = tmp_path / "evidence.pdf"
    file.write_bytes(kept_pdf())
    mine.get_by_label("Evidence").set_input_files(file)
    mine.get_by_role("button", name="Send the evidence").click()
    expect(mine.get_by_text("Waits for a decision")).to_be_visible()
    seen(mine, "claim")

    keeper = signed_in(teacher)
    keeper.goto("/home/")
    keeper.get_by_role("link", name="Learners").click()
    seen(keeper, "learners")
    keeper.get_by_role("link", name="Evidence to look at").click()
    seen(keeper, "claims")
    keeper.get_by_role("link", name="Alice Amber: Introductory Day").click()
    seen(keeper, "claim-to-decide")
    keeper.get_by_role("button", name="Accept the evidence").click()
    expect(keeper.get_by_text("Accepted", exact=True)).to_be_visible()
    keeper.goto(f"/learners/{alice.uuid}/")
    seen(keeper, "attainments")
    wide = new_page(DESKTOP)
    wide.context.add_cookies(keeper.context.cookies())  # type: ignore[arg-type]
    for name in ("learners", "equivalences", "import-sources", f"learners/{alice.uuid}"):
        wide.goto(f"/{name}/")
        seen(wide, f"wide-{name.split('/')[0]}{len(name)}")
    wide.goto("/import-sources/")
    wide.get_by_label("Name of the source").fill("ESR")
    wide.get_by_role("button", name="Save the source").click()
    wide.goto(f"{wide.url}?title=NHS%7CCSTF%7CFire+Safety+-+2+Years%7C")
    seen(wide, "wide-source")
    wide.get_by_label("NHS|CSTF|Fire Safety").select_option("introductory-day")
    wide.get_by_role("button", name="Save").click()
    expect(wide.get_by_text("Check the file again")).to_be_visible()
    wide.goto(f"/attainments/{attainment.entry.uuid}/")
    seen(wide, "wide-attainment")
