"""How far raters agree: the six intraclass correlations of Shrout and Fleiss, Psychological Bulletin 86 (1979)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from logbooks.osces.analysis.variation import two_way


@dataclass(frozen=True, slots=True)
class Agreement:
    """The correlations for one rater and for the mean of k; None where its denominator is not above zero.

    One-way: each subject has raters of its own. Two-way random: the same raters, drawn from many. Two-way
    mixed: these raters and no others.
    """

    icc_1_1: Fraction | None
    icc_2_1: Fraction | None
    icc_3_1: Fraction | None
    icc_1_k: Fraction | None
    icc_2_k: Fraction | None
    icc_3_k: Fraction | None
    reason: str


def agreement(table: Sequence[Sequence[Fraction]]) -> Agreement:
    """The correlations of subjects (rows) by raters (columns), every cell filled."""
    if len(table) < 2 or len(table[0]) < 2:
        few = "subjects" if len(table) < 2 else "raters"
        return Agreement(None, None, None, None, None, None, f"There are fewer than two {few}.")
    n, k = len(table), len(table[0])
    found = two_way(table)
    between, within, error = found.rows, found.within_rows, found.rest
    raters = (found.columns - error) / n
    values = (
        _share(between - within, between + (k - 1) * within),
        _share(between - error, between + (k - 1) * error + k * raters),
        _share(between - error, between + (k - 1) * error),
        _share(between - within, between),
        _share(between - error, between + raters),
        _share(between - error, between),
    )
    lacking = "The subjects do not differ enough for every correlation to be said."
    return Agreement(*values, reason=lacking if None in values else "")


def _share(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole > 0 else None
