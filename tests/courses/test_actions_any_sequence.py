"""Any sequence of what people, managers, the School and the clock do keeps capacity, fairness and the record."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from school.core import clock
from school.core.errors import DomainError
from school.courses import queries, standing, tasks
from school.courses.actions import booking as places
from school.courses.actions import teaching
from school.courses.models import Booking, BookingStep, Event
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.games import play

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

State = Booking.State
NAMES = ("Alice Amber", "Bob Birch", "Cara Cedar", "Dan Dell", "Eve Elm")

who = st.integers(0, len(NAMES) - 1)
some = st.integers(0, 30)
which = st.integers(0, 1)


class World:
    """Five people, and two dates of a course, of which the second asks for approval."""

    def __init__(self) -> None:
        self.teacher = making.make_teacher()
        self.people: list[Person] = [make.make_person(name) for name in NAMES]
        version = making.make_version(by=self.teacher)
        first = clock.today() + timedelta(days=5)
        self.events = [
            making.make_event(
                version,
                by=self.teacher,
                day=first + timedelta(days=n),
                capacity=2 - n,
                needs_approval=bool(n),
                hold_for=timedelta(hours=20),
            )
            for n in range(2)
        ]


def machine(world: World, traveller: Any) -> type[RuleBasedStateMachine]:
    """The machine that plays on a world; every run is rolled back."""
    began = clock.now()

    class Playing(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            traveller.move_to(began, tick=False)
            # By event that has begun, how often a place had been given by then.
            self.given: dict[int, int] = {}
            self.transaction = transaction.atomic()
            self.transaction.__enter__()

        def teardown(self) -> None:
            try:
                assert standing.rebuild() == []
            finally:
                transaction.set_rollback(True)
                self.transaction.__exit__(None, None, None)

        # What happens

        @rule(n=who, event=which)
        def ask(self, n: int, event: int) -> None:
            with suppress(DomainError):
                making.ask(world.people[n], world.events[event])

        @rule(n=some, yes=st.booleans())
        def decide(self, n: int, yes: bool) -> None:
            self.act(n, State.REQUESTED, places.approve if yes else self.refuse, by=world.teacher)

        @rule(n=some, booked=st.booleans())
        def give_up(self, n: int, booked: bool) -> None:
            self.act(n, State.BOOKED if booked else None, places.give_up)

        @rule(n=some)
        def take(self, n: int) -> None:
            self.act(n, State.HELD, places.take_place)

        @rule(n=some)
        def say_no(self, n: int) -> None:
            self.act(n, State.HELD, places.say_no)

        @rule(n=some, event=which)
        def move(self, n: int, event: int) -> None:
            def act(by: Person, booking: Booking, uuid: Any) -> None:
                places.move_to(by=by, booking=booking, event=world.events[event], uuid=uuid)

            self.act(n, None, act)

        @rule(event=which, capacity=st.integers(1, 3), earlier=st.sampled_from([0, 0, 0, 2]))
        def change(self, event: int, capacity: int, earlier: int) -> None:
            row = Event.objects.get(pk=world.events[event].pk)
            day = making.day_of(row) - timedelta(days=earlier)
            when = making.sessions(day)
            given = making.details(
                when[0].starts,
                capacity=capacity,
                needs_approval=row.needs_approval,
                hold_for=row.hold_for,
            )
            with suppress(DomainError):
                teaching.change_event(
                    by=world.teacher, event=row, details=given, sessions=when, uuid=uuid4()
                )

        @rule(event=which, n=some)
        def cancel(self, event: int, n: int) -> None:
            if n == 0:
                with suppress(DomainError):
                    teaching.cancel_event(
                        by=world.teacher, event=world.events[event], reason="Snow", uuid=uuid4()
                    )

        @rule(hours=st.sampled_from([1, 7, 21, 50]))
        def time_goes_by(self, hours: int) -> None:
            traveller.shift(timedelta(hours=hours))
            for event in Event.objects.filter(starts__lte=clock.now()):
                self.given.setdefault(event.pk, self.steps_that_give(event.pk))
            tasks.move_lists.func()

        # What always holds

        @invariant()
        def no_more_have_places_than_there_are(self) -> None:
            for event in Event.objects.all():
                assert queries.taken(event) <= event.capacity

        @invariant()
        def nobody_has_two_bookings(self) -> None:
            live = Booking.objects.filter(state__in=Booking.LIVE).values_list("event", "person")
            assert len(set(live)) == len(live)

        @invariant()
        def nothing_is_given_after_the_start(self) -> None:
            for event, given in self.given.items():
                assert given == self.steps_that_give(event)
            for booking in Booking.objects.filter(state=State.HELD).select_related("event"):
                assert clock.now() < queries.held_till(booking) <= booking.event.starts

        @invariant()
        def the_line_moves(self) -> None:
            """Nobody waits while a place is free that nobody is held."""
            tasks.move_lists.func()
            for event in Event.objects.filter(state=Event.State.OPEN, starts__gt=clock.now()):
                assert not (queries.free(event) and queries.line(event))

        @invariant()
        def nobody_who_gave_up_goes_before_who_waits(self) -> None:
            for event in Event.objects.all():
                line = [one.gave_up for one in queries.line(event)]  # type: ignore[attr-defined]
                assert line == sorted(line)
                gone = Booking.objects.filter(event=event, state=State.CANCELLED)
                gave_up = {one.person_id for one in gone if self.had_a_place(one)}
                for step in BookingStep.objects.filter(event=event, state=State.HELD):
                    if step.person_id in gave_up and self.gave_up_before(step):
                        assert self.waited_then(step) == []

        # How

        def steps_that_give(self, event: int) -> int:
            return BookingStep.objects.filter(event=event, state__in=Booking.TAKES_PLACE).count()

        def act(self, n: int, state: str | None, act: Any, by: Person | None = None) -> None:
            rows = Booking.objects.filter(state__in=[state] if state else Booking.LIVE)
            found = list(
                rows.select_related("event__version", "event__book", "person__book").order_by("pk")
            )
            if found:
                booking = found[n % len(found)]
                with suppress(DomainError):
                    act(by=by or booking.person, booking=booking, uuid=uuid4())

        def refuse(self, *, by: Person, booking: Booking, uuid: Any) -> None:
            places.refuse(by=by, booking=booking, reason="Too many are away.", uuid=uuid)

        def had_a_place(self, booking: Booking) -> bool:
            return booking.steps.filter(state__in=Booking.TAKES_PLACE).exists()

        def gave_up_before(self, step: BookingStep) -> bool:
            earlier = BookingStep.objects.filter(
                event=step.event_id,
                person=step.person_id,
                state__in=(State.CANCELLED, State.DECLINED),
                entry__pk__lt=step.entry.pk,
            )
            return any(self.had_a_place(one.booking) for one in earlier)

        def waited_then(self, step: BookingStep) -> list[BookingStep]:
            """Who waited when a place was offered, and had never given one up."""
            found = []
            for other in BookingStep.objects.filter(
                event=step.event_id, state=State.WAITING, entry__pk__lt=step.entry.pk
            ):
                later = other.booking.steps.filter(entry__pk__gt=other.entry.pk)
                left = later.order_by("entry__pk").first()
                waits = left is None or left.entry.pk > step.entry.pk
                if waits and not self.gave_up_before(other):
                    found.append(other)
            return found

    return Playing


def test_any_sequence_gives_no_place_twice_and_none_to_who_gave_it_up(time_machine: Any) -> None:
    world = World()
    play(machine(world, time_machine), games=20, steps=20)
