"""What a student does with the whole log book: take a copy away, share it with a named reader, end that."""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from logbooks.competencies import books_queries as queries
from logbooks.competencies.book import content, files, pages, tables
from logbooks.competencies.book.content import Document
from logbooks.competencies.book.record import WORDED, Head, head_of
from logbooks.competencies.models import LogBookCopy, LogEntry, SharedCopy, SharedCopyOpening
from placements import policies as placing
from placements.actions.links import rule_plain_address
from placements.actions.telling import page
from placements.models import Enrolment
from school.core import checkpoint, clock, days, documents, ledger
from school.core.codes import new_code
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.core.ledger import Draft
from school.core.models import Erasure, LedgerEntry
from school.core.rows import rule_same_row
from school.people import mail
from school.people.actions import token_hash
from school.people.models import Person

# How often a copy is begun anew because private words were erased while it was made.
TRIES = 5
STEPS = ("Reading the log book", "Setting the pages", "Sealing it")

LONGEST = timedelta(days=365)
# As many links of one student may be open at once.
MOST_OPEN = 20

GONE = "This link leads nowhere: it has run out, was ended, or a part of it is missing. Ask whoever sent it for a new one."


# Copies -----------------------------------------------------------------------------------------


def take_copy(
    *,
    by: Person,
    enrolment: Enrolment,
    reflections: bool,
    uuid: UUID,
    step: Callable[[int, str], None] = lambda done, doing: None,
) -> LogBookCopy:
    """Makes the three files of the log book as it stands, the PDF sealed, and the fact that vouches for them.

    While nothing else is recorded, the copy that was made before is given again. Sent again under its
    UUID it gives the first answer. The pages are set with no lock held; what is recorded meanwhile is
    not in them. Raises DomainError, NotAllowed, Conflict.
    """
    rule_own_book(by, enrolment)
    for _ in range(TRIES):
        step(0, STEPS[0])
        head = rule_something_recorded(enrolment)
        sent = LogBookCopy.objects.filter(entry__uuid=uuid, entry__actor=by.uuid).first()
        before = sent or queries.copy_at(enrolment, head, reflections=reflections)
        if before is not None:
            return before
        found = content.document(enrolment, head, reflections=reflections)
        code = new_code()
        found = content.with_code(found, code, clock.now(), checkpoint.newest())
        written = _write(enrolment, head, code, made(found, step), by, uuid, reflections)
        if written is not None:
            return written
    raise Conflict(
        "Words of the log book were erased again and again while the copy was made, so none was "
        "kept. Ask for it again in a moment."
    )


def made(found: Document, step: Callable[[int, str], None]) -> dict[str, bytes]:
    """The three files of a document, by format. Raises SealRefused without a key."""
    step(1, STEPS[1])
    pdf = pages.pdf(found)
    step(2, STEPS[2])
    return {
        "pdf": documents.sealed(pdf, reason="Copy of a log book"),
        "json": content.canonical_text(found).encode(),
        "csv": tables.tables(found),
    }


def _write(
    enrolment: Enrolment,
    head: Head,
    code: str,
    made: dict[str, bytes],
    by: Person,
    uuid: UUID,
    reflections: bool,
) -> LogBookCopy | None:
    """Keeps the files and writes the fact, unless words were erased meanwhile: then neither."""
    fact = LogBookCopy(
        enrolment=enrolment,
        code=code,
        reflections=reflections,
        head_seq=head.seq,
        head_digest=head.hash,
        **{f"{format}_digest": documents.digest(data) for format, data in made.items()},
    )
    draft = Draft(fact=fact, book=enrolment.book, about_from=clock.today(), uuid=uuid)
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        before = queries.copy_at(enrolment, head, reflections=reflections)
        if before is not None:
            return before
        if not rule_nothing_erased(enrolment, head):
            return None
        files.keep(code, made)
        pen.append([draft], by=by.uuid)
    return fact


def rule_own_book(by: Person, enrolment: Enrolment) -> None:
    """A log book is its student's to take away and to share."""
    if not placing.owns(by, enrolment):
        raise NotAllowed("A log book is its student’s to take away and to share.")


def rule_something_recorded(enrolment: Enrolment) -> Head:
    """There is something to take away; gives where the record stands."""
    head = head_of(enrolment.book)
    if head is None:
        raise DomainError("Nothing is on record yet, so there is nothing to take away.")
    return head


def rule_nothing_erased(enrolment: Enrolment, head: Head) -> bool:
    """No copy is kept of which private words were erased while it was made; says whether none were."""
    erased = LedgerEntry.objects.filter(book=enrolment.book, kind=Erasure.KIND, seq__gt=head.seq)
    return not erased.exists()


def forget_erased(erasure: UUID) -> None:
    """Takes the files of the copies away in which words stand that were erased; their codes go on being answered."""
    fact = Erasure.objects.select_related("erased").get(entry__uuid=erasure)
    copies = LogBookCopy.objects.filter(
        enrolment__book=fact.erased.book_id,
        head_seq__gte=fact.erased.seq,
        head_seq__lt=fact.entry.seq,
    )
    if fact.erased.kind == LogEntry.KIND:
        copies = copies.filter(reflections=True)
    elif fact.erased.kind not in WORDED:
        return
    for copy in copies:
        files.remove(copy)


# Sharing ----------------------------------------------------------------------------------------


def share_copy(
    *,
    by: Person,
    copy: LogBookCopy,
    name: str,
    address: str,
    purpose: str,
    ends_on: date,
    uuid: UUID,
) -> SharedCopy:
    """Sends a named reader a link to a copy, which works through a day; only the hash of its token stays.

    The same UUID gives the first link again and sends nothing. Raises DomainError and NotAllowed.
    """
    rule_own_book(by, copy.enrolment)
    sent = {
        "copy_id": copy.pk,
        "name": name.strip(),
        "address": address.strip().lower(),
        "purpose": purpose.strip(),
        "ends_on": ends_on,
    }
    rule_plain_address(sent["address"])
    for field in ("name", "purpose"):
        rule_no_nhs_number(str(sent[field]), field=field)
    rule_ends(ends_on)
    rule_still_kept(copy)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        before = SharedCopy.objects.filter(uuid=uuid).first()
        if before is None:
            rule_few_open(copy.enrolment)
            try:
                with transaction.atomic():
                    share = SharedCopy.objects.create(
                        uuid=uuid, token_hash=token_hash(token), **sent
                    )
            except IntegrityError:
                # The same form came twice at once; the other one has sent the mail.
                before = SharedCopy.objects.get(uuid=uuid)
            else:
                _send(by, share, token)
                return share
        rule_same_row(before, sent)
    return before


def _send(by: Person, share: SharedCopy, token: str) -> None:
    mail.owe(
        address=share.address,
        kind="shared_copy_link",
        subject="A log book to read",
        body=(
            f"{by.name} shares a copy of their PET-CT log book with you. Read it here:\n"
            f"{page('shared_log_book', token)}\n\n"
            f"The link works until the end of {days.long_date(share.ends_on)}, unless it is ended before. "
            "Each opening is written down and shown to the student. You need no account. "
            "If you did not expect this, do nothing."
        ),
        once_key=f"shared_copy_link:{share.uuid}",
    )


def rule_ends(ends_on: date) -> None:
    """A link ends on a day from today to a year ahead."""
    if not clock.today() <= ends_on <= clock.today() + LONGEST:
        raise DomainError(
            "Enter a day from today to a year ahead, after which the link no longer works.",
            field="ends_on",
        )


def rule_few_open(enrolment: Enrolment) -> None:
    """A student has at most 20 links open at once, so that nobody is written to without end."""
    if queries.open_shares().filter(copy__enrolment=enrolment).count() >= MOST_OPEN:
        raise DomainError(
            f"You have {MOST_OPEN} links open. End one that is no longer needed, then share this copy."
        )


def rule_still_kept(copy: LogBookCopy) -> None:
    """A copy is shared while its files are there: those of one with words that were erased are not."""
    if files.kept(copy, "pdf") is None:
        raise Conflict(
            "The files of this copy are there no longer. Make a new copy and share that."
        )


def end_sharing(*, by: Person, share: SharedCopy) -> SharedCopy:
    """The link opens nothing from now on; who opened it until now stays written down."""
    rule_own_book(by, share.copy.enrolment)
    with transaction.atomic():
        kept = SharedCopy.objects.select_for_update().get(pk=share.pk)
        if kept.ended_at is None:
            kept.ended_at = clock.now()
            kept.save(update_fields=["ended_at"])
    return kept


def open_shared(*, token: str, what: str) -> SharedCopy:
    """The link of a token, its opening written down. Raises DomainError when it opens nothing."""
    found = (
        queries.open_shares()
        .filter(token_hash=token_hash(token))
        .select_related(
            "copy__entry", "copy__enrolment__person", "copy__enrolment__cohort__programme"
        )
        .first()
    )
    if found is None:
        raise DomainError(GONE)
    SharedCopyOpening.objects.create(share=found, what=what)
    return found
