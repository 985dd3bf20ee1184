"""Reads of the log: a student's examinations, their corrections, what a form chooses from, and the range against the stage."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from logbooks.competencies import queries, ranges
from logbooks.competencies.models import (
    Competency,
    EvidenceFile,
    ExaminationType,
    FrameworkVersion,
    LogEntry,
    RequiredCount,
    SignOff,
    Tracer,
)
from logbooks.competencies.ranges import Asked, Line, Met, Seen
from placements import reference
from placements.models import Enrolment
from school.core import documents, ledger

# Where the files beside examinations are kept.
FOLDER = "examinations"
_WITH = ("entry", "examination", "tracer", "operator", "placement__site")


def types() -> list[ExaminationType]:
    """The kinds of examinations, in their order."""
    return reference.keep("examination types", lambda: list(ExaminationType.objects.all()))


def tracers() -> list[Tracer]:
    """The tracers, in their order."""
    return reference.keep("tracers", lambda: list(Tracer.objects.all()))


def entries(
    enrolments: Collection[int], chosen: Mapping[str, str] | None = None
) -> QuerySet[LogEntry]:
    """The examinations of some enrolments as they stand, newest first; `chosen` are the filters of a list by name.

    What was taken back is left out, unless it is what the filter `state` asks for.
    """
    chosen = chosen or {}
    rows: QuerySet[LogEntry] = LogEntry.objects.standing().filter(
        enrolment__in=enrolments, withdrawn=chosen.get("state") == "withdrawn"
    )
    paths = {
        "examination": "examination__code",
        "tracer": "tracer__code",
        "role": "role",
        "placement": "placement__uuid",
    }
    wanted = {path: chosen[name] for name, path in paths.items() if chosen.get(name)}
    return rows.filter(**wanted).select_related(*_WITH).order_by("-entry__about_from", "-pk")


def last_entry(enrolments: Collection[int]) -> LogEntry | None:
    """The examination that was logged last and stands, whose type, tracer, role and operator the next one likely has."""
    rows: QuerySet[LogEntry] = LogEntry.objects.standing().filter(
        enrolment__in=enrolments, withdrawn=False
    )
    return rows.select_related(*_WITH).order_by("-pk").first()


def entry(rows: QuerySet[Enrolment], uuid: UUID) -> LogEntry | None:
    """A log entry of some enrolments by the UUID of any version, with all that writing about it reads."""
    found: LogEntry | None = (
        LogEntry.objects.filter(entry__uuid=uuid, enrolment__in=rows)
        .select_related(
            *_WITH, "enrolment__person", "enrolment__book", "enrolment__cohort__programme"
        )
        .first()
    )
    return found


def newest(of: LogEntry) -> LogEntry:
    """An examination as it stands, from any version of it."""
    found: LogEntry = (
        LogEntry.objects.filter(enrolment=of.enrolment_id, case_number=of.case_number)
        .select_related("enrolment__person", "enrolment__book")
        .latest("pk")
    )
    return found


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an examination, with its reflection."""

    fact: LogEntry
    reflection: str


def versions(of: LogEntry) -> list[Version]:
    """All versions of an examination, newest first: they share its case number."""
    facts = list(
        LogEntry.objects.filter(enrolment=of.enrolment_id, case_number=of.case_number)
        .select_related(*_WITH)
        .order_by("-pk")
    )
    words = ledger.private_texts(facts, "reflection")
    return [Version(fact, words.get(fact.pk, "")) for fact in facts]


def files_of(of: LogEntry) -> QuerySet[EvidenceFile]:
    """The files beside an examination, whichever version they were put beside, in their order."""
    rows: QuerySet[EvidenceFile] = EvidenceFile.objects.standing().filter(
        examination__enrolment=of.enrolment_id,
        examination__case_number=of.case_number,
        withdrawn=False,
    )
    return rows.order_by("pk")


def files_beside(cases: Iterable[LogEntry]) -> dict[int, list[EvidenceFile]]:
    """The files beside some examinations of one student, by their case numbers; one query, none without examinations."""
    found: dict[int, list[EvidenceFile]] = {}
    of = list(cases)
    if not of:
        return found
    rows = EvidenceFile.objects.standing().filter(
        examination__enrolment=of[0].enrolment_id,
        examination__case_number__in=[row.case_number for row in of],
        withdrawn=False,
    )
    for row in rows.select_related("examination").order_by("pk"):
        found.setdefault(row.examination.case_number, []).append(row)
    return found


def files_ever_beside(of: LogEntry) -> set[UUID]:
    """The UUIDs of all files that were ever put beside an examination."""
    rows = EvidenceFile.objects.filter(
        examination__enrolment=of.enrolment_id, examination__case_number=of.case_number
    )
    return set(rows.values_list("entry__uuid", flat=True))


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was taken away: the fact that says so, and whether it was signed as evidence, so that it is kept."""

    fact: EvidenceFile
    kept: bool


def removed_files(of: LogEntry) -> list[Removed]:
    """The files that were taken away from beside an examination, in that order."""
    rows = EvidenceFile.objects.filter(
        examination__enrolment=of.enrolment_id,
        examination__case_number=of.case_number,
        withdrawn=True,
    ).select_related("supersedes__entry")
    return [Removed(row, is_signed(row.supersedes)) for row in rows.order_by("pk")]


def is_signed(of: EvidenceFile) -> bool:
    """Whether a file was evidence of a sign-off, whatever became of the sign-off."""
    signs = SignOff.objects.filter(
        enrolment=of.examination.enrolment_id, evidence__contains=str(of.entry.uuid)
    )
    return signs.exists()


def file(rows: QuerySet[Enrolment], uuid: UUID) -> EvidenceFile | None:
    """A file beside an examination of some enrolments, with all that writing about it reads; also one that was taken away."""
    found: EvidenceFile | None = (
        EvidenceFile.objects.filter(
            entry__uuid=uuid, examination__enrolment__in=rows, withdrawn=False
        )
        .select_related(
            "examination__entry", "examination__enrolment__person", "examination__enrolment__book"
        )
        .first()
    )
    return found


def content_of(of: EvidenceFile) -> bytes | None:
    """What a file holds; none when it was taken away unsigned, is gone, or is not what was kept."""
    return documents.kept(FOLDER, str(of.entry.uuid), of.digest)


# What a form chooses from ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A group of the framework with those of its competencies that can be ticked."""

    title: str
    competencies: tuple[Competency, ...]


def competencies(enrolment: Enrolment) -> list[Competency]:
    """All competencies of a student's framework, in its order; none while the programme has no framework."""
    version = queries.version_of(enrolment)
    return queries.kept_competencies(version) if version else []


def parts(rows: Sequence[Competency], year: int | None, beside: Collection[str] = ()) -> list[Part]:
    """Those of a year and of no year, by group; `beside` are codes that are ticked already and stay."""
    found: dict[int, tuple[str, list[Competency]]] = {}
    for row in rows:
        if year is None or row.year in (None, year) or row.code in beside:
            found.setdefault(row.group_id, (row.group.title, []))[1].append(row)
    return [Part(title, tuple(inside)) for title, inside in found.values()]


def touched(of: LogEntry) -> list[Competency]:
    """The competencies that an examination touches, as the student's version words them."""
    codes = of.touched.splitlines()
    return [row for row in competencies(of.enrolment) if row.code in codes] if codes else []


# The range ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Range:
    """What was seen and done, and what the framework asks, ready to be drawn."""

    year: int | None
    years: list[int]
    whole: Line
    by_type: list[Line]
    by_tracer: list[Line]
    met: list[Met]
    names: Mapping[str, str]
    competencies: Mapping[str, Competency]


def range_of(enrolment: Enrolment, year: int | None, wanted: str = "") -> Range:
    """The examinations of a student against what the competencies of a year of their version ask; of every year when None.

    `wanted` is another year as an address names it, if that year asks for any. A type or tracer that nobody asks for and the student has not met has no line.
    """
    rows = entries([enrolment.pk]).order_by()
    seen = [Seen(*row) for row in rows.values_list("examination__code", "tracer__code", "role")]
    version = queries.version_of(enrolment)
    every = _required(version) if version else []
    years = sorted({row.competency.year for row in every if row.competency.year is not None})
    year = next((one for one in years if str(one) == wanted), year)
    required = [row for row in every if year is None or row.competency.year == year]
    asked = [
        Asked(
            row.competency.code,
            row.examination.code if row.examination else "",
            row.role,
            row.number,
        )
        for row in required
    ]
    kinds, given = types(), tracers()
    return Range(
        year=year,
        years=years,
        whole=ranges.whole(seen, asked),
        by_type=[
            line
            for line in ranges.by_type([row.code for row in kinds], seen, asked)
            if line.total or line.asked
        ],
        by_tracer=[
            line for line in ranges.by_tracer([row.code for row in given], seen) if line.total
        ],
        met=ranges.met(asked, seen),
        names={row.code: row.name for row in kinds} | {row.code: row.name for row in given},
        competencies={row.competency.code: row.competency for row in required},
    )


def _required(version: FrameworkVersion) -> list[RequiredCount]:
    rows = RequiredCount.objects.filter(competency__version=version)
    return list(
        rows.select_related("competency", "examination").order_by("competency__position", "pk")
    )
