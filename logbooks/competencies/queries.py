"""Reads of the log book that more than one page makes: the framework of a student, and where each competency stands."""

from django.db.models import QuerySet

from logbooks.competencies.models import Competency, CurrentCompetency, FrameworkVersion
from placements.models import Enrolment


def version_of(enrolment: Enrolment) -> FrameworkVersion | None:
    """The version that a student works towards: the newest that was published when they began, else the first.

    None while the programme has no framework. A later version changes nothing for those who have begun.
    """
    rows = FrameworkVersion.objects.filter(
        framework__rules__programme__cohorts=enrolment.cohort_id
    ).select_related("framework")
    begun = rows.filter(published_on__lte=enrolment.starts).order_by("-number").first()
    return begun or rows.order_by("number").first()


def competencies_of(version: FrameworkVersion) -> QuerySet[Competency]:
    """The competencies of a version in its order, each with its group and required level."""
    return version.competencies.select_related("group", "level").order_by("position")


def current_of(enrolment: Enrolment) -> QuerySet[CurrentCompetency]:
    """Where the competencies of a student stand; those that nothing was said about have no row."""
    return CurrentCompetency.objects.filter(enrolment=enrolment).select_related(
        "sign_off__entry", "sign_off__person", "request__entry", "request__assessor"
    )
