"""Online modules for tests: published parts, a bank, and somebody who learns."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from cms.policies import Access
from cms.shipped import PartText, add_module_pages
from school.courses import learning_queries as learning
from school.courses.actions import learning as actions
from school.courses.actions.modules import Choice, put_question, save_module
from school.courses.models import CourseVersion, Module, Question, QuizAttempt
from school.courses.papers import Paper
from school.people.models import Person
from school.people.queries import identity
from tests.cms.making import make_page
from tests.courses import making

CHECK = {
    "question": "Which scan shows how tissue works?",
    "answers": [{"text": "PET", "right": True}, {"text": "A photograph", "right": False}],
    "feedback": "PET shows where the tracer goes.",
}


def make_module(
    *,
    by: Person | None = None,
    version: CourseVersion | None = None,
    parts: Sequence[str] = ("What it is", "What helps"),
    questions: int = 4,
    asked: int = 2,
    pass_percent: int = 100,
    attempts: int | None = None,
    access: Access = Access.OPEN,
) -> Module:
    """A module of two parts whose quiz asks two of four questions; all have to be right."""
    teacher = by or making.make_teacher()
    version = version or making.make_version("Dementia Awareness", by=teacher, credit_minutes=60)
    make_page(version.course)
    module = save_module(
        by=teacher,
        version=version,
        uuid=uuid4(),
        asked=asked,
        pass_percent=pass_percent,
        attempts=attempts,
    )
    for number in range(questions):
        make_question(module, f"Question {number}?")
    texts = [
        PartText(title, f"part-{place}", [("text", f"<p>{title}.</p>"), ("check", CHECK)])
        for place, title in enumerate(parts, start=1)
    ]
    add_module_pages(module, texts, title=version.title, access=access)
    return module


def make_question(module: Module, text: str = "Why?") -> Question:
    """A question with one right answer of three."""
    return put_question(
        module=module,
        uuid=uuid4(),
        text=text,
        answers=[Choice("Right", True), Choice("Wrong"), Choice("Wrong too")],
        feedback=f"Because of {text}",
    )


def parts_of(module: Module) -> list[UUID]:
    """The parts of a module in order."""
    found = learning.progress(module, [])
    assert found is not None
    return [step.part.uuid for step in found.steps]


def do_parts(person: Person, module: Module) -> None:
    """A person goes through every part."""
    for part in parts_of(module):
        actions.finish_part(by=person, module=module, part=part, uuid=uuid4())


def paper_of(person: Person, module: Module) -> Paper:
    """The paper that a person has before them."""
    found = learning.progress(module, identity(person))
    assert found is not None
    return learning.paper(module, person, found.number)


def chosen(paper: Paper, *, right: bool) -> dict[UUID, set[UUID]]:
    """Every question answered rightly, or every one wrongly."""
    return {
        question.uuid: {next(one.uuid for one in question.options if one.right == right)}
        for question in paper.questions
    }


def sit(
    person: Person, module: Module, *, right: bool = True, uuid: UUID | None = None
) -> QuizAttempt:
    """A person sits the quiz."""
    paper = paper_of(person, module)
    return actions.submit_attempt(
        by=person,
        module=module,
        chosen=chosen(paper, right=right),
        shown=paper.digest,
        uuid=uuid or uuid4(),
    )
