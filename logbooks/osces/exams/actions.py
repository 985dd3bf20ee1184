"""Exams designed, read by a second person and frozen in a fact that never changes."""

from datetime import date
from uuid import UUID

from django.db import transaction

from logbooks.osces import sealing
from logbooks.osces.exams import document as documents
from logbooks.osces.exams import queries
from logbooks.osces.exams.document import Document
from logbooks.osces.models import Exam, ExamFrozen, ExamPlace
from logbooks.osces.stations.actions import HasProblems, rule_runs_osces
from school.core import clock, ledger
from school.core.errors import Conflict, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.core.ledger import Draft
from school.core.models import Book
from school.core.rows import rule_same_row
from school.people.models import Person
from school.people.queries import identity

State = Exam.State


def start(*, by: Person, title: str, day: date, year: int, document: Document, uuid: UUID) -> Exam:
    """A new exam with a book of its own; the same form sent twice makes one. Raises NotAllowed, and Conflict for other content under the UUID."""
    rule_runs_osces(by)
    content = _sayable(title, document)
    with transaction.atomic():
        before = Exam.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_row(before, {"title": title, "day": day, "year": year, "design": content})
            return before
        book = Book.objects.create(kind=Book.Kind.EVENT)
        return Exam.objects.create(
            uuid=uuid, book=book, title=title, day=day, year=year, design=content, written_by=by
        )


def write(
    *, by: Person, exam: Exam, title: str, day: date, year: int, document: Document, seen: str
) -> Exam:
    """Writes an exam anew; `seen` stands for what was shown to the person who wrote. Raises Conflict when somebody else wrote meanwhile."""
    rule_runs_osces(by)
    content = _sayable(title, document)
    with transaction.atomic():
        exam = _locked(exam)
        if (exam.title, exam.day, exam.year, exam.design) == (title, day, year, content):
            return exam
        rule_being_written(exam)
        rule_seen(exam, seen)
        exam.title, exam.day, exam.year, exam.design = title, day, year, content
        exam.written_by = by
        exam.save()
    return exam


def submit(*, by: Person, exam: Exam, seen: str) -> Exam:
    """Gives an exam to a second reader. Raises HasProblems."""
    rule_runs_osces(by)
    with transaction.atomic():
        exam = _locked(exam)
        if exam.state == State.IN_REVIEW:
            return exam
        rule_being_written(exam)
        rule_seen(exam, seen)
        rule_no_problem(queries.designed(exam))
        exam.state = State.IN_REVIEW
        exam.save()
    return exam


def give_back(*, by: Person, exam: Exam) -> Exam:
    """Gives an exam back to be written on."""
    rule_runs_osces(by)
    with transaction.atomic():
        exam = _locked(exam)
        rule_not_frozen(exam)
        if exam.state == State.IN_REVIEW:
            exam.state = State.DRAFT
            exam.save()
    return exam


def drop(*, by: Person, exam: Exam) -> Exam:
    """Lets an exam go that was never frozen; it stays readable in its history."""
    rule_runs_osces(by)
    with transaction.atomic():
        exam = _locked(exam)
        rule_not_frozen(exam)
        if exam.state != State.DROPPED:
            exam.state = State.DROPPED
            exam.save()
    return exam


def freeze(*, by: Person, exam: Exam, uuid: UUID, seen: str) -> ExamFrozen:
    """Freezes the design that a second person has read, for ever; `uuid` is the fact's own, made by the client.

    Raises NotAllowed for whoever wrote on it, HasProblems, and Conflict when it changed meanwhile.
    """
    rule_runs_osces(by)
    with ledger.writing(exam.book, answering=[uuid]) as pen:
        exam = _locked(exam)
        document = queries.designed(exam)
        fact = ExamFrozen(
            exam=exam,
            document=sealing.canonical(document),
            digest=sealing.digest(document),
            written_by=exam.written_by,
        )
        draft = Draft(fact=fact, book=exam.book, about_from=clock.today(), uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_in_review(exam)
        rule_seen(exam, seen)
        rule_second_person(by, exam)
        rule_no_problem(document)
        pen.append([draft], by=by.uuid)
        ExamPlace.objects.bulk_create(_places(exam, document))
        exam.state = State.FROZEN
        exam.save()
    return fact


def _places(exam: Exam, document: Document) -> list[ExamPlace]:
    published = queries.published(document.versions)
    known = queries.known(published)
    return [
        ExamPlace(
            exam=exam,
            number=number,
            kind=place.kind,
            version=published[place.version].version if place.version else None,
            minutes=documents.minutes_at(place, known),
        )
        for number, place in enumerate(document.places, start=1)
    ]


def _sayable(title: str, document: Document) -> str:
    """The document as text. What was typed of it holds no NHS number; a digest has digits that say nothing."""
    rule_no_nhs_number(title, field="title")
    for place in document.places:
        rule_no_nhs_number(place.instructions, field="")
    return sealing.canonical(document)


def _locked(exam: Exam) -> Exam:
    rows = Exam.objects.select_related("written_by", "book", "frozen")
    return rows.select_for_update(of=("self",)).get(pk=exam.pk)


def rule_being_written(exam: Exam) -> None:
    """Only an exam that is with no second reader and not frozen is written on."""
    if exam.state == State.IN_REVIEW:
        raise Conflict("A second reader has this exam. Give it back before you write on it.")
    if exam.state != State.DRAFT:
        raise Conflict(f"This exam is {exam.get_state_display()}, so nobody writes on it.")


def rule_not_frozen(exam: Exam) -> None:
    """What is frozen is neither given back nor dropped."""
    if exam.state == State.FROZEN:
        raise Conflict("This exam is frozen. Its design never changes.")


def rule_in_review(exam: Exam) -> None:
    """Only what waits for a second reader is frozen."""
    if exam.state != State.IN_REVIEW:
        raise Conflict("This exam does not wait for a second reader. Look at it again.")


def rule_seen(exam: Exam, seen: str) -> None:
    """An exam is changed and frozen as it was shown."""
    if queries.seen(exam) != seen:
        raise Conflict("Somebody changed this exam meanwhile. Look at it as it is now.")


def rule_no_problem(document: Document) -> None:
    """An exam without stations, or with a circuit that cannot be walked, goes to nobody."""
    found = queries.problems(document)
    if found:
        raise HasProblems(found)


def rule_second_person(by: Person, exam: Exam) -> None:
    """Whoever wrote on an exam does not freeze it."""
    if Exam.objects.filter(queries.wrote(identity(by)), pk=exam.pk).exists():
        raise NotAllowed(queries.YOURS)
