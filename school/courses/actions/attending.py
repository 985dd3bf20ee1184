"""The register: who was there, corrected with a reason, closed when the event is over; every word of it is a fact.

Attendance is written under the lock of the person's book. What moves a booking holds the event's as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.courses import register_queries as register
from school.courses.actions import outcomes, steps
from school.courses.actions.teaching import rule_may_teach, rule_step
from school.courses.attending import BEFORE, pressed_in_time
from school.courses.conditions import said
from school.courses.models import Attendance, Booking, Event, EventStep, Session
from school.courses.room import Ticket, is_fresh, read_ticket
from school.people.models import Person
from school.people.queries import identity

State = Booking.State
Way = Attendance.Way


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody was seen at a session; the uuid is made by whoever sends it."""

    booking: Booking
    session: Session
    uuid: UUID


def admit(*, by: Person, session: Session, code: str) -> Ticket:
    """Who scans the room's code in time gets a ticket for the session; nothing is written.

    Raises DomainError when the session is not held now, the code is old, or the person has no place.
    """
    now = clock.now()
    rule_register_open(session.event)
    rule_session_begun(session, now)
    rule_session_not_over(session, now)
    rule_code_fresh(session, code, now)
    rule_has_place(register.booking_of(by, session.event), session.event)
    return Ticket(session.uuid, by.uuid, now)


def arrive(
    *, by: Person, session: Session, ticket: str, uuid: UUID, device_time: datetime | None = None
) -> Attendance:
    """Puts the holder of a ticket on the register of its session; sent again, it is the same fact."""
    booking = rule_has_place(register.booking_of(by, session.event), session.event)
    with ledger.writing(booking.person.book, answering=[uuid]) as pen:
        draft = _draft(booking, session, uuid, Way.ROOM, device_time=device_time)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        held = rule_own_ticket(by, session, ticket)
        rule_pressed_in_time(session, held, device_time)
        kept = _locked(booking)
        rule_has_place(kept, kept.event)
        rule_register_open(kept.event)
        before = register.said_of_session(kept, session)
        if before is not None:
            rule_not_taken_off(before)
            return before
        pen.append([draft], by=by.uuid)
    return draft.fact  # type: ignore[return-value]


def tick(
    *,
    by: Person,
    event: Event,
    seen: Sequence[Seen],
    way: Attendance.Way = Way.HAND,
    device_time: datetime | None = None,
) -> int:
    """Puts people on the register, as many as were seen, in one act; gives how many were not on it yet.

    Who is on the register of a session already stays there once.
    """
    rule_may_teach(by)
    rule_not_own(by, [one.booking for one in seen])
    prefetch_related_objects([one.booking for one in seen], "person__book")
    books = {one.booking.person.book_id: one.booking.person.book for one in seen}
    with ledger.writing(*books.values(), answering=[one.uuid for one in seen]) as pen:
        drafts = [
            _draft(one.booking, one.session, one.uuid, way, device_time=device_time) for one in seen
        ]
        done = pen.answered(drafts, by=by.uuid)
        new = [draft for draft in drafts if draft.uuid not in done]
        if not new:
            return 0
        kept = _anew(event)
        rule_register_open(kept)
        for session in {one.session for one in seen}:
            rule_session_begun(session, clock.now())
        rule_all_have_place(seen, kept)
        known = register.said_of([one.booking for one in seen])
        missing = [
            draft
            for draft in new
            if (draft.fact.booking_id, draft.fact.session_id) not in known  # type: ignore[attr-defined]
        ]
        pen.append(missing, by=by.uuid)
    return len(missing)


def correct(
    *, by: Person, booking: Booking, session: Session, present: bool, reason: str, uuid: UUID
) -> Attendance:
    """Says otherwise of somebody's session, with a reason; the outcome of a closed register moves with it."""
    with ledger.writing(booking.event.book, booking.person.book, answering=[uuid]) as pen:
        kept = _locked(booking)
        before = register.said_of_session(kept, session)
        draft = _draft(kept, session, uuid, Way.HAND, present=present, supersedes=before)
        draft.texts = {"reason": reason.strip()}
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_may_teach(by)
        rule_not_own(by, [kept])
        rule_reason(reason)
        rule_has_place(kept, kept.event)
        rule_was_held(kept.event)
        rule_session_begun(session, clock.now())
        rule_says_otherwise(before, present)
        pen.append([draft], by=by.uuid)
        if kept.event.state == Event.State.CLOSED:
            excused = kept.state == State.EXCUSED
            outcomes.settle(pen, kept, by=by, reason=reason.strip(), excused=excused)
    return draft.fact  # type: ignore[return-value]


def excuse(*, by: Person, booking: Booking, reason: str) -> Booking:
    """Excuses what somebody missed, with the reason; said twice it is said once."""
    with ledger.writing(booking.event.book, booking.person.book) as pen:
        kept = _locked(booking)
        rule_may_teach(by)
        rule_not_own(by, [kept])
        if kept.state == State.EXCUSED:
            return kept
        rule_reason(reason)
        rule_has_place(kept, kept.event)
        rule_was_held(kept.event)
        rule_event_begun(kept.event, clock.now())
        rule_something_missed(kept)
        steps.enter(pen, kept, State.EXCUSED, by=by.uuid, reason=reason.strip())
    return kept


def end_excuse(*, by: Person, booking: Booking, reason: str) -> Booking:
    """Takes an excuse back, with the reason: the register speaks for itself again, once it is closed."""
    with ledger.writing(booking.event.book, booking.person.book) as pen:
        kept = _locked(booking)
        rule_may_teach(by)
        rule_not_own(by, [kept])
        if kept.state != State.EXCUSED:
            return kept
        rule_reason(reason)
        rule_was_held(kept.event)
        if kept.event.state == Event.State.CLOSED:
            outcomes.settle(pen, kept, by=by, reason=reason.strip(), excused=False)
        else:
            draft = steps.step_to(kept, State.BOOKED)
            draft.texts = {"reason": reason.strip()}
            kept.save()
            pen.append([draft], by=by.uuid)
    return kept


def close_register(*, by: Person, event: Event, uuid: UUID) -> Event:
    """Closes the register once the event is over: everyone's attendance becomes an outcome, and attainments are made.

    Nobody gets a place after an event began, so the books to lock are known beforehand.
    """
    listed = list(register.with_place(event))
    books = [booking.person.book for booking in listed]
    with ledger.writing(event.book, *books, answering=[uuid]) as pen:
        kept = _anew(event)
        step = EventStep(
            event=kept,
            course_version=kept.version,
            state=Event.State.CLOSED,
            starts=kept.starts,
            ends=kept.ends,
        )
        day = days.london_day(kept.starts)
        draft = Draft(fact=step, book=kept.book, about_from=day, uuid=uuid)
        if pen.answered([draft], by=by.uuid):
            return kept
        rule_may_teach(by)
        rule_register_open(kept)
        rule_over(kept)
        rule_step(kept, Event.State.CLOSED)
        kept.state = Event.State.CLOSED
        kept.save()
        pen.append([draft], by=by.uuid)
        outcomes.conclude(pen, kept, by=by)
    return kept


def rule_not_own(by: Person, bookings: Sequence[Booking]) -> None:
    """Nobody vouches for their own attendance, under any key they are known by."""
    if {booking.person_id for booking in bookings} & set(identity(by)):
        raise NotAllowed(
            "This is your own attendance: another School educator keeps it, or you scan the room’s code."
        )


def rule_register_open(event: Event) -> None:
    """People are put on the register of an event that is held, until the register is closed."""
    if event.state == Event.State.CLOSED:
        raise DomainError(
            "The register is closed. A School educator can still correct it, with a reason."
        )
    rule_was_held(event)


def rule_was_held(event: Event) -> None:
    """There is no register of an event that was cancelled or never opened."""
    if event.state not in (Event.State.OPEN, Event.State.CLOSED):
        raise DomainError(f"This event is {event.get_state_display()}: it has no register.")


def rule_session_begun(session: Session, now: datetime) -> None:
    """Nobody attends a session that is still to come; people are let in half an hour before."""
    opens = session.starts - BEFORE
    if now < opens:
        raise DomainError(
            f"This session begins on {said(session.starts)}. Its register opens on {said(opens)}."
        )


def rule_session_not_over(session: Session, now: datetime) -> None:
    """The room's code serves until the end of its session."""
    if now > session.ends:
        raise DomainError(
            f"This session ended on {said(session.ends)}. If you were there, tell the educator, "
            "who ticks you by hand."
        )


def rule_code_fresh(session: Session, code: str, now: datetime) -> None:
    """A code that was photographed and shared is old before it arrives."""
    if not is_fresh(session.uuid, code, now):
        raise DomainError(
            "This code is no longer the one on the screen: it changes every half minute. "
            "Scan the one that is there now."
        )


def rule_has_place(booking: Booking | None, event: Event) -> Booking:
    """Who is on the register has a place at the event; anybody else hears what to do."""
    if booking is None:
        raise DomainError(
            "You have no booking of this event. Tell the educator in the room, or write to "
            f"{event.contact}."
        )
    if booking.state not in register.WITH_PLACE:
        raise DomainError(
            f"This booking has no place: {booking.get_state_display()}. The educator in the room can "
            f"say what to do, or {event.contact}."
        )
    return booking


def rule_all_have_place(seen: Sequence[Seen], event: Event) -> None:
    """Whoever is ticked has a place still."""
    wanted = {one.booking.pk for one in seen}
    if register.with_place(event).filter(pk__in=wanted).count() != len(wanted):
        raise Conflict("Somebody you ticked has no place any more. Nothing was saved: look again.")


def rule_own_ticket(by: Person, session: Session, ticket: str) -> Ticket:
    """A ticket serves the person who scanned, at the session that they scanned."""
    held = read_ticket(ticket)
    if held is None or held.session != session.uuid:
        raise DomainError("This page is not that of a scanned code. Scan the code on the screen.")
    if held.person != by.uuid:
        raise NotAllowed(
            "Somebody else scanned this code. Everyone scans the one on the screen for themselves."
        )
    return held


def rule_pressed_in_time(session: Session, ticket: Ticket, device_time: datetime | None) -> None:
    """A ticket ends with its session; what a phone kept without network says when it was pressed."""
    if not pressed_in_time(
        ends=session.ends, now=clock.now(), opened=ticket.opened, pressed=device_time
    ):
        raise DomainError(
            f"This session ended on {said(session.ends)}, before you said that you are there. "
            "Tell the educator, who ticks you by hand."
        )


def rule_not_taken_off(before: Attendance) -> None:
    """Whom an educator took off the register does not put themselves back on it."""
    if not before.present:
        raise Conflict(
            "The School noted that you were not at this session. Tell the educator if you were."
        )


def rule_says_otherwise(before: Attendance | None, present: bool) -> None:
    """A correction says something else than what stands."""
    if before is None and not present:
        raise DomainError("Nobody said that they were there, so nothing is to be corrected.")
    if before is not None and before.present == present:
        raise Conflict("The register says so already. Nothing was changed.")


def rule_reason(reason: str) -> None:
    """What departs from the register has its reason."""
    if not reason.strip():
        raise DomainError("Enter the reason: it stays with the record.", field="reason")


def rule_event_begun(event: Event, now: datetime) -> None:
    """Before it begins, somebody who cannot come gives the place up, so that another has it."""
    if now < event.starts:
        raise DomainError(
            f"This event begins on {said(event.starts)}, and an excuse can be noted from then on. "
            "Whoever cannot come gives the place up before, for the next in line."
        )


def rule_something_missed(booking: Booking) -> None:
    """There is nothing to excuse for who attended."""
    if booking.state == State.ATTENDED:
        raise DomainError("This person attended, so there is nothing to excuse.")


def rule_over(event: Event) -> None:
    """A register is closed once its event is over."""
    if clock.now() < event.ends:
        raise DomainError(f"This event lasts until {said(event.ends)}. Close the register then.")


def _draft(
    booking: Booking,
    session: Session,
    uuid: UUID,
    way: Attendance.Way,
    *,
    present: bool = True,
    device_time: datetime | None = None,
    supersedes: Attendance | None = None,
) -> Draft:
    fact = Attendance(
        booking=booking,
        session=session,
        present=present,
        way=way,
        device_time=device_time,
        supersedes=supersedes,
    )
    day = days.london_day(session.starts)
    return Draft(fact=fact, book=booking.person.book, about_from=day, uuid=uuid)


def _anew(event: Event) -> Event:
    """The event as it is now that books are locked."""
    return Event.objects.select_related("version__course", "book").get(pk=event.pk)


def _locked(booking: Booking) -> Booking:
    """The booking as it is now that its books are locked."""
    related = ("event__version", "event__book", "person__book", "person__user")
    return Booking.objects.select_related(*related).get(pk=booking.pk)
