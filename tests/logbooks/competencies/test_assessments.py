"""What follows from ratings: the outcome, agreement on published tables, and figures of whole fives."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.competencies import assessments
from logbooks.competencies.assessments import (
    NOT_SEEN,
    FormError,
    RatingError,
    agreement,
    both_passed,
    canonical,
    checked,
    digest_of,
    form_of,
    hardest,
    kappa,
    outcome,
    pairs_of,
    parsed,
    ratings_of,
    text_of,
    whole_fives,
)
from tests.logbooks.competencies.facts import FORM

HALF_BODY = form_of(FORM)
MET = {"identity": "met", "glucose": "met"}

# Forms


def changed(**values: Any) -> dict[str, Any]:
    return deepcopy(FORM) | values


def test_form_is_read_from_its_content() -> None:
    form = parsed(canonical(FORM))
    assert form == HALF_BODY
    assert [(item.code, item.group, bool(item.critical)) for item in form.items] == [
        ("identity", "Before", True),
        ("glucose", "Before", False),
    ]


def test_content_is_the_same_whatever_the_order_of_its_keys() -> None:
    turned = dict(reversed(FORM.items()))
    assert digest_of(canonical(turned)) == digest_of(canonical(FORM))
    assert digest_of(canonical(changed(title="Another"))) != digest_of(canonical(FORM))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (changed(scale=[]), "The form has no rating."),
        (changed(scale=FORM["scale"][:1]), "Either no rating meets an item, or every one does."),
        (
            changed(judgements=FORM["judgements"][1:]),
            "Either no judgement passes, or every one does.",
        ),
        (changed(groups=FORM["groups"] * 2), "The item identity is there 2 times."),
        (
            changed(scale=[*FORM["scale"], {"code": NOT_SEEN, "title": "?", "meets": True}]),
            "not_seen is the portal’s own rating and stands in no scale.",
        ),
        (
            changed(scale=[*FORM["scale"], {"code": "Very good", "title": "?", "meets": True}]),
            "'Very good' is no code: small letters, digits and _ only.",
        ),
        ({"code": "x"}, "The form says nothing of number."),
    ],
)
def test_form_that_cannot_be_used_says_why(document: dict[str, Any], said: str) -> None:
    with pytest.raises(FormError, match="^" + said.replace("?", r"\?")):
        form_of(document)


def test_form_that_is_no_json_says_so() -> None:
    with pytest.raises(FormError, match=r"The form is no JSON\."):
        parsed("{")


# Outcomes


def test_everything_met_and_judged_ready_is_passed() -> None:
    found = outcome(HALF_BODY, MET, "ready")
    assert (found.passed, found.critical, found.not_met, found.not_seen) == (True, (), (), ())


def test_failed_critical_item_fails_the_whole() -> None:
    found = outcome(HALF_BODY, MET | {"identity": "not_met"}, "ready")
    assert (found.passed, found.judged, found.critical) == (False, True, ("identity",))


def test_item_that_is_not_critical_weighs_in_the_judgement_alone() -> None:
    ratings = MET | {"glucose": "not_met"}
    assert outcome(HALF_BODY, ratings, "ready").passed
    assert outcome(HALF_BODY, ratings, "ready").not_met == ("glucose",)
    assert not outcome(HALF_BODY, ratings, "not_yet").passed


def test_what_was_not_seen_is_not_unmet() -> None:
    found = outcome(HALF_BODY, MET | {"glucose": NOT_SEEN}, "ready")
    assert (found.passed, found.not_met, found.not_seen) == (True, (), ("glucose",))


@pytest.mark.parametrize(
    ("ratings", "items", "said"),
    [
        ({}, ("identity", "glucose"), "2 items are not rated yet."),
        ({"identity": "met", "glucose": ""}, ("glucose",), "1 item is not rated yet."),
        (MET | {"identity": NOT_SEEN}, ("identity",), "The form has no such rating for this item."),
        (MET | {"glucose": "fine"}, ("glucose",), "The form has no such rating for this item."),
        (MET | {"shoes": "met"}, ("shoes",), "The form has no such item."),
    ],
)
def test_ratings_that_the_form_does_not_take(
    ratings: dict[str, str], items: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RatingError, match=said) as error:
        outcome(HALF_BODY, ratings, "ready")
    assert error.value.items == items


def test_judgement_is_one_of_the_form() -> None:
    with pytest.raises(RatingError, match="no such judgement"):
        outcome(HALF_BODY, MET, "fine")


def test_ratings_are_kept_in_the_order_of_the_form() -> None:
    turned = {"glucose": NOT_SEEN, "identity": "met"}
    text = text_of(checked(HALF_BODY, turned))
    assert text == "identity met; glucose not_seen"
    assert list(ratings_of(text)) == ["identity", "glucose"]


def test_two_assessors_pass_only_together() -> None:
    assert [both_passed(first, second) for first in (True, False) for second in (True, False, None)] == [
        True, False, True,
        False, False, False,
    ]  # fmt: skip


steps = st.sampled_from(["met", "not_met"])


@given(identity=steps, glucose=st.sampled_from(["met", "not_met", NOT_SEEN]), judged=st.booleans())
def test_passed_means_judged_and_no_critical_item_unmet(
    identity: str, glucose: str, judged: bool
) -> None:
    found = outcome(
        HALF_BODY, {"identity": identity, "glucose": glucose}, "ready" if judged else "not_yet"
    )
    assert found.passed == (judged and identity == "met")


# Agreement


def table(*rows: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of a published table of two raters: a row for each rating of the first."""
    return [
        (first, second)
        for first, row in enumerate(rows)
        for second, number in enumerate(row)
        for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("pairs", "published"),
    [
        # Cohen 1960, table 1 (proportions of 100): observed .29, by chance .35.
        (table((25, 13, 12), (12, 2, 16), (3, 15, 2)), -0.09),
        # Sim and Wright, The kappa statistic in reliability studies, Physical Therapy 85, 2005: .67.
        (table((22, 2), (4, 11)), 0.67),
        # Stata reference manual, kappa: 85 xeromammograms of two radiologists, 0.4728.
        (table((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1)), 0.4728),
        # The example of SAS that the tests of statsmodels print out: 0.4842.
        (table((0, 4, 1), (0, 8, 0), (0, 1, 5)), 0.4842),
    ],
)
def test_kappa_of_published_tables(pairs: list[tuple[int, int]], published: float) -> None:
    digits = len(str(published).partition(".")[2])
    found = kappa(pairs)
    assert found is not None
    assert round(found, digits) == published


def test_kappa_of_nothing_and_of_one_rating_is_none() -> None:
    assert kappa([]) is None
    assert kappa([(True, True)] * 40) is None


def test_agreement_says_n_and_raw_agreement_always() -> None:
    few = agreement([(True, True)] * 7 + [(True, False)] * 3)
    assert (few.n, few.agreed, few.percent, few.kappa) == (10, 7, 70, None)
    assert few.why == "Kappa is shown from 30 items on."
    none = agreement([])
    assert (none.n, none.agreed, none.percent, none.kappa) == (0, 0, None, None)


def test_kappa_from_thirty_items_on() -> None:
    pairs = [(True, True)] * 20 + [(False, False)] * 9
    assert agreement(pairs).kappa is None
    assert agreement([*pairs, (True, False)]).kappa == pytest.approx(360 / 390)


@pytest.mark.parametrize("lonely", [(True, False), (False, True)])
def test_kappa_only_where_each_assessor_used_both_ratings(lonely: tuple[bool, bool]) -> None:
    """One who never says "not met" makes kappa 0, however well the two agree."""
    pairs = [(True, True)] * 39 + [lonely]
    found = agreement(pairs)
    assert kappa(pairs) == 0
    assert (found.n, found.agreed, found.kappa) == (40, 39, None)
    assert found.why == "Kappa is shown when each assessor used both ratings."


def test_items_that_one_did_not_see_are_not_compared() -> None:
    second = {"identity": "not_met", "glucose": NOT_SEEN}
    assert pairs_of(HALF_BODY, MET, second) == [(True, False)]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=80))
def test_agreement_lies_within_its_bounds_and_does_not_mind_who_is_first(
    pairs: list[tuple[bool, bool]],
) -> None:
    found = agreement(pairs)
    assert 0 <= found.agreed <= found.n == len(pairs)
    assert found == agreement([(b, a) for a, b in pairs])
    assert (found.kappa is None) == bool(found.why)
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1
        assert (found.kappa == 1) == (found.agreed == found.n)


# Items that many fail


def test_items_are_ordered_by_how_many_fail_them() -> None:
    attempts = [
        (student, {"identity": "met", "glucose": "not_met" if student < 3 else NOT_SEEN})
        for student in range(5)
    ]
    found = hardest(HALF_BODY, attempts)
    assert (found.attempts, found.students, found.waiting) == (5, 5, 0)
    assert [(row.item.code, row.not_met, row.seen, row.unseen, row.percent) for row in found.items] == [
        ("glucose", 3, 3, 2, 100),
        ("identity", 0, 5, 0, 0),
    ]  # fmt: skip


def test_item_that_nobody_saw_comes_last_and_has_no_share() -> None:
    found = hardest(HALF_BODY, [(n, {"identity": "met", "glucose": NOT_SEEN}) for n in range(5)])
    assert [(row.item.code, row.percent) for row in found.items] == [
        ("identity", 0),
        ("glucose", None),
    ]


def test_figures_wait_for_whole_fives_of_students() -> None:
    four = [(student, MET) for student in (1, 2, 3, 4, 4, 4)]
    assert hardest(HALF_BODY, four).items == ()
    assert hardest(HALF_BODY, four).waiting == 6
    found = hardest(HALF_BODY, [*four, (5, MET), (6, MET), (5, MET)])
    assert (found.attempts, found.students, found.waiting) == (7, 5, 2)


@given(st.lists(st.integers(min_value=0, max_value=12), max_size=60))
def test_another_attempt_moves_figures_by_whole_fives_or_not_at_all(students: list[int]) -> None:
    counted, whole = whole_fives(students)
    assert whole % assessments.ENOUGH == 0
    assert len(set(students[:counted])) == whole
    for cut in range(len(students)):
        earlier, before = whole_fives(students[:cut])
        assert earlier <= counted
        assert (before == whole) == (earlier == counted)
