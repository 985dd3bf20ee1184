"""The register: scanning, tickets, ticks, corrections, excuses, and what closing makes of them."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from school.core import ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.courses import queries, register_queries, standing
from school.courses.actions import attending, teaching
from school.courses.actions import booking as places
from school.courses.models import Attainment, Attendance, Booking, Event, EventStep
from school.courses.room import Ticket, code
from school.people.models import Mail
from tests import factories as make
from tests.courses import day, making

pytestmark = [pytest.mark.django_db]

Way = Attendance.Way


# What goes wrong elsewhere -----------------------------------------------------------------------


def test_attendance_for_a_future_session_is_refused() -> None:
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


# Closing -----------------------------------------------------------------------------------------


def test_closing_makes_an_outcome_for_everyone_and_attainments_for_those_who_attended() -> None:
    teacher, event, bookings = day.made("Ann", "Ben", "Cat", "Dan")
    morning, afternoon = day.sessions(event)
    ann, ben, _, dan = bookings
    with day.at("13:05"):
        day.tick(teacher, event, (ann, morning), (ann, afternoon), (ben, morning))
        attending.excuse(by=teacher, booking=dan, reason="A broken scanner.")
    day.close(teacher, event)
    assert day.states(*bookings) == ["attended", "partly", "absent", "excused"]
    event.refresh_from_db()
    assert event.state == Event.State.CLOSED
    step = EventStep.objects.get(state=Event.State.CLOSED)
    assert (step.entry.book, step.entry.actor) == (event.book, teacher.uuid)
    attained = Attainment.objects.get()
    assert (attained.booking, attained.entry.about_from) == (ann, day.DAY)
    assert day.reason_of(dan) == "A broken scanner."
    asked = Mail.objects.filter(kind="event_to_evaluate").order_by("pk")
    assert [mail.person for mail in asked] == [ann.person, ben.person]
    assert standing.rebuild() == []


def test_closing_twice_closes_once() -> None:
    teacher, event, _ = day.made("Alice Amber")
    uuid = uuid4()
    with time_machine.travel(day.AFTER, tick=False):
        attending.close_register(by=teacher, event=event, uuid=uuid)
        assert attending.close_register(by=teacher, event=event, uuid=uuid).state == "closed"
        with pytest.raises(DomainError, match="The register is closed"):
            attending.close_register(by=teacher, event=event, uuid=uuid4())
    assert EventStep.objects.filter(state="closed").count() == 1


def test_register_is_not_closed_before_the_event_is_over() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    with day.at("15:59:59"), pytest.raises(DomainError, match="lasts until 19 November 2026 at 16"):
        attending.close_register(by=teacher, event=event, uuid=uuid4())
    assert day.states(alice) == ["booked"]


def test_closed_register_takes_nobody_any_more() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, afternoon] = day.sessions(event)
    ticket = Ticket(afternoon.uuid, alice.person.uuid, day.AFTER - timedelta(hours=2))
    day.close(teacher, event)
    with day.at("17:05"):
        with pytest.raises(DomainError, match="The register is closed"):
            day.tick(teacher, event, (alice, morning))
        with pytest.raises(DomainError, match="The register is closed"):
            attending.arrive(
                by=alice.person, session=afternoon, ticket=ticket.signed(), uuid=uuid4(),
                device_time=day.AFTER - timedelta(hours=2),
            )  # fmt: skip


def test_what_goes_wrong_while_closing_leaves_everything_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    told: list[Booking] = []

    def fail_at_the_second(booking: Booking) -> None:
        told.append(booking)
        if len(told) == 2:
            raise RuntimeError

    monkeypatch.setattr("school.courses.telling.tell_to_evaluate", fail_at_the_second)
    with day.at("13:05"):
        both = day.sessions(event)
        day.tick(teacher, event, *((one, session) for one in (alice, bob) for session in both))
    with pytest.raises(RuntimeError):
        day.close(teacher, event)
    event.refresh_from_db()
    assert (event.state, day.states(alice, bob)) == ("open", ["booked", "booked"])
    assert Attainment.objects.count() == 0


# Late corrections and excuses --------------------------------------------------------------------


def test_late_correction_supersedes_and_moves_the_outcome_and_loses_nothing() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    morning, afternoon = day.sessions(event)
    with day.at("13:05"):
        day.tick(teacher, event, (alice, morning), (alice, afternoon))
    day.close(teacher, event)
    with day.at("10:00", days=7):
        gone = attending.correct(
            by=teacher, booking=alice, session=afternoon, present=False,
            reason="Left at noon.", uuid=uuid4(),
        )  # fmt: skip
        assert day.states(alice) == ["partly"]
        assert queries.attainments().count() == 0
        back = attending.correct(
            by=teacher, booking=alice, session=afternoon, present=True,
            reason="It was another Alice.", uuid=uuid4(),
        )  # fmt: skip
    assert day.states(alice) == ["attended"]
    assert queries.attainments().count() == 1
    assert ledger.private_text(gone, "reason") == "Left at noon."
    assert (back.supersedes, Attendance.objects.count()) == (gone, 4)
    states = list(alice.steps.order_by("entry__pk").values_list("state", flat=True))
    assert states == ["booked", "attended", "partly", "attended"]
    assert standing.rebuild() == []


def test_correction_puts_somebody_on_a_closed_register() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    day.close(teacher, event)
    uuid = uuid4()
    with day.at("10:00", days=1):
        for _ in range(2):
            attending.correct(
                by=teacher, booking=alice, session=day.sessions(event)[0], present=True,
                reason="On the paper list.", uuid=uuid,
            )  # fmt: skip
    assert day.states(alice) == ["partly"]
    assert day.reason_of(alice) == "On the paper list."
    assert Attendance.objects.count() == 1


def test_correction_has_a_reason_and_says_something_else() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)

    def correct(*, present: bool, reason: str = "x") -> Attendance:
        return attending.correct(
            by=teacher, booking=alice, session=morning, present=present, reason=reason, uuid=uuid4()
        )

    with day.at("09:05"):
        with pytest.raises(DomainError, match="Enter the reason"):
            correct(present=True, reason=" ")
        with pytest.raises(DomainError, match="Nobody said that they were there"):
            correct(present=False)
        day.tick(teacher, event, (alice, morning))
        with pytest.raises(Conflict, match="says so already"):
            correct(present=True)
        correct(present=False)
        with pytest.raises(Conflict, match="The School noted that you were not"):
            day.arrive(alice, morning)
    assert day.states(alice) == ["booked"]


def test_excuse_is_given_once_and_taken_back() -> None:
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    morning, afternoon = day.sessions(event)
    with day.at("08:00"), pytest.raises(DomainError, match="gives the place up"):
        attending.excuse(by=teacher, booking=alice, reason="Ill.")
    with day.at("09:05"):
        with pytest.raises(DomainError, match="Enter the reason"):
            attending.excuse(by=teacher, booking=alice, reason="")
        for _ in range(2):
            attending.excuse(by=teacher, booking=alice, reason="Ill.")
    assert day.states(alice) == ["excused"]
    with day.at("13:05"):
        day.tick(teacher, event, (bob, morning), (bob, afternoon))
    day.close(teacher, event)
    with day.at("10:00", days=1):
        with pytest.raises(DomainError, match="nothing to excuse"):
            attending.excuse(by=teacher, booking=bob, reason="x")
        for _ in range(2):
            attending.end_excuse(by=teacher, booking=alice, reason="It was another Alice.")
    assert day.states(alice, bob) == ["absent", "attended"]
    assert alice.steps.count() == 3


def test_excused_who_came_for_long_enough_has_attended() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    morning, afternoon = day.sessions(event)
    with day.at("08:40"):
        attending.excuse(by=teacher, booking=alice, reason="Late train.")
    with day.at("13:05"):
        day.tick(teacher, event, (alice, morning), (alice, afternoon))
    day.close(teacher, event)
    assert day.states(alice) == ["attended"]


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
