"""A whole stage of a student: what it asks and what is missing, signing it, and revoking that."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.competencies import assessors, stage_changes, stage_queries, stage_results
from logbooks.competencies.actions import stages as acts
from logbooks.competencies.forms.stages import SignStageForm
from logbooks.competencies.models import SignOff, StageSignOff
from logbooks.competencies.stage_queries import Rests, Standing
from logbooks.competencies.stage_rules import ELSEWHERE, Gap
from logbooks.competencies.views.common import is_own, person_of, readable, viewer_of
from logbooks.competencies.views.revoking import revoke_page
from placements import policies as placing
from placements import reference
from placements.forms.times import device_time
from placements.models import Enrolment, Placement, Stage
from placements.views.educator import proved, status_of
from school.core import clock, registries
from school.core.errors import Conflict, DomainError
from school.core.forms import refuse
from school.people import proof
from school.people.models import Person

ASSESSOR = SignOff.Capacity.ASSESSOR.value


def staged(request: HttpRequest, enrolment: UUID, stage: UUID) -> tuple[Enrolment, Stage]:
    """An enrolment as `readable` gives it, and a stage of its programme.

    Annotated with the UUIDs of the newest placement of the stage that the viewer supervises or assesses at
    (`supervises`), and as final assessor of which they sign (`assesses`); none for the student.
    """
    there = (
        placing.supervisions(viewer_of(request).me)
        .filter(
            placement__enrolment=OuterRef("pk"),
            placement__stage__uuid=stage,
            entry__about_from__lte=clock.today(),
        )
        .exclude(placement__enrolment__person__in=viewer_of(request).me)
        .order_by("-placement__starts")
    )
    found = readable(
        request,
        enrolment,
        supervises=Subquery(there.values("placement__uuid")[:1]),
        assesses=Subquery(there.filter(capacity=ASSESSOR).values("placement__uuid")[:1]),
    )
    for one in reference.stages(found.version_id):
        if one.uuid == stage:
            return found, one
    raise Http404


def records(request: HttpRequest, found: Any) -> bool:
    """Whether the viewer records results from elsewhere of a stage that `staged` gave."""
    return not is_own(request, found) and bool(found.kept or found.assesses)


@never_cache
@require_safe
def stage_of(request: HttpRequest, enrolment: UUID, stage: UUID) -> HttpResponse:
    """What a stage asks of a student, line by line, what is missing and where it is put right, and who signed it."""
    found, one = staged(request, enrolment, stage)
    own = is_own(request, found)
    keeps = not own and found.kept  # type: ignore[attr-defined]
    standing = stage_queries.of_stage(found, one)
    line = stage_changes.line_of(found, one)
    newest = line[0] if line and not _is_revoked(line[0]) else None
    changes = []
    if newest and standing.version:
        changes = stage_changes.changes_of(newest, standing.minutes, standing.version)
    me = viewer_of(request).me
    may_record = records(request, found)
    results = stage_changes.results_of(found, one)
    closed = stage_changes.taken_back(results) if own else set()
    codes = {task.code: task for task in reference.tasks(one.pk)}
    held = stage_results.held_here(found, one.year, codes)
    judged = {code for code, row in held.items() if row.passed is not None}
    where = _Where(found, one, own, may_record, found.supervises, judged)  # type: ignore[attr-defined]
    assesses = found.assesses  # type: ignore[attr-defined]
    context = {
        "enrolment": found,
        "student": found.person,
        "own": own,
        "stage": one,
        "standing": standing,
        "needs": [
            (need, [(gap, where.put_right(gap)) for gap in need.gaps]) for need in standing.needs
        ],
        "changes": changes,
        "line": line,
        "results": [(row, row.document not in closed) for row in results],
        "held": [
            (codes[code], row, registries.link(row) if own else "") for code, row in held.items()
        ],
        "signers": [] if newest else assessors.final_assessors(found, one),
        "may_sign": assesses and newest is None and not standing.missing,
        "assesses": assesses,
        "revocable": newest if newest and not own and (keeps or newest.person_id in me) else None,
        "tasks": [
            task
            for code, task in codes.items()
            if may_record and code in ELSEWHERE and code not in judged
        ],
    }
    return render(request, "competencies/stages/stage.html", context)


def _is_revoked(row: StageSignOff) -> bool:
    return hasattr(row, "revocation")


@dataclass(frozen=True, slots=True)
class _Where:
    """Where what is missing is put right by whoever looks."""

    enrolment: Enrolment
    stage: Stage
    own: bool
    records: bool
    # The placement of the stage that the viewer supervises or assesses at.
    there: UUID | None
    # The tasks that an exam held here has judged.
    judged: Collection[str]

    def put_right(self, gap: Gap) -> str:
        """The address; empty where the viewer can do nothing about it."""
        there = self.there
        if gap.kind == "competency" and gap.competency is not None:
            which = f"?competency={gap.competency.uuid}"
            if self.own:
                return reverse("ask_sign_off") + which
            if there:
                return reverse("sign_off", args=[there]) + which
            return reverse("competency_of", args=[self.enrolment.uuid, gap.competency.uuid])
        if gap.kind == "assessment":
            if there:
                return reverse("assess_what", args=[there])
            if self.own:
                return reverse("own_assessments")
            return reverse("assessments_of", args=[self.enrolment.uuid])
        if gap.kind == "elsewhere" and gap.code in self.judged:
            return "#held"
        if gap.kind == "elsewhere":
            here = [self.enrolment.uuid, self.stage.uuid, gap.code]
            return reverse("external_result", args=here) if self.records else ""
        if gap.kind == "hours" and self.own:
            return reverse("shifts")
        if gap.kind == "induction" and there:
            return reverse("with_me_today")
        return reverse("enrolment_record", args=[self.enrolment.uuid])


@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_stage(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Sign a stage of which everything stands, as its final assessor; otherwise the page of how the stage stands."""
    person = person_of(request)
    page = _Page(request, placement)
    if request.method != "POST":
        if page.standing.missing or page.standing.signed_on or page.rests is None:
            return page.back()
        return page.show(SignStageForm.opened(request))
    form = SignStageForm(request, request.POST)
    if form.is_valid():
        if form.wants_other_way:
            return proof.suspend(request, "sign a whole stage of a student")
        if proved(form) and _sign(person, page, form):
            messages.success(request, f"{page.stage} of {page.student.name} is signed.")
            return page.back()
    return page.show(form, status=status_of(form))


def _sign(person: Person, page: "_Page", form: SignStageForm) -> StageSignOff | None:
    data = form.cleaned_data
    said = acts.Said(
        shown=data["shown"],
        proof=form.way,
        feedback=data["feedback"],
        exception=data["exception"],
        device_time=device_time(data["device_time"]),
    )
    try:
        return acts.sign_stage(
            by=person,
            placement=page.placement,
            said=said,
            uuid=uuid5(data["batch"], "stage"),
        )
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return None


class _Page:
    """A placement whose stage somebody signs, and what they see of it; 404 for everybody but its final assessor."""

    standing: Standing
    rests: Rests | None

    def __init__(self, request: HttpRequest, uuid: UUID) -> None:
        self.request = request
        viewer = viewer_of(request)
        rows = Placement.objects.exclude(enrolment__person__in=viewer.me).select_related(
            "site",
            "stage",
            "enrolment__person__user",
            "enrolment__book",
            "enrolment__cohort__programme__log_book_rules",
        )
        self.placement: Placement = get_object_or_404(rows, uuid=uuid)
        self.enrolment = self.placement.enrolment
        self.student = self.enrolment.person
        self.stage = self.placement.stage
        held = assessors.held_by(viewer.me, [self.placement.pk])
        self.held = held.get(self.placement.pk, assessors.NOTHING)
        if ASSESSOR not in self.held.signs:
            raise Http404
        viewer.opened(self.student)
        self.standing = stage_queries.of_stage(self.enrolment, self.stage)
        self.rests = stage_queries.rests_of(self.enrolment, self.standing)

    def back(self) -> HttpResponse:
        """To the page of the stage."""
        return redirect("stage_of", self.enrolment.uuid, self.stage.uuid)

    def show(self, form: SignStageForm, *, status: int = 200) -> HttpResponse:
        """The page with exactly what is signed."""
        apart = acts.may_sign_stage(viewer_of(self.request).me, self.placement, self.held, "")
        shown = self.rests.digest if self.rests else ""
        if form.is_bound and status != Conflict.status:
            # Only whoever was told that it changed goes on with what is shown now.
            shown = form["shown"].value()
        context: dict[str, Any] = {
            "form": form,
            "shown": shown,
            "placement": self.placement,
            "enrolment": self.enrolment,
            "student": self.student,
            "stage": self.stage,
            "standing": self.standing,
            "rests": self.rests,
            "wording": acts.WORDING,
            "may_except": not apart,
        }
        return render(self.request, "competencies/stages/sign.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_stage(request: HttpRequest, sign_off: UUID) -> HttpResponse:
    """Revoke the sign-off of a stage with a reason, from a day on; for whoever signed it or keeps the log book."""
    rows = StageSignOff.objects.select_related(
        "stage", "person", "enrolment__person__user", "enrolment__book", "placement__site"
    )
    found = get_object_or_404(rows, entry__uuid=sign_off)
    after = ("stage_of", found.enrolment.uuid, found.stage.uuid)
    return revoke_page(request, found, acts.revoke_stage, "competencies/stages/revoke.html", after)
