"""What somebody needs at an event (access, diet), said anew: the words before are erased, for nobody needs them any more."""

from uuid import UUID, uuid5

from school.core import clock, days, ledger
from school.core.erasure import erase
from school.core.errors import DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.models import Erasure, LedgerEntry
from school.courses import queries
from school.courses.models import Booking, BookingStep
from school.people.models import Person
from school.people.queries import identity


def say_needs(*, by: Person, booking: Booking, needs: str, uuid: UUID) -> Booking:
    """Says anew what one needs at an event, or, without words, that one needs nothing; sent again it does nothing."""
    words = needs.strip()
    with ledger.writing(booking.person.book, answering=[uuid]) as pen:
        kept = Booking.objects.select_related("event__book", "person__book").get(pk=booking.pk)
        step = BookingStep(
            booking=kept,
            event=kept.event,
            person=kept.person,
            state=kept.state,
            held_until=kept.held_until,
        )
        draft = Draft(
            fact=step,
            book=kept.person.book,
            about_from=days.london_day(kept.event.starts),
            uuid=uuid,
            texts={"needs": words},
        )
        if words and pen.answered([draft], by=by.uuid):
            return kept
        rule_own_needs(by, kept)
        rule_still_of_use(kept)
        if words == queries.needs_of(kept):
            return kept
        entries = kept.steps.select_related(None).values("entry")
        before = list(
            LedgerEntry.objects.filter(private_texts__name="needs", pk__in=entries)
            .select_related("book")
            .order_by("pk")
        )
        if words:
            pen.append([draft], by=by.uuid)
        for entry in before:
            one = uuid5(uuid, str(entry.uuid))
            erase(entry=entry, ground=Erasure.Ground.REQUEST, uuid=one, by=by.uuid)
    return kept


def rule_own_needs(by: Person, booking: Booking) -> None:
    """What somebody needs is said by themselves: whoever booked for them never reads it."""
    if booking.person_id not in identity(by):
        raise NotAllowed("What somebody needs, they say themselves.")


def rule_still_of_use(booking: Booking) -> None:
    """Needs are said while there is a place, or one is hoped for, at an event that has not begun."""
    if booking.state not in Booking.LIVE or clock.now() >= booking.event.starts:
        raise DomainError(
            f"This booking is not open any more, so nothing was kept. Write to {booking.event.contact}."
        )
