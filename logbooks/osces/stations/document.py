"""A station as one document: what each person in the room reads, the mark sheet and the global scale."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

# The most that is kept of each text, in characters.
LONGEST = {"title": 120, "instructions": 4_000, "item": 300, "domain": 60, "grade": 40}
MOST_ITEMS = 60
MOST_MARKS = 20
MINUTES = range(1, 61)


class Kind(StrEnum):
    """How an item is marked."""

    CHECKLIST = "checklist"
    PARTIAL = "partial"
    DOMAIN = "domain"


# What each of them means to an examiner.
KINDS = {
    Kind.CHECKLIST: "Done or not done",
    Kind.PARTIAL: "In part: every whole mark up to the most",
    Kind.DOMAIN: "A domain judged as a whole",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the mark sheet. `key` stays the same in every version; `most` are its marks, whole.

    A mark of 0 for one that is `critical` is shown to the board by name. `competencies` are codes of the framework,
    `domain` is under which heading a student's feedback counts it.
    """

    key: UUID
    words: str
    kind: Kind
    most: int
    critical: bool = False
    domain: str = ""
    competencies: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[int, ...]:
        """The marks that can be given. Not observed is a choice beside them, and no mark."""
        return (0, self.most) if self.kind is Kind.CHECKLIST else tuple(range(self.most + 1))


@dataclass(frozen=True, slots=True)
class Grade:
    """A named point of the global scale; better ones have higher numbers."""

    number: int
    name: str
    borderline: bool = False


SCALE = (
    Grade(1, "Fail"),
    Grade(2, "Borderline", borderline=True),
    Grade(3, "Pass"),
    Grade(4, "Good"),
    Grade(5, "Excellent"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole station; `minutes` are those in the room, without the change-over."""

    title: str
    minutes: int
    candidate: str = ""
    examiner: str = ""
    patient: str = ""
    room: str = ""
    items: tuple[Item, ...] = ()
    scale: tuple[Grade, ...] = field(default=SCALE)

    @property
    def most(self) -> int:
        """The marks of the whole sheet."""
        return sum(item.most for item in self.items)

    @property
    def competencies(self) -> list[str]:
        """The codes that it covers, in the order of the items, each once."""
        return list(dict.fromkeys(code for item in self.items for code in item.competencies))

    @property
    def borderline(self) -> Grade:
        """The borderline grade of a station without problems."""
        return next(grade for grade in self.scale if grade.borderline)


def problems(document: Document, codes: Sequence[str]) -> list[str]:
    """Why a station cannot be published, each in a sentence; `codes` are the competencies that there are."""
    return [
        *_of_texts(document),
        *_of_items(document, frozenset(codes)),
        *_of_scale(document.scale),
    ]


def _of_texts(document: Document) -> list[str]:
    found = []
    if not document.candidate.strip():
        found.append("It has no instructions for the candidate.")
    if not document.examiner.strip():
        found.append("It has no instructions for the examiner.")
    if document.minutes not in MINUTES:
        found.append(f"It lasts {document.minutes} minutes; a station lasts 1 to {MINUTES[-1]}.")
    return found


def _of_items(document: Document, codes: frozenset[str]) -> list[str]:
    items = document.items
    found = [] if items else ["The mark sheet has no items."]
    if len(items) > MOST_ITEMS:
        found.append(f"The mark sheet has {len(items)} items; nobody marks more than {MOST_ITEMS}.")
    twice = Counter(" ".join(item.words.split()).casefold() for item in items)
    for number, item in enumerate(items, start=1):
        if not 1 <= item.most <= MOST_MARKS:
            found.append(f"Item {number} has {item.most} marks; an item has 1 to {MOST_MARKS}.")
        if item.kind is not Kind.CHECKLIST and item.most < 2:
            found.append(f"Item {number} has 1 mark, so it is done or not done.")
        found += [
            f"Item {number} names the competency {code}, which no framework has."
            for code in item.competencies
            if code not in codes
        ]
    found += [f"Two items say “{words}”." for words, times in twice.items() if times > 1]
    return found


def _of_scale(scale: Sequence[Grade]) -> list[str]:
    found = []
    borderline = [grade.name for grade in scale if grade.borderline]
    if len(borderline) != 1:
        found.append(
            f"The global scale has {len(borderline)} borderline grades; a line is read off at exactly one."
        )
    if len(scale) < 3:
        found.append("The global scale has fewer than 3 grades.")
    elif scale[0].borderline or scale[-1].borderline:
        found.append("The borderline grade is between a worse and a better one.")
    if len({grade.name.casefold() for grade in scale}) < len(scale):
        found.append("Two grades have the same name.")
    return found


def from_canonical(text: str) -> Document:
    """The document that `sealing.canonical` wrote."""
    data: Mapping[str, Any] = json.loads(text)
    items = tuple(
        Item(
            **{
                **item,
                "key": UUID(item["key"]),
                "kind": Kind(item["kind"]),
                "competencies": tuple(item["competencies"]),
            }
        )
        for item in data["items"]
    )
    scale = tuple(Grade(**grade) for grade in data["scale"])
    return Document(**{**data, "items": items, "scale": scale})


def changes(before: Document, after: Document) -> list[str]:
    """What a version says otherwise than the one before, each in a sentence for a second reader."""
    found = []
    for name, words in TEXTS.items():
        if getattr(before, name) != getattr(after, name):
            found.append(f"{words} changed.")
    if before.minutes != after.minutes:
        found.append(f"Lasts {after.minutes} minutes, before {before.minutes}.")
    old = {item.key: item for item in before.items}
    new = {item.key: item for item in after.items}
    found += [f"New item: {item.words}" for key, item in new.items() if key not in old]
    found += [
        f"Changed item: {item.words}"
        for key, item in new.items()
        if key in old and old[key] != item
    ]
    found += [f"Item gone: {item.words}" for key, item in old.items() if key not in new]
    if [key for key in old if key in new] != [key for key in new if key in old]:
        found.append("The items stand in another order.")
    if before.scale != after.scale:
        found.append("The global scale changed.")
    return found


TEXTS = {
    "title": "The title",
    "candidate": "What the candidate reads",
    "examiner": "What the examiner reads",
    "patient": "What the simulated patient reads",
    "room": "What the room needs",
}
