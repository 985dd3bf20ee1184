"""Statements of hours: issued once for a stage as it stands, replaced by a newer one, withdrawn."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import Q

from placements import policies, statement_pdf
from placements import statements_queries as queries
from placements.actions import telling
from placements.models import Enrolment, HoursStatement, Stage
from placements.statement_pdf import About
from placements.statements_queries import Figures, Head
from school.core import clock, documents, ledger
from school.core.codes import new_code
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.people import mail
from school.people.addresses import address_of
from school.people.models import Person
from school.people.queries import hats, scopes_with
from school.people.roles import Permission

# How often a statement is begun anew because something was recorded while it was made.
TRIES = 5

STEPS = ("Reading the record", "Setting the page", "Sealing it")


def issue_statement(
    *,
    by: Person,
    enrolment: Enrolment,
    stage: Stage,
    uuid: UUID,
    step: Callable[[int, str], None] = lambda done, doing: None,
) -> HoursStatement:
    """Certifies a stage's hours as they stand, on a sealed PDF; a newer statement replaces an older one.

    While the hours are the same, the statement that stands is given again. Sent again under its UUID
    it gives the first answer. The page is set and sealed with no lock held; the file and the fact are
    written together once the book has proved to be the same. Raises DomainError, NotAllowed, Conflict.
    """
    rule_may_certify(by, enrolment)
    for _ in range(TRIES):
        before = HoursStatement.objects.filter(entry__uuid=uuid, entry__actor=by.uuid).first()
        if before is not None:
            return before  # type: ignore[no-any-return]
        step(0, STEPS[0])
        head = rule_something_recorded(enrolment, stage)
        record = queries.Record(enrolment.pk)
        standing = queries.still_true(enrolment, stage, record)
        if standing is not None:
            return standing
        figures = record.figures(stage.pk)
        about = About(enrolment, stage, head, new_code(), clock.now(), by)
        step(1, STEPS[1])
        pdf = statement_pdf.pages(about, figures)
        step(2, STEPS[2])
        sealed = documents.sealed(pdf, reason="Statement of placement hours")
        written = _write(about, figures, sealed, uuid)
        if written is not None:
            return written
    raise Conflict(
        "Hours were recorded again and again while the statement was made, so none was issued. "
        "Ask for it again in a moment."
    )


def _write(about: About, figures: Figures, pdf: bytes, uuid: UUID) -> HoursStatement | None:
    """Keeps the file and writes the fact, unless the record moved on meanwhile: then neither."""
    enrolment, stage = about.enrolment, about.stage
    draft = Draft(
        fact=HoursStatement(
            enrolment=enrolment,
            stage=stage,
            code=about.code,
            head_seq=about.head.seq,
            head_digest=about.head.hash,
            confirmed_minutes=figures.total.clinical.confirmed,
            brought_forward_minutes=figures.total.brought_forward,
            adjusted_minutes=figures.total.adjusted,
            simulated_minutes=figures.total.simulated_counted,
            digest=documents.digest(pdf),
        ),
        book=enrolment.book,
        about_from=clock.today(),
        uuid=uuid,
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=about.by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        if queries.head_of(enrolment.book) != about.head:
            return None
        standing = queries.still_true(enrolment, stage, queries.Record(enrolment.pk))
        if standing is not None:
            return standing
        return _append(pen, draft, about, pdf)


def _append(pen: Pen, draft: Draft, about: About, pdf: bytes) -> HoursStatement:
    fact: HoursStatement = draft.fact  # type: ignore[assignment]
    fact.supersedes = queries.newest(about.enrolment, about.stage)
    statement_pdf.keep(draft.uuid, pdf)
    pen.append([draft], by=about.by.uuid)
    _tell(fact, "issued")
    return fact


def withdraw_statement(*, by: Person, statement: HoursStatement, uuid: UUID) -> HoursStatement:
    """The statement stands no longer; its file is kept, and its code says so from now on."""
    rule_may_certify(by, statement.enrolment)
    columns = {
        field.attname: getattr(statement, field.attname)
        for field in HoursStatement._meta.local_concrete_fields
        if not field.primary_key
    }
    fact = HoursStatement(**columns | {"withdrawn": True})
    fact.supersedes = statement
    draft = Draft(fact=fact, book=statement.enrolment.book, about_from=clock.today(), uuid=uuid)
    with ledger.writing(statement.enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_still_stands(statement)
        pen.append([draft], by=by.uuid)
        _tell(statement, "withdrawn")
    return fact


def rule_may_certify(by: Person, enrolment: Enrolment) -> None:
    """Who issues and withdraws statements holds a role for it over the student, and is not the student."""
    if policies.owns(by, enrolment):
        raise NotAllowed("These are your own hours. Somebody else states them.")
    allowed = Q(pk__in=[])
    for scope in scopes_with(hats(by), Permission.CERTIFY_HOURS):
        allowed |= policies.in_scope(scope)
    if not Enrolment.objects.filter(allowed, pk=enrolment.pk).exists():
        raise NotAllowed("Your role does not state the hours of this student.")


def rule_something_recorded(enrolment: Enrolment, stage: Stage) -> Head:
    """A statement is of a stage that something was recorded of; gives where the record stands."""
    head = queries.head_of(enrolment.book)
    if head is None or stage not in queries.stages_of(enrolment):
        raise DomainError(
            f"Nothing is on record for {stage.__str__().lower()} yet, so there is nothing to state."
        )
    return head


def rule_still_stands(statement: HoursStatement) -> None:
    """Only a statement that stands can be withdrawn."""
    if HoursStatement.objects.filter(supersedes=statement).exists():
        raise Conflict("This statement was replaced or withdrawn meanwhile. Look at how it stands.")


def _tell(statement: HoursStatement, word: str) -> None:
    """Tell the student, once, that there is something to read; the mail holds no hours."""
    student = statement.enrolment.person
    to = address_of(student)
    if not to:
        return
    mail.owe(
        address=to,
        kind=f"statement_{word}",
        subject=f"A statement of your hours was {word}",
        body=(
            f"A statement of your placement hours was {word}. Read it in the portal:\n"
            f"{telling.page('statements', statement.enrolment.uuid)}"
        ),
        person=student,
        once_key=f"statement_{word}:{statement.entry.uuid}",
    )
