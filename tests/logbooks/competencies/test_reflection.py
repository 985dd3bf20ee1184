"""Reflections: answers to a model's questions, kept as one text and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.competencies.models import LogEntry
from logbooks.competencies.reflection import QUESTIONS, answers_of, paragraphs, text_of

WORDS = st.text("abc xyz.\n", min_size=1, max_size=60).map(str.strip).filter(bool)


def test_every_model_of_the_log_has_questions() -> None:
    assert list(QUESTIONS) == LogEntry.Model.values


def test_answers_stand_under_their_headings_and_what_is_empty_is_left_out() -> None:
    answers = {
        "what_what": "The arms moved.\nTwice.",
        "what_so_what": "",
        "what_now_what": " Ask. ",
    }
    text = text_of("what", answers)
    assert text == "What?\nThe arms moved.\nTwice.\n\nNow what?\nAsk."
    assert paragraphs("what", text) == [("What?", "The arms moved.\nTwice."), ("Now what?", "Ask.")]


def test_words_in_ones_own_way_have_no_heading() -> None:
    assert text_of("free", {"free_words": "Quiet."}) == "Quiet."
    assert paragraphs("free", "Quiet.") == [("", "Quiet.")]


def test_no_model_keeps_nothing() -> None:
    assert text_of("", {"free_words": "Quiet."}) == ""
    assert paragraphs("", "") == []


@pytest.mark.parametrize("model", QUESTIONS)
@given(data=st.data())
def test_answers_come_back_as_they_were(model: str, data: st.DataObject) -> None:
    answers = {
        question.key: data.draw(WORDS) for question in QUESTIONS[model] if data.draw(st.booleans())
    }
    assert answers_of(model, text_of(model, answers)) == answers
