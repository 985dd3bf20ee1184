"""What filling a term stands on: the students of a cohort to place, their wishes, and the places free all along."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from placements import interruption_queries, policies, term
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
) -> tuple[list[Enrolment], list[str]]:
    """The students of a cohort who are on no placement of the stage, nor on any in these days, by name; one query.

    Those whose studies are interrupted on some of the days are left out, with a sentence on each.
    """
    theirs = Placement.objects.filter(enrolment=OuterRef("pk")).exclude(
        state=Placement.State.WITHDRAWN
    )
    away = (
        interruption_queries.in_days(starts, ends)
        .filter(enrolment=OuterRef("pk"))
        .order_by("entry__about_from")
    )
    rows = policies.managed_enrolments(viewer).filter(
        ~Exists(theirs.filter(stage=stage)),
        ~Exists(theirs.filter(starts__lte=ends, ends__gte=starts)),
        cohort=cohort,
        version=stage.version_id,
    )
    rows = rows.select_related("person", "book", "cohort__programme", "version").annotate(
        away_from=Subquery(away.values("entry__about_from")[:1]),
        away_to=Subquery(away.values("entry__about_to")[:1]),
    )
    students: list[Enrolment] = []
    left_out: list[str] = []
    for row in rows.order_by("person__name", "pk"):
        if row.away_from is None:
            students.append(row)
        else:
            words = interruption_queries.in_words(row.away_from, row.away_to)
            left_out.append(
                f"Studies of {row.person.name} are interrupted {words}, so nothing is proposed for them."
            )
    return students, left_out


@dataclass(frozen=True, slots=True)
class Free:
    """A site and how many places it has free on every one of some days."""

    site: Site
    places: int


def free_all_along(stage: Stage, starts: date, ends: date) -> list[Free]:
    """The audited sites with places of a stage on every day from `starts` to `ends`, by name; three queries."""
    span = {"stage": stage, "starts__lte": ends, "ends__gte": starts}
    changes: dict[int, list[tuple[date, int]]] = defaultdict(list)

    def change(row: PlaceOffer | Placement, count: int) -> None:
        changes[row.site_id] += [(max(row.starts, starts), count), (row.ends + DAY, -count)]

    offers = list(PlaceOffer.objects.filter(**span).select_related("site").order_by("site__name"))
    for offer in offers:
        change(offer, offer.places)
    for placement in (
        Placement.objects.filter(**span).exclude(state=Placement.State.WITHDRAWN).order_by()
    ):
        change(placement, -1)
    sites = list({offer.site_id: offer.site for offer in offers}.values())
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


def wishes(enrolments: Collection[Enrolment]) -> tuple[dict[int, term.Student], dict[int, str]]:
    """What students would like and where they have been, by the keys of their enrolments; two queries.

    With the names of those sites by their keys.
    """
    keys = [row.pk for row in enrolments]
    names: dict[int, str] = {}
    liked: dict[int, list[int]] = defaultdict(list)
    for enrolment, site, name in (
        SitePreference.objects.filter(enrolment__in=keys, rank__lte=len(ORDER))
        .order_by("rank")
        .values_list("enrolment", "site", "site__name")
    ):
        liked[enrolment].append(site)
        names[site] = name
    been: dict[int, set[int]] = defaultdict(set)
    for enrolment, site, name in (
        Placement.objects.filter(enrolment__in=keys)
        .exclude(state=Placement.State.WITHDRAWN)
        .order_by()
        .values_list("enrolment", "site", "site__name")
    ):
        been[enrolment].add(site)
        names[site] = name
    students = {pk: term.Student(pk, tuple(liked[pk]), frozenset(been[pk])) for pk in keys}
    return students, names


def said(student: term.Student, names: dict[int, str]) -> str:
    """ "Would like: 1st Freeman Hospital. Has been at: Elm Hospital."; empty when neither is known."""
    liked = [f"{ORDER[n]} {names[site]}" for n, site in enumerate(student.wishes)]
    been = sorted(names[site] for site in student.been)
    parts = [f"Would like: {', '.join(liked)}."] if liked else []
    return " ".join([*parts, f"Has been at: {', '.join(been)}."] if been else parts)
