"""One shift for whoever decides about it: its history, confirming it, and a reason to query or reject it."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from placements import cover_queries, student_queries
from placements import lines as shown
from placements.actions.confirming import (
    WORDINGS,
    Item,
    Outcome,
    decide,
)
from placements.forms.educator import ConfirmForm, ReasonForm
from placements.forms.times import device_time
from placements.models import CurrentShift, Shift
from placements.queries import shifts_to_decide
from placements.views.educator import confirm, none_waits, person_of, proved, status_of, viewer_of
from school.people import proof
from school.people.models import Person
from school.people.queries import identity

STATE_KEYS = student_queries.STATE_KEYS
REASONED = {"query": Outcome.QUERIED, "reject": Outcome.REJECTED}


def _decided(_typed: QueryDict, *, shift: UUID, act: str = "") -> bool:
    """Whether nothing is left to decide of a shift."""
    return none_waits([shift])


@proof.settled(_decided)
@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def decide_shift(request: HttpRequest, shift: UUID) -> HttpResponse:
    """One shift with its history; a POST confirms it."""
    person = person_of(request)
    found = _shift(request, person, shift)
    if request.method != "POST":
        return _shift_page(request, found, ConfirmForm.opened(request))
    form = ConfirmForm(request, request.POST)
    answer, response = confirm(request, person, form)
    if response:
        return response
    if answer and not answer.left:
        messages.success(request, "1 shift confirmed.")
        return redirect("inbox")
    if answer:
        form.add_error(None, answer.left[0][1])
    return _shift_page(request, found, form, status=status_of(form))


def _shift(request: HttpRequest, person: Person, uuid: UUID) -> Shift:
    """A version that the person may decide about, as a supervisor or the site's lead; 404 for all others."""
    me = identity(person)
    found = shifts_to_decide([uuid], me).first()
    if found is None or not found.capacity or found.placement.enrolment.person_id in me:  # type: ignore[attr-defined]
        raise Http404
    viewer_of(request).opened(found.placement.enrolment.person)
    return found


def _shift_page(
    request: HttpRequest, shift: Shift, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    keys = student_queries.line_of(shift)
    current = CurrentShift.objects.filter(shift__in=keys).order_by("-pk")
    line = next(iter(shown.lines(current)), None)
    if line:
        line.seen = str(line.uuid) in form.breaches_seen
    versions = student_queries.history(keys)
    state = line.state if line else CurrentShift.State.WITHDRAWN
    context = {
        "form": form,
        "shift": shift,
        "student": shift.placement.enrolment.person,
        "line": line,
        "newest": line is not None and line.uuid == shift.entry.uuid,
        "state_key": STATE_KEYS.get(state, state),
        "waits": state in CurrentShift.WAITING,
        "versions": versions,
        "way": _way(shift, line, versions) if line else [],
        "wording": WORDINGS[Outcome.CONFIRMED],
    }
    return render(request, "placements/educator/shift.html", context, status=status)


def _way(shift: Shift, line: shown.Line, versions: Sequence[student_queries.Version]) -> list[str]:
    """Whom the newest version was sent to, and to whom else it went until it was decided."""
    decided = None
    if line.state != CurrentShift.State.AWAITING:
        decided = next((event.entry.known_from for event in reversed(versions[0].events)), None)
    return cover_queries.way_of(shift.placement, line.sent_on, decided)


@proof.settled(_decided)
@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def give_reason(request: HttpRequest, shift: UUID, act: str) -> HttpResponse:
    """Query or reject one shift with a reason."""
    outcome = REASONED[act]
    person = person_of(request)
    found = _shift(request, person, shift)
    if request.method == "POST":
        form = ReasonForm(request, request.POST)
        response = _give_reason(request, person, form, found, outcome)
        if response:
            return response
    else:
        form = ReasonForm.opened(request)
    lines = shown.lines_of([shift])
    context = {
        "form": form,
        "line": lines.get(shift),
        "shift": found,
        "act": act,
        "wording": WORDINGS[outcome],
    }
    status = status_of(form) if form.is_bound else 200
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
    if not proved(form):
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
