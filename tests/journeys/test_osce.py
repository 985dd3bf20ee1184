"""An exam from nothing to an answered appeal: built, gone round on tablets of which one has no signal, judged, released, read."""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from logbooks.osces.day.queries import Marked, announced_of, marked
from logbooks.osces.models import Candidate, Exam, MarkEvent, SheetClosed
from logbooks.osces.timetable.exam import Visit
from school.core import clock
from school.people.models import Person
from tests import factories as make
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_course_to_certificate import fill_day
from tests.journeys.test_marking import SAFE, TABLET, press
from tests.journeys.test_system import carry
from tests.logbooks.osces.stations.made import educator
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Year 3 OSCE"
ITEMS = ("Checks who the patient is", "Asks about diabetes", "Says what happens next")
COMMENT = "Kind, and too quiet."
APPEAL = "I did ask about diabetes."
ANSWER = "We read every mark; they stand."
# A mark as it is pressed: the candidate's number, the number of the place, the item or the grade, the mark.
Pressed = tuple[int, int, str, int | None]
Look = Callable[[Page, str], None]


@dataclass(frozen=True)
class Size:
    """How large an exam is; `rest` is whether its circuit ends with one."""

    stations: int
    candidates: int
    circuits: str
    rest: bool


SMALL = Size(stations=2, candidates=5, circuits="A", rest=True)
WHOLE = Size(stations=6, candidates=12, circuits="AB", rest=False)


@dataclass
class Round:
    """The day as it is lived: candidates with their places among all of them, each examiner's tablets, and what fingers pressed.

    The first station's examiner writes a comment on one of the candidates.
    """

    stations: dict[str, Marked]
    candidates: dict[str, tuple[int, Candidate]]
    commented: Candidate
    tablets: dict[str, list[Page]] = field(default_factory=dict)
    pressed: list[Pressed] = field(default_factory=list)


@pytest.fixture
def look(axe: Callable[[Page], None]) -> Look:
    """A page without a word from axe; kept as a picture where somebody asks for pictures."""

    def seen(page: Page, name: str) -> None:
        axe(page)
        if shots := os.environ.get("PORTAL_SHOTS"):
            page.screenshot(path=Path(shots) / f"osce-{name}.png", full_page=True)

    return seen


@pytest.mark.parametrize(
    "size",
    [pytest.param(SMALL, id="small"), pytest.param(WHOLE, id="whole", marks=pytest.mark.slow)],
)
def test_exam_is_built_held_judged_released_and_appealed_against(
    size: Size,
    new_page: Callable[..., Page],
    live_server: LiveServer,
    look: Look,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def opened(person: Person, screen: dict[str, int]) -> Page:
        page = new_page(screen)
        carry(browser(person), page, live_server)
        page.goto("/home/")
        return page

    day = clock.today() + timedelta(days=1)
    for number in range(1, size.candidates + 1):
        make.make_student(f"Student {number}")
    rings = {
        ring: [make.make_person(f"Examiner {ring}{n}") for n in range(1, size.stations + 1)]
        for ring in size.circuits
    }
    wanda, rita = opened(educator("Wanda Writer"), DESKTOP), opened(educator("Rita Reader"), DESKTOP)  # fmt: skip

    for number in range(1, size.stations + 1):
        write_station(wanda, f"Station {number}", look if number == 1 else None)
        publish_station(rita, f"Station {number}", look if number == 1 else None)
    design_exam(wanda, size, day, look)
    freeze_exam(rita, look)
    prepare_day(wanda, rings, look)

    exam = Exam.objects.get()
    said = announced_of(exam)
    assert said
    own = sorted(exam.candidates.all(), key=lambda one: one.number)
    live = Round(
        {one.name: one for one in marked(exam)},
        {str(one.uuid): (place, one) for place, one in enumerate(own)},
        commented=own[0],
    )
    examiners = [person for ring in rings.values() for person in ring]
    for person in examiners:
        live.tablets[str(person.uuid)] = [opened(person, TABLET)]
    # The first examiner has a second tablet; the last one's has no signal for two candidates.
    first, cut = live.tablets[str(examiners[0].uuid)], live.tablets[str(examiners[-1].uuid)][0]
    first.append(new_page(TABLET))
    first[1].context.add_cookies(first[0].context.cookies())  # type: ignore[arg-type]
    first[1].goto("/home/")
    for page in (tablet for tablets in live.tablets.values() for tablet in tablets):
        open_station(page, look if page == cut else None)

    follow(rita, "Candidates, sessions and timetable", "The floor")
    visits = [one for one in said.timetable.visits if one.station in live.stations]
    silent = [one.starts for one in said.examined_by(examiners[-1].uuid)][1:3]
    for starts in sorted({one.starts for one in visits}):
        monkeypatch.setattr(clock, "now", lambda at=starts: at + timedelta(minutes=1))
        cut.context.set_offline(silent[0] <= starts <= silent[-1])
        mark_slot(live, [(one, said.examiners_at(one)[0]) for one in visits if one.starts == starts], cut)  # fmt: skip
        if starts == silent[-1]:
            expect(statuses(cut, "waits to close")).to_have_count(2)
            assert SheetClosed.objects.filter(sheet__examiner=examiners[-1]).count() == 1
            rita.reload()
            expect(rita.locator("[data-floor]")).to_contain_text("not heard for")
            look(rita, "floor")
    cut.context.set_offline(False)
    expect(statuses(cut, "waits to close")).to_have_count(0)
    monkeypatch.setattr(clock, "now", lambda: max(one.ends for one in visits) + timedelta(hours=1))
    look(cut, "all-closed")
    nothing_is_lost_or_doubled(live, len(visits))

    set_standard(wanda, look)
    release(rita, look)
    person = own[0].enrolment.person
    student = opened(person, PHONE)
    read_and_appeal(student, look)
    answer(rita, person.name, own[0], look)
    student.reload()
    expect(student.get_by_text("Your appeal was not upheld.")).to_be_visible()
    expect(student.get_by_text(ANSWER)).to_be_visible()
    look(student, "answered")


def follow(page: Page, *links: str) -> None:
    """Clicks links, one after another."""
    for words in links:
        page.get_by_role("link", name=words, exact=True).first.click()


def press_button(page: Page, words: str) -> None:
    """Clicks a button and sees that nothing was refused."""
    page.get_by_role("button", name=words, exact=True).first.click()
    expect(page.locator(".nhsuk-error-summary")).to_have_count(0)


def write_station(page: Page, title: str, look: Look | None) -> None:
    """Writes a station, one item in its row and the others pasted, and gives it to a second reader."""
    page.goto("/home/")
    follow(page, "OSCE stations", "Write a station")
    page.get_by_label("Title").fill(title)
    page.get_by_label("What the candidate reads").fill("Prepare the patient for the scan.")
    page.get_by_label("What the examiner reads").fill("Look for three identifiers.")
    row = page.get_by_role("group", name="New item").first
    row.get_by_label("Item", exact=True).fill(ITEMS[0])
    row.get_by_text("Competencies, domain, critical").click()
    row.get_by_label("Domain of the feedback").fill("Safety")
    row.get_by_label("Critical").check()
    page.get_by_label("Paste more items").fill("\n".join(ITEMS[1:]))
    if look:
        look(page, "station-form")
    press_button(page, "Save the draft")
    if look:
        look(page, "station")
    press_button(page, "Give it to a second reader")


def publish_station(page: Page, title: str, look: Look | None) -> None:
    """A second person reads a station and publishes it."""
    page.goto("/home/")
    follow(page, "OSCE stations", title)
    if look:
        look(page, "station-read")
    press_button(page, "Publish this version")


def design_exam(page: Page, size: Size, day: date, look: Look) -> None:
    """Puts the stations into a circuit and gives the exam to a second reader."""
    page.goto("/home/")
    follow(page, "OSCE exams", "Design an exam")
    page.get_by_label("Title").fill(TITLE)
    fill_day(page, "Day of the exam", day)
    page.get_by_label("Minutes to change over").fill("1")
    rows = page.get_by_role("group", name="New place")
    for number in range(size.stations):
        name = f"Station {number + 1}, version 1, 8 minutes"
        rows.nth(number).get_by_label("What is here").select_option(label=name)
    if size.rest:
        rows.nth(size.stations).get_by_label("What is here").select_option(label="Rest")
        rows.nth(size.stations).get_by_label("Minutes of a preparation or a rest").fill("5")
    look(page, "exam-form")
    press_button(page, "Save the draft")
    press_button(page, "Give it to a second reader")
    look(page, "exam")


def freeze_exam(page: Page, look: Look) -> None:
    """A second person reads the exam and freezes it."""
    page.goto("/home/")
    follow(page, "OSCE exams", TITLE)
    look(page, "exam-read")
    press_button(page, "Freeze this exam")
    look(page, "exam-frozen")


def prepare_day(page: Page, rings: Mapping[str, Sequence[Person]], look: Look) -> None:
    """Adds a cohort and a session with its circuits, and announces the timetable."""
    page.reload()
    follow(page, "Candidates, sessions and timetable", "Candidates and their needs")
    page.get_by_label("Cohort", exact=True).select_option(index=1)
    press_button(page, "Add its students")
    look(page, "candidates")
    follow(page, "The day", "Add a session")
    page.get_by_label("Name", exact=True).first.fill("Morning")
    page.get_by_label("Where it is held").fill("Elm Hospital, skills rooms")
    page.get_by_label("Starts at").fill("9:00")
    page.get_by_label("Over by").fill("12:00")
    for ring, people in rings.items():
        row = page.get_by_role("group", name="New circuit")
        row.get_by_label("Name").fill(ring)
        for number, person in enumerate(people, start=1):
            row.get_by_label(f"Examiner at S{number} Station {number}").fill(person.name)
        press_button(page, "Save, and add a circuit")
    look(page, "session")
    follow(page, "The day")
    look(page, "day")
    press_button(page, "Work out the timetable and announce it")
    look(page, "timetable")


def open_station(page: Page, look: Look | None) -> None:
    """From an examiner's first page to their station."""
    follow(page, "Your stations")
    if look:
        look(page, "stations-of-mine")
    page.get_by_role("rowheader").get_by_role("link").click()
    page.wait_for_selector("[data-marking][data-ready]")
    if look:
        look(page, "sheet")


def statuses(page: Page, words: str) -> Locator:
    """The candidates of a station of whom the list says so."""
    return page.locator("[data-candidates] li", has_text=words)


def mark_slot(live: Round, slot: Sequence[tuple[Visit, str]], cut: Page) -> None:
    """Everybody marks whoever is at their station and closes the sheet; then all of them look whether it is closed."""
    used = [(visit, mark_sheet(live, visit, live.tablets[key])) for visit, key in slot]
    for visit, page in used:
        offline = page == cut and page.evaluate("!navigator.onLine")
        words = "waits to close" if offline else "closed"
        expect(one_of(page, visit)).to_contain_text(words)


def one_of(page: Page, visit: Visit) -> Locator:
    """A candidate in the list of a station."""
    return page.locator(f'[data-candidate="{visit.candidate}"]')


def mark_sheet(live: Round, visit: Visit, tablets: Sequence[Page]) -> Page:
    """Presses every mark of a sheet and closes it on the last of its tablets; the first item is thought over, on the first of them."""
    station, (place, candidate) = live.stations[visit.station], live.candidates[visit.candidate]
    page, last = tablets[0], tablets[-1]
    one_of(page, visit).get_by_role("link").click()

    def mark(part: str, value: int | None) -> None:
        press(page, part, "n" if value is None else str(value))
        live.pressed.append((candidate.number, station.place.number, part, value))

    first, *others = (str(one.key) for one in station.document.items)
    step = place + station.order
    mark(first, (step + 1) % 3)
    mark(first, step % 3)
    if last != page:
        expect(page.locator("[data-sync]")).to_have_text(SAFE)
        one_of(last, visit).get_by_role("link").click()
        expect(last.locator(f"#m-{first}-{step % 3}")).to_be_checked()
    page = last
    for number, part in enumerate(others):
        mark(part, None if (step + number) % 5 == 0 else (step + number) % 3)
    mark("grade", 1 + step % 5)
    if candidate == live.commented and station.order == 1:
        page.get_by_label("Comment").fill(COMMENT)
        live.pressed.append((candidate.number, station.place.number, "comment", None))
    page.get_by_role("button", name="Close this sheet").click()
    return page


def nothing_is_lost_or_doubled(live: Round, sheets: int) -> None:
    """Every press is an event once, and each sheet is closed once with what was pressed last."""
    events = MarkEvent.objects.select_related("sheet__candidate", "sheet__place")
    kept = [(one.sheet.candidate.number, one.sheet.place.number, one.part, one.value) for one in events]  # fmt: skip
    assert Counter(kept) == Counter(live.pressed)
    last = {(number, place, part): value for number, place, part, value in live.pressed}
    expected: Counter[tuple[int, int]] = Counter()
    for (number, place, part), value in last.items():
        expected[number, place] += 0 if part == "grade" else value or 0
    rows = SheetClosed.objects.select_related("sheet__candidate", "sheet__place")
    closed = {
        (one.sheet.candidate.number, one.sheet.place.number): (one.total, one.grade) for one in rows
    }
    assert len(closed) == len(rows) == sheets
    assert closed == {
        (number, place): (total, last[number, place, "grade"])
        for (number, place), total in expected.items()
    }


def set_standard(page: Page, look: Look) -> None:
    """The board explains what is amiss, sees what its standard comes to, and records it."""
    page.goto("/home/")
    follow(page, "OSCE exams", TITLE, "Marks, quality and cuts")
    look(page, "marks")
    page.go_back()
    follow(page, "What is amiss with the data")
    look(page, "quality")
    page.go_back()
    follow(page, "The standard")
    page.get_by_label("Cuts of the stations").select_option(label="Per cent of the maximum")
    page.get_by_label("Per cent, if chosen above").fill("50")
    for box in page.locator("textarea[name^=explain-]").all():
        box.fill("We looked, and it stands.")
    page.get_by_label("Who was there").fill("Bella Board\nBoris Board")
    page.get_by_label("Reasons").fill("Too few candidates for a regression.")
    page.get_by_label("Candidates may see how all others did").check()
    look(page, "standard-form")
    press_button(page, "Show what it comes to")
    look(page, "standard-shown")
    press_button(page, "Record the board’s decision")
    look(page, "standard")


def release(page: Page, look: Look) -> None:
    """Somebody who did not record the standard releases the results."""
    page.goto("/home/")
    follow(page, "OSCE exams", TITLE, "Results and their release")
    look(page, "results")
    press_button(page, "Release the results")
    expect(page.get_by_text("The results are released, and every candidate is told.")).to_be_visible()  # fmt: skip
    look(page, "released")


def read_and_appeal(page: Page, look: Look) -> None:
    """A student reads their result with what the examiner wrote, and appeals."""
    panel = page.get_by_role("region", name="Your OSCE result is there")
    panel.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text(COMMENT)).to_be_visible()
    expect(page.get_by_text("Middle half of the cohort").first).to_be_visible()
    look(page, "result")
    follow(page, "appeal against this result")
    page.get_by_label("What should be looked at again, and why").fill(APPEAL)
    look(page, "appeal")
    press_button(page, "Send the appeal")
    expect(page.get_by_text("It waits for an answer.")).to_be_visible()
    look(page, "appealed")


def answer(page: Page, name: str, candidate: Candidate, look: Look) -> None:
    """Whoever did not record the standard reads how each mark came about, and answers."""
    page.goto("/home/")
    follow(page, "1 waits for an answer")
    look(page, "appeals")
    follow(page, f"{name}, {TITLE}")
    expect(page.get_by_text(APPEAL)).to_be_visible()
    for sheet in candidate.sheets.all():
        steps = page.get_by_role("table", name=f"S{sheet.place.number} Station")
        # The head, every press, and the closing.
        expect(steps.get_by_role("row")).to_have_count(sheet.events.count() + 2)
    look(page, "trail")
    page.get_by_role("radio", name="No", exact=True).check()
    page.get_by_label("Your answer").fill(ANSWER)
    press_button(page, "Answer the appeal")
    look(page, "trail-answered")
