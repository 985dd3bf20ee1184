"""What the register comes to: closing it, late corrections and excuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from school.core import ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import LedgerEntry
from school.courses import queries, standing
from school.courses.actions import attaining, attending, steps
from school.courses.models import Attainment, Attendance, Booking, BookingStep, Event, EventStep
from school.courses.room import Ticket
from school.people.models import Mail
from tests.courses import day, making

pytestmark = [pytest.mark.django_db]


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


def test_closing_a_long_register_takes_three_queries_a_person_and_keeps_the_order() -> None:
    people = [f"Person {number:02}" for number in range(24)]
    teacher, event, bookings = day.made(*people, capacity=24)
    with day.at("13:05"):
        both = day.sessions(event)
        day.tick(teacher, event, *((one, session) for one in bookings for session in both))
    last = LedgerEntry.objects.latest("pk").pk
    with CaptureQueriesContext(connection) as captured:
        day.close(teacher, event)
    assert sum("SAVEPOINT" not in query["sql"] for query in captured) <= 3 * 24 + 24
    facts = LedgerEntry.objects.filter(pk__gt=last).order_by("pk").values_list("kind", "book")
    assert list(facts) == [
        (EventStep.KIND, event.book_id),
        *(
            (kind, one.person.book_id)
            for one in bookings
            for kind in (BookingStep.KIND, Attainment.KIND)
        ),
    ]


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
    with day.at("08:59:59"), pytest.raises(DomainError, match="gives the place up"):
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
    with day.at("09:00"):
        attending.excuse(by=teacher, booking=alice, reason="Late train.")
    with day.at("13:05"):
        day.tick(teacher, event, (alice, morning), (alice, afternoon))
    day.close(teacher, event)
    assert day.states(alice) == ["attended"]


def test_excuse_taken_back_on_the_day_certifies_nothing_before_the_register_is_closed() -> None:
    """Goes wrong elsewhere: a certificate that stays valid for part of a day."""
    teacher, event, [alice] = day.made("Alice Amber")
    morning, afternoon = day.sessions(event)
    with day.at("13:05"):
        attending.excuse(by=teacher, booking=alice, reason="Ill.")
        day.tick(teacher, event, (alice, morning), (alice, afternoon))
        mails = Mail.objects.count()
        attending.end_excuse(by=teacher, booking=alice, reason="It was another Alice.")
        assert (day.states(alice), Attainment.objects.count()) == (["booked"], 0)
        assert (day.reason_of(alice), Mail.objects.count()) == ("It was another Alice.", mails)
        attending.correct(
            by=teacher,
            booking=alice,
            session=afternoon,
            present=False,
            reason="Left.",
            uuid=uuid4(),
        )
    day.close(teacher, event)
    assert (day.states(alice), queries.attainments().count()) == (["partly"], 0)


def test_closing_makes_void_what_the_register_does_not_bear_out() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    with day.at("13:05"), ledger.writing(event.book, alice.person.book) as pen:
        steps.enter(pen, alice, Booking.State.ATTENDED, by=teacher.uuid)
        attaining.attain(pen, alice, by=teacher.uuid)
    assert queries.attainments().count() == 1
    day.close(teacher, event)
    assert (day.states(alice), queries.attainments().count()) == (["absent"], 0)


def test_educator_does_not_vouch_for_their_own_attendance() -> None:
    """Goes wrong elsewhere: a certificate that somebody makes for themselves."""
    teacher, event, _ = day.made("Alice Amber")
    other = making.make_teacher("Ted Thorn")
    with time_machine.travel(day.BEFORE, tick=False):
        own = making.ask(teacher, event)
    morning, _ = day.sessions(event)
    with day.at("13:05"):
        attending.excuse(by=other, booking=own, reason="On call.")
        for act in (
            lambda: day.tick(teacher, event, (own, morning)),
            lambda: attending.correct(
                by=teacher, booking=own, session=morning, present=True, reason="x", uuid=uuid4()
            ),
            lambda: attending.excuse(by=teacher, booking=own, reason="x"),
            lambda: attending.end_excuse(by=teacher, booking=own, reason="x"),
        ):
            with pytest.raises(NotAllowed, match="This is your own attendance"):
                act()
        assert Attendance.objects.count() == 0
        assert day.tick(other, event, (own, morning)) == 1
