"""What attendance comes to, written: the step of each booking, and the attainment that is made or made void with it."""

from collections.abc import Sequence

from school.core.ledger import Draft, Pen
from school.courses import register_queries as register
from school.courses import telling
from school.courses.actions import attaining, steps
from school.courses.models import Booking, Event
from school.people.models import Person

State = Booking.State

# How many people's outcomes are written in one go. Their certificates are made in one task, and while it
# runs its worker does nothing else, such as handing over mail that somebody waits for.
TOGETHER = 10


def settle(pen: Pen, booking: Booking, *, by: Person, reason: str, excused: bool) -> None:
    """Moves a booking to what the register says of it now, for a reason."""
    sessions = list(booking.event.sessions.all())
    known = register.said_of([booking])
    came_to = register.outcome_of(booking, booking.event, sessions, known, excused=excused)
    state, before = State(came_to.value), booking.state
    if state == before:
        return
    steps.enter(pen, booking, state, by=by.uuid, reason=reason)
    if state == State.ATTENDED:
        attaining.attain(pen, booking, by=by.uuid)
    elif before == State.ATTENDED:
        attaining.unattain(pen, booking, by=by.uuid, reason=reason)


def conclude(pen: Pen, event: Event, *, by: Person) -> None:
    """Moves everyone on the register of an event that is over to what it says of them, and asks who came what they think."""
    bookings = list(register.with_place(event))
    known = register.said_of(bookings)
    sessions = list(event.sessions.all())
    moved = []
    for one in bookings:
        one.event = event
        excused = one.state == State.EXCUSED
        came_to = register.outcome_of(one, event, sessions, known, excused=excused)
        moved.append((one, State(came_to.value)))
    for first in range(0, len(moved), TOGETHER):
        _write(pen, moved[first : first + TOGETHER], by=by)


def _write(pen: Pen, moved: Sequence[tuple[Booking, Booking.State]], *, by: Person) -> None:
    """Writes outcomes, each attainment behind the step that makes it, and voids what no longer stands."""
    attained = attaining.standing_of([booking for booking, _ in moved])
    drafts: list[Draft] = []
    for booking, state in moved:
        if state == booking.state:
            continue
        drafts.append(steps.step_to(booking, state))
        if state == State.ATTENDED and booking.pk not in attained:
            drafts.append(attaining.attained(booking))
    Booking.objects.bulk_update([booking for booking, _ in moved], ["state"])
    pen.append(drafts, by=by.uuid)
    for booking, state in moved:
        if state != State.ATTENDED and booking.pk in attained:
            reason = f"The register was closed: {state.label}."
            attaining.make_void(pen, attained[booking.pk], by=by.uuid, reason=reason)
        if state in (State.ATTENDED, State.PARTLY):
            telling.tell_to_evaluate(booking)
