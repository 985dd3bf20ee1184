"""The meetings of a placement: what is due, writing a record down, reading it and signing it."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from placements import meetings as rules
from placements import meetings_queries as reads
from placements import policies, taking_part
from placements.actions.meetings import SIGNATURE, sign_meeting, write_meeting
from placements.forms.meetings import MeetingForm, SignMeetingForm
from placements.models import Meeting, Placement
from placements.taking_part import TakesPart
from placements.views.educator import person_of, proved, status_of, viewer_of
from school.core import clock, ledger
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people import proof
from school.people.models import Person


def found_placement(request: HttpRequest, uuid: UUID) -> tuple[Person, Placement, TakesPart]:
    """A placement whose record the viewer may open, and what they are to it; 404 for everybody else."""
    person = person_of(request)
    viewer = viewer_of(request)
    allowed = policies.placements(viewer).filter(uuid=uuid).values("pk")
    placement = get_object_or_404(taking_part.placements().filter(pk__in=allowed))
    viewer.opened(placement.enrolment.person)
    return person, placement, taking_part.taking_part(person, placement, viewer.me)


@never_cache
@require_safe
def meetings(request: HttpRequest, placement: UUID) -> HttpResponse:
    """What is due on a placement, and every record that stands."""
    _, row, part = found_placement(request, placement)
    found = reads.of_placements([row])
    for record in found:
        record.mine = part.signing(record.day)
    context = {
        "placement": row,
        "student": row.enrolment.person,
        "part": part,
        "expected": reads.expected(row, found),
        "records": found,
        "may_write": bool(kinds_of(part)),
        "writes": kinds_of(part),
    }
    return render(request, "placements/meetings/meetings.html", context)


def kinds_of(part: TakesPart) -> list[str]:
    """The kinds of meeting that somebody writes down."""
    return [kind for kind in Meeting.Kind if rules.rule_has_part(kind, part.capacities)]


@proof.signs
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Write down what was agreed at a meeting, and sign it."""
    person, row, part = found_placement(request, placement)
    kinds = kinds_of(part)
    if not kinds:
        raise Http404
    asked = request.GET.get("kind", "")
    initial = {"kind": asked, "day": clock.today()} if asked in kinds else {"day": clock.today()}
    return _write(request, person, row, kinds, initial)


def _written_anew(_typed: QueryDict, *, meeting: UUID) -> bool:
    """Whether other words have taken the place of a record."""
    return Meeting.objects.filter(supersedes__entry__uuid=meeting).exists()


@proof.settled(_written_anew)
@proof.signs
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Write a record anew: it takes the place of the earlier words and wants new signatures."""
    person, old, part = _meeting(request, meeting)
    row = old.placement
    kind = old.meeting_kind
    if not rules.rule_has_part(kind, part.capacities):
        raise Http404
    if hasattr(old, "superseded_by") and request.method != "POST":
        return redirect("meeting", old.superseded_by.entry.uuid)
    initial = {
        "kind": kind,
        "day": old.entry.about_from,
        "words": ledger.private_text(old, "record"),
    }
    return _write(request, person, row, [kind], initial, old)


def _write(
    request: HttpRequest,
    person: Person,
    row: Placement,
    kinds: list[str],
    initial: dict[str, Any],
    old: Meeting | None = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form = MeetingForm(request, request.POST, kinds=kinds)
        response = _written(request, person, row, form, kinds, old)
        if response:
            return response
        status = status_of(form)
    else:
        form = MeetingForm.opened(request)
        form.offer(kinds)
        form.initial = {**initial, **form.initial}
    context = {
        "form": form,
        "placement": row,
        "student": row.enrolment.person,
        "old": old,
        "there": reads.written_once(row) if old is None else [],
        "wordings": [
            (Meeting.Kind(kind).label.capitalize(), rules.WORDINGS[kind]) for kind in kinds
        ],
    }
    return render(request, "placements/meetings/write.html", context, status=status)


def _written(
    request: HttpRequest,
    person: Person,
    row: Placement,
    form: MeetingForm,
    kinds: list[str],
    old: Meeting | None,
) -> HttpResponse | None:
    """Where to go next; none when the form has an error."""
    if not form.is_valid():
        return None
    if form.wants_other_way:
        return proof.suspend(request, "sign the record of a meeting")
    if not proved(form):
        return None
    data = form.cleaned_data
    try:
        written = write_meeting(
            by=person,
            placement=row,
            kind=data["kind"] or kinds[0],
            day=data["day"],
            record=data["words"],
            proof=form.way,
            uuid=data["batch"],
            corrects=old,
        )
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return None
    messages.success(request, "The record is written down and signed by you.")
    return redirect("meeting", written.entry.uuid)


@proof.settled(_written_anew)
@proof.signs
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """A record with its versions and signatures; a POST signs the version that was shown."""
    person, fact, part = _meeting(request, meeting)
    row = fact.placement
    if request.method != "POST":
        return _page(request, fact, row, part, SignMeetingForm.opened(request))
    if not rules.rule_has_part(fact.meeting_kind, part.signing(fact.entry.about_from)):
        raise Http404
    form = SignMeetingForm(request, request.POST)
    if form.is_valid():
        if form.wants_other_way:
            return proof.suspend(request, "sign the record of a meeting")
        if proved(form) and _signed(person, fact, form):
            messages.success(request, "You have signed this record.")
            return redirect("meeting", fact.entry.uuid)
    return _page(request, fact, row, part, form, status=status_of(form))


def _signed(person: Person, fact: Meeting, form: SignMeetingForm) -> bool:
    uuid = uuid5(form.cleaned_data["batch"], SIGNATURE)
    try:
        sign_meeting(by=person, meeting=fact, proof=form.way, uuid=uuid)
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return False
    return True


def _meeting(request: HttpRequest, uuid: UUID) -> tuple[Person, Meeting, TakesPart]:
    """A record that the viewer may read, and what they are to its placement; 404 for everybody else."""
    person = person_of(request)
    viewer = viewer_of(request)
    rows = reads.readable(viewer).select_related(
        "superseded_by__entry", *(f"placement__{path}" for path in taking_part.NEEDED)
    )
    fact = get_object_or_404(rows, entry__uuid=uuid)
    viewer.opened(fact.placement.enrolment.person)
    return person, fact, taking_part.taking_part(person, fact.placement, viewer.me)


def _page(
    request: HttpRequest,
    fact: Meeting,
    row: Placement,
    part: TakesPart,
    form: SignMeetingForm,
    *,
    status: int = 200,
) -> HttpResponse:
    lines = reads.versions(fact)
    newest = lines[0]
    stands = None if newest.is_complete else next((x for x in lines if x.is_complete), None)
    newest.mine = part.signing(newest.day)
    sides = set(newest.missing) & set(newest.mine)
    signed = any(signer in part.me for signer in newest.signers)
    context = {
        "form": form,
        "placement": row,
        "student": row.enrolment.person,
        "newest": newest,
        "earlier": [line for line in lines[1:] if line is not stands],
        "stands": stands,
        "is_newest": newest.fact.pk == fact.pk,
        "signs": bool(sides) and not signed,
        "may_change": bool(rules.rule_has_part(newest.kind, part.capacities)),
        "wording": rules.WORDINGS[newest.kind],
    }
    return render(request, "placements/meetings/meeting.html", context, status=status)
