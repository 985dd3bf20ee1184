"""Where mobile units stand, and a scanner that becomes static."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from placements import policies
from placements import units_queries as queries
from placements.forms.units import DaysForm, StaticForm, StayForm
from placements.views.coordinator import acting, demand, refuse, status_of
from school.core import clock, days
from school.core.errors import DomainError
from school.people import scanners, units
from school.people.middleware import Viewer
from school.people.models import Site, UnitStay


def _runner(request: HttpRequest) -> Viewer:
    """Who is signed in; the page looks at which sites they run."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.person is None:
        raise PermissionDenied("This account belongs to nobody in the portal yet.")
    return viewer


def _site(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Site]:
    viewer = _runner(request)
    site = get_object_or_404(Site, uuid=uuid)
    demand(policies.may_run_site(viewer, site))
    return viewer, site


def _stay(request: HttpRequest, uuid: UUID) -> tuple[Viewer, UnitStay]:
    viewer = _runner(request)
    rows = UnitStay.objects.filter(site__in=policies.sites_run(viewer))
    return viewer, get_object_or_404(rows.select_related("site", "unit"), uuid=uuid)


def add_unit_stay(request: HttpRequest, site: UUID) -> HttpResponse:
    """Record that a mobile unit stands at a site."""
    viewer, found = _site(request, site)
    today = clock.today()
    form = StayForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "starts": today, "ends": today},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        by = acting(viewer)
        try:
            with transaction.atomic():
                unit = data["unit"] or units.named_unit(name=data["name"], by=by)
                stay = units.record_stay(
                    unit=unit, site=found, starts=data["starts"], ends=data["ends"], uuid=data["uuid"], by=by
                )  # fmt: skip
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"{unit.name} stands at {found.name}: {_words(stay)}.")
            return redirect("site_places", found.uuid)
    context = {
        "form": form,
        "title": "Record where a mobile unit stands",
        "kicker": found.name,
        "back": reverse("site_places", args=[found.uuid]),
        "back_text": found.name,
        "button": "Save",
    }
    return render(
        request, "placements/coordinator/form.html", context, status=status_of(form, status)
    )


def unit_stay(request: HttpRequest, stay: UUID) -> HttpResponse:
    """Give a stay of a mobile unit other days, or take it off."""
    viewer, found = _stay(request, stay)
    form = DaysForm(
        request.POST if request.method == "POST" else None,
        initial={"starts": found.starts, "ends": found.ends},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            units.change_stay(by=acting(viewer), stay=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(
                request, f"{found.unit.name} stands at {found.site.name}: {_words(found)}."
            )
            return redirect("site_places", found.site.uuid)
    context = {"form": form, "stay": found}
    return render(request, "placements/units/stay.html", context, status=status_of(form, status))


@require_POST
def remove_unit_stay(request: HttpRequest, stay: UUID) -> HttpResponse:
    """Take a stay of a mobile unit off."""
    viewer, found = _stay(request, stay)
    said = f"{found.unit.name} no longer stands at {found.site.name}: {_words(found)}."
    units.remove_stay(by=acting(viewer), stay=found)
    messages.success(request, said)
    return redirect("site_places", found.site.uuid)


def _words(stay: UnitStay) -> str:
    return queries.StayOn(stay.uuid, stay.unit.name, stay.starts, stay.ends).words


def make_static(request: HttpRequest, site: UUID) -> HttpResponse:
    """A site's scanner becomes static: the day, what it changes, and the act."""
    viewer, found = _site(request, site)
    form = StaticForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "day": clock.today()},
    )
    status = 200
    checked: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        data = form.cleaned_data
        try:
            if "save" in request.POST:
                scanners.make_static(by=acting(viewer), site=found, **data)
                said = f"The scanner of {found.name} is static from {days.long_date(data['day'])}."
                messages.success(request, said)
                return redirect("site_places", found.uuid)
            term = scanners.rule_is_mobile(found, data["day"])
        except DomainError as error:
            status = refuse(form, error)
        else:
            checked = {
                "since": term.entry.about_from,
                "until": data["day"] - days.DAY,
                "day": data["day"],
                "affected": queries.affected(viewer, found, data["day"]),
            }
    context: dict[str, Any] = {"form": form, "site": found, **checked}
    return render(request, "placements/units/static.html", context, status=status_of(form, status))
