"""What lets a writer of pages into Wagtail's editor, and what begins the page of a course, an event or a module."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.text import slugify

from cms.models import CourseIndexPage, CoursePage, EventPage, ModulePage
from school.core import days
from school.core.errors import DomainError
from school.courses.models import Course, Event, Module
from school.people.models import User

# Wagtail gives rights on pages and images to groups only; cms.setup says what this one may.
WRITERS = "School pages"


def enter_editor(*, by: User) -> None:
    """Makes somebody whose roles allow it a member of the writers' group; again, it does nothing.

    Membership opens nothing by itself: cms.middleware asks the roles of today at every request.
    """
    if not by.groups.filter(name=WRITERS).exists():
        by.groups.add(Group.objects.get(name=WRITERS))


Record = Course | Event | Module
RecordPage = CoursePage | EventPage | ModulePage


def begin_page(*, of: Record, by: User) -> RecordPage:
    """Begins the page of a course, an event or a module, as a draft that nobody else sees; again, it gives the first.

    The page of an event or a module stands below that of its course: raises DomainError while there is none.
    """
    with transaction.atomic():
        type(of).objects.select_for_update().get(pk=of.pk)
        page = _found(of)
        if page is None:
            page = _begun(of, by)
    return page


def _found(of: Record) -> RecordPage | None:
    found: RecordPage | None
    if isinstance(of, Course):
        found = CoursePage.objects.filter(course=of).first()
    elif isinstance(of, Event):
        found = EventPage.objects.filter(event=of).first()
    else:
        found = ModulePage.objects.filter(module=of).first()
    return found


def _begun(of: Record, by: User) -> RecordPage:
    page: RecordPage
    if isinstance(of, Course):
        above = CourseIndexPage.objects.get()
        page = CoursePage(course=of, title=of.title, slug=of.code, owner=by, live=False)
    else:
        above = CoursePage.objects.filter(course=of.version.course).first()
        if above is None:
            raise DomainError("Begin the page of the course first: this one stands below it.")
        if isinstance(of, Event):
            day = days.london_day(of.starts)
            title = f"{of.version.title}, {days.long_date(day)}"
            slug = _free_slug(above, slugify(f"{day} {of.region or of.format}"))
            page = EventPage(event=of, title=title, slug=slug, owner=by, live=False)
        else:
            slug = _free_slug(above, "online")
            page = ModulePage(module=of, title=of.version.title, slug=slug, owner=by, live=False)
    above.add_child(instance=page)
    page.save_revision(user=by, log_action=True)
    return page


def _free_slug(above: CoursePage, slug: str) -> str:
    taken = above.get_children().filter(slug__startswith=slug).count()
    return f"{slug}-{taken + 1}" if taken else slug
