"""The marks on somebody who is in date."""

from datetime import date

import pytest

from school.coverage.marks import Mark, mark
from school.coverage.renewal import Period, Rule

EXPIRES = date(2027, 3, 31)
WINDOW = Rule(active=Period(12), window=Period(3))
PLAIN = Rule(active=Period(12))


@pytest.mark.parametrize(
    ("rule", "as_of", "expected"),
    [
        (WINDOW, date(2026, 12, 30), None),
        (WINDOW, date(2026, 12, 31), Mark.DUE),
        (WINDOW, EXPIRES, Mark.DUE),
        (WINDOW, date(2027, 4, 1), None),
        (PLAIN, date(2026, 12, 30), None),
        (PLAIN, date(2026, 12, 31), Mark.SOON),
        (PLAIN, EXPIRES, Mark.SOON),
    ],
)
def test_due_inside_the_window_and_soon_within_90_days_without_one(
    rule: Rule, as_of: date, expected: Mark | None
) -> None:
    assert mark(rule, as_of, EXPIRES) == expected


def test_what_never_expires_is_not_marked() -> None:
    assert mark(PLAIN, date(2026, 1, 1), None) is None
