"""Who writes the School's public pages, who approves them, and who may read learning material."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import TextChoices
from wagtail.models import Page, ReferenceIndex

from school.core.decision import ALLOWED, Decision, refused
from school.courses.models import Booking, Event
from school.courses.policies import WITH_A_PLACE
from school.people.middleware import Viewer
from school.people.models import User
from school.people.roles import Permission

# School educators write; administrators look after the pages with them.
WRITERS = (Permission.PUBLISH_COURSES, Permission.GRANT_ROLES)


class Access(TextChoices):
    """Who may read a page of learning material."""

    OPEN = "open", "everyone"
    SIGNED_IN = "signed_in", "people who are signed in"
    BOOKED = "booked", "people with a place"


def may_write_pages(viewer: Viewer) -> Decision:
    """Whether the roles held today let somebody into the editor."""
    if any(viewer.may(permission) for permission in WRITERS):
        return ALLOWED
    return refused("School educators and administrators write the School’s pages.")


def may_approve(user: User, page: Page) -> Decision:
    """Whether a writer may be the second reader of a page: not of words that they wrote last themselves."""
    newest = page.get_latest_revision()
    if newest is not None and newest.user_id != user.pk:
        return ALLOWED
    return refused("Somebody other than the writer of the newest version approves a page.")


def is_open(page: Page) -> bool:
    """Whether everybody may read a published page."""
    return getattr(page, "access", Access.OPEN) == Access.OPEN and not _is_of_draft(page)


def _is_of_draft(page: Page) -> bool:
    """Whether a page is that of a draft event, or learning material below one."""
    event = getattr(page, "event", None)
    if event is not None:
        return bool(event.state == Event.State.DRAFT)
    if not hasattr(page, "access"):
        return False
    above = page.get_ancestors().values("pk")
    return bool(Event.objects.filter(page__in=above, state=Event.State.DRAFT).exists())


def may_read(viewer: Viewer, page: Page) -> Decision:
    """Whether the viewer may read a published page; kept from some are learning material and drafts of events."""
    if _is_of_draft(page):
        if not may_write_pages(viewer):
            return refused("This event is not open yet.")
    elif getattr(page, "access", Access.OPEN) == Access.OPEN:
        return ALLOWED
    if viewer.person is None:
        return refused("Sign in to read this.")
    if getattr(page, "access", "") == Access.SIGNED_IN or may_write_pages(viewer):
        return ALLOWED
    places = Booking.objects.filter(person__in=viewer.me, state__in=WITH_A_PLACE)
    if places.filter(**page.of()).exists():
        return ALLOWED
    return refused("This is for people with a place. Book one, and it opens for you.")


def holders(file: Any) -> list[Page]:
    """The pages that hold a document or a picture, published or not."""
    found = ReferenceIndex.get_references_to(file)
    pages = found.filter(base_content_type=ContentType.objects.get_for_model(Page))
    keys = {int(key) for key in pages.values_list("object_id", flat=True)}
    return list(Page.objects.public().filter(pk__in=keys).specific()) if keys else []


def may_have(viewer: Viewer, pages: list[Page]) -> Decision:
    """Whether the viewer may have what pages hold: from one that they may read, or as somebody who writes pages."""
    if any(page.live and may_read(viewer, page) for page in pages):
        return ALLOWED
    if viewer.person is not None and may_write_pages(viewer):
        return ALLOWED
    return refused("No page that you may read holds this.")
