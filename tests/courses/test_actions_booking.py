"""Places asked for, held, taken, given up and moved."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from school.core import clock, ledger, registries
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.models import PORTAL, Book
from school.courses import queries, standing, tasks
from school.courses.actions import booking as places
from school.courses.actions import teaching
from school.courses.models import Booking, BookingStep, Event
from school.people.models import JobRole, Mail, Person, Post, PostTerm
from tests import factories as make
from tests.courses import making

pytestmark = [pytest.mark.django_db]

State = Booking.State


def steps(booking: Booking) -> list[str]:
    """The states a booking went through."""
    return list(booking.steps.order_by("entry__pk").values_list("state", flat=True))


def people(*names: str) -> list[Person]:
    return [make.make_person(name) for name in names]


def manager_of(person: Person) -> Person:
    """A line manager for a person, from a post that began a year ago."""
    manager = make.make_person("Marek Standin")
    role = JobRole.objects.create(code=f"r{person.pk}", title="Radiographer", staff_group="AHP")
    post = Post.objects.create(person=person)
    fact = PostTerm(
        post=post, job_role=role, site=make.make_site(), crew="static", line_manager=manager
    )
    with ledger.writing(person.book) as pen:
        day = clock.today() - timedelta(days=365)
        pen.append([Draft(fact=fact, book=person.book, about_from=day)], by=PORTAL)
    return manager


# Asking


def test_place_is_booked_while_there_is_one() -> None:
    event = making.make_event(capacity=1)
    alice, bob = people("Alice Amber", "Bob Birch")
    first, second = making.ask(alice, event), making.ask(bob, event)
    assert [first.state, second.state] == [State.BOOKED, State.WAITING]
    assert [steps(first), steps(second)] == [["booked"], ["waiting"]]
    assert BookingStep.objects.get(booking=first).entry.book_id == alice.book_id
    assert sorted(Mail.objects.values_list("kind", flat=True)) == [
        "booking_booked",
        "booking_waiting",
    ]


def test_same_request_again_gives_the_first_booking() -> None:
    event, [alice] = making.make_event(), people("Alice Amber")
    uuid = uuid4()
    done = [
        places.ask_for_place(by=alice, person=alice, event=event, uuid=uuid, needs="A ramp")
        for _ in range(2)
    ]
    assert done[0] == done[1]
    assert Booking.objects.count() == 1
    with pytest.raises(Conflict):
        places.ask_for_place(by=alice, person=alice, event=event, uuid=uuid, needs="No nuts")


def test_needs_are_private_text() -> None:
    booking = making.ask(*people("Alice Amber"), making.make_event(), needs="A ramp")
    step = booking.steps.get()
    assert ledger.private_text(step, "needs") == "A ramp"
    assert "ramp" not in step.entry.payload


def test_one_books_only_for_those_one_answers_for() -> None:
    event = making.make_event()
    alice, bob = people("Alice Amber", "Bob Birch")
    with pytest.raises(NotAllowed):
        places.ask_for_place(by=bob, person=alice, event=event, uuid=uuid4())
    manager = manager_of(alice)
    made = places.ask_for_place(by=manager, person=alice, event=event, uuid=uuid4())
    assert (made.person, made.state) == (alice, State.BOOKED)
    assert made.steps.get().entry.actor == manager.uuid


def test_lead_of_a_site_books_for_those_with_a_post_there() -> None:
    event, [alice] = making.make_event(), people("Alice Amber")
    manager_of(alice)
    lead = make.make_person("Lena Placeholder")
    from school.people.roles import SITE_LEAD

    make.make_grant(lead, SITE_LEAD, make.make_site("Freeman Hospital").scope)
    with pytest.raises(NotAllowed):
        places.ask_for_place(by=lead, person=alice, event=event, uuid=uuid4())
    make.make_grant(lead, SITE_LEAD, make.make_site().scope)
    made = places.ask_for_place(by=lead, person=alice, event=event, uuid=uuid4())
    assert made.state == State.BOOKED


# Approval


def test_request_waits_for_the_manager_who_says_yes() -> None:
    event, [alice] = making.make_event(needs_approval=True), people("Alice Amber")
    manager = manager_of(alice)
    asked = making.ask(alice, event)
    assert asked.state == State.REQUESTED
    assert Mail.objects.get(kind="booking_to_approve").person == manager
    with pytest.raises(NotAllowed):
        places.approve(by=alice, booking=asked, uuid=uuid4())
    with pytest.raises(NotAllowed):
        places.approve(by=make.make_person("Olga Other"), booking=asked, uuid=uuid4())
    assert places.approve(by=manager, booking=asked, uuid=uuid4()).state == State.BOOKED
    with pytest.raises(Conflict):
        places.refuse(by=manager, booking=asked, reason="Rota", uuid=uuid4())


def test_refusal_gives_its_reason_to_the_person() -> None:
    event, [alice] = making.make_event(needs_approval=True), people("Alice Amber")
    manager = manager_of(alice)
    asked = making.ask(alice, event)
    with pytest.raises(DomainError, match="Enter why"):
        places.refuse(by=manager, booking=asked, reason=" ", uuid=uuid4())
    places.refuse(by=manager, booking=asked, reason="Two are away that day.", uuid=uuid4())
    assert steps(asked) == ["requested", "declined"]
    assert "Two are away that day." in Mail.objects.get(kind="booking_declined").body


# The waiting list


def test_place_given_up_is_held_for_the_first_in_line_and_never_for_who_gave_it_up() -> None:
    """Goes wrong elsewhere: a cancelled place offered to the person who gave it up."""
    event = making.make_event(capacity=1)
    alice, bob, cara = people("Alice Amber", "Bob Birch", "Cara Cedar")
    first, second, third = (making.ask(person, event) for person in (alice, bob, cara))
    places.give_up(by=alice, booking=first, uuid=uuid4(), reason="On call")
    again = making.ask(alice, event)
    second.refresh_from_db()
    assert [second.state, again.state] == [State.HELD, State.WAITING]
    assert [row.person for row in queries.line(event)] == [cara, alice]
    assert second.held_until is not None
    assert third.held_until is None


def test_lone_person_who_gave_a_place_up_is_offered_nothing() -> None:
    """Goes wrong elsewhere: a cancelled place offered to the person who gave it up."""
    event = making.make_event(capacity=1)
    [alice] = people("Alice Amber")
    booking = making.ask(alice, event)
    places.give_up(by=alice, booking=booking, uuid=uuid4())
    assert tasks.move_lists.func() == 0
    assert steps(booking) == ["booked", "cancelled"]
    assert making.ask(alice, event).state == State.BOOKED


def test_held_place_is_taken_in_time() -> None:
    event = making.make_event(capacity=1)
    alice, bob = people("Alice Amber", "Bob Birch")
    first, second = making.ask(alice, event), making.ask(bob, event)
    places.give_up(by=alice, booking=first, uuid=uuid4())
    with pytest.raises(NotAllowed):
        places.take_place(by=alice, booking=second, uuid=uuid4())
    uuid = uuid4()
    for _ in range(2):
        assert places.take_place(by=bob, booking=second, uuid=uuid).state == State.BOOKED
    assert steps(second) == ["waiting", "held", "booked"]


def test_held_place_that_is_not_taken_goes_to_the_next() -> None:
    """Goes wrong elsewhere: a waiting list that does not move."""
    event = making.make_event(capacity=1)
    alice, bob, cara = people("Alice Amber", "Bob Birch", "Cara Cedar")
    first, second, third = (making.ask(person, event) for person in (alice, bob, cara))
    places.give_up(by=alice, booking=first, uuid=uuid4())
    with time_machine.travel(clock.now() + timedelta(hours=48, seconds=1), tick=False):
        with pytest.raises(DomainError, match="was held until"):
            places.take_place(by=bob, booking=second, uuid=uuid4())
        assert tasks.move_lists.func() == 1
        assert tasks.move_lists.func() == 0
    assert [steps(second), steps(third)] == [["waiting", "held", "declined"], ["waiting", "held"]]
    assert "It was not taken in time." in Mail.objects.get(kind="booking_declined").body


def test_no_hands_are_laid_on_a_place_held_for_another() -> None:
    event = making.make_event(capacity=1)
    alice, bob, cara = people("Alice Amber", "Bob Birch", "Cara Cedar")
    first = making.ask(alice, event)
    making.ask(bob, event)
    places.give_up(by=alice, booking=first, uuid=uuid4())
    assert making.ask(cara, event).state == State.WAITING


def test_saying_no_moves_the_line() -> None:
    event = making.make_event(capacity=1)
    alice, bob, cara = people("Alice Amber", "Bob Birch", "Cara Cedar")
    first, second, third = (making.ask(person, event) for person in (alice, bob, cara))
    places.give_up(by=alice, booking=first, uuid=uuid4())
    places.say_no(by=bob, booking=second, uuid=uuid4())
    third.refresh_from_db()
    assert third.state == State.HELD
    with pytest.raises(Conflict, match="No place is held"):
        places.say_no(by=bob, booking=second, uuid=uuid4())


def test_place_is_never_held_past_the_start_nor_offered_after_it() -> None:
    """Goes wrong elsewhere: an offer sent after the event began."""
    event = making.make_event(capacity=1)
    alice, bob, cara = people("Alice Amber", "Bob Birch", "Cara Cedar")
    first, second, third = (making.ask(person, event) for person in (alice, bob, cara))
    with time_machine.travel(event.starts - timedelta(hours=1), tick=False):
        places.give_up(by=alice, booking=first, uuid=uuid4())
        second.refresh_from_db()
        assert second.held_until == event.starts
    with time_machine.travel(event.starts + timedelta(minutes=1), tick=False):
        tasks.move_lists.func()
        with pytest.raises(DomainError):
            places.take_place(by=bob, booking=second, uuid=uuid4())
    assert [steps(second)[-1], steps(third)] == ["declined", ["waiting", "declined"]]


def test_declared_priority_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    event = making.make_event(capacity=1)
    alice, bob, cara = people("Alice Amber", "Bob Birch", "Cara Cedar")
    first, second, third = (making.ask(person, event) for person in (alice, bob, cara))
    monkeypatch.setattr(registries, "_priorities", [lambda asked, who: {cara.pk: 1}])
    assert [queries.place_in_line(one) for one in (second, third)] == [2, 1]
    places.give_up(by=alice, booking=first, uuid=uuid4())
    third.refresh_from_db()
    assert third.state == State.HELD


# Giving up and moving


def test_nothing_is_given_up_once_the_event_has_begun() -> None:
    event = making.make_event()
    alice, bob = people("Alice Amber", "Bob Birch")
    booking = making.ask(alice, event)
    with pytest.raises(NotAllowed):
        places.give_up(by=bob, booking=booking, uuid=uuid4())
    with (
        time_machine.travel(event.starts, tick=False),
        pytest.raises(DomainError, match="has begun"),
    ):
        places.give_up(by=alice, booking=booking, uuid=uuid4())


def test_what_was_given_up_is_not_given_up_again() -> None:
    event, [alice] = making.make_event(), people("Alice Amber")
    booking = making.ask(alice, event)
    places.give_up(by=alice, booking=booking, uuid=uuid4())
    with pytest.raises(Conflict, match="given up already"):
        places.give_up(by=alice, booking=booking, uuid=uuid4())
    assert steps(booking) == ["booked", "cancelled"]


def test_who_gave_a_place_up_stands_last_whatever_their_priority(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = making.make_event(capacity=1)
    alice, bob, cara = people("Alice Amber", "Bob Birch", "Cara Cedar")
    first = making.ask(alice, event)
    others = [making.ask(person, event) for person in (bob, cara)]
    monkeypatch.setattr(registries, "_priorities", [lambda asked, who: {alice.pk: 0}])
    places.give_up(by=alice, booking=first, uuid=uuid4())
    again = making.ask(alice, event)
    places.say_no(by=bob, booking=others[0], uuid=uuid4())
    assert [steps(again), steps(others[1])] == [["waiting"], ["waiting", "held"]]


def test_place_held_when_the_event_moves_nearer_runs_out_at_its_start() -> None:
    teacher = making.make_teacher()
    event = making.make_event(by=teacher, capacity=1, hold_for=timedelta(days=10))
    alice, bob = people("Alice Amber", "Bob Birch")
    first, second = making.ask(alice, event), making.ask(bob, event)
    places.give_up(by=alice, booking=first, uuid=uuid4())
    when = making.sessions(clock.today() + timedelta(days=2))
    details = making.details(when[0].starts, capacity=1, hold_for=timedelta(days=10))
    teaching.change_event(by=teacher, event=event, details=details, sessions=when, uuid=uuid4())
    with time_machine.travel(when[0].starts, tick=False):
        with pytest.raises(DomainError, match="was held until"):
            places.take_place(by=bob, booking=second, uuid=uuid4())
        assert tasks.move_lists.func() == 1


def test_booking_moves_to_another_date_at_the_same_hours() -> None:
    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    old, new = (making.make_event(version, by=teacher, capacity=1) for _ in range(2))
    alice, bob = people("Alice Amber", "Bob Birch")
    booking, waiting = making.ask(alice, old), making.ask(bob, old)
    uuid = uuid4()
    moved = [places.move_to(by=alice, booking=booking, event=new, uuid=uuid) for _ in range(2)]
    booking.refresh_from_db()
    waiting.refresh_from_db()
    assert moved[0] == moved[1]
    assert [booking.state, moved[0].state, waiting.state] == [
        State.CANCELLED,
        State.BOOKED,
        State.HELD,
    ]
    assert moved[0].moved_from == booking
    other = making.make_event(making.make_version("Seminar", by=teacher), by=teacher)
    with pytest.raises(DomainError, match="another course"):
        places.move_to(by=alice, booking=moved[0], event=other, uuid=uuid4())
    moved[0].refresh_from_db()
    assert moved[0].state == State.BOOKED


# Rebuilding


@pytest.mark.engine
def test_kept_state_is_rebuilt_from_the_steps() -> None:
    event = making.make_event(capacity=1)
    alice, bob = people("Alice Amber", "Bob Birch")
    first, second = making.ask(alice, event), making.ask(bob, event)
    places.give_up(by=alice, booking=first, uuid=uuid4())
    call_command("rebuild_bookings", "--check")
    Booking.objects.filter(pk=second.pk).update(state=State.BOOKED, held_until=None)
    event.refresh_from_db()
    event.state = Event.State.CANCELLED
    event.save()
    assert len(standing.rebuild()) == 2
    second.refresh_from_db()
    event.refresh_from_db()
    assert [second.state, event.state] == [State.HELD, Event.State.OPEN]
    assert standing.rebuild() == []


def test_every_event_has_a_book_of_its_own() -> None:
    assert making.make_event().book.kind == Book.Kind.EVENT
