"""Puts the pages of an online module that ships with the portal below its course's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.models import Page

from cms.models import CoursePage, ModulePage, ModulePart
from cms.policies import Access
from school.courses.models import Module

# The blocks of a StreamField as Wagtail takes them: (name of the block, value).
Blocks = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class PartText:
    """A part of a module as it ships: its title, the end of its address, and its blocks."""

    title: str
    slug: str
    body: Blocks
    search_description: str = ""


def add_module_pages(
    module: Module,
    parts: Sequence[PartText],
    *,
    title: str,
    slug: str = "online",
    body: Blocks = (),
    access: Access = Access.OPEN,
    search_description: str = "",
) -> ModulePage:
    """Publishes a module's first page and its parts, in order; a module that has a page is left as it is."""
    with transaction.atomic():
        page = ModulePage.objects.filter(module=module).first()
        if page is not None:
            return page
        page = ModulePage(
            module=module,
            title=title,
            slug=slug,
            body=list(body),
            access=access,
            search_description=search_description,
        )
        _add(CoursePage.objects.get(course=module.version.course), page)
        for part in parts:
            below = ModulePart(
                title=part.title,
                slug=part.slug,
                body=list(part.body),
                search_description=part.search_description,
            )
            _add(page, below)
    return page


def _add(above: Page, page: Page) -> None:
    # With a revision, so that an editor can always come back to the words that were shipped.
    above.add_child(instance=page)
    page.save_revision().publish()
