"""A site's places: what it offers, what it was asked for, its scanner and its audits."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from placements import policies, requests_queries, units_queries
from placements.actions.arranging import change_offer, offer_places, record_audit
from placements.forms.coordinator import AuditForm, ChangeOfferForm, OfferForm
from placements.models import PlaceOffer, SiteAudit, Stage
from placements.views.coordinator import acting, demand, refuse, status_of, watcher
from school.core import clock, days
from school.core.decision import ALLOWED, refused
from school.core.errors import DomainError
from school.people.middleware import Viewer
from school.people.models import Site


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
        "scanner": _scanner(shown),
        "stays": units_queries.stays_to_come(shown),
        "may_run": bool(policies.may_run_site(viewer, shown)),
        "requests": requests_queries.lines_at(viewer, shown),
        "may_offer": bool(stages),
        "may_audit": bool(policies.may_audit(viewer, shown)),
    }
    return render(request, "placements/coordinator/site_places.html", context)


def _scanner(site: Site) -> dict[str, Any]:
    """Which kind of scanner a site has today or will have, in words, and whether it is mobile still."""
    found = units_queries.scanners([site.pk], clock.today()).get(site.pk, [])
    return {
        "words": [term.in_full() for term in found],
        "mobile": any(term.kind == units_queries.MOBILE and term.ends is None for term in found),
    }


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
