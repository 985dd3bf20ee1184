"""Frameworks written, read by a second person and published in versions that never change."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from logbooks.competencies import document as documents
from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies import policies
from logbooks.competencies.document import Competency as Wanted
from logbooks.competencies.document import Document, Line, Sort
from logbooks.competencies.formats import own
from logbooks.competencies.models import (
    Competency,
    ExaminationType,
    Framework,
    FrameworkDraft,
    FrameworkVersion,
    Group,
    Level,
    RequiredCount,
)
from placements import reference
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.rows import rule_same_row
from school.people.models import Person
from school.people.queries import hats, identity

State = FrameworkDraft.State

# What may follow on each state; a published draft and a dropped one stay so.
MOVES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.IN_REVIEW, State.DROPPED}),
    State.IN_REVIEW: frozenset({State.DRAFT, State.PUBLISHED, State.DROPPED}),
    State.PUBLISHED: frozenset(),
    State.DROPPED: frozenset(),
}


class HasProblems(DomainError):
    """A document cannot be taken as it is; `lines` say why."""

    def __init__(self, lines: Sequence[Line]) -> None:
        first = lines[0]
        more = f" There are {len(lines) - 1} more problems." if len(lines) > 1 else ""
        super().__init__(f"{first.where}: {first.words}{more}")
        self.lines = lines


def start_draft(*, by: Person | None, document: Document, uuid: UUID) -> FrameworkDraft:
    """Opens the next version of the framework of the document's code, which is made when it is new.

    `by` is none for the command. Raises HasProblems, and Conflict while another draft of it is open.
    """
    rule_may_keep(by)
    content = documents.canonical(document)
    with transaction.atomic():
        before = FrameworkDraft.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_row(before, {"content": content})
            return before
        rule_no_problem(document)
        framework, _ = Framework.objects.select_for_update().get_or_create(
            code=document.code, defaults={"name": document.title}
        )
        rule_none_open(framework)
        return FrameworkDraft.objects.create(
            uuid=uuid, framework=framework, content=content, written_by=by
        )


def replace_draft(
    *, by: Person, draft: FrameworkDraft, document: Document, seen: str
) -> FrameworkDraft:
    """Writes an open draft anew; `seen` is the digest of what was shown to the person who wrote.

    Raises HasProblems, and Conflict when somebody else wrote meanwhile.
    """
    rule_may_keep(by)
    with transaction.atomic():
        draft = _locked(draft)
        if draft.content == documents.canonical(document):
            return draft
        rule_being_written(draft)
        rule_seen(draft, seen)
        rule_no_problem(document)
        rule_same_framework(draft, document)
        draft.content = documents.canonical(document)
        draft.written_by = by
        draft.save()
    return draft


def put_competency(
    *, by: Person, draft: FrameworkDraft, code: str, wanted: Wanted, seen: str
) -> FrameworkDraft:
    """Words a competency of a draft anew, or adds it when `code` is empty; the one that was added before is left so."""
    before = queries.draft_document(draft)
    if not code and wanted in before.parts:
        return draft
    after = documents.replaced(before, code, wanted) if code else documents.added(before, wanted)
    rule_code_is_free(after, wanted)
    return replace_draft(by=by, draft=draft, document=_tidied(after), seen=seen)


def remove_competency(*, by: Person, draft: FrameworkDraft, code: str, seen: str) -> FrameworkDraft:
    """Takes a competency out of a draft; a group that is empty then goes with it."""
    after = documents.without(queries.draft_document(draft), code)
    return replace_draft(by=by, draft=draft, document=_tidied(after), seen=seen)


def _tidied(document: Document) -> Document:
    """The document as a file of it would be read: what is typed obeys the same rules as what is imported."""
    reading = own.read_json(own.write_json(document).data)
    if reading.document is None:
        raise HasProblems(reading.of(Sort.PROBLEM))
    return reading.document


def submit_draft(*, by: Person, draft: FrameworkDraft, seen: str) -> FrameworkDraft:
    """Gives a draft to a second reader. Raises DomainError when it says what is published already."""
    rule_may_keep(by)
    with transaction.atomic():
        draft = _locked(draft)
        if draft.state == State.IN_REVIEW:
            return draft
        rule_seen(draft, seen)
        rule_no_problem(queries.draft_document(draft))
        rule_says_something_new(draft)
        return _move(draft, State.IN_REVIEW)


def return_draft(*, by: Person, draft: FrameworkDraft) -> FrameworkDraft:
    """Gives a draft back to be written on."""
    rule_may_keep(by)
    with transaction.atomic():
        draft = _locked(draft)
        return draft if draft.state == State.DRAFT else _move(draft, State.DRAFT)


def drop_draft(*, by: Person, draft: FrameworkDraft) -> FrameworkDraft:
    """Lets a draft go; it stays readable in its history."""
    rule_may_keep(by)
    with transaction.atomic():
        draft = _locked(draft)
        return draft if draft.state == State.DROPPED else _move(draft, State.DROPPED)


def publish_draft(*, by: Person, draft: FrameworkDraft, uuid: UUID, seen: str) -> FrameworkVersion:
    """Publishes what a second person has read, from today on; `uuid` is the version's own, made by the client.

    Whoever has begun stays on their version. Raises NotAllowed for who wrote the draft last.
    """
    rule_may_keep(by)
    with transaction.atomic():
        draft = _locked(draft)
        before = FrameworkVersion.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_row(before, {"framework": draft.framework, "document": draft.content})
            return before
        rule_seen(draft, seen)
        rule_second_person(by, draft)
        document = queries.draft_document(draft)
        rule_no_problem(document)
        _move(draft, State.PUBLISHED)
        return write_version(
            framework=draft.framework,
            document=document,
            uuid=uuid,
            published_on=clock.today(),
            written_by=draft.written_by,
            reviewed_by=by,
        )


def write_version(
    *,
    framework: Framework,
    document: Document,
    uuid: UUID,
    published_on: date,
    written_by: Person | None = None,
    reviewed_by: Person | None = None,
) -> FrameworkVersion:
    """Writes the next version with all that it holds, inside the caller's transaction."""
    last = queries.newest(framework)
    version = FrameworkVersion.objects.create(
        uuid=uuid,
        framework=framework,
        number=last.number + 1 if last else 1,
        published_on=published_on,
        title=document.title,
        source=document.source,
        digest=documents.digest(document),
        document=documents.canonical(document),
        written_by=written_by,
        reviewed_by=reviewed_by,
    )
    if framework.name != document.title:
        framework.name = document.title
        framework.save()
    levels = Level.objects.bulk_create(
        Level(version=version, position=place, code=level.code, title=level.title)
        for place, level in enumerate(document.levels, start=1)
    )
    _write_competencies(
        version, document, _write_groups(version, document), {row.code: row for row in levels}
    )
    reference.forget()
    return version


def _write_groups(version: FrameworkVersion, document: Document) -> dict[str, Group]:
    """The groups, those that hold others first, so that each finds the one that it is in."""
    made: dict[str, Group] = {}
    places = {group.code: place for place, group in enumerate(document.groups, start=1)}
    waiting = document.groups
    while waiting:
        ready = [group for group in waiting if not group.parent or group.parent in made]
        rows = Group.objects.bulk_create(
            Group(
                version=version,
                parent=made.get(group.parent),
                identifier=group.identifier,
                position=places[group.code],
                code=group.code,
                title=group.title,
                description=group.description,
            )
            for group in ready
        )
        made |= {row.code: row for row in rows}
        waiting = [group for group in waiting if group.code not in made]
    return made


def _write_competencies(
    version: FrameworkVersion,
    document: Document,
    groups: dict[str, Group],
    levels: dict[str, Level],
) -> None:
    types = {row.code: row for row in ExaminationType.objects.all()}
    rows = Competency.objects.bulk_create(
        Competency(
            version=version,
            group=groups[part.parent],
            identifier=part.identifier,
            position=place,
            code=part.code,
            title=part.title,
            description=part.description,
            year=part.year,
            task=part.task,
            level=levels.get(part.level),
            schedule_3=list(part.schedule_3),
            source=part.source,
        )
        for place, part in enumerate(document.competencies, start=1)
    )
    RequiredCount.objects.bulk_create(
        RequiredCount(
            competency=row,
            examination=types[count.examination] if count.examination else None,
            role=count.role,
            number=count.number,
        )
        for row, part in zip(rows, document.competencies, strict=True)
        for count in part.counts
    )


def _locked(draft: FrameworkDraft) -> FrameworkDraft:
    rows = FrameworkDraft.objects.select_for_update(of=("self",))
    return rows.select_related("framework", "written_by").get(pk=draft.pk)


def _move(draft: FrameworkDraft, state: FrameworkDraft.State) -> FrameworkDraft:
    rule_move(draft, state)
    draft.state = state
    draft.save()
    return draft


def rule_may_keep(by: Person | None) -> None:
    """Frameworks are kept by those whose role says so; the command stands for nobody."""
    if by is not None and not policies.keeps(hats(by)):
        raise NotAllowed("Only a programme lead keeps frameworks.")


def rule_no_problem(document: Document) -> None:
    """A document names only what the portal has."""
    lines = queries.problems(document)
    if lines:
        raise HasProblems(lines)


def rule_none_open(framework: Framework) -> None:
    """One draft of a framework is open at a time."""
    if queries.open_drafts().filter(framework=framework).exists():
        raise Conflict(
            f"A draft of {framework.name} is open. Publish or drop it first, or change it where it stands."
        )


def rule_being_written(draft: FrameworkDraft) -> None:
    """What a second reader reads stays as it is until they are done."""
    if draft.state != State.DRAFT:
        raise Conflict(
            "This draft is not being written: it waits for its second reader, or it is closed. Take it back first."
        )


def rule_seen(draft: FrameworkDraft, seen: str) -> None:
    """Whoever writes, submits or publishes has seen the draft as it is."""
    if documents.digest(queries.draft_document(draft)) != seen:
        raise Conflict(
            "Somebody changed this draft meanwhile. Look at it as it is now, and do it again."
        )


def rule_same_framework(draft: FrameworkDraft, document: Document) -> None:
    """A draft stays a draft of its framework."""
    if document.code != draft.framework.code:
        raise DomainError(
            f"This is the draft of “{draft.framework.code}”, and the file holds “{document.code}”.",
            field="file",
        )


def rule_code_is_free(document: Document, wanted: Wanted) -> None:
    """A code names one part of a framework."""
    if sum(part.code == wanted.code for part in document.parts) > 1:
        raise DomainError("Another part of this framework has this code.", field="code")


def rule_says_something_new(draft: FrameworkDraft) -> None:
    """A version differs from the one before it."""
    last = queries.newest(draft.framework)
    if last is not None and last.document == draft.content:
        raise DomainError(f"This says the same as version {last.number}. Change something first.")


def rule_second_person(by: Person, draft: FrameworkDraft) -> None:
    """Who wrote on a draft does not publish it."""
    if queries.wrote(identity(by), draft):
        raise NotAllowed(
            "You wrote on this draft. A second person, who did not, reads and publishes it."
        )


def rule_move(draft: FrameworkDraft, state: FrameworkDraft.State) -> None:
    """A draft goes the ways that it has."""
    if state not in MOVES[draft.state]:
        raise Conflict(f"This draft is {draft.get_state_display()}.")
