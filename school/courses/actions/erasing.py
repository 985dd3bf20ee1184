"""What people need (access, diet) is erased once it has served: the words go, the record that they were there stays."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Exists, OuterRef, Q, QuerySet

from school.core.erasure import erase
from school.core.models import PORTAL, ConflictingWrite, Erasure, PrivateText
from school.courses.models import Booking, BookingStep

State = Booking.State

# A fortnight leaves time to settle what went wrong with access or a meal, and no reason to keep it longer.
KEPT_AFTER = timedelta(days=14)
# Whoever has no place any more needs nothing there.
GONE = (State.CANCELLED, State.CANCELLED_BY_SCHOOL, State.DECLINED)


def erase_needs(now: datetime) -> int:
    """Erases the needs that have served by now; gives how many persons' words went."""
    served = _served(now)
    texts = PrivateText.objects.filter(entry=OuterRef("pk"), name="needs")
    steps = list(served.filter(Exists(texts)).order_by("pk"))
    for step in steps:
        uuid = uuid5(NAMESPACE_URL, f"needs:{step.entry.uuid}")
        erase(entry=step.entry, ground=Erasure.Ground.RETENTION, uuid=uuid, by=PORTAL)
    # A second request under the same identity was refused, and its words were kept for a look.
    refused = ConflictingWrite.objects.filter(
        kind=BookingStep.KIND, uuid__in=served.values("entry__uuid")
    )
    refused.delete()
    return len(steps)


def _served(now: datetime) -> QuerySet[BookingStep]:
    """The steps of bookings that nobody needs anything for any more."""
    rows: QuerySet[BookingStep] = BookingStep.objects.filter(
        Q(event__ends__lte=now - KEPT_AFTER) | Q(booking__state__in=GONE)
    )
    return rows
