"""What people are asked after an event, and which answers the School is shown: whole fives, never one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

# From so many answers on they are shown, and always in whole multiples of it: whoever compares the
# figures before and after an answer must not learn that answer. What comes after the last five waits.
ENOUGH = 5
# For so long after an event it can be evaluated.
OPEN_FOR = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that people agree with from 1 to 5, and what it is about."""

    name: str
    statement: str


# The order is that of the digits in a kept answer: it never changes.
QUESTIONS = (
    Question("Relevance", "What I learned is of use in my work."),
    Question("Teaching", "It was taught clearly."),
    Question("Pace", "The pace was right for me."),
    Question("Venue or link", "The room, or the link, served its purpose."),
    Question("Recommendation", "I would recommend it to a colleague."),
)

LEVELS = (
    ("1", "1: not at all"),
    ("2", "2: hardly"),
    ("3", "3: in part"),
    ("4", "4: mostly"),
    ("5", "5: wholly"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """The average of a question's answers, and how many said 1, 2, 3, 4 and 5."""

    question: Question
    average: float
    counts: tuple[int, ...]


def shown(answers: Sequence[str]) -> int:
    """How many of the answers, in the order in which they came, may be shown."""
    return len(answers) // ENOUGH * ENOUGH


def figures(answers: Sequence[str]) -> list[Figure]:
    """The figures of answers, each a digit from 1 to 5 for every question; none of too few."""
    if len(answers) < ENOUGH:
        return []
    found = []
    for place, question in enumerate(QUESTIONS):
        digits = [int(answer[place]) for answer in answers]
        counts = tuple(digits.count(level) for level in range(1, 6))
        found.append(Figure(question, round(sum(digits) / len(digits), 1), counts))
    return found
