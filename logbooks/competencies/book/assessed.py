"""The workplace assessments that a copy of the log book holds.

What waits for a second assessor is left out, from its own assessor's copy too: a second who read the first is not blind.
"""

from typing import Any

from logbooks.competencies import assessments
from logbooks.competencies.assessing_queries import NOT_SEEN_WORDS, form_of
from logbooks.competencies.assessments import NOT_SEEN, Form, ratings_of
from logbooks.competencies.book.record import Record, mark
from logbooks.competencies.models import Assessment, AssessmentAcknowledgement, SignOff
from placements.books import Entry


def attempts(record: Record) -> list[dict[str, Any]]:
    """Every attempt at a form that was opened, by form and number, with what each assessor said."""
    rows = record.book.all(Assessment)
    seconds = {row.value["moderates__entry__uuid"]: row for row in rows}
    read = {
        row.value["assessment__entry__uuid"]: row
        for row in record.book.all(AssessmentAcknowledgement)
    }
    found = []
    for row in rows:
        second = seconds.get(row.uuid)
        if row.value["moderates__entry__uuid"] is None and rule_opened(row, second):
            given = [row, second] if second else [row]
            found.append(_attempt(record, given, read.get(row.uuid)))
    return sorted(found, key=lambda one: (one["form"], one["version"], one["attempt"]))


def rule_opened(first: Entry, second: Entry | None) -> bool:
    """An attempt is told once nobody is still to assess it without having heard the first."""
    return second is not None or not first.value["moderated"]


def _attempt(record: Record, given: list[Entry], read: Entry | None) -> dict[str, Any]:
    first = given[0].value
    row = record.forms[first["form__digest"]]
    form = form_of(row)
    second = given[1].value["passed"] if len(given) > 1 else None
    return {
        "form": row.title,
        "version": row.number,
        "attempt": first["attempt"],
        "day": given[0].about_from.isoformat(),
        "site": record.site(first["placement__uuid"]),
        "passed": assessments.both_passed(first["passed"], second),
        "assessors": [_part(record, form, one) for one in given],
        "read_by_student": read and mark(read),
        **mark(given[0]),
    }


def _part(record: Record, form: Form, given: Entry) -> dict[str, Any]:
    value = given.value
    ratings = ratings_of(value["ratings"])
    titles = {step.code: step.title for step in form.scale} | {NOT_SEEN: NOT_SEEN_WORDS}
    judged = next(step.title for step in form.judgements if step.code == value["judgement"])
    return {
        "by": record.people[value["assessor__uuid"]],
        "capacity": SignOff.Capacity(value["capacity"]).label,
        "proved_by": SignOff.Proof(value["proof"]).label,
        "wording": value["wording__digest"],
        "ratings": [
            {
                "group": item.group,
                "item": item.title,
                "critical": bool(item.critical),
                "rating": titles[ratings[item.code]],
                "met": form.meets(ratings[item.code]),
            }
            for item in form.items
        ],
        "judgement": judged,
        "passed": value["passed"],
        "feedback": record.text(given, "feedback"),
        **mark(given),
    }
