"""A shift on one line, as it is shown to somebody who signs it: every word ready to be printed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from placements.hours import clock_note
from placements.interruptions import covering, spans_of
from placements.limits import Finding, Rule
from placements.models import CurrentShift, Enrolment, ShiftDecision
from placements.totals import StagePart
from school.core import clock, days
from school.core.models import PrivateText
from school.core.workingdays import working_days_between

State = CurrentShift.State
Outcome = ShiftDecision.Outcome


@dataclass(slots=True, kw_only=True)
class Line:
    """One shift as it is shown to somebody who signs it; all words are ready to be printed."""

    uuid: UUID
    who: str
    hours: str
    minutes: int
    what: str
    site: str
    waiting: str
    sent_on: date
    # Why it is here when it is not the person's own to decide.
    why: str = ""
    note: str = ""
    flags: Sequence[str] = ()
    breach: bool = False
    queried: bool = False
    state: str = ""
    query: str = ""
    query_by: str = ""
    reply: str = ""
    ticked: bool = False
    seen: bool = False
    problem: str = ""

    @property
    def waits(self) -> bool:
        """Whether it can be decided."""
        return self.state in CurrentShift.WAITING


LINE_COLUMNS = (
    "shift_id",
    "shift__entry__uuid",
    "shift__entry__recorded_at",
    "shift__device_time",
    "shift__note_hash",
    "shift__supersedes",
    "state",
    "start",
    "end",
    "break_minutes",
    "minutes",
    "sent_on",
    "findings",
    "tally__interrupted",
    "breach",
    "day_type__name",
    "day_type__stage_part",
    "enrolment__person__name",
    "shift__site__name",
    "decision_id",
    "decision__outcome",
    "decision__entry__known_from",
    "decision__person__name",
    "decision__reply",
)


def lines(waiting: QuerySet[CurrentShift], marks: Sequence[str] = ()) -> list[Line]:
    """The lines of shifts that wait, in their order, with notes, queries and replies: two queries.

    `marks` are what placements.cover_queries.marked has added to the rows.
    """
    rows = list(waiting.values(*LINE_COLUMNS, *marks))
    today = clock.today()
    wanted = [row["shift_id"] for row in rows if row["shift__note_hash"]]
    wanted += [row["decision_id"] for row in rows if row["decision_id"]]
    wanted += [row["decision__reply"] for row in rows if row["decision__reply"]]
    texts = {}
    if wanted:
        texts = dict(PrivateText.objects.filter(entry__in=wanted).values_list("entry_id", "text"))
    return [_line(row, texts, today) for row in rows]


def _line(row: Mapping[str, Any], texts: Mapping[int, str], today: date) -> Line:
    line = Line(
        uuid=row["shift__entry__uuid"],
        who=row["enrolment__person__name"],
        hours=f"{days.in_hours(row['minutes'])} h",
        minutes=row["minutes"],
        what=what(row, today),
        site=row["shift__site__name"],
        waiting=_waiting(row, today),
        sent_on=row["sent_on"],
        why=_why(row, today),
        note=texts.get(row["shift_id"], ""),
        flags=_flags(row),
        breach=row["breach"],
        queried=row["state"] == State.QUERIED,
        state=row["state"],
    )
    if row["decision__outcome"] == Outcome.QUERIED:
        line.query = texts.get(row["decision_id"], "")
        asked = row["decision__entry__known_from"]
        line.query_by = f"{row['decision__person__name']} asked on {_day(asked, today)}"
        line.reply = texts.get(row["decision__reply"], "")
    return line


def _why(row: Mapping[str, Any], today: date) -> str:
    if row.get("stands_in_for"):
        return f"You stand in for {row['stands_in_for']}"
    if row.get("waits_for"):
        return f"Waits for {row['waits_for']} since {_day(row['sent_on'], today)}"
    return ""


def what(row: Mapping[str, Any], today: date) -> str:
    """ "Thursday 12 November, 08:00 to 16:00, break 30 minutes", and the day type when it is not clinical."""
    day = days.london_day(row["start"])
    said = days.day_and_month(day) if day.year == today.year else days.day_date(day)
    pause = f"break {days.in_words(row['break_minutes'])}" if row["break_minutes"] else "no break"
    parts = [said, days.time_range(row["start"], row["end"]), pause]
    if row["day_type__stage_part"] != StagePart.CLINICAL:
        parts.append(row["day_type__name"].lower())
    return ", ".join(parts)


def _day(day: date, today: date) -> str:
    words = days.long_date(day)
    return words.removesuffix(f" {day.year}") if day.year == today.year else words


def _waiting(row: Mapping[str, Any], today: date) -> str:
    verb = "Answered" if row["decision__reply"] else "Sent"
    if row["shift__supersedes"] and verb == "Sent":
        verb = "Corrected and sent"
    if row["sent_on"] == today:
        at = "" if verb == "Answered" else f", {days.clock_time(row['shift__entry__recorded_at'])}"
        return f"{verb} today{at}"
    gone = working_days_between(row["sent_on"], today)
    since = f"{verb} {_day(row['sent_on'], today)}"
    return f"{since}. Waiting {working_days(gone)}" if gone else since


def working_days(number: int) -> str:
    """ "5 working days", "1 working day"."""
    return f"{number} working day{'' if number == 1 else 's'}"


def _flags(row: Mapping[str, Any]) -> list[str]:
    flags = [finding_words(found) for found in row["findings"]]
    if row["tally__interrupted"] and covering(
        spans_of(row["tally__interrupted"]), days.london_day(row["start"])
    ):
        flags.append("Studies were interrupted on this day.")
    if row["shift__device_time"]:
        note = clock_note(row["shift__device_time"], row["shift__entry__recorded_at"])
        if note:
            flags.append(note)
    return flags


def finding_words(found: Mapping[str, Any]) -> str:
    """An hours rule that a current shift touches, as CurrentShift.findings keeps it, in one sentence."""
    rule = Rule(found["rule"])
    if rule is Rule.REST:
        return (
            f"{days.in_words(found['measured'])} of rest beside this shift:"
            f" under the limit of {days.in_words(found['limit'])}."
        )
    monday = date.fromisoformat(found["monday"])
    return Finding(rule, monday, found["measured"], found["limit"], ()).statement()


def lines_of(uuids: Iterable[UUID], allowed: QuerySet[Enrolment] | None = None) -> dict[UUID, Line]:
    """The lines of versions that are still the newest, by UUID, of enrolments that may be seen."""
    rows = CurrentShift.objects.filter(shift__entry__uuid__in=list(uuids)).order_by("start", "pk")
    if allowed is not None:
        rows = rows.filter(enrolment__in=allowed)
    return {line.uuid: line for line in lines(rows)}


def days_waited(sent_on: date) -> int:
    """Working days since a day."""
    return working_days_between(sent_on, clock.today())


def in_total(found: Sequence[Line]) -> str:
    """ "4 shifts, 30 hours"."""
    minutes = sum(line.minutes for line in found)
    return f"{shifts(len(found))}, {days.in_words(minutes)}"


def shifts(number: int) -> str:
    """ "4 shifts", "1 shift"."""
    return f"{number} shift{'' if number == 1 else 's'}"
