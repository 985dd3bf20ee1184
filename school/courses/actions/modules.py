"""What School educators decide of an online module: how its quiz is passed, and the questions of its bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from school.core.errors import Conflict, DomainError
from school.core.rows import rule_same_parts, rule_same_row
from school.courses.actions.teaching import rule_may_teach
from school.courses.models import Answer, CourseVersion, Module, Question
from school.people.models import Person

FEWEST, MOST = 2, 6


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer as it is typed, and whether it is right."""

    text: str
    right: bool = False


def save_module(
    *,
    by: Person,
    version: CourseVersion,
    uuid: UUID,
    asked: int,
    pass_percent: int,
    attempts: int | None = None,
) -> Module:
    """Makes the online module of a version under its UUID, or changes how its quiz is drawn and passed.

    What was passed stays passed: an attempt keeps the marks and the pass of its day.
    """
    rule_may_teach(by)
    with transaction.atomic():
        version = CourseVersion.objects.select_for_update().get(pk=version.pk)
        module = Module.objects.filter(version=version).first()
        rule_one_module(module, uuid)
        module = module or Module(version=version, uuid=uuid)
        module.asked, module.pass_percent, module.attempts = asked, pass_percent, attempts
        module.save()
    return module


def save_question(
    *,
    by: Person,
    module: Module,
    uuid: UUID,
    text: str,
    answers: Sequence[Choice],
    kind: Question.Kind = Question.Kind.ONE,
    feedback: str = "",
    changing: bool = False,
) -> Question:
    """Puts a question into the bank under its UUID or, when `changing`, changes it; papers that were sent keep the old words.

    An answer whose words stay is the same answer. Put in again with other content it is a Conflict.
    """
    rule_may_teach(by)
    before = Question.objects.filter(uuid=uuid, module=module).first()
    if before is not None and not changing:
        rule_same_row(before, {"text": text, "kind": kind, "feedback": feedback})
        kept = {(answer.text, answer.right) for answer in before.answers.all()}
        rule_same_parts(kept, {(answer.text, answer.right) for answer in answers})
        return before
    return put_question(
        module=module, uuid=uuid, text=text, answers=answers, kind=kind, feedback=feedback
    )


def put_question(
    *,
    module: Module,
    uuid: UUID,
    text: str,
    answers: Sequence[Choice],
    kind: Question.Kind = Question.Kind.ONE,
    feedback: str = "",
) -> Question:
    """The same for what ships with the portal, which nobody writes."""
    rule_answers(answers, kind)
    columns = {"text": text, "kind": kind, "feedback": feedback}
    with transaction.atomic():
        Module.objects.select_for_update().get(pk=module.pk)
        question, new = Question.objects.get_or_create(uuid=uuid, module=module, defaults=columns)
        if not new:
            for name, value in columns.items():
                setattr(question, name, value)
            question.save()
        _offer(question, answers)
    return question


def retire_question(*, by: Person, question: Question, retired: bool = True) -> Question:
    """Asks a question no more, or again; what it was answered stays in its figures."""
    rule_may_teach(by)
    with transaction.atomic():
        kept = Question.objects.select_for_update().get(pk=question.pk)
        if kept.retired != retired:
            kept.retired = retired
            kept.save()
    return kept


def rule_one_module(before: Module | None, uuid: UUID) -> None:
    """A version of a course has one module."""
    if before is not None and before.uuid != uuid:
        raise Conflict("This version has an online module already. Change that one.")


def rule_answers(answers: Sequence[Choice], kind: Question.Kind) -> None:
    """A question offers a few different answers, as many of them right as its kind says, and one wrong at least."""
    if not FEWEST <= len(answers) <= MOST:
        raise DomainError(f"Enter {FEWEST} to {MOST} answers.", field="answer_1")
    if len({answer.text for answer in answers}) < len(answers):
        raise DomainError("Two answers are the same. Change one.", field="answer_1")
    right = sum(answer.right for answer in answers)
    if kind == Question.Kind.ONE and right != 1:
        raise DomainError(f"{right or 'No'} answers are marked right. Mark one.", field="kind")
    if kind == Question.Kind.SEVERAL and right < 2:
        raise DomainError("Mark two right answers or more, or say that one is right.", field="kind")
    if right == len(answers):
        raise DomainError("Every answer is marked right. One at least is wrong.", field="kind")


def _offer(question: Question, answers: Sequence[Choice]) -> None:
    wanted = {answer.text: answer.right for answer in answers}
    for kept in list(question.answers.all()):
        right = wanted.pop(kept.text, None)
        if right is None:
            kept.delete()
        elif kept.right != right:
            kept.right = right
            kept.save()
    for text, right in wanted.items():
        Answer.objects.create(question=question, text=text, right=right)
