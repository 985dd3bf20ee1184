"""An online module as it is read: its first page with how far somebody has come, and a page for each part."""

from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import PROTECT, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester

from cms import policies, teaching
from cms.models.teaching import MaterialPage, RecordTester, is_preview, viewer_of
from cms.teaching_blocks import MaterialBody
from school.core.errors import DomainError
from school.core.registries import Lessons, Part
from school.courses import learning_queries as learning
from school.courses.actions import learning as rules
from school.courses.learning_queries import Progress
from school.courses.models import Module, PartDone
from school.people.middleware import Viewer


class ModulePage(MaterialPage):
    """The first page of an online module: what it is about, its parts, and what of it is done."""

    # Begun from the record, so that it belongs to a module from the first.
    is_creatable = False
    module = models.OneToOneField(Module, on_delete=PROTECT, related_name="page")
    access = models.CharField(
        max_length=10,
        choices=policies.Access,
        default=policies.Access.OPEN,
        verbose_name="Who may read it",
        help_text="Its parts, their files and pictures follow. A place is one at any event of the course. Progress is kept for people who are signed in.",
    )
    body = StreamField(MaterialBody(required=False), blank=True)

    content_panels = [
        *Page.content_panels,
        HelpPanel(
            "The parts are the pages below this one, in their order there. The quiz comes after them: its questions "
            "are kept on the module’s own page, which its course leads to."
        ),
        FieldPanel("access"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.CoursePage"]
    subpage_types = ["cms.ModulePart"]
    template = "cms/module.html"

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return RecordTester(user, self)

    @cached_property
    def record(self) -> Module:
        """The module with its version, its course and the course's page."""
        rows = learning.modules().select_related("version__course__page")
        return rows.get(pk=self.module_id)

    def of(self) -> dict[str, Any]:
        """The bookings by which somebody may read it, as a condition on them."""
        return {"event__version__course": self.record.version.course_id}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        viewer, course = viewer_of(request), self.record.version.course
        parts = list(parts_of(self).annotate(done=Exists(done_in(self.record, viewer))))
        done = {part.uuid for part in parts if part.done}
        lessons = lessons_of(self, parts, request)
        found = learning.progress_in(self.record, viewer.me, lessons, done)
        return context | {
            "progress": found,
            "tasks": tasks(found),
            "quiz": reverse("quiz", args=[self.record.uuid]),
            "closed": reason_against(viewer, found),
            "is_kept": viewer.person is not None,
            "trail": [
                ("Courses and events", "/courses/"),
                (course.title, teaching.course_address(course, request)),
            ],
        }


class ModulePart(MaterialPage):
    """A part of an online module: read, and then said to be done."""

    body = StreamField(MaterialBody())

    content_panels = [
        *Page.content_panels,
        HelpPanel("Who may read it is said on the module’s first page."),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.ModulePage"]
    subpage_types: list[str] = []
    template = "cms/module_part.html"

    @cached_property
    def above(self) -> ModulePage:
        """The first page of its module."""
        pages = ModulePage.objects.parent_of(self)
        found: ModulePage = pages.select_related("module__version__course").get()
        return found

    @property
    def access(self) -> str:
        """Who may read it: whoever may read the module."""
        return self.above.access

    @property
    def uuid(self) -> UUID:
        """What the record knows the part by; it stays through every edit."""
        return UUID(str(self.translation_key))

    def of(self) -> dict[str, Any]:
        """The bookings by which somebody may read it, as a condition on them."""
        return self.above.of()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        above, viewer = self.above, viewer_of(request)
        parts = lessons_of(above, list(parts_of(above)), request).parts
        before, after = beside(parts, self.uuid)
        place = len(parts) - len(after)
        done = learning.parts_done(above.module, viewer.me).filter(part=self.uuid).exists()
        return context | {
            "module": above.module,
            "module_url": above.get_url(request),
            "place": place,
            "of": len(parts),
            "before": before[-1] if before else None,
            "after": after[0] if after else None,
            "done": done,
            "is_kept": viewer.person is not None and not is_preview(request),
            "uuid": uuid4(),
            "part": self.uuid,
            "quiz": reverse("quiz", args=[above.module.uuid]),
            "trail": [("Courses and events", "/courses/"), (above.title, above.get_url(request))],
        }


def parts_of(page: ModulePage) -> QuerySet[ModulePart]:
    """The published parts of a module, in the order of the editor's tree."""
    rows: QuerySet[ModulePart] = ModulePart.objects.live().child_of(page).order_by("path")
    return rows


def done_in(module: Module, viewer: Viewer) -> QuerySet[PartDone]:
    """What the viewer has been through of a module, for the row of a part."""
    rows = learning.parts_done(module, viewer.me).select_related(None)
    return rows.filter(part=OuterRef("translation_key"))


def lessons_of(
    page: ModulePage, parts: list[ModulePart], request: HttpRequest | None = None
) -> Lessons:
    """What is read of a module, as the record asks for it."""
    return Lessons(
        address=str(page.get_url(request)),
        parts=tuple(Part(one.uuid, one.title, str(one.get_url(request))) for one in parts),
        for_booked=page.access == policies.Access.BOOKED,
    )


def beside(parts: tuple[Part, ...], uuid: UUID) -> tuple[list[Part], list[Part]]:
    """The parts before one and those after it; a part that is not published stands behind all."""
    keys = [part.uuid for part in parts]
    place = keys.index(uuid) if uuid in keys else len(parts)
    return list(parts[:place]), list(parts[place + 1 :])


def tasks(found: Progress) -> list[dict[str, str]]:
    """The parts as a list of what is left to do."""
    return [
        {
            "title": step.part.title,
            "url": step.part.address,
            "state": "done" if step.done else "not-started",
        }
        for step in found.steps
    ]


def reason_against(viewer: Viewer, found: Progress) -> str:
    """Why what somebody does in a module leads nowhere today; empty when it does, or has led there."""
    if viewer.person is None or found.attained is not None:
        return ""
    try:
        rules.rule_may_attain(viewer.person, viewer.me, found.module, found.lessons)
    except DomainError as error:
        return error.message
    return ""
