"""Reads of School educators about online modules: the bank, and how its questions did."""

from dataclasses import dataclass
from uuid import UUID

from school.courses import item_statistics as statistics
from school.courses import papers
from school.courses.item_statistics import Figures, Item, Sitting
from school.courses.models import Module, Question, QuizAttempt


@dataclass(frozen=True, slots=True)
class BankLine:
    """A question of the bank with how it did."""

    question: Question
    item: Item

    @property
    def discrimination(self) -> str:
        """The correlation with two figures, for a page; empty where it cannot be said."""
        value = self.item.discrimination
        return "" if value is None else f"{value:.2f}"


@dataclass(frozen=True, slots=True)
class Results:
    """How a module's quiz and its questions did."""

    figures: Figures | None
    lines: list[BankLine]


def module_by(uuid: UUID) -> Module | None:
    """A module with its course."""
    return Module.objects.select_related("version__course").filter(uuid=uuid).first()


def bank(module: Module) -> list[Question]:
    """Every question of the bank with its answers, those that are asked first; two queries."""
    rows = Question.objects.filter(module=module).order_by("retired", "pk")
    return list(rows.prefetch_related("answers"))


def results(module: Module) -> Results:
    """The figures of every attempt; three queries."""
    sittings = _sittings(module)
    found = statistics.items(sittings)
    return Results(
        figures=statistics.figures(sittings),
        lines=[BankLine(one, found.get(one.uuid, statistics.NEVER)) for one in bank(module)],
    )


def _sittings(module: Module) -> list[Sitting]:
    rows = QuizAttempt.objects.filter(module=module).select_related(None).order_by("pk")
    return [
        Sitting(person, tuple(papers.read_marks(marks)), passed)
        for person, marks, passed in rows.values_list("person", "marks", "passed")
    ]
