"""An event of two sessions on its day, with people who have places; times are set by time_machine."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import time_machine

from school.core import ledger
from school.courses.actions import attending
from school.courses.models import Booking, Event, Session
from school.courses.room import code
from school.people.models import Person
from tests import factories as make
from tests.courses import making

# A Thursday in winter, when London's clock is UTC; sessions 09:00 to 12:00 and 13:00 to 16:00.
DAY = date(2026, 11, 19)
BEFORE = datetime(2026, 11, 5, 10, tzinfo=UTC)
AFTER = datetime(2026, 11, 19, 17, tzinfo=UTC)


def at(wall: str, *, days: int = 0) -> time_machine.travel:
    """The clock on the day of the event: `with at("09:05"):`."""
    moment = datetime.fromisoformat(f"2026-11-19T{wall}+00:00") + timedelta(days=days)
    return time_machine.travel(moment, tick=False)


def made(*names: str, **columns: object) -> tuple[Person, Event, list[Booking]]:
    """A School educator, the event, and a booking for each name, made a fortnight before."""
    with time_machine.travel(BEFORE, tick=False):
        teacher = making.make_teacher()
        event = making.make_event(by=teacher, day=DAY, **columns)
        return teacher, event, [making.ask(make.make_person(name), event) for name in names]


def sessions(event: Event) -> list[Session]:
    """Morning and afternoon."""
    return list(event.sessions.select_related("event__version"))


def arrive(
    booking: Booking, session: Session, *, uuid: UUID | None = None, by: Person | None = None
) -> None:
    """Somebody scans the room's code and presses the button."""
    person = by or booking.person
    shown = code(session.uuid, datetime.now(UTC))
    ticket = attending.admit(by=person, session=session, code=shown)
    attending.arrive(by=person, session=session, ticket=ticket.signed(), uuid=uuid or uuid4())


def tick(teacher: Person, event: Event, *pairs: tuple[Booking, Session]) -> int:
    """The educator ticks people."""
    seen = [attending.Seen(booking, session, uuid4()) for booking, session in pairs]
    return attending.tick(by=teacher, event=event, seen=seen)


def close(teacher: Person, event: Event) -> None:
    """The register is closed an hour after the event."""
    with time_machine.travel(AFTER, tick=False):
        attending.close_register(by=teacher, event=event, uuid=uuid4())


def states(*bookings: Booking) -> list[str]:
    """How the bookings stand now."""
    return [Booking.objects.get(pk=booking.pk).state for booking in bookings]


def reason_of(booking: Booking) -> str:
    """The reason of a booking's newest step."""
    return ledger.private_text(booking.steps.order_by("-pk")[0], "reason")
