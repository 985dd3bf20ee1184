"""Papers of a quiz: drawn from the bank so that the same attempt always shows the same, marked, and kept in words."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

# What somebody chose, by question.
Chosen = Mapping[UUID, Collection[UUID]]


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that a question offers."""

    uuid: UUID
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answers that it offers, in the order in which they are shown."""

    uuid: UUID
    text: str
    several: bool
    feedback: str
    options: tuple[Option, ...]

    def is_right(self, chosen: Collection[UUID]) -> bool:
        """Whether exactly the right answers were chosen."""
        return set(chosen) == {option.uuid for option in self.options if option.right}


@dataclass(frozen=True, slots=True)
class Paper:
    """What one attempt asks, in order."""

    number: int
    questions: tuple[Asked, ...]

    @property
    def digest(self) -> str:
        """Says whether two papers show the same."""
        words = json.dumps([self.number, *map(_shown, self.questions)], ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()


def draw(bank: Collection[Asked], asked: int, *, person: UUID, module: UUID, number: int) -> Paper:
    """So many questions of the bank, or all when it holds fewer, and their answers, both shuffled.

    The order comes from the person, the module and the number of the attempt alone, so that a paper
    that is opened again is the same and nothing has to be kept of it.
    """
    seed = f"{person} {module} {number}"
    questions = sorted(bank, key=lambda one: _place(seed, one.uuid))[:asked]
    return Paper(number, tuple(_shuffled(one, seed) for one in questions))


def _shuffled(question: Asked, seed: str) -> Asked:
    return Asked(
        question.uuid,
        question.text,
        question.several,
        question.feedback,
        tuple(sorted(question.options, key=lambda one: _place(seed, one.uuid))),
    )


def _place(seed: str, uuid: UUID) -> bytes:
    return hashlib.sha256(f"{seed} {uuid}".encode()).digest()


def marks(paper: Paper, chosen: Chosen) -> list[tuple[UUID, bool]]:
    """Each question in the order asked, and whether it was answered rightly."""
    return [(one.uuid, one.is_right(chosen.get(one.uuid, ()))) for one in paper.questions]


def is_pass(right: int, asked: int, percent: int) -> bool:
    """Whether the share of right answers reaches the pass mark; in whole numbers, so that 80 % of 10 is 8."""
    return right * 100 >= percent * asked


def written(found: Sequence[tuple[UUID, bool]]) -> str:
    """Marks as an attempt keeps them."""
    return " ".join(f"{uuid}:{int(right)}" for uuid, right in found)


def read_marks(words: str) -> list[tuple[UUID, bool]]:
    """The marks that an attempt keeps."""
    pairs = (one.split(":") for one in words.split())
    return [(UUID(uuid), mark == "1") for uuid, mark in pairs]


@dataclass(frozen=True, slots=True)
class Line:
    """A question of a paper that was sent: what it asked, what was chosen, and what is said of it."""

    text: str
    chosen: tuple[str, ...]
    right: bool
    feedback: str


def kept(paper: Paper, chosen: Chosen) -> str:
    """A paper as it was shown, with what was chosen; later changes of its questions do not touch it."""
    rows = []
    for question in paper.questions:
        row = _shown(question)
        row["feedback"] = question.feedback
        for option, shown in zip(question.options, row["answers"], strict=True):
            shown["right"] = option.right
        rows.append(row)
    return _dumped(rows, chosen)


def chosen_anew(words: str, chosen: Chosen) -> str:
    """A kept paper as it would read with other choices: the same words when the same was sent again."""
    return _dumped(json.loads(words), chosen) if words else ""


def lines(words: str) -> list[Line]:
    """The questions of a kept paper; none once it was erased."""
    found = []
    for row in json.loads(words) if words else []:
        answers = row["answers"]
        found.append(
            Line(
                text=row["text"],
                chosen=tuple(one["text"] for one in answers if one["chosen"]),
                right=all(one["chosen"] == one["right"] for one in answers),
                feedback=row["feedback"],
            )
        )
    return found


def _shown(question: Asked) -> dict[str, Any]:
    return {
        "uuid": str(question.uuid),
        "text": question.text,
        "several": question.several,
        "answers": [{"uuid": str(one.uuid), "text": one.text} for one in question.options],
    }


def _dumped(rows: Sequence[dict[str, Any]], chosen: Chosen) -> str:
    for row in rows:
        taken = {str(uuid) for uuid in chosen.get(UUID(row["uuid"]), ())}
        for answer in row["answers"]:
            answer["chosen"] = answer["uuid"] in taken
    return json.dumps(rows, ensure_ascii=False)
