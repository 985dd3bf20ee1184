"""What a copy of the log book says: one document of plain values, from the facts up to an entry of the record book.

The three files are made of it and say nothing else. Asked again of the same entry it is the same to the digit.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from logbooks.competencies import assessments, queries
from logbooks.competencies.book import assessed, signed
from logbooks.competencies.book.record import Head, Record, mark, read
from logbooks.competencies.models import EvidenceFile, LogEntry, Role
from placements import as_known
from placements.books import Entry
from placements.models import Enrolment, Placement
from placements.totals import Totals
from school.core import canonical, documents
from school.core.checkpoint import Checkpoint
from school.core.codes import grouped

FORMAT = "School of Oncology log book 1"
# Where a placement stands that was held or is.
HELD = (Placement.State.CONFIRMED, Placement.State.COMPLETED)

Document = dict[str, Any]


def document(enrolment: Enrolment, head: Head, *, reflections: bool) -> Document:
    """Everything that a copy says of the facts; the same for the same head whenever it is asked.

    `enrolment` brings its person, book, university and cohort with the programme along.
    """
    record = read(enrolment, head, reflections=reflections)
    version = signed.version_at(enrolment, record)
    asked = list(queries.competencies_of(version)) if version else []
    worked = hours(record)
    return {
        "format": FORMAT,
        "student": {
            "name": enrolment.person.name,
            "number": enrolment.student_number,
            "university": enrolment.university.name,
        },
        "programme": {
            "name": enrolment.cohort.programme.name,
            "version": enrolment.version.number,
            "cohort": enrolment.cohort.name,
            "stage": _stage(record),
        },
        "framework": version and {
            "title": version.title,
            "code": version.framework.code,
            "version": version.number,
            "digest": version.digest,
        },
        "record_book": {"book": str(enrolment.book.uuid), "entry": head.seq, "hash": head.hash},
        "reflections": reflections,
        "hours": worked,
        "placements": placements(record),
        "examinations": examinations(record),
        "competencies": signed.competencies(record, asked),
        "stages": signed.stages(record, {row["year"]: row["counted"] for row in worked}, version),
        "results": signed.results(record),
        "exams": signed.exams(record),
        "moves": signed.moves(record),
        "sign_offs": signed.sign_offs(record),
        "requests": signed.requests(record),
        "not_applicable": signed.not_applicable(record),
        "assessments": assessed.attempts(record),
        "wordings": {digest: record.wordings[digest] for digest in signed.sentences(record)},
    }  # fmt: skip


def with_code(found: Document, code: str, made_at: datetime, last: Checkpoint | None) -> Document:
    """The document as it is handed out: with the code of the copy, when it was made, and the last checkpoint."""
    return {**found, "copy": {"code": grouped(code), "check": documents.address(code), "made": canonical.plain(made_at)}, "checkpoint": _checkpoint(found, last)}  # fmt: skip


def canonical_text(found: Document) -> str:
    """The document as one JSON text, the same for the same content."""
    return assessments.canonical(found)


def _checkpoint(found: Document, last: Checkpoint | None) -> Document | None:
    """The last checkpoint, and the entry of the record book that it holds; 0 for a book that is younger."""
    if last is None:
        return None
    held = last.head_of(UUID(found["record_book"]["book"]))
    return {
        "made": canonical.plain(last.made_at),
        "root": last.root,
        "entry": held.seq if held else 0,
        "hash": held.hash if held else canonical.GENESIS,
    }


def _stage(record: Record) -> Document | None:
    """The stage of the placement that began last."""
    held = [row for row in record.placements.values() if row.state in HELD]
    if not held:
        return None
    stage = record.stages[max(held, key=lambda row: row.starts).stage]
    return {"year": stage.year, "level": stage.get_level_display()}


# Hours ------------------------------------------------------------------------------------------


def hours(record: Record) -> list[Document]:
    """The minutes of each year of the programme that anything is recorded of, by year."""
    of_placement = {key: row.stage for key, row in record.placements.items()}
    found = as_known.totals(record.book, date.max, of_placement)
    stages = sorted((record.stages[key] for key in found), key=lambda stage: stage.year)
    return [
        {
            "year": stage.year,
            "level": stage.get_level_display(),
            "least": stage.minimum_minutes,
            "most": stage.maximum_minutes,
            **_minutes(found[str(stage.uuid)]),
        }
        for stage in stages
    ]


def placements(record: Record) -> list[Document]:
    """Each placement that was held or has hours, with its minutes, in their order."""
    # Hours from paper and adjustments are of a year and have its key.
    own = as_known.totals(record.book, date.max, {key: key for key in record.placements})
    rows = sorted(record.placements.items(), key=lambda item: (item[1].starts, item[0]))
    return [
        {
            "site": row.site,
            "organisation": row.organisation,
            "year": record.stages[row.stage].year,
            "from": row.starts.isoformat(),
            "to": row.ends.isoformat(),
            "state": row.state,
            **_minutes(own.get(key, Totals())),
        }
        for key, row in rows
        if row.state in HELD or key in own
    ]


def _minutes(totals: Totals) -> dict[str, int]:
    return {
        "counted": totals.counted,
        "confirmed": totals.clinical.confirmed,
        "brought_forward": totals.brought_forward,
        "adjusted": totals.adjusted,
        "awaiting": totals.clinical.awaiting,
        "queried": totals.clinical.queried,
        "made_up": totals.made_up,
        "absent": totals.absent,
        "cancelled_by_site": totals.site_cancelled,
        "simulated": totals.simulated_counted,
    }


# Examinations -----------------------------------------------------------------------------------


def examinations(record: Record) -> list[Document]:
    """Every version of every examination, by case number; each says whether it stands and what it replaced."""
    after = {row.value["supersedes__entry__uuid"] for row in record.book.all(LogEntry)}
    files = _files(record)
    rows = sorted(record.book.all(LogEntry), key=lambda row: (row.value["case_number"], row.seq))
    return [_examination(record, row, row.uuid in after, files) for row in rows]


def _examination(
    record: Record, row: Entry, corrected: bool, files: dict[int, list[Document]]
) -> Document:
    value = row.value
    state = "corrected" if corrected else "taken back" if value["withdrawn"] else "stands"
    return {
        "case": value["case_number"],
        "state": state,
        "day": row.about_from.isoformat(),
        "site": record.site(value["placement__uuid"]),
        "year": record.year(value["placement__uuid"]),
        "examination": record.examinations[value["examination__code"]],
        "tracer": record.tracers[value["tracer__code"]],
        "role": Role(value["role"]).label,
        "operator": record.people[value["operator__uuid"]],
        "age_band": LogEntry.AgeBand(value["age_band"]).label if value["age_band"] else "",
        "sex": LogEntry.Sex(value["sex"]).label if value["sex"] else "",
        "competencies": value["touched"].splitlines(),
        "model": value["model"],
        "reflection": record.text(row, "reflection"),
        "files": files.get(value["case_number"], []) if state == "stands" else [],
        "replaces": value["supersedes__entry__uuid"],
        **mark(row),
    }


def _files(record: Record) -> dict[int, list[Document]]:
    """The files beside each case, also those that were taken away, each with the moment it was."""
    cases = {row.uuid: row.value["case_number"] for row in record.book.all(LogEntry)}
    found: dict[int, list[Document]] = {}
    for row in record.book.standing(EvidenceFile):
        value, said = row.value, mark(row)
        found.setdefault(cases[value["examination__entry__uuid"]], []).append(
            {
                "sha256": value["digest"],
                "type": value["content_type"],
                "bytes": value["size"],
                "taken_away": said["recorded"] if value["withdrawn"] else "",
                **said,
            }
        )
    return found
