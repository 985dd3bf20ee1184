"""The drafts of what the portal noticed, on their page."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.cpd.models import Activity, Noticed
from school.core import clock
from school.people.models import Person
from school.people.roles import SCHOOL_EDUCATOR
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of, words

pytestmark = pytest.mark.django_db


def noticed(person: Person, kind: str = "mentoring", **values: Any) -> Noticed:
    given = {"title": "Confirmed a shift of a year 3 student", "day": clock.today(), **values}
    return Noticed.objects.create(person=person, key=uuid4(), kind=kind, **given)


def named(line: Noticed) -> dict[str, str]:
    """How the draft of a line is asked for."""
    return {"kind": line.kind, "month": line.day.replace(day=1).isoformat()}


def hidden(page: Client) -> dict[str, Any]:
    """What the button of the first draft sends."""
    found = page.get("/cpd/drafts/").context["drafts"][0]
    draft = found["draft"]
    sent = {"uuid": str(found["uuid"]), "title": draft.title, "learning": draft.learning}
    days = {"starts_on": draft.first.isoformat(), "ends_on": draft.last.isoformat()}
    return {**sent, **days, "words_checked": "on", "key": draft.keys}


def test_draft_is_kept_by_one_press(alice: Person, page: Client) -> None:
    noticed(alice)
    noticed(alice)
    shown = words(page.get("/cpd/drafts/"))
    assert "Students supported, " in shown
    assert "about 30 minutes" in shown
    answer = page.post("/cpd/drafts/keep/", hidden(page), follow=True)
    assert "Kept in your record." in words(answer)
    made = Activity.objects.get()
    assert (made.learning, made.noticed.count()) == ("professional", 2)
    assert "No draft waits" in words(page.get("/cpd/drafts/"))


def test_buttons_of_the_page_send_what_is_kept(alice: Person, page: Client) -> None:
    noticed(alice, kind="course", title="PET physics", minutes=90)
    shown = words(page.get("/cpd/drafts/"))
    assert 'name="minutes" value="90 minutes"' in shown
    page.post("/cpd/drafts/keep/", {**hidden(page), "minutes": "90 minutes"})
    assert Activity.objects.get().minutes == 90


def test_draft_is_changed_and_written_about_before_it_is_kept(alice: Person, page: Client) -> None:
    line = noticed(alice)
    form = page.get("/cpd/drafts/keep/", named(line))
    assert "Confirmed a shift of a year 3 student" in words(form)
    sent = {**hidden(page), "title": "My student", "practice": "I explain more."}
    answer = page.post("/cpd/drafts/keep/", sent, follow=True)
    assert "I explain more." in words(answer)
    assert Activity.objects.get().title == "My student"


def test_refused_it_comes_back_with_its_keys(alice: Person, page: Client) -> None:
    line = noticed(alice)
    answer = page.post("/cpd/drafts/keep/", {**hidden(page), "title": ""})
    assert answer.status_code == 422
    assert f'name="key" value="{line.key}"' in words(answer)
    assert not Activity.objects.exists()


def test_kept_in_another_window_it_makes_no_second_activity(alice: Person, page: Client) -> None:
    line = noticed(alice)
    first, second = hidden(page), hidden(page)
    page.post("/cpd/drafts/keep/", first)
    answer = page.post("/cpd/drafts/keep/", second)
    assert answer.status_code == 409
    assert "kept, dismissed or undone meanwhile" in words(answer)
    assert page.post("/cpd/drafts/keep/", first).status_code == 302
    assert Activity.objects.count() == 1
    assert page.get("/cpd/drafts/keep/", named(line)).status_code == 302


def test_dismissed_it_is_below_and_is_offered_again(alice: Person, page: Client) -> None:
    line = noticed(alice)
    shown = words(page.post("/cpd/drafts/dismiss/", {"key": str(line.key)}, follow=True))
    assert "No draft waits" in shown
    assert "Offer again" in shown
    page.post("/cpd/drafts/offer-again/", {"key": str(line.key)})
    assert "about 15 minutes" in words(page.get("/cpd/drafts/"))


def test_others_see_nothing_of_it(alice: Person) -> None:
    line = noticed(alice)
    other = browser(with_account("Bob Brown", SCHOOL_EDUCATOR))
    assert "No draft waits" in words(other.get("/cpd/drafts/"))
    assert other.get("/cpd/drafts/keep/", named(line)).status_code == 302
    other.post("/cpd/drafts/dismiss/", {"key": str(line.key)})
    line.refresh_from_db()
    assert not line.dismissed


@pytest.mark.parametrize("key", ["", "nothing"])
def test_no_key_leads_nowhere(page: Client, key: str) -> None:
    data = {"key": key} if key else {}
    assert page.post("/cpd/drafts/keep/", data).status_code == 404
    assert page.post("/cpd/drafts/dismiss/", data).status_code == 404


@pytest.mark.parametrize(
    ("kind", "month"), [("mentoring", ""), ("mentoring", "2026-13-01"), ("gardening", "2026-11-01")]
)
def test_no_kind_or_month_leads_nowhere(page: Client, kind: str, month: str) -> None:
    address = "/cpd/drafts/keep/"
    assert page.get(address, {"kind": kind, "month": month}).status_code == 404


def test_a_month_of_two_hundred_is_opened_by_a_short_address(alice: Person, page: Client) -> None:
    lines = [noticed(alice) for _ in range(200)]
    noticed(alice, day=clock.today().replace(day=1) - timedelta(days=1))
    shown = page.get("/cpd/drafts/")
    form = words(shown).partition('<form method="get"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert sent == named(lines[0])
    opened = page.get("/cpd/drafts/keep/", sent)
    assert opened.context["keys"] == [str(one.key) for one in lines]


def test_a_year_of_drafts_takes_few_queries(alice: Person, page: Client) -> None:
    for month in range(1, 13):
        for kind in ("mentoring", "course", "assessing"):
            noticed(alice, kind, day=clock.today().replace(year=clock.today().year - 1, month=month, day=1))  # fmt: skip
    assert queries_of(page, "/cpd/drafts/") <= 12
    assert "6 more come" in words(page.get("/cpd/drafts/"))
