"""A student on a phone: three taps to a sent shift, a shift over midnight, a correction; and what is typed is not lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from placements.models import CurrentShift, Placement, Shift
from school.core import clock, days
from school.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


@pytest.fixture
def placement() -> Placement:
    placement = make.make_placement(educator=make.make_educator())
    make.plan_shift(placement, clock.today() - DAY)
    return placement


def sign_in(page: Page, live_server: LiveServer, person: Person) -> None:
    """Give the page a session of its own, as signing in would."""
    client = Client()
    client.force_login(person.user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
    )


@pytest.fixture
def amara(phone: Page, live_server: LiveServer, placement: Placement) -> Page:
    sign_in(phone, live_server, placement.enrolment.person)
    return phone


def test_three_taps_send_a_shift(
    amara: Page, placement: Placement, axe: Callable[[Page], None]
) -> None:
    yesterday = clock.today() - DAY
    amara.goto(reverse("home"))
    axe(amara)
    amara.get_by_role("link", name="Log this shift").tap()
    expect(amara.get_by_role("heading", name="Log several days")).to_be_visible()
    axe(amara)
    amara.get_by_role("button", name="Send the ticked days").tap()
    expect(amara.get_by_text("1 shift was sent to Dilys Sampleby.")).to_be_visible()
    axe(amara)
    [shift] = Shift.objects.all()
    assert (shift.start, shift.end) == make.span(yesterday, "08:00", "16:00")


def test_a_shift_over_midnight_is_counted_as_one_types_and_then_corrected(
    amara: Page, placement: Placement, axe: Callable[[Page], None]
) -> None:
    day = clock.today() - 2 * DAY
    amara.goto(f"{reverse('log_shift')}?day={day.isoformat()}")
    amara.get_by_label("Start", exact=True).fill("20:00")
    amara.get_by_label("End", exact=True).fill("07:30")
    amara.get_by_label("Break, minutes").fill("60")
    expect(amara.get_by_text("10 hours 30 minutes")).to_be_visible()
    expect(amara.get_by_text("counted: 20:00 to 07:30 next day less 60 minutes")).to_be_visible()
    axe(amara)
    amara.get_by_role("button", name="Send for confirmation").tap()
    amara.get_by_role("link", name="Correct the shift").tap()
    amara.get_by_label("End", exact=True).fill("7.00")
    amara.get_by_role("button", name="Send for confirmation").tap()
    expect(amara.get_by_role("heading", name="Corrected version")).to_be_visible()
    axe(amara)
    assert CurrentShift.objects.get().minutes == 600
    assert Shift.objects.latest("pk").device_time is not None


def test_what_was_typed_without_a_signal_waits_for_its_owner(
    amara: Page, placement: Placement, live_server: LiveServer
) -> None:
    amara.goto(reverse("log_shift"))
    amara.get_by_label("Start", exact=True).fill("06:15")
    amara.goto(reverse("home"))
    amara.context.clear_cookies()
    ben = make.make_placement(make.make_student("Ben Placeholder")).enrolment.person
    sign_in(amara, live_server, ben)
    amara.goto(reverse("log_shift"))
    expect(amara.get_by_text("It is still here")).to_have_count(0)
    amara.context.clear_cookies()
    sign_in(amara, live_server, placement.enrolment.person)
    amara.goto(reverse("log_shift"))
    amara.get_by_role("button", name="Bring it back").tap()
    expect(amara.get_by_label("Start", exact=True)).to_have_value("06:15")


def test_a_sent_shift_is_no_draft_any_more(amara: Page, placement: Placement) -> None:
    day = days.long_date(clock.today() - DAY)
    amara.goto(f"{reverse('log_shift')}?day={(clock.today() - DAY).isoformat()}")
    expect(amara.get_by_text(day).first).to_be_visible()
    amara.get_by_label("End", exact=True).fill("15:00")
    amara.get_by_role("button", name="Send for confirmation").tap()
    expect(amara.get_by_role("heading", name="What was sent and decided")).to_be_visible()
    amara.goto(reverse("log_shift"))
    expect(amara.get_by_text("It is still here")).to_have_count(0)


def test_a_refused_shift_comes_back_full_without_javascript(
    new_page: Callable[..., Page],
    live_server: LiveServer,
    placement: Placement,
    size: dict[str, int],
) -> None:
    yesterday = clock.today() - DAY
    make.make_shift(placement, yesterday)
    page = new_page(size, javascript=False)
    sign_in(page, live_server, placement.enrolment.person)
    page.goto(f"{reverse('log_shift')}?day={yesterday.isoformat()}")
    page.get_by_label("Start", exact=True).fill("15:00")
    page.get_by_label("End", exact=True).fill("19:00")
    page.get_by_role("button", name="Send for confirmation").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Start", exact=True)).to_have_value("15:00")
    assert page.title().startswith("Error: Log a shift")


def test_make_up_is_taken_off_the_rota(
    amara: Page, placement: Placement, axe: Callable[[Page], None]
) -> None:
    row = make.plan_shift(placement, clock.today() + 2 * DAY)
    row.makes_up = make.make_day_note(placement, clock.today())
    row.save()
    amara.goto(reverse("rota"))
    axe(amara)
    amara.get_by_role("button", name="Take it off").tap()
    expect(amara.get_by_text("is off the rota.")).to_be_visible()
    assert not placement.planned_shifts.exclude(makes_up=None).exists()
