"""Reads that several pages share: one's own enrolments, where a placement went on, and shifts to decide about."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from placements import policies
from placements.models import Enrolment, Induction, Placement, Shift, ShiftDecision, Supervision
from school.core import clock
from school.people.models import Person, PersonMerge
from school.people.queries import grants, identity
from school.people.roles import SITE_LEAD


def own_enrolments(person: Person) -> list[Enrolment]:
    """Everything that a person, whoever they are one with, is or was enrolled on: what goes on first, then the newest."""
    today = clock.today()
    rows = Enrolment.objects.filter(person__in=identity(person)).select_related("book", "person")
    return sorted(
        rows, key=lambda row: (row.starts <= today <= row.ends, row.ends, row.pk), reverse=True
    )


def gone_to(placement: Placement) -> Placement | None:
    """What a placement was moved to, unless that is withdrawn itself."""
    rows = Placement.objects.exclude(state=Placement.State.WITHDRAWN).select_related("site")
    return rows.filter(moved_from=placement).first()


def shifts_to_decide(
    uuids: Iterable[UUID], me: list[int], *, supervising: bool = False
) -> QuerySet[Shift]:
    """Versions of shifts by UUID, with everything that deciding about them reads, in one query.

    Annotated with `inducted`; with `capacity`, in which the person with the identity `me` may decide
    about the shift, empty where they may not; and with `merged`, whether somebody of `me` was merged.
    With `supervising` only the capacity of those who supervise is asked for: the others, who are few,
    cost more than all else.
    """
    placement = OuterRef("placement")
    order = [When(capacity=value, then=n) for n, value in enumerate(Supervision.Capacity.values)]
    supervised = Subquery(
        policies.supervisions(me)
        .filter(placement=placement)
        .order_by(Case(*order, output_field=IntegerField()))
        .values("capacity")[:1]
    )
    ways = []
    if not supervising:
        stood_in = Exists(policies.deciding(me).filter(placement=placement))
        led = grants().filter(person__in=me, role=SITE_LEAD.key, scope=OuterRef("site__scope"))
        ways = [
            When(stood_in, then=Value(ShiftDecision.Capacity.STAND_IN.value)),
            When(Exists(led), then=Value(ShiftDecision.Capacity.SITE_LEAD.value)),
        ]
    return (
        Shift.objects.filter(entry__uuid__in=list(uuids))
        .annotate(
            merged=Exists(
                PersonMerge.objects.standing().filter(
                    Q(kept__in=me) | Q(merged__in=me), undone=False
                )
            ),
            inducted=Exists(Induction.objects.filter(placement=placement)),
            capacity=Coalesce(
                supervised,
                Case(*ways, default=Value("")) if ways else Value(""),
                output_field=CharField(),
            ),
        )
        .select_related("placement__enrolment__book", "placement__enrolment__cohort__programme")
    )
