"""What was asked for, signed and revoked, as a copy of the log book tells it: competencies, stages, results from elsewhere."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any
from uuid import UUID

from logbooks.competencies import queries, states
from logbooks.competencies.book.assessed import rule_opened
from logbooks.competencies.book.record import Record, mark
from logbooks.competencies.evidence import pieces
from logbooks.competencies.map_queries import LOOKS, told
from logbooks.competencies.models import (
    Assessment,
    Competency,
    CurrentCompetency,
    EvidenceFile,
    ExternalResult,
    FrameworkVersion,
    LogEntry,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
    StageRevocation,
    StageSignOff,
    VersionMove,
)
from logbooks.competencies.stage_changes import of_fact, of_hours, of_version
from placements.books import Entry
from placements.models import Enrolment
from school.core import registries
from school.core.models import Fact

State = CurrentCompetency.State
Line = dict[str, Any]


def version_at(enrolment: Enrolment, record: Record) -> FrameworkVersion | None:
    """The version of the framework that the student worked towards at the last entry of a record.

    A later move of theirs says which it was until then.
    """
    known = record.book.all(VersionMove)
    if known:
        return record.versions[known[-1].value["framework_version__uuid"]]
    later = VersionMove.objects.filter(enrolment=enrolment).order_by("entry__seq").first()
    return later.former if later else queries.version_of(enrolment)


def competencies(record: Record, asked: Iterable[Competency]) -> list[Line]:
    """The competencies of the student's framework with where each stands, in its order."""
    stands = _standing(record)
    found = []
    for row in asked:
        state = _state(stands.get(str(row.identifier), states.NOTHING))
        found.append(
            {
                "identifier": str(row.identifier),
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
    """Where each competency stands by its facts in their order, by its identifier, which is one in all versions."""
    signed = {row.uuid: row for row in record.book.all(SignOff)}
    events: dict[str, list[tuple[int, states.Event]]] = {}

    def said(row: Entry, competency: str, event: states.Event) -> None:
        key = str(record.competencies[competency].identifier)
        events.setdefault(key, []).append((row.seq, event))

    for row in record.book.all(SignOffRequest):
        changed = row.value["because"] == SignOffRequest.Because.CHANGED
        event = states.Asked(row.uuid, row.value["withdrawn"], changed)
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
        key: states.standing_of(event for _, event in sorted(rows, key=lambda pair: pair[0]))
        for key, rows in events.items()
    }


def _state(standing: states.Standing) -> str:
    return told(State(standing.state), waits=standing.request is not None)


def sign_offs(record: Record) -> list[Line]:
    """Every sign-off in its order, with what revoked or followed it."""
    revoked = {row.value["sign_off__entry__uuid"]: row for row in record.book.all(Revocation)}
    after = {row.value["supersedes__entry__uuid"]: row.uuid for row in record.book.all(SignOff)}
    return [
        _sign_off(record, row, revoked.get(row.uuid), after.get(row.uuid, ""))
        for row in record.book.all(SignOff)
    ]


def _sign_off(record: Record, row: Entry, revoked: Entry | None, after: str) -> Line:
    value = row.value
    competency = record.competencies[value["competency__uuid"]]
    return {
        **_named(competency),
        "outcome": SignOff.Outcome(value["outcome"]).label,
        "level": record.levels.get((competency.version_id, value["level__code"]), ""),
        "observed": row.about_from.isoformat(),
        "by": record.people[value["person__uuid"]],
        "capacity": SignOff.Capacity(value["capacity"]).label,
        "site": record.site(value["placement__uuid"], value["site__uuid"]),
        "proved_by": SignOff.Proof(value["proof"]).label,
        "on_paper_by": record.text(row, "assessor"),
        "scan": value["scan"],
        "wording": value["wording__digest"],
        "evidence": evidence(record, value["evidence"]),
        "feedback": record.text(row, "feedback"),
        "next_step": record.text(row, "next_step"),
        "exception": record.text(row, "exception"),
        "answers": value["request__entry__uuid"],
        "replaced_by": after,
        "revoked": _revoked(record, revoked),
        **mark(row),
    }


def _named(competency: Competency) -> Line:
    """A competency as the version words it that something was said under; its identifier is one in all versions."""
    return {
        "competency": competency.code,
        "title": competency.title,
        "identifier": str(competency.identifier),
        "framework_version": competency.version.number,
    }


def _revoked(record: Record, row: Entry | None) -> Line | None:
    if row is None:
        return None
    return {
        "from": row.about_from.isoformat(),
        "by": record.people[row.value["person__uuid"]],
        "reason": record.text(row, "reason"),
        **mark(row),
    }


def evidence(record: Record, text: str) -> list[Line]:
    """The pieces that a text of evidence names, each with the hash that it had when it was given."""
    logged = {row.uuid: row for row in record.book.all(LogEntry)}
    files = {row.uuid: row for row in record.book.all(EvidenceFile)}
    rows = (*logged.values(), *files.values())
    after = {row.value["supersedes__entry__uuid"] for row in rows}
    found = []
    for piece in pieces(text):
        file = files.get(str(piece.uuid))
        case = file.value["examination__entry__uuid"] if file else str(piece.uuid)
        found.append(
            {
                "case": logged[case].value["case_number"],
                "file": file.value["digest"] if file else "",
                "reference": str(piece.uuid),
                "hash": piece.hash,
                "corrected_since": str(piece.uuid) in after,
            }
        )
    return found


def requests(record: Record) -> list[Line]:
    """Everything that was asked for, in its order."""
    return [
        {
            **_named(record.competencies[row.value["competency__uuid"]]),
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


def not_applicable(record: Record) -> list[Line]:
    """What was approved not to be asked of the student, or to be asked again, in its order."""
    return [
        {
            **_named(record.competencies[row.value["competency__uuid"]]),
            "asked_again": row.value["cancelled"],
            "by": record.people[row.value["person__uuid"]],
            "day": row.about_from.isoformat(),
            "reason": record.text(row, "reason"),
            **mark(row),
        }
        for row in record.book.all(NotApplicable)
    ]


def sentences(record: Record) -> list[str]:
    """The digests of the sentences that sign-offs, stages and assessments were signed under, in the order of their first use."""
    rows = [row for fact in (SignOff, StageSignOff, Assessment) for row in record.book.all(fact)]
    return list(dict.fromkeys(row.value["wording__digest"] for row in rows))


# Stages -----------------------------------------------------------------------------------------


def stages(
    record: Record, counted: Mapping[int, int], version: FrameworkVersion | None
) -> list[Line]:
    """Every sign-off of a stage in its order, with what revoked it and what became of what it rests on.

    `counted` are the minutes of each year, and `version` is the student's at the last entry.
    """
    revoked = {row.value["sign_off__entry__uuid"]: row for row in record.book.all(StageRevocation)}
    fates = _fates(record)
    return [
        {
            "year": record.stages[row.value["stage__uuid"]].year,
            "level": record.stages[row.value["stage__uuid"]].get_level_display(),
            "day": row.about_from.isoformat(),
            "by": record.people[row.value["person__uuid"]],
            "capacity": SignOff.Capacity(row.value["capacity"]).label,
            "site": record.site(row.value["placement__uuid"]),
            "proved_by": SignOff.Proof(row.value["proof"]).label,
            "wording": row.value["wording__digest"],
            "minutes": row.value["minutes"],
            "framework_version": record.versions[row.value["framework_version__uuid"]].number,
            "rests_on": row.value["rests_on"].splitlines(),
            "changed_since": [
                *dict.fromkeys(
                    fates[piece.uuid]
                    for piece in pieces(row.value["rests_on"])
                    if piece.uuid in fates
                ),
                *of_hours(
                    row.value["minutes"],
                    counted.get(record.stages[row.value["stage__uuid"]].year, 0),
                ),
                *of_version(
                    record.versions[row.value["framework_version__uuid"]].number,
                    version.number if version else 0,
                ),
            ],
            "feedback": record.text(row, "feedback"),
            "exception": record.text(row, "exception"),
            "replaces": row.value["supersedes__entry__uuid"],
            "revoked": _revoked(record, revoked.get(row.uuid)),
            **mark(row),
        }
        for row in record.book.all(StageSignOff)
    ]


def _fates(record: Record) -> dict[UUID, str]:
    """What became of the facts that the sign-off of a stage may rest on, in the words of the stage's page, by their UUIDs."""
    revoked = {
        row.value["sign_off__entry__uuid"]: row.about_from for row in record.book.all(Revocation)
    }
    found = {}
    for kind, called in _CALLED.items():
        rows = record.book.all(kind)
        after = {row.value["supersedes__entry__uuid"]: row.known_from for row in rows}
        for row in rows:
            if row.uuid in revoked or row.uuid in after:
                words = of_fact(
                    row.kind, called(record, row), revoked.get(row.uuid), after.get(row.uuid)
                )
                found[UUID(row.uuid)] = words
    return found | _further(record)


def _further(record: Record) -> dict[UUID, str]:
    """What is said of attempts at a form that a further one followed; a second assessor's rating goes with the first's."""
    found = {}
    rows = record.book.all(Assessment)
    seconds = {row.value["moderates__entry__uuid"]: row for row in rows}
    tries: dict[str, list[Entry]] = {}
    for row in rows:
        first = row.value["moderates__entry__uuid"] is None
        if first and rule_opened(row, seconds.get(row.uuid)):
            tries.setdefault(record.forms[row.value["form__digest"]].code, []).append(row)
    for own in tries.values():
        for row, later in pairwise(own):
            title = record.forms[row.value["form__digest"]].title
            words = of_fact(row.kind, title, None, later.known_from)
            found[UUID(row.uuid)] = words
            if row.uuid in seconds:
                found[UUID(seconds[row.uuid].uuid)] = words
    return found


def _code(record: Record, row: Entry) -> str:
    return record.competencies[row.value["competency__uuid"]].code


# What the facts are called that a stage rests on and that another can follow.
_CALLED: Mapping[type[Fact], Callable[[Record, Entry], str]] = {
    SignOff: _code,
    NotApplicable: _code,
    ExternalResult: lambda record, row: record.tasks[
        row.value["task__stage__uuid"], row.value["task__code"]
    ],
}


def results(record: Record) -> list[Line]:
    """Every version of what was shown elsewhere, in its order; each says whether it stands."""
    after = {row.value["supersedes__entry__uuid"] for row in record.book.all(ExternalResult)}
    found = []
    for row in record.book.all(ExternalResult):
        value = row.value
        stage = value["task__stage__uuid"]
        state = "stands"
        if row.uuid in after:
            state = "followed by a newer one"
        elif value["withdrawn"]:
            state = "taken back"
        found.append(
            {
                "year": record.stages[stage].year,
                "task": record.tasks[stage, value["task__code"]],
                "state": state,
                "outcome": SignOff.Outcome(value["outcome"]).label,
                "what": record.text(row, "what"),
                "where": record.text(row, "place"),
                "day": row.about_from.isoformat(),
                "document": value["document"],
                "sighted_by": record.people[value["sighted_by__uuid"]],
                "reason": record.text(row, "reason"),
                "replaces": value["supersedes__entry__uuid"],
                **mark(row),
            }
        )
    return found


def exams(record: Record) -> list[Line]:
    """Every result of an exam held here, in its order; each says whether it stands."""
    stages = {stage.year: uuid for uuid, stage in record.stages.items()}
    found = []
    for code, held in registries.results().items():
        rows = record.book.all(held.fact)
        after = {row.value["supersedes__entry__uuid"] for row in rows}
        for row in rows:
            year, title = record.held[code][row.uuid]
            passed = row.value["passed"]
            found.append(
                {
                    "year": year,
                    "task": record.tasks.get((stages.get(year, ""), code), code),
                    "state": "followed by a newer one" if row.uuid in after else "stands",
                    "outcome": "no result"
                    if passed is None
                    else "passed"
                    if passed
                    else "not passed",
                    "what": title,
                    "day": row.about_from.isoformat(),
                    "replaces": row.value["supersedes__entry__uuid"],
                    **mark(row),
                }
            )
    return found


def moves(record: Record) -> list[Line]:
    """Every move to another version of the framework, in its order."""
    return [
        {
            "day": row.about_from.isoformat(),
            "from": str(record.versions[row.value["former__uuid"]].number),
            "to": str(record.versions[row.value["framework_version__uuid"]].number),
            "by": record.people[row.value["person__uuid"]],
            "reason": record.text(row, "reason"),
            **mark(row),
        }
        for row in record.book.all(VersionMove)
    ]
