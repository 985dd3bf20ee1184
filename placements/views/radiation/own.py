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
from placements.queries import own_enrolments
from placements.views.coordinator import acting, refuse, status_of
from school.core.errors import DomainError


def _own(request: HttpRequest) -> list[Enrolment]:
    person = request.viewer.person  # type: ignore[attr-defined]
    found = own_enrolments(person) if person else []
    if not found:
        raise Http404
    return found


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def declaration(request: HttpRequest) -> HttpResponse:
    """Write a pregnancy declaration, with the names of everybody who will read it."""
    own = _own(request)
    enrolment = own[0]
    declared = queries.declarations(*own)
    newest = declared.get(enrolment.pk)
    stands = newest is not None and not newest.fact.withdrawn
    words = newest.words if newest else ""
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
        "declared": newest,
        "standing": [
            {
                "declared": declared[row.pk],
                "earlier": row != enrolment and row.ends,
                "take_back": _take_back(row),
            }
            for row in own
            if row.pk in declared and not declared[row.pk].fact.withdrawn
        ],
        "stands": stands,
        "readers": queries.readers(enrolment),
    }
    return render(
        request, "placements/radiation/declaration.html", context, status=status_of(form, status)
    )


def _take_back(enrolment: Enrolment) -> TakeBackForm:
    return TakeBackForm(
        initial={"uuid": uuid4(), "enrolment": enrolment.uuid},
        auto_id=f"take_back_{enrolment.pk}_%s",
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def take_declaration_back(request: HttpRequest) -> HttpResponse:
    """Take one's own declaration back, on whichever enrolment it was written."""
    own = {row.uuid: row for row in _own(request)}
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was taken back. Use the button on this page.")
        return redirect("declaration")
    enrolment = own.get(form.cleaned_data["enrolment"])
    if enrolment is None:
        raise Http404
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
    rows = queries.readings(*_own(request))
    context = {"rows": rows, "total": rows[0].total if rows else ""}
    return render(request, "placements/radiation/my_dose.html", context)
