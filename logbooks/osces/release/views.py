"""What a student sees of their own results, and an appeal."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.osces.day.queries import marked
from logbooks.osces.models import Outcome
from logbooks.osces.release import actions, queries, shown
from logbooks.osces.release.cohort import cohort
from logbooks.osces.release.forms import AppealForm
from logbooks.osces.results import decision
from school.core.errors import DomainError
from school.core.forms import refuse
from school.courses.views import signed_in


@never_cache
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Everything that was released to whoever looks."""
    viewer, _ = signed_in(request)
    found = [(row, shown.OUTCOMES[row.passed]) for row in queries.results_of(viewer.me)]
    return render(request, "osces/release/results.html", {"outcomes": found})


def _own(request: HttpRequest, candidate: UUID) -> Outcome:
    """The outcome that stands of a candidate; 404 before it is released and for everybody else."""
    viewer, _ = signed_in(request)
    return get_object_or_404(queries.results_of(viewer.me), candidate__uuid=candidate)


@never_cache
@require_safe
def result(request: HttpRequest, candidate: UUID) -> HttpResponse:
    """One result: by station and domain, beside the cohort where the board lets it, with what examiners wrote and what comes next."""
    outcome = _own(request, candidate)
    exam = outcome.candidate.exam
    own = queries.result(outcome)
    said = decision.from_canonical(outcome.released.standard.document)
    others = cohort(said.results) if outcome.released.compared else None
    stations = shown.lines(
        own, marked(exam), queries.comments(outcome.candidate, said.closings), others
    )
    appeals = queries.appeals_of(outcome.candidate)
    context: dict[str, Any] = {
        "outcome": outcome,
        "exam": exam,
        "result": own,
        "total": shown.total(own, others),
        "pass_mark": shown.number(said.pass_mark),
        "needed": said.needed,
        "must_pass": said.must_pass,
        "passed_stations": [line for line in stations if line.passed],
        "stations": stations,
        "domains": shown.domains(own, others),
        "commented": any(line.comments for line in stations),
        "cohort": others,
        "resit": own.passed is False,
        "carries": own.passed is False and said.resits_carry,
        "appeals": appeals,
        "may_appeal": not any(one.fact.outcome_id == outcome.pk for one in appeals),
    }
    return render(request, "osces/release/result.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, candidate: UUID) -> HttpResponse:
    """Appeal against a result, in one's own words; once it is sent, the result says it."""
    outcome = _own(request, candidate)
    if request.method != "POST" and queries.is_appealed(outcome):
        return redirect("osce_result", candidate)
    form = AppealForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.appeal(
                    by=request.viewer.person,  # type: ignore[attr-defined]
                    outcome=outcome,
                    words=data["words"],
                    uuid=data["uuid"],
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "Your appeal is sent. The answer will stand here.")
                return redirect("osce_result", candidate)
    context = {"form": form, "exam": outcome.candidate.exam, "candidate": candidate, "has_errors": status != 200}  # fmt: skip
    return render(request, "osces/release/appeal.html", context, status=status)
