"""A student's evaluation of a placement: given from its last day on, and changed for a fortnight."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from placements import evaluations_queries as queries
from placements.evaluations import priorities
from placements.models import CurrentShift, Placement, PlacementEvaluation
from school.core import clock, days, ledger
from school.core.errors import DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity


def evaluate(
    *, by: Person, placement: Placement, ratings: Sequence[int], comment: str, uuid: UUID
) -> PlacementEvaluation:
    """Gives or changes the evaluation of one's own placement: 1 to 5 for each priority. Raises DomainError when a rule refuses."""
    book = placement.enrolment.book
    with ledger.writing(book, answering=[uuid]) as pen:
        draft = Draft(
            fact=PlacementEvaluation(
                placement=placement,
                ratings="".join(str(number) for number in ratings),
                supersedes=queries.newest(placement),
            ),
            book=book,
            about_from=placement.starts,
            about_to=placement.ends,
            uuid=uuid,
            texts={"comment": comment.strip()},
        )
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_placement(by, placement)
        rule_over(placement)
        rule_still_changeable(queries.changeable_until(placement))
        rule_every_priority(ratings)
        pen.append([draft], by=by.uuid)
    return draft.fact  # type: ignore[return-value]


def rule_own_placement(by: Person, placement: Placement) -> None:
    """Only the student of a placement evaluates it."""
    if placement.enrolment.person_id not in identity(by):
        raise NotAllowed("Only the student of a placement evaluates it.")


def rule_over(placement: Placement) -> None:
    """A placement is evaluated from its last day on; one that never began is not."""
    if placement.state == Placement.State.PLANNED:
        raise DomainError("This placement was never confirmed, so there is nothing to evaluate.")
    if placement.state == Placement.State.WITHDRAWN:
        worked = CurrentShift.objects.filter(placement=placement)
        if not worked.exclude(state=CurrentShift.State.WITHDRAWN).exists():
            raise DomainError(
                "Nothing was worked on this placement, so there is nothing to evaluate."
            )
    if clock.today() < placement.ends:
        raise DomainError(
            f"This placement can be evaluated from {days.long_date(placement.ends)} on, its last day."
        )


def rule_still_changeable(until: date | None) -> None:
    """What was given can be changed for 14 days; then it is counted with those of others."""
    if until is not None and clock.today() > until:
        raise DomainError(
            f"Your evaluation could be changed until {days.long_date(until)}. It stands as you gave it."
        )


def rule_every_priority(ratings: Sequence[int]) -> None:
    """Each of the ten priorities has an answer from 1 to 5."""
    if len(ratings) != len(priorities()) or not all(1 <= number <= 5 for number in ratings):
        raise DomainError("Answer all ten questions.")
