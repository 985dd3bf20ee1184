"""Who booked, attended and attained: the people of an event or of a whole course, for the lists that are taken away."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from school.core.codes import grouped
from school.courses import attending, catalogue, queries
from school.courses.models import Attainment, Attendance, Booking, Course
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody's booking with what came of it, or what they attained without one."""

    person: Person
    booking: Booking | None
    # Of the sessions that they were there for.
    minutes: int | None
    attained_on: date | None
    source: str
    expires_on: date | None
    certificate: str

    @property
    def starts(self) -> datetime | None:
        """When the event begins."""
        return self.booking.event.starts if self.booking else None

    @property
    def where(self) -> str:
        """Where the event is held."""
        return catalogue.where(self.booking.event) if self.booking else ""

    @property
    def state(self) -> str:
        """How the booking stands."""
        return str(self.booking.get_state_display()) if self.booking else ""

    @property
    def asked_at(self) -> datetime | None:
        """When the place was asked for."""
        return self.booking.asked_at if self.booking else None

    @property
    def hours(self) -> float | None:
        """The hours that they were there."""
        return None if self.minutes is None else round(self.minutes / 60, 2)


def of_bookings(rows: QuerySet[Booking]) -> list[Learner]:
    """Bookings, in their order, with what was attended and attained by them; three queries."""
    keys = rows.order_by().values("pk")
    there: dict[int, int] = {}
    seen = Attendance.objects.standing().filter(booking__in=keys, present=True)
    for fact in seen.select_related("session"):
        held = attending.minutes(fact.session.starts, fact.session.ends)
        there[fact.booking_id] = there.get(fact.booking_id, 0) + held
    attained = {
        one.booking_id: one for one in _certified(queries.attainments().filter(booking__in=keys))
    }
    return [
        _learner(row.person, attained.get(row.pk), row, there.get(row.pk, _nothing(row)))
        for row in rows.select_related("person", "event__site")
    ]


def of_course(course: Course) -> list[Learner]:
    """Everybody of a course, the newest event first, then those who attained it without a place; four queries."""
    bookings = Booking.objects.filter(event__version__course=course)
    placed = of_bookings(bookings.order_by("-event__starts", "person__name", "pk"))
    others = queries.attainments().filter(course_version__course=course, booking=None)
    newest = _certified(others).select_related("person").order_by("-entry__about_from", "-pk")
    return [*placed, *(_learner(one.person, one) for one in newest)]


def _nothing(booking: Booking) -> int | None:
    """What is said of who was never seen: nothing before the register is closed."""
    return 0 if booking.state in Booking.AFTERWARDS else None


def _certified(rows: QuerySet[Attainment]) -> QuerySet[Attainment]:
    return rows.select_related("entry", "certificate__revocation")


def _learner(
    person: Person,
    attainment: Attainment | None,
    booking: Booking | None = None,
    minutes: int | None = None,
) -> Learner:
    return Learner(
        person=person,
        booking=booking,
        minutes=minutes,
        attained_on=attainment.entry.about_from if attainment else None,
        source=str(attainment.get_source_display()) if attainment else "",
        expires_on=attainment.expires_on if attainment else None,
        certificate=_certificate(attainment),
    )


def _certificate(attainment: Attainment | None) -> str:
    found = getattr(attainment, "certificate", None)
    if found is None:
        return ""
    revoked = getattr(found, "revocation", None) is not None
    return f"{grouped(found.code)}{', revoked' if revoked else ''}"
