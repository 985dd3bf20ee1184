"""What a student's record book holds for a copy of the log book, up to one of its entries, with all that it points at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from logbooks.competencies.models import (
    Assessment,
    AssessmentAcknowledgement,
    AssessmentForm,
    Competency,
    EvidenceFile,
    ExaminationType,
    ExternalResult,
    FrameworkVersion,
    Level,
    LogEntry,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
    StageRevocation,
    StageSignOff,
    Tracer,
    VersionMove,
)
from placements import books
from placements.books import Entry
from placements.models import Enrolment, PlacementStep, Stage, StageTask, Wording
from school.core import canonical, registries
from school.core.models import Book, Erasure, Fact, LedgerEntry, PrivateText
from school.people.models import Person, Site

# What is signed or waits for a signature.
SPOKEN: tuple[type[Fact], ...] = (SignOffRequest, SignOff, Revocation, NotApplicable, StageSignOff, StageRevocation, ExternalResult, VersionMove)  # fmt: skip
# What a copy says.
TOLD: tuple[type[Fact], ...] = (*books.HOURS, PlacementStep, LogEntry, EvidenceFile, *SPOKEN, Assessment, AssessmentAcknowledgement)  # fmt: skip
# What makes a later copy say something else: all this, private words that were erased, and results of exams held here.
MOVES = (*(fact.KIND for fact in TOLD), Erasure.KIND)
# Whose private words stand in a copy; reflections are the student's to leave out.
WORDED = (*(fact.KIND for fact in SPOKEN), Assessment.KIND)


class Head(NamedTuple):
    """A place in a record book: its number and the hash that covers everything up to it."""

    seq: int
    hash: str


def head_of(book: Book) -> Head | None:
    """The newest entry of a record book that a copy of the log book rests on; none where there is none."""
    kinds = (*MOVES, *(held.fact.KIND for held in registries.results().values()))
    rows = LedgerEntry.objects.filter(book=book, kind__in=kinds).order_by("-seq")
    found = rows.values_list("seq", "hash").first()
    return Head(*found) if found else None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where and for which stage a placement is, by its newest step."""

    site: str
    organisation: str
    stage: str
    state: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Record:
    """A record book up to an entry, and by their keys the names, words and rows that it points at."""

    book: books.Book
    people: Mapping[str, str]
    stages: Mapping[str, Stage]
    # Titles by the UUID of the stage and the task's code.
    tasks: Mapping[tuple[str, str], str]
    sites: Mapping[str, tuple[str, str]]
    placements: Mapping[str, Placed]
    competencies: Mapping[str, Competency]
    # Titles by the key of the framework's version and the level's code.
    levels: Mapping[tuple[int, str], str]
    examinations: Mapping[str, str]
    tracers: Mapping[str, str]
    versions: Mapping[str, FrameworkVersion]
    forms: Mapping[str, AssessmentForm]
    wordings: Mapping[str, str]
    # Year and title of results of exams held here, by the task's code and the fact's UUID.
    held: Mapping[str, Mapping[str, tuple[int, str]]]
    words: Mapping[tuple[int, str], str]

    def text(self, entry: Entry, name: str) -> str:
        """A private text of an entry; empty when there is none, it was erased, or it is left out."""
        return self.words.get((entry.pk, name), "")

    def year(self, placement: str) -> int:
        """The year of the programme that a placement is for."""
        return self.stages[self.placements[placement].stage].year

    def site(self, placement: str | None, site: str | None = None) -> str:
        """The name of the site that a placement is at, or of another; empty when neither is known."""
        if placement is not None:
            return self.placements[placement].site
        return self.sites[site][0] if site else ""


def read(enrolment: Enrolment, head: Head, *, reflections: bool) -> Record:
    """The record of an enrolment up to an entry, in twelve queries and one for each kind of exam; without reflections where they are left out."""
    held = registries.results()
    told = (*TOLD, *(one.fact for one in held.values()))
    book = books.read([enrolment.book_id], told, date.max)[enrolment.book_id].until(head.seq)
    asked = _asked(book)
    worded = Competency.objects.select_related("version").defer("version__document")
    named = list(worded.filter(uuid__in=asked["competency__uuid"]))
    levels = Level.objects.filter(version__in={row.version_id for row in named})
    kinds = (*WORDED, LogEntry.KIND) if reflections else WORDED
    texts = PrivateText.objects.filter(
        entry__book=enrolment.book_id, entry__seq__lte=head.seq, entry__kind__in=kinds
    )
    stages = {str(row.uuid): row for row in Stage.objects.filter(version=enrolment.version_id)}
    tasks = StageTask.objects.filter(stage__in=stages.values())
    rows = Site.objects.filter(uuid__in=asked["site__uuid"])
    sites = {
        str(uuid): (name, organisation)
        for uuid, name, organisation in rows.values_list("uuid", "name", "organisation__name")
    }
    versions = FrameworkVersion.objects.filter(uuid__in=asked["versions"])
    return Record(
        book=book,
        people={
            str(uuid): name
            for uuid, name in Person.objects.filter(uuid__in=asked["people"]).values_list(
                "uuid", "name"
            )
        },
        stages=stages,
        tasks={
            (str(stage), code): title
            for stage, code, title in tasks.values_list("stage__uuid", "code", "title")
        },
        sites=sites,
        placements=_placements(book, sites),
        competencies={str(row.uuid): row for row in named},
        levels={(row.version_id, row.code): row.title for row in levels},
        examinations=dict(ExaminationType.objects.values_list("code", "name")),
        tracers=dict(Tracer.objects.values_list("code", "name")),
        versions={str(row.uuid): row for row in versions},
        forms={
            row.digest: row
            for row in AssessmentForm.objects.filter(digest__in=asked["form__digest"])
        },
        wordings=dict(
            Wording.objects.filter(digest__in=asked["wording__digest"]).values_list(
                "digest", "text"
            )
        ),
        held={
            code: one.named([row.uuid for row in book.all(one.fact)]) for code, one in held.items()
        },
        words={(pk, name): text for pk, name, text in texts.values_list("entry", "name", "text")},
    )


def mark(entry: Entry) -> dict[str, Any]:
    """What an entry of the record book is known by: its code is its place and how its hash begins."""
    return {
        "code": f"{entry.seq}-{entry.hash[:8]}",
        "reference": entry.uuid,
        "entry": entry.seq,
        "hash": entry.hash,
        "recorded": canonical.plain(entry.recorded_at),
    }


POINTED = ("competency__uuid", "form__digest", "wording__digest", "site__uuid")
VERSIONS = ("framework_version__uuid", "former__uuid")
PEOPLE = frozenset({"person__uuid", "assessor__uuid", "operator__uuid", "sighted_by__uuid", "second_person__uuid"})  # fmt: skip


def _asked(book: books.Book) -> dict[str, set[str]]:
    """What the entries of a book point at, by kind."""
    found: dict[str, set[str]] = {name: set() for name in ("people", "versions", *POINTED)}
    for entry in _every(book):
        found["people"].add(entry.actor)
        for path, value in entry.value.items():
            if value and path in PEOPLE:
                found["people"].add(value)
            elif value and path in VERSIONS:
                found["versions"].add(value)
            elif value and path in found:
                found[path].add(value)
    return found


def _every(book: books.Book) -> Iterable[Entry]:
    return (entry for entries in book.entries.values() for entry in entries)


def _placements(book: books.Book, sites: Mapping[str, tuple[str, str]]) -> dict[str, Placed]:
    steps = {step.value["placement__uuid"]: step.value for step in book.all(PlacementStep)}
    return {
        key: Placed(
            *sites[value["site__uuid"]],
            value["stage__uuid"],
            value["state"],
            date.fromisoformat(value["starts"]),
            date.fromisoformat(value["ends"]),
        )
        for key, value in steps.items()
    }
