"""One step of a booking: the fact, the state that it leads to, and who is told of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from school.core import days
from school.core.errors import Conflict
from school.core.ledger import Draft, Pen
from school.courses import telling
from school.courses.models import Booking, BookingStep

State = Booking.State


def enter(
    pen: Pen, booking: Booking, state: Booking.State, *, by: UUID, reason: str = ""
) -> BookingStep:
    """Writes one more step of a booking with a pen that holds its books; for acts about many bookings."""
    return write(pen, drafted(booking, uuid4(), {"reason": reason}), state, by=by, reason=reason)


def step_to(booking: Booking, state: Booking.State) -> Draft:
    """One more step of a booking, for an act that writes and saves those of many together, and tells nobody."""
    draft = drafted(booking, uuid4(), {})
    _lead(draft, state)
    return draft


def drafted(booking: Booking, uuid: UUID, texts: Mapping[str, str]) -> Draft:
    """A step of a booking that is not written yet, with its private texts."""
    return Draft(
        fact=BookingStep(booking=booking, event=booking.event, person=booking.person),
        book=booking.person.book,
        about_from=days.london_day(booking.event.starts),
        uuid=uuid,
        texts={name: words for name, words in texts.items() if words},
    )


def write(
    pen: Pen,
    draft: Draft,
    state: Booking.State,
    *,
    by: UUID,
    held_until: datetime | None = None,
    reason: str = "",
    quietly: bool = False,
) -> BookingStep:
    """Writes the step and the state that it leads to, together, and tells the person."""
    step = _lead(draft, state, held_until)
    step.booking.save()
    pen.append([draft], by=by)
    if not quietly:
        telling.tell_step(step, reason)
    return step


def rule_move(booking: Booking, state: Booking.State) -> None:
    """A booking goes only where Booking.MOVES lets it."""
    before = State(booking.state) if booking.state else None
    if state not in Booking.MOVES[before]:
        raise Conflict(
            f"This booking is {booking.get_state_display()} already. Nothing was changed."
        )


def _lead(draft: Draft, state: Booking.State, held_until: datetime | None = None) -> BookingStep:
    """Gives a step, and the booking that it is of, the state that it leads to."""
    step: BookingStep = draft.fact  # type: ignore[assignment]
    booking = step.booking
    rule_move(booking, state)
    booking.state, booking.held_until = state, held_until
    step.state, step.held_until = state, held_until
    return step
