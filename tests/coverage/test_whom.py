"""Whom a requirement is asked of, as words."""

import pytest

from school.coverage import whom
from tests.coverage.making import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def names() -> whom.Names:
    staff = Staff()
    staff.role("Physicist")
    staff.site("North")
    return whom.Names()


def test_words_are_read_and_written_in_one_form(names: whom.Names) -> None:
    text = " crew = mobile ; Role = PHYSICIST | site=Site North |"
    groups = whom.read(text, names)
    assert whom.written(groups) == "role=physicist;crew=mobile|site=site-north"
    assert whom.read(whom.written(groups), names) == [groups[0], groups[1]]


def test_no_words_are_everybody(names: whom.Names) -> None:
    assert (whom.read("", names), whom.written([])) == ([], "")


@pytest.mark.parametrize(
    "text", ["site", "site=", "grade=7", "site=Atlantis", "crew=mobile;crew=static"]
)
def test_what_cannot_be_read_is_told(names: whom.Names, text: str) -> None:
    with pytest.raises(ValueError, match=r"none of|known as|two of"):
        whom.read(text, names)
