"""A student's own pages in confidence: a pregnancy declaration, and the dose that their badges showed."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from placements import radiation_queries as queries
from placements.actions import radiation
from placements.forms.radiation import DeclarationForm, TakeBackForm
from placements.models import Enrolment
from placements.views.coordinator import acting, refuse, status_of
from school.core.errors import DomainError


def _own(request: HttpRequest, *, writing: bool = False) -> Enrolment:
    viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.own_enrolment(viewer.person, writing=writing)
    if found is None:
        raise Http404
    return found


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def declaration(request: HttpRequest) -> HttpResponse:
    """Write a pregnancy declaration, with the names of everybody who will read it."""
    enrolment = _own(request, writing=True)
    declared = queries.declaration(enrolment)
    stands = declared is not None and not declared.fact.withdrawn
    words = declared.words if declared else ""
    form = DeclarationForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "words": words},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        viewer = request.viewer  # type: ignore[attr-defined]
        try:
            radiation.declare(by=acting(viewer), enrolment=enrolment, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Your declaration is kept. Its readers named here are told.")
            return redirect("declaration")
    context = {
        "form": form,
        "declared": declared,
        "stands": stands,
        "readers": queries.readers(enrolment),
        "take_back": TakeBackForm(initial={"uuid": uuid4()}, auto_id="take_back_%s"),
    }
    return render(
        request, "placements/radiation/declaration.html", context, status=status_of(form, status)
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def take_declaration_back(request: HttpRequest) -> HttpResponse:
    """Take one's own declaration back."""
    enrolment = _own(request, writing=True)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was taken back. Use the button on this page.")
        return redirect("declaration")
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        radiation.take_back(by=acting(viewer), enrolment=enrolment, uuid=form.cleaned_data["uuid"])
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Your declaration is taken back. Its readers are told to look.")
    return redirect("declaration")


@never_cache
@require_safe
def my_dose(request: HttpRequest) -> HttpResponse:
    """What one's own badges showed, with a running total."""
    rows = queries.readings(_own(request))
    context = {"rows": rows, "total": rows[0].total if rows else ""}
    return render(request, "placements/radiation/my_dose.html", context)
