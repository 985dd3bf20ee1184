"""What attendance comes to: the minutes that somebody was there for against the share that a course asks for."""

from datetime import datetime, timedelta
from enum import StrEnum

from school.core.share import least_of

# How long before a session people are let in, and its register opens.
BEFORE = timedelta(minutes=30)
# How long after a session a press that was kept on a phone without network is still taken.
LATE = timedelta(hours=24)
# How far a phone's clock may be behind the server's.
SKEW = timedelta(minutes=5)


class Outcome(StrEnum):
    """What somebody's attendance of an event comes to, by the names that bookings have for it."""

    ATTENDED = "attended"
    PARTLY = "partly"
    ABSENT = "absent"
    EXCUSED = "excused"


def minutes(starts: datetime, ends: datetime) -> int:
    """The whole minutes of a session, by the clock that never goes back."""
    return int((ends - starts).total_seconds()) // 60


def outcome(attended: int, held: int, percent: int, *, excused: bool = False) -> Outcome:
    """What `attended` of the `held` minutes come to where a course asks for `percent` of them.

    An excuse covers what was missed; who was there for long enough has attended all the same.
    """
    if attended and attended >= least_of(percent, held):
        return Outcome.ATTENDED
    if excused:
        return Outcome.EXCUSED
    return Outcome.PARTLY if attended else Outcome.ABSENT


def pressed_in_time(
    *, ends: datetime, now: datetime, opened: datetime, pressed: datetime | None
) -> bool:
    """Whether somebody who opened the page of a session said in time that they are there.

    What reaches the server after the session was kept by a phone without network: its own clock must
    say that it was pressed between the opening of the page and the end of the session.
    """
    if now <= ends:
        return True
    return pressed is not None and opened - SKEW <= pressed <= ends and now <= ends + LATE
