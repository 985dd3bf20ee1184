"""Home, the sites and one page for each, and plain pages."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import PROTECT, QuerySet
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester, PageViewRestriction
from wagtail.search import index

from cms import queries, teaching
from cms.blocks import Doors, PageBody, SiteBody
from school.core import charts, clock
from school.people.models import ScannerTerm, Site


class SchoolPage(Page):
    """A page that is looked at before it goes out as it will be seen: on a phone and on a desktop."""

    class Meta:
        abstract = True

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        return [
            {"name": "phone", "icon": "mobile-alt", "device_width": 390, "label": "On a phone"},
            {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": "On a desktop"},
        ]


class FixedTester(PagePermissionTester):
    """For pages that addresses all over the portal lead to: they are edited, but stay where they are."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False


class UnrestrictedPage(SchoolPage):
    """A page that nobody closes by Wagtail's restrictions: what is not for everybody says so itself."""

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        return PageViewRestriction.objects.none()


class FixedPage(UnrestrictedPage):
    """A page that the portal itself made and that nobody takes away."""

    is_creatable = False
    # The address stays as it was made, so neither slug nor menus are offered.
    promote_panels = [FieldPanel("search_description")]
    settings_panels: list[FieldPanel] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> FixedTester:
        return FixedTester(user, self)


class HomePage(FixedPage):
    """The first page: who the portal is for, the ways in, and what the programme asks."""

    lead = models.CharField(max_length=250)
    doors = StreamField(Doors())

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("doors")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    template = "cms/home.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "reach": queries.reach(),
            "programme": queries.published_programme(clock.today()),
            "next_events": teaching.next_events(request),
            "sites_page": SiteIndexPage.objects.live().first(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A site in the list: its page, its region of the network and its scanner of today."""

    name: str
    address: str
    region: str
    scanner: ScannerTerm.Kind | None


class SiteIndexPage(FixedPage):
    """The map of the sites and the list behind it."""

    lead = models.CharField(max_length=250)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.SitePage"]
    max_count = 1
    template = "cms/sites.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        today = clock.today()
        kinds = queries.scanner_kinds(today)
        pages = {page.site_id: page for page in SitePage.objects.live().child_of(self)}
        sites = list(Site.objects.order_by("network_region", "name"))
        rows = [
            Row(
                site.name,
                pages[site.pk].get_url(request) if site.pk in pages else "",
                site.network_region,
                kinds.get(site.pk),
            )
            for site in sites
        ]
        return context | {
            "rows": rows,
            "today": today,
            "reach": queries.reach(),
            "known": len(kinds),
            "unknown": len(sites) - len(kinds),
            "map": site_map(sites, kinds),
        }


def site_map(sites: list[Site], kinds: dict[int, ScannerTerm.Kind]) -> charts.SiteMap:
    """All sites on the outline; the list on the page is the table behind it."""
    mobile = [site.name for site in sites if kinds.get(site.pk) == ScannerTerm.Kind.MOBILE]
    said = (
        f"With a mobile scanner: {', '.join(mobile)}." if mobile else "None has a mobile scanner."
    )
    return charts.site_map(
        title=f"Map of the {len(sites)} placement sites",
        desc=f"{said if kinds else 'No kind of scanner is recorded yet.'} The list beside the map names them all.",
        sites=[
            charts.Site(
                site.name, float(site.latitude), float(site.longitude), mobile=site.name in mobile
            )
            for site in sites
        ],
    )


class SitePage(FixedPage):
    """A site: facts from the record, and what the site tells a student before the first day."""

    site = models.OneToOneField(Site, on_delete=PROTECT, related_name="page")
    body = StreamField(SiteBody(required=False), blank=True)

    content_panels = [
        HelpPanel(
            "The site’s name, organisation, regions, postcode, code and scanner come from the record and are not written here."
        ),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    parent_page_types = ["cms.SiteIndexPage"]
    subpage_types: list[str] = []
    template = "cms/site.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        today = clock.today()
        site = Site.objects.select_related("organisation").get(pk=self.site_id)
        scanner = queries.scanner_kinds(today, site).get(site.pk)
        return context | {
            "site": site,
            "parent": self.get_parent(),
            "today": today,
            "facts": [
                ("Official name", site.official_name),
                ("Run by", site.organisation.name),
                ("Postcode", site.postcode),
                ("Code in NHS data", queries.current_code(site, today) or "Not known"),
                ("Region of the network", site.network_region),
                ("Region of NHS England", site.nhs_region),
                ("Scanner", scanner.label.capitalize() if scanner else "Not recorded"),
            ],
        }


class PlainPage(SchoolPage):
    """A page of text, such as help or privacy."""

    # The portal's own pages are led to from the foot of every page, and stay.
    fixed = models.BooleanField(default=False, editable=False)
    body = StreamField(PageBody())

    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = [FieldPanel("search_description")]
    settings_panels: list[FieldPanel] = []
    search_fields = [*Page.search_fields, index.SearchField("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/plain.html"

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return FixedTester(user, self) if self.fixed else PagePermissionTester(user, self)
