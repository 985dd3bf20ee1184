"""The inbox: what waits, what a batch left, and what was decided in the last 24 hours."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from placements import cover_queries, policies
from placements import educator_queries as reads
from placements import lines as shown
from placements.actions.confirming import (
    UNDO_WITHIN,
    WORDINGS,
    Answer,
    Outcome,
    Proof,
    undo,
)
from placements.forms.educator import ConfirmForm
from placements.models import CurrentShift, ShiftDecision
from placements.turnaround import WITHIN, WITHIN_LONGER
from placements.views.educator import confirm, none_waits, person_of, status_of, viewer_of
from school.core import charts, clock
from school.people import proof
from school.people.models import Person
from school.people.queries import identity
from school.people.roles import SITE_LEAD, Permission

# Source: the imaging service's own standard, 75 % of reports within 5 working days.
STANDARD = 75


def _all_decided(typed: QueryDict) -> bool:
    """Whether none of the lines that were ticked waits any more."""
    lines = typed.getlist("line")
    return bool(lines) and none_waits(lines)


@proof.settled(_all_decided)
@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; a POST confirms the ticked lines, each under a UUID of its own."""
    person = person_of(request)
    if request.method != "POST":
        return _inbox_page(request, person, ConfirmForm.opened(request))
    form = ConfirmForm(request, request.POST)
    answer, response = confirm(request, person, form)
    if response:
        return response
    if answer is None:
        return _inbox_page(request, person, form, status=status_of(form))
    if answer.left:
        return _left_page(request, answer)
    messages.success(request, f"{shown.shifts(len(answer.decided))} confirmed.")
    return redirect("inbox")


def _inbox_page(
    request: HttpRequest, person: Person, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    me = identity(person)
    hats = [hat.scope.pk for hat in viewer.hats if hat.role == SITE_LEAD]
    led = hats if len(me) == 1 else policies.led_by(me)
    # Asked apart, since nearly nobody stands in for somebody today and the marks cost much.
    covers = policies.covering(me).exists()
    waits = policies.waiting_for(me, led, covers=covers)
    if led or covers:
        marks = cover_queries.MARKS if led else cover_queries.MARKS[:1]
        lines = shown.lines(cover_queries.marked(waits, me, led), marks)
    else:
        lines = shown.lines(waits)
    waiting = [line for line in lines if not line.queried]
    everything = request.GET.get("tick") == "all" and not form.is_bound
    for line in waiting:
        line.ticked = everything or str(line.uuid) in form.ticked
        line.seen = str(line.uuid) in form.breaches_seen
    ticked = [line for line in waiting if line.ticked]
    in_time = reads.judged("", [*reads.decided_by(me), *((line.sent_on, None) for line in waiting)])
    context = {
        "form": form,
        "lines": lines,
        "count": shown.shifts(len(waiting)),
        "waiting": waiting,
        "oldest": _oldest(waiting),
        "ticked": ticked,
        "in_total": shown.in_total(ticked),
        "wording": WORDINGS[Outcome.CONFIRMED],
        "students": reads.students(me),
        "in_time": in_time,
        "figures": _figures(in_time),
        "may_name": viewer.may(Permission.DECIDE_SUPERVISED_HOURS),
        "by_educator": reads.by_educator(led) if led else [],
    }
    return render(request, "placements/educator/inbox.html", context, status=status)


def _figures(in_time: reads.InTime) -> list[dict[str, Any]]:
    pairs = ((WITHIN, in_time.within, STANDARD), (WITHIN_LONGER, in_time.within_longer, None))
    return [
        {
            "id": f"within-{limit}",
            "label": f"Within {limit} working days",
            "chart": charts.share(
                what=f"within {limit} working days",
                numerator=found.share.numerator,
                denominator=found.share.denominator,
                standard=standard,
            ),
        }
        for limit, found, standard in pairs
    ]


def _oldest(waiting: Sequence[shown.Line]) -> str:
    gone = shown.days_waited(waiting[0].sent_on) if waiting else 0
    return f"The oldest has waited {shown.working_days(gone)}." if gone else ""


def _left_page(request: HttpRequest, answer: Answer) -> HttpResponse:
    """How many were confirmed, and each line that was left with the reason."""
    allowed = policies.enrolments(viewer_of(request))
    lines = shown.lines_of((item.shift for item, _ in answer.left), allowed)
    left = [(lines.get(item.shift), item.shift, reason) for item, reason in answer.left]
    context = {"decided": len(answer.decided), "left": left}
    status = 200 if answer.decided else 422
    return render(request, "placements/educator/left.html", context, status=status)


# Decided


def _stands_no_more(typed: QueryDict) -> bool:
    """Whether the decision that was to be taken back is no longer what stands."""
    chosen = typed.getlist("decision")
    stands = CurrentShift.objects.filter(decision__entry__uuid__in=chosen)
    return bool(chosen) and not stands.exists()


@proof.settled(_stands_no_more)
@proof.signs
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decided(request: HttpRequest) -> HttpResponse:
    """What the person decided in the last 24 hours; a POST takes one decision back."""
    person = person_of(request)
    if request.method == "POST":
        return _undo(request, person)
    rows = reads.decided_since(person, clock.now() - UNDO_WITHIN)
    context = {"rows": rows, "batch": uuid4(), "kept": proof.kept_form(request)}
    return render(request, "placements/educator/decided.html", context)


def _undo(request: HttpRequest, person: Person) -> HttpResponse:
    way = proof.recent_proof(request)
    if way is None:
        return proof.suspend(request, "take back a decision")
    try:
        batch, chosen = UUID(request.POST["batch"]), UUID(request.POST["decision"])
    except (KeyError, ValueError):
        raise Http404 from None
    decision = get_object_or_404(
        ShiftDecision.objects.select_related(
            "shift__placement__enrolment__book", "shift__placement__enrolment__cohort__programme"
        ),
        entry__uuid=chosen,
        person=person,
    )
    undo(by=person, decision=decision, proof=Proof(way), uuid=uuid5(batch, str(chosen)))
    messages.success(request, "Your decision is taken back. The shift waits again.")
    return redirect("decided")
