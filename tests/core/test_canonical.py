"""The text of a payload, and the hashes made of it."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.core import canonical


def test_text_of_every_shape() -> None:
    values = [
        None,
        True,
        False,
        -7,
        'Zoë “said” "no" \\ 🩻',
        UUID("6E3364B8-7D40-47DE-9657-3937EAF46198"),
        date(2026, 11, 3),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ]
    assert canonical.text(values) == (
        '[null,true,false,-7,"Zoë “said” \\"no\\" \\\\ 🩻",'
        '"6e3364b8-7d40-47de-9657-3937eaf46198","2026-11-03","2026-10-25T00:30:00.000000Z"]'
    )


def test_instant_is_written_in_utc() -> None:
    summer = timezone(timedelta(hours=1))
    assert canonical.plain(datetime(2026, 10, 25, 1, 30, tzinfo=summer)) == (
        "2026-10-25T00:30:00.000000Z"
    )


def test_the_two_half_past_ones_of_the_october_night_differ() -> None:
    before, after = (
        canonical.plain(datetime(2026, 10, 25, 1, 30, tzinfo=timezone(timedelta(hours=hours))))
        for hours in (1, 0)
    )
    assert (before, after) == ("2026-10-25T00:30:00.000000Z", "2026-10-25T01:30:00.000000Z")


def test_instant_keeps_its_microseconds_and_four_digits_of_year() -> None:
    assert canonical.plain(datetime(987, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == (
        "0987-01-02T03:04:05.000006Z"
    )


@pytest.mark.parametrize(
    "value", [1.5, Decimal("1.5"), [1], {"a": 1}, b"a", datetime(2026, 1, 1)]  # noqa: DTZ001
)  # fmt: skip
def test_other_shapes_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical.plain(value)


@pytest.mark.parametrize("value", ["Zoe\u0308", "a\nb", "a\x00", "a\x7f", "\t"])
def test_text_that_two_engines_could_write_differently_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"NFC|control"):
        canonical.plain(value)


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_texts_never_give_one_array(first: str, second: str) -> None:
    try:
        texts = canonical.text([first, second]), canonical.text([first + second, ""])
    except ValueError:
        return
    assert (texts[0] == texts[1]) == (second == "")


def test_chained_is_sha256_of_both() -> None:
    assert canonical.chained("ab", "[1]") == hashlib.sha256(b"ab[1]").hexdigest()


def test_sealed_is_sha256_of_salt_and_words() -> None:
    assert canonical.sealed(b"salt", "Zoë") == hashlib.sha256("saltZoë".encode()).hexdigest()
