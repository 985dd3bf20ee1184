"""Frameworks as those who keep them see them: versions, open drafts, and the documents that they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from logbooks.competencies import document as documents
from logbooks.competencies.document import Competency, Count, Document, Group, Level, Line, Sort
from logbooks.competencies.models import Competency as ModelOfCompetency
from logbooks.competencies.models import (
    ExaminationType,
    Framework,
    FrameworkDraft,
    FrameworkVersion,
)
from placements.models import StageTask
from school.core.registries import Competency as Offered


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """A framework in the list: its published versions, the newest first, and the draft that is open."""

    framework: Framework
    versions: Sequence[FrameworkVersion]
    draft: FrameworkDraft | None


def listed() -> list[FrameworkLine]:
    """Every framework, in the order of their names; three queries."""
    versions = FrameworkVersion.objects.annotate(size=CountOf("competencies")).order_by("-number")
    drafts = FrameworkDraft.objects.filter(state__in=FrameworkDraft.OPEN).select_related(
        "written_by"
    )
    rows = Framework.objects.order_by("name").prefetch_related(
        Prefetch("versions", versions.defer("document")), Prefetch("drafts", drafts)
    )
    return [
        FrameworkLine(row, list(row.versions.all()), next(iter(row.drafts.all()), None))
        for row in rows
    ]


def open_drafts() -> QuerySet[FrameworkDraft]:
    """The drafts that are written or waiting for a second reader."""
    rows = FrameworkDraft.objects.filter(state__in=FrameworkDraft.OPEN)
    return rows.select_related("framework", "written_by")


def wrote(me: Collection[int], draft: FrameworkDraft) -> bool:
    """Whether any of these people wrote on a draft; who only opened it did not. Two queries."""
    last = newest(draft.framework)
    rows = FrameworkDraft.history.filter(id=draft.pk, written_by__in=me)
    return bool(rows.exclude(content=last.document if last else "").exists())


def newest(framework: Framework) -> FrameworkVersion | None:
    """The newest published version; none before the first."""
    return framework.versions.order_by("-number").first()


def offered() -> list[Offered]:
    """The competencies of the newest version of every framework; one query."""
    later = FrameworkVersion.objects.filter(
        framework=OuterRef("version__framework"), number__gt=OuterRef("version__number")
    )
    rows = ModelOfCompetency.objects.filter(~Exists(later)).order_by(
        "version__framework__name", "position"
    )
    found = rows.values_list("version__framework__name", "code", "title")
    return [Offered(*row) for row in found]


def document_of(version: FrameworkVersion) -> Document:
    """The document that a version was published from; of one without, what its rows say."""
    if version.document:
        return documents.from_canonical(version.document)
    return from_rows(version)


def from_rows(version: FrameworkVersion) -> Document:
    """A version as its rows say it: group by group, as they stand."""
    groups = list(version.groups.select_related("parent"))
    rows = version.competencies.select_related("group", "level").prefetch_related(
        "counts__examination"
    )
    parts: list[documents.Part] = [
        Group(
            group.identifier,
            group.code,
            group.title,
            group.parent.code if group.parent else "",
            group.description,
        )
        for group in groups
    ]
    made = Document(
        identifier=version.framework.uuid,
        code=version.framework.code,
        title=version.title,
        source=version.source,
        levels=tuple(Level(level.code, level.title) for level in version.levels.all()),
        parts=tuple(parts),
    )
    for row in rows:
        made = documents.added(
            made,
            Competency(
                row.identifier,
                row.code,
                row.title,
                row.group.code,
                row.description,
                row.year,
                row.task,
                row.level.code if row.level else "",
                tuple(
                    Count(
                        count.number,
                        count.role,
                        count.examination.code if count.examination else "",
                    )
                    for count in row.counts.all()
                ),
                tuple(row.schedule_3),
                row.source,
            ),
        )
    return made


def draft_document(draft: FrameworkDraft) -> Document:
    """What a draft holds."""
    return documents.from_canonical(draft.content)


def tasks() -> dict[tuple[int, str], str]:
    """The titles of the stages' tasks that programmes have, by year and code."""
    rows = StageTask.objects.order_by("pk").values_list("stage__year", "code", "title")
    return {(year, code): title for year, code, title in rows}


def problems(document: Document) -> list[Line]:
    """Why the portal cannot hold a document that could be read; three queries."""
    return [*rule_codes_stay(document), *_unknown(document)]


def rule_codes_stay(document: Document) -> list[Line]:
    """A code that a version gave to one competency is never another's: examinations say by code what they touch."""
    rows = ModelOfCompetency.objects.filter(version__framework__code=document.code)
    before = {
        code: (identifier, title, number)
        for code, identifier, title, number in rows.order_by("version__number").values_list(
            "code", "identifier", "title", "version__number"
        )
    }
    lines = []
    for part in document.competencies:
        identifier, title, number = before.get(part.code, (part.identifier, "", 0))
        if identifier != part.identifier:
            words = f"Version {number} has this code for “{title[:60]}”. Give this competency a code of its own."
            lines.append(Line(Sort.PROBLEM, "code-of-another", _where(part), words))
    return lines


def _where(part: Competency) -> str:
    return f"{part.code} {part.title[:60]}"


def _unknown(document: Document) -> list[Line]:
    """What a document names that the portal does not have: types of examination, and tasks of a stage."""
    types = set(ExaminationType.objects.values_list("code", flat=True))
    known = set(tasks())
    lines = []
    for part in document.competencies:
        where = _where(part)
        for count in part.counts:
            if count.examination and count.examination not in types:
                words = f"It counts examinations of the type “{count.examination}”, which the portal does not have."
                lines.append(Line(Sort.PROBLEM, "unknown-examination", where, words))
        if part.task and (part.year, part.task) not in known:
            year = f"year {part.year}" if part.year else "no year"
            words = f"It is part of the task “{part.task}” of {year}, which no programme has."
            lines.append(Line(Sort.PROBLEM, "unknown-task", where, words))
    return lines
