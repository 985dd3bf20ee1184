"""The card of a coordinator's home, and the placement record on a person's page."""

from django.urls import reverse

from placements import coordinator_queries as overview
from placements import policies, tutor_queries
from placements.models import Enrolment, StageTally
from school.core import days
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.roles import Permission

WHO, RECORD = 10, 10


def home(viewer: Viewer) -> list[Panel]:
    """Who is behind, and the way to the list; for those who watch students in the hat they wear."""
    if viewer.hat is None or Permission.SEE_PLACEMENT_RECORDS not in viewer.hat.role.permissions:
        return []
    figures = overview.figures(viewer)
    planned = overview.to_confirm(viewer)
    context = {
        "figures": figures,
        "planned": len(planned),
        "first": planned[0] if planned else None,
        "url": reverse("tutor" if tutor_queries.follows_any(viewer) else "students"),
    }
    return [Panel(WHO, "placements/coordinator/panel_home.html", context)]


def person(viewer: Viewer, shown: Person) -> list[Panel]:
    """The enrolments of a person that the viewer may open, with each stage in a line."""
    rows = list(
        policies.enrolments(viewer)
        .filter(person__in=viewer.identity(shown))
        .select_related("cohort__programme")
        .order_by("-starts")
    )
    if not rows:
        return []
    tallies = StageTally.objects.filter(enrolment__in=rows).select_related("stage")
    by_enrolment: dict[int, list[StageTally]] = {}
    for tally in tallies.order_by("-stage__year"):
        by_enrolment.setdefault(tally.enrolment_id, []).append(tally)
    records = [_record(row, by_enrolment.get(row.pk, [])) for row in rows]
    return [Panel(RECORD, "placements/record/panel.html", {"records": records})]


def _record(row: Enrolment, tallies: list[StageTally]) -> dict[str, object]:
    return {
        "uuid": row.uuid,
        "programme": row.cohort.programme.name,
        "cohort": row.cohort.name,
        "number": row.student_number,
        "starts": row.starts,
        "ends": row.ends,
        "stages": [{"year": tally.stage.year, "words": _words(tally)} for tally in tallies],
    }


def _words(tally: StageTally) -> str:
    counted = tally.confirmed + tally.brought_forward + tally.adjusted
    said = [
        f"{days.in_words(counted)} count of {days.in_words(tally.stage.minimum_minutes)} needed",
        f"{days.in_words(tally.awaiting)} awaiting" if tally.awaiting else "",
        f"{days.in_words(tally.queried)} queried" if tally.queried else "",
    ]
    return ", ".join(part for part in said if part)
