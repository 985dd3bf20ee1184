"""Statements of hours as a card on a person's record, their own included."""

from placements import policies
from placements import statements_queries as queries
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.models import Person

STATEMENTS = 14


def person(viewer: Viewer, shown: Person) -> list[Panel]:
    """The statements that stand, and the way to the page of each enrolment's."""
    rows = list(
        policies.enrolments(viewer)
        .filter(person__in=viewer.identity(shown))
        .select_related("cohort__programme")
        .order_by("-starts")
    )
    if not rows:
        return []
    newest: dict[int, list[int]] = {}
    for fact in queries.of_enrolments(rows):
        newest.setdefault(fact.enrolment_id, []).append(fact.stage.year)
    shown_rows = [{"enrolment": row, "said": _said(sorted(newest.get(row.pk, [])))} for row in rows]
    return [Panel(STATEMENTS, "placements/statements/panel.html", {"rows": shown_rows})]


def _said(years: list[int]) -> str:
    if not years:
        return "None was issued yet"
    return "Issued for " + ", ".join(f"year {year}" for year in years)
