"""The timetable announced, and announced again on the day for what has not begun."""

from datetime import datetime, timedelta
from uuid import UUID

from logbooks.osces import sealing
from logbooks.osces.day import again, asking, queries
from logbooks.osces.day.actions import rule_frozen
from logbooks.osces.day.again import Refused
from logbooks.osces.day.announced import Announced
from logbooks.osces.models import Exam, MarkSheet, Timetabled
from logbooks.osces.stations.actions import HasProblems, rule_runs_osces
from logbooks.osces.timetable.changes import Change
from logbooks.osces.timetable.constraints import Impossible
from logbooks.osces.timetable.planned import planned
from logbooks.osces.timetable.problems import problems
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError
from school.core.ledger import Draft
from school.people.models import Person

# How long a change that was looked at can be announced.
FRESH = timedelta(minutes=10)


class CannotHold(DomainError):
    """Sentences that cannot all be kept, and how far the search for a timetable went."""

    def __init__(self, sentences: tuple[str, ...], note: str) -> None:
        super().__init__("These cannot all be kept: " + " ".join(sentences))
        self.sentences, self.note = sentences, note


def announce(*, by: Person, exam: Exam, uuid: UUID, seen: UUID | None) -> Timetabled:
    """Works out the timetable from all that is written and announces it in place of `seen`, the one that stood.

    Worked out before the book is locked. Raises HasProblems, CannotHold, and Conflict when something changed meanwhile.
    """
    rule_runs_osces(by)
    rule_frozen(exam)
    done = _written_before(by, exam, uuid)
    if done:
        return done
    written = asking.written(exam)
    rule_no_problem(written.problems)
    rule_not_begun(exam)
    given = written.asked
    named = asking.named(given, asking.names(given))
    found = planned(named)
    if isinstance(found, Impossible):
        raise CannotHold(tuple(one.words for one in found.constraints), found.note)
    rule_keeps_every_promise(problems(named, found))
    said = Announced(given, found)
    return _announced(by, exam, said, uuid, seen, as_asked=True)


def looked_at(
    *, exam: Exam, change: Change, as_of: datetime, away: datetime | None = None
) -> Announced:
    """What announcing a change would come to, without writing anything. Raises CannotHold, and DomainError for nonsense."""
    said = queries.announced_of(exam)
    if said is None:
        raise Conflict("No timetable is announced yet.")
    rule_makes_sense(again.nonsense(said, change, as_of))
    found = again.planned_again(said, change, days.local(as_of), asking.names(said.exam), away)
    if isinstance(found, Refused):
        raise CannotHold(found.sentences, found.note)
    rule_changes_something(found)
    rule_not_marked_there(exam, found, as_of)
    return found


def announce_again(
    *,
    by: Person,
    exam: Exam,
    change: Change,
    as_of: datetime,
    away: datetime | None,
    uuid: UUID,
    seen: UUID | None,
) -> Timetabled:
    """Announces what was looked at a moment ago, as of then, in place of `seen`, the timetable that stood.

    Raises Conflict when too much time went by since, or what would move has begun.
    """
    rule_runs_osces(by)
    rule_frozen(exam)
    done = _written_before(by, exam, uuid)
    if done:
        return done
    rule_fresh(as_of)
    rule_seen(exam, seen)
    found = looked_at(exam=exam, change=change, as_of=as_of, away=away)
    return _announced(by, exam, found, uuid, seen, as_asked=False)


def _announced(
    by: Person, exam: Exam, said: Announced, uuid: UUID, seen: UUID | None, *, as_asked: bool
) -> Timetabled:
    text = sealing.canonical(said)
    with ledger.writing(exam.book, answering=[uuid]) as pen:
        before = Timetabled.objects.filter(exam=exam, entry__uuid=seen).first() if seen else None
        fact = Timetabled(
            exam=exam, document=text, digest=sealing.digest_of(text), supersedes=before
        )
        draft = Draft(fact=fact, book=exam.book, about_from=exam.day, uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_seen(exam, seen)
        if as_asked:
            rule_as_asked(exam, said)
            rule_not_begun(exam)
        else:
            rule_nothing_begun(said)
        pen.append([draft], by=by.uuid)
    return fact


def _written_before(by: Person, exam: Exam, uuid: UUID) -> Timetabled | None:
    """What the same person announced under the same UUID: a form that was sent twice."""
    rows = Timetabled.objects.filter(exam=exam, entry__uuid=uuid, entry__actor=by.uuid)
    found: Timetabled | None = rows.first()
    return found


def rule_no_problem(found: list[str]) -> None:
    """Nothing is worked out before candidates, sessions and examiners are whole."""
    if found:
        raise HasProblems(found)


def rule_not_begun(exam: Exam) -> None:
    """Once somebody has begun, the timetable is only planned again for what has not."""
    said = queries.announced_of(exam)
    if said and queries.has_begun(said):
        raise Conflict("The exam has begun. Say what happened, and plan the rest again.")


def rule_keeps_every_promise(found: list[str]) -> None:
    """What was worked out is checked by itself before anybody sees it."""
    if found:
        raise HasProblems(found)


def rule_as_asked(exam: Exam, said: Announced) -> None:
    """What is announced was worked out from what is written now."""
    written = asking.written(Exam.objects.select_related("frozen").get(pk=exam.pk))
    if written.problems or written.asked != said.exam:
        raise Conflict("Somebody changed the day meanwhile. Announce the timetable again.")


def rule_seen(exam: Exam, seen: UUID | None) -> None:
    """A timetable takes the place of the one that was shown."""
    standing = queries.timetabled(exam)
    if (standing.entry.uuid if standing else None) != seen:
        raise Conflict("Somebody announced another timetable meanwhile. Look at it first.")


def rule_makes_sense(wrong: str) -> None:
    """A change says something that can happen at this time."""
    if wrong:
        raise DomainError(wrong)


def rule_changes_something(found: Announced) -> None:
    """What moves nothing is not announced."""
    if not found.timetable.moved:
        raise DomainError("Nothing has to move for this, so there is nothing to announce.")


def rule_not_marked_there(exam: Exam, found: Announced, as_of: datetime) -> None:
    """A late candidate did not miss a station at which they have a mark sheet."""
    missed = {
        (before.candidate, before.station)
        for before, _ in found.timetable.moved
        if before and before.starts <= as_of
    }
    if not missed:
        return
    names = {one.place.pk: one.name for one in queries.marked(exam)}
    sheets = MarkSheet.objects.filter(exam=exam, candidate__uuid__in=[key for key, _ in missed])
    for sheet in sheets.select_related("candidate"):
        if (str(sheet.candidate.uuid), names.get(sheet.place_id)) in missed:
            raise DomainError(
                f"{sheet.candidate} has a mark sheet at {names[sheet.place_id]}, so they were there."
            )


def rule_fresh(as_of: datetime) -> None:
    """What was looked at is announced within some minutes."""
    if not timedelta(0) <= clock.now() - as_of <= FRESH:
        raise Conflict("You looked at this some time ago. Look at what would move again.")


def rule_nothing_begun(found: Announced) -> None:
    """Between looking and announcing, nothing that would move has begun."""
    if again.touched(found, clock.now()):
        raise Conflict("Something that would move has begun meanwhile. Look at it again.")
