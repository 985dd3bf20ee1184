"""The public pages of the demo's courses and events: written by the School educator, published by a second reader."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from cms.actions import begin_page
from cms.models import CoursePage, EventPage, LearningPage
from cms.policies import Access
from school.courses.models import Course, Event
from school.demo.run import Build

Body = list[tuple[str, Any]]

WORDS = {
    "pet-ct-introductory-day": (
        "<h2>What the day is like</h2><p>You see every room that your patients see, in the order in which they see it. In between are short talks, and time for your own cases: bring one that puzzled you.</p>"
        "<h2>Practical</h2><ul><li>Flat shoes, and nothing that you would miss if it stayed in a locker.</li><li>Nobody is exposed to more than on any other day at work.</li></ul>",
        "I had sent patients here for years and never knew what the hour in the quiet room was for.",
        "A ward sister who came in spring",
    ),
    "pet-ct-seminar": (
        "<h2>How it works</h2><p>Two short talks and four cases, online. Whoever sends a case beforehand hears what the panel would have asked for.</p>",
        "",
        "",
    ),
    "radiation-safety-injection-room": (
        "<h2>What the day is like</h2><p>Almost everything happens standing up. You practise with sources that only look like the real ones, see your own hands under a camera that shows contamination, and clean up a spill against the clock.</p>",
        "I was quick before. Now I am quick and the dose to my fingers is a third.",
        "A technologist who came last year",
    ),
    "amyloid-pet": (
        "<h2>Who should come</h2><p>Everybody who books, prepares, injects, scans or reads. Teams who come together learn most.</p><p>Much of the morning is about the person on the table; the first tier of dementia training is a good start.</p>",
        "",
        "",
    ),
    "teaching-students": (
        "<h2>Places</h2><p>Your manager is asked when you book, since you will be away from a list. Say in your request which students you have this term.</p>",
        "",
        "",
    ),
    "positioning-and-motion": (
        "<h2>What the morning is like</h2><p>You lie on the table yourself, with the pillow that you gave your patients last week. Then we look at images that moved, and at what would have kept them still.</p>",
        "",
        "",
    ),
    "cpd-profile": (
        "<h2>How it works</h2><p>An hour, online, with a handful of colleagues. You leave with one entry finished and a list of what is missing.</p>",
        "",
        "",
    ),
}  # fmt: skip
DAY = (
    (time(9, 30), time(9, 50), "Welcome, and what you bring with you", "Ines Draftly"),
    (time(9, 50), time(11, 0), "Through the department as a patient", "Dilys Sampleby"),
    (time(11, 20), time(12, 30), "In small groups, at the stations", ""),
    (time(13, 15), time(14, 45), "Your own cases", ""),
    (time(15, 0), time(16, 15), "What you take back, and how we will ask", "Ines Draftly"),
)
SPEAKERS = (
    ("Ines Draftly", "School educator", "Has taught in PET-CT since it came on a trailer."),
    ("Dilys Sampleby", "Senior PET-CT radiographer, Cumberland Infirmary", ""),
)


def build_pages(run: Build, events: Sequence[Event]) -> None:
    """A page for each of the courses and of the events; a draft's waits for its second reader."""
    for code, (words, said, who) in WORDS.items():
        body: Body = [("text", words)]
        if said:
            body.append(("quotation", {"words": said, "by": who}))
        course = Course.objects.get(code=code)
        page = begin_page(of=course, by=_writer(run))
        _publish(run, page, body)
        if code == "pet-ct-introductory-day":
            _material(run, page)
    for event in events:
        whole_day = event.format == Event.Format.IN_PERSON and event.sessions.count() == 2
        body = [("programme", _programme()), ("speakers", _speakers())] if whole_day else []
        page = begin_page(of=event, by=_writer(run))
        if event.state == Event.State.DRAFT:
            _submit(run, page, body)
        else:
            _publish(run, page, body)


def _publish(run: Build, page: Any, body: Body) -> None:
    page.body = body
    reader = run.personas["administrator"].user
    # As cms.publishing does it once two have agreed: nobody may publish these pages alone.
    page.save_revision(user=_writer(run)).publish(user=reader, skip_permission_checks=True)


def _submit(run: Build, page: CoursePage | EventPage, body: Body) -> None:
    page.body = body
    page.save_revision(user=_writer(run))
    page.get_workflow().start(page, _writer(run))


def _material(run: Build, page: Any) -> None:
    """Something to read beforehand, for those with a place."""
    words = (
        "<p>Ten minutes before you come.</p><h2>Bring</h2><ul><li>A case that puzzled you, without anything that says who it was.</li>"
        "<li>The letter that your patients get.</li></ul><h2>Words you will hear</h2><ul><li><b>Tracer</b>: what is injected, and what the camera follows.</li>"
        "<li><b>Uptake</b>: the quiet hour in which it goes where it is needed.</li><li><b>Fused image</b>: where and how active, in one picture.</li></ul>"
    )
    material = LearningPage(
        title="Before you come", slug="before-you-come", access=Access.BOOKED, body=[("text", words)]
    )  # fmt: skip
    page.add_child(instance=material)
    _publish(run, material, material.body)


def _programme() -> list[dict[str, Any]]:
    return [{"starts": starts, "ends": ends, "what": what, "who": who} for starts, ends, what, who in DAY]  # fmt: skip


def _speakers() -> list[dict[str, str]]:
    return [{"name": name, "role": role, "words": words} for name, role, words in SPEAKERS]


def _writer(run: Build) -> Any:
    return run.personas["school_educator"].user
