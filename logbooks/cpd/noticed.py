"""What the portal saw a person do, kept as drafts of activities until they keep or dismiss them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from logbooks.cpd.learning import Learning
from logbooks.cpd.models import Noticed
from school.core.registries import Done


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that people do: what a month of it is called, and the type of learning that it usually is.

    `minutes_each` is offered for what comes without a duration; its person says how long it was.
    """

    title: str
    learning: Learning
    minutes_each: int | None = None


KINDS: Mapping[str, Kind] = {
    "course": Kind("Courses and events", Learning.FORMAL),
    "module": Kind("Online modules", Learning.SELF),
    "placement": Kind("Placement shifts", Learning.WORK),
    "competency": Kind("Competencies signed off", Learning.WORK),
    "assessment": Kind("Assessments and exams", Learning.WORK),
    "simulation": Kind("Simulations", Learning.WORK),
    "mentoring": Kind("Students supported", Learning.PROFESSIONAL, 15),
    "assessing": Kind("Students assessed", Learning.PROFESSIONAL, 30),
    "publishing": Kind("Courses published", Learning.PROFESSIONAL),
}


def take_note(told: Sequence[Done]) -> None:
    """Keeps what people did as drafts; told again it is the same draft, and what was undone goes, unless it was kept.

    Raises KeyError for a kind that is not among the portal's.
    """
    with transaction.atomic():
        for done in told:
            KINDS[done.kind]
            known = {"person_id": done.person, "key": done.key}
            if not done.holds:
                Noticed.objects.filter(**known, activity=None).delete()
                Noticed.objects.filter(**known).update(undone=True)
                continue
            values = {
                "kind": done.kind,
                "title": done.title[:300],
                "day": done.day,
                "minutes": done.minutes,
                "undone": False,
            }
            if not Noticed.objects.filter(**known).update(**values):
                Noticed.objects.get_or_create(**known, defaults=values)
