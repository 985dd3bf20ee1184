"""Causes for concern: raise one, name its readers, say what was done about it, close it."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid5

from placements import concerns_queries as reads
from placements.actions import telling
from placements.models import Concern, ConcernReader, ConcernStep, Placement
from placements.taking_part import TakesPart, taking_part
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity

Outcome = ConcernStep.Outcome


def raise_concern(
    *,
    by: Person,
    placement: Placement,
    words: str,
    readers: Sequence[Person],
    uuid: UUID,
) -> Concern:
    """Raises a concern about a placement; it is read by whoever raises it and by `readers` alone.

    Raises DomainError (with the form's field), NotAllowed or Conflict; nothing is saved then.
    """
    book = placement.enrolment.book
    concern = Concern(placement=placement, person=by)
    today = clock.today()
    draft = Draft(
        fact=concern, book=book, about_from=today, uuid=uuid, texts={"words": words.strip()}
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        part = taking_part(by, placement)
        rule_may_raise(part)
        rule_may_be_named(placement, readers)
        rule_somebody_reads(part, placement, readers)
        named = [
            Draft(
                fact=ConcernReader(concern=concern, person=person),
                book=book,
                about_from=today,
                uuid=uuid5(uuid, str(person.uuid)),
            )
            for person in readers
            if person.pk not in part.me
        ]
        pen.append([draft, *named], by=by.uuid)
        for person in reads.addressees(concern, without=by):
            _tell(person, uuid)
    return concern


def name_reader(*, by: Person, concern: Concern, person: Person, uuid: UUID) -> ConcernReader:
    """Lets somebody else read a concern, from its beginning on."""
    fact = ConcernReader(concern=concern, person=person)
    book = concern.placement.enrolment.book
    draft = Draft(fact=fact, book=book, about_from=concern.entry.about_from, uuid=uuid)
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        me = identity(by)
        rule_reads(me, concern)
        rule_names_readers(me, concern)
        rule_open(concern)
        rule_may_be_named(concern.placement, [person])
        rule_not_named_yet(concern, person)
        pen.append([draft], by=by.uuid)
        if person.user and person.user.is_active:
            _tell(person, uuid)
    return fact


def take_step(*, by: Person, concern: Concern, outcome: str, words: str, uuid: UUID) -> ConcernStep:
    """Says what was done about a concern; an outcome closes it."""
    fact = ConcernStep(concern=concern, person=by, outcome=outcome)
    book = concern.placement.enrolment.book
    draft = Draft(
        fact=fact,
        book=book,
        about_from=concern.entry.about_from,
        uuid=uuid,
        texts={"words": words.strip()},
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        me = identity(by)
        rule_reads(me, concern)
        rule_open(concern)
        if outcome != Outcome.NOTE:
            rule_not_own_to_close(me, concern)
        pen.append([draft], by=by.uuid)
        for person in reads.addressees(concern, without=by):
            _tell(person, uuid)
    return fact


def rule_may_raise(part: TakesPart) -> None:
    """A concern is raised by the student, by who supervises them, and by the roles that look after them."""
    if not part.may_raise:
        raise NotAllowed("You do not take part in this placement.")


def rule_may_be_named(placement: Placement, people: Sequence[Person]) -> None:
    """Readers hold a role that reads concerns over the placement; the student may be one."""
    allowed = {found.person.pk for found in reads.candidates(placement)}
    allowed.add(placement.enrolment.person_id)
    for person in people:
        if person.pk not in allowed:
            raise DomainError(
                f"{person.name} cannot be named: no role of theirs looks after this placement.",
                field="readers",
            )


def rule_somebody_reads(part: TakesPart, placement: Placement, readers: Collection[Person]) -> None:
    """A concern reaches somebody who can act on it, beside the student."""
    others = [p for p in readers if p.pk not in part.me and p.pk != placement.enrolment.person_id]
    if not others and not part.reads_concerns:
        raise DomainError("Choose at least one person who reads it.", field="readers")


def rule_reads(me: Collection[int], concern: Concern) -> None:
    """Only who raised a concern and its named readers do anything about it."""
    if not reads.readable(me).filter(pk=concern.pk).exists():
        raise NotAllowed("This concern is not yours to read.")


def rule_names_readers(me: Collection[int], concern: Concern) -> None:
    """A student who was only let in to read does not let others in."""
    if not names_readers(me, concern):
        raise NotAllowed("Whoever raised this concern, or another of its readers, names readers.")


def names_readers(me: Collection[int], concern: Concern) -> bool:
    """Whether a reader may name others: all but a student who did not raise it."""
    return concern.person_id in me or concern.placement.enrolment.person_id not in me


def rule_not_own_to_close(me: Collection[int], concern: Concern) -> None:
    """A student does not close a concern about their own placement."""
    if concern.placement.enrolment.person_id in me:
        raise NotAllowed("Another reader closes a concern about your own placement.")


def rule_open(concern: Concern) -> None:
    """A closed concern is history."""
    closing = (
        ConcernStep.objects.filter(concern=concern)
        .exclude(outcome=Outcome.NOTE)
        .select_related("person")
        .first()
    )
    if closing is not None:
        raise Conflict(
            f"{closing.person.name} has closed this concern meanwhile: "
            f"{closing.get_outcome_display()}."
        )


def rule_not_named_yet(concern: Concern, person: Person) -> None:
    """Nobody is named twice."""
    them = identity(person)
    if (
        concern.person_id in them
        or ConcernReader.objects.filter(concern=concern, person__in=them).exists()
    ):
        raise Conflict(f"{person.name} reads this concern already.")


def _tell(person: Person, about: UUID) -> None:
    """Tell a reader that something waits, and not even of what kind it is."""
    telling.tell_to_read(person, str(uuid5(about, str(person.uuid))))
