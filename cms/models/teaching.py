"""The pages of what the School teaches: the catalogue, a page for a course, one for an event, and learning material."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import PROTECT
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, HelpPanel, Panel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester
from wagtail.search import index

from cms import policies, structured, teaching
from cms.models.pages import FixedPage, FixedTester, UnrestrictedPage
from cms.teaching_blocks import CourseBody, MaterialBody
from school.core import clock
from school.core.addresses import addresses
from school.courses import catalogue
from school.courses.forms.catalogue import CatalogueForm
from school.courses.models import Course, Event, Label
from school.people.middleware import Viewer

PROMOTED: list[Panel] = [FieldPanel("slug"), FieldPanel("search_description")]
SETTINGS: list[Panel] = [PublishingPanel()]


class ReadTester(PagePermissionTester):
    """For pages that go out only when a second person has read them: nobody publishes one alone."""

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        # To hold a page back takes one.
        return bool(super().can_publish())


class RecordTester(ReadTester):
    """For a page that belongs to one course or event: there is no second of it."""

    def can_copy(self) -> bool:
        return False


class IndexTester(FixedTester):
    """For the catalogue, below which nobody publishes alone."""

    def can_publish_subpage(self) -> bool:
        return False


class ReadPage(UnrestrictedPage):
    """A page that goes out when a second person has read it."""

    promote_panels = PROMOTED
    settings_panels = SETTINGS
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return ReadTester(user, self)


class CourseIndexPage(FixedPage):
    """The catalogue: every course that is taught, and what somebody looks for."""

    lead = models.CharField(max_length=250)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        HelpPanel("A course’s page is begun from its record, with “Write its public page”."),
    ]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CoursePage"]
    max_count = 1
    template = "cms/courses.html"

    def permissions_for_user(self, user: Any) -> IndexTester:
        return IndexTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        wanted = catalogue.Filter.of(request.GET)
        today = clock.today()
        rows = teaching.with_paths(catalogue.courses(wanted, today))
        found = Paginator(rows, catalogue.PAGE).get_page(request.GET.get("page"))
        choices = catalogue.choices()
        event_at = addresses("event")
        return context | {
            "wanted": wanted,
            "said": choices.said(wanted),
            "filter_form": CatalogueForm(wanted, choices),
            "found": found,
            "rows": [
                {
                    "course": row.course,
                    "address": teaching.address_by_path(row.course, request),
                    "version": row.version,
                    "module": row.module,
                    "audience": teaching.labelled(row.labels, Label.Kind.AUDIENCE),
                    "events": [(event_at(event.uuid), event) for event in row.events],
                    "more": row.more,
                }
                for row in catalogue.described(list(found.object_list), wanted, today)
            ],
        }


class CoursePage(ReadPage):
    """A course: what the record says of it, its next dates, and the words that its teachers add."""

    # Begun from the record, so that it belongs to a course from the first.
    is_creatable = False
    course = models.OneToOneField(Course, on_delete=PROTECT, related_name="page")
    body = StreamField(CourseBody(required=False), blank=True)

    content_panels = [
        HelpPanel(
            "The course’s title, summary, level, outcomes, credit, dates and places come from its record and are not "
            "written here. The page shows them above your words."
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.CourseIndexPage"]
    subpage_types = ["cms.EventPage", "cms.LearningPage", "cms.ModulePage"]
    template = "cms/course.html"

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return RecordTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        about = teaching.about_course(self.course, request, str(self.get_url(request)))
        return context | about | {"material": material_of(self)}


class EventPage(ReadPage):
    """An event of a course: when, where and how many places, and what its day looks like."""

    is_creatable = False
    event = models.OneToOneField(Event, on_delete=PROTECT, related_name="page")
    body = StreamField(MaterialBody(required=False), blank=True)

    content_panels = [
        HelpPanel(
            "The event’s dates, venue and places come from its record and are not written here. How to join stays "
            "with the people who have a place."
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.CoursePage"]
    subpage_types = ["cms.LearningPage"]
    template = "cms/event.html"

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return RecordTester(user, self)

    @cached_property
    def record(self) -> Event:
        """The event with its places, course and site."""
        rows = teaching.with_all(Event.objects.filter(pk=self.event_id))
        return rows.select_related("version__course__page", "site", "page").get()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A draft of an event is seen by those who write."""
        self.event = self.record
        if not is_preview(request) and not policies.may_read(viewer_of(request), self):
            raise Http404
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        event = self.record
        course = event.version.course
        address = request.build_absolute_uri(self.get_url(request))
        data = structured.event(
            event, course, address=address, home=request.build_absolute_uri("/")
        )
        above = teaching.address_of(course, request)
        return context | {
            "event": event,
            "course": course,
            "trail": [("Courses and events", "/courses/"), *([(course.title, above)] if above else [])],
            "date": teaching.coming(event, request),
            "sessions": list(event.sessions.all()),
            "cancelled": event.state == Event.State.CANCELLED,
            "now": clock.now(),
            "material": material_of(self),
            "structured": structured.element(data),
        }  # fmt: skip


class MaterialPage(ReadPage):
    """A page that says itself who may read it, by its `access`."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Visitors are asked to sign in; who may not read it is told why."""
        if not is_preview(request):
            decision = policies.may_read(viewer_of(request), self)
            if not decision and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not decision:
                raise PermissionDenied(decision.reason)
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response


class LearningPage(MaterialPage):
    """Learning material: open, for the signed-in, or for those with a place at its event or course."""

    access = models.CharField(
        max_length=10,
        choices=policies.Access,
        default=policies.Access.SIGNED_IN,
        verbose_name="Who may read it",
        help_text="Its files and pictures follow. A place is one at the event, or at any event of the course, that this page stands below.",
    )
    body = StreamField(MaterialBody())

    content_panels = [*Page.content_panels, FieldPanel("access"), FieldPanel("body")]
    parent_page_types = ["cms.CoursePage", "cms.EventPage"]
    subpage_types: list[str] = []
    template = "cms/learning.html"

    def of(self) -> dict[str, Any]:
        """The bookings by which somebody may read it, as a condition on them."""
        parent = self.get_parent().specific
        if isinstance(parent, EventPage):
            return {"event": parent.event_id}
        return {"event__version__course": parent.course_id}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        above = self.get_ancestors().filter(depth__gt=2).only("title", "url_path", "depth", "path")
        return context | {"trail": [(page.title, page.get_url(request)) for page in above]}


def material_of(page: Page) -> list[LearningPage]:
    """The published learning material below a page, in the order of its titles."""
    return list(LearningPage.objects.live().child_of(page).order_by("title"))


def is_preview(request: HttpRequest) -> bool:
    """Whether a writer looks at a page from within the editor."""
    return bool(getattr(request, "is_preview", False))


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks at the page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer
