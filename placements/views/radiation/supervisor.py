"""What a site's radiation protection supervisor reads in confidence, and the dose readings they keep."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from placements import radiation_queries as queries
from placements.actions.radiation import record_dose
from placements.forms.radiation import DoseForm
from placements.models import DoseReading, Enrolment
from placements.views.coordinator import acting, demand, refuse, status_of
from school.core.errors import DomainError
from school.people.middleware import Viewer
from school.people.models import Site

PAGE = 25


def _supervisor(request: HttpRequest) -> tuple[Viewer, list[int]]:
    """Who protects from radiation, and the keys of their sites; 403 for everybody else."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    demand(queries.may_protect(viewer))
    return viewer, queries.protected_sites(viewer)


@never_cache
@require_safe
def in_confidence(request: HttpRequest) -> HttpResponse:
    """What students of one's sites declared in confidence; each of them is noted in the access log."""
    viewer, sites = _supervisor(request)
    found = queries.declared_to(sites)
    viewer.opened(*(declared.fact.enrolment.person for declared, _ in found))
    rows = [
        {"person": declared.fact.enrolment.person, "declared": declared, "placements": placed}
        for declared, placed in found
    ]
    return render(request, "placements/radiation/in_confidence.html", {"rows": rows})


@never_cache
@require_safe
def dose_readings(request: HttpRequest) -> HttpResponse:
    """The students whose badges one reads, each with the dose at one's sites."""
    viewer, sites = _supervisor(request)
    wearers = queries.badge_wearers(sites).order_by("person__name", "pk")
    page = Paginator(wearers, PAGE).get_page(request.GET.get("page"))
    viewer.opened(*(row.person for row in page))
    totals = queries.totals([row.pk for row in page], sites)
    rows = [
        {
            "enrolment": row,
            "dose": queries.in_millisieverts(totals[row.pk]) if row.pk in totals else "",
        }
        for row in page
    ]
    return render(request, "placements/radiation/readings.html", {"page": page, "rows": rows})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def student_dose(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A student's readings at one's sites, and a new one."""
    viewer, sites = _supervisor(request)
    found = _wearer(viewer, sites, enrolment)
    form = DoseForm(
        request.POST if request.method == "POST" else None,
        sites=_sites(found, sites),
        initial={"uuid": uuid4()},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            record_dose(by=acting(viewer), enrolment=found, **form.written())
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"The reading of {found.person.name} is kept.")
            return redirect("student_dose", found.uuid)
    rows = queries.readings(found, sites=sites)
    context = {
        "enrolment": found,
        "form": form,
        "rows": rows,
        "total": rows[0].total if rows else "",
    }
    return render(
        request, "placements/radiation/student.html", context, status=status_of(form, status)
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def correct_dose(request: HttpRequest, enrolment: UUID, reading: UUID) -> HttpResponse:
    """Correct a reading; the one before stays on record."""
    viewer, sites = _supervisor(request)
    found = _wearer(viewer, sites, enrolment)
    fact = get_object_or_404(
        DoseReading.objects.filter(enrolment=found, site__in=sites).select_related("site"),
        entry__uuid=reading,
    )
    initial = {
        "uuid": uuid4(),
        "site": fact.site.slug,
        "first": fact.entry.about_from,
        "last": fact.entry.about_to,
        "dose": queries.in_millisieverts(fact.microsieverts),
    }
    form = DoseForm(
        request.POST if request.method == "POST" else None,
        sites=_sites(found, sites),
        initial=initial,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            record_dose(by=acting(viewer), enrolment=found, corrects=fact, **form.written())
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The reading is corrected.")
            return redirect("student_dose", found.uuid)
    context = {
        "form": form,
        "title": "Correct a dose reading",
        "kicker": found.person.name,
        "button": "Save",
        "back": reverse("student_dose", args=[found.uuid]),
        "back_text": "The dose readings",
    }
    return render(
        request, "placements/coordinator/form.html", context, status=status_of(form, status)
    )


def _wearer(viewer: Viewer, sites: list[int], uuid: UUID) -> Enrolment:
    rows = queries.badge_wearers(sites).select_related("book")
    found: Enrolment = get_object_or_404(rows, uuid=uuid)
    viewer.opened(found.person)
    return found


def _sites(enrolment: Enrolment, sites: list[int]) -> QuerySet[Site]:
    return Site.objects.filter(pk__in=sites, placements__enrolment=enrolment).distinct()
