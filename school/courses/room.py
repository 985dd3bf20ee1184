"""The code on a room's screen, which changes every half minute, and the ticket of who scanned it in time."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

STEP = timedelta(seconds=30)
# The code of now and the two before it: who scans needs time to reach the page.
STEPS = 3
CODE_SALT = "school.courses.room.code"
TICKET_SALT = "school.courses.room.ticket"


def code(session: UUID, at: datetime) -> str:
    """The code of a session at an instant: a keyed digest of both, in letters that an address can hold."""
    step = int(at.timestamp()) // int(STEP.total_seconds())
    digest = salted_hmac(CODE_SALT, f"{session}:{step}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:15]).decode()


def is_fresh(session: UUID, typed: str, at: datetime) -> bool:
    """Whether a code stood on the session's screen within the last minute and a half."""
    return any(constant_time_compare(typed, code(session, at - STEP * n)) for n in range(STEPS))


@dataclass(frozen=True, slots=True)
class Ticket:
    """Somebody scanned the fresh code of a session; it lets them say so later, when there is a network."""

    session: UUID
    person: UUID
    opened: datetime

    def signed(self) -> str:
        """The ticket as a page holds it."""
        opened = int(self.opened.timestamp())
        return signing.dumps([str(self.session), str(self.person), opened], salt=TICKET_SALT)


def read_ticket(signed: str) -> Ticket | None:
    """The ticket that a page sent; none when it was not written here."""
    try:
        session, person, opened = _loaded(signed)
        return Ticket(UUID(session), UUID(person), datetime.fromtimestamp(opened, UTC))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _loaded(signed: str) -> Any:
    return signing.loads(signed, salt=TICKET_SALT)
