"""What the timetable of an exam is worked out from: places, sessions, candidates and conflicts as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from logbooks.osces.day import plan as plans
from logbooks.osces.day import queries
from logbooks.osces.day.plan import Plan
from logbooks.osces.exams import queries as exams
from logbooks.osces.marking.queries import examiner_names
from logbooks.osces.models import Candidate, ConflictDeclared, Exam, ExamPlace
from logbooks.osces.timetable import exam as given
from school.core import days
from school.people.models import Person

NAMES = {ExamPlace.Kind.PREPARATION: "Preparation", ExamPlace.Kind.REST: "Rest"}


def plan_of(exam: Exam) -> Plan:
    """The sessions as they are written."""
    return plans.from_canonical(exam.plan)


@dataclass(frozen=True, slots=True)
class Written:
    """All that is written of the day of an exam."""

    exam: Exam
    plan: Plan
    places: list[given.Position]
    change: int
    candidates: list[Candidate]
    conflicts: Mapping[tuple[UUID, UUID], ConflictDeclared]

    @property
    def problems(self) -> list[str]:
        """Why no timetable can be worked out, each in a sentence."""
        stations = [one.name for one in self.places if one.kind is given.Kind.MARKED]
        found = [] if self.candidates else ["There are no candidates yet."]
        found += plans.problems(self.plan, stations, self.exam.day)
        sessions = {one.name for one in self.plan.sessions}
        return found + [
            f"Candidate {one.number} can come to “{one.session}” only, and there is no such session."
            for one in self.candidates
            if one.session and one.session not in sessions
        ]

    @property
    def asked(self) -> given.Exam:
        """The exam as the timetable takes it, without names of people. Only where there are no problems."""
        examiners = set(map(str, self.plan.examiners))
        keys = {str(one.uuid) for one in self.candidates}
        pairs = {(str(who), str(whom)) for who, whom in self.conflicts}
        return given.Exam(
            sessions=plans.sessions(self.plan, self.places, self.change),
            candidates=tuple(map(_candidate, self.candidates)),
            examiners=tuple(given.Examiner(key, "") for key in examiners),
            conflicts=frozenset(
                (who, whom) for who, whom in pairs if who in examiners and whom in keys
            ),
        ).ordered()

    @property
    def needing(self) -> int:
        """How many candidates have needs."""
        return sum(
            bool(one.extra or one.rests or one.in_a_row or one.earliest or one.session)
            for one in self.candidates
        )


def written(exam: Exam) -> Written:
    """What is written now; four queries and the frozen design."""
    return Written(
        exam,
        plan_of(exam),
        _places(exam),
        exams.designed(exam).changeover,
        list(queries.candidates(exam)),
        queries.conflicts(exam),
    )


def _places(exam: Exam) -> list[given.Position]:
    marked = {one.place.number: one.name for one in queries.marked(exam)}
    return [
        given.Position(marked[row.number], given.Kind.MARKED, row.minutes)
        if row.number in marked
        else given.Position(NAMES[ExamPlace.Kind(row.kind)], given.Kind(row.kind), row.minutes)
        for row in exam.places.order_by("number")
    ]


def _candidate(one: Candidate) -> given.Candidate:
    return given.Candidate(
        str(one.uuid),
        str(one.number),
        sessions=(one.session,) if one.session else (),
        extra=one.extra,
        rests=one.rests,
        in_a_row=one.in_a_row,
        earliest=days.local(one.earliest) if one.earliest else None,
    )


def names(exam: given.Exam) -> dict[str, str]:
    """What the examiners of an exam are called, by their keys, namesakes told apart; one query."""
    rows = list(Person.objects.filter(uuid__in=[one.key for one in exam.examiners]))
    called = examiner_names(rows)
    return {str(one.uuid): called[one.pk] for one in rows}


def named(exam: given.Exam, names: Mapping[str, str]) -> given.Exam:
    """The same with the names of examiners, for sentences that a person reads."""
    examiners = (replace(one, name=names.get(one.key, "")) for one in exam.examiners)
    return replace(exam, examiners=tuple(examiners))
