"""Marking an OSCE on tablets whose network is cut: nothing is lost, nothing is doubled, nothing is called saved that is not."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.osces.models import MarkEvent, MarkSheet, SheetClosed
from school.people.models import Person
from tests.logbooks.osces.day.made import Day, day
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db(transaction=True)

TABLET = {"width": 1024, "height": 768}
# A device that takes its time to read what it keeps.
SLOW = """() => {
  const getAll = IDBObjectStore.prototype.getAll;
  IDBObjectStore.prototype.getAll = function () {
    const asked = getAll.call(this);
    const later = { get result() { return asked.result; } };
    asked.onsuccess = () => setTimeout(() => later.onsuccess(), 1000);
    return later;
  };
}"""
# A device that has read what it keeps, or writes to it, and does not say so until it is told to.
HELD = """() => {
  const { getAll } = IDBObjectStore.prototype;
  const { transaction } = IDBDatabase.prototype;
  window.device = { read: [], writing: true };
  IDBObjectStore.prototype.getAll = function () {
    if (this.name !== "closings" || !window.device.read) return getAll.call(this);
    const asked = getAll.call(this);
    const later = { get result() { return asked.result; } };
    asked.onsuccess = () => window.device.read.push(() => later.onsuccess());
    return later;
  };
  IDBDatabase.prototype.transaction = function (names, mode, ...more) {
    const all = transaction.call(this, names, mode, ...more);
    const wait = () => window.device.writing && (all.objectStore("meta").get("device").onsuccess = wait);
    if (mode === "readwrite") wait();
    return all;
  };
}"""
# Every event that the device keeps.
STORED = """() => new Promise((done) => {
  indexedDB.open("soo-osce-marks", 1).onsuccess = ({ target: { result } }) => {
    result.transaction("events").objectStore("events").getAll().onsuccess = ({ target }) => done(target.result);
  };
})"""
SAFE = "All your marks are safe on the server."
FIRST, SECOND, THIRD = (str(UUID(int=n)) for n in (1, 2, 3))


@pytest.fixture
def made() -> Day:
    return day(stations=2, candidates=2)


@pytest.fixture
def tablet(new_page: Callable[..., Page], live_server: LiveServer) -> Callable[..., Page]:
    """A tablet of an examiner, at their station; two of one examiner have one session and two stores."""
    keys: dict[int, str] = {}

    def opened(made: Day, person: Person, place: int, **more: Any) -> Page:
        if person.pk not in keys:
            keys[person.pk] = browser(person).cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": keys[person.pk], "url": live_server.url}  # fmt: skip
        page = new_page(TABLET, **more)
        page.context.add_cookies([cookie])
        page.goto(f"/osces/marking/{made.exam.uuid}/{place}/")
        page.wait_for_selector("[data-marking][data-ready]")
        return page

    return opened


def press(page: Page, part: str, value: str) -> None:
    """Presses a mark, as a finger does."""
    page.locator(f"#m-{part}-{value}").click()


def mark_all(page: Page, first: str = "2", grade: str = "3") -> None:
    """Every item of the small station and the overall judgement."""
    press(page, FIRST, first)
    press(page, SECOND, "n")
    press(page, THIRD, "1")
    press(page, "grade", grade)


def look(page: Page, axe: Callable[[Page], None], name: str) -> None:
    """Examines the page as it stands, and keeps a picture where that is asked for."""
    axe(page)
    if shots := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=Path(shots) / f"{name}.png", full_page=True)


def test_tablet_without_a_signal_loses_nothing(
    made: Day, tablet: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    examiner = made.examiners[0][0]
    page = tablet(made, examiner, 1)
    sync = page.locator("[data-sync]")
    press(page, FIRST, "1")
    expect(sync).to_have_text(SAFE)
    look(page, axe, "marking-safe")
    page.context.set_offline(True)
    press(page, FIRST, "2")
    press(page, SECOND, "n")
    expect(sync).to_contain_text("2 marks are on this device only. There is no signal, since")
    look(page, axe, "marking-cut")
    assert MarkEvent.objects.count() == 1
    press(page, THIRD, "1")
    press(page, "grade", "3")
    page.get_by_role("button", name="Close this sheet").click()
    expect(page.locator("[data-candidates] li", has_text="waits to close")).to_have_count(1)
    expect(page.locator("h1")).to_be_focused()
    mark_all(page, first="0", grade="1")
    page.get_by_label("Comment").fill("Slow but kind.")
    page.get_by_role("button", name="Close this sheet").click()
    expect(page.locator("[data-candidates] li", has_text="waits to close")).to_have_count(2)
    assert not SheetClosed.objects.exists()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save all marks on this device as a file").click()
    assert Path(saved.value.path()).read_text(encoding="utf-8-sig").count('"no"') == 9
    page.context.set_offline(False)
    expect(page.locator("[data-candidates] li", has_text="closed")).to_have_count(2)
    expect(sync).to_contain_text("This sheet was closed at")
    look(page, axe, "marking-closed")
    closed = {row.sheet.candidate.number: row for row in SheetClosed.objects.all()}
    assert sorted((row.total, row.grade) for row in closed.values()) == [(1, 1), (3, 3)]
    assert all(json.loads(row.marks)[SECOND] is None for row in closed.values())
    assert MarkEvent.objects.count() == 10
    page.reload()
    expect(page.locator("[data-candidates] li", has_text="closed")).to_have_count(2)


def test_answers_that_are_no_answer_are_not_called_saved(
    made: Day, tablet: Callable[..., Page]
) -> None:
    page = tablet(made, made.examiners[0][0], 1)
    sync = page.locator("[data-sync]")
    for number, (status, body) in enumerate(((403, "no"), (500, "no"), (200, "<html>"), (200, "{}")), start=1):  # fmt: skip
        page.route("**/marks/", partial(answered, status, body))
        press(page, FIRST, str(number % 3))
        expect(sync).to_contain_text(f"{number} mark")
        expect(sync).to_contain_text("on this device only")
        page.wait_for_timeout(200)
        expect(sync).to_contain_text("on this device only")
        page.unroute("**/marks/")
    assert not MarkEvent.objects.exists()
    page.close()
    # The page is gone, and what it kept is not: the next one sends it.
    again = tablet_again(page, made)
    expect(again.locator("[data-sync]")).to_have_text(SAFE)
    assert MarkEvent.objects.count() == 4


def answered(status: int, body: str, route: Route) -> None:
    """Answers as a server that has a fault, or as something between that is none."""
    route.fulfill(status=status, body=body)


def tablet_again(page: Page, made: Day) -> Page:
    """The same station on the same device, in a new window."""
    again = page.context.new_page()
    again.goto(f"/osces/marking/{made.exam.uuid}/1/")
    again.wait_for_selector("[data-marking][data-ready]")
    return again


def test_two_tablets_of_one_examiner_disagree_and_a_person_decides(
    made: Day, tablet: Callable[..., Page]
) -> None:
    examiner = made.examiners[0][0]
    one, two = tablet(made, examiner, 1), tablet(made, examiner, 1)
    two.context.set_offline(True)
    press(one, FIRST, "2")
    expect(one.locator("[data-sync]")).to_have_text(SAFE)
    press(two, FIRST, "0")
    two.context.set_offline(False)
    expect(two.locator(f"#part-{FIRST}")).to_contain_text("Two devices or windows disagree")
    press(two, FIRST, "1")
    expect(two.locator("[data-sync]")).to_have_text(SAFE)
    expect(two.locator(f"#part-{FIRST} [data-here]")).to_have_text("")
    assert MarkSheet.objects.count() == 1
    assert sorted(fact.value for fact in MarkEvent.objects.all()) == [0, 1, 2]


def test_mark_pressed_again_on_a_slow_tablet_is_no_conflict(
    made: Day, tablet: Callable[..., Page]
) -> None:
    page = tablet(made, made.examiners[0][0], 1)
    page.evaluate(SLOW)
    with page.expect_response(
        lambda answer: "/marks/" in answer.url and answer.request.post_data_json["events"]
    ):
        press(page, FIRST, "1")
    page.wait_for_timeout(200)
    assert page.locator(f"#m-{FIRST}-1").is_checked()
    press(page, FIRST, "2")
    expect(page.locator("[data-sync]")).to_have_text(SAFE)
    expect(page.locator(f"#part-{FIRST} [data-here]")).to_have_text("")
    one, two = MarkEvent.objects.order_by("number")
    assert two.seen.split() == [str(one.entry.uuid)]


def test_mark_goes_nowhere_before_the_device_keeps_it(
    made: Day, tablet: Callable[..., Page]
) -> None:
    page = tablet(made, made.examiners[0][0], 1)
    page.wait_for_load_state("networkidle")
    page.evaluate(HELD)
    sent: list[str] = []
    page.on("request", lambda one: sent.extend(marks_in(one)))
    # Pressed when a round has read all that waits, and is about to send it.
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("window.device.read.length")
    press(page, FIRST, "1")
    with page.expect_response("**/marks/"):
        page.evaluate(
            "() => { const { read } = window.device; window.device.read = null; read.forEach((go) => go()); }"
        )
    assert sent == []
    page.evaluate("() => { window.device.writing = false; }")
    expect(page.locator("[data-sync]")).to_have_text(SAFE)
    assert sent == [FIRST]
    assert MarkEvent.objects.count() == 1


def marks_in(request: Request) -> list[str]:
    """The parts of the marks that a request sends."""
    if "/marks/" not in request.url:
        return []
    return [one["part"] for one in request.post_data_json["events"]]


def test_refused_mark_stays_in_sight_and_keeps_its_sheet_open(
    made: Day, tablet: Callable[..., Page]
) -> None:
    page = tablet(made, made.examiners[0][0], 1)
    closings: list[Any] = []
    page.on("request", lambda one: "/marks/" in one.url and closings.extend(one.post_data_json["closing"]))  # fmt: skip
    mark_all(page, first="1")
    expect(page.locator("[data-sync]")).to_have_text(SAFE)
    page.route("**/marks/", damaged)
    press(page, FIRST, "2")
    expect(page.locator("[data-sync]")).to_contain_text("The server refuses 1 mark")
    expect(page.locator("[data-sync]")).to_contain_text("They are kept here")
    page.get_by_role("button", name="Close this sheet").click()
    expect(page.locator("[data-candidates] li", has_text="waits to close")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    assert closings == []
    assert not SheetClosed.objects.exists()
    page.close()
    # The next page tries it again.
    again = tablet_again(page, made)
    expect(again.locator("[data-candidates] li", has_text="closed")).to_have_count(1)
    assert json.loads(SheetClosed.objects.get().marks)[FIRST] == 2


@pytest.mark.parametrize("better", ["Said the number aloud.", ""])
def test_comment_that_is_put_right_no_longer_keeps_its_sheet_open(
    made: Day, tablet: Callable[..., Page], better: str
) -> None:
    page = tablet(made, made.examiners[0][0], 1)
    sync, comment = page.locator("[data-sync]"), page.get_by_label("Comment")
    for wrong in ("Said 943 476 5919 aloud.", "Said 943 476 5919 aloud, and kindly."):
        comment.fill(wrong)
        comment.blur()
        expect(sync).to_contain_text("The server refuses your comment on candidate")
        expect(comment).to_have_value(wrong)
    comment.fill(better)
    comment.blur()
    expect(sync).to_have_text(SAFE)
    mark_all(page)
    page.get_by_role("button", name="Close this sheet").click()
    expect(page.locator("[data-candidates] li", has_text="closed")).to_have_count(1)
    said = MarkEvent.objects.filter(part="comment").exclude(said=MarkEvent.Said.CLEARED)
    assert said.count() == (1 if better else 0)
    assert "476 5919" not in json.dumps(page.evaluate(STORED))


def damaged(route: Route) -> None:
    """Sends marks on as no item has them."""
    data = route.request.post_data_json
    route.continue_(post_data=json.dumps({**data, "events": [{**one, "value": 9} for one in data["events"]]}))  # fmt: skip


def test_somebody_else_who_signs_in_takes_over_no_marks(
    made: Day, tablet: Callable[..., Page], live_server: LiveServer
) -> None:
    examiner, other = made.examiners[0]
    page = tablet(made, examiner, 1)

    own = page.context.cookies()
    key = browser(other).cookies[settings.SESSION_COOKIE_NAME].value
    cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
    page.context.add_cookies([cookie])
    press(page, FIRST, "2")
    sync = page.locator("[data-sync]")
    expect(sync).to_contain_text("1 mark is on this device only. Somebody else is signed in here")
    assert not MarkEvent.objects.exists()
    page.context.clear_cookies()
    page.context.add_cookies(own)  # type: ignore[arg-type]
    press(page, SECOND, "1")
    expect(sync).to_have_text("All your marks are safe on the server.")
    assert {fact.entry.actor for fact in MarkEvent.objects.all()} == {examiner.uuid}


def test_two_windows_of_one_tablet_do_not_disagree(made: Day, tablet: Callable[..., Page]) -> None:
    one = tablet(made, made.examiners[0][0], 1)
    two = tablet_again(one, made)
    press(one, FIRST, "2")
    press(two, SECOND, "1")
    for page, part in ((two, THIRD), (one, "grade")):
        press(page, part, "1")
        expect(page.locator("[data-sync]")).to_have_text("All your marks are safe on the server.")
    expect(one.locator(f"#m-{SECOND}-1")).to_be_checked()
    expect(one.locator(f"#m-{THIRD}-1")).to_be_checked()
    expect(one.locator(f"#m-{FIRST}-2")).to_be_checked()
    assert MarkEvent.objects.count() == 4


@pytest.mark.parametrize("width", [390, 1024])
def test_nothing_moves_when_a_mark_is_pressed(
    made: Day, tablet: Callable[..., Page], width: int
) -> None:
    page = tablet(made, made.examiners[0][0], 1)
    page.set_viewport_size({"width": width, "height": 844})

    def places() -> list[float]:
        down = "one => one.getBoundingClientRect().top + scrollY"
        targets = (f"#m-{SECOND}-n", f"#m-{THIRD}-1", "#m-grade-3", "#comment", "[name=close]")
        return [page.locator(target).evaluate(down) for target in targets]

    before = places()
    press(page, FIRST, "2")
    press(page, "grade", "3")
    expect(page.locator("[data-sync]")).to_have_text(SAFE)
    assert places() == before
    page.context.set_offline(True)
    press(page, SECOND, "n")
    press(page, "grade", "2")
    expect(page.locator("[data-sync]")).to_contain_text("on this device only")
    assert places() == before
