"""A framework as one document: its parts, what is said about a file that held one, its canonical text and digest."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

# From least to most; the same words as in the log.
ROLES = ("observed", "assisted", "direct", "indirect")

# The most that the portal keeps of each text, in characters.
LONGEST = {
    "framework code": 60,
    "framework title": 200,
    "framework source": 1000,
    "level code": 40,
    "level title": 200,
    "code": 60,
    "title": 500,
    "task": 60,
    "source": 300,
    "examination": 40,
}
MOST_PARTS = 5_000
MOST_YEARS = 6
MOST_COUNTED = 999


class Sort(StrEnum):
    """What a line says: refused until a person mends it, mended and kept, or not carried."""

    PROBLEM = "problem"
    REPAIR = "repair"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say about a file: its sort, its name, where it is, and the sentence."""

    sort: Sort
    name: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the scale."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Count:
    """So many examinations in a role, or one that asks more; of any type when `examination` is empty."""

    number: int
    role: str
    examination: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A part that holds others. `parent` is the code of the group that it is in, empty at the top.

    `kept` is what another system's file said of it that the portal does not read, as JSON.
    """

    identifier: UUID
    code: str
    title: str
    parent: str = ""
    description: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Competency:
    """A part that is signed; always in a group."""

    identifier: UUID
    code: str
    title: str
    parent: str
    description: str = ""
    year: int | None = None
    task: str = ""
    level: str = ""
    counts: tuple[Count, ...] = ()
    schedule_3: tuple[str, ...] = ()
    source: str = ""
    kept: str = ""


Part = Group | Competency


@dataclass(frozen=True, slots=True)
class Document:
    """A whole framework. `parts` stand in reading order: each group before what it holds."""

    identifier: UUID
    code: str
    title: str
    source: str
    levels: tuple[Level, ...]
    parts: tuple[Part, ...]
    kept: str = ""

    @property
    def groups(self) -> list[Group]:
        """The groups, in reading order."""
        return [part for part in self.parts if isinstance(part, Group)]

    @property
    def competencies(self) -> list[Competency]:
        """The competencies, in reading order."""
        return [part for part in self.parts if isinstance(part, Competency)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: the document, none while there is a problem, and every line about it."""

    document: Document | None
    lines: tuple[Line, ...]

    def of(self, sort: Sort) -> list[Line]:
        """The lines of one sort, in the order of the file."""
        return [line for line in self.lines if line.sort == sort]


@dataclass(frozen=True, slots=True)
class Written:
    """A file made of a document, and what the format could not carry."""

    data: bytes
    lines: tuple[Line, ...]


def children(document: Document, parent: str = "") -> list[Part]:
    """What stands directly in a group, in reading order."""
    return [part for part in document.parts if part.parent == parent]


def depths(document: Document) -> Iterator[tuple[int, Part]]:
    """The parts in reading order, each with how many groups it is in."""
    deep: dict[str, int] = {"": -1}
    for part in document.parts:
        depth = deep[part.parent] + 1
        deep[part.code] = depth
        yield depth, part


def bare(document: Document) -> Document:
    """The framework itself, without what other systems' files said beside it."""
    parts = tuple(replace(part, kept="") for part in document.parts)
    return replace(document, parts=parts, kept="")


def compact(value: Any) -> str:
    """JSON in one form only: sorted keys, no spaces; empty for an empty object."""
    if value == {}:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpacked(kept: str) -> dict[str, Any]:
    """What `kept` holds."""
    held: dict[str, Any] = json.loads(kept) if kept else {}
    return held


def as_json(document: Document) -> dict[str, Any]:
    """The document as the portal's own JSON holds it; what is empty is left out."""
    whole: dict[str, Any] = {"format": "framework", "format_version": 1, **_held(document)}
    whole["levels"] = [_held(level) for level in document.levels]
    whole["parts"] = [
        {"kind": "group" if isinstance(part, Group) else "competency", **_held(part)}
        for part in document.parts
    ]
    return whole


def _held(row: Any) -> dict[str, Any]:
    held: dict[str, Any] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if field.name in ("levels", "parts") or value in ("", None, ()):
            continue
        if field.name == "kept":
            value = unpacked(value)
        elif field.name == "counts":
            value = [_held(count) for count in value]
        elif isinstance(value, UUID):
            value = str(value)
        held[field.name] = list(value) if isinstance(value, tuple) else value
    return held


def canonical(document: Document) -> str:
    """The one text of a document: what its digest covers, and what a draft and a version keep."""
    return compact(as_json(document))


def digest(document: Document) -> str:
    """SHA-256 of the canonical text in UTF-8, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def from_canonical(text: str) -> Document:
    """The document of a canonical text that the portal itself wrote; nothing is checked."""
    whole: Mapping[str, Any] = json.loads(text)
    return Document(
        identifier=UUID(whole["identifier"]),
        code=whole["code"],
        title=whole["title"],
        source=whole.get("source", ""),
        levels=tuple(Level(**level) for level in whole["levels"]),
        parts=tuple(_part(part) for part in whole["parts"]),
        kept=compact(whole.get("kept", {})),
    )


def _part(held: Mapping[str, Any]) -> Part:
    given = {key: value for key, value in held.items() if key != "kind"}
    given["identifier"] = UUID(given["identifier"])
    given["kept"] = compact(given.get("kept", {}))
    if held["kind"] == "group":
        return Group(**given)
    given["counts"] = tuple(Count(**count) for count in given.get("counts", ()))
    given["schedule_3"] = tuple(given.get("schedule_3", ()))
    return Competency(**given)


def replaced(document: Document, code: str, by: Competency) -> Document:
    """The document with one competency worded anew, or in another group; the group's last then."""
    before = next(part for part in document.competencies if part.code == code)
    if before.parent == by.parent:
        parts = tuple(by if part is before else part for part in document.parts)
        return replace(document, parts=parts)
    return added(without(document, code), by)


def added(document: Document, new: Competency) -> Document:
    """The document with a competency at the end of its group."""
    inside = {new.parent}
    place = 0
    for number, part in enumerate(document.parts, start=1):
        if part.code in inside or part.parent in inside:
            place = number
            if isinstance(part, Group):
                inside.add(part.code)
    parts = (*document.parts[:place], new, *document.parts[place:])
    return replace(document, parts=parts)


def without(document: Document, code: str) -> Document:
    """The document without a competency."""
    return replace(document, parts=tuple(part for part in document.parts if part.code != code))


def count_words(counts: Sequence[Count]) -> str:
    """Counts as one cell or field: "10 of fdg-half-body, direct; 2 of any, observed"."""
    return "; ".join(
        f"{count.number} of {count.examination or 'any'}, {count.role}" for count in counts
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """What one document says otherwise than the one before it, part by part; parts are the same by their identifier."""

    added: tuple[Part, ...]
    changed: tuple[tuple[Part, Part], ...]
    removed: tuple[Part, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def changes(before: Document, after: Document) -> Changes:
    """The parts that came, changed and went."""
    old = {part.identifier: part for part in before.parts}
    new = {part.identifier for part in after.parts}
    return Changes(
        added=tuple(part for part in after.parts if part.identifier not in old),
        changed=tuple(
            (old[part.identifier], part)
            for part in after.parts
            if part.identifier in old
            and replace(old[part.identifier], kept="") != replace(part, kept="")
        ),
        removed=tuple(part for part in before.parts if part.identifier not in new),
    )
