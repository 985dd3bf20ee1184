"""What the readers of all formats hand on: entries as a file says them, and the lines that are said about them."""

from dataclasses import dataclass, field
from typing import Any

from logbooks.competencies.document import Document, Line, Reading, Sort
from logbooks.competencies.formats.words import Tell


class Said:
    """The lines about a file, in the order in which they were found."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def problem(self, name: str, where: str, words: str) -> None:
        """Refused until a person mends it."""
        self.lines.append(Line(Sort.PROBLEM, name, where, words))

    def repair(self, name: str, where: str, words: str) -> None:
        """Changed, and how."""
        self.lines.append(Line(Sort.REPAIR, name, where, words))

    def loss(self, name: str, where: str, words: str) -> None:
        """Not carried."""
        self.lines.append(Line(Sort.LOSS, name, where, words))

    def telling(self, where: str, what: str = "") -> Tell:
        """Tells of repairs in one place."""
        before = f"{what}: " if what else ""
        return lambda name, words: self.repair(name, where, before + words)

    @property
    def refused(self) -> bool:
        """Whether there is a problem."""
        return any(line.sort == Sort.PROBLEM for line in self.lines)

    def reading(self, document: Document | None) -> Reading:
        """What came of the file."""
        return Reading(None if self.refused else document, tuple(self.lines))


@dataclass(slots=True, kw_only=True)
class RawLevel:
    """A level as a file says it."""

    where: str
    code: str = ""
    title: str = ""


@dataclass(slots=True, kw_only=True)
class RawCount:
    """A required count as a file says it."""

    number: str
    role: str
    examination: str = ""


@dataclass(slots=True, kw_only=True)
class Raw:
    """One entry as a file says it. `key` is what others name as their parent; `group` is none where the format does not tell."""

    where: str
    key: str
    parent: str = ""
    identifier: str = ""
    code: str = ""
    title: str = ""
    description: str = ""
    year: str = ""
    task: str = ""
    level: str = ""
    counts: list[RawCount] = field(default_factory=list)
    schedule_3: list[str] = field(default_factory=list)
    source: str = ""
    group: bool | None = None
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class RawHead:
    """A framework as a file says it, without its entries."""

    where: str
    identifier: str = ""
    code: str = ""
    title: str = ""
    source: str = ""
    levels: list[RawLevel] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
