"""Equivalences: which course counts as which, made and ended by School educators."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from school.core.errors import DomainError
from school.courses import policies
from school.courses.actions.equating import count_as, end_equivalence
from school.courses.forms.equating import EndForm, EquivalenceForm
from school.courses.models import Course, Equivalence
from school.courses.views import demand, refuse, signed_in, status_of
from school.people.models import Person


def _teacher(request: HttpRequest) -> Person:
    viewer, person = signed_in(request)
    demand(policies.may_teach(viewer))
    return person


@require_http_methods(["GET", "HEAD", "POST"])
def equivalences(request: HttpRequest) -> HttpResponse:
    """Every rule, and a new one."""
    person = _teacher(request)
    form = EquivalenceForm(
        request.POST if request.method == "POST" else None,
        courses=Course.objects.all(),
        initial={"uuid": uuid4()},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            count_as(by=person, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The rule is kept.")
            return redirect("equivalences")
    rows = (
        Equivalence.objects.standing()
        .filter(cancelled=False)
        .select_related("entry", "attained", "counts_as")
        .order_by("counts_as__title", "attained__title", "pk")
    )
    context = {"form": form, "rows": rows}
    return render(
        request, "courses/attaining/equivalences.html", context, status=status_of(form, status)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, equivalence: UUID) -> HttpResponse:
    """Give a rule its last day, or take back one that never held."""
    person = _teacher(request)
    rows = Equivalence.objects.standing().filter(cancelled=False)
    found = get_object_or_404(
        rows.select_related("entry", "attained", "counts_as"), entry__uuid=equivalence
    )
    form = EndForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "ends": found.entry.about_to},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            end_equivalence(by=person, equivalence=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The rule is changed.")
            return redirect("equivalences")
    context = {
        "form": form,
        "title": "End a rule",
        "kicker": f"{found.attained.title} counts as {found.counts_as.title}",
        "button": "Save",
        "back": reverse("equivalences"),
        "back_text": "Courses that count as others",
    }
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))
