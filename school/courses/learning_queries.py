"""Reads about online modules: how far somebody has come, the paper that is theirs, and what they were asked before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from school.core import clock, registries
from school.core.registries import Lessons, Part
from school.courses import papers, queries
from school.courses.models import (
    Answer,
    Attainment,
    CourseVersion,
    Module,
    PartDone,
    Prerequisite,
    Question,
    QuizAttempt,
)
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a module, and whether somebody has been through it."""

    part: Part
    done: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come in a module: its parts, their attempts (the newest first) and what a pass attained."""

    module: Module
    lessons: Lessons
    steps: tuple[Step, ...]
    attempts: tuple[QuizAttempt, ...]
    attained: Attainment | None

    @property
    def done(self) -> int:
        """How many parts are done."""
        return sum(step.done for step in self.steps)

    @property
    def next(self) -> Part | None:
        """The first part that is not done; none when all are."""
        return next((step.part for step in self.steps if not step.done), None)

    @property
    def is_quiz_open(self) -> bool:
        """Whether every part is done; a module without a part has nothing to ask about."""
        return bool(self.steps) and self.next is None

    @property
    def number(self) -> int:
        """The number of the next attempt."""
        return 1 + max((one.number for one in self.attempts), default=0)

    @property
    def left(self) -> int | None:
        """How many attempts are left; none when there is no limit.

        They are counted from the last one that was passed, so that what was attained can be renewed.
        """
        if self.module.attempts is None:
            return None
        since = 0
        for attempt in self.attempts:
            if attempt.passed:
                break
            since += 1
        return max(0, self.module.attempts - since)


def modules() -> QuerySet[Module]:
    """Modules with their course, `taught` (the key of the version of it that is taught today), and `asks_first`."""
    taught = CourseVersion.objects.filter(
        course=OuterRef("version__course"), published_on__lte=clock.today()
    ).order_by("-published_on", "-number")
    first = Prerequisite.objects.filter(version=OuterRef("version"))
    rows = Module.objects.select_related("version__course")
    return rows.annotate(taught=Subquery(taught.values("pk")[:1]), asks_first=Exists(first))


def progress(module: Module, me: Collection[int]) -> Progress | None:
    """How far somebody has come, under all the keys they are known by; none while nothing of the module is published."""
    lessons = registries.lessons([module.pk]).get(module.pk)
    return progress_in(module, me, lessons) if lessons is not None else None


def progress_in(
    module: Module, me: Collection[int], lessons: Lessons, done: Collection[UUID] | None = None
) -> Progress:
    """The same for whoever has the lessons, and perhaps what is done; three queries, and none for a visitor."""
    if done is None:
        done = set(parts_done(module, me).values_list("part", flat=True)) if me else set()
    sent = tuple(attempts(module, me)) if me else ()
    return Progress(
        module=module,
        lessons=lessons,
        steps=tuple(Step(part, part.uuid in done) for part in lessons.parts),
        attempts=sent,
        attained=attained(module, me) if any(one.passed for one in sent) else None,
    )


def parts_done(module: Module, me: Collection[int]) -> QuerySet[PartDone]:
    """The parts that somebody has been through."""
    rows: QuerySet[PartDone] = PartDone.objects.filter(module=module, person__in=me)
    return rows


def attempts(module: Module, me: Collection[int]) -> QuerySet[QuizAttempt]:
    """Somebody's attempts at the quiz, the newest first."""
    rows: QuerySet[QuizAttempt] = QuizAttempt.objects.filter(module=module, person__in=me)
    return rows.order_by("-pk")


def attempt_sent(uuid: UUID, me: Collection[int]) -> QuizAttempt | None:
    """The attempt that somebody sent under a UUID."""
    found: QuizAttempt | None = QuizAttempt.objects.filter(entry__uuid=uuid, person__in=me).first()
    return found


def attained(module: Module, me: Collection[int]) -> Attainment | None:
    """The newest attainment of the module's version that stands."""
    return _attainments(module, me).order_by("-entry__about_from", "-pk").first()


def attained_on(module: Module, me: Collection[int], day: date) -> Attainment | None:
    """The attainment of the module's version on a day that stands."""
    return _attainments(module, me).filter(entry__about_from=day).first()


def _attainments(module: Module, me: Collection[int]) -> QuerySet[Attainment]:
    return queries.attainments().filter(course_version=module.version_id, person__in=me)


def paper(module: Module, person: Person, number: int) -> papers.Paper:
    """What an attempt asks a person, drawn from the questions that are not retired; one query."""
    return papers.draw(
        bank(module), module.asked, person=person.uuid, module=module.uuid, number=number
    )


def bank(module: Module) -> list[papers.Asked]:
    """The questions that are asked today; one query."""
    rows = Answer.objects.filter(question__module=module, question__retired=False)
    offered: dict[Question, list[papers.Option]] = {}
    for one in rows.select_related("question").order_by("question", "pk"):
        option = papers.Option(one.uuid, one.text, one.right)
        offered.setdefault(one.question, []).append(option)
    return [
        papers.Asked(
            uuid=question.uuid,
            text=question.text,
            several=question.kind == Question.Kind.SEVERAL,
            feedback=question.feedback,
            options=tuple(options),
        )
        for question, options in offered.items()
    ]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A module that somebody has begun and not attained."""

    title: str
    address: str
    done: int
    of: int


def under_way(me: Collection[int]) -> list[UnderWay]:
    """The modules that somebody has begun and not attained and that are still taught, the newest first; three queries when there are any."""
    today = clock.today()
    newer = CourseVersion.objects.filter(
        course=OuterRef("module__version__course"),
        number__gt=OuterRef("module__version__number"),
        published_on__lte=today,
    )
    ends = "module__version__course__retired_on"
    taught = ~Exists(newer) & (Q(**{ends: None}) | Q(**{f"{ends}__gt": today}))
    held = queries.attainments().filter(course_version=OuterRef("module__version"), person__in=me)
    rows = PartDone.objects.filter(taught, ~Exists(held.select_related(None)), person__in=me)
    done: dict[Module, set[UUID]] = {}
    for row in rows.select_related(None).select_related("module__version").order_by("-pk"):
        done.setdefault(row.module, set()).add(row.part)
    lessons = registries.lessons([module.pk for module in done])
    return [
        UnderWay(
            title=module.version.title,
            address=found.address,
            done=sum(part.uuid in parts for part in found.parts),
            of=len(found.parts),
        )
        for module, parts in done.items()
        if (found := lessons.get(module.pk)) is not None
    ]
