"""Deciding about hours in a real browser: an educator at a phone and a desk, and a mentor by link and code."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from placements.actions import links
from placements.models import CurrentShift, Placement, Shift, ShiftDecision
from school.core import clock
from tests import factories
from tests.journeys.conftest import PHONE
from tests.people.cast import newest_mail, six_digits

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page: Page, address: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/account/login/"))


def three_shifts() -> tuple[Placement, list[Shift]]:
    placement = factories.make_placement(educator=factories.make_educator())
    today = clock.today()
    times = ((7, "08:00", "16:00"), (2, "14:00", "22:00"), (1, "06:00", "14:00"))
    return placement, [
        factories.make_shift(placement, today - timedelta(days=n), start, end)
        for n, start, end in times
    ]


def test_signature_cut_off_by_the_end_of_a_session_is_seen_again_before_it_is_signed(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    placement, _ = three_shifts()
    address = placement.supervisions.get().person.user.email
    page = new_page(size)
    sign_in(page, address)
    page.goto("/inbox/")
    page.get_by_role("checkbox").first.check()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Confirm 1 shift").click()
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    axe(page)
    page.get_by_role("link", name="Go back to it").click()
    expect(page.get_by_role("heading", name="Nothing has been sent yet")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    axe(page)
    assert ShiftDecision.objects.count() == 0
    page.get_by_role("button", name="Confirm 1 shift").click()
    expect(page.get_by_text("1 shift confirmed.")).to_be_visible()
    assert ShiftDecision.objects.count() == 1
    page.goto("/account/resume/")
    expect(page).to_have_url(re.compile("/home/$"))


def test_educator_confirms_queries_and_undoes(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    placement, _ = three_shifts()
    page = new_page(size)
    sign_in(page, placement.supervisions.get().person.user.email)
    page.goto("/inbox/")
    axe(page)
    page.get_by_role("button", name="Confirm the ticked shifts").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the shifts that you confirm")
    axe(page)
    page.get_by_role("link", name="Tick all").click()
    expect(
        page.get_by_role("heading", name="You are about to confirm 3 shifts, 22 hours 30 minutes")
    ).to_be_visible()
    page.get_by_label("I have seen this").first.check()
    page.get_by_role("button", name="Confirm 3 shifts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 shifts confirmed, 1 left")
    axe(page)
    page.get_by_role("link", name="Open").click()
    axe(page)
    page.get_by_role("link", name="Query this shift").click()
    axe(page)
    page.get_by_label("Reason").fill("Who let you start at 06:00?")
    page.get_by_role("button", name="Query this shift").click()
    expect(page.get_by_text("1 shift queried. The student is told by email.")).to_be_visible()
    page.get_by_role("link", name="What you decided in the last 24 hours").click()
    axe(page)
    page.get_by_role("button", name="Undo queried").click()
    expect(page.get_by_text("Your decision is taken back.")).to_be_visible()
    states = CurrentShift.objects.order_by("start").values_list("state", flat=True)
    assert list(states) == ["confirmed", "confirmed", "awaiting"]
    times = ShiftDecision.objects.filter(outcome="confirmed").values_list("device_time", flat=True)
    assert None not in times


def test_inbox_without_a_script_confirms_too(new_page: Callable[..., Page]) -> None:
    placement, _ = three_shifts()
    page = new_page(PHONE, javascript=False)
    sign_in(page, placement.supervisions.get().person.user.email)
    page.goto("/inbox/")
    page.get_by_role("checkbox", name=re.compile("08:00 to 16:00")).check()
    page.get_by_role("button", name="Confirm the ticked shifts").click()
    expect(page.get_by_text("1 shift confirmed.")).to_be_visible()


def test_with_me_today_records_an_induction(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    educator = factories.make_educator()
    placement = factories.make_placement(educator=educator, inducted=False)
    factories.plan_shift(placement, clock.today())
    page = new_page(size)
    sign_in(page, educator.user.email)  # type: ignore[union-attr]
    page.goto("/with-me-today/")
    axe(page)
    page.get_by_role("button", name="Record the induction").click()
    expect(page.get_by_text("Induction recorded")).to_be_visible()


def test_mentor_without_an_account_confirms_by_link_and_code(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    placement, _ = three_shifts()
    page = new_page(size)
    sign_in(page, placement.enrolment.person.user.email)  # type: ignore[union-attr]
    page.goto("/shifts/ask/")
    axe(page)
    page.get_by_label("Name of the person").fill("Morag Mentor")
    page.get_by_label("Their work email address").fill("morag@example.nhs.uk")
    page.get_by_label(re.compile("08:00 to 16:00")).check()
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("A mail is on its way to morag@example.nhs.uk")).to_be_visible()
    axe(page)
    found = re.search(r"/confirm/\S+", newest_mail("confirmation_link").body)
    assert found
    mentor = new_page(size)
    mentor.goto(found[0])
    axe(mentor)
    mentor.get_by_role("button", name="Send me the code").click()
    mentor.get_by_label("Six-digit code").fill("12")
    mentor.get_by_role("button", name="Open the hours").click()
    axe(mentor)
    mentor.get_by_label("Six-digit code").fill(six_digits(newest_mail("confirmation_code").body))
    mentor.get_by_role("button", name="Open the hours").click()
    axe(mentor)
    mentor.get_by_role("link", name="Query").click()
    axe(mentor)
    mentor.get_by_role("link", name="Back").click()
    mentor.get_by_role("checkbox", name=re.compile("08:00 to 16:00")).check()
    mentor.get_by_role("button", name="Confirm 1 shift").click()
    expect(mentor.get_by_role("heading", level=1)).to_have_text("1 shift confirmed.")
    axe(mentor)
    mentor.goto(found[0])
    expect(mentor.get_by_role("heading", level=1)).to_have_text("This link does not open anything")
    axe(mentor)
    assert ShiftDecision.objects.get().person.name == "Morag Mentor"


def test_mail_that_came_back_is_on_the_students_home(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    placement, shifts = three_shifts()
    student = placement.enrolment.person
    links.ask_by_link(
        by=student,
        placement=placement,
        name="Morag Mentor",
        address="morga@example.nhs.uk",
        shifts=shifts,
        uuid=uuid4(),
    )
    links.note_refused(newest_mail("confirmation_link"))
    page = new_page(size)
    sign_in(page, student.user.email)  # type: ignore[union-attr]
    page.goto("/home/")
    axe(page)
    page.get_by_role("link", name="Check the address or name somebody else").click()
    expect(page.get_by_text("The mail could not be delivered.")).to_be_visible()
    axe(page)
