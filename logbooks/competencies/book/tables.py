"""A copy of the log book as tables: a ZIP with a CSV for each kind of thing, the same bytes for the same copy."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from logbooks.competencies.book.content import Document
from school.core.files.writing import About, csv_chunks

NAMED = ("competency", "title", "identifier", "framework_version")
MARK = ("code", "reference", "entry", "hash", "recorded")
MINUTES = ("counted", "confirmed", "brought_forward", "adjusted", "awaiting", "queried", "made_up", "absent", "cancelled_by_site", "simulated")  # fmt: skip

# For each table its columns, by the names that the JSON has.
COLUMNS: dict[str, tuple[str, ...]] = {
    "hours": ("year", "level", "least", "most", *MINUTES),
    "placements": ("site", "organisation", "year", "from", "to", "state", *MINUTES),
    "examinations": ("case", "state", "day", "site", "year", "examination", "tracer", "role", "operator", "age_band", "sex", "competencies", "model", "reflection", "replaces", *MARK),
    "files": ("case", "sha256", "type", "bytes", "taken_away", *MARK),
    "competencies": ("identifier", "code", "title", "group", "year", "level", "state"),
    "sign_offs": (*NAMED, "outcome", "level", "observed", "by", "capacity", "site", "proved_by", "on_paper_by", "scan", "wording", "evidence", "feedback", "next_step", "exception", "answers", "replaced_by", "revoked_from", "revoked_by", "revoked_because", *MARK),
    "stages": ("year", "level", "day", "by", "capacity", "site", "proved_by", "wording", "minutes", "framework_version", "rests_on", "changed_since", "feedback", "exception", "replaces", "revoked_from", "revoked_by", "revoked_because", *MARK),
    "results": ("year", "task", "state", "outcome", "what", "where", "day", "document", "sighted_by", "reason", "replaces", *MARK),
    "exams": ("year", "task", "state", "outcome", "what", "day", "replaces", *MARK),
    "moves": ("day", "from", "to", "by", "reason", *MARK),
    "requests": (*NAMED, "asked_of", "site", "because", "taken_back", "evidence", "note", *MARK),
    "not_applicable": (*NAMED, "asked_again", "by", "day", "reason", *MARK),
    "assessments": ("form", "version", "attempt", "day", "site", "by", "capacity", "group", "item", "critical", "rating", "judgement", "passed", "feedback", *MARK),
}  # fmt: skip


def tables(document: Document) -> bytes:
    """The whole document as a ZIP of CSV files."""
    about, made = _about(document), datetime.fromisoformat(document["copy"]["made"])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns in COLUMNS.items():
            title = f"{name.replace('_', ' ').capitalize()}, log book"
            said = About(title, definition=about, made=made)
            rows = ([_cell(row.get(one)) for one in columns] for row in _rows(document, name))
            # Without a time of its own, so that the same tables are the same bytes.
            entry = zipfile.ZipInfo(f"{name.replace('_', '-')}.csv")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, b"".join(csv_chunks(_titles(columns), rows, said)))
    return file.getvalue()


def _about(document: Document) -> str:
    """What every table says of itself: whose copy, what it rests on, and the last checkpoint."""
    student, head, copy = document["student"], document["record_book"], document["copy"]
    last = document["checkpoint"]
    said = f"the last checkpoint was {last['made']}, root {last['root']}" if last else "no checkpoint was made yet"  # fmt: skip
    return (
        f"Log book of {student['name']}, {student['number']}; copy {copy['code']}, made {copy['made']}; "
        f"rests on entry {head['entry']} of record book {head['book']}, hash {head['hash']}; {said}; "
        "durations in minutes"
    )


def _titles(columns: Sequence[str]) -> list[str]:
    return [column.replace("_", " ").capitalize() for column in columns]


def _rows(document: Document, name: str) -> Iterator[dict[str, Any]]:
    match name:
        case "files":
            for row in document["examinations"]:
                for file in row["files"]:
                    yield {"case": row["case"], **file}
        case "assessments":
            for attempt in document["assessments"]:
                for part in attempt["assessors"]:
                    for rating in part["ratings"]:
                        yield {**attempt, **part, **rating}
        case _:
            yield from map(_flat, document[name])


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what revoked it beside it, and its sentences in one."""
    if "changed_since" in row:
        row = row | {"changed_since": "; ".join(row["changed_since"])}
    revoked = row.get("revoked")
    if not revoked:
        return row
    return row | {
        "revoked_from": revoked["from"],
        "revoked_by": revoked["by"],
        "revoked_because": revoked["reason"],
    }


def _cell(value: Any) -> Any:
    """Several values as one cell."""
    if not isinstance(value, list):
        return value
    return " ".join(f"{one['case']}:{one['hash']}" if isinstance(one, dict) else one for one in value)  # fmt: skip
