"""The workforce: headcount, whole-time equivalents, starters, leavers and months, against worked examples and a slow oracle."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from school.coverage import workforce
from school.coverage.states import Question
from school.coverage.workforce import Headcount
from school.people.models import PersonMerge, Post, PostTerm
from tests import records
from tests.coverage import oracle
from tests.coverage.histories import DAYS, histories
from tests.coverage.making import Staff, write

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
D = date
ONE = timedelta(days=1)


@pytest.fixture
def staff() -> Staff:
    return Staff()


def of(as_of: date, known_on: date | None = None, by: str = "site") -> Headcount:
    """Everybody on a day."""
    return workforce.headcounts(Question(as_of, known_on or D(2030, 1, 1)), by)[0]


def test_the_first_and_the_last_day_count(staff: Staff) -> None:
    staff.term("a", "North", "Radiographer", D(2022, 1, 10), D(2022, 3, 31))
    days = (D(2022, 1, 9), D(2022, 1, 10), D(2022, 3, 31), D(2022, 4, 1))
    assert [of(day).people for day in days] == [0, 1, 1, 0]
    assert [of(day).starters for day in days] == [0, 1, 1, 1]
    assert [of(day).leavers for day in days] == [0, 0, 0, 1]
    assert (of(D(2023, 1, 9)).starters, of(D(2023, 1, 10)).starters) == (1, 0)
    assert (of(D(2023, 3, 31)).leavers, of(D(2023, 4, 1)).leavers) == (1, 0)


def test_two_posts_count_once_in_the_total_and_whole_time_adds_up(staff: Staff) -> None:
    for site, part in (("North", 60), ("South", 45)):
        fact = PostTerm(
            post=Post.objects.create(person=staff.person("a")),
            job_role=staff.role("Radiographer"),
            site=staff.site(site),
            crew="static" if site == "North" else "mobile",
            whole_time_hundredths=part,
        )
        write(fact, staff.person("a").book, D(2022, 1, 1), known=D(2022, 1, 1))
    everybody, groups = workforce.headcounts(Question(D(2022, 6, 1), D(2022, 6, 1)), "site")
    assert (everybody.people, everybody.whole_time) == (1, "1.05")
    assert (everybody.static, everybody.mobile, everybody.starters) == (1, 1, 1)
    assert [(one.people, one.whole_time, one.starters) for one in groups] == [
        (1, "0.60", 1),
        (1, "0.45", 1),
    ]


def test_a_transfer_is_neither_start_nor_leave(staff: Staff) -> None:
    staff.term("a", "North", "Radiographer", D(2020, 1, 1), D(2022, 3, 31))
    staff.term("a", "South", "Radiographer", D(2022, 4, 1), crew="mobile")
    staff.term("b", "North", "Radiographer", D(2020, 1, 1), D(2022, 3, 30))
    staff.term("b", "South", "Radiographer", D(2022, 4, 1))
    everybody, groups = workforce.headcounts(Question(D(2022, 6, 1), D(2022, 6, 1)), "site")
    assert (everybody.people, everybody.before, everybody.growth) == (2, 2, 0)
    assert (everybody.starters, everybody.leavers) == (1, 1), "b was away for a day"
    names = {staff.site(name).pk: name for name in ("North", "South")}
    assert {names[one.group]: (one.people, one.starters, one.leavers) for one in groups} == {
        "North": (0, 0, 1),
        "South": (2, 1, 0),
    }
    [south] = workforce.headcounts(
        Question(D(2022, 6, 1), D(2022, 6, 1), sites=(staff.site("South").pk,)), "site"
    )[1]
    assert (south.people, south.starters) == (2, 1), "a’s days elsewhere are known still"


def test_known_on_leaves_out_what_was_recorded_later(staff: Staff) -> None:
    before = staff.term("a", "North", "Radiographer", D(2022, 1, 1), known=D(2022, 2, 1))
    staff.term(
        "a", "North", "Radiographer", D(2022, 1, 1), D(2022, 1, 31),
        known=D(2022, 3, 1), replaces=before,
    )  # fmt: skip
    day = D(2022, 2, 1)
    assert [of(day, known).people for known in (D(2022, 1, 31), day, D(2022, 3, 1))] == [0, 1, 0]


def test_merged_people_count_once(staff: Staff) -> None:
    staff.term("a", "North", "Radiographer", D(2020, 1, 1), D(2021, 12, 31))
    staff.term("b", "North", "Radiographer", D(2022, 1, 1))
    write(
        PersonMerge(kept=staff.person("a"), merged=staff.person("b")),
        records.network_book(),
        D(2022, 5, 1),
    )
    found = of(D(2022, 6, 1))
    assert (found.people, found.starters, found.leavers, found.before) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("people", "before", "growth"),
    [(150, 120, 25), (120, 150, -20), (3, 0, None), (201, 200, 1), (199, 200, -1), (0, 4, -100)],
)
def test_growth_in_whole_per_cent(people: int, before: int, growth: int | None) -> None:
    assert Headcount(None, people, 0, 0, 0, before, 0, 0).growth == growth


def test_a_year_before_a_leap_day() -> None:
    assert workforce.year_before(D(2024, 2, 29)) == D(2023, 2, 28)


def test_months_end_on_the_day_asked_for(staff: Staff) -> None:
    staff.term("a", "North", "Radiographer", D(2022, 1, 10), D(2022, 3, 31), crew="mobile")
    staff.term("a", "North", "Radiographer", D(2022, 4, 1))
    staff.term("b", "South", "Radiographer", D(2022, 2, 28), D(2022, 5, 30))
    found = workforce.months(Question(D(2022, 5, 31), D(2022, 5, 31)), 6)
    assert [(one.day, one.people, one.static, one.mobile, one.hundredths) for one in found] == [
        (D(2021, 12, 31), 0, 0, 0, 0),
        (D(2022, 1, 31), 1, 0, 1, 100),
        (D(2022, 2, 28), 2, 1, 1, 200),
        (D(2022, 3, 31), 2, 1, 1, 200),
        (D(2022, 4, 30), 2, 2, 0, 200),
        (D(2022, 5, 31), 1, 1, 0, 100),
    ]


def test_months_of_nobody() -> None:
    [month] = workforce.months(Question(D(2022, 5, 31), D(2022, 5, 31)), 1)
    assert (month.people, month.static, month.mobile, month.hundredths) == (0, 0, 0, 0)


def test_people_are_counted_by_known_columns_alone() -> None:
    with pytest.raises(ValueError, match="by name"):
        workforce.headcounts(Question(D(2021, 1, 1), D(2021, 1, 1)), "name")


# The oracle: a loop over people and days ---------------------------------------------------------


def walked(case: oracle.Case, asked: Question, site: str | None) -> tuple[int, int, int, int]:
    """People, people a year before, starters and leavers; of a site, or of all."""
    people = sorted({row["person"] for row in case["terms"]})

    def held(person: str, day: date) -> list[dict[str, Any]]:
        return oracle.employed(case, person, day, asked.known_on)

    def there(person: str, day: date) -> bool:
        return any(site in (None, row["site"]) for row in held(person, day))

    def days() -> Iterator[date]:
        day = workforce.year_before(asked.as_of)
        while day < asked.as_of:
            day += ONE
            yield day

    now = sum(there(person, asked.as_of) for person in people)
    before = sum(there(person, workforce.year_before(asked.as_of)) for person in people)
    came = sum(
        there(person, day) and not held(person, day - ONE) for person in people for day in days()
    )
    went = sum(
        there(person, day - ONE) and not held(person, day) for person in people for day in days()
    )
    return now, before, came, went


def agrees(case: oracle.Case, asked: Question) -> None:
    with transaction.atomic():
        staff = Staff()
        made: dict[int, Any] = {}
        for row in case["terms"]:
            made[row["id"]] = staff.term(
                row["person"], row["site"], row["role"], row["from"], row["to"],
                crew=row["crew"], known=row["known"], replaces=made.get(row.get("replaces", 0)),
            )  # fmt: skip
        everybody, groups = workforce.headcounts(asked, "site")
        of_sites = {one.group: _figures(one) for one in groups}
        assert _figures(everybody) == walked(case, asked, None)
        assert everybody.people == everybody.before + everybody.starters - everybody.leavers
        for name in ("North", "South"):
            found = of_sites.get(staff.site(name).pk, (0, 0, 0, 0))
            assert found == walked(case, asked, name)
        last = workforce.months(asked, 2)[-1]
        assert (last.people, last.hundredths) == (everybody.people, everybody.hundredths)
        assert (last.static, last.mobile) == (everybody.static, everybody.mobile)
        transaction.set_rollback(True)


def _figures(one: Headcount) -> tuple[int, int, int, int]:
    return one.people, one.before, one.starters, one.leavers


ASKED = st.builds(Question, DAYS, DAYS | st.just(D(2030, 1, 1)))


@settings(max_examples=15, deadline=None)
@given(histories(), ASKED)
def test_query_agrees_with_the_oracle(case: oracle.Case, asked: Question) -> None:
    agrees(case, asked)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(histories(), ASKED)
def test_query_agrees_with_the_oracle_for_500_histories(case: oracle.Case, asked: Question) -> None:
    agrees(case, asked)
