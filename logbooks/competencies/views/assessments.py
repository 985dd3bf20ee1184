"""Assessments as they are read: one with its acknowledgement, a student's list, and the items that many fail."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.competencies import assessing_queries as reads
from logbooks.competencies import policies
from logbooks.competencies.actions.assessing import READ, acknowledge
from logbooks.competencies.assessments import ENOUGH
from logbooks.competencies.forms.assessing import ReadForm
from logbooks.competencies.models import Assessment
from logbooks.competencies.views.common import (
    is_own,
    led_by,
    own_enrolment,
    person_of,
    readable,
    viewer_of,
)
from placements.models import Enrolment
from placements.views.educator import proved, status_of
from school.core.errors import DomainError
from school.core.files.writing import FORMATS, About, table_response
from school.core.forms import refuse
from school.people import proof
from school.people.models import Person

COLUMNS = (
    "Form", "Version", "Attempt", "Date", "Site", "Assessor", "Second assessor", "Item", "Critical",
    "Rating", "As a whole", "Outcome of this assessor", "Reference",
)  # fmt: skip


@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """An attempt with every assessor's part that the viewer may see; a POST is the student's name under it."""
    person = person_of(request)
    viewer = viewer_of(request)
    rows = reads.firsts().filter(enrolment__in=policies.enrolments(viewer))
    first: Assessment = get_object_or_404(rows, entry__uuid=assessment)
    own = is_own(request, first.enrolment)
    viewer.opened(first.enrolment.person)
    form = None
    if request.method == "POST":
        if not own:
            raise Http404
        form = ReadForm(request, request.POST)
        if form.is_valid():
            if form.wants_other_way:
                return proof.suspend(request, "sign that you have read an assessment")
            if proved(form) and _read(person, first, form):
                messages.success(request, "You have signed that you read this.")
                return redirect("assessment", assessment)
    elif own:
        form = ReadForm.opened(request)
    return _page(request, first, form if own else None)


def _read(person: Person, first: Assessment, form: ReadForm) -> bool:
    try:
        acknowledge(by=person, first=first, proof=form.way, uuid=form.cleaned_data["batch"])
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return False
    return True


def _page(request: HttpRequest, first: Assessment, form: ReadForm | None) -> HttpResponse:
    viewer = viewer_of(request)
    (attempt,) = reads.attempts([first], viewer.me)
    read = getattr(first, "acknowledgement", None)
    context = {
        "form": form,
        "owner": viewer.person,
        "own": form is not None,
        "attempt": attempt,
        "first": first,
        "student": first.enrolment.person,
        "read": read,
        "signs": form is not None and read is None and not attempt.waits,
        "wording": READ,
        # What the device of whoever assessed may forget, since it is here.
        "sent": [row.fact.entry.uuid for row in attempt.seen if row.fact.assessor_id in viewer.me],
        "may_second": attempt.waits
        and reads.waiting_for(viewer.me, led_by(viewer)).filter(pk=first.pk).exists(),
    }
    status = status_of(form) if form is not None and form.is_bound else 200
    return render(request, "competencies/assessing/assessment.html", context, status=status)


@never_cache
@require_safe
def own_assessments(request: HttpRequest) -> HttpResponse:
    """The student's own attempts."""
    return _list(request, own_enrolment(request))


@never_cache
@require_safe
def assessments_of(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A student's attempts, for those who may read their log book."""
    return _list(request, readable(request, enrolment))


def _list(request: HttpRequest, row: Enrolment) -> HttpResponse:
    attempts = reads.of_enrolment(row, viewer_of(request).me)
    by_form: dict[str, list[reads.Attempt]] = {}
    for attempt in attempts:
        by_form.setdefault(attempt.first.form.code, []).append(attempt)
    context = {
        "enrolment": row,
        "student": row.person,
        "own": is_own(request, row),
        "by_form": list(by_form.values()),
    }
    return render(request, "competencies/assessing/assessments.html", context)


@never_cache
@require_safe
def assessments_file(request: HttpRequest, enrolment: UUID, format: str) -> HttpResponseBase:
    """Every rating of a student's attempts as CSV or XLSX, but for what waits for a second assessor."""
    if format not in FORMATS:
        raise Http404
    row = readable(request, enrolment)
    about = About(
        title=f"Assessments of {row.person.name}",
        filtered="what waits for a second assessor is left out",
        definition="A line for each item and assessor. The newest attempt at a form counts; with two "
        "assessors it is passed when both say so.",
    )
    attempts = reads.of_enrolment(row, viewer_of(request).me)
    return table_response("assessments", COLUMNS, _cells(attempts), about, format)


def _cells(attempts: Sequence[reads.Attempt]) -> Iterator[Sequence[Any]]:
    for attempt in attempts:
        if attempt.waits:
            continue
        first = attempt.first
        for place, part in enumerate(attempt.seen):
            for item in (item for _, rows in attempt.rows for item in rows):
                yield (
                    first.form.title,
                    first.form.number,
                    first.attempt,
                    first.entry.about_from,
                    first.placement.site.name,
                    part.fact.assessor.name,
                    "yes" if place else "no",
                    item.item.title,
                    "yes" if item.item.critical else "no",
                    item.ratings[place],
                    part.judgement,
                    "passed" if part.fact.passed else "not passed",
                    str(part.fact.entry.uuid),
                )


@never_cache
@require_safe
def assessed_items(request: HttpRequest) -> HttpResponse:
    """Items that many fail, by form, and how far assessors agree; for whoever keeps log books."""
    viewer = viewer_of(request)
    if viewer.person is None or not policies.keeps_frameworks(viewer):
        raise PermissionDenied("Only the programme’s lead sees which items many fail.")
    found = reads.figures(policies.kept(viewer))
    context = {"found": found, "enough": ENOUGH}
    return render(request, "competencies/assessing/items.html", context)
