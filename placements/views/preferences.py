"""Where a student would like to be placed next."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from placements import preferences_queries as queries
from placements.actions.preferring import state_preferences
from placements.forms.preferences import PreferencesForm
from school.core.errors import DomainError


def preferences(request: HttpRequest) -> HttpResponse:
    """A student says which sites they would like, in order, while they are not placed for the coming stage."""
    person = request.viewer.person  # type: ignore[attr-defined]
    if person is None:
        raise PermissionDenied("This account belongs to nobody in the portal yet.")
    asked = queries.asked_now(person)
    if asked is None:
        if request.method == "POST":
            raise Http404
        return render(request, "placements/preferences/closed.html")
    enrolment, stage = asked
    been = queries.Beside({}, queries.beside(enrolment).been)
    held = {
        f"choice_{number}": site.slug
        for number, site in enumerate(queries.preferred(enrolment), start=1)
    }
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, beside=been.words, initial=held
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                state_preferences(by=person, enrolment=enrolment, sites=form.chosen())
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                messages.success(
                    request,
                    "What you would like is kept. The placement coordinator sees it when placing you.",
                )
                return redirect("preferences")
        else:
            status = 422
    context = {"form": form, "stage": stage}
    return render(request, "placements/preferences/preferences.html", context, status=status)
