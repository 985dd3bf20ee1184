"""Evaluations of placements as they may be read: one's own, and the figures and comments of whole batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements.evaluations import (
    CHANGED_WITHIN,
    Answer,
    Figures,
    batches,
    figures,
    of_year,
)
from placements.models import Placement, PlacementEvaluation
from school.core import clock
from school.core.models import PrivateText
from school.people.middleware import Viewer
from school.people.models import Person, Scope, Site
from school.people.queries import merges, scopes_with, sites_in
from school.people.roles import Permission

YEARS = (1, 2, 3)
# A student is reminded for so long after the end.
REMINDED = timedelta(days=28)

Batches = list[tuple[Answer, ...]]


# One's own ---------------------------------------------------------------------------------------


def newest(placement: Placement) -> PlacementEvaluation | None:
    """The evaluation of a placement as it stands."""
    row: PlacementEvaluation | None = (
        PlacementEvaluation.objects.standing().filter(placement=placement).first()
    )
    return row


def changeable_until(placement: Placement) -> date | None:
    """The last day on which what was given can be changed; none when nothing was given."""
    first = PlacementEvaluation.objects.filter(placement=placement, supersedes=None).first()
    return first.entry.known_from + CHANGED_WITHIN if first else None


def to_evaluate(person: Person) -> QuerySet[Placement]:
    """A student's placements on their last day, or over since a short time, that wait for an evaluation."""
    today = clock.today()
    own = Q(enrolment__person=person)
    own |= Q(enrolment__person__in=merges().filter(kept=person).values("merged"))
    given = PlacementEvaluation.objects.filter(placement=OuterRef("pk"))
    return (
        Placement.objects.filter(
            own,
            ~Exists(given),
            ends__lte=today,
            ends__gte=today - REMINDED,
            state__in=(Placement.State.CONFIRMED, Placement.State.COMPLETED),
        )
        .select_related("site")
        .order_by("ends", "pk")
    )


# Many together -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """What may be shown of a site, of all years and of each that can be shown apart."""

    site: Site
    all: Figures | None
    years: dict[int, Figures | None]


def readable(viewer: Viewer) -> Q:
    """The condition of a placement whose site and programme the viewer reads evaluations of.

    By whole sites and whole programmes only: a cohort's part of a batch would be fewer than five.
    """
    allowed = Q(pk__in=[])
    for scope in scopes_with(viewer.hats, Permission.READ_EVALUATIONS):
        if scope.kind == Scope.Kind.PROGRAMME:
            allowed |= Q(enrolment__cohort__programme__scope=scope)
        else:
            allowed |= Q(site__in=sites_in(scope))
    return allowed


def whole_batches(allowed: Q) -> dict[int, Batches]:
    """By site, the batches that may be shown of the placements in a condition of sites and programmes; two queries."""
    merged = dict(merges().values_list("merged", "kept"))
    rows = (
        PlacementEvaluation.objects.filter(placement__in=Placement.objects.filter(allowed))
        .order_by("pk")
        .values_list(
            "pk",
            "supersedes",
            "ratings",
            "entry__uuid",
            "entry__known_from",
            "placement__site",
            "placement__stage__year",
            "placement__enrolment__person",
            "placement__enrolment__cohort__programme",
        )
    )
    first_given: dict[int, date] = {}
    standing: dict[int, tuple[tuple[int, int], Answer]] = {}
    for pk, before, ratings, uuid, day, site, year, person, programme in rows:
        first = first_given.get(before, day) if before else day
        first_given[pk] = first
        standing.pop(before, None)
        answer = Answer(
            merged.get(person, person), year, ratings, first + CHANGED_WITHIN, str(uuid), pk
        )
        standing[pk] = ((site, programme), answer)
    apart: dict[tuple[int, int], list[Answer]] = {}
    for key, answer in standing.values():
        apart.setdefault(key, []).append(answer)
    found: dict[int, Batches] = {}
    for (site, _), answers in sorted(apart.items()):
        found.setdefault(site, []).extend(batches(answers, clock.today()))
    return found


def site_figures(site: Site, found: Batches) -> SiteFigures:
    """The figures of a site from its batches."""
    years = {year: figures(of_year(found, year)) for year in YEARS}
    return SiteFigures(site, figures(found), years)


def all_figures(viewer: Viewer) -> list[SiteFigures]:
    """The figures of every site that the viewer reads and that has a whole batch, by name; three queries."""
    found = whole_batches(readable(viewer))
    sites = Site.objects.filter(pk__in=[site for site, rows in found.items() if rows])
    return [site_figures(site, found[site.pk]) for site in sites.order_by("name")]


def comments(found: Sequence[tuple[Answer, ...]]) -> list[str]:
    """What was said in whole batches, without names, in an order that says nothing of who or when."""
    facts = [row.fact for batch in found for row in batch]
    rows = PrivateText.objects.filter(entry__in=facts, name="comment")
    # By the salt, which chance made.
    pairs = sorted((bytes(salt), text) for salt, text in rows.values_list("salt", "text"))
    return [text for _, text in pairs]
