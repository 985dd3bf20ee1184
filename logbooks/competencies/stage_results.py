"""What shows a task of a stage that no assessment at work answers: an exam held here, or a result from elsewhere."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from logbooks.competencies.models import ExternalResult, SignOff
from placements.models import Enrolment
from school.core import registries


def shown(code: str) -> Combinable:
    """Whether a task is shown: by what was held here, and where there is nothing of that by a result from elsewhere."""
    elsewhere = Exists(
        ExternalResult.objects.standing().filter(
            enrolment=OuterRef("enrolment"),
            task__stage=OuterRef("stage"),
            task__code=code,
            outcome=SignOff.Outcome.ACHIEVED,
            withdrawn=False,
        )
    )
    held = registries.results().get(code)
    if held is None:
        return elsewhere
    newest = held.rows(OuterRef("enrolment"), OuterRef("stage__year")).values("passed")[:1]
    return Coalesce(Subquery(newest), elsewhere)


def held_here(enrolment: Enrolment, year: int, codes: Collection[str]) -> dict[str, Any]:
    """The newest result held here of each of some tasks of a year, by their codes; a query for each task that is held here."""
    found = {
        code: held.rows(enrolment, year).first()
        for code, held in registries.results().items()
        if code in codes
    }
    return {code: row for code, row in found.items() if row}
