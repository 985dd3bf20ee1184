"""The pages and acts that have a bar: who asks, what is written beforehand, and how often the bare page they may cost."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from school.core import days
from tests.benchmarks.servers import Answer, Server, form_of

# Within the four weeks that the population has worked on weekdays only, so this Sunday is free.
TODAY = days.london_day(datetime.now(UTC))
SUNDAY = TODAY - timedelta(days=TODAY.weekday() + 1)

Act = Callable[[Server, dict[str, str], Any], Answer]


@dataclass(frozen=True)
class Person:
    """Somebody to measure with: the session of who asks, and a student whose writing changes what they see.

    `record` is the address of that student's whole record.
    """

    session: str
    student: str
    record: str


@dataclass(frozen=True)
class Learner:
    """A turn at what the School teaches: who asks, or nobody known, who books or ticks beforehand, and where."""

    session: str
    writer: str
    # A course's page, the address at which its next date is booked, and what ticks somebody on the register.
    course: str
    date: str
    mark: str


@dataclass(frozen=True)
class Log:
    """A turn at a log book: who asks, the student who writes beforehand, and the page of what is asked or signed."""

    session: str
    writer: str
    asks: str
    signs: str


@dataclass(frozen=True)
class Marking:
    """A turn at an OSCE: who asks for which page, and the tablet that marks beforehand: its examiner's session and UUID, its door, the sheet and the item."""

    session: str
    page: str
    writer: str
    door: str
    owner: str
    device: str
    candidate: str
    item: int


@dataclass(frozen=True)
class Keeper:
    """A turn at one's own CPD."""

    session: str


@dataclass(frozen=True)
class Measure:
    """A page or an act: who asks, how, how often the bare page it may cost, and what is written beforehand.

    `growth` is how much dearer it may be at scale 100. An act that writes itself has nothing before it.
    `queries` is the most it may take. What writes answers with the status `written`.
    """

    name: str
    who: str
    act: Act
    bar: float
    growth: float = 0
    before: Act | None = None
    queries: int = 12
    written: int = 302


def get(page: str) -> Act:
    """Asks for a page by its name."""
    return lambda server, paths, person: server.request(paths[page], person.session)


def whole_record(server: Server, paths: dict[str, str], person: Person) -> Answer:
    """Asks for the whole record of the student who wrote."""
    return server.request(person.record, person.session)


def log_shift(server: Server, paths: dict[str, str], person: Person) -> Answer:
    """Sends a shift on last Sunday through the form that the page gave."""
    form = form_of(server.request(paths["log_shift"], person.student))
    typed: dict[str, str | list[str]] = {
        **form.values,
        "day_day": str(SUNDAY.day),
        "day_month": str(SUNDAY.month),
        "day_year": str(SUNDAY.year),
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
    }
    return server.request(paths["log_shift"], person.student, typed)


def confirm_20(server: Server, paths: dict[str, str], person: Person) -> Answer:
    """Ticks the first twenty lines of the inbox and confirms them."""
    form = form_of(server.request(paths["inbox"], person.session))
    name = form.boxes[0][0] if form.boxes else "shift"
    lines = [value for key, value in form.boxes if key == name][:20]
    return server.request(paths["inbox"], person.session, {**form.values, name: lines})


def course_page(server: Server, paths: dict[str, str], learner: Learner) -> Answer:
    """Asks for the page of a course."""
    return server.request(learner.course, learner.session)


def book_date(server: Server, paths: dict[str, str], learner: Learner) -> Answer:
    """Books the course's next date."""
    return book(server, learner.date, learner.writer)


def book_soonest(server: Server, paths: dict[str, str], learner: Learner) -> Answer:
    """Books the event that stands first wherever events stand."""
    return book(server, paths["soonest"], learner.writer)


def book(server: Server, address: str, session: str) -> Answer:
    """Asks for a place for the owner of a session."""
    return server.request(address, session, {"uuid": str(uuid4()), "needs": ""})


def tick(server: Server, paths: dict[str, str], learner: Learner) -> Answer:
    """Puts one more person on the register."""
    form: dict[str, str | list[str]] = {"batch": str(uuid4()), "seen": learner.mark}
    return server.request(paths["register"], learner.writer, form)


def log_examination(server: Server, paths: dict[str, str], log: Log) -> Answer:
    """Sends an examination like the one before, with the competencies that it touches."""
    form = form_of(server.request(paths["log_examination"], log.writer))
    typed: dict[str, str | list[str]] = {**form.values, "touched": ["A1", "D2", "J8"]}
    return server.request(paths["log_examination"], log.writer, typed)


def ask_sign_off(server: Server, paths: dict[str, str], log: Log) -> Answer:
    """Asks the educator to sign one more competency, on all that is offered as evidence."""
    form = form_of(server.request(log.asks, log.writer))
    evidence = [value for name, value in form.boxes if name == "evidence"]
    return server.request(log.asks, log.writer, {**form.values, "evidence": evidence})


def sign_20(server: Server, paths: dict[str, str], log: Log) -> Answer:
    """Ticks the first twenty lines that wait and signs them as achieved, with a proof given a moment before."""
    proof: dict[str, str | list[str]] = {"way": "password", "password": paths["password"]}
    server.request(paths["prove"], log.session, proof)
    form = form_of(server.request(log.signs, log.session))
    lines = [value for name, value in form.boxes if name == "line"][:20]
    typed: dict[str, str | list[str]] = {
        **form.values,
        "line": lines,
        "outcome": "achieved",
        "day_day": str(TODAY.day),
        "day_month": str(TODAY.month),
        "day_year": str(TODAY.year),
    }
    return server.request(log.signs, log.session, typed)


def own_page(server: Server, paths: dict[str, str], marking: Marking) -> Answer:
    """Asks for the page of a turn."""
    return server.request(marking.page, marking.session)


def send_mark(server: Server, paths: dict[str, str], marking: Marking) -> Answer:
    """Sends one mark as a tablet does. Raises ValueError where it was not kept."""
    one = str(uuid4())
    event = {
        "uuid": one,
        "device": marking.device,
        "candidate": marking.candidate,
        "number": marking.item,
        "part": str(UUID(int=marking.item)),
        "value": 2,
        "seen": [],
        "at": datetime.now(UTC).isoformat(),
    }
    sent = {
        "owner": marking.owner,
        "device": marking.device,
        "unsent": 1,
        "shown": marking.candidate,
        "events": [event],
    }
    answer = server.request(marking.door, marking.writer, data=sent)
    if json.loads(answer.body).get("kept") != [one]:
        raise ValueError(f"The mark was not kept: {answer.body[:1000]}")
    return answer


def add_activity(server: Server, paths: dict[str, str], keeper: Keeper) -> Answer:
    """Sends an activity of today through the form that the page gave."""
    form = form_of(server.request(paths["cpd_add"], keeper.session))
    typed: dict[str, str | list[str]] = {
        **form.values,
        "title": "Journal club",
        "learning": "self-directed",
        "starts_on_day": str(TODAY.day),
        "starts_on_month": str(TODAY.month),
        "starts_on_year": str(TODAY.year),
        "minutes": "45 minutes",
    }
    return server.request(paths["cpd_add"], keeper.session, typed)


PLACEMENTS = (
    Measure("student home", "student", get("home"), 4, 1.3, before=log_shift),
    Measure("log a shift: the page", "student", get("log_shift"), 4, 1.3, before=log_shift),
    Measure("log a shift: sending it", "student", log_shift, 4, 1.3),
    Measure("inbox with 50 waiting", "educator", get("inbox"), 6, 1.5, before=log_shift),
    Measure("confirm 20 at once", "educator", confirm_20, 6, 1.5),
    Measure("coordinator's list", "coordinator", get("students"), 6, 1.5, before=log_shift),
    Measure(
        "calendar of 12 weeks by 28 sites", "coordinator", get("calendar"), 6, 1.5, before=log_shift
    ),
    Measure("tutor's list", "tutor", get("tutor"), 6, 1.5, before=log_shift),
    Measure("a student's whole record", "tutor", whole_record, 6, 1.5, before=log_shift),
)
COURSES = (
    Measure("public home", "nobody", get("public home"), 6, before=book_soonest),
    Measure("catalogue of 300 courses", "nobody", get("catalogue"), 6, before=book_soonest),
    Measure("course page", "nobody", course_page, 6, before=book_date),
    # Two books are locked, two apps asked for clashes, and the place told of: its bar is its cost.
    Measure("book a place: sending it", "learner", book_date, 4, queries=17),
    Measure("register of 100", "school educator", get("register"), 6, before=tick),
)
LOG_BOOKS = (
    Measure("log an examination: sending it", "logs", log_examination, 4),
    Measure("competency map", "looks", get("log_book"), 4, before=log_examination),
    Measure("sign 20 competencies at once", "educator", sign_20, 6),
    Measure(
        "matrix of 60 students by 80 competencies", "lead", get("matrix"), 12, before=ask_sign_off
    ),
)
OSCES = (
    Measure(
        "examiner's page of 12 candidates", "examiners", own_page, 4, before=send_mark, written=200
    ),
    Measure("a mark from a tablet: sending it", "markers", send_mark, 4, written=200),
    Measure("the floor with 12 tablets", "floor", own_page, 6, before=send_mark, written=200),
)
CPD = (
    Measure("CPD: list of 500 activities", "keepers", get("cpd"), 6, before=add_activity),
    Measure("CPD: add an activity: the page", "keepers", get("cpd_add"), 4, before=add_activity),
    Measure("CPD: add an activity: sending it", "keepers", add_activity, 4),
    Measure("CPD: profile builder", "keepers", get("cpd_profile"), 4, before=add_activity),
    Measure("CPD: write the profile", "keepers", get("cpd_write_profile"), 4, before=add_activity),
    Measure("CPD: choose of 500 activities", "keepers", get("cpd_choose"), 6, before=add_activity),
)
EVERY = (*PLACEMENTS, *COURSES, *LOG_BOOKS, *OSCES, *CPD)
