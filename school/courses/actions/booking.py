"""Places: asked for, approved, held, taken, given up and moved; every step is a fact, under the event's lock.

Who writes about a place holds the event's record book, so no place is given twice. Books are always
locked together and in one order, the people's with the event's.
"""

from collections.abc import Callable, Collection
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Subquery

from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.core.models import PORTAL, Fact
from school.courses import catalogue, conditions, policies, queries, telling
from school.courses.actions import steps
from school.courses.models import Booking, BookingStep, Event, Prerequisite
from school.people.models import Person
from school.people.queries import hats, identity

State = Booking.State

# How often the next in line are looked for again because the line moved meanwhile.
TRIES = 5


def ask_for_place(
    *, by: Person, person: Person, event: Event, uuid: UUID, needs: str = ""
) -> Booking:
    """Books a place, or joins the waiting list, or waits for approval; sent again it gives the first booking.

    `needs` (access, diet) is read by the School only and erased after the event. Raises DomainError
    with the reason when a condition stands against it, NotAllowed when somebody else may not be booked.
    """
    me = identity(person)
    with ledger.writing(event.book, person.book, answering=[uuid]) as pen:
        event = _anew(event, me)
        booking = Booking(event=event, person=person, asked_at=clock.now())
        draft = steps.drafted(booking, uuid, {"needs": needs.strip()})
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid].booking  # type: ignore[attr-defined, no-any-return]
        rule_may_book_for(by, person)
        conditions.check(event, me, clock.now())
        _begin(pen, draft, by)
    return booking


def approve(*, by: Person, booking: Booking, uuid: UUID) -> Booking:
    """Somebody who answers for the person says yes: a place if there is one, else the waiting list."""
    return _decide(by, booking, uuid, approved=True)


def refuse(*, by: Person, booking: Booking, reason: str, uuid: UUID) -> Booking:
    """Somebody who answers for the person says no, with the reason for them."""
    if not reason.strip():
        raise DomainError("Enter why, so that the person knows.", field="reason")
    return _decide(by, booking, uuid, approved=False, reason=reason)


def take_place(*, by: Person, booking: Booking, uuid: UUID) -> Booking:
    """Takes the place that is held for oneself."""
    return _step(by, booking, State.BOOKED, uuid, rule_own_booking, rule_still_held, rule_can_come)


def say_no(*, by: Person, booking: Booking, uuid: UUID) -> Booking:
    """Says no to the place that is held for oneself; it goes to the next in line."""
    done = _step(by, booking, State.DECLINED, uuid, rule_own_booking, rule_held)
    offer_places(booking.event)
    return done


def give_up(*, by: Person, booking: Booking, uuid: UUID, reason: str = "") -> Booking:
    """Gives a place up, or leaves the line; who had it may ask anew, behind everybody else who waits."""
    done = _step(
        by, booking, State.CANCELLED, uuid, rule_may_give_up, rule_not_begun, reason=reason
    )
    offer_places(booking.event)
    return done


def move_to(*, by: Person, booking: Booking, event: Event, uuid: UUID) -> Booking:
    """Moves a booking to a place at another date of the same course; without a place there nothing is given up.

    An approval that the booking has counts there too.
    """
    old = booking.event
    with ledger.writing(old.book, event.book, booking.person.book, answering=[uuid]) as pen:
        event, kept = _anew(event), _locked(booking)
        new = Booking(event=event, person=kept.person, asked_at=clock.now(), moved_from=kept)
        draft = steps.drafted(new, uuid, {"needs": queries.needs_of(kept)})
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid].booking  # type: ignore[attr-defined, no-any-return]
        rule_may_give_up(by, kept)
        rule_not_begun(by, kept)
        rule_same_course(kept, event)
        # Given up first, so that the old date does not clash with the new one.
        carried = kept.event.needs_approval and kept.state != State.REQUESTED
        approved = carried or _answers_for(by, kept.person)
        steps.write(
            pen, steps.drafted(kept, uuid4(), {}), State.CANCELLED, by=by.uuid, quietly=True
        )
        conditions.check(event, identity(kept.person), clock.now())
        rule_place_there(_first_state(event, approved=approved))
        _begin(pen, draft, by, approved=approved)
    offer_places(old)
    return new


def offer_places(event: Event) -> list[Booking]:
    """Holds free places for the next in line; gives whose they are now. Never once the event has begun."""
    for _ in range(TRIES):
        wanted = _next_in_line(_anew(event))
        if not wanted:
            return []
        with ledger.writing(event.book, *(booking.person.book for booking in wanted)) as pen:
            event = _anew(event)
            if [booking.pk for booking in _next_in_line(event)] != [one.pk for one in wanted]:
                continue
            until = min(clock.now() + event.hold_for, event.starts)
            for booking in wanted:
                booking.event = event
                draft = steps.drafted(booking, uuid4(), {})
                steps.write(pen, draft, State.HELD, by=PORTAL, held_until=until)
            return wanted
    return []


def let_lapse(booking: Booking) -> bool:
    """A held place whose time has run out goes to the next in line; whether this one did."""
    with ledger.writing(booking.event.book, booking.person.book) as pen:
        kept = _locked(booking)
        lapsed = kept.state == State.HELD and queries.held_till(kept) <= clock.now()
        if lapsed:
            reason = "It was not taken in time."
            draft = steps.drafted(kept, uuid4(), {"reason": reason})
            steps.write(pen, draft, State.DECLINED, by=PORTAL, reason=reason)
    offer_places(booking.event)
    return lapsed


def rule_may_book_for(by: Person, person: Person) -> None:
    """One books for oneself and for those one answers for; School educators for everyone."""
    if person.pk == by.pk or person.pk in identity(by) or _answers_for(by, person):
        return
    raise NotAllowed("You can book for yourself and for those you answer for.")


def rule_answers_for(by: Person, booking: Booking) -> None:
    """A request is decided by who answers for the person, never by the person."""
    if booking.person_id in identity(by):
        raise NotAllowed("Somebody else decides about your own request.")
    if not _answers_for(by, booking.person):
        raise NotAllowed("You do not answer for this person.")


def rule_own_booking(by: Person, booking: Booking) -> None:
    """A held place is taken or refused by the person it is held for."""
    if booking.person_id not in identity(by):
        raise NotAllowed("Only the person it is held for takes a place.")


def rule_may_give_up(by: Person, booking: Booking) -> None:
    """A place is given up by its person or by who may book for them."""
    rule_may_book_for(by, booking.person)


def rule_held(by: Person, booking: Booking) -> None:
    """Only a place that is held can be taken or refused."""
    del by
    if booking.state != State.HELD:
        raise Conflict(f"No place is held: this booking is {booking.get_state_display()}.")


def rule_still_held(by: Person, booking: Booking) -> None:
    """A held place is taken before its time runs out, and before the event begins."""
    rule_held(by, booking)
    until = queries.held_till(booking)
    if until <= clock.now():
        raise DomainError(
            f"The place was held until {conditions.said(until)} and goes to the next in line."
        )


def rule_can_come(by: Person, booking: Booking) -> None:
    """A place is given to nobody who is due elsewhere meanwhile, or lacks what the course asks for first."""
    del by
    me = identity(booking.person)
    conditions.check(booking.event, me, clock.now(), conditions.LATER)


def rule_not_begun(by: Person, booking: Booking) -> None:
    """A place can be given up until the event begins."""
    del by
    if clock.now() >= booking.event.starts:
        raise DomainError("This event has begun. Tell the School if you were not there.")


def rule_same_course(booking: Booking, event: Event) -> None:
    """A booking moves to another date of its course."""
    if event.pk == booking.event_id:
        raise DomainError("Choose another date.")
    if event.version.course_id != booking.event.version.course_id:
        raise DomainError("This is another course: book it by itself.")


def rule_place_there(state: Booking.State) -> None:
    """A booking moves only where there is a place at once."""
    words = {
        State.REQUESTED: "wants approval first, so this booking stands. Ask on its own page.",
        State.WAITING: "has no free place, so this booking stands. Its own page has the line.",
    }
    if state in words:
        raise DomainError(f"That date {words[state]}", field="event")


def rule_same_step(step: Fact, booking: Booking, *states: Booking.State) -> None:
    """What was sent before led this booking to what is asked for now: else it was something else."""
    before: BookingStep = step  # type: ignore[assignment]
    if before.booking_id != booking.pk or before.state not in states:
        raise Conflict(
            f"Something else was done from this page before: this booking is "
            f"{booking.get_state_display()}. Nothing was changed. Choose again."
        )


def _answers_for(by: Person, person: Person) -> bool:
    """Whether somebody may send a person on an event without asking anybody else."""
    if person.pk == by.pk:
        return False
    held, me = hats(by), identity(by)
    if person.pk in me:
        return False
    return policies.teaches(held) or policies.staff_of(me, held).filter(pk=person.pk).exists()


def _begin(pen: Pen, draft: Draft, by: Person, *, approved: bool = False) -> None:
    """The first step of a booking, and who has to hear of it."""
    step: BookingStep = draft.fact  # type: ignore[assignment]
    booking = step.booking
    person = booking.person
    own = person.pk == by.pk or person.pk in identity(by)
    approved = approved or (not own and _answers_for(by, person))
    state = _first_state(booking.event, approved=approved)
    steps.write(pen, draft, state, by=by.uuid, quietly=True)
    telling.tell_step(step, booked_by="" if own else by.name)
    if state == State.REQUESTED:
        telling.tell_approvers(booking, queries.approvers(person))


def _first_state(event: Event, *, approved: bool) -> Booking.State:
    """What a wish for a place at an event, read anew, leads to."""
    if event.needs_approval and not approved:
        return State.REQUESTED
    # A place that is free while others wait is theirs: it is about to be held for them.
    taken, waiting = event.taken, event.waiting  # type: ignore[attr-defined]
    free = taken < event.capacity and not (waiting and _next_in_line(event))
    return State.BOOKED if free else State.WAITING


def _decide(
    by: Person, booking: Booking, uuid: UUID, *, approved: bool, reason: str = ""
) -> Booking:
    with ledger.writing(booking.event.book, booking.person.book, answering=[uuid]) as pen:
        kept = _locked(booking)
        draft = steps.drafted(kept, uuid, {"reason": reason.strip()})
        done = pen.answered([draft], by=by.uuid)
        if done:
            states = (State.BOOKED, State.WAITING) if approved else (State.DECLINED,)
            rule_same_step(done[uuid], kept, *states)
            return kept
        rule_answers_for(by, kept)
        rule_not_begun(by, kept)
        if kept.state != State.REQUESTED:
            raise Conflict(f"This request is {kept.get_state_display()} already.")
        state = State.DECLINED
        if approved:
            rule_can_come(by, kept)
            state = _first_state(_anew(kept.event), approved=True)
        steps.write(pen, draft, state, by=by.uuid, reason=reason.strip())
    return kept


def _step(
    by: Person,
    booking: Booking,
    state: Booking.State,
    uuid: UUID,
    *rules: Callable[[Person, Booking], None],
    reason: str = "",
) -> Booking:
    with ledger.writing(booking.event.book, booking.person.book, answering=[uuid]) as pen:
        kept = _locked(booking)
        draft = steps.drafted(kept, uuid, {"reason": reason.strip()})
        done = pen.answered([draft], by=by.uuid)
        if done:
            rule_same_step(done[uuid], kept, state)
            return kept
        for rule in rules:
            rule(by, kept)
        steps.write(pen, draft, state, by=by.uuid, reason=reason.strip())
    return kept


def _anew(event: Event, me: Collection[int] = ()) -> Event:
    """The event as it is now that its book is locked: its places, whether its course asks for another first.

    Also the state of the booking that somebody, by the keys of everyone they are, has there.
    """
    rows = catalogue.with_places(Event.objects.filter(pk=event.pk))
    asked = Prerequisite.objects.filter(version=OuterRef("version"))
    if me:
        own = queries.bookings_of(me).filter(event=OuterRef("pk"))
        rows = rows.annotate(own=Subquery(own.values("state")[:1]))
    return rows.annotate(asks=Exists(asked)).select_related("version", "book", "site").get()


def _locked(booking: Booking) -> Booking:
    """The booking as it is now that its books are locked."""
    related = (
        "event__version__course",
        "event__book",
        "event__site",
        "person__book",
        "person__user",
    )
    return Booking.objects.select_related(*related).get(pk=booking.pk)


def _next_in_line(event: Event) -> list[Booking]:
    if event.state != Event.State.OPEN or clock.now() >= event.starts:
        return []
    free, found = queries.free(event), list[Booking]()
    for booking in queries.line(event) if free else ():
        if len(found) < free and _can_come(booking, event):
            found.append(booking)
    return found


def _can_come(booking: Booking, event: Event) -> bool:
    """Whether somebody in line could take a place now; who could not keeps their place in line."""
    try:
        conditions.check(event, identity(booking.person), clock.now(), conditions.LATER)
    except DomainError:
        return False
    return True
