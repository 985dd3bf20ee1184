"""One's own mail: how often it comes and when not, and everything that was written to oneself."""

from typing import Any

from django.contrib import messages as said
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from school.core.errors import DomainError
from school.people import messages as reads
from school.people.addresses import mark_of
from school.people.digests import choose
from school.people.forms import MailPreferenceForm
from school.people.models import Person
from school.people.preferences import preference_of

PAGE = 20


def _person(request: HttpRequest) -> Person:
    person: Person | None = request.viewer.person  # type: ignore[attr-defined]
    if person is None:
        raise Http404
    return person


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose how often mail comes, and the hours in which none does."""
    person = _person(request)
    status = 200
    if request.method == "POST":
        form = MailPreferenceForm(request.POST)
        try:
            if form.is_valid():
                choose(by=person, **form.cleaned_data)
                said.success(request, "Your choice was kept. It holds for mail from now on.")
                return redirect("mail_preferences")
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        status = 422
    else:
        chosen = preference_of(person)
        initial: dict[str, Any] = {
            name: getattr(chosen, name) for name in MailPreferenceForm.base_fields
        }
        form = MailPreferenceForm(initial=initial)
    context = {"form": form, "mark": mark_of(person), "person": person}
    return render(request, "people/mail_preferences.html", context, status=status)


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Everything that was written to oneself, newest first."""
    person = _person(request)
    page = Paginator(reads.of(person), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "listed": [reads.shown(mail) for mail in page],
        "mark": mark_of(person),
        "person": person,
    }
    return render(request, "people/messages.html", context)
