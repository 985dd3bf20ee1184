"""What a student still lacks on the first day, and what runs out before the last."""

from datetime import date

import pytest

from placements.readiness import Answer, Asked, Held, State, accepted_until, answers

SITE, OTHER = 1, 2
FIRST, LAST = date(2026, 11, 23), date(2026, 12, 18)
DBS = Asked("dbs", 36)
RULES = Asked("local_rules")


def one(asked: Asked, *held: Held) -> Answer:
    [answer] = answers([asked], held, site=SITE, first=FIRST, last=LAST)
    return answer


def test_nothing_shown_is_missing() -> None:
    assert one(DBS) == Answer("dbs", State.MISSING)


def test_check_that_lasts_is_held() -> None:
    held = Held("dbs", date(2026, 1, 5), date(2029, 1, 5))
    assert one(DBS, held) == Answer("dbs", State.HELD, date(2029, 1, 5))


def test_check_without_an_end_is_held() -> None:
    assert one(RULES, Held("local_rules", FIRST, None, SITE)) == Answer("local_rules", State.HELD)


def test_check_of_another_kind_does_not_count() -> None:
    assert one(DBS, Held("manual_handling", date(2026, 1, 5))).state is State.MISSING


def test_check_of_another_site_does_not_count() -> None:
    assert one(RULES, Held("local_rules", date(2026, 1, 5), None, OTHER)).state is State.MISSING


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (date(2026, 11, 22), State.MISSING),
        (date(2026, 11, 23), State.EXPIRES),
        (date(2026, 12, 17), State.EXPIRES),
        (date(2026, 12, 18), State.HELD),
    ],
)
def test_last_day_still_counts(until: date, state: State) -> None:
    assert one(DBS, Held("dbs", date(2026, 1, 5), until)) == Answer("dbs", state, until)


def test_check_from_after_the_first_day_is_missing() -> None:
    assert one(DBS, Held("dbs", date(2026, 11, 24), date(2029, 1, 5))) == Answer(
        "dbs", State.MISSING
    )


def test_check_that_was_renewed_in_time_goes_on() -> None:
    held = (
        Held("dbs", date(2023, 12, 1), date(2026, 11, 30)),
        Held("dbs", date(2026, 12, 1), date(2029, 12, 1)),
    )
    assert one(DBS, *held) == Answer("dbs", State.HELD, date(2029, 12, 1))


def test_check_that_was_renewed_too_late_expires() -> None:
    held = (
        Held("dbs", date(2023, 12, 1), date(2026, 11, 30)),
        Held("dbs", date(2026, 12, 2), date(2029, 12, 1)),
    )
    assert one(DBS, *held) == Answer("dbs", State.EXPIRES, date(2026, 11, 30))


def test_site_that_wants_a_younger_check_decides_for_itself() -> None:
    held = Held("dbs", date(2025, 11, 25), date(2028, 11, 25))
    assert one(Asked("dbs", 12), held) == Answer("dbs", State.EXPIRES, date(2026, 11, 25))
    assert one(Asked("dbs", 36), held) == Answer("dbs", State.HELD, date(2028, 11, 25))


def test_answers_stand_in_the_order_asked() -> None:
    found = answers([RULES, DBS], [], site=SITE, first=FIRST, last=LAST)
    assert [answer.kind for answer in found] == ["local_rules", "dbs"]


@pytest.mark.parametrize(
    ("until", "months", "accepted"),
    [
        (None, None, None),
        (None, 6, date(2027, 2, 28)),
        (date(2027, 1, 1), 6, date(2027, 1, 1)),
        (date(2027, 6, 1), 6, date(2027, 2, 28)),
    ],
)
def test_accepted_until_the_earlier_of_both(
    until: date | None, months: int | None, accepted: date | None
) -> None:
    assert accepted_until(date(2026, 8, 31), until, months) == accepted
