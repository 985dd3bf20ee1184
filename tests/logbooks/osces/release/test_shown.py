"""Results and standards in words and pictures."""

from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from logbooks.osces.release import shown
from logbooks.osces.release.cohort import Middle
from logbooks.osces.results.decision import Decision
from logbooks.osces.stations.document import SCALE

SAID = Decision(
    method="regression",
    percent="0",
    overrides=(),
    sem="0",
    rounding="none",
    minimum="0",
    must_pass=(),
    borderline=2,
    cuts=(("S1", "7/2"), ("S2", None)),
    exact="129/2",
    pass_mark="129/2",
    needed=0,
    attendance=("Bella Board",),
    reasons="",
    explained=(),
    comparison=False,
    resits_carry=False,
    closings=(UUID(int=1),),
    results=(),
)


@pytest.mark.parametrize(
    ("value", "words"),
    [("129/2", "64.5"), (Fraction(2, 3), "0.67"), ("40", "40"), ("0", "0"), ("100", "100"), (None, "none"), ("64.50001", "64.5")],
)  # fmt: skip
def test_figures_are_short(value: Any, words: str) -> None:
    assert shown.number(value) == words


@pytest.mark.parametrize(
    ("grade", "name"),
    [("3", "Pass"), ("5/2", "between Borderline and Pass"), (None, ""), ("9", "9")],
)
def test_grade_is_called_by_name(grade: str | None, name: str) -> None:
    assert shown.grade_name(SCALE, grade) == name


def test_standard_leaves_out_what_was_not_asked() -> None:
    assert shown.standard(SAID) == [
        ("Pass mark", "64.5"),
        ("Method", "Borderline regression"),
        ("Cuts", "S1 3.5, S2 none"),
        ("Resits", "Carry nothing"),
        ("Who was there", "Bella Board"),
    ]


def test_standard_says_all_that_was_asked() -> None:
    whole = replace(
        SAID,
        method="percent",
        percent="60",
        sem="1",
        rounding="up",
        pass_mark="65",
        needed=4,
        must_pass=("S1", "S3"),
        overrides=(("S2", "4"),),
        resits_carry=True,
        reasons="As before.",
    )
    found = dict(shown.standard(whole))
    assert found["Pass mark"] == "65, rounded up from 64.5"
    assert found["Method"] == "60 % of the marks of each station, and 1 SEM"
    assert found["Set for one station by itself"] == "S2 4"
    assert found["Also asked"] == "4 stations passed and S1, S3 passed"
    assert found["Resits"] == "Carry the stations passed"
    assert found["Why"] == "As before."


def test_picture_places_the_own_mark_among_the_middle_half() -> None:
    middle = Middle(Fraction(2), Fraction(5), Fraction(8))
    drawn = str(shown.picture("10", 10, middle))
    assert 'cx="192.0"' in drawn
    assert '<rect class="f-mist s-petrol w-1" x="44.8" y="4" width="110.4"' in drawn
    assert "circle" not in str(shown.picture(None, 10, middle))
    assert shown.picture("10", 10, None) == ""
