"""What was satisfied over days, as known over days: against asking day by day."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from school.coverage.renewal import Done, Period, Renewal, Rule, held
from school.coverage.stretches import Learned, Ruled, Stretch, at, stretches

FIRST = date(2020, 1, 1)
YEARLY = Rule(active=Period(months=12))
RULED = Ruled(FIRST, YEARLY, known=FIRST)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_a_late_entry_changes_what_is_known_from_its_day_alone() -> None:
    found = stretches([RULED], [Learned(10, day(10), known=day(40))])
    assert found == [Stretch(day(10), None, date(2021, 1, 11), day(40), None)]


def test_a_void_leaves_nothing_from_the_day_it_was_known() -> None:
    found = stretches([RULED], [Learned(10, day(10), known=day(10), gone=day(50))])
    assert found == [Stretch(day(10), None, date(2021, 1, 11), day(10), day(50))]


def test_a_renewal_ends_the_stretch_before_it_once_it_is_known() -> None:
    first, second = Learned(10, day(10), known=day(10)), Learned(100, day(100), known=day(110))
    assert sorted(
        stretches([RULED], [first, second]), key=lambda one: (one.starts, one.known_from)
    ) == [
        Stretch(day(10), None, date(2021, 1, 11), day(10), day(110)),
        Stretch(day(10), day(99), date(2021, 1, 11), day(110), None),
        Stretch(day(100), None, date(2021, 4, 10), day(110), None),
    ]


def test_an_equivalence_counts_between_its_days() -> None:
    through = Learned(10, day(10), known=day(10), since=day(20), until=day(30))
    assert stretches([RULED], [through]) == [
        Stretch(day(20), day(30), date(2021, 1, 11), day(10), None)
    ]


DAYS = st.integers(0, 60).map(day)
LATER = st.none() | DAYS
LEARNED = st.builds(Learned, st.integers(1, 3), DAYS, DAYS, st.integers(0, 90), LATER, LATER, LATER)
RULES = st.builds(
    Rule,
    st.sampled_from(Renewal),
    st.builds(Period, st.just(0), st.integers(1, 30)),
    st.builds(Period, st.just(0), st.integers(0, 30)),
    st.builds(Period, st.just(0), st.integers(0, 10)),
    st.just(day(30)),
    st.sampled_from([0, 0, 60]),
)
RULEDS = st.builds(Ruled, DAYS, RULES, DAYS, LATER)


def attained_once(ways: list[Learned]) -> list[Learned]:
    """What counts in several ways was attained on one day: that of the first."""
    first = {one.key: one for one in reversed(ways)}
    return [replace(one, day=first[one.key].day, minutes=first[one.key].minutes) for one in ways]


ATTAINED = st.lists(LEARNED, max_size=5).map(attained_once)


@given(st.lists(RULEDS, min_size=1, max_size=3), ATTAINED, DAYS, DAYS)
def test_stretches_say_what_asking_of_the_day_says(
    rules: list[Ruled], learned: list[Learned], on: date, known: date
) -> None:
    knowing = [one for one in rules if one.known <= known and not (one.gone and one.gone <= known)]
    counted = {
        one.key: Done(one.day, one.minutes)
        for one in learned
        if one.known <= known
        and not (one.gone and one.gone <= known)
        and max(one.day, one.since or one.day) <= on
        and not (one.until and one.until < on)
    }
    asked = sorted(((one.first, one.rule) for one in knowing), key=lambda one: one[0])
    expected = held(asked, list(counted.values())) if asked else None
    found = [
        one
        for one in stretches(rules, learned)
        if one.starts <= on <= (one.ends or date.max)
        and one.known_from <= known < (one.known_until or date.max)
    ]
    assert [one.expires for one in found] == ([expected.expires] if expected else [])
    assert at(rules, learned, on, known) == expected


@given(st.lists(RULEDS, min_size=1, max_size=3), ATTAINED)
def test_no_two_stretches_speak_of_the_same_days(
    rules: list[Ruled], learned: list[Learned]
) -> None:
    for one, other in combinations(stretches(rules, learned), 2):
        days = one.starts <= (other.ends or date.max) and other.starts <= (one.ends or date.max)
        known = one.known_from < (other.known_until or date.max) and other.known_from < (
            one.known_until or date.max
        )
        assert not (days and known)
