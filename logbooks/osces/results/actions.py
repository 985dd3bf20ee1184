"""The standard of an exam: what judges expect at its stations, and what the board decides."""

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from logbooks.osces import sealing
from logbooks.osces.analysis.compared import Applied
from logbooks.osces.day.queries import Marked
from logbooks.osces.examined.source import ExamSource
from logbooks.osces.models import StandardSet, StationRated
from logbooks.osces.results import judging, queries
from logbooks.osces.results.decided import Choice, worked
from logbooks.osces.results.decision import Decision
from logbooks.osces.results.quality import Finding
from logbooks.osces.stations.actions import rule_runs_osces
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.core.ledger import Draft
from school.people.models import Person


def set_standard(
    *, by: Person, source: ExamSource, choice: Choice, seen: str, uuid: UUID
) -> StandardSet:
    """Records what the board decided, which supersedes what it decided before; `seen` is the digest of the decision that was shown.

    Raises NotAllowed, DomainError for a finding without an explanation and where there is no result, and Conflict when the
    decision would be another one than was shown.
    """
    rule_runs_osces(by)
    exam = source.exam
    with ledger.writing(exam.book, answering=[uuid]) as pen:
        done_before = StandardSet.objects.filter(entry__uuid=uuid).first()
        before = done_before.supersedes if done_before else queries.standing(exam)
        fact = StandardSet(exam=exam, digest=seen, supersedes=before)
        draft = Draft(fact=fact, book=exam.book, about_from=clock.today(), uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        found = worked(source, choice)
        rule_explained(source.findings, choice.explained)
        rule_has_result(source, found.applied)
        rule_as_shown(found.decision, seen)
        rule_decides_anew(before, seen)
        fact.document = sealing.canonical(found.decision)
        for words in (choice.reasons, *choice.attendance, *choice.explained.values()):
            rule_no_nhs_number(words, field="reasons")
        pen.append([draft], by=by.uuid)
    return fact


def rate(
    *, by: Person, source: ExamSource, station: Marked, shares: Mapping[UUID, int], uuid: UUID
) -> StationRated:
    """Records what a judge expects of a borderline candidate: per mille of the marks of every item. Their last rating stands.

    Raises NotAllowed for whoever neither runs OSCEs nor examines at this one, and DomainError for an item without a rating.
    """
    rule_judges(by, source)
    rule_every_item(station, shares)
    exam = source.exam
    text = json.dumps({str(key): share for key, share in shares.items()}, sort_keys=True)
    with ledger.writing(exam.book, answering=[uuid]) as pen:
        done_before = StationRated.objects.filter(entry__uuid=uuid).first()
        ratings = judging.standing(exam).get(station.place.pk, [])
        own = judging.own(ratings, judging.uuids_of(by))
        before = done_before.supersedes if done_before else own
        fact = StationRated(
            place=station.place, ratings=text, digest=sealing.digest_of(text), supersedes=before
        )
        draft = Draft(fact=fact, book=exam.book, about_from=clock.today(), uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        pen.append([draft], by=by.uuid)
    return fact


def rule_explained(findings: Collection[Finding], explained: Mapping[str, str]) -> None:
    """Nothing that is amiss with the data goes unexplained."""
    for one in findings:
        if not explained.get(one.key, "").strip():
            raise DomainError(f"Explain this, or mend it: {one.words}", field=f"explain-{one.key}")


def rule_has_result(source: ExamSource, found: Applied) -> None:
    """A standard says of somebody whether they pass, over every marked station."""
    lacking = [one.short for one in source.marked if one.short not in source.marks.stations]
    if lacking:
        raise DomainError(f"No sheet is closed at: {', '.join(lacking)}.")
    if found.reason or found.counts is None:
        why = found.reason or "Nobody has a mark at every station."
        raise DomainError(f"This standard gives no result. {why} Choose another, or fixed marks.")


def rule_as_shown(decision: Decision, seen: str) -> None:
    """What is recorded is what the board was shown."""
    if sealing.digest(decision) != seen:
        raise Conflict("This is not what was shown: the marks or the form changed. Look at it as it is now.")  # fmt: skip


def rule_decides_anew(before: StandardSet | None, seen: str) -> None:
    """A decision that stands already is not made twice."""
    if before is not None and before.digest == seen:
        raise Conflict("The board has decided just this already.")


def rule_judges(by: Person, source: ExamSource) -> None:
    """Judges are those who run OSCEs, and the examiners of the exam."""
    if not judging.may_judge(source.exam, by):
        raise NotAllowed("Only examiners of this exam, and those who run OSCEs, rate its stations.")


def rule_every_item(station: Marked, shares: Mapping[UUID, int]) -> None:
    """A rating says something of every item, from nothing to all of its marks."""
    whole = range(judging.WHOLE + 1)
    if shares.keys() != {item.key for item in station.document.items} or any(
        share not in whole for share in shares.values()
    ):
        raise DomainError("Rate every item, from 0 to 100 per cent of its marks.")
