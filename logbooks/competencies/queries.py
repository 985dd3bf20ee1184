"""Reads of the log book that more than one page makes: the framework of a student, and where each competency stands."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    FrameworkVersion,
    VersionMove,
)
from placements import reference
from placements.models import Enrolment
from school.core.compiled import compiled


def version_of(enrolment: Enrolment) -> FrameworkVersion | None:
    """The version that a student works towards: the one they were moved to, else the newest that was published when they began, else the first.

    None while the programme has no framework. A later version changes nothing for those who have begun. One query.
    """
    return frameworks_of([enrolment]).get(enrolment.pk)


def versions_of(enrolments: Sequence[Enrolment]) -> dict[int, int]:
    """The key of the version that each of some students works towards, by the enrolment's key, as `version_of` says; one query."""
    return {key: version.pk for key, version in frameworks_of(enrolments).items()}


def frameworks_of(
    enrolments: Sequence[Enrolment], moved: Mapping[int, int] | None = None
) -> dict[int, FrameworkVersion]:
    """The version that each of some students works towards, by the enrolment's key, as `version_of` says; one query.

    None where `moved` says already to which version, by its key, each was moved who was: see `moved_to`.
    """
    published = {row.cohort_id: _published(row.cohort_id) for row in enrolments}
    if moved is None and any(published.values()):
        # The newest of a student's moves comes last.
        moved = dict(_moves(enrolments=[row.pk for row in enrolments]))
    moved = moved or {}
    # One that was published since the others were read is read by itself.
    known = {version.pk for found in published.values() for version in found}
    rows = FrameworkVersion.objects.select_related("framework").defer("document")
    late = rows.in_bulk(set(moved.values()) - known) if set(moved.values()) - known else {}
    chosen = {}
    for row in enrolments:
        found = published[row.cohort_id]
        own = [version for version in found if version.pk == moved.get(row.pk)]
        newer = late.get(moved.get(row.pk, 0))
        if newer and found and newer.framework_id == found[0].framework_id:
            own = [newer]
        version = worked_towards(found, row.starts, own)
        if version is not None:
            chosen[row.pk] = version
    return chosen


@compiled
def _moves(enrolments: Any) -> QuerySet[VersionMove, tuple[int, int]]:
    rows = VersionMove.objects.filter(enrolment__in=enrolments)
    return rows.order_by("pk").values_list("enrolment", "framework_version")


def moved_to(enrolment: str) -> Subquery:
    """The key of the version to which the student at a path was moved last, read with the row that they belong to."""
    rows = VersionMove.objects.filter(enrolment=OuterRef(enrolment)).order_by("-pk")
    return Subquery(rows.values("framework_version")[:1])


def worked_towards(
    published: Sequence[FrameworkVersion], starts: date, own: Sequence[FrameworkVersion]
) -> FrameworkVersion | None:
    """The version of somebody who began on a day: their own where they were moved, else the newest then, else the first."""
    begun = [version for version in published if version.published_on <= starts]
    return next(iter(own or begun[-1:] or published), None)


def versions_for(cohort: int) -> QuerySet[FrameworkVersion]:
    """The versions of a cohort's framework, the first first, without their documents: those are long."""
    rows = FrameworkVersion.objects.filter(framework__rules__programme__cohorts=cohort)
    return rows.select_related("framework").defer("document").order_by("number")


def _published(cohort: int) -> list[FrameworkVersion]:
    """The same, read once by each process."""
    return reference.keep(f"frameworks of cohort {cohort}", lambda: list(versions_for(cohort)))


def competencies_of(version: FrameworkVersion) -> QuerySet[Competency]:
    """The competencies of a version in its order, each with its group and required level."""
    return version.competencies.select_related("group", "level").order_by("position")


def kept_competencies(version: FrameworkVersion) -> list[Competency]:
    """The same, read once by each process: a published version never changes."""
    return reference.keep(f"competencies {version.uuid}", lambda: list(competencies_of(version)))


def asked(rows: QuerySet[CurrentCompetency]) -> QuerySet[CurrentCompetency]:
    """Those that the version asks that their student works towards."""
    return rows.exclude(no_longer_asked())


def no_longer_asked() -> Exists:
    """The condition of a row that a version to which its student was moved does not have; all others are of the student's version."""
    moves = VersionMove.objects.standing().filter(enrolment=OuterRef("enrolment"))
    return Exists(moves.exclude(framework_version=OuterRef("competency__version")))


def current_of(enrolment: Enrolment) -> QuerySet[CurrentCompetency]:
    """Where the competencies of a student stand; those that nothing was said about have no row."""
    return CurrentCompetency.objects.filter(enrolment=enrolment).select_related(
        "sign_off__entry", "sign_off__person", "request__entry", "request__assessor"
    )
