"""Events with everybody who booked them, as rows and facts of their own days, written together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from simple_history.utils import bulk_create_with_history

from school.core import days
from school.core.ledger import Draft
from school.core.models import Book, Fact
from school.courses.models import (
    Attainment,
    Attendance,
    Booking,
    BookingStep,
    CourseVersion,
    Event,
    EventEvaluation,
    EventStep,
    Session,
)
from school.demo.run import Build, write
from school.people.models import Person

State = Booking.State
DAY = timedelta(days=1)
# When a day of teaching is held: from, to, and what its session is called.
FULL_DAY = ((time(9, 30), time(12, 30), "Morning"), (time(13, 15), time(16, 15), "Afternoon"))
MORNING = ((time(9, 30), time(13, 30), "Morning"),)
LUNCH = ((time(12, 30), time(13, 30), ""),)
EVENING = ((time(18, 0), time(19, 30), ""),)
Times = Sequence[tuple[time, time, str]]

CONTACT = "school@demo.example"
REGISTERED, CLOSED_BEFORE = timedelta(days=75), timedelta(days=7)


@dataclass
class Gathering:
    """What is to be written of some events; `write` writes it."""

    run: Build
    events: list[Event] = field(default_factory=list)
    sessions: dict[UUID, list[Session]] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    def hold(
        self,
        version: CourseVersion,
        dates: Sequence[date],
        times: Times,
        *,
        opened: date | None = None,
        state: Event.State = Event.State.OPEN,
        reason: str = "",
        **columns: Any,
    ) -> Event:
        """An event on some days, open since `opened`; in another state, that came last, for a reason."""
        run = self.run
        spans = [
            (days.instant(day, starts), days.instant(day, ends), title)
            for day in dates
            for starts, ends, title in times
        ]
        opened = opened or min(dates[0] - REGISTERED, run.today - DAY)
        closes = days.instant(dates[0] - CLOSED_BEFORE, time(17))
        if columns.get("site"):
            columns["region"] = columns["site"].network_region
        else:
            columns["format"] = Event.Format.ONLINE
        values = {
            "format": Event.Format.IN_PERSON,
            "opens": days.instant(opened, time(9)),
            "closes": max(closes, days.instant(opened, time(10))),
            "contact": CONTACT,
            **columns,
        }
        event = Event(
            uuid=run.uuid(),
            book=Book(uuid=run.uuid(), kind=Book.Kind.EVENT),
            version=version,
            state=state,
            starts=spans[0][0],
            ends=spans[-1][1],
            **values,
        )
        self.events.append(event)
        self.sessions[event.uuid] = [
            Session(uuid=run.uuid(), event=event, title=title, starts=starts, ends=ends)
            for starts, ends, title in spans
        ]
        if state != Event.State.DRAFT:
            self._step(event, Event.State.OPEN, min(opened, run.today))
        if state == Event.State.CLOSED:
            self._step(event, state, min(dates[-1] + DAY, run.today))
        if state == Event.State.CANCELLED:
            self._step(event, state, run.today - DAY, reason)
        return event

    def book(
        self,
        event: Event,
        person: Person,
        *states: Booking.State,
        asked: date,
        held_until: datetime | None = None,
        reason: str = "",
        needs: str = "",
    ) -> Booking:
        """Somebody's booking, which came into the states one after the other, the first on the day they asked."""
        run = self.run
        booking = Booking(
            uuid=run.uuid(),
            event=event,
            person=person,
            state=states[-1],
            held_until=held_until,
            asked_at=days.instant(asked, time(9, len(self.bookings) % 60)),
        )
        self.bookings.append(booking)
        for number, state in enumerate(states):
            last = number == len(states) - 1
            step = BookingStep(
                booking=booking,
                event=event,
                person=person,
                state=state,
                held_until=held_until if state == State.HELD else None,
            )
            texts = {"needs": needs} if needs and not number else {}
            if reason and last:
                texts["reason"] = reason
            known = asked if not number else self._decided(event, state, asked)
            self._draft(step, person.book, days.london_day(event.starts), known, texts)
        return booking

    def attended(self, event: Event, person: Person, outcome: Booking.State) -> Booking:
        """Somebody's place at an event of the past, what the register says of it, and what it made."""
        asked = days.london_day(event.opens) + DAY * (1 + len(self.bookings) % 20)
        booking = self.book(event, person, State.BOOKED, outcome, asked=asked)
        sessions = self.sessions[event.uuid]
        there = {State.ATTENDED: len(sessions), State.PARTLY: len(sessions) // 2}.get(outcome, 0)
        known = days.london_day(event.ends)
        for session in sessions[:there]:
            fact = Attendance(booking=booking, session=session, way=Attendance.Way.HAND)
            self._draft(fact, person.book, days.london_day(session.starts), known)
        if outcome == State.ATTENDED:
            self._draft(_attainment(booking, known), person.book, known, known + DAY)
        return booking

    def evaluate(self, booking: Booking, ratings: str, comment: str = "") -> None:
        """What somebody thought of an event, two days after it."""
        event = booking.event
        known = min(days.london_day(event.ends) + 2 * DAY, self.run.today)
        fact = EventEvaluation(booking=booking, ratings=ratings)
        texts = {"comment": comment} if comment else {}
        book = booking.person.book
        self._draft(fact, book, days.london_day(event.starts), known, texts)

    def write(self) -> None:
        """Writes everything, each kind in one go."""
        Book.objects.bulk_create(event.book for event in self.events)
        bulk_create_with_history(self.events, Event)
        sessions = [session for held in self.sessions.values() for session in held]
        bulk_create_with_history(sessions, Session)
        Booking.objects.bulk_create(self.bookings)
        write(self.drafts)

    def _decided(self, event: Event, state: Booking.State, asked: date) -> date:
        """When a later state was known: an outcome after the event, anything else a day ago."""
        if state in Booking.AFTERWARDS:
            return min(days.london_day(event.ends) + DAY, self.run.today)
        return max(asked, self.run.today - DAY)

    def _step(self, event: Event, state: Event.State, known: date, reason: str = "") -> None:
        step = EventStep(
            event=event,
            course_version=event.version,
            state=state,
            starts=event.starts,
            ends=event.ends,
        )
        texts = {"reason": reason} if reason else {}
        self._draft(step, event.book, days.london_day(event.starts), known, texts)

    def _draft(
        self, fact: Fact, book: Book, day: date, known: date, texts: dict[str, str] | None = None
    ) -> None:
        self.drafts.append(
            Draft(
                fact=fact,
                book=book,
                about_from=day,
                uuid=self.run.uuid(),
                known_from=known,
                texts=texts or {},
            )
        )


def _attainment(booking: Booking, day: date) -> Attainment:
    version = booking.event.version
    return Attainment(
        person=booking.person,
        course_version=version,
        source=Attainment.Source.EVENT,
        booking=booking,
        expires_on=days.add_months(day, version.valid_months) if version.valid_months else None,
    )
