"""A whole mark sheet as a form without script, or typed from paper: what differs from what the page showed becomes taps."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.http import QueryDict

from logbooks.osces.marking.events import Tap
from logbooks.osces.marking.reading import State, event
from logbooks.osces.marking.register import COMMENT, GRADE, Read, Unmarked, Value, read
from logbooks.osces.stations.document import Document

NOT_OBSERVED = "n"


@dataclass(frozen=True, slots=True)
class Choice:
    """A mark that can be pressed."""

    value: str
    words: str
    on: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the sheet as it is shown: its choices, and what is wrong with it."""

    part: str
    words: str
    critical: bool
    choices: tuple[Choice, ...]
    disagree: tuple[str, ...]
    error: str


def _on(value: Value | None) -> str:
    return NOT_OBSERVED if value is Unmarked.NOT_OBSERVED else str(value) if isinstance(value, int) else ""  # fmt: skip


def lines(
    document: Document,
    state: State | None,
    sent: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> tuple[list[Line], Line]:
    """The items and the overall judgement of a sheet, as the server has them or as they were sent."""
    found, errors = state.read if state else None, errors or {}

    def line(part: str, words: str, values: list[tuple[str, str]], critical: bool = False) -> Line:
        own = found.values.get(part) if found else None
        on = sent.get(part, "") if sent is not None else _on(own)
        disagree = tuple(_on(one.value) for one in found.conflicts.get(part, ())) if found else ()
        names = dict(values)
        return Line(
            part,
            words,
            critical,
            tuple(Choice(value, said, value == on) for value, said in values),
            tuple(names.get(value, "taken back") for value in disagree),
            errors.get(part, ""),
        )

    items = [
        line(
            str(item.key),
            item.words,
            [*((str(mark), str(mark)) for mark in item.choices), (NOT_OBSERVED, "Not observed")],
            item.critical,
        )
        for item in document.items
    ]
    grades = [(str(grade.number), grade.name) for grade in document.scale]
    return items, line(GRADE, "Overall judgement", grades)


def taps(
    document: Document, state: State | None, data: QueryDict, device: UUID, known: int
) -> list[Tap]:
    """What a form says otherwise than the page on which it was filled in; `known` is the last entry of the book on that page.

    The same form gives the same taps, so that one sent twice is answered twice; one that was changed after it was
    sent, as from the browser's history, counts as another device.
    """
    device = uuid5(device, "|".join(f"{part}={typed}" for part, typed in sorted(data.items())))
    shown = [fact for fact in state.facts if fact.entry.seq <= known] if state else []
    before = read(map(event, shown))
    words = state.comment if state else ""
    found: list[Tap] = []
    for part in (*(str(item.key) for item in document.items), GRADE, COMMENT):
        if part not in data:
            continue
        typed = str(data[part]).strip()
        value = _comment(typed, words) if part == COMMENT else _value(typed, part, before)
        if value is None:
            continue
        number = len(found) + 1
        seen = frozenset(one.uuid for one in before.standing.get(part, ()))
        uuid = uuid5(device, f"{number} {part} {typed}")
        said = typed if value is Unmarked.WORDS else ""
        found.append(Tap(uuid, device, number, part, value, seen, words=said))
    return found


def _comment(typed: str, before: str) -> Value | None:
    if typed.replace("\r\n", "\n") == before:
        return None
    return Unmarked.WORDS if typed else Unmarked.CLEARED


def _value(typed: str, part: str, before: Read) -> Value | None:
    """What was chosen for a part, or None where the page said so already."""
    if not typed or (typed == _on(before.values.get(part)) and part not in before.conflicts):
        return None
    if typed == NOT_OBSERVED:
        return Unmarked.NOT_OBSERVED
    # A number that no choice has is refused by the sheet, by name.
    return mark(typed)


def whole(typed: str) -> int | None:
    """A whole number as a page sends it; none for anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def mark(typed: str) -> int:
    """A mark as it was chosen; what is no number becomes one that no item has, which is refused by name."""
    number = whole(typed)
    return -1 if number is None else number
