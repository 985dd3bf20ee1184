"""A paper log sheet for a day without network, and entering what stands on one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from placements import policies, reference
from placements import sheet_queries as queries
from placements.actions.paper import enter_paper as enter
from placements.forms.paper import PaperForm
from placements.imports.hours import HoursRow
from placements.models import Placement, Stage
from placements.student_queries import placement_on
from placements.views.coordinator import refuse, status_of
from placements.views.educator import person_of, viewer_of
from placements.views.student import student
from school.core import clock
from school.core.errors import DomainError
from school.core.files import rows
from school.core.files.fates import Fate

LINES = range(12)
SAID = {
    Fate.NEW: "The hours on the sheet are kept. They count, and are never shown as confirmed here.",
    Fate.CHANGED: "The hours on the sheet take the place of those that were held.",
    Fate.SAME: "These hours were held already. Nothing was written.",
}


def own_sheet(request: HttpRequest) -> HttpResponse:
    """The way to the sheet of the placement that a student is on."""
    _, own = student(request)
    if not own:
        raise Http404
    return redirect("log_sheet", placement_on(own, clock.today()).uuid)


def log_sheet(request: HttpRequest, placement: UUID) -> HttpResponse:
    """A sheet of A4 with the student, the site and who supervises printed, and lines to fill in."""
    viewer = viewer_of(request)
    found = get_object_or_404(
        policies.placements(viewer)
        .exclude(state=Placement.State.WITHDRAWN)
        .select_related("site", "stage", "enrolment__person", "enrolment__cohort__programme"),
        uuid=placement,
    )
    viewer.opened(found.enrolment.person)
    names = ("student_number", "year", "site", "part", "starts", "ends", "hours", "signed_by", "sighted_by", "scan_reference")  # fmt: skip
    context = {
        "placement": found,
        "enrolment": found.enrolment,
        "person": found.enrolment.person,
        "supervising": queries.supervising(found),
        "lines": LINES,
        "types": [row.name for row in reference.day_types().values()],
        "columns": [rows.title(HoursRow, name) for name in names],
    }
    return render(request, "placements/sheet/sheet.html", context)


def enter_paper(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Enter what stands on a sheet, with who has seen it."""
    viewer, person = viewer_of(request), person_of(request)
    found = get_object_or_404(
        queries.enterable(viewer).select_related("person", "book", "version"), uuid=enrolment
    )
    viewer.opened(found.person)
    any_site = queries.places_students(viewer, found)
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        stages=list(Stage.objects.filter(version=found.version_id)),
        sites=queries.sites_of(viewer, any_site=any_site),
        people=queries.may_have_seen(found, person),
        any_site=any_site,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            fate = enter(
                by=person,
                enrolment=found,
                sheet=form.sheet(),
                replaces=form.cleaned_data["replaces"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, SAID[fate])
            return redirect("enrolment_record", found.uuid)
    context = {"form": form, "enrolment": found, "person": found.person}
    return render(request, "placements/sheet/enter.html", context, status=status_of(form, status))
