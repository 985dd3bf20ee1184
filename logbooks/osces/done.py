"""Who examined and who was examined, told to whoever notices what people do; of a candidate nothing before release."""

from collections.abc import Sequence
from uuid import UUID

from logbooks.osces.models import MarkSheet, Outcome
from school.core.registries import Done


def examined(facts: Sequence[UUID]) -> list[Done]:
    """Who examined at which station, by closed sheets: one for each candidate, amended or not."""
    rows = MarkSheet.objects.filter(closings__entry__uuid__in=facts).distinct()
    return [
        Done(
            person=sheet.examiner_id,
            key=sheet.uuid,
            kind="assessing",
            title=f"Examined at {sheet.place.version.station.title} of {sheet.exam.title}",  # type: ignore[union-attr]
            day=sheet.exam.day,
            minutes=sheet.place.minutes,
        )
        for sheet in rows.select_related("exam", "place__version__station")
    ]


def sat(facts: Sequence[UUID]) -> list[Done]:
    """Who sat an exam, by outcomes, which are written when they are released; nothing of what came of it."""
    rows = Outcome.objects.filter(entry__uuid__in=facts, candidate__sheets__closings__isnull=False)
    found = rows.distinct().values_list(
        "candidate__enrolment__person",
        "candidate__uuid",
        "candidate__exam__title",
        "candidate__exam__day",
    )
    return [Done(who, key, "assessment", f"OSCE: {exam}", day) for who, key, exam, day in found]
