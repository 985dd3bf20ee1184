"""The card of pages that wait for a second reader."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms import panels
from cms.models import CoursePage
from school.people.models import Person
from school.people.roles import SCHOOL_EDUCATOR, STUDENT
from tests.cms.making import make_page
from tests.cms.test_models_reviewing import decide, edit, person_of, second_reader, submit
from tests.courses.making import make_version
from tests.placements.browsers import Viewer

SignIn = Callable[..., Client]


@pytest.fixture
def draft(pages: None) -> CoursePage:
    """The page of a course, begun."""
    page: CoursePage = make_page(make_version().course, live=False)
    return page


def test_submitted_page_waits_on_the_home_of_the_others_who_write(
    draft: CoursePage, signed_in: SignIn
) -> None:
    writer, reader = signed_in(SCHOOL_EDUCATOR), second_reader()
    assert "for a second reader" not in reader.get("/home/").content.decode()
    state = submit(writer, draft)
    home = reader.get("/home/").content.decode()
    assert "1 page for a second reader" in home
    assert f'href="{edit(draft)}"' in home
    assert "for a second reader" not in writer.get("/home/").content.decode()
    decide(reader, draft, state, "approve")
    assert "for a second reader" not in reader.get("/home/").content.decode()


def test_card_takes_two_queries_and_others_get_none(
    draft: CoursePage, signed_in: SignIn, django_assert_num_queries: Callable[[int], None]
) -> None:
    submit(signed_in(SCHOOL_EDUCATOR), draft)
    reader = Viewer(Person.objects.get(user=person_of(second_reader())))
    student = Viewer(Person.objects.get(user=person_of(signed_in(STUDENT))))
    assert panels.to_read(student) == []  # type: ignore[arg-type]
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        [card] = panels.to_read(reader)  # type: ignore[arg-type]
    assert (card.context["number"], len(card.context["rows"])) == (1, 1)
