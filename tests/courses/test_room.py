"""Codes that change every half minute, and tickets that hold who scanned."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.test import override_settings

from school.courses.room import STEP, Ticket, code, is_fresh, read_ticket

AT = datetime(2026, 11, 19, 9, 0, 0, tzinfo=UTC)
SESSION, OTHER = uuid4(), uuid4()


def test_code_holds_for_its_half_minute_and_two_more() -> None:
    shown = code(SESSION, AT)
    fresh = [is_fresh(SESSION, shown, AT + STEP * n) for n in (-1, 0, 1, 2, 3)]
    assert fresh == [False, True, True, True, False]
    assert is_fresh(SESSION, shown, AT + timedelta(seconds=89))


def test_code_is_of_one_session_and_one_key() -> None:
    shown = code(SESSION, AT)
    assert not is_fresh(OTHER, shown, AT)
    with override_settings(SECRET_KEY="another"):
        assert not is_fresh(SESSION, shown, AT)


def test_code_fits_into_an_address() -> None:
    codes = [code(SESSION, AT + STEP * n) for n in range(200)]
    assert {len(one) for one in codes} == {20}
    assert all(one.replace("-", "").replace("_", "").isalnum() for one in codes)
    assert len(set(codes)) == 200


def test_ticket_reads_as_it_was_written() -> None:
    ticket = Ticket(SESSION, OTHER, AT)
    assert read_ticket(ticket.signed()) == ticket


def test_ticket_that_was_not_written_here_is_none() -> None:
    signed = Ticket(SESSION, OTHER, AT).signed()
    assert [read_ticket(words) for words in ("", "x", signed[:-1], f"x{signed}")] == [None] * 4
