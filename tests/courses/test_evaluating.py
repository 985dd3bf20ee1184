"""Which answers are shown, and the figures they make."""

import pytest

from school.courses.evaluating import QUESTIONS, figures, shown
from school.courses.models.attending import QUESTIONS as KEPT


def test_as_many_questions_as_a_kept_answer_has_digits() -> None:
    assert len(QUESTIONS) == len(KEPT)


@pytest.mark.parametrize(("given", "counted"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_answers_are_shown_in_whole_fives(given: int, counted: int) -> None:
    assert shown(["11111"] * given) == counted


def test_figures_of_five_answers() -> None:
    found = figures(["54321", "54321", "54321", "54321", "44421"])
    assert [figure.average for figure in found] == [4.8, 4.0, 3.2, 2.0, 1.0]
    assert found[0].counts == (0, 0, 0, 1, 4)
    assert found[0].question == QUESTIONS[0]


def test_four_answers_make_no_figure() -> None:
    assert figures(["55555"] * 4) == []
