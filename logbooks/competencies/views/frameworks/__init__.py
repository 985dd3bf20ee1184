"""Pages on which a programme lead keeps frameworks, and what they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from logbooks.competencies import policies
from logbooks.competencies.document import Competency, Document, Group, Line, Sort, depths
from logbooks.competencies.formats import FORMATS
from logbooks.competencies.models import ExaminationType, Role
from logbooks.competencies.schedule_3 import SUBJECTS
from logbooks.competencies.views.common import person_of, viewer_of
from school.people.models import Person


def keeper(request: HttpRequest) -> Person:
    """Who keeps frameworks; 403 for everybody else."""
    if not policies.keeps_frameworks(viewer_of(request)):
        raise PermissionDenied("Only a programme lead keeps frameworks.")
    return person_of(request)


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as a page shows it: how deep it is in others, and its own competencies."""

    group: Group
    depth: int
    competencies: Sequence["ShownCompetency"]


@dataclass(frozen=True, slots=True)
class ShownCompetency:
    """A competency as a page shows it, with its level, counts and subjects in words."""

    competency: Competency
    level: str
    stage: str
    counts: Sequence[str]
    subjects: Sequence[str]


def shown(document: Document, tasks: dict[tuple[int, str], str]) -> list[Shown]:
    """The groups of a document with their competencies; one query."""
    types = dict(ExaminationType.objects.values_list("code", "name"))
    levels = {level.code: level.title for level in document.levels}
    inside: dict[str, list[ShownCompetency]] = {}
    for part in document.competencies:
        inside.setdefault(part.parent, []).append(
            ShownCompetency(
                part,
                levels.get(part.level, ""),
                _stage(part, tasks),
                _counts(part, types),
                [SUBJECTS.get(code, code) for code in part.schedule_3],
            )
        )
    return [
        Shown(part, depth, inside.get(part.code, []))
        for depth, part in depths(document)
        if isinstance(part, Group)
    ]


def _stage(part: Competency, tasks: dict[tuple[int, str], str]) -> str:
    if part.year is None:
        return ""
    task = tasks.get((part.year, part.task), part.task)
    return f"Year {part.year}: {task}" if task else f"Year {part.year}"


def _counts(part: Competency, types: dict[str, str]) -> list[str]:
    return [
        f"{count.number} of {types.get(count.examination, count.examination or 'any type')}, "
        f"{Role(count.role).label}"
        for count in part.counts
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """The lines of one sort, under their heading."""

    heading: str
    meaning: str
    lines: Sequence[Line]


HEADINGS = {
    Sort.PROBLEM: ("Problems", "Nothing is taken until these are mended in the file."),
    Sort.REPAIR: ("Repairs", "Made while reading. The draft holds what stands here."),
    Sort.LOSS: ("Not held", "What the portal does not hold, or not as the file says it."),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A format that a document can be taken away in, and what would not be in the file."""

    key: str
    name: str
    losses: Sequence[Line]


def downloads(document: Document, moment: datetime) -> list[Download]:
    """The formats, each with what it cannot carry of this document."""
    return [
        Download(one.key, one.name, one.write(document, moment).lines) for one in FORMATS.values()
    ]


def said(lines: Sequence[Line]) -> list[Said]:
    """Lines by their sort."""
    found = [Said(*HEADINGS[sort], [line for line in lines if line.sort == sort]) for sort in Sort]
    return [one for one in found if one.lines]


def file_of(document: Document, number: str, key: str, moment: datetime) -> HttpResponse:
    """A document as a file of one of the formats, to be kept; 404 for another format."""
    if key not in FORMATS:
        raise Http404
    format = FORMATS[key]
    written = format.write(document, moment)
    response = HttpResponse(written.data, content_type=format.content_type)
    name = f"{document.code}-{number}-{key}.{format.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
