"""A placement from its first day to the statement of its hours: checks, meetings, a concern, the record, and a stranger."""

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from placements import statement_work
from placements.models import (
    CheckKind,
    Concern,
    HoursStatement,
    Meeting,
    MeetingSignature,
    Placement,
    SiteCheck,
    SiteGuide,
)
from school.core import clock, days, seal
from school.core.codes import grouped
from school.people.models import Person
from school.people.roles import PROGRAMME_LEAD, UNIVERSITY_TUTOR
from tests import factories as make
from tests.journeys.conftest import DESKTOP, PHONE, is_too_wide
from tests.journeys.test_core_loop import type_shift
from tests.placements.browsers import browser as signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

Look = Callable[[Page, str], None]
Enter = Callable[..., Page]

AN_HOUR = 3600
WORRY = "Amara was left alone in the control room on two mornings."
CONTRACT = "Two patients a day under supervision from the second week."


@pytest.fixture
def look(axe: Callable[[Page], None]) -> Look:
    """Demand that a page is clean for axe, shows no markup as words and fits its screen; pictures on request."""

    def check(page: Page, name: str) -> None:
        axe(page)
        assert "</" not in page.locator("body").inner_text(), f"markup on {page.url}"
        assert not is_too_wide(page), f"scrolls sideways: {page.url}"
        shots = os.environ.get("PORTAL_SHOTS")
        if shots:
            was = page.viewport_size
            for size in (PHONE, DESKTOP):
                page.set_viewport_size({"width": size["width"], "height": size["height"]})
                page.screenshot(path=Path(shots) / f"{name}-{size['width']}.png", full_page=True)
            if was:
                page.set_viewport_size(was)

    return check


@pytest.fixture
def enter(new_page: Callable[..., Page], live_server: LiveServer) -> Enter:
    """A page of somebody who came through the door an hour ago, so that a signature asks for a proof."""

    def open_page(person: Person, size: dict[str, int], *, second_factor: bool = False) -> Page:
        client = signed_in(person, second_factor=second_factor)
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= AN_HOUR
        session.save()
        page = new_page(size)
        page.context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": live_server.url}
                for name, cookie in client.cookies.items()
            ]
        )
        return page

    return open_page


@pytest.fixture
def placement(settings: LazySettings, tmp_path: Path) -> Placement:
    """A placement of sixteen days that ends tomorrow, at a site that asks for two checks; nothing is recorded yet."""
    settings.SEAL_KEY_FILE = tmp_path / "seal.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    seal.make_key()
    today = clock.today()
    placement = make.make_placement(
        starts=today - timedelta(days=14),
        ends=today + timedelta(days=1),
        educator=make.make_educator("Dilys Sampleby"),
        inducted=False,
    )
    for kind in (CheckKind.DBS, CheckKind.DOSE_BADGE):
        SiteCheck.objects.create(site=placement.site, kind=kind)
    SiteGuide.objects.create(
        site=placement.site,
        meeting_point="Main entrance, 07:45",
        induction="Fire exits\nControlled areas",
    )
    make.plan_shift(placement, today + timedelta(days=1))
    return placement


def follow(target: Locator) -> None:
    """Press what leads to another page, and wait for that page."""
    with target.page.expect_navigation():
        target.click()


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name))


def open_link(page: Page, name: str, of: str = "") -> None:
    """Follow a link by its words, and by what is said of it only to those who listen."""
    said = re.compile(f"{re.escape(name)}.*{re.escape(of)}") if of else name
    follow(page.get_by_role("link", name=said).first)


def fill_day(page: Page, legend: str, day: date) -> None:
    group = page.get_by_role("group", name=legend)
    for part in ("day", "month", "year"):
        group.get_by_label(part.capitalize()).fill(str(getattr(day, part)))


def says(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def refused(page: Page, words: str) -> None:
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_placement_from_its_first_day_to_a_statement_that_a_stranger_checks(
    placement: Placement, enter: Enter, new_page: Callable[..., Page], look: Look, tmp_path: Path
) -> None:
    programme = placement.enrolment.cohort.programme
    coordinator = make.make_coordinator("Cora Placewell")
    tutor, lead = make.make_person("Tess Tutorman"), make.make_person("Leo Headley")
    make.make_grant(tutor, UNIVERSITY_TUTOR, programme.scope)
    make.make_grant(lead, PROGRAMME_LEAD, programme.scope)
    student = enter(placement.enrolment.person, PHONE)
    educator = enter(placement.supervisions.get().person, PHONE)
    office = enter(coordinator, DESKTOP, second_factor=True)
    university = enter(tutor, DESKTOP, second_factor=True)

    arrives(student, educator, look)
    logs_two_shifts(student, look)
    confirms_them(educator, look)
    meets_three_times(student, educator, placement, look)
    concern = raises_a_concern(university, look)
    is_read_by_its_readers_alone(
        concern, {"student": student, "educator": educator, "lead": enter(lead, DESKTOP, second_factor=True)}, look
    )  # fmt: skip
    closes_the_concern(office, look)
    sees_it_all(university, look)
    issues_a_statement(office, look)
    file = downloads_it(student, tmp_path, look)
    checks_it(new_page(PHONE), file, look)
    takes_a_decision_back(educator, look)
    finds_it_no_longer_current(new_page(DESKTOP), university, look)


def arrives(student: Page, educator: Page, look: Look) -> None:
    """What the site asks for is missing; the practice educator sees and records it, and the induction."""
    student.goto("/home/")
    says(student, "3 things missing for your placement")
    look(student, "home-missing")
    open_link(student, "Joining pack")
    says(student, "Main entrance, 07:45")
    look(student, "joining")
    educator.goto("/with-me-today/")
    look(educator, "with-me")
    open_link(educator, "Checks of Amara Exampleton")
    look(educator, "checks-empty")
    press(educator, "Record the check")
    refused(educator, "Enter the day it holds from")
    look(educator, "checks-error")
    for kind, number in ((CheckKind.DBS, "DBS 0012"), (CheckKind.DOSE_BADGE, "B-77")):
        educator.get_by_label("Which check").select_option(kind.value)
        fill_day(educator, "Holds from", clock.today() - timedelta(days=100))
        educator.get_by_label("Number on it").fill(number)
        press(educator, "Record the check")
        says(educator, f"number {number}")
    look(educator, "checks-filled")
    educator.goto("/with-me-today/")
    educator.get_by_label("Fire exits").check()
    educator.get_by_label("Controlled areas").check()
    press(educator, "Record the induction")
    says(educator, "The induction of Amara Exampleton is recorded.")
    look(educator, "with-me-inducted")
    student.goto("/ready/")
    says(student, "number DBS 0012")
    look(student, "ready")


def logs_two_shifts(student: Page, look: Look) -> None:
    for ago in (3, 2):
        student.goto("/shifts/log/")
        type_shift(student, clock.today() - timedelta(days=ago), "08:00", "16:00", 30)
        press(student, "Send for confirmation")
        says(student, "Sent to Dilys Sampleby:")
    look(student, "shift-sent")


def confirms_them(educator: Page, look: Look) -> None:
    """A confirmation asks for a proof, since an hour has gone by."""
    educator.goto("/inbox/")
    look(educator, "inbox")
    educator.get_by_role("link", name="Tick all").click()
    educator.get_by_label("Prove it is you").fill("something else")
    press(educator, "Confirm 2 shifts")
    refused(educator, "That is not the password of this account")
    look(educator, "inbox-error")
    educator.get_by_label("Prove it is you").fill(make.PASSWORD)
    press(educator, "Confirm 2 shifts")
    says(educator, "2 shifts confirmed.")
    look(educator, "inbox-confirmed")


def meets_three_times(student: Page, educator: Page, placement: Placement, look: Look) -> None:
    """Each record is written and signed by the practice educator, then read and signed by the student."""
    meetings = (
        ("Initial meeting", "Learning contract", placement.starts, CONTRACT),
        ("Midway meeting", "Action plan", placement.starts + timedelta(days=7), "Plan one arc."),
        ("Final meeting", "Final report", clock.today(), "Met every aim."),
    )
    educator.goto("/home/")
    says(educator, "Initial meeting with Amara Exampleton")
    look(educator, "educator-home-due")
    open_link(educator, "Initial meeting with Amara Exampleton")
    look(educator, "meetings-due")
    for title, record, day, words in meetings:
        open_link(educator, "Write it down", of=title)
        if title == "Initial meeting":
            look(educator, "meeting-write")
            press(educator, "Sign the record")
            refused(educator, "Enter what was agreed")
            look(educator, "meeting-write-error")
        fill_day(educator, "Day of the meeting", day)
        educator.get_by_role("textbox", name="What was agreed").fill(words)
        press(educator, "Sign the record")
        says(educator, "The record is written down and signed by you.")
        expect(educator.get_by_role("heading", name=record)).to_be_visible()
        if title == "Initial meeting":
            look(educator, "meeting-written")
        open_link(educator, "Meetings")
    look(educator, "meetings-written")
    student.goto("/home/")
    says(student, "Read and sign the record of a meeting")
    look(student, "home-to-sign")
    student.get_by_role("link", name="Meetings", exact=True).click()
    look(student, "meetings-to-sign")
    for title, _, _, words in meetings:
        open_link(student, title)
        says(student, words)
        if title == "Initial meeting":
            look(student, "meeting-to-sign")
            press(student, "Sign the record")
            refused(student, "Enter your password")
            look(student, "meeting-sign-error")
            student.get_by_label("Prove it is you").fill(make.PASSWORD)
        press(student, "Sign the record")
        says(student, "You have signed this record.")
        open_link(student, "Meetings")
    look(student, "meetings-signed")
    by = MeetingSignature.objects.values_list("meeting__meeting_kind", "capacity", "proof")
    both = [("practice_educator", "password"), ("student", "password")]
    assert sorted(by) == sorted(
        (kind, *who) for kind in ("initial", "midway", "final") for who in both
    )
    assert Meeting.objects.count() == 3


def raises_a_concern(university: Page, look: Look) -> str:
    """The tutor raises it from the student's meetings, and names the coordinator; its address."""
    university.goto("/tutor/")
    look(university, "tutor-list")
    open_link(university, "Amara Exampleton")
    look(university, "tutor-person")
    open_link(university, "Placement record")
    look(university, "tutor-record")
    open_link(university, "Meetings", of="Cumberland Infirmary")
    look(university, "tutor-meetings")
    open_link(university, "Raise a cause for concern")
    look(university, "concern-raise")
    press(university, "Raise the concern")
    refused(university, "Enter what worries you")
    look(university, "concern-raise-error")
    university.get_by_label("What worries you").fill(WORRY)
    university.get_by_label("Cora Placewell").check()
    press(university, "Raise the concern")
    says(university, "The concern is raised. Its readers are told by email.")
    look(university, "concern-raised")
    return f"/concerns/{Concern.objects.get().entry.uuid}/"


def is_read_by_its_readers_alone(concern: str, others: dict[str, Page], look: Look) -> None:
    for page in others.values():
        answer = page.goto(concern)
        assert answer is not None
        assert answer.status == 404
        assert WORRY not in page.content()
        page.goto("/concerns/")
        says(page, "None is open to you")
    look(others["educator"], "concerns-none")
    others["educator"].goto(concern)
    look(others["educator"], "concern-404")


def closes_the_concern(office: Page, look: Look) -> None:
    office.goto("/home/")
    look(office, "coordinator-home")
    open_link(office, "Open what you read")
    look(office, "concerns")
    open_link(office, "Amara Exampleton, Cumberland Infirmary")
    says(office, WORRY)
    look(office, "concern")
    press(office, "Write it down")
    refused(office, "Enter what was done")
    refused(office, "Choose whether this closes the concern")
    look(office, "concern-step-error")
    office.get_by_role("textbox", name="What was done").fill(
        "Spoke to the site’s lead on the telephone."
    )
    office.get_by_label("No, it stays open").check()
    press(office, "Write it down")
    says(office, "What was done is written down.")
    look(office, "concern-step")
    office.get_by_role("textbox", name="What was done").fill(
        "A second radiographer is there on both mornings."
    )
    office.get_by_label("Yes: resolved").check()
    press(office, "Write it down")
    says(office, "The concern is closed.")
    look(office, "concern-closed")
    office.goto("/home/")
    expect(office.get_by_role("link", name="Open what you read")).to_have_count(0)


def sees_it_all(university: Page, look: Look) -> None:
    """Everything of the student on one page, but not the concern."""
    university.goto("/tutor/")
    open_link(university, "Whole record of Amara Exampleton")
    whole = university.locator("main")
    for said in (CONTRACT, "Met every aim.", "Year 3", "15 of 216", "Dilys Sampleby", "Confirmed"):
        expect(whole).to_contain_text(said)
    expect(whole).not_to_contain_text("oncern")
    expect(whole).not_to_contain_text("control room")
    look(university, "whole")


def issues_a_statement(office: Page, look: Look) -> None:
    """The coordinator checks it and asks for it; the background makes it while the page looks on."""
    office.goto("/students/")
    open_link(office, "Amara Exampleton")
    open_link(office, "Placement record")
    open_link(office, "Statements of hours")
    look(office, "statements-none")
    open_link(office, "Issue one for year 3")
    says(office, "15 hours")
    look(office, "statement-check")
    press(office, "Issue the statement")
    look(office, "progress")
    with ThreadPoolExecutor(1) as background:
        background.submit(make_the_statement).result()
    says(office, "The statement was issued, and the student is told by email.")
    look(office, "progress-done")
    open_link(office, "See what came of it")
    says(office, "Year 3: 15 hours")
    look(office, "statements")


def make_the_statement() -> None:
    """What a worker does with the task; beside this thread, where Playwright keeps its event loop."""
    task = DBTaskResult.objects.get(task_path="placements.statement_work.make")
    statement_work.make.func(*task.args_kwargs["args"])
    connection.close()


def downloads_it(student: Page, folder: Path, look: Look) -> Path:
    student.goto("/home/")
    look(student, "home-done")
    open_link(student, "Your record")
    look(student, "own-record")
    open_link(student, "Statements of hours")
    look(student, "own-statements")
    with student.expect_download() as waiting:
        student.get_by_role("link", name="Download the PDF").click()
    kept = folder / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    assert re.fullmatch(r"statement-of-hours-(\w{4}-){3}\w{4}\.pdf", kept.name)
    return kept


def checks_it(stranger: Page, file: Path, look: Look) -> None:
    """Nobody is signed in: by its code the statement is current, and by its bytes unaltered or not."""
    stranger.goto("/verify/")
    look(stranger, "verify")
    press(stranger, "Check the code")
    refused(stranger, "Enter the code")
    look(stranger, "verify-error")
    code = file.stem.removeprefix("statement-of-hours-")
    stranger.get_by_label("Code on the document").fill(code.lower().replace("-", " "))
    press(stranger, "Check the code")
    says(stranger, "Issued by the School, and current")
    look(stranger, "verify-current")
    press(stranger, "Compare the file")
    refused(stranger, "Choose the file, or enter its SHA-256")
    look(stranger, "verify-file-error")
    stranger.get_by_label("Your copy of the file").set_input_files(file)
    press(stranger, "Compare the file")
    says(stranger, "The file is unaltered")
    look(stranger, "verify-unaltered")
    altered = bytearray(file.read_bytes())
    altered[len(altered) // 2] ^= 1
    false = file.with_name("altered.pdf")
    false.write_bytes(altered)
    stranger.get_by_label("Your copy of the file").set_input_files(false)
    press(stranger, "Compare the file")
    says(stranger, "The file is not the one that was issued")
    says(stranger, "Issued by the School, and current")
    look(stranger, "verify-altered")
    assert "Amara" not in stranger.content()


def takes_a_decision_back(educator: Page, look: Look) -> None:
    educator.goto("/inbox/decided/")
    look(educator, "decided")
    follow(educator.get_by_role("button", name="Undo confirmed").first)
    says(educator, "Your decision is taken back.")


def finds_it_no_longer_current(stranger: Page, university: Page, look: Look) -> None:
    code = grouped(HoursStatement.objects.get().code)
    stranger.goto(f"/verify/{code}/")
    says(stranger, "Issued by the School, but the record has changed since")
    look(stranger, "verify-changed")
    university.goto("/tutor/")
    open_link(university, "Whole record of Amara Exampleton")
    for said in ("7.5 of 216", code, f"Issued {days.long_date(clock.today())}"):
        expect(university.locator("main")).to_contain_text(said)
    look(university, "whole-changed")
