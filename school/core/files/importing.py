"""Carries a file through reading, checking and planning, and only then through one write transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from school.core.errors import Conflict
from school.core.files import reading, rows
from school.core.files.fates import Fate, Finding, Report

# Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

REMEDY_MOVED = (
    "Somebody changed these records while the file was being checked. Nothing was written. "
    "Start the import again: it is judged against what is held now."
)


# The keys of the scopes that whoever imports may write in; None is everywhere.
Reach = frozenset[int] | None


# What a commit writes, inside the transaction that is open then.
Write = Callable[[], None]


def _nothing_to_write(_by: UUID) -> Write:
    return lambda: None


@dataclass(slots=True)
class Plan:
    """What an import would do: the fate of each row, what is to be said about some, and the writing itself.

    `ready` does all that can be done before the write transaction, for the actor it is given, and
    returns what is left to do inside it.
    """

    fates: dict[int, Fate] = field(default_factory=dict)
    waiting: list[Finding] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    ready: Callable[[UUID], Write] = _nothing_to_write


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its key in addresses and commands, its name, its row model, and how its rows are planned.

    `plan` reads the database and writes nothing. It is given the rows that are sound in themselves,
    and who imports them. Records outside the reach are to it as if they were not held. `spelled` are
    headings, by field, that only files from one source have.
    """

    key: str
    name: str
    row: type[rows.Row]
    plan: Callable[[Sequence[rows.Numbered[Any]], Reach, UUID], Plan]
    spelled: Mapping[str, str] = field(default_factory=dict)


def nothing(_what: str, _done: int, _of: int) -> None:
    """Progress that nobody follows."""


def run(
    kind: Kind,
    data: bytes,
    file: str,
    *,
    by: UUID,
    commit: bool = False,
    without_refused: bool = False,
    reach: Reach = None,
    progress: Progress = nothing,
) -> Report:
    """Reads, checks and plans a file; with `commit` writes it in one transaction.

    Nothing is written while a row is refused, unless `without_refused` leaves those rows out.
    Raises FileRefused when the file as a whole cannot be read, and Conflict when the records
    changed between checking and writing.
    """
    progress("Reading the file", 0, 5)
    table = reading.read(data, rows.columns(kind.row, kind.spelled), kind.row.IGNORED)
    report = Report(kind.name, file, table.understood, table.left_aside)
    progress("Checking the rows", 1, 5)
    sound, wrong = rows.check(kind.row, table.rows)
    report.say(Fate.REFUSED, wrong)
    table.rows.clear()
    progress("Comparing with what is held", 2, 5)
    plan = _plan(kind, sound, reach, by, report)
    report.without_refused = without_refused
    if commit and (without_refused or not report.counts[Fate.REFUSED]):
        progress("Getting ready to write", 3, 5)
        # What was read is large, and from here on the plan alone needs it.
        del sound
        write = plan.ready(by)
        del plan
        progress("Writing", 4, 5)
        try:
            with transaction.atomic():
                write()
        except IntegrityError as error:
            raise Conflict(REMEDY_MOVED) from error
        report.written = True
    progress("Done", 5, 5)
    return report


def _plan(
    kind: Kind, sound: Sequence[rows.Numbered[Any]], reach: Reach, by: UUID, report: Report
) -> Plan:
    """Plans until no row is refused: a row that leans on a refused one is judged without it."""
    while True:
        plan = kind.plan(sound, reach, by)
        if not plan.refused:
            break
        report.say(Fate.REFUSED, plan.refused)
        left_out = {finding.number for finding in plan.refused}
        sound = [numbered for numbered in sound if numbered.number not in left_out]
    report.say(Fate.WAITS, plan.waiting)
    for number, fate in plan.fates.items():
        report.give(number, fate)
    return plan
