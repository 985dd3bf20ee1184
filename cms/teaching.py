"""What public pages say of courses and events, read from the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from cms import routing, structured
from school.core import clock, days
from school.courses import catalogue
from school.courses.models import Course, CourseVersion, Event, Label

ON_HOME = 3


@dataclass(frozen=True, slots=True)
class Coming:
    """An event that is coming, in the words of a page."""

    title: str
    day: str
    when: str
    where: str
    how: str
    # The page with all about it, and the one on which a place is asked for.
    address: str
    booking: str
    # What the link to the booking says; empty while no place can be asked for.
    act: str
    places: str
    taken: str
    # How much of it is taken, in per cent.
    share: float


def coming(event: Event, request: HttpRequest) -> Coming:
    """What a page says of an event that comes from `catalogue.with_places` with its version, site and page."""
    taken, waiting = event.taken, event.waiting  # type: ignore[attr-defined]
    left = catalogue.places_left(event.capacity, taken, waiting)
    booking = reverse("event", args=[event.uuid])
    return Coming(
        title=event.version.title,
        day=days.long_date(days.london_day(event.starts)),
        when=span(event.starts, event.ends),
        where=catalogue.where(event),
        how=_how(event),
        address=address_of(event, request) or booking,
        booking=booking,
        act=_act(event, left),
        places=_places(event, left, waiting),
        taken=f"{taken} of {event.capacity} taken",
        share=round(min(100.0, 100 * taken / event.capacity), 2),
    )


def span(starts: datetime, ends: datetime) -> str:
    """When an event is held, beside its first day: "Tuesday, 09:30 to 16:00"."""
    first, last = days.london_day(starts), days.london_day(ends)
    if first == last:
        return f"{days.weekday(first)}, {days.time_range(starts, ends)}"
    return f"{days.weekday(first)}, {days.clock_time(starts)}, to {days.day_date(last)}, {days.clock_time(ends)}"


def _how(event: Event) -> str:
    until = days.long_date(days.london_day(event.closes))
    asked = " Your manager is asked." if event.needs_approval else ""
    return f"{event.get_format_display().capitalize()}. Book by {until}.{asked}"


def _act(event: Event, left: int) -> str:
    if event.state != Event.State.OPEN or not event.opens <= clock.now() < event.closes:
        return ""
    return "Book a place" if left else "Join the waiting list"


def _places(event: Event, left: int, waiting: int) -> str:
    now = clock.now()
    if event.state in (Event.State.DRAFT, Event.State.CANCELLED):
        return "Not open yet" if event.state == Event.State.DRAFT else "Cancelled"
    if now >= event.closes:
        return "Booking has closed"
    if now < event.opens:
        return f"Booking opens on {days.long_date(days.london_day(event.opens))}"
    return catalogue.left_in_words(left, waiting)


def with_all(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Events with their places, version, site and page, in one query."""
    return catalogue.with_places(rows).select_related("version", "site", "page")


def next_events(request: HttpRequest) -> list[Coming]:
    """The next few events of all, for the home page."""
    rows = with_all(catalogue.events(catalogue.Filter()))[:ON_HOME]
    return [coming(event, request) for event in rows]


def version_of(course: Course) -> CourseVersion | None:
    """The version of a course that is taught today, with its module and the module's page."""
    rows = CourseVersion.objects.filter(course=course, published_on__lte=clock.today())
    return rows.select_related("module__page").order_by("-published_on", "-number").first()


def events_of(course: Course) -> list[Event]:
    """The events of a course that are coming, soonest first."""
    rows = catalogue.events(catalogue.Filter()).filter(version__course=course)
    return list(with_all(rows))


@dataclass(frozen=True, slots=True)
class Needed:
    """A course that is asked for first, and its page."""

    title: str
    address: str


def needed_first(version: CourseVersion, request: HttpRequest) -> list[Needed]:
    """The courses that a version asks for beforehand; one that is not taught yet has no page."""
    taught = CourseVersion.objects.filter(
        course=OuterRef("course"), published_on__lte=clock.today()
    )
    rows = version.prerequisites.select_related("course__page").annotate(taught=Exists(taught))
    return [
        Needed(row.course.title, course_address(row.course, request) if row.taught else "")
        for row in rows.order_by("course__title")
    ]


def address_of(target: Any, request: HttpRequest) -> str:
    """The address of a course's or an event's page while it is public, else empty; asks when `page` was not selected."""
    page = getattr(target, "page", None)
    return str(page.get_url(request)) if page and page.live else ""


def course_address(course: Course, request: HttpRequest) -> str:
    """Where a course is read of: its page, or, until a second reader has approved one, what its record says."""
    return address_of(course, request) or reverse("plain_course", args=[course.uuid])


def with_paths(rows: QuerySet[Course]) -> QuerySet[Course]:
    """Courses with the path of each one's page, and whether it is public: a list needs no more of pages."""
    return rows.annotate(page_path=F("page__url_path"), page_live=F("page__live"))


def address_by_path(course: Course, request: HttpRequest) -> str:
    """`course_address` of a course from `with_paths`."""
    if not course.page_live:  # type: ignore[attr-defined]
        return reverse("plain_course", args=[course.uuid])
    below = course.page_path.removeprefix(routing.root_path(request))  # type: ignore[attr-defined]
    return reverse("wagtail_serve", args=[below])


def labelled(labels: list[Label], kind: Label.Kind) -> str:
    """The labels of a kind, in a line."""
    return ", ".join(label.name for label in labels if label.kind == kind)


def glance(course: Course, version: CourseVersion, labels: list[Label]) -> list[tuple[str, str]]:
    """A course at a glance: each fact with its name; what is not recorded is left out."""
    months = version.valid_months
    ends = f"Valid for {months} months, as printed on it" if months else "Without an end date"
    facts = [
        ("For", labelled(labels, Label.Kind.AUDIENCE)),
        ("Role", labelled(labels, Label.Kind.ROLE)),
        ("About", labelled(labels, Label.Kind.TOPIC)),
        ("Level", course.get_level_display().capitalize()),
        ("CPD", days.in_words(version.credit_minutes)),
        ("How", "Online, whenever it suits" if hasattr(version, "module") else ""),
        ("Certificate", ends),
        ("Taught as", f"Version {version.number}, since {days.long_date(version.published_on)}"),
    ]
    return [(name, words) for name, words in facts if words]


def about_course(course: Course, request: HttpRequest, path: str) -> dict[str, Any]:
    """What the record says of a course, for the page at a path; little before a version of it holds."""
    version = version_of(course)
    if version is None:
        return {"course": course, "version": None}
    retired = course.retired_on is not None and course.retired_on <= clock.today()
    events = [] if retired else events_of(course)
    data = structured.course(
        course,
        version,
        events,
        address=request.build_absolute_uri(path),
        home=request.build_absolute_uri("/"),
    )
    return {
        "course": course,
        "version": version,
        "retired": retired,
        "glance": glance(course, version, list(course.labels.all())),
        "outcomes": version.outcomes.splitlines(),
        "needed": needed_first(version, request),
        "module": "" if retired else address_of(getattr(version, "module", None), request),
        "dates": [coming(event, request) for event in events],
        "now": clock.now(),
        "structured": structured.element(data),
    }
