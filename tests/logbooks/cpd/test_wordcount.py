"""Words are runs between white space, as a browser sees white space."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.wordcount import count

# What /\s/ matches of all code points in JavaScript (ECMAScript, WhiteSpace and LineTerminator).
WHITE = [
    *"\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
    *"\u2028\u2029\u202f\u205f\u3000\ufeff",
]
# Python splits at these and a browser does not, or they only look like spaces.
NOT_WHITE = [*"\x1c\x1d\x1e\x1f\x85\u180e\u200b\u200c\u200d\u2060"]

WORDS = st.text(st.characters(exclude_characters=WHITE), min_size=1, max_size=8)
SPACES = st.text(st.sampled_from(WHITE), min_size=1, max_size=3)
TEXTS = st.text(st.sampled_from([*WHITE, *NOT_WHITE, *"ab-’."]), max_size=40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \r\n ", 0),
        ("I learned.", 2),
        ("PET-CT isn't one/two words", 4),
        ("one\r\n\r\ntwo", 2),
        ("a – b", 3),
        ("10 000", 2),
        ("no-break\u00a0space", 2),
    ],
)
def test_words_of_some_texts(text: str, words: int) -> None:
    assert count(text) == words


@pytest.mark.parametrize("one", WHITE, ids=lambda one: f"U+{ord(one):04X}")
def test_white_space_parts_words(one: str) -> None:
    assert count(f"a{one}b") == 2


@pytest.mark.parametrize("one", NOT_WHITE, ids=lambda one: f"U+{ord(one):04X}")
def test_anything_else_does_not(one: str) -> None:
    assert count(f"a{one}b") == 1


@given(TEXTS, TEXTS, SPACES)
def test_texts_add_up_with_a_space_between(one: str, other: str, space: str) -> None:
    assert count(one + space + other) == count(one) + count(other)


@given(TEXTS, SPACES, SPACES)
def test_white_space_around_changes_nothing(text: str, before: str, after: str) -> None:
    assert count(before + text + after) == count(text)


@given(st.lists(WORDS), SPACES)
def test_count_is_that_of_the_words_put_in(words: list[str], space: str) -> None:
    assert count(" ".join(words)) == len(words)
    assert count(space.join(words)) == len(words)
