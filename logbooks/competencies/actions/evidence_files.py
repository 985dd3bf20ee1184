"""Files beside an examination: put there by its student, and taken away; what was signed with one waits anew."""

from uuid import UUID

from django.db import transaction

from logbooks.competencies import log_queries
from logbooks.competencies.actions.asking import ask_again
from logbooks.competencies.actions.log import rule_own_log
from logbooks.competencies.models import EvidenceFile, LogEntry
from school.core import documents, evidence, ledger
from school.core.errors import Conflict, DomainError
from school.core.evidence import EvidenceRefused
from school.core.ledger import Draft
from school.people.models import Person

# As many files as an examination has at once.
MOST = 5


def put_beside(*, by: Person, entry: LogEntry, data: bytes, uuid: UUID) -> EvidenceFile:
    """Keeps a picture, without what the camera wrote into it, or a PDF beside an examination.

    Where the examination is evidence of a sign-off, that is asked for again with the file. Raises
    EvidenceRefused with the reason, DomainError, NotAllowed or Conflict.
    """
    rule_own_log(by, entry.enrolment)
    kept = evidence.taken_in(data)
    found = evidence.kind_of(kept)
    assert found is not None
    fact = EvidenceFile(
        examination=entry,
        digest=documents.digest(kept),
        content_type=found[0],
        size=len(kept),
    )
    draft = _draft(fact, uuid)
    with ledger.writing(entry.enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_not_taken_back(entry)
        rule_few(entry)
        documents.keep(log_queries.FOLDER, str(uuid), kept)
        pen.append([draft], by=by.uuid)
        ask_again(pen, log_queries.newest(entry), fact)
    return fact


def take_away(*, by: Person, file: EvidenceFile, uuid: UUID) -> EvidenceFile:
    """Takes a file away, and the record says that it was there; what it was evidence of is asked for again.

    It is gone for good, but where it was signed as evidence: then it stays with what was signed.
    """
    entry = file.examination
    rule_own_log(by, entry.enrolment)
    fact = EvidenceFile(
        examination=entry,
        digest=file.digest,
        content_type=file.content_type,
        size=file.size,
        withdrawn=True,
        supersedes=file,
    )
    draft = _draft(fact, uuid)
    with ledger.writing(entry.enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_still_there(file)
        pen.append([draft], by=by.uuid)
        ask_again(pen, log_queries.newest(entry), fact)
        if not log_queries.is_signed(file):
            transaction.on_commit(
                lambda: documents.remove(log_queries.FOLDER, str(file.entry.uuid))
            )
    return fact


def _draft(fact: EvidenceFile, uuid: UUID) -> Draft:
    day = fact.examination.entry.about_from
    return Draft(fact=fact, book=fact.examination.enrolment.book, about_from=day, uuid=uuid)


def rule_not_taken_back(entry: LogEntry) -> None:
    """Nothing is put beside an examination that was taken back."""
    rows = LogEntry.objects.filter(enrolment=entry.enrolment_id, case_number=entry.case_number)
    if rows.filter(withdrawn=True).exists():
        raise DomainError("This examination was taken back. Nothing is put beside it any more.")


def rule_few(entry: LogEntry) -> None:
    """An examination has a few files at once."""
    if log_queries.files_of(entry).count() >= MOST:
        raise EvidenceRefused(
            f"This examination has {MOST} files already. Take one away first.", field="evidence"
        )


def rule_still_there(file: EvidenceFile) -> None:
    """What was taken away is not taken away again."""
    if file.withdrawn or EvidenceFile.objects.filter(supersedes=file).exists():
        raise Conflict("This file was taken away meanwhile. Nothing was changed.")
