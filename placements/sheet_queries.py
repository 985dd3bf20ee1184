"""A log sheet to print, and who may have seen one that was filled in."""

from django.db.models import Q, QuerySet

from placements import policies
from placements.models import Enrolment, Placement, Supervision
from school.core import clock
from school.people.middleware import Viewer
from school.people.models import Person, Site
from school.people.queries import grants, identity, scopes_with, sites_in
from school.people.roles import SITE_LEAD, Permission


def enterable(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments for which the viewer enters what stands on paper: those they place, and those at their site."""
    return Enrolment.objects.filter(may_enter(viewer))


def may_enter(viewer: Viewer) -> Q:
    """The condition of such an enrolment."""
    placed = policies.allowing(viewer, Permission.PLACE_STUDENTS)
    return placed | policies.allowing(viewer, Permission.DECIDE_SITE_HOURS)


def places_students(viewer: Viewer, enrolment: Enrolment) -> bool:
    """Whether the viewer places this student, so that the sheet may be of any site."""
    return policies.managed_enrolments(viewer).filter(pk=enrolment.pk).exists()


def sites_of(viewer: Viewer, *, any_site: bool) -> list[Site]:
    """The sites that a sheet may be of: all, or those that the viewer leads."""
    if any_site:
        return list(Site.objects.order_by("name"))
    found = Site.objects.none()
    for scope in scopes_with(viewer.hats, Permission.DECIDE_SITE_HOURS):
        found |= sites_in(scope)
    return list(found.order_by("name"))


def may_have_seen(enrolment: Enrolment, viewer: Person) -> list[Person]:
    """The viewer, who supervises or supervised the student, and the leads of the sites where they were; never the student."""
    supervised = Supervision.objects.filter(placement__enrolment=enrolment).values("person")
    sites = Placement.objects.filter(enrolment=enrolment).values("site__scope")
    leads = grants().filter(role=SITE_LEAD.key, scope__in=sites).values("person")
    return list(
        Person.objects.filter(Q(pk=viewer.pk) | Q(pk__in=supervised) | Q(pk__in=leads))
        .exclude(email="")
        .exclude(pk__in=identity(enrolment.person))
        .order_by("name")
    )


def supervising(placement: Placement) -> list[str]:
    """The names of those who supervise a placement today or later, in the order of their capacity."""
    rows = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=clock.today()), placement=placement
    )
    order = Supervision.Capacity.values
    pairs = sorted(
        (order.index(row.capacity), row.person.name) for row in rows.select_related("person")
    )
    return list(dict.fromkeys(name for _, name in pairs))
