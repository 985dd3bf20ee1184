"""Places: who is where in the next six weeks, capacity week by week, what a site offers and its audits."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from placements import places_queries as queries
from placements import policies, requests_queries
from placements.actions.arranging import change_offer, offer_places, record_audit
from placements.forms.coordinator import AuditForm, ChangeOfferForm, OfferForm, PlacesFilterForm
from placements.models import PlaceOffer, SiteAudit, Stage
from placements.views.coordinator import acting, demand, refuse, status_of, watcher
from school.core import clock, days
from school.core.decision import ALLOWED, refused
from school.core.errors import DomainError
from school.core.files import writing
from school.people.middleware import Viewer
from school.people.models import Site

PAGE = 10
COLUMNS = ("Site", "Region", "Week of", "Places offered", "Places used", "Places free", "Audit holds until")  # fmt: skip


def places(request: HttpRequest) -> HttpResponse:
    """Who is where and how many places are free, ten sites at a time."""
    viewer = watcher(request)
    form = PlacesFilterForm(request.GET)
    sites, year, said = form.wanted()
    page = Paginator(sites, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    drawn, beyond = queries.who_is_where(viewer, shown, year)
    rows = queries.weeks_of_sites(shown, year)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        "today": clock.today(),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "said": said,
        "page": page,
        "timeline": drawn,
        "anybody": any(row.lanes for row in drawn.rows),
        "beyond": sum(beyond.values()),
        "mondays": queries.mondays(),
        "rows": rows,
        "free": sum(row.free for row in rows),
        "offered": sum(week.offered for row in rows for week in row.weeks),
        "lapsed": [
            row for row in rows if row.audited_until is None or row.audited_until < clock.today()
        ],
        "may_place": bool(policies.may_place_students(viewer)),
        "csv": reverse("places_file", args=["csv"]) + query,
        "xlsx": reverse("places_file", args=["xlsx"]) + query,
    }
    return render(request, "placements/coordinator/places.html", context)


def places_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """Places by site and week as a file."""
    watcher(request)
    if format not in writing.FORMATS:
        raise Http404
    sites, year, said = PlacesFilterForm(request.GET).wanted()
    about = writing.About(title="Places by site and week", filtered=said)
    return writing.table_response("places", COLUMNS, _cells(list(sites), year), about, format)


def _cells(sites: Sequence[Site], year: int | None) -> Iterator[Sequence[Any]]:
    for row in queries.weeks_of_sites(sites, year):
        for monday, week in zip(queries.mondays(), row.weeks, strict=True):
            yield (row.site.name, row.site.network_region, monday, week.offered, week.used, week.free, row.audited_until)  # fmt: skip


def site_places(request: HttpRequest, site: UUID) -> HttpResponse:
    """What a site offers, with its audits."""
    viewer = watcher(request)
    shown = get_object_or_404(Site, uuid=site)
    offers = (
        PlaceOffer.objects.filter(site=shown)
        .select_related("stage__version__programme")
        .order_by("-ends", "stage__year", "pk")
    )
    page = Paginator(offers, 25).get_page(request.GET.get("page"))
    stages = set(_stages(viewer, shown).values_list("pk", flat=True))
    today = clock.today()
    rows = [
        {
            "offer": offer,
            "open": offer.starts <= today <= offer.ends,
            "may_change": offer.stage_id in stages and offer.ends >= today,
        }
        for offer in page
    ]
    audits = list(SiteAudit.objects.filter(site=shown).order_by("-entry__about_from")[:10])
    context = {
        "site": shown,
        "page": page,
        "rows": rows,
        "audits": audits,
        "audited": bool(audits) and audits[0].entry.about_to >= today,
        "weeks": zip(queries.mondays(), queries.weeks_of_sites([shown])[0].weeks, strict=True),
        "requests": requests_queries.lines_at(viewer, shown),
        "may_offer": bool(stages),
        "may_audit": bool(policies.may_audit(viewer, shown)),
    }
    return render(request, "placements/coordinator/site_places.html", context)


def _stages(viewer: Viewer, site: Site) -> QuerySet[Stage]:
    return policies.offerable_stages(viewer, site)


def add_offer(request: HttpRequest, site: UUID) -> HttpResponse:
    """A site offers places of a stage between two days."""
    viewer = watcher(request)
    demand(policies.may_place_students(viewer))
    shown = get_object_or_404(Site, uuid=site)
    stages = _stages(viewer, shown)
    form = OfferForm(
        request.POST if request.method == "POST" else None,
        stages=stages,
        initial={"uuid": uuid4(), "starts": clock.today(), "places": 1},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            offer = offer_places(by=acting(viewer), site=shown, **data)
        except DomainError as error:
            return _form(request, form, shown, "Offer places", status=refuse(form, error))
        messages.success(
            request,
            f"{shown.name} offers {_amount(offer)} for {offer.stage}, "
            f"{days.long_date(offer.starts)} to {days.long_date(offer.ends)}.",
        )
        return redirect("site_places", shown.uuid)
    return _form(request, form, shown, "Offer places")


def change_places(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Other dates or another number for an offer; an earlier last day closes it."""
    viewer = watcher(request)
    demand(policies.may_place_students(viewer))
    found = get_object_or_404(
        PlaceOffer.objects.select_related("site", "stage__version__programme"), uuid=offer
    )
    allowed = _stages(viewer, found.site).filter(pk=found.stage_id).exists()
    demand(ALLOWED if allowed else refused("This offer is another coordinator’s."))
    initial = {"places": found.places, "starts": found.starts, "ends": found.ends}
    form = ChangeOfferForm(request.POST if request.method == "POST" else None, initial=initial)
    title = f"Change the places for {found.stage}"
    if request.method == "POST" and form.is_valid():
        try:
            change_offer(by=acting(viewer), offer=found, **form.cleaned_data)
        except DomainError as error:
            return _form(request, form, found.site, title, status=refuse(form, error))
        messages.success(request, f"The offer of {found.site.name} is changed.")
        return redirect("site_places", found.site.uuid)
    return _form(request, form, found.site, title)


def add_audit(request: HttpRequest, site: UUID) -> HttpResponse:
    """Record a site's quality audit."""
    viewer = watcher(request)
    demand(policies.may_place_students(viewer))
    shown = get_object_or_404(Site, uuid=site)
    demand(policies.may_audit(viewer, shown))
    form = AuditForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "day": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            audit = record_audit(by=acting(viewer), site=shown, **form.cleaned_data)
        except DomainError as error:
            return _form(request, form, shown, "Record an audit", status=refuse(form, error))
        until = days.long_date(audit.entry.about_to)  # type: ignore[arg-type]
        messages.success(request, f"The audit of {shown.name} holds until {until}.")
        return redirect("site_places", shown.uuid)
    return _form(request, form, shown, "Record an audit")


def _form(
    request: HttpRequest, form: Any, site: Site, title: str, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "kicker": site.name,
        "back": reverse("site_places", args=[site.uuid]),
        "back_text": site.name,
        "button": "Save",
    }
    return render(
        request, "placements/coordinator/form.html", context, status=status_of(form, status)
    )


def _amount(offer: PlaceOffer) -> str:
    return f"{offer.places} {'place' if offer.places == 1 else 'places'}"
