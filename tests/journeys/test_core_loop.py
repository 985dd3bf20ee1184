"""The core loop on four phones: hours are sent, corrected, confirmed, queried and answered, and the totals move."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMessage
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from placements import tasks
from placements.models import CurrentShift, ShiftDecision
from school.core import clock, days
from school.people import mail
from school.people.models import MailPreference, Person
from tests import factories as make
from tests.journeys.conftest import PHONE, is_too_wide
from tests.people.cast import six_digits
from tests.placements.browsers import browser as signed_in

pytestmark = pytest.mark.django_db(transaction=True)

Look = Callable[[Page], None]

QUERY = "Did you stay until 16:00? I left at 15:30."
REPLY = "Yes. Owen Relief was with me for the last patient list."


@pytest.fixture
def look(axe: Look) -> Look:
    """Demand that a page as it stands is clean for axe, shows no markup as words and fits the phone."""

    def check(page: Page) -> None:
        axe(page)
        assert "</" not in page.locator("body").inner_text(), f"markup on {page.url}"
        assert not is_too_wide(page), f"scrolls sideways: {page.url}"

    return check


@pytest.fixture
def days_worked() -> tuple[date, date, date]:
    """Monday, Wednesday and Friday of last week: over at any hour of any day, and no clock changes between them."""
    monday = days.monday(clock.today()) - 7 * days.DAY
    return monday, monday + 2 * days.DAY, monday + 4 * days.DAY


@pytest.fixture
def outbox() -> Iterator[list[EmailMessage]]:
    """What the mail server was handed in this test."""
    outgoing.outbox = []
    yield outgoing.outbox
    outgoing.outbox = []


def delivered(outbox: list[EmailMessage], address: str, subject: str) -> str:
    """Hand over what is due, as the worker does; the text of the one message of its kind to an address."""
    for uuid in list(mail.due().values_list("uuid", flat=True)):
        assert mail.deliver(uuid) is mail.Outcome.SENT
    [body] = [one.body for one in outbox if (one.to, one.subject) == ([address], subject)]
    return str(body)


def path_in(body: str) -> str:
    """The address in a message, without the host."""
    found = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert found, body
    return found[1]


def follow(target: Locator) -> None:
    """Tap what leads to another page, and wait for that page."""
    with target.page.expect_navigation():
        target.tap()


def account_of(person: Person) -> str:
    assert person.user is not None
    return person.user.email


def sign_in(page: Page, person: Person, look: Look) -> None:
    page.goto("/account/login/")
    look(page)
    page.get_by_label("Email address").fill(account_of(person))
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_have_count(0)


def carry_session(page: Page, person: Person, live_server: LiveServer) -> None:
    """Give the page the session of somebody who went through the door with a second factor."""
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in signed_in(person).cookies.items()
        ]
    )


def type_shift(page: Page, day: date, start: str, end: str, break_minutes: int) -> None:
    page.get_by_label("Day", exact=True).fill(str(day.day))
    page.get_by_label("Month", exact=True).fill(str(day.month))
    page.get_by_label("Year", exact=True).fill(str(day.year))
    page.get_by_label("Start", exact=True).fill(start)
    page.get_by_label("End", exact=True).fill(end)
    page.get_by_label("Break, minutes").fill(str(break_minutes))


def send(page: Page, said: str) -> None:
    """Send what is typed, and read what the next page says was sent."""
    follow(page.get_by_role("button", name="Send for confirmation"))
    expect(page.get_by_text(said)).to_be_visible()


def coordinator_sees(page: Page, confirmed: str, awaiting: str) -> None:
    """The hours of the only student in the coordinator's list."""
    page.goto("/students/")
    figures = page.locator("td.num span:not(.soo-table__label)")
    expect(figures).to_have_text([f"{confirmed} of 216", awaiting, re.compile(r"^[\d.]+$")])


def hours_shown(page: Page) -> list[list[str]]:
    """The parts of a year's hours as a page shows them under its bar."""
    return [
        [part.locator("dt").inner_text(), part.locator("dd").inner_text()]
        for part in page.locator("dl.soo-split > div").all()
    ]


def test_hours_sent_by_a_student_move_the_totals_once_decided(
    new_page: Callable[..., Page],
    live_server: LiveServer,
    look: Look,
    days_worked: tuple[date, date, date],
    outbox: list[EmailMessage],
) -> None:
    # given a third-year student on placement, a practice educator with an account and a coordinator
    monday, wednesday, friday = days_worked
    dilys = make.make_educator("Dilys Sampleby")
    placement = make.make_placement(educator=dilys)
    amara = placement.enrolment.person
    for reader in (dilys, amara):
        MailPreference.objects.create(person=reader, digest=MailPreference.Digest.AT_ONCE)
    student, educator, mentor, coordinator = (new_page(PHONE) for _ in range(4))
    carry_session(coordinator, make.make_coordinator("Cora Placewell"), live_server)

    # then nothing has been sent yet: not for the coordinator, the educator or the student
    coordinator_sees(coordinator, confirmed="0", awaiting="0")
    look(coordinator)
    sign_in(educator, dilys, look)
    educator.goto("/inbox/")
    expect(educator.get_by_role("heading", level=1)).to_have_text("Nothing waits for you")
    look(educator)
    sign_in(student, amara, look)
    student.goto("/shifts/")
    expect(student.get_by_text("You have sent no shift yet")).to_be_visible()
    look(student)

    # when the student logs a day
    student.goto("/home/")
    look(student)
    follow(student.get_by_role("link", name="Log a shift"))
    look(student)
    type_shift(student, monday, "08:00", "16:00", 30)
    expect(student.get_by_text("counted: 08:00 to 16:00 less 30 minutes")).to_be_visible()
    to = "Sent to Dilys Sampleby:"
    send(student, f"{to} {days.day_and_month(monday)}, 08:00 to 16:00, 7 hours 30 minutes.")
    look(student)

    # and a night across midnight
    student.goto("/shifts/log/")
    type_shift(student, wednesday, "20:00", "07:30", 60)
    expect(student.get_by_text("counted: 20:00 to 07:30 next day less 60 minutes")).to_be_visible()
    night = f"{days.day_and_month(wednesday)}, 20:00 to 07:30 next day, 10 hours 30 minutes."
    send(student, f"{to} {night}")

    # and a day that overlaps the night, which is refused with everything typed still there
    student.goto("/shifts/log/")
    type_shift(student, wednesday + days.DAY, "07:00", "18:00", 30)
    follow(student.get_by_role("button", name="Send for confirmation"))
    expect(student.get_by_role("alert")).to_contain_text("Start must be 07:30 or later")
    expect(student.get_by_label("End", exact=True)).to_have_value("18:00")
    look(student)

    # and that day on its right date, but with a wrong end, which is corrected afterwards
    type_shift(student, friday, "08:00", "18:00", 30)
    send(student, f"{to} {days.day_and_month(friday)}, 08:00 to 18:00, 9 hours 30 minutes.")
    follow(student.get_by_role("link", name="Correct the shift"))
    look(student)
    student.get_by_label("End", exact=True).fill("16:00")
    send(student, f"{to} {days.day_and_month(friday)}, 08:00 to 16:00, 7 hours 30 minutes.")
    expect(student.get_by_role("heading", name="Corrected version")).to_be_visible()
    look(student)

    # then three shifts wait, the corrected one once
    student.goto("/shifts/")
    expect(student.get_by_role("link", name=re.compile("^(Mon|Wednes|Fri)day"))).to_have_count(3)
    look(student)
    student.goto("/home/")
    assert hours_shown(student) == [
        ["Confirmed", "0 h"],
        ["Awaiting", "25.5 h"],
        ["To go", "190.5 h"],
    ]
    look(student)
    coordinator_sees(coordinator, confirmed="0", awaiting="25.5")
    look(coordinator)

    # when the educator is told by mail, once a day, and opens the inbox
    assert [tasks.digest.call(), tasks.digest.call()] == [1, 0]
    told = delivered(outbox, account_of(dilys), "Hours wait for you")
    assert told.startswith("3 new shifts came in for you to confirm. 3 wait in all.")
    educator.goto(path_in(told))
    expect(educator.get_by_role("heading", level=1)).to_have_text("3 shifts wait for you")
    look(educator)

    # and confirms before anything is ticked, then one shift
    follow(educator.get_by_role("button", name="Confirm the ticked shifts"))
    expect(educator.get_by_role("alert")).to_contain_text("Tick the shifts that you confirm")
    look(educator)
    line = f"{days.day_and_month(monday)}(?: {monday.year})?, 08:00 to 16:00"
    educator.get_by_role("checkbox", name=re.compile(line)).check()
    follow(educator.get_by_role("button", name="Confirm 1 shift"))
    expect(educator.get_by_text("1 shift confirmed.")).to_be_visible()

    # and queries the corrected one, first without a reason
    line = f"{days.day_and_month(friday)}(?: {friday.year})?, 08:00 to 16:00"
    follow(educator.get_by_role("link", name=re.compile(f"^Query.*{line}")))
    look(educator)
    follow(educator.get_by_role("button", name="Query this shift"))
    expect(educator.get_by_role("alert")).to_contain_text("Enter the reason")
    look(educator)
    educator.get_by_label("Reason").fill(QUERY)
    follow(educator.get_by_role("button", name="Query this shift"))
    expect(educator.get_by_text("1 shift queried. The student is told by email.")).to_be_visible()
    expect(educator.get_by_text("Queried, not part of this batch", exact=True)).to_be_visible()
    look(educator)

    # then the totals move: the night alone still waits
    coordinator_sees(coordinator, confirmed="7.5", awaiting="10.5")

    # when the student asks somebody without an account for the night, first at a strange address
    student.goto("/shifts/")
    follow(student.get_by_role("link", name="Ask somebody without an account"))
    look(student)
    student.get_by_label("Name of the person").fill("Owen Relief")
    student.get_by_label("Their work email address").fill("owen@elsewhere.example")
    student.get_by_label(re.compile("20:00 to 07:30 next day")).check()
    follow(student.get_by_role("button", name="Send the link"))
    expect(student.get_by_role("alert")).to_contain_text("it ends in @example.nhs.uk")
    look(student)
    student.get_by_label("Their work email address").fill("owen@example.nhs.uk")
    follow(student.get_by_role("button", name="Send the link"))
    expect(student.get_by_text("A mail is on its way to owen@example.nhs.uk.")).to_be_visible()
    look(student)

    # and that person opens the link, types a wrong code and then the right one, and confirms
    asked = delivered(outbox, "owen@example.nhs.uk", "Hours to confirm for the School of Oncology")
    mentor.goto(path_in(asked))
    look(mentor)
    follow(mentor.get_by_role("button", name="Send me the code"))
    expect(mentor.get_by_text("A code is on its way.")).to_be_visible()
    look(mentor)
    code = six_digits(
        delivered(outbox, "owen@example.nhs.uk", "Your code for the School of Oncology")
    )
    mentor.get_by_label("Six-digit code").fill(f"{(int(code) + 1) % 1_000_000:06d}")
    follow(mentor.get_by_role("button", name="Open the hours"))
    expect(mentor.get_by_role("alert")).to_contain_text("That code is not right. 4 tries left.")
    look(mentor)
    mentor.get_by_label("Six-digit code").fill(code)
    follow(mentor.get_by_role("button", name="Open the hours"))
    expect(mentor.get_by_role("heading", level=1)).to_have_text("1 shift waits for you")
    look(mentor)
    mentor.get_by_role("checkbox", name=re.compile("20:00 to 07:30 next day")).check()
    follow(mentor.get_by_role("button", name="Confirm 1 shift"))
    expect(mentor.get_by_role("heading", level=1)).to_have_text("1 shift confirmed.")
    look(mentor)

    # then each shift stands decided by name, with how each proved who they are
    coordinator_sees(coordinator, confirmed="18", awaiting="0")
    decisions = ShiftDecision.objects.order_by("shift__start")
    assert list(decisions.values_list("person__name", "outcome", "proof")) == [
        ("Dilys Sampleby", "confirmed", "password"),
        ("Owen Relief", "confirmed", "link_and_code"),
        ("Dilys Sampleby", "queried", "password"),
    ]

    # when the student opens the query from the mail and answers it, first with nothing
    queried = delivered(outbox, account_of(amara), "A question about your hours")
    assert f"The reason: {QUERY}" in queried
    student.goto(path_in(queried))
    look(student)
    follow(student.get_by_role("link", name="Reply without changing it"))
    look(student)
    follow(student.get_by_role("button", name="Send the reply"))
    expect(student.get_by_role("alert")).to_contain_text("Enter your reply")
    look(student)
    student.get_by_label("Your reply").fill(REPLY)
    follow(student.get_by_role("button", name="Send the reply"))
    expect(student.get_by_text("You answered")).to_be_visible()
    look(student)

    # then it waits again with the answer beside it, and the coordinator sees the totals to the digit
    educator.goto("/inbox/")
    expect(educator.get_by_role("heading", level=1)).to_have_text("1 shift waits for you")
    expect(educator.get_by_text(f"The answer: “{REPLY}”")).to_be_visible()
    look(educator)
    coordinator_sees(coordinator, confirmed="18", awaiting="7.5")
    look(coordinator)
    follow(coordinator.get_by_role("link", name="Amara Exampleton").last)
    look(coordinator)
    follow(coordinator.get_by_role("link", name="Placement record"))
    expect(coordinator.get_by_role("heading", name="Year 3: 18 hours count")).to_be_visible()
    assert hours_shown(coordinator) == [
        ["Confirmed", "18 h"],
        ["Awaiting", "7.5 h"],
        ["To go", "190.5 h"],
    ]
    look(coordinator)
    follow(coordinator.get_by_role("link", name="Every shift and decision"))
    expect(coordinator.get_by_text("1 earlier version", exact=True)).to_be_visible()
    look(coordinator)
    states = CurrentShift.objects.order_by("start").values_list("state", "minutes")
    assert list(states) == [("confirmed", 450), ("confirmed", 630), ("awaiting", 450)]
