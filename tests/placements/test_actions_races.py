"""Many requests at once through the real server: one act, one answer, and nobody is told two things."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import uuid4

import pytest
from django.test import Client

from placements.actions import placing
from placements.models import CurrentShift, Shift, ShiftDecision
from school.core import clock
from school.people.models import Person
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.engine

TIMES = 10


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Browser:
    """A signed-in browser that speaks to the real server."""

    def __init__(self, address: str, person: Person) -> None:
        client = Client()
        client.force_login(person.user)  # type: ignore[arg-type]
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(person.user.pk)  # type: ignore[union-attr]
        session.save()
        self.address = address
        self._key = client.cookies["sessionid"].value
        self._csrf = "c" * 32

    def get(self, path: str) -> str:
        """A page."""
        return self._open(Request(self.address + path))[1]

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, str]:
        """The status and the page; every call is a connection of its own."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self._csrf}, doseq=True).encode()
        return self._open(Request(self.address + path, data=body))

    def _open(self, request: Request) -> tuple[int, str]:
        request.add_header("Cookie", f"sessionid={self._key}; csrftoken={self._csrf}")
        try:
            with build_opener(_Stay).open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as answer:
            return answer.code, answer.read().decode()


def confirming(browser: Browser, shift: Shift) -> Callable[[], tuple[int, str]]:
    """The act of confirming one shift, ready to be let go."""
    fields = {"batch": str(uuid4()), "line": str(shift.entry.uuid)}
    return partial(browser.post, "/inbox/", fields)


def test_ten_times_the_same_confirmation_is_one_decision(
    transactional_db: None, real_server: str
) -> None:
    educator = factories.make_educator()
    placement = factories.make_placement(educator=educator)
    shift = factories.make_shift(placement, clock.today() - timedelta(days=1))
    browser = Browser(real_server, educator)
    answers = at_once([confirming(browser, shift)] * TIMES)
    assert [status for status, _ in answers] == [302] * TIMES
    assert list(ShiftDecision.objects.values_list("outcome", flat=True)) == ["confirmed"]


def test_two_people_deciding_at_the_same_instant_leave_one_decision_and_one_message(
    transactional_db: None, real_server: str
) -> None:
    first, second = factories.make_educator(), factories.make_educator("Edwin Other")
    placement = factories.make_placement(educator=first)
    placing.supervise(
        by=first,
        placement=placement,
        person=second,
        capacity="supervisor",
        starts=placement.starts,
    )
    for round_ in range(1, 4):
        shift = factories.make_shift(placement, clock.today() - timedelta(days=round_))
        browsers = [Browser(real_server, person) for person in (first, second)]
        answers = at_once([confirming(browser, shift) for browser in browsers])
        assert sorted(status for status, _ in answers) == [302, 422]
        decision = ShiftDecision.objects.get(shift=shift)
        [message] = [page for status, page in answers if status == 422]
        assert (
            f"{decision.person.name} has decided about this shift meanwhile: confirmed." in message
        )


def test_ten_times_the_same_shift_is_one_shift(transactional_db: None, real_server: str) -> None:
    placement = factories.make_placement(educator=factories.make_educator())
    student = Browser(real_server, placement.enrolment.person)
    page = student.get("/shifts/log/")
    assert 'name="uuid"' in page
    day = clock.today() - timedelta(days=1)
    fields = {
        "uuid": str(uuid4()),
        "placement": str(placement.uuid),
        "day_type": "clinical",
        "day_day": str(day.day),
        "day_month": str(day.month),
        "day_year": str(day.year),
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
    }
    answers = at_once([partial(student.post, "/shifts/log/", fields)] * TIMES)
    assert [status for status, _ in answers] == [302] * TIMES
    assert (Shift.objects.count(), CurrentShift.objects.count()) == (1, 1)
