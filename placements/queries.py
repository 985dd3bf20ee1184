"""Reads that several pages share: shifts with everything that deciding about them needs."""

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
from placements.models import Induction, Shift, ShiftDecision, Supervision
from school.people.models import PersonMerge
from school.people.queries import grants
from school.people.roles import SITE_LEAD


def shifts_to_decide(
    uuids: Iterable[UUID], me: list[int], *, covers: bool = True
) -> QuerySet[Shift]:
    """Versions of shifts by UUID, with everything that deciding about them reads, in one query.

    Annotated with `inducted`; with `capacity`, in which the person with the identity `me` may decide
    about the shift, empty where they may not; and with `merged`, whether `me` is not all of them.
    Without `covers` it is not asked whether they stand in for somebody, which costs more than all else.
    """
    placement = OuterRef("placement")
    order = [When(capacity=value, then=n) for n, value in enumerate(Supervision.Capacity.values)]
    supervised = (
        policies.supervisions(me)
        .filter(placement=placement)
        .order_by(Case(*order, output_field=IntegerField()))
        .values("capacity")[:1]
    )
    led = grants().filter(person__in=me, role=SITE_LEAD.key, scope=OuterRef("site__scope"))
    ways = [When(Exists(led), then=Value(ShiftDecision.Capacity.SITE_LEAD.value))]
    if covers:
        stood_in = Exists(policies.deciding(me).filter(placement=placement))
        ways.insert(0, When(stood_in, then=Value(ShiftDecision.Capacity.STAND_IN.value)))
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
                Case(*ways, default=Value("")),
                output_field=CharField(),
            ),
        )
        .select_related("placement__enrolment__book", "placement__enrolment__cohort__programme")
    )
