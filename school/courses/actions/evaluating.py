"""What somebody thought of an event they were at: given once, in confidence."""

from collections.abc import Sequence
from uuid import UUID

from school.core import clock, days, ledger
from school.core.errors import DomainError, NotAllowed
from school.core.ledger import Draft
from school.courses import evaluation_queries as evaluations
from school.courses.conditions import said
from school.courses.evaluating import QUESTIONS
from school.courses.models import Booking, Event, EventEvaluation
from school.people.models import Person
from school.people.queries import identity


def evaluate(
    *, by: Person, booking: Booking, ratings: Sequence[int], comment: str, uuid: UUID
) -> EventEvaluation:
    """Gives one's evaluation of an event: 1 to 5 for every question, and a comment if one likes."""
    event = booking.event
    with ledger.writing(booking.person.book, answering=[uuid]) as pen:
        fact = EventEvaluation(booking=booking, ratings="".join(str(number) for number in ratings))
        draft = Draft(
            fact=fact,
            book=booking.person.book,
            about_from=days.london_day(event.starts),
            uuid=uuid,
            texts={"comment": comment.strip()},
        )
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_evaluation(by, booking)
        rule_was_there(booking)
        rule_within_four_weeks(event)
        rule_once(booking)
        rule_every_question(ratings)
        pen.append([draft], by=by.uuid)
    return fact


def rule_own_evaluation(by: Person, booking: Booking) -> None:
    """Nobody evaluates in another's name."""
    if booking.person_id not in identity(by):
        raise NotAllowed("Only who was there evaluates an event.")


def rule_was_there(booking: Booking) -> None:
    """Who attended, at least in part, says what they think of it."""
    if not evaluations.was_there(booking):
        raise DomainError(
            "The register does not say that you were there, so there is nothing to evaluate. If you "
            f"were, write to {booking.event.contact}."
        )


def rule_within_four_weeks(event: Event) -> None:
    """An event is evaluated from its end for four weeks."""
    now = clock.now()
    if now < event.ends:
        raise DomainError(f"This event can be evaluated from {said(event.ends)} on.")
    until = evaluations.open_until(event)
    if now >= until:
        raise DomainError(f"This event could be evaluated until {said(until)}.")


def rule_once(booking: Booking) -> None:
    """An evaluation is given once and stands."""
    if EventEvaluation.objects.filter(booking=booking).exists():
        raise DomainError("You gave your evaluation already. It stands as you gave it.")


def rule_every_question(ratings: Sequence[int]) -> None:
    """Each question has an answer from 1 to 5."""
    if len(ratings) != len(QUESTIONS) or not all(1 <= number <= 5 for number in ratings):
        raise DomainError("Answer all five questions.")
