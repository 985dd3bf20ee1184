"""Equivalences: which course counts as which, made and ended by School educators."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from school.core.errors import DomainError
from school.core.files import writing
from school.courses import policies
from school.courses.actions.equating import count_as, end_equivalence
from school.courses.forms.equating import EndForm, EquivalenceForm
from school.courses.models import Course, Equivalence
from school.courses.views import demand, refuse, signed_in, status_of
from school.people.models import Person

COLUMNS = ("Attained", "Counts as", "From", "To")


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
    files = {kind: reverse("equivalences_file", args=[kind]) for kind in writing.FORMATS}
    context = {"form": form, "rows": _rows(), **files}
    return render(
        request, "courses/attaining/equivalences.html", context, status=status_of(form, status)
    )


@require_safe
def equivalences_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """Every rule as a file."""
    _teacher(request)
    if format not in writing.FORMATS:
        raise Http404
    cells = (
        (row.attained.title, row.counts_as.title, row.entry.about_from, row.entry.about_to)
        for row in _rows()
    )
    about = writing.About(
        title="Courses that count as others",
        definition="Whoever attained the one has attained the other on the days of the rule, the last included.",
    )
    return writing.table_response("equivalences", COLUMNS, cells, about, format)


def _rows() -> QuerySet[Equivalence]:
    """The rules that stand, in the order of the courses that they count as."""
    rows: QuerySet[Equivalence] = Equivalence.objects.standing().filter(cancelled=False)
    related = rows.select_related("entry", "attained", "counts_as")
    return related.order_by("counts_as__title", "attained__title", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, equivalence: UUID) -> HttpResponse:
    """Give a rule its last day, or take back one that never held."""
    person = _teacher(request)
    found = get_object_or_404(_rows(), entry__uuid=equivalence)
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
