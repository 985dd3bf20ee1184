"""An assessor's pages: what waits for them, and signing it line by line."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.competencies import assessors, queries, stage_queries
from logbooks.competencies import signing_queries as reads
from logbooks.competencies.actions.signing import PLACED, WORDINGS, AsRead, Signing, sign
from logbooks.competencies.forms.signing import SaidForm, SignForm
from logbooks.competencies.models import CurrentCompetency, SignOff
from logbooks.competencies.signing_queries import SignLine
from logbooks.competencies.signing_rules import rules_of
from logbooks.competencies.views.common import led_by, person_of, viewer_of
from placements.models import Placement, Supervision
from placements.views.educator import proved, status_of
from placements.views.student import uuid_of
from school.core import clock, ledger
from school.core.compiled import compiled
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people import preferences, proof
from school.people.models import Person

Capacity = SignOff.Capacity
Form = TypeVar("Form", bound=SaidForm)


@never_cache
@require_safe
def sign_offs(request: HttpRequest) -> HttpResponse:
    """What waits for an assessor, by student, and what they signed lately."""
    person_of(request)
    viewer = viewer_of(request)
    me = viewer.me
    waiting = reads.inbox(me, led_by(viewer))
    context = {
        "waiting": waiting,
        "number": sum(len(row.rows) for row in waiting),
        "placements": list(reads.placements_of(me)),
        "signed": reads.signed_by(me),
        "stages": stage_queries.ready_for(me),
    }
    return render(request, "competencies/sign_offs.html", context)


def _answered(typed: QueryDict, *, placement: UUID) -> bool:
    """Whether all that was ticked answers requests, and none of them waits any more."""
    lines = [reads.parsed(value) for value in typed.getlist("line")]
    asked = [line[1] for line in lines if line and line[1]]
    if not asked or len(asked) < len(lines):
        return False
    return not CurrentCompetency.objects.filter(request__entry__uuid__in=asked).exists()


@proof.settled(_answered)
@proof.signs
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Every line that waits at a placement, and what else the assessor saw; a POST signs what was ticked."""
    person = person_of(request)
    page = _Page(request, placement)
    if request.method != "POST":
        form = SignForm.opened(request)
        page.ticked = form.ticked
        if "add" in request.GET or not (page.waiting or page.added):
            return page.choose()
        return page.show(page.offer(form))
    form = page.offer(SignForm(request, request.POST))
    if form.is_valid():
        if form.wants_other_way:
            return proof.suspend(request, "sign what you saw of a student")
        if proved(form):
            answer = _sign(person, page, form)
            if answer is not None and not answer.left:
                messages.success(request, said_of(answer))
                return redirect("sign_offs")
            if answer is not None:
                return page.left(answer)
    return page.show(form, status=status_of(form))


def _sign(person: Person, page: "_Page", form: SignForm) -> Signing | None:
    try:
        return sign(
            by=person,
            items=form.items(page.placement.uuid),
            said=form.said(SignOff.Proof(form.way)),
            known=page.known,
        )
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return None


def said_of(answer: Signing) -> str:
    """How many were signed, and as what."""
    number = len(answer.signed)
    outcome = answer.signed[0].get_outcome_display()
    return f"{number} competenc{'y' if number == 1 else 'ies'} signed as {outcome}."


def offered(form: Form, placement: Placement, capacities: Sequence[str]) -> Form:
    """A form with the scale of a placement's framework and the capacities that somebody has there; it begins with today."""
    rules = rules_of(placement.enrolment)
    programme = placement.enrolment.cohort.programme_id
    # Most sign what they saw that day.
    form.fields["day"].initial = min(clock.today(), placement.ends)
    return form.offer(
        lambda: reads.levels_of(programme),
        capacities,
        apart=rules is None or rules.separate_assessor,
    )


# What signing at a placement reads of it; how the student hears of it too.
WITH = ("site", "stage", "enrolment__person__mail_preference", *PLACED)


def _beside(placement: str = "") -> dict[str, Combinable]:
    """What the same statement reads of the student of a placement at a path, so that nothing of it is asked for once more."""
    return {
        "last": ledger.last_in(f"{placement}enrolment__book"),
        "moved": queries.moved_to(f"{placement}enrolment"),
        "merged": preferences.merged_at(f"{placement}enrolment__person"),
    }


@compiled
def _named(uuid: Any, people: Any) -> QuerySet[Supervision]:
    """What some people were named to be at a placement that is not theirs, each with all that signing there reads."""
    rows = Supervision.objects.standing().filter(placement__uuid=uuid, person__in=people)
    apart = rows.exclude(placement__enrolment__person__in=people)
    found = apart.select_related("entry", *(f"placement__{path}" for path in WITH))
    return found.annotate(**_beside("placement__"))


@compiled
def _placement(uuid: Any, people: Any) -> QuerySet[Placement]:
    """A placement that is not of some people: a site's lead signs where they never supervised."""
    rows = Placement.objects.filter(uuid=uuid).exclude(enrolment__person__in=people)
    return rows.select_related(*WITH).annotate(**_beside())


class _Page:
    """A placement at which somebody signs, and what they see of it; 404 for everybody else."""

    def __init__(self, request: HttpRequest, uuid: UUID) -> None:
        self.request = request
        self.ticked: Collection[str] = request.POST.getlist("line")
        viewer = viewer_of(request)
        self.me = viewer.me
        named = _named(uuid=uuid, people=self.me)
        found: Sequence[Any] = named or _placement(uuid=uuid, people=self.me)
        if not found:
            raise Http404
        self.placement: Placement = named[0].placement if named else found[0]
        self.placement.enrolment.person.is_merged = found[0].merged  # type: ignore[union-attr]
        supervised = [
            (
                self.placement.pk,
                row.capacity,
                row.entry.about_from,
                row.entry.about_to,
                self.placement.never_began,
            )
            for row in named
        ]
        # For a lead whom nobody named the days come from a second statement: to be named between the two grants nothing.
        self.known = AsRead(self.me, self.placement, supervised, found[0].moved, found[0].last or 0)
        held = assessors.held_of(supervised)
        capacities = held.get(self.placement.pk, assessors.NOTHING).signs
        self.led = led_by(viewer)
        # A lead's second sending of what is signed by now still hears the first answer.
        leads = self.placement.site.scope_id in self.led
        if leads and (request.method == "POST" or any(line.alone for line in self.waiting)):
            capacities = (*capacities, Capacity.SITE_LEAD.value)
        if not capacities:
            raise Http404
        self.capacities = capacities
        viewer.opened(self.placement.enrolment.person)

    @cached_property
    def waiting(self) -> list[SignLine]:
        """What waits for the person here."""
        return reads.waiting_at(self.placement, self.me, self.led)

    @cached_property
    def added(self) -> list[SignLine]:
        """What the person signs from what they saw: what the address names, and what was ticked."""
        return reads.seen_at(self.placement, self.me, self._asked(self.ticked))

    def _asked(self, ticked: Collection[str]) -> set[UUID]:
        waiting = {str(line.competency.uuid) for line in self.waiting}
        named = [*self.request.GET.getlist("competency"), *(v.partition(".")[0] for v in ticked)]
        found = (uuid_of(value) for value in named if value not in waiting)
        return {uuid for uuid in found if uuid}

    def choose(self) -> HttpResponse:
        """What else there is to sign: every competency that applies and does not wait already."""
        context = {
            "placement": self.placement,
            "student": self.placement.enrolment.person,
            "lines": reads.seen_at(self.placement, self.me),
        }
        return render(self.request, "competencies/sign_what.html", context)

    def offer(self, form: SignForm) -> SignForm:
        """The form with the scale and the capacities of this placement."""
        return offered(form, self.placement, self.capacities)

    def show(self, form: SignForm, *, status: int = 200) -> HttpResponse:
        """The page, with what was ticked before still ticked where it is as it was shown."""
        ticked = form.ticked
        lines = [*self.waiting, *self.added]
        fresh = not form.is_bound and not form.is_back
        for line in lines:
            line.ticked = line.value in ticked or (fresh and line in self.added)
        context = {
            "form": form,
            "placement": self.placement,
            "student": self.placement.enrolment.person,
            "lines": lines,
            "capacities": [Capacity(held).label for held in self.capacities],
            "wordings": [(SignOff.Outcome(key).label, words) for key, words in WORDINGS.items()],
        }
        return render(self.request, "competencies/sign.html", context, status=status)

    def left(self, answer: Signing) -> HttpResponse:
        """How many were signed, and each line that was left with the reason."""
        lines = [*self.waiting, *self.added]
        here = reverse("sign_off", args=[self.placement.uuid])
        return left_page(
            self.request, self.placement, lines, answer, here=here, back=reverse("sign_offs")
        )


def left_page(
    request: HttpRequest,
    placement: Placement,
    lines: Sequence[SignLine],
    answer: Signing,
    *,
    here: str,
    back: str = "",
) -> HttpResponse:
    """How many were signed, and each line that was left with the reason; `here` is the page they stand on."""
    titles: dict[UUID, SignLine] = {line.competency.uuid: line for line in lines}
    context = {
        "student": placement.enrolment.person,
        "signed": len(answer.signed),
        "left": [(titles.get(item.competency), reason) for item, reason in answer.left],
        "here": here,
        "back": back,
    }
    status = 200 if answer.signed else 422
    return render(request, "competencies/sign_left.html", context, status=status)
