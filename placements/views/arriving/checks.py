"""The checks of a placement: what the site asks, what the student showed; record, correct, withdraw."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from placements import arriving_queries as queries
from placements.actions import arriving
from placements.arriving_lines import tasks_of
from placements.forms.arriving import CheckForm, CorrectCheckForm, UuidForm
from placements.models import Check, Placement
from placements.views.coordinator import acting, refuse, status_of
from school.core.errors import DomainError
from school.people.middleware import Viewer


def _placement(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Placement]:
    """A placement whose checks the viewer may record; 404 for everybody else."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        queries.checked_placements(viewer).select_related(
            "site", "stage", "enrolment__book", "enrolment__person"
        ),
        uuid=uuid,
    )
    viewer.opened(found.enrolment.person)
    return viewer, found


def _check(placement: Placement, uuid: UUID) -> Check:
    """A check of the student that counts at the site of the placement."""
    rows = Check.objects.filter(
        Q(site=None) | Q(site=placement.site), enrolment=placement.enrolment
    ).select_related("site", "enrolment__book")
    found: Check = get_object_or_404(rows, entry__uuid=uuid)
    return found


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def placement_checks(request: HttpRequest, placement: UUID) -> HttpResponse:
    """How a placement's checks stand, and recording one that was shown."""
    viewer, row = _placement(request, placement)
    form = CheckForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            arriving.record_check(
                by=acting(viewer), enrolment=row.enrolment, site=row.site, **form.cleaned_data
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"The check of {row.enrolment.person.name} is recorded.")
            return redirect("placement_checks", row.uuid)
    [ready] = queries.readiness(Placement.objects.filter(pk=row.pk))
    context = {
        "placement": row,
        "person": row.enrolment.person,
        "tasks": tasks_of(ready),
        "shown": queries.counted_at(queries.shown_by([row.enrolment_id]), row.site),
        "form": form,
    }
    return render(
        request, "placements/arriving/checks.html", context, status=status_of(form, status)
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def correct_check(request: HttpRequest, placement: UUID, check: UUID) -> HttpResponse:
    """Correct the days or the number of a check; what was recorded first stays on record."""
    viewer, row = _placement(request, placement)
    fact = _check(row, check)
    [shown] = queries.shown_by([row.enrolment_id], pk=fact.pk) or [queries.Shown(fact, "")]
    initial = {
        "uuid": uuid4(),
        "since": fact.entry.about_from,
        "until": fact.entry.about_to,
        "reference": shown.reference,
    }
    form = CorrectCheckForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            arriving.record_check(
                by=acting(viewer),
                enrolment=row.enrolment,
                site=fact.site or row.site,
                kind=fact.check_kind,
                corrects=fact,
                **form.cleaned_data,
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The check is corrected.")
            return redirect("placement_checks", row.uuid)
    context = {
        "placement": row,
        "person": row.enrolment.person,
        "shown": shown,
        "form": form,
        "withdraw": UuidForm(initial={"uuid": uuid4()}, auto_id="withdraw_%s"),
    }
    return render(
        request, "placements/arriving/correct_check.html", context, status=status_of(form, status)
    )


@require_POST
def withdraw_check(request: HttpRequest, placement: UUID, check: UUID) -> HttpResponse:
    """Take back a check that was recorded by mistake."""
    viewer, row = _placement(request, placement)
    fact = _check(row, check)
    form = UuidForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was withdrawn. Use the button on this page.")
        return redirect("correct_check", row.uuid, check)
    try:
        arriving.withdraw_check(by=acting(viewer), check=fact, uuid=form.cleaned_data["uuid"])
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The check is withdrawn. It stays on record as withdrawn.")
    return redirect("placement_checks", row.uuid)
