"""Who may see which placement records, and who may do what with them."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements import reference, turnaround
from placements.models import (
    Cover,
    CurrentShift,
    Enrolment,
    Placement,
    Stage,
    Supervision,
)
from school.core import clock
from school.core.decision import ALLOWED, Decision, refused
from school.people.middleware import Viewer
from school.people.models import Person, Scope, Site
from school.people.queries import grants, identity, merges, scopes_with, sites_in
from school.people.roles import PRACTICE_EDUCATOR, SITE_LEAD, Permission

# How long somebody who supervised a student can still open the record they decided on.
AFTER_SUPERVISION = timedelta(days=90)
# What somebody who stands in is at the site.
STAND_INS = (PRACTICE_EDUCATOR.key, SITE_LEAD.key)


def enrolments(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose records the viewer may open: their own, those they supervise, those in scope."""
    if viewer.person is None:
        return Enrolment.objects.none()
    me = viewer.me
    allowed = Q(person__in=me) | Q(Exists(deciding(me).filter(placement__enrolment=OuterRef("pk"))))
    for scope in scopes_with(viewer.hats, Permission.SEE_PLACEMENT_RECORDS):
        allowed |= in_scope(scope)
    return Enrolment.objects.filter(allowed)


def placements(viewer: Viewer) -> QuerySet[Placement]:
    """The placements of the enrolments that the viewer may open."""
    return Placement.objects.filter(enrolment__in=enrolments(viewer))


def people(viewer: Viewer) -> QuerySet[Person]:
    """The persons whose placement records the viewer may open."""
    return Person.objects.filter(Exists(enrolments(viewer).filter(person=OuterRef("pk"))))


def managed_enrolments(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose students the viewer may place."""
    return enrolments_with(viewer, Permission.PLACE_STUDENTS)


def enrolments_with(viewer: Viewer, permission: Permission) -> QuerySet[Enrolment]:
    """The enrolments in the scopes on which one of the viewer's roles allows something."""
    return Enrolment.objects.filter(allowing(viewer, permission))


def allowing(viewer: Viewer, permission: Permission) -> Q:
    """The condition of an enrolment in a scope on which one of the viewer's roles allows something."""
    allowed = Q(pk__in=[])
    for scope in scopes_with(viewer.hats, permission):
        allowed |= in_scope(scope)
    return allowed


def in_scope(scope: Scope) -> Q:
    """The condition of an enrolment that a scope holds; a site holds those placed there, ever, if it came to that."""
    if scope.kind == Scope.Kind.NETWORK:
        return Q(pk__isnull=False)
    if scope.kind == Scope.Kind.COHORT:
        return Q(cohort__scope=scope)
    if scope.kind == Scope.Kind.PROGRAMME:
        return Q(cohort__programme__scope=scope)
    placed = Placement.objects.filter(
        never_began=False, enrolment=OuterRef("pk"), site__in=sites_in(scope)
    )
    return Q(Exists(placed))


def supervisions(people: list[int]) -> QuerySet[Supervision]:
    """The standing supervisions of a person's identity, until 90 days after their end."""
    return lasting().filter(person__in=people)


def deciding(people: list[int]) -> QuerySet[Supervision]:
    """The supervisions in which an identity decides today: its own, and those of whom it stands in for.

    A stand-in has a role of their own at the placement's site: once it ends, they stand in no more.
    """
    absent = covering(people).values("person")
    merged = merges().filter(kept__in=absent).values("merged")
    # One list of persons and not three conditions: SQLite would read every supervision there is.
    own = Person.objects.filter(pk__in=people).order_by().values("pk")
    there = grants().filter(person__in=people, role__in=STAND_INS).values("scope")
    return lasting().filter(
        Q(person__in=people) | Q(placement__site__scope__in=there),
        person__in=own.union(absent, merged, all=True),
    )


def lasting() -> QuerySet[Supervision]:
    """The supervisions in which somebody still decides and signs: until 90 days after their end."""
    since = clock.today() - AFTER_SUPERVISION
    rows: QuerySet[Supervision] = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=since), placement__never_began=False
    )
    return rows


def covering(people: list[int]) -> QuerySet[Cover]:
    """The covers of today in which an identity stands in for somebody."""
    return covers_today().filter(stand_in__in=people)


def covers_today() -> QuerySet[Cover]:
    """Who stands in for whom today; nobody who has left."""
    today = clock.today()
    rows: QuerySet[Cover] = Cover.objects.standing().filter(
        Q(stand_in__left_on=None) | Q(stand_in__left_on__gte=today),
        cancelled=False,
        entry__about_from__lte=today,
        entry__about_to__gte=today,
    )
    return rows


def inbox(person: Person) -> QuerySet[CurrentShift]:
    """The shifts that wait for this person, oldest first.

    Those of placements they supervise, or whose supervisor they stand in for today; and, for a site
    lead, those at their site that nobody who is still there supervises, and those that have waited
    longer than the setting `reroute_working_days`. Never their own.
    """
    me = identity(person)
    return waiting_for(me, led_by(me))


def led_by(me: Collection[int]) -> list[int]:
    """The scopes of the sites that an identity leads today."""
    return [g.scope_id for g in grants().filter(person__in=me, role=SITE_LEAD.key)]


def waiting_for(
    me: list[int], lead_scopes: Collection[int], *, covers: bool = True
) -> QuerySet[CurrentShift]:
    """The inbox of an identity that leads the sites of some scopes; `covers` when it may stand in for somebody."""
    # By placement, of which a person has few, and not by what waits, of which a network has much.
    mine = (deciding(me) if covers else supervisions(me)).values("placement")
    waiting = CurrentShift.objects.filter(state__in=CurrentShift.WAITING)
    if lead_scopes:
        led = Placement.objects.filter(site__scope__in=lead_scopes).order_by()
        alone = led.filter(~Exists(still_there().filter(placement=OuterRef("pk"))))
        own = waiting.filter(placement__in=mine.union(alone.values("pk")))
        late = waiting.filter(rerouted(), placement__in=led.values("pk"))
        waiting = waiting.filter(pk__in=own.values("pk").union(late.values("pk")))
    else:
        waiting = waiting.filter(placement__in=mine)
    return waiting.exclude(enrolment__person__in=me).order_by("sent_on", "start", "pk")


def still_there() -> QuerySet[Supervision]:
    """The supervisions that go on by somebody who can decide: neither gone nor with a closed account."""
    today = clock.today()
    # A merged person's account is closed, but they are there: as the person they are one with.
    there = Q(person__user=None) | Q(person__user__is_active=True)
    there |= Q(Exists(merges().filter(merged=OuterRef("person"))))
    rows: QuerySet[Supervision] = Supervision.objects.standing().filter(
        there,
        Q(entry__about_to=None) | Q(entry__about_to__gte=today),
        Q(person__left_on=None) | Q(person__left_on__gte=today),
    )
    return rows


def rerouted() -> Q:
    """The condition of a shift that has waited too long for its supervisor."""
    today = clock.today()
    waits = reference.rerouting(today)
    default = Q(sent_on__lte=turnaround.late_since(today, waits.pop(None)))
    late = default & ~Q(enrolment__cohort__programme__in=list(waits)) if waits else default
    for programme, number in waits.items():
        since = turnaround.late_since(today, number)
        late |= Q(enrolment__cohort__programme=programme, sent_on__lte=since)
    return late & Q(state=CurrentShift.State.AWAITING)


def owns(person: Person, enrolment: Enrolment) -> bool:
    """Whether a record is the person's own, merged persons included."""
    return enrolment.person_id == person.pk or enrolment.person_id in identity(person)


def rule_not_own(me: Collection[int], enrolment: Enrolment) -> Decision:
    """Nobody confirms their own hours, whatever their roles; `me` is a person's identity."""
    if enrolment.person_id in me:
        return refused("These are your own hours. Somebody who supervised you decides about them.")
    return ALLOWED


def may_watch_students(viewer: Viewer) -> Decision:
    """Whether the viewer has students in scope, beside their own and those they supervise."""
    if viewer.person is not None and viewer.may(Permission.SEE_PLACEMENT_RECORDS):
        return ALLOWED
    return refused(
        "The list of students is for coordinators, tutors, programme leads and site leads."
    )


def may_see_evaluations(viewer: Viewer, site: Site) -> Decision:
    """Whether the viewer sees the figures of a site: who is at it, and who reads evaluations in a scope that may hold it."""
    if viewer.person is not None and (
        viewer.may(Permission.READ_EVALUATIONS) or is_at_site(viewer, site)
    ):
        return ALLOWED
    return refused(
        f"Only those who run {site.name} or supervise there, and the School, see what students say of it."
    )


def is_at_site(viewer: Viewer, site: Site) -> bool:
    """Whether the averages of a site are of the viewer's own: they run it, or are practice educators of it."""
    taught = [hat.scope for hat in viewer.hats if hat.role == PRACTICE_EDUCATOR]
    at = any(sites_in(scope).filter(pk=site.pk).exists() for scope in taught)
    return at or bool(may_run_site(viewer, site))


def may_read_evaluations(viewer: Viewer) -> Decision:
    """Whether the viewer reads students' evaluations of more than a site of their own."""
    if viewer.person is not None and viewer.may(Permission.READ_EVALUATIONS):
        return ALLOWED
    return refused("Only coordinators and programme leads read students’ evaluations.")


def may_name_stand_in(viewer: Viewer) -> Decision:
    """Whether the viewer decides about students' hours, so that somebody can stand in for them."""
    if viewer.person is not None and viewer.may(Permission.DECIDE_SUPERVISED_HOURS):
        return ALLOWED
    return refused("Practice educators name who stands in for them.")


def may_place_students(viewer: Viewer) -> Decision:
    """Whether the viewer places students anywhere at all; the page looks at whom."""
    if viewer.person is not None and viewer.may(Permission.PLACE_STUDENTS):
        return ALLOWED
    return refused("Only a placement coordinator makes places and puts students on them.")


def offerable_stages(viewer: Viewer, site: Site) -> QuerySet[Stage]:
    """The stages that the viewer may offer places of at a site: all, or those of their programmes."""
    allowed = Q(pk__in=[])
    for scope in scopes_with(viewer.hats, Permission.PLACE_STUDENTS):
        if scope.kind == Scope.Kind.PROGRAMME:
            allowed |= Q(version__programme__scope=scope)
        elif scope.kind == Scope.Kind.NETWORK or sites_in(scope).filter(pk=site.pk).exists():
            return Stage.objects.all()
    return Stage.objects.filter(allowed)


def may_audit(viewer: Viewer, site: Site) -> Decision:
    """Whether the viewer records a site's audits: a coordinator whose scope holds the site."""
    for scope in scopes_with(viewer.hats, Permission.PLACE_STUDENTS):
        if sites_in(scope).filter(pk=site.pk).exists():
            return ALLOWED
    return refused(f"Only a coordinator whose scope holds {site.name} records its audits.")


def sites_run(viewer: Viewer) -> QuerySet[Site]:
    """The sites whose guide, checks, units and answers to requests for places the viewer keeps."""
    found = Site.objects.none()
    for scope in scopes_with(viewer.hats, Permission.RUN_SITE):
        found |= sites_in(scope)
    return found


def may_run_site(viewer: Viewer, site: Site) -> Decision:
    """Whether the viewer keeps what a site says of itself: its lead, and a coordinator whose scope holds it."""
    if viewer.person is not None and sites_run(viewer).filter(pk=site.pk).exists():
        return ALLOWED
    return refused(
        f"Only the lead of {site.name}, or a coordinator whose scope holds it, does this."
    )
