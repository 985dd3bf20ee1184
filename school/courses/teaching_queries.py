"""What School educators read: their courses and events in lists, and who comes to one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Value, When

from school.core import clock, days, ledger
from school.courses import catalogue, queries
from school.courses.models import Booking, BookingStep, Course, CourseVersion, Event, Label
from school.people.models import Person, Site

State = Booking.State

COMING, DRAFTS, FULL, PAST, CANCELLED, ALL = "coming", "drafts", "full", "past", "cancelled", "all"
EVENTS = {
    COMING: "Coming and open",
    DRAFTS: "Drafts",
    FULL: "Coming and full",
    PAST: "Past",
    CANCELLED: "Cancelled",
    ALL: "All events",
}
EVENT_SORTS = {"date": "Date", "course": "Course", "places": "Fewest places left"}
OFFERED, RETIRED = "offered", "retired"
COURSES = {OFFERED: "Offered now", RETIRED: "Retired", ALL: "All courses"}
COURSE_SORTS = {"title": "Title", "next": "Next event"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCourses:
    """What the list of courses is narrowed to."""

    words: str = ""
    which: str = OFFERED
    sort: str = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedEvents:
    """What the list of events is narrowed to; `course` is a course's UUID in letters."""

    words: str = ""
    which: str = COMING
    course: str = ""
    sort: str = "date"


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a list: when, where and how full."""

    uuid: UUID
    course: str
    starts: datetime
    ends: datetime
    where: str
    state: str
    state_words: str
    capacity: int
    taken: int
    left: int
    waiting: int
    asking: int


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody with a booking: how it stands and, in line, at which place."""

    booking: UUID
    person: Person
    state: str
    state_words: str
    asked_at: datetime
    held_until: datetime | None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Comers:
    """Everybody with a booking of one event, by how it stands."""

    placed: list[Comer]
    in_line: list[Comer]
    asking: list[Comer]
    gone: list[Comer]

    def everybody(self) -> list[Comer]:
        """In the order of a register: who has a place by name, then the line, then the others."""
        return [*self.placed, *self.in_line, *self.asking, *self.gone]


def taught_courses(wanted: WantedCourses) -> QuerySet[Course]:
    """The courses that fit, with `newest` (number of the last version), `coming` events and the `next` start."""
    today = clock.today()
    ahead = Q(versions__events__state=Event.State.OPEN, versions__events__starts__gt=clock.now())
    rows = Course.objects.annotate(
        newest=Count("versions", distinct=True),
        coming=Count("versions__events", filter=ahead, distinct=True),
        next=Min("versions__events__starts", filter=ahead),
    ).prefetch_related("labels")
    if wanted.which == OFFERED:
        rows = rows.filter(Q(retired_on=None) | Q(retired_on__gt=today))
    elif wanted.which == RETIRED:
        rows = rows.filter(retired_on__lte=today)
    for word in wanted.words.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(code__icontains=word) | Q(summary__icontains=word)
        )
    if wanted.sort == "next":
        return rows.order_by(F("next").asc(nulls_last=True), "title", "pk")
    return rows.order_by("title", "pk")


def taught_events(wanted: WantedEvents) -> QuerySet[Event]:
    """The events that fit, with their places counted."""
    now = clock.now()
    rows = catalogue.with_requests(Event.objects.select_related("version__course", "site"))
    ahead = Q(state=Event.State.OPEN, ends__gt=now)
    match wanted.which:
        case "coming":
            rows = rows.filter(ahead)
        case "drafts":
            rows = rows.filter(state=Event.State.DRAFT)
        case "full":
            rows = rows.filter(ahead, Q(taken__gte=F("capacity")) | Q(waiting__gt=0))
        case "past":
            rows = rows.filter(state__in=(Event.State.OPEN, Event.State.CLOSED), ends__lte=now)
        case "cancelled":
            rows = rows.filter(state=Event.State.CANCELLED)
    if wanted.course:
        rows = rows.filter(version__course__uuid=wanted.course)
    for word in wanted.words.split():
        rows = rows.filter(
            Q(version__title__icontains=word)
            | Q(venue__icontains=word)
            | Q(site__name__icontains=word)
        )
    if wanted.sort == "course":
        return rows.order_by("version__title", "starts", "pk")
    if wanted.sort == "places":
        free = Case(
            When(waiting__gt=0, then=Value(0)),
            default=F("capacity") - F("taken"),
            output_field=IntegerField(),
        )
        return rows.order_by(free, "starts", "pk")
    latest_first = wanted.which in (PAST, CANCELLED, ALL)
    return rows.order_by("-starts" if latest_first else "starts", "pk")


def event_lines(rows: Iterable[Event]) -> Iterable[EventLine]:
    """The lines of events that come with their places counted."""
    now = clock.now()
    return (event_line(event, now) for event in rows)


def event_line(event: Event, now: datetime) -> EventLine:
    """One event in a list."""
    found = catalogue.event_found(event)
    over = event.state == Event.State.OPEN and event.ends <= now
    return EventLine(
        uuid=event.uuid,
        course=event.version.title,
        starts=event.starts,
        ends=event.ends,
        where=found.where,
        state=event.state,
        state_words="over, register open" if over else event.get_state_display(),
        capacity=event.capacity,
        taken=event.taken,  # type: ignore[attr-defined]
        left=found.left,
        waiting=found.waiting,
        asking=event.asking,  # type: ignore[attr-defined]
    )


def comers(event: Event) -> Comers:
    """Everybody who has, awaits, asked for or gave up a place; two queries and what the registry asks."""
    rows = list(
        Booking.objects.filter(event=event)
        .select_related("person")
        .order_by("person__name", "asked_at")
    )
    places = {row.pk: place for place, row in enumerate(queries.line(event), start=1)}
    placed = (*Booking.TAKES_PLACE, *Booking.AFTERWARDS)
    found = [(row, _comer(row, places.get(row.pk))) for row in rows]
    return Comers(
        placed=[one for row, one in found if row.state in placed],
        in_line=sorted(
            (one for row, one in found if row.state == State.WAITING),
            key=lambda one: one.place or 0,
        ),
        asking=[one for row, one in found if row.state == State.REQUESTED],
        gone=[one for row, one in found if row.state not in (*placed, *Booking.LIVE)],
    )


def _comer(row: Booking, place: int | None) -> Comer:
    return Comer(
        booking=row.uuid,
        person=row.person,
        state=row.state,
        state_words=row.get_state_display(),
        asked_at=row.asked_at,
        held_until=row.held_until,
        place=place,
    )


def told_needs(event: Event) -> QuerySet[BookingStep]:
    """The steps with which people who have or await a place told of what they need; words that went are left out."""
    rows = BookingStep.objects.filter(event=event, booking__state__in=Booking.LIVE)
    kept = rows.filter(entry__private_texts__name="needs")
    return kept.select_related("booking__person").order_by("-entry")


def needs(event: Event) -> list[tuple[Person, str]]:
    """Who needs what at an event, by name: each person's newest words, those that were not erased."""
    found: dict[int, tuple[Person, str]] = {}
    steps = list(told_needs(event))
    words = ledger.private_texts(steps, "needs")
    for step in steps:
        if step.pk in words:
            found.setdefault(step.booking.person_id, (step.booking.person, words[step.pk]))
    return sorted(found.values(), key=lambda one: one[0].name)


def next_events(count: int) -> list[EventLine]:
    """The next open events; one query."""
    return list(event_lines(taught_events(WantedEvents())[:count]))


def drafts() -> int:
    """How many events wait to be opened."""
    return Event.objects.filter(state=Event.State.DRAFT).count()


def versions(course: Course) -> list[CourseVersion]:
    """The versions of a course with what they ask for first and their online module, the newest first."""
    rows = course.versions.order_by("-number").select_related("module")
    return list(rows.prefetch_related("prerequisites__course"))


def labels() -> dict[str, list[Label]]:
    """Every label by its kind."""
    found: dict[str, list[Label]] = {kind: [] for kind in Label.Kind.values}
    for label in Label.objects.all():
        found[label.kind].append(label)
    return found


def regions() -> list[str]:
    """The regions of the network, by name."""
    rows = Site.objects.order_by("network_region").values_list("network_region", flat=True)
    return list(rows.distinct())


def said_session(starts: datetime, ends: datetime) -> str:
    """A session in words: "Tuesday 3 November 2026, 09:00 to 12:00"."""
    return f"{days.day_date(days.london_day(starts))}, {days.time_range(starts, ends)}"
