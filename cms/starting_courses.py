"""The public pages of what ships with the portal to be learned: made once, then the School's to edit or take away."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID

from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry

from cms.models import CourseIndexPage, CoursePage, ModulePage
from cms.shipped import PartText, add_module_pages
from school.courses.models import Course, Module

TEXTS = Path(__file__).parent / "starting_texts"
MADE = "wagtail.create"


def add_pages(catalogue: CourseIndexPage) -> None:
    """Publishes the pages that were never made; one that was taken away since stays away."""
    for file in sorted((TEXTS / "courses").glob("*.html")):
        course = Course.objects.filter(code=file.stem).first()
        if course is not None and not _was_made(course):
            body = [("text", file.read_text(encoding="utf-8"))]
            page = CoursePage(course=course, title=course.title, slug=course.code, body=body)
            # With a revision, so that an editor can always come back to the words that were shipped.
            catalogue.add_child(instance=page)
            page.save_revision().publish()
            _note(course, page)
    _add_module(tomllib.loads((TEXTS / "dementia_awareness.toml").read_text(encoding="utf-8")))


def _add_module(written: dict[str, Any]) -> None:
    module = Module.objects.filter(uuid=UUID(written["module"])).select_related("version").first()
    if module is None or _was_made(module):
        return
    if not CoursePage.objects.filter(course=module.version.course_id).exists():
        return
    page = add_module_pages(
        module,
        [
            PartText(part["title"], part["slug"], _blocks(part), part["search_description"])
            for part in written["part"]
        ],
        title=written["title"],
        slug=written["slug"],
        body=[("text", written["lead"])],
        search_description=written["search_description"],
    )
    _note(module, page)


def _blocks(part: dict[str, Any]) -> list[tuple[str, Any]]:
    """A block is its value, or the fields that stand beside its kind."""
    return [(block.pop("kind"), block.get("value", block)) for block in part["block"]]


def _was_made(of: Course | Module) -> bool:
    """Whether it has a page, or had the shipped one."""
    if isinstance(of, Module):
        pages = ModulePage.objects.filter(module=of)
    else:
        pages = CoursePage.objects.filter(course=of)
    return pages.exists() or PageLogEntry.objects.filter(action=MADE, uuid=of.uuid).exists()


def _note(of: Course | Module, page: Page) -> None:
    log(instance=page, action=MADE, uuid=of.uuid)
