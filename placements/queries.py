"""Reads that several pages share: shifts with what deciding needs, a student's placements, totals."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from placements.models import Placement, Shift


def shifts_shown(uuids: Iterable[UUID]) -> QuerySet[Shift]:
    """The very versions of shifts that a page showed, with everything that deciding about them reads."""
    return Shift.objects.filter(entry__uuid__in=list(uuids)).select_related(
        "day_type",
        "site",
        "placement__stage",
        "placement__enrolment__book",
        "placement__enrolment__person",
        "placement__enrolment__cohort__programme",
    )


def placements_to_write_in() -> QuerySet[Placement]:
    """Placements with everything that logging a shift reads."""
    return Placement.objects.select_related(
        "stage", "site", "enrolment__book", "enrolment__cohort__programme"
    )
