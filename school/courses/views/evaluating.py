"""What people thought of an event: their own five answers, and the figures of whole fives for educators."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from school.core import charts
from school.core.charts.bars import per_cent
from school.core.errors import DomainError
from school.courses import evaluation_queries as evaluations
from school.courses.actions import evaluating
from school.courses.evaluating import ENOUGH, LEVELS, Figure
from school.courses.forms.day import EvaluationForm
from school.courses.models import Booking
from school.courses.views import refuse, signed_in, status_of
from school.courses.views.register import held


@never_cache
def evaluate_event(request: HttpRequest, booking: UUID) -> HttpResponse:
    """One's own booking: five questions and a comment, given once."""
    viewer, person = signed_in(request)
    own = Booking.objects.filter(person__in=viewer.me)
    related = ("event__version", "person__book")
    found = get_object_or_404(own.select_related(*related), uuid=booking)
    closed = ""
    try:
        evaluating.rule_was_there(found)
        evaluating.rule_within_four_weeks(found.event)
        evaluating.rule_once(found)
    except DomainError as error:
        closed = error.message
    typed = request.POST if request.method == "POST" else None
    form = EvaluationForm(typed, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            evaluating.evaluate(
                by=person,
                booking=found,
                ratings=form.ratings(),
                comment=form.cleaned_data["comment"],
                uuid=form.cleaned_data["uuid"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Your evaluation is kept.")
            return redirect("evaluate_event", found.uuid)
    context = {
        "booking": found,
        "event": found.event,
        "form": form,
        "closed": closed,
        "until": evaluations.open_until(found.event),
        "enough": ENOUGH,
    }
    return render(request, "courses/day/evaluate.html", context, status=status_of(form, status))


@require_safe
def event_evaluations(request: HttpRequest, event: UUID) -> HttpResponse:
    """The figures and the words of an event's evaluations, in whole fives."""
    _, found = held(request, event)
    results = evaluations.results(found)
    context = {
        "event": found,
        "enough": ENOUGH,
        "counted": results.counted,
        "comments": results.comments,
        "bars": [_bar(figure, results.counted, n) for n, figure in enumerate(results.figures)],
        "table": _table(results.figures),
    }
    return render(request, "courses/day/evaluations.html", context)


def _bar(figure: Figure, counted: int, number: int) -> dict[str, Any]:
    name, average = figure.question.name, figure.average
    share = charts.Share(
        title=f"{name}: {average} of 5, the average of {counted} answers",
        numerator=round(average * counted),
        denominator=5 * counted,
        width=per_cent(average, 5),
        words=f"{average} of 5",
        standard=None,
    )
    return {"question": figure.question, "average": average, "share": share, "id": f"q{number}"}


def _table(figures: list[Figure]) -> charts.Table:
    columns = (
        charts.Column("Question"),
        *(charts.Column(words, numeric=True) for _, words in LEVELS),
    )
    rows = [(figure.question.name, *figure.counts) for figure in figures]
    return charts.Table("How many said what", columns, rows)
