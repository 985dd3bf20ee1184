"""The six intraclass correlations."""

from dataclasses import astuple
from fractions import Fraction

from hypothesis import given

from logbooks.osces.analysis.agreement import agreement
from tests.logbooks.osces.examples import alpha_of, digits, matrices, table

PRINTED = ("0.165742", "0.289764", "0.714841", "0.442797", "0.620051", "0.909316")


def test_shrout_and_fleiss_are_met() -> None:
    *values, reason = astuple(agreement(table("shrout_fleiss_1979.csv")))
    digits(list(zip(values, PRINTED, strict=True)))
    assert reason == ""


@given(matrices())
def test_consistency_of_the_mean_is_alpha(ratings: list[list[Fraction]]) -> None:
    """ICC(3,k) is Cronbach's alpha."""
    assert agreement(ratings).icc_3_k == alpha_of(ratings)


@given(matrices())
def test_order_and_scale_change_nothing(ratings: list[list[Fraction]]) -> None:
    turned = [[3 * mark + 2 for mark in reversed(row)] for row in reversed(ratings)]
    assert agreement(turned) == agreement(ratings)


@given(matrices())
def test_mean_of_k_is_the_single_rater_stepped_up(ratings: list[list[Fraction]]) -> None:
    """Spearman and Brown: k r / (1 + (k - 1) r)."""
    k, found = len(ratings[0]), agreement(ratings)
    for one, mean in ((found.icc_1_1, found.icc_1_k), (found.icc_3_1, found.icc_3_k)):
        if one is not None and mean is not None:
            assert mean == k * one / (1 + (k - 1) * one)


def test_raters_who_agree_wholly_have_one() -> None:
    found = agreement([[Fraction(n)] * 3 for n in range(4)])
    assert set(astuple(found)[:6]) == {1}


def test_what_cannot_be_said_says_why() -> None:
    one = Fraction(1)
    assert agreement([[one, one]]).reason == "There are fewer than two subjects."
    assert agreement([]).reason == "There are fewer than two subjects."
    assert agreement([[one], [one]]).reason == "There are fewer than two raters."
    flat = agreement([[one, one], [one, one]])
    assert flat.icc_1_1 is None
    assert flat.reason.startswith("The subjects do not differ enough")


def test_correlation_above_one_is_not_said() -> None:
    """Where every subject has the same mean, ICC(2,k) would be two negatives divided: 3 here."""
    found = agreement([[Fraction(a), Fraction(b)] for a, b in ((1, 9), (9, 1), (5, 5))])
    assert (found.icc_2_k, found.icc_1_1) == (None, -1)
