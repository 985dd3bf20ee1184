"""What filling a term stands on: the students of a cohort to place, their wishes, and the places free all along."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from placements import policies, term
from placements.models import Cohort, Enrolment, Placement, PlaceOffer, SitePreference, Stage
from placements.places_queries import audits_until
from placements.preferences_queries import ORDER
from school.core.days import DAY
from school.people.middleware import Viewer
from school.people.models import Site


def cohorts(viewer: Viewer) -> QuerySet[Cohort]:
    """The cohorts of students whom the viewer may place."""
    rows = policies.managed_enrolments(viewer).filter(cohort=OuterRef("pk"))
    return Cohort.objects.filter(Exists(rows)).order_by("-starts", "name")


def to_place(
    viewer: Viewer, cohort: Cohort, stage: Stage, starts: date, ends: date
) -> list[Enrolment]:
    """The students of a cohort who are on no placement of the stage, nor on any in these days, by name."""
    theirs = Placement.objects.filter(enrolment=OuterRef("pk")).exclude(
        state=Placement.State.WITHDRAWN
    )
    rows = policies.managed_enrolments(viewer).filter(
        ~Exists(theirs.filter(stage=stage)),
        ~Exists(theirs.filter(starts__lte=ends, ends__gte=starts)),
        cohort=cohort,
        version=stage.version_id,
    )
    with_it = ("person", "book", "cohort__programme", "version")
    return list(rows.select_related(*with_it).order_by("person__name", "pk"))


@dataclass(frozen=True, slots=True)
class Free:
    """A site and how many places it has free on every one of some days."""

    site: Site
    places: int


def free_all_along(stage: Stage, starts: date, ends: date) -> list[Free]:
    """The audited sites with places of a stage on every day from `starts` to `ends`, by name; three queries."""
    span = {"stage": stage, "starts__lte": ends, "ends__gte": starts}
    changes: dict[int, list[tuple[date, int]]] = defaultdict(list)
    taken = Placement.objects.filter(**span).exclude(state=Placement.State.WITHDRAWN)
    for sign, rows, number in ((1, PlaceOffer.objects.filter(**span), "places"), (-1, taken, None)):
        for row in rows.order_by():
            count = sign * (getattr(row, number) if number else 1)
            changes[row.site_id] += [(max(row.starts, starts), count), (row.ends + DAY, -count)]
    sites = list(Site.objects.filter(pk__in=changes).order_by("name"))
    audited = audits_until(sites)
    found = [
        Free(site, _least(changes[site.pk], starts, ends))
        for site in sites
        if site.pk in audited and (audited[site.pk] is None or audited[site.pk] >= starts)
    ]
    return [one for one in found if one.places > 0]


def _least(changes: Sequence[tuple[date, int]], starts: date, ends: date) -> int:
    """The fewest places free on any day from `starts` to `ends`, from what changes on which day."""
    turns = sorted({starts, *(day for day, _ in changes if starts <= day <= ends)})
    return min(sum(count for day, count in changes if day <= turn) for turn in turns)


def wishes(enrolments: Collection[Enrolment]) -> dict[int, term.Student]:
    """What students would like and where they have been, by the keys of their enrolments; two queries."""
    keys = [row.pk for row in enrolments]
    liked: dict[int, list[int]] = defaultdict(list)
    for enrolment, site in (
        SitePreference.objects.filter(enrolment__in=keys, rank__lte=len(ORDER))
        .order_by("rank")
        .values_list("enrolment", "site")
    ):
        liked[enrolment].append(site)
    been: dict[int, set[int]] = defaultdict(set)
    for enrolment, site in (
        Placement.objects.filter(enrolment__in=keys)
        .exclude(state=Placement.State.WITHDRAWN)
        .order_by()
        .values_list("enrolment", "site")
    ):
        been[enrolment].add(site)
    return {pk: term.Student(pk, tuple(liked[pk]), frozenset(been[pk])) for pk in keys}


def said(student: term.Student, names: dict[int, str]) -> str:
    """ "Would like: 1st Freeman Hospital. Has been at: Elm Hospital."; empty when neither is known."""
    liked = [f"{ORDER[n]} {names[site]}" for n, site in enumerate(student.wishes) if site in names]
    been = sorted(names[site] for site in student.been if site in names)
    parts = [f"Would like: {', '.join(liked)}."] if liked else []
    return " ".join([*parts, f"Has been at: {', '.join(been)}."] if been else parts)
