"""What a student does with the log: log an examination, correct it, take it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from logbooks.competencies import log_queries, operators
from logbooks.competencies.actions.asking import ask_again
from logbooks.competencies.lines import joined
from logbooks.competencies.models import ExaminationType, LogEntry, Tracer
from placements import policies as placing
from placements.models import Enrolment, Placement
from school.core import clock, days, ledger
from school.core.compiled import compiled
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person

# How soon the same again is asked about, and among how many versions.
SOON = timedelta(minutes=10)
LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An examination as a student typed it; `touched` are codes of competencies, `reflection` is one text."""

    day: date
    examination: ExaminationType
    tracer: Tracer
    role: str
    operator: Person
    age_band: str = ""
    sex: str = ""
    touched: tuple[str, ...] = ()
    model: str = ""
    reflection: str = ""
    device_time: datetime | None = None


def log_examination(
    *,
    by: Person,
    placement: Placement,
    entered: Entered,
    uuid: UUID,
    corrects: LogEntry | None = None,
    unseen_since: datetime | None = None,
) -> LogEntry:
    """Records an examination, or a corrected version of one; the portal gives out its case number.

    From `unseen_since` on the writer has not seen what was logged: the same again is asked about.
    The same UUID with the same content returns the entry saved first. Where the version before was
    evidence of a sign-off, the sign-off is asked for again beside the one that stands. Raises
    DomainError (with the form's field), NotAllowed or Conflict; nothing is saved then.
    """
    rule_own_log(by, placement.enrolment)
    known = _known(placement.enrolment, entered.touched)
    entry = LogEntry(
        enrolment=placement.enrolment,
        placement=placement,
        examination=entered.examination,
        tracer=entered.tracer,
        role=entered.role,
        operator=entered.operator,
        age_band=entered.age_band,
        sex=entered.sex,
        touched=joined(sorted(entered.touched, key=lambda code: known.get(code, len(known)))),
        model=entered.model if entered.reflection.strip() else "",
        device_time=entered.device_time,
        supersedes=corrects,
    )
    draft = _draft(entry, entered.day, uuid, entered.reflection.strip())
    return _write(by, draft, entry, known, unseen_since)


def take_back(*, by: Person, entry: LogEntry, uuid: UUID) -> LogEntry:
    """Takes an examination back: it was not seen. The record stays; it counts for nothing."""
    rule_own_log(by, entry.enrolment)
    taken_back = LogEntry(
        enrolment=entry.enrolment,
        placement=entry.placement,
        examination=entry.examination,
        tracer=entry.tracer,
        role=entry.role,
        operator=entry.operator,
        age_band=entry.age_band,
        sex=entry.sex,
        touched=entry.touched,
        withdrawn=True,
        supersedes=entry,
    )
    return _write(by, _draft(taken_back, entry.entry.about_from, uuid, ""), taken_back, {})


def _known(enrolment: Enrolment, touched: Collection[str]) -> dict[str, int]:
    """The codes of the competencies of the student's framework by their place in it; none where nothing is touched."""
    rows = log_queries.competencies(enrolment) if touched else []
    return {row.code: place for place, row in enumerate(rows)}


def _draft(entry: LogEntry, day: date, uuid: UUID, reflection: str) -> Draft:
    return Draft(
        fact=entry,
        book=entry.enrolment.book,
        about_from=day,
        about_to=day,
        uuid=uuid,
        texts={"reflection": reflection},
    )


def _write(
    by: Person,
    draft: Draft,
    entry: LogEntry,
    known: Collection[str],
    unseen_since: datetime | None = None,
) -> LogEntry:
    enrolment, before = entry.enrolment, entry.supersedes
    with ledger.writing(enrolment.book, answering=[draft.uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[draft.uuid]  # type: ignore[return-value]
        rule_newest(before)
        rule_same_log_book(before, enrolment)
        if not entry.withdrawn:
            rule_day(draft.about_from, entry.placement)
            if not _same_operator(before, entry):
                rule_operator(entry.operator, entry.placement)
            rule_tracer(entry.examination, entry.tracer)
            rule_nobody_told(entry.tracer, entry.age_band, entry.sex)
            rule_touched(entry.touched.splitlines(), known)
        if before is None:
            latest = _latest(enrolment)
            if unseen_since:
                rule_another_patient(entry, draft.about_from, latest, unseen_since)
            entry.case_number = latest[0].case_number + 1 if latest else 1
        else:
            entry.case_number = before.case_number
        pen.append([draft], by=by.uuid)
        if before is not None:
            ask_again(pen, before, entry)
    return entry


def _same_operator(before: LogEntry | None, entry: LogEntry) -> bool:
    """Whether a correction keeps who supervised, who may have left the site meanwhile."""
    return before is not None and (before.operator_id, before.placement_id) == (
        entry.operator_id,
        entry.placement_id,
    )


def _latest(enrolment: Enrolment) -> list[LogEntry]:
    """The versions written of the last cases, newest first; the book is locked, so that nobody else takes the next number."""
    return _newest(enrolment=enrolment.pk)


@compiled
def _newest(enrolment: Any) -> QuerySet[LogEntry]:
    rows: QuerySet[LogEntry] = LogEntry.objects.filter(enrolment=enrolment)
    return rows.select_related("entry").order_by("-case_number", "-pk")[:LOOKED_AT]


def rule_own_log(by: Person, enrolment: Enrolment) -> None:
    """Nobody logs for somebody else."""
    if not placing.owns(by, enrolment):
        raise NotAllowed("You can log examinations in your own log book only.")


def rule_newest(before: LogEntry | None) -> None:
    """What was corrected or taken back already is not changed again."""
    if before is None:
        return
    if before.withdrawn or LogEntry.objects.filter(supersedes=before).exists():
        raise Conflict(
            "This examination was changed since you opened it. Nothing was saved. "
            "Open it again to see it as it stands."
        )


def rule_same_log_book(before: LogEntry | None, enrolment: Enrolment) -> None:
    """A correction stays in the log book, whose case numbers count on their own."""
    if before is not None and before.enrolment_id != enrolment.pk:
        raise DomainError(
            "This examination was logged in another log book of yours. Take it back there, and log it "
            "on this placement.",
            field="placement",
        )


def rule_day(day: date, placement: Placement) -> None:
    """An examination lies on a day of a placement that took place, and not in the future."""
    where = placement.site.name
    if placement.never_began:
        raise DomainError(
            f"The placement at {where} did not take place. Choose the placement that the day "
            "belongs to.",
            field="day",
        )
    if day > clock.today():
        raise DomainError(
            "The date is in the future. Log the examination on the day or after it.", field="day"
        )
    if not placement.starts <= day <= placement.ends:
        raise DomainError(
            f"This placement at {where} runs from {days.long_date(placement.starts)} to "
            f"{days.long_date(placement.ends)}. Choose a day within it, or the placement that the "
            "day belongs to.",
            field="day",
        )


def rule_operator(operator: Person, placement: Placement) -> None:
    """The supervising operator works at the placement's site, or supervises the student; it is never the student.

    Source: IR(ME)R 2017, regulation 2: a student who does a practical aspect is supervised by an operator.
    """
    if not operators.can_be(operator, placement):
        raise DomainError(
            f"{operator.name} does not work at {placement.site.name} as the portal knows it. "
            "Choose who supervised you there.",
            field="operator",
        )


def rule_tracer(examination: ExaminationType, tracer: Tracer) -> None:
    """An examination is logged with a tracer that it is done with, so that a rare one is not called by another name."""
    codes = examination.tracers.split()
    if codes and tracer.code not in codes:
        names = " or ".join(row.name for row in log_queries.tracers() if row.code in codes)
        raise DomainError(
            f"{examination.name} is not done with {tracer.name}. Choose {names}.", field="tracer"
        )


def rule_nobody_told(tracer: Tracer, age_band: str, sex: str) -> None:
    """With a rare tracer neither age band nor sex is kept: together they would name somebody."""
    if tracer.rare and (age_band or sex):
        raise DomainError(
            f"{tracer.name} is given to few people, so an age band or a sex could name somebody. "
            "Leave both empty.",
            field="age_band" if age_band else "sex",
        )


def rule_another_patient(
    entry: LogEntry, day: date, latest: Sequence[LogEntry], unseen_since: datetime
) -> None:
    """The same again within ten minutes, from a page that was opened before, may be the same examination in two windows."""
    since = max(unseen_since, clock.now() - SOON)
    standing = {row.case_number: row for row in reversed(latest)}
    for row in standing.values():
        if (
            row.entry.recorded_at > since
            and not row.withdrawn
            and (row.entry.about_from, *_what(row)) == (day, *_what(entry))
        ):
            raise DomainError(
                f"You logged the same at {days.clock_time(row.entry.recorded_at)} as case "
                f"{row.case_number}. Say whether this is another patient.",
                field="another_patient",
            )


def _what(entry: LogEntry) -> tuple[object, ...]:
    return entry.examination_id, entry.tracer_id, entry.role, entry.operator_id


def rule_touched(codes: Collection[str], known: Collection[str]) -> None:
    """An examination touches competencies of the version that the student works towards, whose codes are `known`."""
    missing = sorted(set(codes) - set(known))
    if missing:
        raise DomainError(
            f"{', '.join(missing)} is not in your framework. Open the page again to see the "
            "competencies that are.",
            field="touched",
        )
