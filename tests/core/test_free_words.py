"""Forms with free words: what is refused, what is asked about, and one box that answers."""

from typing import ClassVar

import pytest
from django import forms

from school.core.forms import SchoolForm
from school.core.free_words import MOST, FreeWordsMixin


class WordsForm(FreeWordsMixin, SchoolForm):
    """Two fields of free words."""

    FREE_WORDS: ClassVar[tuple[str, ...]] = ("one", "two")
    one = forms.CharField(required=False)
    two = forms.CharField(required=False)


@pytest.mark.parametrize(
    ("data", "errors", "asks"),
    [
        ({"one": "MR liver at 10:30"}, {}, False),
        ({"one": "Mrs Smith"}, {"one": 1}, True),
        ({"one": "Mrs Smith", "two": "born 1956"}, {"one": 1, "two": 1}, True),
        ({"one": "Mrs Smith", "words_checked": "on"}, {}, True),
        ({"one": "943 476 5919"}, {"one": 1}, False),
        ({"one": "943 476 5919", "words_checked": "on"}, {"one": 1}, True),
        ({"one": "Mrs Smith, 943 476 5919"}, {"one": 2}, True),
        ({"one": "Mrs Smith. " * 9}, {"one": MOST}, True),
    ],
)
def test_words_are_refused_or_asked_about(
    data: dict[str, str], errors: dict[str, int], asks: bool
) -> None:
    form = WordsForm(data)
    assert {name: len(said) for name, said in form.errors.items()} == errors
    assert form.asks_words is asks


def test_field_for_a_name_takes_a_name_and_no_number() -> None:
    class NamedForm(WordsForm):
        """Its first field asks for a name."""

        NAMES: ClassVar[tuple[str, ...]] = ("one",)

    form = NamedForm({"one": "Dr Ada Example", "two": "Dr Ada Example"})
    assert list(form.errors) == ["two"]
    assert list(NamedForm({"one": "Dr Ada, 943 476 5919"}).errors) == ["one"]
    assert "data-free-text" not in str(form["one"])


def test_empty_form_asks_nothing() -> None:
    assert not WordsForm().asks_words


def test_boxes_are_watched_by_the_page() -> None:
    assert 'data-free-text="true"' in str(WordsForm()["two"])
