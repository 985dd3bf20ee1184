"""Reads of the log book that more than one page makes: the framework of a student, and where each competency stands."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    FrameworkVersion,
    VersionMove,
)
from placements.models import Enrolment


def version_of(enrolment: Enrolment) -> FrameworkVersion | None:
    """The version that a student works towards: the one they were moved to, else the newest that was published when they began, else the first.

    None while the programme has no framework. A later version changes nothing for those who have begun.
    """
    moved = VersionMove.objects.standing().filter(enrolment=enrolment, version=OuterRef("pk"))
    rows = FrameworkVersion.objects.filter(
        framework__rules__programme__cohorts=enrolment.cohort_id
    ).select_related("framework")
    found = list(rows.annotate(moved=Exists(moved)).order_by("number"))
    begun = [row for row in found if row.published_on <= enrolment.starts]
    chosen = [row for row in found if row.moved] or begun[-1:] or found[:1]
    return chosen[0] if chosen else None


def versions_of(enrolments: Sequence[Enrolment]) -> dict[int, int]:
    """The key of the version that each of some students works towards, by the enrolment's key, as `version_of` says; two queries."""
    cohorts = {row.cohort_id for row in enrolments}
    found: dict[int, list[tuple[int, date]]] = {}
    rows = FrameworkVersion.objects.filter(framework__rules__programme__cohorts__in=cohorts)
    for cohort, pk, published in rows.order_by("number").values_list(
        "framework__rules__programme__cohorts", "pk", "published_on"
    ):
        found.setdefault(cohort, []).append((pk, published))
    moves = VersionMove.objects.standing().filter(enrolment__in=[row.pk for row in enrolments])
    moved = dict(moves.values_list("enrolment", "version"))
    chosen = {}
    for row in enrolments:
        of_cohort = found.get(row.cohort_id, [])
        begun = [pk for pk, published in of_cohort if published <= row.starts]
        every = [pk for pk, _ in of_cohort]
        own = [pk for pk in every if pk == moved.get(row.pk)] or begun[-1:] or every[:1]
        if own:
            chosen[row.pk] = own[0]
    return chosen


def competencies_of(version: FrameworkVersion) -> QuerySet[Competency]:
    """The competencies of a version in its order, each with its group and required level."""
    return version.competencies.select_related("group", "level").order_by("position")


def current_of(enrolment: Enrolment) -> QuerySet[CurrentCompetency]:
    """Where the competencies of a student stand; those that nothing was said about have no row."""
    return CurrentCompetency.objects.filter(enrolment=enrolment).select_related(
        "sign_off__entry", "sign_off__person", "request__entry", "request__assessor"
    )
