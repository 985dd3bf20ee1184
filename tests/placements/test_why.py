"""Why somebody is behind, from what is known of them."""

from datetime import date
from typing import Any

import pytest

from placements import why
from placements.interruptions import Span

TODAY = date(2026, 11, 19)  # a Thursday
KNOWN: dict[str, Any] = {
    "today": TODAY,
    "under_way": True,
    "first": date(2026, 11, 2),
    "needed": 216 * 60,
    "counted": 60 * 60,
}


def words(**changed: Any) -> list[str]:
    return [reason.words for reason in why.reasons(why.Known(**{**KNOWN, **changed}))]


def test_nothing_is_said_of_somebody_who_goes_to_plan() -> None:
    assert words() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"counted": 0}, "not started: 13 working days since the first day"),
        ({"has_educator": False}, "no practice educator"),
        ({"absent_days": 2}, "absent 2 days, not made up"),
        ({"cancelled_days": 1}, "1 day cancelled by the site, not made up"),
        (
            {"oldest_waiting": date(2026, 11, 11), "awaiting": 900},
            "waits 6 working days for confirmation, 15 h",
        ),
        ({"queried": 450}, "7.5 h queried and not answered"),
        ({"behind": 900, "planned": 100 * 60}, "rota 56 h short of the year"),
        (
            {"behind": 930, "planned": 156 * 60},
            "15.5 h of the plan neither logged nor noted as lost",
        ),
        (
            {"interrupted": Span(date(2026, 11, 9)), "absent_days": 2, "behind": 900},
            "studies interrupted since 9 November 2026",
        ),
    ],
)
def test_reason_is_said_in_words(changed: dict[str, Any], said: str) -> None:
    assert words(**changed) == [said]


@pytest.mark.parametrize(
    "changed",
    [
        {"counted": 0, "first": TODAY},  # the first day
        {"counted": 0, "first": date(2026, 12, 1), "under_way": False},
        {"has_educator": False, "under_way": False},
        {"oldest_waiting": date(2026, 11, 12), "awaiting": 900},  # five working days are in time
        {"planned": 0},  # a short rota is no reason while nobody is behind
    ],
)
def test_reason_is_left_out_while_it_is_none(changed: dict[str, Any]) -> None:
    assert words(**changed) == []


def test_reasons_stand_with_the_weightiest_first() -> None:
    found = why.reasons(
        why.Known(
            **{
                **KNOWN,
                "counted": 0,
                "has_educator": False,
                "absent_days": 1,
                "cancelled_days": 1,
                "behind": 2000,
            }
        )
    )
    assert [reason.why for reason in found] == [
        why.Why.NOT_STARTED, why.Why.NO_EDUCATOR, why.Why.ABSENT, why.Why.SITE_CANCELLED, why.Why.SHORT_ROTA,
    ]  # fmt: skip
