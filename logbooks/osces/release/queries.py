"""Standards, what was released of them, and what a candidate is shown."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from logbooks.osces.day.queries import Marked
from logbooks.osces.models import (
    AppealAnswered,
    Appealed,
    Candidate,
    Exam,
    ExamPlace,
    MarkEvent,
    Outcome,
    SheetClosed,
    StandardSet,
)
from logbooks.osces.release.carried import Passed, Sat, carried
from logbooks.osces.results import decision
from logbooks.osces.results.decision import Decision, Result
from school.core import ledger
from school.people.models import Person
from school.people.queries import merges

# How a decision's canonical JSON says that a resit carries; inside a text its quotes would be escaped.
RESITS_CARRY = '"resits_carry": true'


def standard(exam: Exam) -> StandardSet | None:
    """The standard that stands, with its release; one query."""
    rows = StandardSet.objects.filter(exam=exam, superseded_by=None)
    found: StandardSet | None = rows.select_related("entry", "released__entry", "exam").first()
    return found


def is_released(exam: Exam) -> bool:
    """Whether candidates have been told of any result, so that staff see whose each is; one query."""
    return StandardSet.objects.filter(exam=exam, released__isnull=False).exists()


def traceable() -> QuerySet[Candidate]:
    """The candidates of frozen exams; annotated with whether candidates of their exam were told of any result."""
    told = StandardSet.objects.filter(exam=OuterRef("exam"), released__isnull=False)
    rows: QuerySet[Candidate] = Candidate.objects.filter(exam__state=Exam.State.FROZEN)
    return rows.select_related("exam", "enrolment__person").annotate(is_released=Exists(told))


def judged(exam: Exam, said: Decision) -> dict[UUID, Candidate]:
    """The candidates whom a decision is about; one query."""
    rows = exam.candidates.filter(uuid__in=[one.candidate for one in said.results])
    return {row.uuid: row for row in rows.select_related("enrolment__book", "enrolment__person")}


def outcomes(exam: Exam) -> dict[UUID, Outcome]:
    """The outcome of each candidate that stands; one query."""
    rows = Outcome.objects.filter(candidate__exam=exam, superseded_by=None)
    return {row.candidate.uuid: row for row in rows.select_related("candidate")}


def rests_on_marks(closings: Iterable[SheetClosed], said: Decision) -> bool:
    """Whether a decision rests on every sheet that counts as it stands now.

    A sheet of somebody who was withdrawn may be left out.
    """
    found = list(closings)
    counting = {row.entry.uuid for row in found if not row.sheet.candidate.withdrawn}
    return counting <= set(said.closings) <= {row.entry.uuid for row in found}


def is_actor(people: Collection[int], fact: StandardSet) -> bool:
    """Whether any of these people recorded a fact; one query."""
    return Person.objects.filter(pk__in=people, uuid=fact.entry.actor).exists()


def results_of(people: Sequence[int]) -> QuerySet[Outcome]:
    """The outcomes of a student that stand, the newest exam first; one query."""
    rows: QuerySet[Outcome] = Outcome.objects.filter(
        candidate__enrolment__person__in=people, superseded_by=None
    )
    return rows.select_related(
        "candidate__exam", "candidate__enrolment__book", "released__standard__entry", "released__entry"
    ).order_by("-candidate__exam__day", "-pk")  # fmt: skip


def shown_by(enrolment: Any, year: Any) -> QuerySet[Outcome]:
    """The outcomes of an enrolment in a year of its programme that stand, the newest exam first, with its title.

    Both may be references to an outer row.
    """
    rows: QuerySet[Outcome] = Outcome.objects.filter(
        candidate__enrolment=enrolment, candidate__exam__year=year, superseded_by=None
    )
    named = rows.select_related("candidate").annotate(title=F("candidate__exam__title"))
    return named.order_by("-candidate__exam__day", "-pk")


def named(outcomes: Collection[str]) -> dict[str, tuple[int, str]]:
    """The year and the title of the exam of each outcome, by UUIDs as text; one query."""
    rows = Outcome.objects.filter(entry__uuid__in=outcomes).values_list(
        "entry__uuid", "candidate__exam__year", "candidate__exam__title"
    )
    return {str(uuid): (year, title) for uuid, year, title in rows}


def address(outcome: Outcome) -> str:
    """Where its candidate reads an outcome."""
    return reverse("osce_result", args=[outcome.candidate.uuid])


def result(outcome: Outcome) -> Result:
    """What an outcome says."""
    return decision.result(json.loads(outcome.document))


@dataclass(frozen=True, slots=True)
class Asked:
    """An appeal in its words, with the answer, none while it waits."""

    fact: Appealed
    words: str
    answer: AppealAnswered | None
    answered: str


def appeals_of(candidate: Candidate) -> list[Asked]:
    """A candidate's appeals, the newest first; two queries at most."""
    rows = Appealed.objects.filter(outcome__candidate=candidate)
    found = list(
        rows.select_related(
            "entry", "answer__entry", "outcome__candidate", "outcome__released__standard__entry"
        ).order_by("-pk")
    )
    pairs = [(row, getattr(row, "answer", None)) for row in found]
    facts = [fact for pair in pairs for fact in pair if fact]
    words = ledger.private_texts(facts, "words") if facts else {}
    return [
        Asked(row, words.get(row.pk, ""), answer, words.get(answer.pk, "") if answer else "")
        for row, answer in pairs
    ]


def is_appealed(outcome: Outcome) -> bool:
    """Whether its candidate appealed against an outcome; one query."""
    return Appealed.objects.filter(outcome=outcome).exists()


def appeals() -> QuerySet[Appealed]:
    """Every appeal with its answer, the newest first; one query."""
    rows: QuerySet[Appealed] = Appealed.objects.select_related(
        "outcome__candidate__exam", "outcome__candidate__enrolment__person", "answer__entry"
    )
    return rows.order_by("-pk")


def unanswered() -> int:
    """How many appeals wait for an answer; one query."""
    return Appealed.objects.filter(answer=None).count()


def comments(candidate: Candidate, counted: Collection[UUID]) -> list[tuple[int, str]]:
    """What examiners wrote for a candidate, with the number of the place; two queries.

    Only of sheets whose closing counts, as they stood when the sheet was closed first: not what was taken back or
    written anew before, and nothing that came after.
    """
    closed = SheetClosed.objects.filter(sheet=OuterRef("sheet"), supersedes=None)
    rows = MarkEvent.objects.filter(
        part="comment",
        sheet__candidate=candidate,
        sheet__in=SheetClosed.objects.filter(entry__uuid__in=counted).values("sheet"),
        entry__seq__lt=Subquery(closed.values("entry__seq")),
    )
    found = list(
        rows.select_related("entry", "sheet__place").order_by("sheet__place__number", "pk")
    )
    seen = {uuid for row in found for uuid in row.seen.split()}
    words = ledger.private_texts(found, "words")
    return [
        (row.sheet.place.number, words[row.pk])
        for row in found
        if row.pk in words and str(row.entry.uuid) not in seen
    ]


def known(rows: QuerySet[Candidate]) -> QuerySet[Any]:
    """Candidates with `who`: the key of the person that each is, be they merged."""
    return rows.annotate(who=_who("enrolment__person"))


def _who(person: str) -> Coalesce:
    into = merges().filter(merged=OuterRef(person)).values("kept")
    return Coalesce(Subquery(into[:1]), F(person), output_field=BigIntegerField())


def carried_by(
    exam: Exam,
    stations: Collection[Marked],
    of: Collection[Any],
    others: Mapping[int, Sequence[ExamPlace]],
) -> dict[int, dict[str, Passed]]:
    """What candidates (`known`) keep from earlier exams of the same year, by their number and what this exam calls the station.

    A station is the same in whichever version, with as many marks as it has here; `others` are the marked stations of exams
    that have one of them. One query.
    """
    numbers = {one.who: one.number for one in of}
    yes = StandardSet.objects.filter(
        pk=OuterRef("released__standard"), document__contains=RESITS_CARRY
    )
    rows = Outcome.objects.annotate(who=_who("candidate__enrolment__person"), carries=Exists(yes))
    before = rows.filter(
        who__in=numbers,
        candidate__exam__day__lt=exam.day,
        candidate__exam__year=exam.year,
        superseded_by=None,
    ).select_related("candidate__exam")
    sat: dict[int, list[Sat]] = {}
    for row in before.order_by("candidate__exam__day", "pk"):
        passed = _passed(row, others.get(row.candidate.exam_id, ()))
        sat.setdefault(numbers[row.who], []).append(Sat(row.passed, row.carries, passed))
    here = {one.place.version.station_id: one for one in stations if one.place.version}
    return {
        number: {
            at.short: one
            for one in carried(own)
            if (at := here.get(one.station)) and at.document.most == one.most
        }
        for number, own in sat.items()
    }


def _passed(row: Outcome, places: Sequence[ExamPlace]) -> tuple[Passed, ...]:
    """The stations that an outcome says were passed, each at the exam where its mark was given."""
    banked = {f"S{order}": place.version for order, place in enumerate(places, start=1)}
    return tuple(
        Passed(version.station_id, Fraction(at.mark), at.most, at.carried or row.candidate.exam.title)
        for at in result(row).stations
        if at.passed and at.mark is not None and (version := banked.get(at.station))
    )  # fmt: skip
