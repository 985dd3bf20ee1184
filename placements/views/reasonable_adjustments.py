"""A student's own pages about what they need on placement: write it, change it, take it back."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from placements import reasonable_adjustments_queries as reads
from placements.actions.reasonable_adjustments import say_need, take_need_back
from placements.forms.reasonable_adjustments import NeedForm
from placements.forms.student import UuidForm
from placements.models import Enrolment, ReasonableAdjustment
from placements.queries import own_enrolments
from placements.views.educator import person_of
from school.core import ledger
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people.models import Person

GET_AND_POST = ["GET", "HEAD", "POST"]


def _student(request: HttpRequest) -> tuple[Person, list[Enrolment]]:
    """Who is signed in, and their enrolments; nobody but a student finds anything here."""
    person = person_of(request)
    own = own_enrolments(person)
    if not own:
        raise Http404
    return person, own


@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_AND_POST)
def needs(request: HttpRequest) -> HttpResponse:
    """What the student needs and who reads it, with a form for something else."""
    person, own = _student(request)
    form, status, response = _say(request, person, own[0])
    if response:
        return response
    context = {"form": form, "needs": reads.needs(*own)}
    return render(request, "placements/reasonable_adjustments/needs.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_AND_POST)
def change_need(request: HttpRequest, need: UUID) -> HttpResponse:
    """Change what the student needs, or who reads it."""
    person, own = _student(request)
    old = _need(own, need)
    if hasattr(old, "superseded_by") and request.method != "POST":
        return redirect("needs")
    form, status, response = _say(request, person, old.enrolment, old)
    if response:
        return response
    context = {"form": form, "old": old}
    return render(request, "placements/reasonable_adjustments/change.html", context, status=status)


@never_cache
@require_http_methods(GET_AND_POST)
def withdraw_need(request: HttpRequest, need: UUID) -> HttpResponse:
    """Check, then take back what the student wrote."""
    person, own = _student(request)
    old = _need(own, need)
    if hasattr(old, "superseded_by") and request.method != "POST":
        return redirect("needs")
    form = UuidForm(request.POST or None, initial={"uuid": uuid4()})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            take_need_back(by=person, need=old, uuid=form.cleaned_data["uuid"])
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Taken back. Nobody but you sees it any more.")
            return redirect("needs")
    elif request.method == "POST":
        status = 422
    context = {
        "form": form,
        "words": ledger.private_text(old, "words"),
        "shown": reads.shown_to(old),
    }
    return render(
        request, "placements/reasonable_adjustments/withdraw.html", context, status=status
    )


def _need(own: Sequence[Enrolment], uuid: UUID) -> ReasonableAdjustment:
    """One's own need that was not taken back, on whichever enrolment; 404 for anybody else's."""
    rows = ReasonableAdjustment.objects.filter(enrolment__in=own, withdrawn=False)
    found: ReasonableAdjustment = get_object_or_404(
        rows.select_related("superseded_by", "enrolment__book"), entry__uuid=uuid
    )
    return found


def _say(
    request: HttpRequest,
    person: Person,
    enrolment: Enrolment,
    old: ReasonableAdjustment | None = None,
) -> tuple[NeedForm, int, HttpResponse | None]:
    """The form with its status, and where to go once what it says is written down."""
    if request.method != "POST":
        return NeedForm(initial=_initial(old)), 200, None
    form = NeedForm(request.POST)
    if not form.is_valid():
        return form, 422, None
    try:
        say_need(
            by=person,
            enrolment=enrolment,
            words=form.cleaned_data["words"],
            consent=form.consent,
            uuid=form.cleaned_data["uuid"],
            changes=old,
        )
    except DomainError as error:
        return form, refuse(form, error), None
    messages.success(request, "Saved. Who may read it has changed from now on.")
    return form, 200, redirect("needs")


def _initial(old: ReasonableAdjustment | None) -> dict[str, object]:
    if old is None:
        return {"uuid": uuid4()}
    ticked = {
        "supervisors": old.for_supervisors,
        "site": old.for_site,
        "university": old.for_university,
    }
    return {
        "uuid": uuid4(),
        "words": ledger.private_text(old, "words"),
        "shown_to": [key for key, told in ticked.items() if told],
    }
