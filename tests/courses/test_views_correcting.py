"""One person's attendance as an educator sees it, corrects it and excuses it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from school.courses.models import Attendance
from tests.courses import day
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db]


def test_persons_code_leads_to_a_button_for_every_session_of_today() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    morning, afternoon = day.sessions(event)
    address = reverse("booking_attendance", args=[alice.uuid])
    with day.at("09:05"):
        client = browser(teacher)
        page = client.get(address)
        assert f'value="{morning.uuid}">They are here' in page.text
        assert f'value="{afternoon.uuid}">They are here' not in page.text
        data = {"batch": str(uuid4()), "session": str(morning.uuid)}
        for _ in range(2):
            page = client.post(address, data, follow=True)
        assert "Alice Amber is on the register: Morning, Thu 19 Nov, 09:00 to 12:00." in page.text
        assert client.post(address, {}).status_code == 422
    assert Attendance.objects.get().way == Attendance.Way.PERSON


def test_correction_and_excuse_ask_for_a_reason_and_keep_what_was_typed() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    correct = reverse("correct_attendance", args=[alice.uuid])
    excuse = reverse("excuse_booking", args=[alice.uuid])
    data = {"uuid": str(uuid4()), "session": str(morning.uuid), "present": "yes", "reason": ""}
    day.close(teacher, event)
    with day.at("10:00", days=1):
        client = browser(teacher)
        page = client.post(correct, data)
        assert (page.status_code, "Enter the reason" in page.text) == (422, True)
        page = client.post(correct, data | {"present": "no", "reason": "x"})
        assert "Nobody said that they were there" in page.text
        page = client.post(correct, data | {"reason": "She was there, NHS 943 476 5919"})
        assert "This holds an NHS number" in page.text
        page = client.post(correct, data | {"reason": "On the paper list."}, follow=True)
        assert "The register of Alice Amber is corrected." in page.text
        assert client.post(excuse, {"reason": ""}).status_code == 422
        assert "is excused" in client.post(excuse, {"reason": "Ill."}, follow=True).text
        back = client.post(excuse, {"reason": "Mistaken.", "back": "1"}, follow=True)
        assert "is no longer excused" in back.text
    states = list(alice.steps.order_by("entry__pk").values_list("state", flat=True))
    assert states == ["booked", "absent", "partly", "excused", "partly"]
