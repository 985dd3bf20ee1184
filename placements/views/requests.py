"""Asking a site for places, and its answer."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from placements import policies
from placements import requests_queries as queries
from placements.actions import requesting
from placements.forms.requests import AnswerForm, AskForm
from placements.models import PlaceRequest
from placements.views.coordinator import acting, demand, refuse, status_of, watcher
from school.core import clock
from school.core.errors import DomainError
from school.people.middleware import Viewer
from school.people.models import Site


def ask_for_places(request: HttpRequest, site: UUID) -> HttpResponse:
    """A coordinator asks a site for places."""
    viewer = watcher(request)
    demand(policies.may_place_students(viewer))
    asked = get_object_or_404(Site.objects.select_related("scope"), uuid=site)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        stages=policies.offerable_stages(viewer, asked),
        initial={"uuid": uuid4(), "starts": clock.today(), "places": 1},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = requesting.ask_for_places(by=acting(viewer), site=asked, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            told = ", ".join(lead.name for lead in queries.leads_of(asked))
            messages.success(
                request,
                f"{asked.name} is asked for {queries.wanted(made)}. "
                + (
                    f"{told} will be told."
                    if told
                    else "Nobody leads the site in the portal: ask there yourself, and record the answer here."
                ),
            )
            return redirect("place_request", made.uuid)
    context = {
        "form": form,
        "title": "Ask for places",
        "kicker": asked.name,
        "back": reverse("site_places", args=[asked.uuid]),
        "back_text": asked.name,
        "button": "Ask",
    }
    return render(
        request, "placements/coordinator/form.html", context, status=status_of(form, status)
    )


def place_request(request: HttpRequest, asked: UUID) -> HttpResponse:
    """A request for places, with the answer or the form to give one."""
    viewer, found = _found(request, asked)
    waits = found.state == PlaceRequest.State.ASKED
    may_answer = waits and bool(queries.may_answer(viewer, found))
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"places": found.places}
    )
    status = 200
    if request.method == "POST":
        demand(queries.may_answer(viewer, found))
        if form.is_valid():
            try:
                return _answered(request, viewer, found, form)
            except DomainError as error:
                status = refuse(form, error)
    context = {
        "form": form,
        "line": queries.Line.of(found),
        "asked": found,
        "may_answer": may_answer,
        "may_take_back": waits and bool(queries.may_take_back(viewer, found)),
    }
    return render(
        request, "placements/requests/request.html", context, status=status_of(form, status)
    )


def _found(request: HttpRequest, asked: UUID) -> tuple[Viewer, PlaceRequest]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.person is None:
        raise PermissionDenied("This account belongs to nobody in the portal yet.")
    rows = queries.requests(viewer).select_related(
        "site", "stage__version__programme", "offer", "asked_by", "answered_by"
    )
    return viewer, get_object_or_404(rows, uuid=asked)


def _answered(
    request: HttpRequest, viewer: Viewer, found: PlaceRequest, form: AnswerForm
) -> HttpResponse:
    data = form.cleaned_data
    if "offer" in request.POST:
        requesting.offer_asked(
            by=acting(viewer), request=found, places=data["places"], words=data["words"]
        )
        said = f"{queries.amount(data['places']).capitalize()} offered. {found.asked_by.name} will be told."
    else:
        requesting.decline(by=acting(viewer), request=found, words=data["words"])
        said = f"The request is declined. {found.asked_by.name} will be told."
    messages.success(request, said)
    return redirect("place_request", found.uuid)


@require_POST
def take_back(request: HttpRequest, asked: UUID) -> HttpResponse:
    """Take a request back while it waits."""
    viewer, found = _found(request, asked)
    demand(queries.may_take_back(viewer, found))
    try:
        requesting.take_back(by=acting(viewer), request=found)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("place_request", found.uuid)
    messages.success(request, "The request is taken back.")
    return redirect("site_places", found.site.uuid)
