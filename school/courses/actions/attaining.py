"""Attainments: made when a course was attended or a module passed, void when that turns out not to be so."""

from datetime import date
from uuid import UUID

from school.core import days
from school.core.ledger import Draft, Pen
from school.courses import queries
from school.courses.models import Attainment, AttainmentVoid, Booking, CourseVersion, Revocation
from school.people.models import Person


def attain(pen: Pen, booking: Booking, *, by: UUID) -> Attainment:
    """An attainment for a booking that became attended, on the event's last day; once while it stands.

    The pen holds the person's book. One that was attained before stands beside it: nothing wipes it.
    """
    found = standing_of(booking)
    if found is not None:
        return found
    event = booking.event
    return enter(
        pen,
        booking.person,
        event.version,
        day=days.london_day(event.ends),
        source=Attainment.Source.EVENT,
        booking=booking,
        by=by,
    )


def enter(
    pen: Pen,
    person: Person,
    version: CourseVersion,
    *,
    day: date,
    source: Attainment.Source,
    by: UUID,
    booking: Booking | None = None,
) -> Attainment:
    """Writes an attainment of what the School teaches; it expires only where the version prints so."""
    expires_on = days.add_months(day, version.valid_months) if version.valid_months else None
    fact = Attainment(
        person=person,
        course_version=version,
        source=source,
        booking=booking,
        expires_on=expires_on,
    )
    pen.append([Draft(fact=fact, book=person.book, about_from=day)], by=by)
    return fact


def unattain(pen: Pen, booking: Booking, *, by: UUID, reason: str) -> AttainmentVoid | None:
    """Makes the attainment of a booking void, for a reason; none when none stands. The pen holds the person's book."""
    found = standing_of(booking)
    return make_void(pen, found, by=by, reason=reason) if found is not None else None


def make_void(pen: Pen, attainment: Attainment, *, by: UUID, reason: str) -> AttainmentVoid:
    """An attainment is as if it had not been, and its certificate and badge hold no longer."""
    book, day = attainment.person.book, attainment.entry.about_from
    void = AttainmentVoid(attainment=attainment)
    drafts = [Draft(fact=void, book=book, about_from=day, texts={"reason": reason})]
    certificate = queries.certificate_of(attainment)
    if certificate is not None and not queries.is_revoked(certificate):
        gone = Revocation(certificate=certificate)
        drafts.append(Draft(fact=gone, book=book, about_from=day, texts={"reason": reason}))
    pen.append(drafts, by=by)
    return void


def standing_of(booking: Booking) -> Attainment | None:
    """The attainment that a booking led to, unless it is void."""
    rows = queries.attainments().filter(booking=booking)
    return rows.select_related("entry", "person__book").first()
