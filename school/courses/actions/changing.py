"""What a change of an event asks: that its form was not sent before otherwise, and that its version holds on its day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from school.core import days
from school.core.errors import Conflict, DomainError
from school.courses import queries
from school.courses.models import Booking, CourseVersion, Event

# A session as it is compared: start, end and title.
Held = tuple[datetime, datetime, str]


def version_for(event: Event, starts: datetime) -> CourseVersion:
    """The version that an event teaches when it begins then: on another day, the one that holds on that day."""
    day = days.london_day(starts)
    if day == days.london_day(event.starts):
        return event.version
    found = queries.version_on(event.version.course, day)
    if found is None:
        raise DomainError(
            "No version of this course holds on that day. Publish one first.", field="sessions"
        )
    if found != event.version:
        rule_nobody_booked(event, found)
    return found


def rule_nobody_booked(event: Event, other: CourseVersion) -> None:
    """What people booked is what they are taught: an event takes another version only while nobody booked it."""
    if Booking.objects.filter(event=event).exists():
        raise DomainError(
            f"On that day version {other.number} holds, and people booked version "
            f"{event.version.number}. Choose a day on which that one holds, or cancel this event "
            "and make another.",
            field="sessions",
        )


def rule_same_change(event: Event, sent: Mapping[str, Any], sessions: Sequence[Held]) -> None:
    """A change sent again says what the event holds; anything else typed under its UUID is refused."""
    held = list(event.sessions.values_list("starts", "ends", "title"))
    same = all(getattr(event, name) == value for name, value in sent.items())
    if not same or held != sorted(sessions):
        raise Conflict(
            "This form was saved before with other content. What was saved stands; what you typed "
            "now is still here. Open the change of this event anew to save it."
        )
