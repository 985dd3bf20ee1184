"""The day of a frozen exam made ready: candidates with their needs, sessions with their examiners, and conflicts."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from logbooks.osces import sealing
from logbooks.osces.day import asking
from logbooks.osces.day.plan import Plan
from logbooks.osces.day.queries import conflicts, seen
from logbooks.osces.models import Candidate, ConflictDeclared, Exam, MarkSheet
from logbooks.osces.models.day import MOST_EXTRA, MOST_RESTS
from logbooks.osces.stations.actions import rule_runs_osces
from placements.models import Cohort, Enrolment
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError
from school.core.free_text import rule_no_nhs_number
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity

NUMBERS = range(100, 1000)


def add_candidates(*, by: Person, exam: Exam, cohort: Cohort) -> list[Candidate]:
    """Everybody enrolled in a cohort on the day becomes a candidate under a number that says nothing of them.

    Those who are candidates already stay as they are. Gives those who are new.
    """
    rule_runs_osces(by)
    with transaction.atomic():
        exam = _locked(exam)
        rule_frozen(exam)
        enrolled = Enrolment.objects.filter(
            cohort=cohort, starts__lte=exam.day, ends__gte=exam.day
        ).exclude(pk__in=exam.candidates.values("enrolment"))
        rows = list(enrolled.order_by("pk"))
        numbers = _free_numbers(exam, len(rows))
        return [
            Candidate.objects.create(exam=exam, enrolment=row, number=number)
            for row, number in zip(rows, numbers, strict=True)
        ]


def _free_numbers(exam: Exam, count: int) -> list[int]:
    """So many numbers that nobody in the exam has, drawn at random. Raises DomainError when there are too few."""
    taken = set(exam.candidates.values_list("number", flat=True))
    free = [number for number in NUMBERS if number not in taken]
    if count > len(free):
        raise DomainError(f"An exam has at most {len(NUMBERS)} candidates.")
    return secrets.SystemRandom().sample(free, count)


def change_needs(
    *,
    by: Person,
    candidate: Candidate,
    extra: int,
    rests: int,
    in_a_row: int,
    earliest: datetime | None,
    session: str,
) -> Candidate:
    """What a candidate needs from here on. Raises DomainError for needs that no exam can meet."""
    rule_runs_osces(by)
    rule_possible_needs(extra, rests, in_a_row)
    with transaction.atomic():
        _locked(candidate.exam)
        return _changed(
            candidate,
            {
                "extra": extra,
                "rests": rests,
                "in_a_row": in_a_row,
                "earliest": earliest,
                "session": session,
            },
        )


def withdraw(*, by: Person, candidate: Candidate) -> Candidate:
    """Takes a candidate out of the exam; whoever was marked stays in it."""
    rule_runs_osces(by)
    with transaction.atomic():
        _locked(candidate.exam)
        rule_not_marked(candidate)
        return _changed(candidate, {"withdrawn": True})


def take_back_in(*, by: Person, candidate: Candidate) -> Candidate:
    """Takes a candidate who was withdrawn back into the exam, under the same number."""
    rule_runs_osces(by)
    with transaction.atomic():
        _locked(candidate.exam)
        return _changed(candidate, {"withdrawn": False})


def _changed(candidate: Candidate, said: Mapping[str, Any]) -> Candidate:
    row = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if any(getattr(row, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(row, name, value)
        row.save()
    return row


def save_plan(*, by: Person, exam: Exam, plan: Plan, seen: str) -> Exam:
    """Writes the sessions anew; `seen` stands for the plan that was shown. Raises Conflict when somebody else wrote meanwhile."""
    rule_runs_osces(by)
    text = sealing.canonical(plan) if plan.sessions else ""
    rule_no_nhs_number(text, field="")
    with transaction.atomic():
        exam = _locked(exam)
        rule_frozen(exam)
        if exam.plan == text:
            return exam
        rule_plan_seen(exam, seen)
        exam.plan = text
        exam.save()
    return exam


def declare_conflict(
    *, by: Person, exam: Exam, examiner: Person, candidate: Candidate, holds: bool, uuid: UUID
) -> ConflictDeclared | None:
    """An examiner must not meet a candidate, or, where `holds` is false, may again; none where that is so already.

    Said by whoever runs OSCEs, or by the examiner of themselves. Raises NotAllowed.
    """
    rule_may_declare(by, examiner)
    with ledger.writing(exam.book, answering=[uuid]) as pen:
        fact = ConflictDeclared(exam=exam, examiner=examiner, candidate=candidate, holds=holds)
        draft = Draft(fact=fact, book=exam.book, about_from=clock.today(), uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_frozen(exam)
        rule_of_this_exam(exam, examiner, candidate)
        if ((examiner.uuid, candidate.uuid) in conflicts(exam)) is holds:
            return None
        pen.append([draft], by=by.uuid)
    return fact


def _locked(exam: Exam) -> Exam:
    return Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)


def rule_frozen(exam: Exam) -> None:
    """Only an exam whose design never changes gets candidates, sessions and a timetable."""
    if exam.state != Exam.State.FROZEN:
        raise Conflict("This exam is not frozen yet, so nothing of its day can be written.")


def rule_possible_needs(extra: int, rests: int, in_a_row: int) -> None:
    """Needs are numbers that mean something."""
    for field, value, most in (
        ("extra", extra, MOST_EXTRA),
        ("rests", rests, MOST_RESTS),
        ("in_a_row", in_a_row, MOST_RESTS),
    ):
        if not 0 <= value <= most:
            raise DomainError(f"This is 0 to {most}.", field=field)


def rule_not_marked(candidate: Candidate) -> None:
    """Whoever has a mark sheet was examined, and is not taken out."""
    if MarkSheet.objects.filter(candidate=candidate).exists():
        raise Conflict(f"{candidate} has mark sheets already, so they stay in the exam.")


def rule_plan_seen(exam: Exam, said: str) -> None:
    """Sessions are written on as they were shown."""
    if seen(exam.plan) != said:
        raise Conflict("Somebody changed the sessions meanwhile. Look at them as they are now.")


def rule_may_declare(by: Person, examiner: Person) -> None:
    """A conflict is declared by whoever runs OSCEs, or by the examiner of themselves."""
    if examiner.pk not in identity(by):
        rule_runs_osces(by)


def rule_of_this_exam(exam: Exam, examiner: Person, candidate: Candidate) -> None:
    """A conflict is between an examiner and a candidate of the exam."""
    examiners: Collection[UUID] = asking.plan_of(exam).examiners
    if candidate.exam_id != exam.pk or examiner.uuid not in examiners:
        raise Conflict("A conflict is between an examiner and a candidate of this exam.")
