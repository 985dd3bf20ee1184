"""The file of marks that people have from elsewhere: one row for each candidate at each station, as CSV or XLSX."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import ClassVar

from logbooks.osces.analysis.marks import Mark
from school.core.files import cells, reading
from school.core.files.errors import FileRefused
from school.core.files.fates import Finding
from school.core.files.rows import (
    Number,
    Numbered,
    Row,
    Text60,
    check,
    column,
    columns,
    contradicting,
    optional,
    repeated,
)


class MarkRow(Row):
    """A candidate's mark and global grade at a station."""

    ABOUT: ClassVar[str] = (
        "A row is told by candidate and station; two rows of one are refused. An empty mark or grade is missing, "
        "and never 0."
    )

    candidate: Text60 = column("the candidate's number or name", example="C01")
    circuit: Text60 | None = optional("the circuit that the candidate went round", example="A")
    station: Text60 = column("the station", example="S1")
    examiner: Text60 | None = optional("who examined", example="E1A")
    max_mark: Number = column("the station's maximum mark, the same in all its rows", example="20")
    mark: Number | None = optional("the mark, from 0 to the maximum", example="16")
    grade: Number | None = optional(
        "the global grade as an ordered number; a better grade is a higher number",
        "global", "global grade", "global 1to5", example="4",
    )  # fmt: skip
    site: Text60 | None = optional("the site, when there are several", example="Freeman Hospital")


# Columns that must be there, though a cell may be empty.
_THERE = ("circuit", "examiner", "mark", "grade")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")


@dataclass(frozen=True, slots=True)
class MarkFile:
    """What was read: the marks, how the file was understood, and what is wrong; with findings nothing is used."""

    marks: tuple[Mark, ...]
    understood: str
    left_aside: tuple[str, ...]
    findings: tuple[Finding, ...]


def read(data: bytes) -> MarkFile:
    """The marks of a file. Raises FileRefused when it cannot be read as a table of marks at all."""
    wanted = [replace(one, required=one.required or one.name in _THERE) for one in columns(MarkRow)]
    table = reading.read(data, wanted)
    rows, findings = check(MarkRow, table.rows)
    if findings and all(_COMMA.fullmatch(finding.value) for finding in findings):
        raise FileRefused(
            "The numbers have a decimal comma. Save the file with a decimal point, as in 7.5."
        )
    findings += _out_of_range(rows)
    findings += repeated(rows, lambda row: (row.candidate, row.station), "candidate and station")
    findings += contradicting(rows, lambda row: row.station, ["max_mark"], "station")
    findings += _spelled_otherwise(rows)
    return MarkFile(
        () if findings else tuple(_mark(one.row) for one in rows),
        table.understood,
        table.left_aside,
        tuple(sorted(findings, key=lambda finding: finding.number)),
    )


def _spelled_otherwise(rows: Sequence[Numbered[MarkRow]]) -> list[Finding]:
    """Names that differ in nothing but capitals and the like: one of them would count as two."""
    return [
        finding
        for name in ("candidate", "circuit", "station", "examiner", "site")
        for finding in contradicting(rows, partial(_folded, name), [name], name)
    ]


def _folded(name: str, row: MarkRow) -> str:
    return cells.folded(getattr(row, name) or "")


def _out_of_range(rows: Iterable[Numbered[MarkRow]]) -> list[Finding]:
    found = []
    for number, row in ((one.number, one.row) for one in rows):
        if row.max_mark <= 0:
            reason, remedy = "a maximum is above 0", "Write the most that can be had here."
            found.append(Finding(number, "max mark", str(row.max_mark), reason, remedy))
        elif row.mark is not None and not 0 <= row.mark <= row.max_mark:
            reason = f"the mark is outside 0 to {row.max_mark}"
            remedy = "Correct the mark, or leave the cell empty when there is none."
            found.append(Finding(number, "mark", str(row.mark), reason, remedy))
    return found


def _mark(row: MarkRow) -> Mark:
    return Mark(
        candidate=row.candidate,
        circuit=row.circuit or "",
        station=row.station,
        examiner=row.examiner or "",
        max_mark=Fraction(row.max_mark),
        mark=None if row.mark is None else Fraction(row.mark),
        grade=None if row.grade is None else Fraction(row.grade),
        site=row.site or "",
    )
