"""Who may see which events and bookings, and who may do what with them."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from school.core import clock
from school.core.decision import ALLOWED, Decision, refused
from school.courses.models import Booking, Course, CourseVersion, Event
from school.people.middleware import Viewer
from school.people.models import Person, PostTerm, Scope
from school.people.queries import Hat, scopes_with, sites_in
from school.people.roles import Permission

# Who runs a site, or keeps the staff records of some, answers for whom they send on a course.
ANSWERS_FOR_STAFF = (Permission.RUN_SITE, Permission.SEE_STAFF_RECORDS)
# A place opens what is for people with one, and what they learned from stays theirs afterwards.
WITH_A_PLACE = (Booking.State.BOOKED, *Booking.AFTERWARDS)


def may_teach(viewer: Viewer) -> Decision:
    """Whether the viewer writes courses and events and keeps their registers."""
    if viewer.person is not None and viewer.may(Permission.PUBLISH_COURSES):
        return ALLOWED
    return refused("Only a School educator looks after courses and events.")


def teaches(held: list[Hat]) -> bool:
    """Whether one of the hats lets somebody look after courses and events."""
    return any(Permission.PUBLISH_COURSES in hat.role.permissions for hat in held)


def courses(viewer: Viewer) -> QuerySet[Course]:
    """The courses that the viewer may read of: all that were ever taught, and others for those who write them."""
    if may_teach(viewer):
        return Course.objects.all()
    taught = CourseVersion.objects.filter(course=OuterRef("pk"), published_on__lte=clock.today())
    return Course.objects.filter(Exists(taught))


def importing_hats(held: list[Hat]) -> list[Hat]:
    """The hats that let somebody import attainments, and say what their sources mean: of the whole network only.

    A file holds whoever it holds, wherever they work, so nobody's narrower scope would say whose it is.
    """
    return [
        hat
        for hat in held
        if hat.scope.kind == Scope.Kind.NETWORK
        and (
            Permission.PUBLISH_COURSES in hat.role.permissions
            or {Permission.IMPORT_RECORDS, Permission.SEE_STAFF_RECORDS} <= hat.role.permissions
        )
    ]


def events(viewer: Viewer) -> QuerySet[Event]:
    """The events that the viewer may read of: all that were ever open, and drafts for those who write them."""
    if may_teach(viewer):
        return Event.objects.all()
    return Event.objects.exclude(state=Event.State.DRAFT)


def staff_of(me: list[int], held: list[Hat]) -> QuerySet[Person]:
    """Whom somebody may send on an event: those they manage, and those with a post at a site in scope, today."""
    sites = Q(line_manager__in=me)
    for permission in ANSWERS_FOR_STAFF:
        for scope in scopes_with(held, permission):
            sites |= Q(site__in=sites_in(scope))
    return _posted(sites)


def staff_on_record(held: list[Hat]) -> QuerySet[Person]:
    """Whose training records somebody keeps: those with a post at a site in scope, today."""
    sites = Q(pk__in=[])
    for scope in scopes_with(held, Permission.SEE_STAFF_RECORDS):
        sites |= Q(site__in=sites_in(scope))
    return _posted(sites)


def _posted(sites: Q) -> QuerySet[Person]:
    """Those with a post today that a condition picks."""
    today = clock.today()
    terms = PostTerm.objects.standing().filter(
        sites,
        Q(entry__about_to=None) | Q(entry__about_to__gte=today),
        entry__about_from__lte=today,
        post__person=OuterRef("pk"),
    )
    return Person.objects.filter(Exists(terms.select_related(None)))


def bookings(viewer: Viewer) -> QuerySet[Booking]:
    """The bookings that the viewer may see: their own, their staff's, and all for those who look after events."""
    if viewer.person is None:
        return Booking.objects.none()
    if may_teach(viewer):
        return Booking.objects.all()
    staff = staff_of(viewer.me, viewer.hats)
    return Booking.objects.filter(
        Q(person__in=viewer.me) | Q(Exists(staff.filter(pk=OuterRef("person"))))
    )


def has_place(course: Course, me: Collection[int]) -> bool:
    """Whether somebody has a place at an event of a course, or had one to its end."""
    places = Booking.objects.filter(person__in=me, state__in=WITH_A_PLACE)
    return places.filter(event__version__course=course).exists()


def learners(viewer: Viewer) -> QuerySet[Person]:
    """Whose attainments the viewer may see: their own, everybody's for School educators, and the staff in scope."""
    if viewer.person is None:
        return Person.objects.none()
    if may_teach(viewer):
        return Person.objects.all()
    own = Q(pk__in=viewer.me)
    if not viewer.may(Permission.SEE_STAFF_RECORDS):
        return Person.objects.filter(own)
    return Person.objects.filter(own | Q(pk__in=staff_on_record(viewer.hats).values("pk")))


def may_see_attainments(viewer: Viewer, person: Person) -> bool:
    """Whether the viewer may see what a person attained, under whichever key they are known."""
    keys = viewer.identity(person)
    return bool(set(keys) & set(viewer.me)) or learners(viewer).filter(pk__in=keys).exists()


def may_keep_records(viewer: Viewer) -> Decision:
    """Whether the viewer decides about claims and keeps attainments from elsewhere."""
    if viewer.person is not None and (
        may_teach(viewer) or viewer.may(Permission.SEE_STAFF_RECORDS)
    ):
        return ALLOWED
    return refused("Only School educators and workforce managers keep records of learning.")
