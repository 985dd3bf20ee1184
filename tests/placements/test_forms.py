"""Free words in forms: no patient in any of them, and the one question about digits that could be a patient's."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import QueryDict

from placements.forms.student import ReplyForm
from placements.forms.words import NoPatientMixin
from school.core import patients

for module in Path("placements/forms").glob("[a-z]*.py"):
    import_module(f"placements.forms.{module.stem}")


def below(form: type[NoPatientMixin]) -> Iterator[type[NoPatientMixin]]:
    for one in form.__subclasses__():
        yield one
        yield from below(one)


@pytest.mark.parametrize("form", list(below(NoPatientMixin)), ids=lambda form: form.__name__)
def test_form_of_free_words_has_them_and_the_question(form: type[NoPatientMixin]) -> None:
    words = form.FREE_WORDS
    assert {words, f"{words}_checked"} <= set(form.base_fields)


def reply(words: str, *, checked: bool = False) -> ReplyForm:
    data = QueryDict(mutable=True)
    data.update(
        {"uuid": str(uuid4()), "reply": words, **({"reply_checked": "on"} if checked else {})}
    )
    return ReplyForm(data)


@pytest.mark.parametrize(
    ("words", "checked", "errors", "asked"),
    [
        ("It was the 12th.", False, [], False),
        ("NHS 943 476 5919", False, [patients.REFUSED], False),
        ("NHS 943 476 5919", True, [patients.REFUSED], True),
        ("Codes 94 34 76 59 19", False, [patients.WARNED], True),
        ("Codes 94 34 76 59 19", True, [], True),
    ],
)
def test_digits_are_refused_or_asked_about(
    words: str, checked: bool, errors: list[str], asked: bool
) -> None:
    form = reply(words, checked=checked)
    assert (form.errors.get("reply", []), form.asks_digits) == (errors, asked)


def test_question_is_open_again_in_a_form_that_was_answered_and_interrupted() -> None:
    assert [ReplyForm(initial=kept).asks_digits for kept in ({}, {"reply_checked": "on"})] == [
        False,
        True,
    ]
