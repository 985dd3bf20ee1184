"""Whom a requirement is asked of, as words."""

from datetime import date

import pytest

from school.coverage import whom
from school.people.models import PersonMerge
from tests import records
from tests.coverage.making import Staff, write

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


def test_one_person_is_told_by_number_or_address_and_kept_by_uuid(names: whom.Names) -> None:
    staff = Staff()
    person = staff.person("a")
    person.staff_identifier = "2041"
    person.save()
    for told in ("2041", person.email.upper(), str(person.uuid)):
        assert whom.written(whom.read(f"person={told}", names)) == f"person={person.uuid}"
    other = staff.person("b")
    other.email = "2041"
    other.save()
    with pytest.raises(ValueError, match="no person is known as"):
        whom.read("person=2041", whom.Names())


def test_merged_person_is_the_one_who_is_kept(names: whom.Names) -> None:
    staff = Staff()
    kept, merged = staff.person("a"), staff.person("b")
    write(PersonMerge(kept=kept, merged=merged), records.network_book(), date(2026, 1, 1))
    [group] = whom.read(f"person={merged.uuid}", names)
    assert group == {"person": kept}
