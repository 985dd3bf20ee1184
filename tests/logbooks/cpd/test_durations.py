"""How long something took, as other tools write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.durations import is_plain, minutes_of


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1.5", 90),
        ("1,5", 90),
        ("0", 0),
        ("0.333", 20),
        ("0.375", 23),
        ("1:30", 90),
        ("01:30:00", 90),
        ("0:45", 45),
        ("90 min", 90),
        ("90mins.", 90),
        ("90 minutes", 90),
        ("1h 30m", 90),
        ("1h30m", 90),
        ("1h30", 90),
        ("1 hour", 60),
        ("1 hour 30 minutes", 90),
        ("1 hour and 30 minutes", 90),
        ("1 hr, 30 mins", 90),
        ("1.5 hours", 90),
        (" 2 HRS ", 120),
    ],
)
def test_length_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert minutes_of(text, plain_minutes=False) == minutes


def test_number_alone_is_what_its_column_counts() -> None:
    assert (minutes_of("90", plain_minutes=True), minutes_of("90", plain_minutes=False)) == (90, 5400)  # fmt: skip
    assert (minutes_of("1:30", plain_minutes=True), minutes_of("2h", plain_minutes=True)) == (90, 120)  # fmt: skip


@pytest.mark.parametrize("text", ["", "half a day", "1:75", "-1", "1 day", "h", "and", "1e3", "٣"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="this is no length of time"):
        minutes_of(text, plain_minutes=False)


@given(st.integers(0, 9999), st.integers(0, 59))
def test_hours_and_minutes_come_to_the_same_however_they_are_written(hours: int, more: int) -> None:
    total = hours * 60 + more
    for text in (f"{hours}:{more:02}", f"{hours}h {more}m", f"{hours} hours {more} minutes"):
        assert minutes_of(text, plain_minutes=False) == total
        assert not is_plain(text)
    assert minutes_of(str(total), plain_minutes=True) == total
