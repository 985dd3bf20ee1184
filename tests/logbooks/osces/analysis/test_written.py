"""The analysis as text and as JSON."""

import json
from fractions import Fraction

from logbooks.osces.analysis.analysed import CONVENTIONS, analyse
from logbooks.osces.analysis.written import as_json, as_table
from tests.logbooks.osces.examples import BORDERLINE, osce, station


def test_json_has_every_digit_and_exact_fractions() -> None:
    found = analyse(osce(), BORDERLINE, draws=50)
    said = json.loads(as_json(found))
    first = said["stations"][0]["cut"]
    assert first["line"]["slope"] == {"value": 205 / 197, "exact": "205/197"}
    assert first["cut"] == {"value": 7459 / 591, "exact": "7459/591"}
    assert first["se"] == found.stations[0].cut.se
    assert said["reliability"]["sem"] == found.reliability.sem
    assert said["at_marks"][1]["pass_mark"]["mark"] == found.at_marks[1].pass_mark.mark
    assert said["groups"]["circuit"][0]["group"] == "A"
    assert said["conventions"] == list(CONVENTIONS)


def test_missing_figure_is_null_with_its_reason() -> None:
    said = json.loads(as_json(analyse(station((2, 5), (2, 6), (2, 7)), BORDERLINE, draws=0)))
    assert said["standard"]["cut"] is None
    assert said["stations"][0]["cut"]["reason"].startswith("All candidates have the same grade")


def test_table_shows_the_reference_and_its_conventions() -> None:
    text = as_table(analyse(osce(), BORDERLINE, draws=50))
    rows = [line.split() for line in text.splitlines() if line.startswith("  S4 ")]
    assert rows[0] == ["S4", "20", "24", "2.469287", "3.570025", "0.572465", "8.508600", "3463/407", "0.579961", "8", "8.625000", "8.5", "5"]  # fmt: skip
    assert rows[1][:2] == ["S4", "0.813113"]
    assert rows[1][3:] == ["1005/407", "25.1211", "7.380776", "0.012595"]
    for words in (
        "cut 68.897085",
        "1.472126 (independent stations)",
        "1.527903 (jackknife)",
        "alpha 0.837668452671",
        "SD of the total 10.020902, SEM 4.037460",
        "6 stations: E rho² 0.837668, Phi 0.778199",
        "cut + 1 SEM = 72.934545",
        "stations passed, foretold: 3.753382",
        "below: 5 (C03, C11, C14, C20, C24)",
        "Nothing amiss.",
        *CONVENTIONS,
    ):
        assert words in text
    assert text.count("6 stations: E rho²") == 1


def test_table_has_no_error_of_a_cut_that_there_is_not() -> None:
    text = as_table(analyse(station((1, 9), (2, 8), (3, 5)), BORDERLINE, draws=0))
    row = next(line.split() for line in text.splitlines() if line.startswith("  S1 "))
    assert row[6:9] == ["–", "–", "–"]


def test_table_says_why_figures_are_missing() -> None:
    text = as_table(analyse(station((2, 5), (2, 6), (2, 7)), Fraction(2), draws=0))
    assert "All candidates have the same grade, so there is no line." in text
    assert "cut – No cut at: S1." in text
    assert "cannot be said: 3 (C1, C2, C3)" in text
