"""The register: scanning, tickets and ticks."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from school.core.errors import Conflict, DomainError, NotAllowed
from school.courses import register_queries
from school.courses.actions import attending, teaching
from school.courses.actions import booking as places
from school.courses.models import Attainment, Attendance, Event
from school.courses.room import Ticket, code
from tests import factories as make
from tests.courses import day, making

pytestmark = [pytest.mark.django_db]

Way = Attendance.Way


# What goes wrong elsewhere -----------------------------------------------------------------------


def test_attendance_for_a_future_session_is_refused() -> None:
    """Goes wrong elsewhere: attendance for a future session."""
    teacher, event, [alice] = day.made("Alice Amber")
    morning, afternoon = day.sessions(event)
    with day.at("08:29:59"), pytest.raises(DomainError, match="Its register opens on 19 November"):
        day.arrive(alice, morning)
    with day.at("09:05"):
        with pytest.raises(DomainError, match="begins on 19 November 2026 at 13:00"):
            day.arrive(alice, afternoon)
        with pytest.raises(DomainError, match="13:00"):
            day.tick(teacher, event, (alice, afternoon))
        with pytest.raises(DomainError, match="13:00"):
            attending.correct(
                by=teacher, booking=alice, session=afternoon, present=True, reason="x", uuid=uuid4()
            )
    assert Attendance.objects.count() == 0
    with day.at("08:30"):
        day.arrive(alice, morning)
    assert Attendance.objects.get().way == Way.ROOM


def test_photographed_code_shared_later_is_refused() -> None:
    """Goes wrong elsewhere: a QR code photographed and shared."""
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("09:00"):
        photographed = code(morning.uuid, datetime.now(UTC))
    with day.at("09:01:29"):
        assert attending.admit(by=alice.person, session=morning, code=photographed).session == (
            morning.uuid
        )
    with day.at("09:01:30"), pytest.raises(DomainError, match="no longer the one on the screen"):
        attending.admit(by=alice.person, session=morning, code=photographed)


def test_part_attendance_earns_no_full_certificate() -> None:
    """Goes wrong elsewhere: part attendance that earns a full certificate."""
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    morning, afternoon = day.sessions(event)
    with day.at("15:00"):
        day.tick(teacher, event, (alice, morning), (bob, morning), (bob, afternoon))
    day.close(teacher, event)
    assert day.states(alice, bob) == ["partly", "attended"]
    assert [fact.person for fact in Attainment.objects.all()] == [bob.person]


def test_double_click_makes_one_attendance() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    uuid = uuid4()
    with day.at("09:05"):
        day.arrive(alice, morning, uuid=uuid)
        day.arrive(alice, morning, uuid=uuid)
        # Scanned once more: another page, another UUID.
        day.arrive(alice, morning)
    assert Attendance.objects.get().entry.uuid == uuid
    assert Attendance.objects.get().entry.book_id == alice.person.book_id


# Scanning ----------------------------------------------------------------------------------------


def test_ticket_of_somebody_else_is_refused() -> None:
    """Goes wrong elsewhere: the page of a scanned code shared, instead of the code."""
    _, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    morning, afternoon = day.sessions(event)
    with day.at("09:05"):
        ticket = Ticket(morning.uuid, alice.person.uuid, datetime.now(UTC)).signed()
        with pytest.raises(NotAllowed, match="Somebody else scanned"):
            attending.arrive(by=bob.person, session=morning, ticket=ticket, uuid=uuid4())
        with pytest.raises(DomainError, match="not that of a scanned code"):
            attending.arrive(by=alice.person, session=afternoon, ticket=ticket, uuid=uuid4())
        with pytest.raises(DomainError, match="not that of a scanned code"):
            attending.arrive(by=alice.person, session=morning, ticket="x", uuid=uuid4())
    assert Attendance.objects.count() == 0


def test_ticket_ends_with_its_session_unless_the_phone_kept_the_press() -> None:
    _, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        now = datetime.now(UTC)
        tickets = [Ticket(morning.uuid, one.person.uuid, now).signed() for one in (alice, bob)]
    pressed = now + timedelta(minutes=1)
    with day.at("12:00:01"):
        with pytest.raises(DomainError, match="before you said that you are there"):
            attending.arrive(by=alice.person, session=morning, ticket=tickets[0], uuid=uuid4())
        attending.arrive(
            by=bob.person, session=morning, ticket=tickets[1], uuid=uuid4(), device_time=pressed
        )
    assert [(row.booking, row.device_time) for row in Attendance.objects.all()] == [(bob, pressed)]


def test_room_code_serves_until_its_session_ends() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("12:00"):
        day.arrive(alice, morning)
    with day.at("12:00:01"):
        shown = code(morning.uuid, datetime.now(UTC))
        with pytest.raises(DomainError, match="If you were there"):
            attending.admit(by=alice.person, session=morning, code=shown)


def test_who_has_no_place_is_told_what_to_do() -> None:
    _, event, [_, bob] = day.made("Alice Amber", "Bob Birch", capacity=1)
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        with pytest.raises(DomainError, match="no booking of this event"):
            day.arrive(bob, morning, by=make.make_person("Cat Cedar"))
        with pytest.raises(DomainError, match="no place: on the waiting list"):
            day.arrive(bob, morning)


def test_register_of_a_cancelled_event_takes_nobody() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    Event.objects.filter(pk=event.pk).update(state=Event.State.CANCELLED)
    event.refresh_from_db()
    with day.at("09:05"):
        for act in (
            lambda: day.arrive(alice, day.sessions(event)[0]),
            lambda: day.tick(teacher, event, (alice, morning)),
        ):
            with pytest.raises(DomainError, match="cancelled: it has no register"):
                act()


# By hand -----------------------------------------------------------------------------------------


def test_many_are_ticked_at_once_and_none_twice() -> None:
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    morning, afternoon = day.sessions(event)
    seen = [
        attending.Seen(booking, session, uuid4())
        for booking in (alice, bob)
        for session in (morning, afternoon)
    ]
    with day.at("13:05"):
        day.arrive(alice, afternoon)
        counts = [attending.tick(by=teacher, event=event, seen=seen) for _ in range(2)]
        assert day.tick(teacher, event, (bob, morning)) == 0
    assert counts == [3, 0]
    assert Attendance.objects.filter(way=Way.HAND).count() == 3
    assert {fact.entry.actor for fact in Attendance.objects.filter(booking=bob)} == {teacher.uuid}


def test_only_school_educators_keep_the_register() -> None:
    _, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("17:00"):
        for act in (
            lambda: day.tick(alice.person, event, (alice, morning)),
            lambda: attending.correct(
                by=alice.person, booking=alice, session=morning, present=True, reason="x",
                uuid=uuid4(),
            ),
            lambda: attending.excuse(by=alice.person, booking=alice, reason="x"),
            lambda: attending.close_register(by=alice.person, event=event, uuid=uuid4()),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()
    assert (Attendance.objects.count(), day.states(alice)) == (0, ["booked"])


def test_who_gave_the_place_up_meanwhile_is_not_ticked() -> None:
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    [morning, _] = day.sessions(event)
    with day.at("08:40"):
        places.give_up(by=bob.person, booking=bob, uuid=uuid4())
        with pytest.raises(Conflict, match="has no place any more"):
            day.tick(teacher, event, (alice, morning), (bob, morning))
    assert Attendance.objects.count() == 0


def test_event_is_not_changed_once_somebody_is_there() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    when = making.sessions(day.DAY + timedelta(days=7))
    with day.at("08:40"):
        day.arrive(alice, morning)
        with pytest.raises(DomainError, match="on the register already"):
            teaching.change_event(
                by=teacher, event=event, details=making.details(when[0].starts), sessions=when,
                uuid=uuid4(),
            )  # fmt: skip
    assert event.sessions.count() == 2


# Races -------------------------------------------------------------------------------------------


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_presses_at_once_make_one_attendance() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    wrong: list[BaseException] = []
    ready = threading.Barrier(4)

    def run(number: int) -> None:
        try:
            ready.wait(20)
            if number:
                day.arrive(alice, morning)
            else:
                day.tick(teacher, event, (alice, morning))
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    with day.at("09:05"):
        threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert wrong == []
    assert Attendance.objects.count() == 1
    assert register_queries.there(morning) == (1, 1)
