"""Attainments: made when a course was attended or a module passed, void when that turns out not to be so."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from school.core import days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.courses import attained_queries, attained_telling, policies, queries
from school.courses.models import Attainment, AttainmentVoid, Booking, CourseVersion, Revocation
from school.people.models import Person
from school.people.queries import hats, identity


def attain(pen: Pen, booking: Booking, *, by: UUID) -> Attainment:
    """An attainment for a booking that became attended, on the event's last day; once while it stands.

    The pen holds the person's book. One that was attained before stands beside it: nothing wipes it.
    """
    found = standing_of([booking]).get(booking.pk)
    if found is not None:
        return found
    draft = attained(booking)
    pen.append([draft], by=by)
    return draft.fact  # type: ignore[return-value]


def attained(booking: Booking) -> Draft:
    """The attainment of a booking that became attended, to be written with a pen that holds the person's book."""
    event = booking.event
    return _draft(
        booking.person,
        event.version,
        day=days.london_day(event.ends),
        source=Attainment.Source.EVENT,
        booking=booking,
    )


def enter(
    pen: Pen,
    person: Person,
    version: CourseVersion,
    *,
    day: date,
    source: Attainment.Source,
    by: UUID,
) -> Attainment:
    """Writes an attainment of what the School teaches."""
    draft = _draft(person, version, day=day, source=source)
    pen.append([draft], by=by)
    return draft.fact  # type: ignore[return-value]


def _draft(
    person: Person,
    version: CourseVersion,
    *,
    day: date,
    source: Attainment.Source,
    booking: Booking | None = None,
) -> Draft:
    """An attainment of what the School teaches; it expires only where the version prints so."""
    expires_on = days.add_months(day, version.valid_months) if version.valid_months else None
    fact = Attainment(
        person=person,
        course_version=version,
        source=source,
        booking=booking,
        expires_on=expires_on,
    )
    return Draft(fact=fact, book=person.book, about_from=day)


def unattain(pen: Pen, booking: Booking, *, by: UUID, reason: str) -> AttainmentVoid | None:
    """Makes the attainment of a booking void, for a reason; none when none stands. The pen holds the person's book."""
    found = standing_of([booking]).get(booking.pk)
    return make_void(pen, found, by=by, reason=reason) if found is not None else None


def void_attainment(
    *, by: Person, attainment: Attainment, reason: str, uuid: UUID
) -> AttainmentVoid:
    """Somebody who keeps records says that an attainment is as if it had not been, and why; the person is told."""
    draft = _void(attainment, rule_reason(reason), uuid)
    with ledger.writing(attainment.person.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_may_judge(by, attainment)
        if attained_queries.is_void(attainment):
            raise Conflict("This attainment is void already. Nothing was changed.")
        return _enter_void(pen, draft, by=by.uuid)


def make_void(pen: Pen, attainment: Attainment, *, by: UUID, reason: str) -> AttainmentVoid:
    """An attainment is as if it had not been, and its certificate and badge hold no longer."""
    return _enter_void(pen, _void(attainment, reason), by=by)


def _void(attainment: Attainment, reason: str, uuid: UUID | None = None) -> Draft:
    return Draft(
        fact=AttainmentVoid(attainment=attainment),
        book=attainment.person.book,
        about_from=attainment.entry.about_from,
        uuid=uuid or uuid4(),
        texts={"reason": reason},
    )


def _enter_void(pen: Pen, draft: Draft, *, by: UUID) -> AttainmentVoid:
    void: AttainmentVoid = draft.fact  # type: ignore[assignment]
    drafts = [draft]
    certificate = queries.certificate_of(void.attainment)
    if certificate is not None and not queries.is_revoked(certificate):
        gone = Revocation(certificate=certificate)
        drafts.append(
            Draft(fact=gone, book=draft.book, about_from=draft.about_from, texts=draft.texts)
        )
    pen.append(drafts, by=by)
    attained_telling.tell_revoked(void.attainment)
    return void


def rule_may_judge(by: Person, attainment: Attainment) -> None:
    """School educators take back what was attained; who keeps staff records, what came from elsewhere. Never one's own."""
    me, held = identity(by), hats(by)
    if attainment.person_id in me:
        raise NotAllowed("This is your own. Somebody else decides about it.")
    if policies.teaches(held):
        return
    if attainment.source in attained_queries.CERTIFIED:
        raise NotAllowed("Only a School educator takes back what the School taught.")
    rule_keeps_records(by, attainment.person)


def rule_keeps_records(by: Person, person: Person) -> None:
    """Who keeps somebody's record of learning: School educators everybody's, others that of the staff in scope."""
    held, them = hats(by), identity(person)
    if set(identity(by)) & set(them):
        raise NotAllowed("This is your own. Somebody else decides about it.")
    if policies.teaches(held):
        return
    if not policies.staff_on_record(held).filter(pk__in=them).exists():
        raise NotAllowed("Your role does not keep the records of this person.")


def rule_reason(reason: str) -> str:
    """Whoever takes something back, or declines it, says why."""
    if not reason.strip():
        raise DomainError("Enter why, so that the person knows.", field="reason")
    return reason.strip()


def standing_of(bookings: Collection[Booking]) -> dict[int, Attainment]:
    """The attainments that bookings led to and that are not void, by the bookings' keys; one query."""
    rows = queries.attainments().filter(booking__in=bookings)
    related = ("entry", "person__book", "person__user", "course_version")
    return {row.booking_id: row for row in rows.select_related(*related) if row.booking_id}
