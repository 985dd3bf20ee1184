"""What a tablet sends of a mark sheet, read and checked: nothing is clamped, and nothing that is wrong takes others with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from logbooks.osces.marking.register import COMMENT, GRADE, Unmarked, Value
from logbooks.osces.stations.document import Document

LONGEST_COMMENT = 2_000
# An event names at most so many others: more tablets than that mark nobody.
MOST_SEEN = 10
MOST_NUMBER = 1_000_000


class Unreadable(ValueError):
    """What was sent is no list of events; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Tap:
    """One event as a device sent it; `at` is the device's clock, `words` are of a comment alone."""

    uuid: UUID
    device: UUID
    number: int
    part: str
    value: Value
    seen: frozenset[UUID] = frozenset()
    at: datetime | None = None
    words: str = ""


def read(data: Any) -> Tap:
    """An event as it was sent in JSON: {"uuid", "device", "number", "part", "value", "seen", "at", "words"}.

    `value` is a whole number, "not_observed", "cleared" or "words". Raises Unreadable.
    """
    if not isinstance(data, Mapping):
        raise Unreadable("An event is an object.")
    number, part, words = data.get("number"), data.get("part"), data.get("words", "")
    if type(number) is not int or not 1 <= number <= MOST_NUMBER:
        raise Unreadable("An event has no number from 1.")
    if not isinstance(part, str) or not isinstance(words, str):
        raise Unreadable("The part and the words of an event are text.")
    if not _is_text(part) or not _is_text(words):
        raise Unreadable("The event holds a character that no text has.")
    seen = data.get("seen", [])
    if not isinstance(seen, list):
        raise Unreadable("The events that were seen are a list.")
    return Tap(
        uuid=_uuid(data.get("uuid")),
        device=_uuid(data.get("device")),
        number=number,
        part=part,
        value=_value(data.get("value")),
        seen=frozenset(_uuid(one) for one in seen),
        at=_moment(data.get("at")),
        words=words.strip(),
    )


def problem(document: Document, tap: Tap) -> str:
    """Why an event cannot stand on a sheet of this station, in a sentence; empty when it can."""
    if len(tap.seen) > MOST_SEEN:
        return f"It names {len(tap.seen)} other marks; it may name {MOST_SEEN}."
    if tap.part == COMMENT:
        return _of_comment(tap)
    if tap.words or tap.value is Unmarked.WORDS:
        return "Words belong to the comment."
    if tap.part == GRADE:
        numbers = [grade.number for grade in document.scale]
        return _of(tap, numbers, "The overall judgement", observed=True)
    item = next((one for one in document.items if str(one.key) == tap.part), None)
    if item is None:
        return "This mark sheet has no such item."
    return _of(tap, list(item.choices), f"“{item.words}”", observed=False)


def _of_comment(tap: Tap) -> str:
    if tap.value not in (Unmarked.WORDS, Unmarked.CLEARED):
        return "A comment has no marks."
    if (tap.value is Unmarked.WORDS) != bool(tap.words):
        return "A comment says something, or is taken back."
    if len(tap.words) > LONGEST_COMMENT:
        return f"The comment has {len(tap.words):,} characters; it may have {LONGEST_COMMENT:,}."
    return ""


def _of(tap: Tap, choices: list[int], what: str, *, observed: bool) -> str:
    if tap.value is Unmarked.NOT_OBSERVED and observed:
        return f"{what} is always given."
    if isinstance(tap.value, Unmarked) or tap.value in choices:
        return ""
    return f"{what} takes {', '.join(map(str, choices))}, not {tap.value}."


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise Unreadable("An event, a device or what was seen has no UUID.") from None


def _value(value: Any) -> Value:
    if type(value) is int:
        return value
    try:
        return Unmarked(value)
    except ValueError:
        raise Unreadable("An event says neither a whole number nor why there is none.") from None


def _moment(value: Any) -> datetime | None:
    """A device's clock: evidence, so one that cannot be read is none."""
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


def _is_text(words: str) -> bool:
    """Whether both databases can keep it: no half of a character, and no NUL."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in words
