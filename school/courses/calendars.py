"""Events as calendar programs read them (RFC 5545): one's own places, and what the catalogue finds.

A feed is read anew as a whole, and programs drop what it no longer holds. So a cancelled event and a
place that was given up are left out: marked as cancelled, they would stay in view in some programs, khal
among them. What moves keeps its UID and gets a higher SEQUENCE.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Subquery
from icalendar import Calendar, Timezone, vCalAddress
from icalendar import Event as Entry

from school.core import clock, days
from school.courses import catalogue
from school.courses.catalogue import Filter
from school.courses.conditions import said
from school.courses.models import Booking, BookingStep, CalendarFeed, Event, EventStep, Session
from school.courses.telling import page
from school.people.queries import identity

State = Booking.State

# The next so many events are as much as a calendar needs of the catalogue.
MOST = 300
# How often programs are asked to look again.
EVERY = timedelta(hours=1)
# The law since 1996, for every year to come. What the library derives from the zone database begins summer
# time an hour late and ends with the last year asked for.
LONDON = b"""BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """An event with what its entries share: whose place it is, if anybody's, and how often it changed."""

    event: Event
    url: str
    changes: int
    changed_at: datetime
    held_until: datetime | None = None
    own: bool = False


def person_calendar(feed: CalendarFeed) -> bytes:
    """The places that a person has or that are held for them, and had; two queries and who they are."""
    bookings = (
        Booking.objects.filter(
            person__in=identity(feed.person),
            state__in=(*Booking.TAKES_PLACE, *Booking.AFTERWARDS),
            event__state__in=(Event.State.OPEN, Event.State.CLOSED),
        )
        .exclude(state=State.HELD, held_until__lte=clock.now())
        .select_related("event__version", "event__site")
        .prefetch_related(Prefetch("event__sessions", Session.objects.order_by("starts")))
        .annotate(
            **_steps("event", EventStep, "event_"), **_steps("pk", BookingStep, "own_", "booking")
        )
        .filter(_opened("event"))
        .order_by("event__starts", "pk")
    )
    return _written(
        "School of Oncology: my places",
        [
            Shown(
                event=booking.event,
                url=page("booking", booking.uuid),
                changes=booking.event_steps + booking.own_steps,  # type: ignore[attr-defined]
                changed_at=max(booking.event_latest, booking.own_latest),  # type: ignore[attr-defined]
                held_until=booking.held_until,
                own=True,
            )
            for booking in bookings
        ],
    )


def found_calendar(wanted: Filter) -> bytes:
    """The open events that the catalogue finds, today's and the next ones; at most four queries."""
    today = clock.today()
    rows = Event.objects.none()
    if wanted.format != catalogue.ONLINE_MODULE:
        courses = catalogue.courses(wanted, today).order_by().values("pk")
        rows = catalogue.events(wanted, days.start_of_day(today)).filter(
            version__course__in=courses
        )
    events = (
        rows.select_related("version", "site")
        .prefetch_related(Prefetch("sessions", Session.objects.order_by("starts")))
        .annotate(**_steps("pk", EventStep, "event_"))
        .filter(_opened("pk"))[:MOST]
    )
    narrowed = catalogue.choices().said(wanted) if not wanted.is_empty() else ""
    name = "School of Oncology: courses"
    return _written(
        f"{name}, {narrowed}" if narrowed else name,
        [
            Shown(
                event=event,
                url=page("event", event.uuid),
                changes=event.event_steps,  # type: ignore[attr-defined]
                changed_at=event.event_latest,  # type: ignore[attr-defined]
            )
            for event in events
        ],
    )


def _opened(key: str) -> Exists:
    """Whether a fact says that an event was opened: without one it is a draft, whatever its row says."""
    return Exists(EventStep.objects.filter(event=OuterRef(key)))


def _steps(key: str, model: type[Any], prefix: str, of: str = "event") -> dict[str, Subquery]:
    """How many steps there are of an event or a booking, and when the newest was recorded."""
    rows = model.objects.filter(**{of: OuterRef(key)}).order_by().values(of)
    counted = rows.annotate(number=Count("pk"), latest=Max("entry__recorded_at"))
    return {
        f"{prefix}steps": Subquery(counted.values("number")),
        f"{prefix}latest": Subquery(counted.values("latest")),
    }


def _written(name: str, shown: Iterable[Shown]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//School of Oncology//Courses and events//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", days.LONDON.key)
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{EVERY // timedelta(hours=1)}H")
    calendar.add_component(Timezone.from_ical(LONDON))
    for one in shown:
        for session in one.event.sessions.all():
            calendar.add_component(_entry(one, session))
    written: bytes = calendar.to_ical()
    return written


def _entry(one: Shown, session: Session) -> Entry:
    event, title = one.event, one.event.version.title
    if session.title:
        title = f"{title}: {session.title}"
    entry = Entry()
    entry.add("uid", f"{session.uuid}@school-of-oncology")
    entry.add("dtstamp", one.changed_at)
    entry.add("last-modified", one.changed_at)
    entry.add("sequence", one.changes)
    entry.add("dtstart", days.local(session.starts))
    entry.add("dtend", days.local(session.ends))
    entry.add("summary", f"Place held: {title}" if one.held_until else title)
    entry.add("location", catalogue.where(event))
    entry.add("url", one.url)
    until = f"This place is held until {said(one.held_until)}.\n" if one.held_until else ""
    entry.add("description", f"{until}{one.url}")
    entry.add("status", "TENTATIVE" if one.held_until else "CONFIRMED")
    entry.add("transp", "OPAQUE" if one.own else "TRANSPARENT")
    organiser = vCalAddress(f"mailto:{event.contact}")
    organiser.params["CN"] = "School of Oncology"
    entry.add("organizer", organiser)
    return entry
