"""Statements of hours on a student's record: the list, the files, issuing one and withdrawing one."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from placements import policies, statement_pdf, statement_work
from placements import statements_queries as queries
from placements.actions.statements import withdraw_statement
from placements.forms.student import UuidForm
from placements.models import Enrolment, HoursStatement, Stage
from placements.views.coordinator import acting, refuse, status_of, watcher
from school.core import days
from school.core.codes import grouped
from school.core.errors import DomainError
from school.people.middleware import Viewer
from school.people.roles import Permission

WORDS = {
    queries.Validity.CURRENT: ("confirmed", "Current"),
    queries.Validity.CHANGED: ("notice", "The record has changed since"),
    queries.Validity.REPLACED: ("superseded", "Replaced"),
    queries.Validity.WITHDRAWN: ("withdrawn", "Withdrawn"),
}


@require_safe
def statements(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Every statement of a student's hours with what has become of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    certifies = ExpressionWrapper(
        policies.allowing(viewer, Permission.CERTIFY_HOURS), output_field=BooleanField()
    )
    found = get_object_or_404(
        policies.enrolments(viewer)
        .select_related("person", "cohort")
        .annotate(certifies=certifies),
        uuid=enrolment,
    )
    viewer.opened(found.person)
    own = viewer.person == found.person
    may_certify = found.certifies and not own  # type: ignore[attr-defined]
    context = {
        "enrolment": found,
        "own": own,
        "may_certify": may_certify,
        "years": [stage.year for stage in queries.stages_of(found)] if may_certify else [],
        "rows": [
            {
                "statement": row,
                "hours": days.in_words(row.counted),
                "look": WORDS[row.validity][0],
                "words": WORDS[row.validity][1],
            }
            for row in queries.listed(found)
        ],
    }
    return render(request, "placements/statements/statements.html", context)


def issue(request: HttpRequest, enrolment: UUID, year: int) -> HttpResponse:
    """What the statement of a year will say, and the button that asks for it."""
    viewer = watcher(request)
    found = get_object_or_404(
        policies.enrolments_with(viewer, Permission.CERTIFY_HOURS).select_related(
            "person", "book", "university", "cohort__programme"
        ),
        uuid=enrolment,
    )
    viewer.opened(found.person)
    stage = _stage(found, year)
    form = UuidForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            work = statement_work.ask(
                by=acting(viewer), enrolment=found, stage=stage, uuid=form.cleaned_data["uuid"]
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("progress", work.uuid)
    context = _to_be_checked(found, stage) | {"form": form}
    return render(
        request, "placements/statements/issue.html", context, status=status_of(form, status)
    )


def _stage(enrolment: Enrolment, year: int) -> Stage:
    for stage in queries.stages_of(enrolment):
        if stage.year == year:
            return stage
    raise Http404


def _to_be_checked(enrolment: Enrolment, stage: Stage) -> dict[str, Any]:
    record = queries.Record(enrolment.pk)
    figures = record.figures(stage.pk)
    last = queries.newest(enrolment, stage)
    stands = last is not None and not last.withdrawn
    same = queries.still_true(enrolment, stage, record) is not None
    total = figures.total
    return {
        "enrolment": enrolment,
        "stage": stage,
        "rows": [
            {"key": "Student", "value": f"{enrolment.person.name}, {enrolment.student_number}"},
            {
                "key": "Progression point",
                "value": f"Year {stage.year}, {stage.get_level_display()}",
            },
            {"key": "Counted", "value": days.in_words(total.counted)},
            {"key": "The year asks for", "value": statement_pdf.band(stage)},
            *(
                {"key": label, "value": f"{hours} h"}
                for label, hours in [*statement_pdf.parts(total)[:-1], *statement_pdf.apart(total)]
            ),
        ],
        "waiting": days.in_words(figures.waiting) if figures.waiting else "",
        "below": total.counted < stage.minimum_minutes,
        "against_band": statement_pdf.against_band(total.counted, stage),
        "same": same,
        "replaces": grouped(last.code) if stands and not same else "",  # type: ignore[union-attr]
    }


@never_cache
@require_safe
def file(request: HttpRequest, statement: UUID) -> HttpResponse:
    """The sealed PDF, for those who may see the record."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(queries.statements(viewer), entry__uuid=statement)
    viewer.opened(found.enrolment.person)
    pdf = statement_pdf.kept(found)
    if pdf is None:
        raise DomainError(
            "The file of this statement is missing where files are kept, or is not what was issued. "
            "Write to whoever looks after the portal: it can be brought back from a backup."
        )
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="statement-of-hours-{grouped(found.code)}.pdf"'
        },
    )


def withdraw(request: HttpRequest, statement: UUID) -> HttpResponse:
    """Withdraw a statement that stands."""
    viewer = watcher(request)
    found = get_object_or_404(
        HoursStatement.objects.filter(
            withdrawn=False,
            enrolment__in=policies.enrolments_with(viewer, Permission.CERTIFY_HOURS),
        ).select_related("enrolment__person__user", "enrolment__book", "stage"),
        entry__uuid=statement,
    )
    viewer.opened(found.enrolment.person)
    form = UuidForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_statement(by=acting(viewer), statement=found, uuid=form.cleaned_data["uuid"])
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(
                request,
                "The statement is withdrawn. Whoever checks its code sees that from now on.",
            )
            return redirect("statements", found.enrolment.uuid)
    context = {
        "statement": found,
        "enrolment": found.enrolment,
        "code": grouped(found.code),
        "form": form,
    }
    return render(
        request, "placements/statements/withdraw.html", context, status=status_of(form, status)
    )
