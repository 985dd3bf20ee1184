"""A log book from its first examination to the copy that its student takes away, on a phone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.competencies import shipped_assessments
from logbooks.competencies.book import work
from logbooks.competencies.models import LogEntry, SignOff
from placements import reference
from school.core import seal
from school.people.models import Person
from tests import factories as make
from tests.journeys.conftest import PHONE
from tests.logbooks.competencies.signers import make_signers
from tests.logbooks.competencies.staged import Staged
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db(transaction=True)

# The competencies of her third year.
THIRD = ("A2", "A5", "A8", "A11")


def test_log_book_from_the_first_examination_to_the_copy(
    new_page: Callable[..., Page],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    settings.SEAL_KEY_FILE, settings.MEDIA_ROOT = tmp_path / "seal.pem", tmp_path / "media"
    seal.make_key()
    here = make_signers(11)
    shipped_assessments.load()
    reference.forget()

    def page_of(person: Person) -> Page:
        key = browser(person, second_factor=False).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        page = new_page(PHONE)
        page.context.add_cookies([cookie])
        return page

    # Given a student in her third year, who supervises her, and her final assessor
    amara, dilys, cara = (page_of(person) for person in (here.amara, here.dilys, here.cara))

    # When she logs five examinations, the later ones begin as the one before
    amara.goto("/home/")
    amara.get_by_role("link", name="Log book").first.click()
    axe(amara)
    amara.get_by_role("link", name="Log an examination").click()
    amara.get_by_label("Half body", exact=True).check()
    amara.get_by_label("FDG", exact=True).check()
    amara.get_by_label("Observed", exact=True).check()
    amara.get_by_label("Supervising operator").select_option(label=here.dilys.name)
    for number in range(1, 6):
        if number > 1:
            amara.get_by_role("link", name="Log another").click()
        amara.get_by_text("Competencies it touches").click()
        for code in THIRD[:2] if number < 4 else THIRD[2:]:
            amara.get_by_role("checkbox", name=code).check()
        amara.get_by_role("button", name="Log it").click()
        expect(amara.get_by_role("heading", level=1)).to_contain_text(f"Case {number}")

    # And asks for sign-off of what they show
    amara.goto("/log-book/")
    axe(amara)
    amara.get_by_role("link", name="Ask for sign-off", exact=True).click()
    axe(amara)
    for code in THIRD:
        amara.get_by_role("checkbox", name=code).check()
    amara.get_by_role("button", name="Go on").click()
    amara.get_by_label(here.dilys.name).check()
    amara.get_by_label("Note to your assessor").fill("You saw all of them this week.")
    axe(amara)
    amara.get_by_role("button", name="Ask for sign-off").click()
    expect(amara.get_by_text(f"You asked {here.dilys.name} to sign 4")).to_be_visible()

    # Then the assessor signs three, word for word as they are shown, and returns one
    dilys.goto("/home/")
    axe(dilys)
    dilys.goto("/sign-offs/")
    axe(dilys)
    dilys.get_by_role("link", name="Look and sign").click()
    axe(dilys)
    sign(dilys, *THIRD[:3])
    expect(dilys.get_by_text("3 competencies signed as achieved.")).to_be_visible()
    dilys.get_by_role("link", name="Look and sign").click()
    dilys.get_by_role("checkbox", name="A11").check()
    dilys.get_by_label("Not yet: I say what to do next").check()
    dilys.get_by_role("button", name="Sign what is ticked").click()
    expect(dilys.get_by_role("alert")).to_contain_text("Enter what you saw")
    axe(dilys)
    dilys.wait_for_timeout(1100)  # the button takes no second press within a second
    dilys.get_by_label("Feedback").fill("The range was too short.")
    dilys.get_by_label("Next step").fill("Set the range twice with me in the room.")
    prove(dilys)
    dilys.get_by_role("button", name="Sign what is ticked").click()
    expect(dilys.get_by_text("1 competency signed as not yet.")).to_be_visible()

    # When an examination that was evidence is corrected, the sign-off stands and the new version waits
    amara.goto("/log-book/examinations/")
    axe(amara)
    amara.get_by_role("link", name="Case 1").click()
    axe(amara)
    amara.get_by_role("link", name="Correct it").click()
    axe(amara)
    amara.get_by_label("Assisted", exact=True).check()
    amara.get_by_role("button", name="Save the correction").click()
    expect(amara.get_by_text("Earlier versions")).to_be_visible()
    amara.goto("/log-book/")
    expect(amara.get_by_role("heading", level=1)).to_contain_text("3 of 11")
    expect(amara.get_by_text("An examination was corrected").first).to_be_visible()
    axe(amara)
    dilys.goto("/sign-offs/")
    dilys.get_by_role("link", name="Look and sign").click()
    expect(
        dilys.get_by_text("An examination was corrected after this was signed").first
    ).to_be_visible()
    sign(dilys, *THIRD[:2])

    # When she takes a sign-off back, nothing disappears
    dilys.get_by_role("link", name="Revoke").filter(has_text="A8").click()
    axe(dilys)
    dilys.get_by_label("Reason").fill("I saw another student do this.")
    dilys.get_by_role("button", name="Revoke the sign-off").click()
    amara.goto("/log-book/")
    expect(amara.get_by_role("heading", name="A8 was revoked")).to_be_visible()
    expect(amara.get_by_role("heading", name="A11 needs another go")).to_be_visible()
    axe(amara)
    amara.get_by_role("link", name="History of A8").click()
    expect(amara.get_by_text("I saw another student do this.")).to_be_visible()
    axe(amara)

    # Then she asks again, and both are signed
    for code in THIRD[2:]:
        amara.goto("/log-book/")
        amara.get_by_role("link", name=f"Ask for sign-off of {code}").click()
        amara.get_by_label(here.dilys.name).check()
        amara.get_by_role("button", name="Ask for sign-off").click()
    dilys.goto("/sign-offs/")
    dilys.get_by_role("link", name="Look and sign").click()
    sign(dilys, *THIRD[2:])
    expect(dilys.get_by_text("2 competencies signed as achieved.")).to_be_visible()

    # When the half-body assessment is not passed at first, she is told what to do differently
    dilys.get_by_role("link", name="Assess on a form").click()
    axe(dilys)
    dilys.get_by_role("link", name="PET-CT half-body assessment").click()
    axe(dilys)
    rate(dilys, judgement="Safe, and not yet ready")
    dilys.get_by_label("Feedback", exact=True).fill("Measure the residual first.")
    dilys.get_by_role("button", name="Sign the assessment").click()
    expect(dilys.get_by_role("heading", level=1)).to_contain_text("attempt 1")

    # And the second attempt has two assessors, the second of whom does not see what the first gave
    dilys.goto(f"/placements/{here.placement.uuid}/assess/")
    dilys.get_by_role("link", name="PET-CT half-body assessment").click()
    rate(dilys, judgement="Ready to do it")
    dilys.get_by_label("Ask a second assessor").check()
    dilys.get_by_role("button", name="Sign the assessment").click()
    expect(dilys.get_by_role("heading", level=1)).to_contain_text("attempt 2")
    axe(dilys)
    cara.goto("/sign-offs/")
    cara.get_by_role("link", name="Assess on a form").click()
    cara.get_by_role("link", name="attempt 2").click()
    axe(cara)
    rate(cara, judgement="Ready to do it")
    cara.get_by_role("button", name="Sign the assessment").click()
    amara.goto("/log-book/assessments/")
    axe(amara)
    amara.get_by_role("link", name="Attempt 2").click()
    expect(amara.get_by_text("items that both saw")).to_be_visible()
    axe(amara)
    amara.get_by_role("button", name="Sign that I have read it").click()

    # When every line of the stage stands, her final assessor signs it as a whole
    stage = Staged(here)
    stage.count(216 * 60)
    for code in ("osce", "dispensing-simulation"):
        stage.record(code)
    amara.goto("/log-book/")
    amara.get_by_role("link", name="Year 3").click()
    expect(amara.get_by_text("Ready to be signed off as a stage")).to_be_visible()
    axe(amara)
    cara.goto("/sign-offs/")
    axe(cara)
    cara.get_by_role("link", name=f"{here.amara.name}, Year 3").click()
    axe(cara)
    prove(cara)
    cara.get_by_role("button", name="Sign the whole stage").click()
    expect(cara.get_by_text("is signed.").first).to_be_visible()

    # Then she takes the whole book away
    amara.goto("/log-book/")
    expect(amara.get_by_text("Signed on").first).to_be_visible()
    amara.get_by_role("link", name="Take it away").click()
    axe(amara)
    amara.get_by_role("button", name="Make a copy").click()
    axe(amara)
    with ThreadPoolExecutor(1) as background:
        background.submit(make_the_copy).result()
    amara.goto("/log-book/copies/")
    expect(amara.get_by_text("The latest", exact=True)).to_be_visible()
    axe(amara)
    with amara.expect_download() as waiting:
        amara.get_by_role("link", name="PDF of copy").click()
    kept = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(kept)

    # And whoever holds it sees by its code that it is the latest, and by its bytes that it is unaltered
    stranger = new_page(PHONE)
    stranger.goto("/verify/")
    stranger.get_by_label("Code on the document").fill(kept.stem.removeprefix("log-book-"))
    stranger.get_by_role("button", name="Check the code").click()
    axe(stranger)
    stranger.get_by_label("Your copy of the file").set_input_files(kept)
    stranger.get_by_role("button", name="Compare the file").click()
    expect(stranger.get_by_text("The file is unaltered")).to_be_visible()
    axe(stranger)
    assert here.amara.name not in stranger.content()

    # And nothing disappeared: what was corrected and revoked stands beside what counts
    assert LogEntry.objects.count() == 6
    assert LogEntry.objects.standing().count() == 5
    assert SignOff.objects.filter(revocation__isnull=False).count() == 1


def make_the_copy() -> None:
    """What a worker does with the task; beside this thread, where Playwright keeps its event loop."""
    task = DBTaskResult.objects.get(task_path="logbooks.competencies.book.work.make")
    work.make.func(*task.args_kwargs["args"])
    connection.close()


def sign(page: Page, *codes: str) -> None:
    """Ticks lines and signs them as achieved."""
    for code in codes:
        page.get_by_role("checkbox", name=code).check()
    page.get_by_label("Achieved", exact=True).check()
    prove(page)
    page.get_by_role("button", name="Sign what is ticked").click()


def prove(page: Page) -> None:
    """Proves at the act who signs."""
    page.get_by_label("Prove it is you").fill(make.PASSWORD)


def rate(page: Page, *, judgement: str) -> None:
    """Rates every item as met, and judges the whole."""
    for box in page.get_by_label("Met", exact=True).all():
        box.check()
    page.get_by_label(judgement).check()
    prove(page)
