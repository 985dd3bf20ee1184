"""Who may see which placement records, and who may do what with them."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements.models import CurrentShift, Enrolment, Placement, Supervision
from school.core import clock
from school.core.decision import ALLOWED, Decision, refused
from school.people.middleware import Viewer
from school.people.models import Person, Scope
from school.people.queries import grants, identity, scopes_with, sites_in
from school.people.roles import SITE_LEAD, Permission

# How long somebody who supervised a student can still open the record they decided on.
AFTER_SUPERVISION = timedelta(days=90)


def enrolments(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose records the viewer may open: their own, those they supervise, those in scope."""
    if viewer.person is None:
        return Enrolment.objects.none()
    me = identity(viewer.person)
    allowed = Q(person__in=me) | Q(
        Exists(supervisions(me).filter(placement__enrolment=OuterRef("pk")))
    )
    for scope in scopes_with(viewer.hats, Permission.SEE_PLACEMENT_RECORDS):
        allowed |= in_scope(scope)
    return Enrolment.objects.filter(allowed)


def placements(viewer: Viewer) -> QuerySet[Placement]:
    """The placements of the enrolments that the viewer may open."""
    return Placement.objects.filter(enrolment__in=enrolments(viewer))


def managed_enrolments(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose students the viewer may place."""
    allowed = Q(pk__in=[])
    for scope in scopes_with(viewer.hats, Permission.PLACE_STUDENTS):
        allowed |= in_scope(scope)
    return Enrolment.objects.filter(allowed)


def in_scope(scope: Scope) -> Q:
    """The condition of an enrolment that a scope holds; a site holds those placed there, ever."""
    if scope.kind == Scope.Kind.NETWORK:
        return Q(pk__isnull=False)
    if scope.kind == Scope.Kind.COHORT:
        return Q(cohort__scope=scope)
    if scope.kind == Scope.Kind.PROGRAMME:
        return Q(cohort__programme__scope=scope)
    placed = Placement.objects.filter(enrolment=OuterRef("pk"), site__in=sites_in(scope))
    return Q(Exists(placed))


def supervisions(people: list[int]) -> QuerySet[Supervision]:
    """The standing supervisions of a person's identity, until 90 days after their end."""
    since = clock.today() - AFTER_SUPERVISION
    rows: QuerySet[Supervision] = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=since), person__in=people
    )
    return rows


def inbox(person: Person) -> QuerySet[CurrentShift]:
    """The shifts that wait for this person, oldest first.

    Those of placements they supervise; and, for a site lead, those at their site that nobody who
    is still there supervises. Never their own.
    """
    me = identity(person)
    today = clock.today()
    supervised = supervisions(me).filter(placement=OuterRef("placement"))
    mine = Q(Exists(supervised))
    lead_scopes = [g.scope_id for g in grants().filter(person__in=me, role=SITE_LEAD.key)]
    if lead_scopes:
        somebody = Supervision.objects.standing().filter(
            Q(entry__about_to=None) | Q(entry__about_to__gte=today),
            Q(person__left_on=None) | Q(person__left_on__gte=today),
            Q(person__user=None) | Q(person__user__is_active=True),
            placement=OuterRef("placement"),
        )
        mine |= Q(~Exists(somebody), shift__site__scope__in=lead_scopes)
    return (
        CurrentShift.objects.filter(mine, state__in=CurrentShift.WAITING)
        .exclude(enrolment__person__in=me)
        .order_by("sent_on", "start", "pk")
    )


def owns(person: Person, enrolment: Enrolment) -> bool:
    """Whether a record is the person's own, merged persons included."""
    return enrolment.person_id == person.pk or enrolment.person_id in identity(person)


def rule_not_own(me: Collection[int], enrolment: Enrolment) -> Decision:
    """Nobody confirms their own hours, whatever their roles; `me` is a person's identity."""
    if enrolment.person_id in me:
        return refused("These are your own hours. Somebody who supervised you decides about them.")
    return ALLOWED
