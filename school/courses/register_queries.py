"""The register of an event as it stands: who has a place, who was there for which session, and what that comes to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from school.core import clock
from school.courses.attending import BEFORE, Outcome, minutes, outcome
from school.courses.models import Attendance, Booking, Event, Session
from school.people.models import Person
from school.people.queries import identity

# Whoever is on the register: a place, or what came of it.
WITH_PLACE = (Booking.State.BOOKED, *Booking.AFTERWARDS)
# An event's register is at hand from the evening before.
SOON = timedelta(hours=16)


def with_place(event: Event) -> QuerySet[Booking]:
    """The bookings that are on an event's register, by name."""
    rows = Booking.objects.filter(event=event, state__in=WITH_PLACE)
    return rows.select_related("person__book", "person__user").order_by("person__name", "pk")


def booking_of(person: Person, event: Event) -> Booking | None:
    """A person's booking of an event: the one with a place, else the newest."""
    rows = Booking.objects.filter(event=event, person__in=identity(person))
    found = list(rows.select_related("person__book").order_by("-pk"))
    placed = [booking for booking in found if booking.state in WITH_PLACE]
    return next(iter(placed or found), None)


def said_of(bookings: Collection[Booking]) -> dict[tuple[int, int], Attendance]:
    """What stands of bookings' sessions, by the keys of both; one query."""
    rows = Attendance.objects.standing().filter(booking__in=bookings)
    return {(fact.booking_id, fact.session_id): fact for fact in rows}


def said_of_session(booking: Booking, session: Session) -> Attendance | None:
    """What stands of a booking's session."""
    found: Attendance | None = (
        Attendance.objects.standing().filter(booking=booking, session=session).first()
    )
    return found


def attended_minutes(
    booking: Booking, sessions: Sequence[Session], said: dict[tuple[int, int], Attendance]
) -> int:
    """How long a person was there, in whole sessions."""
    return sum(
        minutes(session.starts, session.ends)
        for session in sessions
        if (booking.pk, session.pk) in said and said[booking.pk, session.pk].present
    )


def outcome_of(
    booking: Booking,
    event: Event,
    sessions: Sequence[Session],
    said: dict[tuple[int, int], Attendance],
    *,
    excused: bool,
) -> Outcome:
    """What the register says of a booking."""
    held = sum(minutes(session.starts, session.ends) for session in sessions)
    return outcome(
        attended_minutes(booking, sessions, said),
        held,
        event.version.attendance_percent,
        excused=excused,
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of the register: a session, what was said of it, and when."""

    session: Session
    key: str
    known: bool
    present: bool
    at: datetime | None
    way: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line of the register."""

    booking: Booking
    name: str
    marks: list[Mark]
    minutes: int
    comes_to: Outcome

    @property
    def word(self) -> str:
        """What it comes to, as the booking would say it."""
        return str(Booking.State(self.comes_to.value).label)


def rows_of(event: Event, sessions: Sequence[Session]) -> list[Row]:
    """The whole register; three queries with its sessions, however long it is.

    Of people it reads their names; whoever writes about them reads `with_place`.
    """
    bookings = list(with_place(event).select_related(None).select_related("person"))
    said = said_of(bookings)
    return [row_of(booking, event, sessions, said) for booking in bookings]


def row_of(
    booking: Booking,
    event: Event,
    sessions: Sequence[Session],
    said: dict[tuple[int, int], Attendance],
) -> Row:
    """One line of the register."""
    return Row(
        booking=booking,
        name=booking.person.name,
        marks=[
            mark_of(booking, session, said.get((booking.pk, session.pk))) for session in sessions
        ],
        minutes=attended_minutes(booking, sessions, said),
        comes_to=outcome_of(
            booking, event, sessions, said, excused=booking.state == Booking.State.EXCUSED
        ),
    )


def mark_of(booking: Booking, session: Session, fact: Attendance | None) -> Mark:
    """One cell of the register."""
    return Mark(
        session=session,
        key=f"{booking.uuid}:{session.uuid}",
        known=fact is not None,
        present=fact is not None and fact.present,
        at=fact.entry.recorded_at if fact else None,
        way=_way(fact) if fact else "",
    )


def _way(fact: Attendance) -> str:
    by = "" if fact.way == Attendance.Way.HAND else "by "
    return f"{by}{fact.get_way_display()}"


def there(session: Session) -> tuple[int, int]:
    """How many are on the register of a session, and how many have a place."""
    placed = Booking.objects.filter(event=session.event_id, state__in=WITH_PLACE)
    here = Attendance.objects.standing().filter(
        session=session, present=True, booking__state__in=WITH_PLACE
    )
    return here.count(), placed.count()


def is_open(session: Session, now: datetime) -> bool:
    """Whether people are let in: from half an hour before a session to its end."""
    return session.starts - BEFORE <= now <= session.ends


def to_keep() -> QuerySet[Event]:
    """The open events whose register is kept now: those that begin soon, and all that were not closed yet."""
    soon = clock.now() + SOON
    rows = Event.objects.filter(state=Event.State.OPEN, starts__lte=soon)
    return rows.select_related("version", "site").order_by("starts")
