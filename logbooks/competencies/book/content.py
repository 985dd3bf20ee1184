"""What a copy of the log book says: one document of plain values, from the facts up to an entry of the record book.

The three files are made of it and say nothing else. Asked again of the same entry it is the same to the digit.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from logbooks.competencies import assessments, queries, states
from logbooks.competencies.book import assessed
from logbooks.competencies.book.record import Head, Record, mark, read
from logbooks.competencies.evidence import pieces
from logbooks.competencies.map_queries import LOOKS, WAITING
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    EvidenceFile,
    LogEntry,
    NotApplicable,
    Revocation,
    Role,
    SignOff,
    SignOffRequest,
)
from placements import as_known
from placements.books import Entry
from placements.models import Enrolment, Placement, ShiftDecision
from placements.totals import Totals
from school.core import canonical
from school.core.checkpoint import Checkpoint

FORMAT = "School of Oncology log book 1"
State = CurrentCompetency.State
SETTLED = (State.ACHIEVED, State.NOT_APPLICABLE)
# Where a placement stands that was held or is.
HELD = (Placement.State.CONFIRMED, Placement.State.COMPLETED)

Document = dict[str, Any]


def document(enrolment: Enrolment, head: Head, *, reflections: bool) -> Document:
    """Everything that a copy says of the facts; the same for the same head whenever it is asked.

    `enrolment` brings its person, book, university and cohort with the programme along.
    """
    record = read(enrolment, head, reflections=reflections)
    version = queries.version_of(enrolment)
    asked = list(queries.competencies_of(version)) if version else []
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
        "hours": hours(record),
        "placements": placements(record),
        "examinations": examinations(record),
        "competencies": competencies(record, asked),
        "sign_offs": sign_offs(record),
        "requests": requests(record),
        "not_applicable": not_applicable(record),
        "assessments": assessed.attempts(record),
        "wordings": dict(sorted(record.wordings.items())),
    }  # fmt: skip


def with_code(found: Document, code: str, made_at: datetime, last: Checkpoint | None) -> Document:
    """The document as it is handed out: with the code of the copy, when it was made, and the last checkpoint."""
    return {**found, "copy": {"code": code, "made": canonical.plain(made_at)}, "checkpoint": _checkpoint(found, last)}  # fmt: skip


def canonical_text(found: Document) -> str:
    """The document as one JSON text, the same for the same content."""
    return assessments.canonical(found)


def _checkpoint(found: Document, last: Checkpoint | None) -> Document | None:
    """The last checkpoint, and the entry of the record book that it holds."""
    if last is None:
        return None
    held = next((row for row in last.heads if str(row.book) == found["record_book"]["book"]), None)
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
    """The files beside each case that were not taken away."""
    cases = {row.uuid: row.value["case_number"] for row in record.book.all(LogEntry)}
    found: dict[int, list[Document]] = {}
    for row in record.book.standing(EvidenceFile):
        value = row.value
        if not value["withdrawn"]:
            found.setdefault(cases[value["examination__entry__uuid"]], []).append(
                {
                    "sha256": value["digest"],
                    "type": value["content_type"],
                    "bytes": value["size"],
                    **mark(row),
                }
            )
    return found


# Competencies -----------------------------------------------------------------------------------


def competencies(record: Record, asked: Iterable[Competency]) -> list[Document]:
    """The competencies of the student's framework with where each stands, in its order."""
    stands = _standing(record)
    found = []
    for row in asked:
        state = _state(stands.get(str(row.uuid), states.NOTHING))
        found.append(
            {
                "code": row.code,
                "title": row.title,
                "group": f"{row.group.code}. {row.group.title}",
                "year": row.year,
                "level": row.level.title if row.level else "",
                "state": LOOKS[state].word,
                "key": str(state),
            }
        )
    return found


def _standing(record: Record) -> dict[str, states.Standing]:
    """Where each competency stands by its facts in their order, by its UUID."""
    signed = {row.uuid: row for row in record.book.all(SignOff)}
    events: dict[str, list[tuple[int, states.Event]]] = {}

    def said(row: Entry, competency: str, event: states.Event) -> None:
        events.setdefault(competency, []).append((row.seq, event))

    for row in record.book.all(SignOffRequest):
        event = states.Asked(row.uuid, row.value["withdrawn"])
        said(row, row.value["competency__uuid"], event)
    for row in signed.values():
        achieved = row.value["outcome"] == SignOff.Outcome.ACHIEVED
        answers = row.value["request__entry__uuid"]
        said(row, row.value["competency__uuid"], states.Signed(row.uuid, achieved, answers))
    for row in record.book.all(Revocation):
        of = signed[row.value["sign_off__entry__uuid"]]
        said(row, of.value["competency__uuid"], states.Revoked(of.uuid))
    for row in record.book.all(NotApplicable):
        said(row, row.value["competency__uuid"], states.Excused(row.value["cancelled"]))
    return {
        competency: states.standing_of(event for _, event in sorted(rows, key=lambda pair: pair[0]))
        for competency, rows in events.items()
    }


def _state(standing: states.Standing) -> str:
    """A request that waits is told before everything but what was achieved or does not apply."""
    state = State(standing.state)
    return WAITING if standing.request and state not in SETTLED else state


def sign_offs(record: Record) -> list[Document]:
    """Every sign-off in its order, with what revoked or followed it."""
    revoked = {row.value["sign_off__entry__uuid"]: row for row in record.book.all(Revocation)}
    after = {row.value["supersedes__entry__uuid"]: row.uuid for row in record.book.all(SignOff)}
    return [
        _sign_off(record, row, revoked.get(row.uuid), after.get(row.uuid, ""))
        for row in record.book.all(SignOff)
    ]


def _sign_off(record: Record, row: Entry, revoked: Entry | None, after: str) -> Document:
    value = row.value
    competency = record.competencies[value["competency__uuid"]]
    return {
        "competency": competency.code,
        "title": competency.title,
        "outcome": SignOff.Outcome(value["outcome"]).label,
        "level": record.levels.get((competency.version_id, value["level__code"]), ""),
        "observed": row.about_from.isoformat(),
        "by": record.people[value["person__uuid"]],
        "capacity": SignOff.Capacity(value["capacity"]).label,
        "site": record.site(value["placement__uuid"]),
        "proved_by": ShiftDecision.Proof(value["proof"]).label,
        "wording": value["wording__digest"],
        "evidence": evidence(record, value["evidence"]),
        "feedback": record.text(row, "feedback"),
        "next_step": record.text(row, "next_step"),
        "exception": record.text(row, "exception"),
        "answers": value["request__entry__uuid"],
        "replaced_by": after,
        "revoked": revoked and {
            "from": revoked.about_from.isoformat(),
            "by": record.people[revoked.value["person__uuid"]],
            "reason": record.text(revoked, "reason"),
            **mark(revoked),
        },
        **mark(row),
    }  # fmt: skip


def evidence(record: Record, text: str) -> list[Document]:
    """The pieces that a text of evidence names, each with the hash that it had when it was given."""
    logged = {row.uuid: row for row in record.book.all(LogEntry)}
    after = {row.value["supersedes__entry__uuid"] for row in logged.values()}
    found = []
    for piece in pieces(text):
        row = logged.get(str(piece.uuid))
        found.append(
            {
                "case": row.value["case_number"] if row else None,
                "reference": str(piece.uuid),
                "hash": piece.hash,
                "corrected_since": str(piece.uuid) in after,
            }
        )
    return found


def requests(record: Record) -> list[Document]:
    """Everything that was asked for, in its order."""
    return [
        {
            "competency": record.competencies[row.value["competency__uuid"]].code,
            "asked_of": record.people[row.value["assessor__uuid"]],
            "site": record.site(row.value["placement__uuid"]),
            "because": SignOffRequest.Because(row.value["because"]).label,
            "taken_back": row.value["withdrawn"],
            "evidence": evidence(record, row.value["evidence"]),
            "note": record.text(row, "note"),
            **mark(row),
        }
        for row in record.book.all(SignOffRequest)
    ]


def not_applicable(record: Record) -> list[Document]:
    """What was approved not to be asked of the student, or to be asked again, in its order."""
    return [
        {
            "competency": record.competencies[row.value["competency__uuid"]].code,
            "asked_again": row.value["cancelled"],
            "by": record.people[row.value["person__uuid"]],
            "day": row.about_from.isoformat(),
            "reason": record.text(row, "reason"),
            **mark(row),
        }
        for row in record.book.all(NotApplicable)
    ]
