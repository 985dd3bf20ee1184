"""Requests for places: who sees which, who answers, and whom a site's lead and a coordinator are told of."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from placements import policies
from placements.models import PlaceRequest
from school.core import clock, days
from school.core.decision import ALLOWED, Decision, refused
from school.people.middleware import Viewer
from school.people.models import Person, Scope, Site
from school.people.queries import grants, identity, scopes_with, sites_in
from school.people.roles import SITE_LEAD, Permission

# How long an answer stands on the home page of whoever asked.
SHOWN_FOR = timedelta(days=14)

State = PlaceRequest.State


def asked_by_viewer(viewer: Viewer) -> Q:
    """The condition of a request that the viewer may ask and take back: for stages and sites of their scopes."""
    found = Q(pk__in=[])
    for scope in scopes_with(viewer.hats, Permission.PLACE_STUDENTS):
        if scope.kind == Scope.Kind.PROGRAMME:
            found |= Q(stage__version__programme__scope=scope)
        else:
            found |= Q(site__in=sites_in(scope))
    return found


def requests(viewer: Viewer) -> QuerySet[PlaceRequest]:
    """The requests that the viewer sees: those to sites they run, and those they could have asked."""
    if viewer.person is None:
        return PlaceRequest.objects.none()
    seen = Q(site__in=policies.sites_run(viewer)) | asked_by_viewer(viewer)
    return PlaceRequest.objects.filter(seen)


def may_answer(viewer: Viewer, request: PlaceRequest) -> Decision:
    """Whether the viewer answers a request: whoever runs the site it was sent to."""
    return policies.may_run_site(viewer, request.site)


def may_take_back(viewer: Viewer, request: PlaceRequest) -> Decision:
    """Whether the viewer takes a request back: a coordinator who could have asked."""
    if PlaceRequest.objects.filter(asked_by_viewer(viewer), pk=request.pk).exists():
        return ALLOWED
    return refused("Only a placement coordinator takes a request back.")


def leads_of(site: Site) -> list[Person]:
    """Who leads a site today and can be written to."""
    held = grants().filter(role=SITE_LEAD.key, scope=site.scope_id).values("person")
    today = clock.today()
    there = Q(left_on=None) | Q(left_on__gte=today)
    found = Person.objects.filter(there, pk__in=held).select_related("user").order_by("pk")
    return [person for person in found if person.user is None or person.user.is_active]


@dataclass(frozen=True, slots=True)
class Line:
    """A request as the pages say it."""

    request: PlaceRequest
    wanted: str
    state: str

    @classmethod
    def of(cls, request: PlaceRequest) -> "Line":
        """The line of a request with its site, stage and offer at hand."""
        return cls(request, wanted(request), state_in_words(request))


def wanted(request: PlaceRequest) -> str:
    """What was asked for: "2 places for Year 3, 1 March 2027 to 30 April 2027"."""
    return (
        f"{amount(request.places)} for {request.stage}, "
        f"{days.long_date(request.starts)} to {days.long_date(request.ends)}"
    )


def amount(places: int) -> str:
    """A number of places in words."""
    return f"{places} {'place' if places == 1 else 'places'}"


def state_in_words(request: PlaceRequest) -> str:
    """Where a request stands: "2 of 3 places offered on 3 November 2026"."""
    if request.answered_on is None:
        return str(request.get_state_display())
    on = days.long_date(request.answered_on)
    if request.offer is None:
        return f"declined on {on}"
    return f"{request.offer.places} of {amount(request.places)} offered on {on}"


def lines_at(viewer: Viewer, site: Site) -> list[Line]:
    """The requests to a site that wait, and those of the last year, newest first."""
    since = clock.today() - timedelta(days=365)
    rows = (
        requests(viewer)
        .filter(Q(state=State.ASKED) | Q(asked_on__gte=since), site=site)
        .select_related("site", "stage", "offer", "asked_by")
        .order_by("-asked_on", "-pk")
    )
    return [Line.of(row) for row in rows[:20]]


def waiting_in(scope: Scope) -> list[PlaceRequest]:
    """The requests that wait for an answer at the sites of a scope, the oldest first."""
    rows = PlaceRequest.objects.filter(site__in=sites_in(scope), state=State.ASKED)
    return list(rows.select_related("site", "stage").order_by("asked_on", "pk"))


def answered_to(person: Person) -> list[PlaceRequest]:
    """What somebody asked for that waits still or was answered in the last fortnight, answers first."""
    since = clock.today() - SHOWN_FOR
    rows = PlaceRequest.objects.filter(
        Q(state=State.ASKED) | Q(answered_on__gte=since), asked_by__in=identity(person)
    )
    return list(rows.select_related("site", "stage", "offer").order_by("-answered_on", "asked_on"))
