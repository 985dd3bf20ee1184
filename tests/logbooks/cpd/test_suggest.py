"""Which activities are suggested for the statement, and the reasons given."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.learning import Learning
from logbooks.cpd.profile.document import Listed
from logbooks.cpd.suggest import Suggestion, suggested
from tests.logbooks.cpd.examples import HCPC

START = date(2024, 3, 1)


def activity(
    number: int,
    day: int = 0,
    learning: str = Learning.WORK,
    *,
    practice: bool = False,
    benefit: bool = False,
    evidence: bool = False,
    words: bool = False,
) -> Listed:
    first = START + timedelta(days=day)
    return Listed(
        number,
        UUID(int=number),
        f"Activity {number}",
        learning,
        first,
        first,
        60,
        words,
        practice,
        benefit,
        evidence,
    )


def numbers(found: list[Suggestion]) -> list[int]:
    return [one.uuid.int for one in found]


def test_nothing_is_suggested_of_nothing() -> None:
    assert suggested([], HCPC) == []


def test_few_activities_are_all_suggested_in_order_of_their_days() -> None:
    own = [activity(1, 20), activity(2, 10), activity(3, 10)]
    assert numbers(suggested(own, HCPC)) == [2, 3, 1]


def test_reasons_say_what_is_there() -> None:
    own = [
        activity(1, 0, practice=True, benefit=True, evidence=True),
        activity(2, 90, Learning.FORMAL, practice=True),
        activity(3, 180, Learning.SELF, words=True, evidence=True),
        activity(4, 270, Learning.SELF, evidence=True),
        activity(5, 360, Learning.WORK),
    ]
    assert [(one.uuid.int, one.reason) for one in suggested(own, HCPC)] == [
        (1, "has words for standards 3 and 4 and evidence"),
        (2, "has words for standard 3, the only formal learning of the period"),
        (3, "has words and evidence, adds self-directed learning to the mixture"),
        (4, "has evidence but no words yet"),
    ]
    [alone] = suggested([activity(1, learning=Learning.PROFESSIONAL)], HCPC)
    assert alone.reason == "has no words yet, the only professional activity of the period"
    [benefit] = suggested([activity(1, benefit=True)], HCPC)
    assert benefit.reason == "has words for standard 4, the only work-based learning of the period"


def test_fifth_and_sixth_show_both_standards() -> None:
    both = [activity(number, number, practice=True, benefit=True) for number in range(7)]
    one = [activity(10 + number, number, practice=True) for number in range(7)]
    assert len(suggested(both, HCPC)) == 6
    assert len(suggested([*both[:5], *one], HCPC)) == 5
    assert len(suggested([*both[:3], *one], HCPC)) == 4
    assert len(suggested(one, HCPC)) == 4


def test_words_come_before_evidence_and_evidence_before_another_type() -> None:
    same = [activity(number, number, practice=True, benefit=True) for number in range(6)]
    shown = activity(20, 1, practice=True, benefit=True, evidence=True)
    other = activity(30, 1, Learning.OTHER, practice=True, benefit=True)
    only_evidence = activity(40, 1, evidence=True)
    found = numbers(suggested([only_evidence, *same, other, shown], HCPC))
    assert {20, 30} < set(found)
    assert 40 not in found


def test_equals_are_spread_over_the_period() -> None:
    own = [activity(day, day, practice=True) for day in (0, 1, 2, 200, 400, 401, 700)]
    assert numbers(suggested(own, HCPC)) == [0, 200, 400, 700]


def test_type_that_would_be_missing_takes_the_last_place() -> None:
    own = [
        activity(day, day, practice=True, benefit=True, evidence=True) for day in range(0, 80, 10)
    ]
    formal = activity(99, 33, Learning.FORMAL)
    found = suggested([*own, formal], HCPC)
    assert [one.reason for one in found if one.uuid.int == 99] == [
        "has no words yet, the only formal learning of the period"
    ]
    assert len(found) == 6


# Whatever the record

ACTIVITIES = st.lists(
    st.builds(
        activity,
        st.integers(0, 10**6),
        st.integers(0, 40) | st.integers(0, 730),
        st.sampled_from(Learning),
        practice=st.booleans(),
        benefit=st.booleans(),
        evidence=st.booleans(),
        words=st.booleans(),
    ),
    unique_by=lambda one: one.uuid,
    max_size=14,
)


@given(ACTIVITIES, st.randoms(use_true_random=False))
def test_order_of_activities_changes_nothing(own: list[Listed], random: Random) -> None:
    assert suggested(random.sample(own, len(own)), HCPC) == suggested(own, HCPC)


@given(ACTIVITIES)
def test_four_to_six_or_as_many_as_there_are(own: list[Listed]) -> None:
    found = suggested(own, HCPC)
    assert min(4, len(own)) <= len(found) <= 6
    assert len(set(numbers(found))) == len(found)
    assert set(numbers(found)) <= {one.uuid.int for one in own}
    assert all(one.reason for one in found)


@given(ACTIVITIES)
def test_two_types_are_suggested_when_there_are_two(own: list[Listed]) -> None:
    chosen = set(numbers(suggested(own, HCPC)))
    types = {one.learning for one in own if one.uuid.int in chosen}
    assert len(types) >= min(2, len({one.learning for one in own}))


@given(ACTIVITIES)
def test_one_without_words_stands_in_for_none_that_has_some_but_for_its_type(
    own: list[Listed],
) -> None:
    chosen = set(numbers(suggested(own, HCPC)))
    taken = [one for one in own if one.uuid.int in chosen]
    left = [one for one in own if one.uuid.int not in chosen]
    if any(one.has_words for one in left):
        bare = [one for one in taken if not one.has_words]
        assert len(bare) <= 1
        for one in bare:
            others = {other.learning for other in taken if other is not one}
            assert len(others) == 1
            assert one.learning not in others


@given(ACTIVITIES)
def test_more_words_and_evidence_never_lose_an_activity_its_place(own: list[Listed]) -> None:
    found = numbers(suggested(own, HCPC))
    for one in own:
        if one.uuid.int in found:
            better = one._replace(words=True, practice=True, benefit=True, evidence=True)
            others = [other for other in own if other is not one]
            assert one.uuid.int in numbers(suggested([*others, better], HCPC))
