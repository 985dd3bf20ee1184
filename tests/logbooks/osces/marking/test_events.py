"""What a tablet sends, read and checked: nothing is clamped or guessed."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.marking import events
from logbooks.osces.marking.events import Tap, Unreadable
from logbooks.osces.marking.register import COMMENT, GRADE, Unmarked
from tests.logbooks.osces.stations.made import small

DEVICE = UUID(int=9)
SENT = {"uuid": str(UUID(int=3)), "device": str(UUID(int=9)), "number": 1, "part": str(UUID(int=1)), "value": 2, "seen": [str(UUID(int=4))], "at": "2027-03-04T09:00:00Z", "words": ""}  # fmt: skip


def tap(part: str, value: Any, **more: Any) -> Tap:
    return Tap(UUID(int=3), DEVICE, 1, part, value, **more)


def test_event_is_read_as_it_was_sent() -> None:
    assert events.read(SENT) == Tap(
        UUID(int=3),
        DEVICE,
        1,
        str(UUID(int=1)),
        2,
        frozenset({UUID(int=4)}),
        datetime(2027, 3, 4, 9, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "at",
    [
        "yesterday",
        5,
        None,
        "2027-03-04T09:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_clock_that_says_nothing_is_none(at: object) -> None:
    assert events.read({**SENT, "at": at}).at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"uuid": "no"},
        {"uuid": None},
        {"number": 0},
        {"number": True},
        {"number": "1"},
        {"number": 10**7},
        {"part": None},
        {"value": "two"},
        {"value": 1.5},
        {"value": True},
        {"value": None},
        {"seen": "all"},
        {"seen": ["no"]},
        {"words": 5},
        {"words": "\ud800"},
        {"words": "a\0"},
        {"device": None},
    ],
)
def test_what_cannot_be_read_is_not_guessed(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        events.read({**SENT, **wrong})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(SENT)), inner), max_leaves=8))  # fmt: skip
def test_anything_is_read_or_refused(sent: Any) -> None:
    with suppress(Unreadable):
        events.read(sent)


@pytest.mark.parametrize(
    ("part", "value", "why"),
    [
        (str(UUID(int=1)), 3, "takes 0, 1, 2, not 3"),
        (str(UUID(int=1)), -1, "takes 0, 1, 2, not -1"),
        (str(UUID(int=3)), 2, "takes 0, 1, not 2"),
        (str(UUID(int=8)), 1, "no such item"),
        (GRADE, 6, "takes 1, 2, 3, 4, 5, not 6"),
        (GRADE, Unmarked.NOT_OBSERVED, "always given"),
        (COMMENT, 2, "no marks"),
        (COMMENT, Unmarked.WORDS, "says something"),
        (str(UUID(int=1)), Unmarked.WORDS, "belong to the comment"),
    ],
)
def test_what_a_sheet_does_not_have_is_refused_by_name(part: str, value: Any, why: str) -> None:
    assert why in events.problem(small(), tap(part, value))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (str(UUID(int=1)), 0),
        (str(UUID(int=1)), Unmarked.NOT_OBSERVED),
        (str(UUID(int=3)), Unmarked.CLEARED),
        (GRADE, 5),
        (GRADE, Unmarked.CLEARED),
        (COMMENT, Unmarked.CLEARED),
    ],
)
def test_what_a_sheet_has_can_stand(part: str, value: Any) -> None:
    assert events.problem(small(), tap(part, value)) == ""


def test_comment_and_what_was_seen_have_an_end() -> None:
    assert events.problem(small(), tap(COMMENT, Unmarked.WORDS, words="Kind.")) == ""
    long = tap(COMMENT, Unmarked.WORDS, words="x" * 2001)
    assert "2,001 characters" in events.problem(small(), long)
    many = tap(GRADE, 2, seen=frozenset(UUID(int=n) for n in range(11)))
    assert "names 11 other marks" in events.problem(small(), many)
