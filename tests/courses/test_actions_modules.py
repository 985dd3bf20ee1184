"""Modules and their questions as School educators write them."""

from uuid import uuid4

import pytest

from school.core.errors import Conflict, DomainError, NotAllowed
from school.courses.actions.modules import (
    Choice,
    retire_question,
    save_module,
    save_question,
)
from school.courses.models import Answer, Module, Question
from school.people.models import Person
from tests import factories as make
from tests.courses import making

pytestmark = pytest.mark.django_db

ANSWERS = [Choice("Glucose", True), Choice("Iron"), Choice("Salt")]


@pytest.fixture
def teacher() -> Person:
    return making.make_teacher()


@pytest.fixture
def module(teacher: Person) -> Module:
    version = making.make_version(by=teacher)
    return save_module(by=teacher, version=version, uuid=uuid4(), asked=2, pass_percent=80)


def test_module_is_made_once_and_changed(teacher: Person, module: Module) -> None:
    again = save_module(
        by=teacher, version=module.version, uuid=module.uuid, asked=5, pass_percent=60, attempts=3
    )
    assert (again.pk, again.asked, again.pass_percent, again.attempts) == (module.pk, 5, 60, 3)
    with pytest.raises(Conflict, match="has an online module already"):
        save_module(by=teacher, version=module.version, uuid=uuid4(), asked=5, pass_percent=60)
    assert Module.history.count() == 2


def test_only_school_educators_write_modules_and_questions(module: Module) -> None:
    alice = make.make_person("Alice Amber")
    with pytest.raises(NotAllowed):
        save_module(by=alice, version=module.version, uuid=module.uuid, asked=1, pass_percent=1)
    with pytest.raises(NotAllowed):
        save_question(by=alice, module=module, uuid=uuid4(), text="Why?", answers=ANSWERS)
    question = Question.objects.create(module=module, text="Why?")
    with pytest.raises(NotAllowed):
        retire_question(by=alice, question=question)
    question.refresh_from_db()
    assert question.retired is False


def test_question_keeps_the_answers_whose_words_stay(teacher: Person, module: Module) -> None:
    uuid = uuid4()
    for answers in (ANSWERS, [Choice("Glucose"), Choice("Iron", True), Choice("Water")]):
        question = save_question(
            by=teacher,
            module=module,
            uuid=uuid,
            text="What is FDG like?",
            answers=answers,
            changing=True,
        )
    assert Question.objects.get() == question
    assert [(one.text, one.right) for one in Answer.objects.all()] == [
        ("Glucose", False),
        ("Iron", True),
        ("Water", False),
    ]
    before = Answer.history.filter(text="Glucose").last()
    assert before is not None
    assert before.uuid == Answer.objects.get(text="Glucose").uuid


@pytest.mark.parametrize(
    ("answers", "kind", "said"),
    [
        ([Choice("One", True)], "one", "2 to 6 answers"),
        ([Choice(str(n), n == 0) for n in range(7)], "one", "2 to 6 answers"),
        ([Choice("Same", True), Choice("Same")], "one", "the same"),
        ([Choice("One"), Choice("Two")], "one", "No answers are marked right"),
        ([Choice("One", True), Choice("Two", True), Choice("Three")], "one", "2 answers are"),
        ([Choice("One", True), Choice("Two")], "several", "two right answers or more"),
        ([Choice("One", True), Choice("Two", True)], "several", "Every answer"),
    ],
)
def test_question_offers_right_and_wrong_answers(
    teacher: Person, module: Module, answers: list[Choice], kind: str, said: str
) -> None:
    with pytest.raises(DomainError, match=said):
        save_question(
            by=teacher,
            module=module,
            uuid=uuid4(),
            text="Why?",
            answers=answers,
            kind=Question.Kind(kind),
        )
    assert Question.objects.count() == 0


def test_question_made_again_is_the_first_and_another_under_its_uuid_is_refused(
    teacher: Person, module: Module
) -> None:
    sent = {"by": teacher, "module": module, "uuid": uuid4(), "text": "Why?"}
    first = save_question(answers=ANSWERS, **sent)  # type: ignore[arg-type]
    assert save_question(answers=ANSWERS, **sent) == first  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="with other content"):
        save_question(answers=ANSWERS, **sent | {"text": "When?"})  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="with other content"):
        save_question(answers=[Choice("One", True), Choice("Two")], **sent)  # type: ignore[arg-type]
    assert [one.text for one in Question.objects.all()] == ["Why?"]


def test_question_is_retired_and_asked_again(teacher: Person, module: Module) -> None:
    question = save_question(by=teacher, module=module, uuid=uuid4(), text="Why?", answers=ANSWERS)
    for retired in (True, True, False):
        assert retire_question(by=teacher, question=question, retired=retired).retired is retired
    assert Question.history.count() == 3
