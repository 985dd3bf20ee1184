"""Results released to all candidates at once, and appeals against them."""

from collections.abc import Collection
from uuid import UUID, uuid5

from logbooks.osces import sealing
from logbooks.osces.marking.queries import standing
from logbooks.osces.models import (
    AppealAnswered,
    Appealed,
    Candidate,
    Exam,
    MarkSheet,
    Outcome,
    ResultsReleased,
    StandardSet,
)
from logbooks.osces.release import queries, telling
from logbooks.osces.results import decision
from logbooks.osces.results.decision import Decision, Result
from logbooks.osces.stations.actions import rule_runs_osces
from school.core import clock, ledger
from school.core.errors import Conflict, NotAllowed
from school.core.ledger import Draft
from school.core.models import Book
from school.people.models import Person
from school.people.queries import identity

OWN_APPEAL = "This appeal is yours, so somebody else answers it."
OWN_MARKS = "You marked this candidate, so somebody else answers the appeal."
OWN_STANDARD = "You recorded this standard, so somebody else answers the appeal."


def release(*, by: Person, standard: StandardSet, uuid: UUID) -> ResultsReleased:
    """Releases the results under a standard to every candidate, in one transaction; `uuid` is the fact's own, made by the client.

    An outcome that was released before is superseded, and who has another one now is told. Raises NotAllowed for
    whoever recorded the standard, and Conflict where it is not the one that stands, or marks changed after it.
    """
    rule_runs_osces(by)
    exam = standard.exam
    said = decision.from_canonical(standard.document)
    candidates = queries.judged(exam, said)
    # No sheet is closed or amended between the look at them and the release.
    books = [exam.book, *(one.enrolment.book for one in candidates.values()), *_sheets(exam)]
    with ledger.writing(*books, answering=[uuid]) as pen:
        fact = ResultsReleased(standard=standard, compared=said.comparison)
        draft = Draft(fact=fact, book=exam.book, about_from=clock.today(), uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_standard_stands(standard)
        rule_released_once(standard)
        rule_second_person(by, standard)
        rule_rests_on_marks(exam, said)
        before = queries.outcomes(exam)
        drafts = [
            _outcome(fact, candidates[one.candidate], one, before.get(one.candidate))
            for one in said.results
        ]
        pen.append([draft, *drafts], by=by.uuid)
        for each in drafts:
            telling.released(each.fact)  # type: ignore[arg-type]
    return fact


def _sheets(exam: Exam) -> list[Book]:
    rows = MarkSheet.objects.filter(exam=exam).select_related("book")
    return [row.book for row in rows]


def _outcome(
    released: ResultsReleased, candidate: Candidate, result: Result, before: Outcome | None
) -> Draft:
    fact = Outcome(
        candidate=candidate,
        released=released,
        passed=result.passed,
        document=sealing.canonical(result),
        digest=sealing.digest(result),
        supersedes=before,
    )
    book, day = candidate.enrolment.book, released.standard.exam.day
    # A retried release finds nothing new to write, since the release itself is answered first.
    uuid = uuid5(released.standard.entry.uuid, str(candidate.uuid))
    return Draft(fact=fact, book=book, about_from=day, uuid=uuid)


def appeal(*, by: Person, outcome: Outcome, words: str, uuid: UUID) -> Appealed:
    """A candidate asks that their outcome is looked at again, once."""
    rule_own(by, outcome)
    book = outcome.candidate.enrolment.book
    with ledger.writing(book, answering=[uuid]) as pen:
        fact = Appealed(outcome=outcome)
        draft = Draft(
            fact=fact, book=book, about_from=clock.today(), uuid=uuid, texts={"words": words}
        )
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_outcome_stands(outcome)
        rule_appealed_once(outcome)
        pen.append([draft], by=by.uuid)
    return fact


def answer(*, by: Person, appeal: Appealed, upheld: bool, words: str, uuid: UUID) -> AppealAnswered:
    """Answers an appeal, once, and tells the candidate. An upheld one changes no mark by itself."""
    rule_runs_osces(by)
    book = appeal.outcome.candidate.enrolment.book
    with ledger.writing(book, answering=[uuid]) as pen:
        fact = AppealAnswered(appeal=appeal, upheld=upheld)
        draft = Draft(
            fact=fact, book=book, about_from=clock.today(), uuid=uuid, texts={"words": words}
        )
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_answered_once(appeal)
        rule_answered_by_another(by, appeal)
        pen.append([draft], by=by.uuid)
        telling.answered(fact)
    return fact


def rule_standard_stands(standard: StandardSet) -> None:
    """Only the standard that stands is released."""
    if StandardSet.objects.filter(supersedes=standard).exists():
        raise Conflict("The standard was set anew meanwhile. Look at it as it is now.")


def rule_released_once(standard: StandardSet) -> None:
    """Results under a standard are released once."""
    if ResultsReleased.objects.filter(standard=standard).exists():
        raise Conflict("These results are released already.")


def rule_second_person(by: Person, standard: StandardSet) -> None:
    """Whoever recorded the standard does not release the results."""
    if queries.is_actor(identity(by), standard):
        raise NotAllowed("You recorded this standard, so somebody else releases the results.")


def rule_rests_on_marks(exam: Exam, said: Decision) -> None:
    """What is released rests on what the sheets say now."""
    if not queries.rests_on_marks(standing(exam), said):
        raise Conflict("Marks changed after the standard was set. Set it anew first.")


def rule_own(by: Person, outcome: Outcome) -> None:
    """Only the candidate appeals."""
    if outcome.candidate.enrolment.person_id not in identity(by):
        raise NotAllowed("Only the candidate appeals against a result.")


def rule_outcome_stands(outcome: Outcome) -> None:
    """Nobody appeals against a result that another has superseded."""
    if Outcome.objects.filter(supersedes=outcome).exists():
        raise Conflict("There is a newer result. Look at it before you appeal.")


def rule_appealed_once(outcome: Outcome) -> None:
    """A result is appealed against once."""
    if Appealed.objects.filter(outcome=outcome).exists():
        raise Conflict("You have appealed against this result already.")


def rule_answered_once(appeal: Appealed) -> None:
    """An appeal has one answer."""
    if AppealAnswered.objects.filter(appeal=appeal).exists():
        raise Conflict("Somebody has answered this appeal already.")


def rule_answered_by_another(by: Person, appeal: Appealed) -> None:
    """Nobody judges their own appeal, the marks that they gave or a standard that they recorded."""
    candidate, standard = appeal.outcome.candidate, appeal.outcome.released.standard
    examiners = set(candidate.sheets.values_list("examiner", flat=True))
    recorder = Person.objects.get(uuid=standard.entry.actor).pk
    why = why_another_answers(identity(by), candidate.enrolment.person_id, examiners, recorder)
    if why:
        raise NotAllowed(why)


def why_another_answers(
    own: Collection[int], candidate: int, examiners: Collection[int], recorder: int
) -> str:
    """Why somebody does not answer an appeal; empty where they may. All are keys of people, `own` every one of theirs."""
    if candidate in own:
        return OWN_APPEAL
    if not set(examiners).isdisjoint(own):
        return OWN_MARKS
    return OWN_STANDARD if recorder in own else ""
