"""Reads that several pages share: shifts with what deciding needs, a student's placements, totals."""

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
from placements.models import Induction, Placement, Shift, ShiftDecision, Supervision
from school.people.models import PersonMerge
from school.people.queries import grants
from school.people.roles import SITE_LEAD


def shifts_to_decide(uuids: Iterable[UUID], me: list[int]) -> QuerySet[Shift]:
    """Versions of shifts by UUID, with everything that deciding about them reads, in one query.

    Annotated with `inducted`; with `capacity`, in which the person with the identity `me` may decide
    about the shift, empty where they may not; and with `merged`, whether `me` is not all of them.
    """
    placement = OuterRef("placement")
    order = [When(capacity=value, then=n) for n, value in enumerate(Supervision.Capacity.values)]
    supervised = (
        policies.supervisions(me)
        .filter(placement=placement)
        .order_by(Case(*order, output_field=IntegerField()))
        .values("capacity")[:1]
    )
    stood_in = policies.deciding(me).filter(placement=placement)
    led = grants().filter(person__in=me, role=SITE_LEAD.key, scope=OuterRef("site__scope"))
    return (
        Shift.objects.filter(entry__uuid__in=list(uuids))
        .annotate(
            merged=Exists(
                PersonMerge.objects.standing().filter(
                    Q(kept__in=me) ^ Q(merged__in=me), undone=False
                )
            ),
            inducted=Exists(Induction.objects.filter(placement=placement)),
            capacity=Coalesce(
                Subquery(supervised),
                Case(
                    When(Exists(stood_in), then=Value(ShiftDecision.Capacity.STAND_IN.value)),
                    When(Exists(led), then=Value(ShiftDecision.Capacity.SITE_LEAD.value)),
                    default=Value(""),
                ),
                output_field=CharField(),
            ),
        )
        .select_related("placement__enrolment__book", "placement__enrolment__cohort__programme")
    )


def placements_to_write_in() -> QuerySet[Placement]:
    """Placements with everything that logging a shift reads."""
    return Placement.objects.select_related(
        "stage", "site", "enrolment__book", "enrolment__cohort__programme"
    )
