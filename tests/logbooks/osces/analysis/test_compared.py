"""Standards applied to marks: the published digits, the guards, and what holds of every exam."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logbooks.osces.analysis.compared import (
    FIXED_MARK,
    PREDICTED,
    Applied,
    Given,
    Method,
    Rounding,
    Standard,
    applied,
    rounded,
)
from logbooks.osces.analysis.marks import Mark, tabled
from logbooks.osces.analysis.standards import EARLIER
from tests.logbooks.osces.examples import BORDERLINE, digits, exams, made, osce, station

REGRESSION = Standard(Method.REGRESSION)
ONE_SEM = replace(REGRESSION, k=Fraction(1))
FIVE = "C03 C11 C14 C20 C24"
NINE = "C02 C03 C11 C14 C16 C19 C20 C22 C24"


def tried(standard: Standard, rows: Iterable[Mark] | None = None) -> Applied:
    return applied(tabled(osce() if rows is None else rows), standard, BORDERLINE)


def failing(found: Applied) -> list[str]:
    return [one.candidate for one in found.outcomes if one.passed is False]


def passing(found: Applied) -> set[str]:
    return {one.candidate for one in found.outcomes if one.passed}


@pytest.mark.parametrize(
    ("standard", "mark", "stations", "minimum", "names"),
    [
        (REGRESSION, "68.897085", None, 0, FIVE),
        (ONE_SEM, "72.934545", None, 0, NINE),
        (replace(REGRESSION, minimum=PREDICTED), "68.897085", "3.146572", 4, f"C02 C19 {FIVE}"),
        (replace(ONE_SEM, minimum=PREDICTED), "72.934545", "3.753382", 4, NINE),
    ],
)
def test_published_digits_are_met(
    standard: Standard, mark: str, stations: str | None, minimum: int, names: str
) -> None:
    found = tried(standard)
    digits([(found.exam.cut, "68.897085"), (found.mark.mark, mark)])
    if stations:
        assert found.predicted is not None
        digits([(found.predicted.stations, stations)])
    assert (found.minimum, found.reason) == (minimum, "")
    assert failing(found) == sorted(names.split())


def test_counts_say_because_of_what() -> None:
    counts = tried(replace(ONE_SEM, minimum=4, must_pass=("S4",))).counts
    assert counts is not None
    assert (counts.judged, counts.passed, counts.failed) == (24, 15, 9)
    assert (counts.below, counts.too_few, counts.missed) == (9, 7, 5)
    assert counts.rate == Fraction(125, 2)


def test_methods_give_their_own_cuts() -> None:
    cuts = {
        method: [one.cut for one in tried(Standard(method, Fraction(55))).exam.stations]
        for method in Method
    }
    assert cuts[Method.REGRESSION][3] == Fraction(3463, 407)
    digits([(cuts[Method.MEAN][3], "8.625"), (cuts[Method.MEDIAN][3], "8.5")])
    assert cuts[Method.PERCENT] == [11] * 6


def test_a_fixed_mark_stands_in_place_of_the_method() -> None:
    found = tried(replace(REGRESSION, overrides={"S4": Fraction(9)}))
    fourth = found.exam.stations[3]
    assert (fourth.cut, fourth.source, fourth.reason) == (9, FIXED_MARK, "")
    assert found.exam.cut == tried(REGRESSION).exam.cut - Fraction(3463, 407) + 9


@pytest.mark.parametrize(
    ("rounding", "at_cut", "with_sem"),
    [
        ("none", ("68.897085", 19), ("72.934545", 15)),
        ("nearest", ("69", 19), ("73", 15)),
        ("up", ("69", 19), ("73", 15)),
        ("down", ("68", 20), ("72", 15)),
    ],
)
def test_pass_mark_is_rounded_as_recorded(
    rounding: str, at_cut: tuple[str, int], with_sem: tuple[str, int]
) -> None:
    """C14 has 68, so rounding down passes one more."""
    for standard, (mark, passed) in ((REGRESSION, at_cut), (ONE_SEM, with_sem)):
        found = tried(replace(standard, rounding=Rounding(rounding)))
        digits([(found.mark.mark, mark)])
        assert found.exact == tried(standard).mark
        assert len(passing(found)) == passed


def test_a_half_goes_up() -> None:
    half = Fraction(129, 2)
    ways = {way: rounded(half, way) for way in Rounding}
    assert ways == {"none": half, "nearest": 65, "up": 65, "down": 64}
    assert rounded(64.5, Rounding.NEAREST) == 65
    assert rounded(None, Rounding.UP) is None


FLAT = station((2, 5), (2, 6), (2, 7))


@pytest.mark.parametrize(
    ("standard", "rows", "reason", "station_reason"),
    [
        (REGRESSION, FLAT, "No cut at: S1.", "All candidates have the same grade"),
        (Standard(Method.MEAN), station((3, 5), (4, 6)), "No cut at: S1.", "Nobody was graded"),
        (
            Standard(Method.PERCENT, Fraction(50)),
            [made("C1", "S1", 5, 2), made("C2", "S1", 5, 2, most=10)],
            "No cut at: S1.",
            "The station has more than one maximum mark.",
        ),
        (Standard(Method.MEAN, k=Fraction(1)), FLAT, "There is no SEM to add.", ""),
        (
            Standard(Method.MEAN, minimum=PREDICTED),
            station((2, 5), (2, 5)),
            "Fewer than two different totals, so there is no line.",
            "",
        ),
        (REGRESSION, [], "There are no stations.", ""),
    ],
)
def test_where_a_cut_cannot_be_said_nobody_is_judged(
    standard: Standard, rows: list[Mark], reason: str, station_reason: str
) -> None:
    found = tried(standard, rows)
    assert found.reason == reason
    assert found.counts is None
    assert {one.passed for one in found.outcomes} <= {None}
    if rows:
        assert found.exam.stations[0].reason.startswith(station_reason)


def test_a_minimum_outside_the_stations_is_not_guessed() -> None:
    rows = [*station((1, 0), (2, 1), (2, 20)), *station((1, 0), (2, 1), (2, 20), name="S2")]
    hard = Standard(Method.PERCENT, Fraction(100), minimum=PREDICTED)
    harder = replace(hard, overrides={"S1": Fraction(0), "S2": Fraction(0)})
    assert tried(hard, rows).minimum == 2
    assert tried(harder, rows).minimum == 2
    easy = [*station((1, 10), (2, 11)), *station((1, 0), (2, 1), name="S2")]
    low = Standard(
        Method.PERCENT, Fraction(10), overrides={"S1": Fraction(1), "S2": Fraction(1)}, minimum=2
    )
    assert tried(low, easy).minimum == 2
    found = tried(replace(low, minimum=PREDICTED), easy)
    assert found.minimum is None
    assert found.reason == "The line foretells -3.00 stations passed, outside 0 to 2."
    assert found.counts is None


def test_candidate_without_every_station_is_not_judged() -> None:
    rows = [replace(row, mark=None) if row.candidate == "C01" and row.station == "S2" else row for row in osce()]  # fmt: skip
    found = tried(Standard(Method.MEAN), rows)
    assert found.outcomes[0].passed is None
    assert found.outcomes[0].reasons == ("No mark at: S2.",)
    assert found.counts is not None
    assert found.counts.judged == 23


def test_at_the_cut_is_a_pass_even_where_the_sem_is_nothing() -> None:
    rows = [made(f"C{n}", name, Fraction(n, 10), 2) for n in (1, 4, 7) for name in ("S1", "S2")]
    fixed = {"S1": Fraction(4, 10), "S2": Fraction(4, 10)}
    found = tried(Standard(Method.PERCENT, overrides=fixed, k=Fraction(1), minimum=2), rows)
    assert found.mark.mark == Fraction(4, 5)
    assert failing(found) == ["C1"]


# What holds of every exam -------------------------------------------------------------------------

METHODS = st.sampled_from(list(Method))


@st.composite
def standards(draw: st.DrawFn, *, rounding: bool = True, sem: bool = True) -> Standard:
    """Any standard for four stations; the minimum is a number, since a predicted one may fall as a cut rises."""
    names = st.sampled_from(["S1", "S2", "S3", "S4"])
    return Standard(
        method=draw(METHODS),
        percent=Fraction(draw(st.integers(0, 100))),
        overrides=draw(st.dictionaries(names, st.integers(0, 20).map(Fraction))),
        k=Fraction(draw(st.integers(0, 1))) if sem else Fraction(0),
        minimum=draw(st.integers(0, 4)),
        rounding=draw(st.sampled_from(list(Rounding))) if rounding else Rounding.NONE,
    )


@settings(max_examples=60)
@given(exams(), standards(), st.integers(1, 20))
def test_raising_a_cut_never_passes_more(rows: list[Mark], standard: Standard, more: int) -> None:
    own = tried(standard, rows)
    first = own.exam.stations[0]
    if own.counts is None or first.cut is None:
        return
    higher = replace(standard, overrides={**standard.overrides, first.station: first.cut + more})
    assert passing(tried(higher, rows)) <= passing(own)


@settings(max_examples=60)
@given(exams(missing=False), standards(), st.integers(1, 4), st.sets(st.integers(1, 4)))
def test_asking_for_more_stations_never_passes_more(
    rows: list[Mark], standard: Standard, minimum: int, must: set[int]
) -> None:
    easier = replace(standard, minimum=0)
    names = {row.station for row in rows}
    for harder in (
        replace(standard, minimum=minimum),
        replace(easier, must_pass=tuple(f"S{n}" for n in sorted(must) if f"S{n}" in names)),
        replace(easier, minimum=PREDICTED),
    ):
        assert passing(tried(harder, rows)) <= passing(tried(easier, rows))


@settings(max_examples=60)
@given(exams(), standards(), st.randoms(use_true_random=False))
def test_order_and_names_of_candidates_change_nothing(
    rows: list[Mark], standard: Standard, random: st.DataObject
) -> None:
    turned = list(rows)
    random.shuffle(turned)  # type: ignore[attr-defined]
    own = tried(standard, rows)
    assert tried(standard, turned) == own
    renamed = tried(
        standard, [replace(row, candidate=f"Z{99 - int(row.candidate[1:])}") for row in rows]
    )
    assert (renamed.exam, renamed.mark, renamed.counts) == (own.exam, own.mark, own.counts)
    assert {f"C{99 - int(one[1:])}" for one in passing(renamed)} == passing(own)


@settings(max_examples=60)
@given(
    exams(),
    standards(rounding=False),
    st.booleans(),
    st.sampled_from([Fraction(3), Fraction(1, 3), Fraction(7, 10)]),
)
def test_rescaled_marks_change_no_outcome(
    rows: list[Mark], standard: Standard, predicted: bool, factor: Fraction
) -> None:
    if predicted:
        standard = replace(standard, minimum=PREDICTED)
    own = tried(standard, rows)
    scaled = tried(
        replace(standard, overrides={name: mark * factor for name, mark in standard.overrides.items()}),
        [replace(row, max_mark=row.max_mark * factor, mark=None if row.mark is None else row.mark * factor) for row in rows],
    )  # fmt: skip
    assert [one.passed for one in scaled.outcomes] == [one.passed for one in own.outcomes]
    assert scaled.exam.cut == (None if own.exam.cut is None else own.exam.cut * factor)


def test_judges_cuts_and_earlier_ones_come_from_outside() -> None:
    marks = tabled(osce())
    known = Given({"S2": Fraction(9)}, {name: Fraction(11) for name in marks.stations if name != "S1"})  # fmt: skip
    found = applied(marks, Standard(Method.ANGOFF), BORDERLINE, known)
    assert found.reason == "No cut at: S1."
    assert found.exam.stations[0].reason == "No judge has rated every item."
    assert [one.cut for one in found.exam.stations[1:]] == [11] * 5
    fixed = replace(Standard(Method.ANGOFF), overrides={"S1": Fraction(10)})
    assert applied(marks, fixed, BORDERLINE, known).exam.cut == 65


def test_earlier_cut_stands_in_only_where_there_is_none() -> None:
    flat = [replace(row, grade=Fraction(3)) if row.station == "S1" else row for row in osce()]
    known = Given({"S1": Fraction(12), "S2": Fraction(1)})
    found = applied(tabled(flat), REGRESSION, BORDERLINE, known).exam.stations
    assert (found[0].cut, found[0].source) == (12, EARLIER)
    assert found[0].reason == "All candidates have the same grade, so there is no line."
    assert found[1].cut == Fraction(4407, 407)
