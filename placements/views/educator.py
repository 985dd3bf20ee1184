"""The practice educator's pages: what waits, one shift, a reason, what was decided, who is with them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from placements import educator_queries as reads
from placements import policies, student_queries
from placements.actions.confirming import (
    UNDO_WITHIN,
    WORDINGS,
    Answer,
    Item,
    Outcome,
    Proof,
    decide,
    undo,
)
from placements.actions.placing import record_induction
from placements.forms.educator import ConfirmForm, InductionForm, ReasonForm, SignedForm
from placements.forms.student import device_time, take
from placements.models import CurrentShift, Placement, Shift, ShiftDecision
from placements.queries import shifts_to_decide
from placements.turnaround import WITHIN, WITHIN_LONGER
from school.core import charts, clock
from school.core.errors import DomainError
from school.people import proof
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.queries import identity
from school.people.roles import SITE_LEAD

# Source: the imaging service's own standard, 75 % of reports within 5 working days.
STANDARD = 75
STATE_KEYS = student_queries.STATE_KEYS
REASONED = {"query": Outcome.QUERIED, "reject": Outcome.REJECTED}


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]


def _person(request: HttpRequest) -> Person:
    person = _viewer(request).person
    if person is None:
        raise Http404
    return person


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; a POST confirms the ticked lines, each under a UUID of its own."""
    person = _person(request)
    if request.method != "POST":
        form = ConfirmForm(request, initial={"batch": uuid4()})
        return _inbox_page(request, person, form)
    form = ConfirmForm(request, request.POST)
    answer, response = _confirm(request, person, form)
    if response:
        return response
    if answer is None:
        return _inbox_page(request, person, form, status=_status(form))
    if answer.left:
        return _left_page(request, answer)
    messages.success(request, f"{reads.shifts(len(answer.decided))} confirmed.")
    return redirect("inbox")


def _confirm(
    request: HttpRequest, person: Person, form: ConfirmForm
) -> tuple[Answer | None, HttpResponse | None]:
    """Confirms what a form ticked: the answer, or where to go first, or neither when the form is wrong."""
    if not form.is_valid():
        return None, None
    lines = form.cleaned_data["line"]
    if form.wants_other_way:
        return None, proof.suspend(request, f"confirm {reads.shifts(len(lines))}")
    if not _proved(form):
        return None, None
    seen = set(form.cleaned_data["seen"])
    batch = form.cleaned_data["batch"]
    answer = decide(
        by=person,
        items=[
            Item(shift=shift, uuid=uuid5(batch, str(shift)), breach_seen=shift in seen)
            for shift in lines
        ],
        outcome=Outcome.CONFIRMED,
        proof=form.way,
        device_time=device_time(form.cleaned_data["device_time"]),
    )
    return answer, None


def _proved(form: SignedForm) -> bool:
    try:
        return form.prove()
    except DomainError as error:
        form.status = take(form, error)  # type: ignore[attr-defined]
        return False


def _status(form: SignedForm) -> int:
    return getattr(form, "status", 422)


def _inbox_page(
    request: HttpRequest, person: Person, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    viewer = _viewer(request)
    lines = reads.lines(policies.inbox(person))
    waiting = [line for line in lines if not line.queried]
    everything = request.GET.get("tick") == "all" and not form.is_bound
    for line in waiting:
        line.ticked = everything or str(line.uuid) in form.ticked
        line.seen = str(line.uuid) in form.breaches_seen
    ticked = [line for line in waiting if line.ticked]
    me = identity(person)
    in_time = reads.judged("", [*reads.decided_by(me), *((line.sent_on, None) for line in waiting)])
    led = [hat.scope.pk for hat in viewer.hats if hat.role == SITE_LEAD]
    context = {
        "form": form,
        "lines": lines,
        "count": reads.shifts(len(waiting)),
        "waiting": waiting,
        "oldest": _oldest(waiting),
        "ticked": ticked,
        "in_total": reads.in_total(ticked),
        "wording": WORDINGS[Outcome.CONFIRMED],
        "students": reads.students(me),
        "in_time": in_time,
        "figures": _figures(in_time),
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


def _oldest(waiting: Sequence[reads.Line]) -> str:
    gone = reads.days_waited(waiting[0].sent_on) if waiting else 0
    return f"The oldest has waited {reads.working_days(gone)}." if gone else ""


def _left_page(request: HttpRequest, answer: Answer) -> HttpResponse:
    """How many were confirmed, and each line that was left with the reason."""
    allowed = policies.enrolments(_viewer(request))
    lines = reads.lines_of((item.shift for item, _ in answer.left), allowed)
    left = [(lines.get(item.shift), item.shift, reason) for item, reason in answer.left]
    context = {"decided": len(answer.decided), "left": left}
    status = 200 if answer.decided else 422
    return render(request, "placements/educator/left.html", context, status=status)


# One shift


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def decide_shift(request: HttpRequest, shift: UUID) -> HttpResponse:
    """One shift with its history; a POST confirms it."""
    person = _person(request)
    found = _shift(request, person, shift)
    if request.method != "POST":
        form = ConfirmForm(request, initial={"batch": uuid4()})
        return _shift_page(request, found, form)
    form = ConfirmForm(request, request.POST)
    answer, response = _confirm(request, person, form)
    if response:
        return response
    if answer and not answer.left:
        messages.success(request, "1 shift confirmed.")
        return redirect("inbox")
    if answer:
        form.add_error(None, answer.left[0][1])
    return _shift_page(request, found, form, status=_status(form))


def _shift(request: HttpRequest, person: Person, uuid: UUID) -> Shift:
    """A version that the person may decide about, as a supervisor or the site's lead; 404 for all others."""
    me = identity(person)
    found = shifts_to_decide([uuid], me).first()
    if found is None or not found.capacity or found.placement.enrolment.person_id in me:  # type: ignore[attr-defined]
        raise Http404
    _viewer(request).opened(found.placement.enrolment.person)
    return found


def _shift_page(
    request: HttpRequest, shift: Shift, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    keys = student_queries.line_of(shift)
    current = CurrentShift.objects.filter(shift__in=keys).order_by("-pk")
    line = next(iter(reads.lines(current)), None)
    if line:
        line.seen = str(line.uuid) in form.breaches_seen
    state = line.state if line else CurrentShift.State.WITHDRAWN
    context = {
        "form": form,
        "shift": shift,
        "student": shift.placement.enrolment.person,
        "line": line,
        "newest": line is not None and line.uuid == shift.entry.uuid,
        "state_key": STATE_KEYS.get(state, state),
        "waits": state in CurrentShift.WAITING,
        "versions": student_queries.history(keys),
        "wording": WORDINGS[Outcome.CONFIRMED],
    }
    return render(request, "placements/educator/shift.html", context, status=status)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def give_reason(request: HttpRequest, shift: UUID, act: str) -> HttpResponse:
    """Query or reject one shift with a reason."""
    outcome = REASONED[act]
    person = _person(request)
    found = _shift(request, person, shift)
    if request.method == "POST":
        form = ReasonForm(request, request.POST)
        response = _give_reason(request, person, form, found, outcome)
        if response:
            return response
    else:
        form = ReasonForm(request, initial={"batch": uuid4()})
    lines = reads.lines_of([shift])
    context = {
        "form": form,
        "line": lines.get(shift),
        "shift": found,
        "act": act,
        "wording": WORDINGS[outcome],
    }
    status = _status(form) if form.is_bound else 200
    return render(request, "placements/educator/reason.html", context, status=status)


def _give_reason(
    request: HttpRequest, person: Person, form: ReasonForm, shift: Shift, outcome: Outcome
) -> HttpResponse | None:
    """Where to go next; none when the form has an error."""
    if not form.is_valid():
        return None
    if form.wants_other_way:
        what = "query a shift" if outcome == Outcome.QUERIED else "reject a shift"
        return proof.suspend(request, what)
    if not _proved(form):
        return None
    uuid = shift.entry.uuid
    item = Item(shift=uuid, uuid=uuid5(form.cleaned_data["batch"], str(uuid)))
    answer = decide(
        by=person,
        items=[item],
        outcome=outcome,
        proof=form.way,
        comment=form.cleaned_data["comment"],
        device_time=device_time(form.cleaned_data["device_time"]),
    )
    if answer.left:
        form.add_error(None, answer.left[0][1])
        return None
    word = outcome.label
    messages.success(request, f"1 shift {word}. The student is told by email.")
    return redirect("inbox")


# Decided


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decided(request: HttpRequest) -> HttpResponse:
    """What the person decided in the last 24 hours; a POST takes one decision back."""
    person = _person(request)
    if request.method == "POST":
        return _undo(request, person)
    rows = reads.decided_since(person, clock.now() - UNDO_WITHIN)
    context = {"rows": rows, "batch": uuid4()}
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


# With me today


@require_safe
def with_me_today(request: HttpRequest) -> HttpResponse:
    """The students on the rota or with a shift today and this week."""
    return _with_me_page(request)


def _with_me_page(
    request: HttpRequest, wrong: InductionForm | None = None, of: UUID | None = None
) -> HttpResponse:
    rows = [
        (row, _induction_form(row, wrong if row.placement == of else None))
        for row in reads.with_me(identity(_person(request)))
    ]
    context = {"rows": rows, "today": clock.today(), "form": wrong}
    status = 422 if wrong else 200
    return render(request, "placements/educator/with_me_today.html", context, status=status)


def _induction_form(row: reads.WithMe, wrong: InductionForm | None) -> InductionForm | None:
    if row.inducted:
        return None
    day = max(row.starts, clock.today() - timedelta(days=28))
    initial = {"day": min(day, clock.today()), "uuid": uuid4()}
    return wrong or InductionForm(initial=initial, auto_id=f"id_{row.placement}_%s")


@require_POST
def induct(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Record that a student's site induction took place."""
    person = _person(request)
    found = get_object_or_404(
        Placement.objects.filter(
            pk__in=reads.supervised(identity(person)).values("pk")
        ).select_related("enrolment__book", "enrolment__person", "site"),
        uuid=placement,
    )
    form = InductionForm(request.POST, auto_id=f"id_{placement}_%s")
    if form.is_valid():
        try:
            record_induction(
                by=person,
                placement=found,
                day=form.cleaned_data["day"],
                uuid=form.cleaned_data["uuid"],
            )
        except DomainError as error:
            take(form, error)
        else:
            messages.success(
                request, f"The induction of {found.enrolment.person.name} is recorded."
            )
            return redirect("with_me_today")
    return _with_me_page(request, form, placement)
