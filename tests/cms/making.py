"""Pages of courses and events for tests, published as if a second reader had approved them."""

from typing import Any

from wagtail.models import ReferenceIndex
from wagtail.search import index

from cms.actions import begin_page
from cms.models import CoursePage, EventPage, LearningPage
from cms.policies import Access
from cms.setup import ensure_pages
from school.courses.models import Course, Event
from school.people.models import User


def a_writer(email: str = "writer@example.org") -> User:
    """An account that begins pages."""
    return User.objects.get_or_create(email=email)[0]


def make_page(of: Course | Event, *, live: bool = True, **columns: Any) -> Any:
    """The page of a course or an event."""
    ensure_pages()
    if isinstance(of, Event) and not CoursePage.objects.filter(course=of.version.course).exists():
        make_page(of.version.course)
    page = begin_page(of=of, by=a_writer())
    for name, value in columns.items():
        setattr(page, name, value)
    revision = page.save_revision(user=a_writer())
    if live:
        revision.publish()
    return known(type(page).objects.get(pk=page.pk))


def make_material(
    above: CoursePage | EventPage, access: Access, body: list[Any] | None = None
) -> LearningPage:
    """Published learning material below a page."""
    page = LearningPage(
        title="Slides of the day", slug="slides", access=access, body=body or [("text", "<p>Read.</p>")]
    )  # fmt: skip
    above.add_child(instance=page)
    page.save_revision().publish()
    return known(page)


def known(page: Any) -> Any:
    """The page as the worker leaves it: its words in the index, and what it holds found by the other end."""
    index.insert_or_update_object(page)
    ReferenceIndex.create_or_update_for_object(page)
    return page
