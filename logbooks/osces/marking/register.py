"""What the events of a mark sheet say: a register that no order of arrival changes and no second copy doubles.

Each event names the events about the same part that its device knew. What no other event has seen stands. Two that
stand and say different things are a conflict, which a person decides by an event that has seen both; no clock does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

# The parts of a sheet beside its items. A comment is no value: those that stand beside each other are all read.
GRADE = "grade"
COMMENT = "comment"


class Unmarked(StrEnum):
    """What an event can say instead of a mark."""

    NOT_OBSERVED = "not_observed"
    CLEARED = "cleared"
    WORDS = "words"


Value = int | Unmarked


@dataclass(frozen=True, slots=True)
class Event:
    """One tap: `part` is an item's key or another part of the sheet; `seen` are the events about it that the device knew.

    `number` counts the events of a device on this sheet from 1, without a gap.
    """

    uuid: UUID
    device: UUID
    number: int
    part: str
    value: Value
    seen: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """What a sheet says: the value of each part that is agreed, the events of each that is not, and what has not arrived.

    A part whose agreed value is that it was cleared is in neither: an empty part is no zero. `missing` are the numbers
    of each device below its highest that no event has. `standing` are the events of each part that no other has seen.
    """

    standing: Mapping[str, tuple[Event, ...]]
    values: Mapping[str, Value]
    conflicts: Mapping[str, tuple[Event, ...]]
    missing: Mapping[UUID, tuple[int, ...]]


def read(events: Iterable[Event]) -> Read:
    """What events say together, whatever their order and however often each of them comes.

    Raises ValueError for two different events under one UUID, or under one number of a device.
    """
    known: dict[UUID, Event] = {}
    numbers: dict[UUID, dict[int, UUID]] = {}
    for event in events:
        if known.setdefault(event.uuid, event) != event:
            raise ValueError(f"Two different events have the UUID {event.uuid}.")
        if numbers.setdefault(event.device, {}).setdefault(event.number, event.uuid) != event.uuid:
            raise ValueError(f"Device {event.device} sent two events as number {event.number}.")
    seen = {
        (event.part, uuid) for event in known.values() for uuid in event.seen if uuid != event.uuid
    }
    standing: dict[str, tuple[Event, ...]] = {}
    for event in sorted(known.values(), key=lambda one: (one.part, one.device, one.number)):
        if (event.part, event.uuid) not in seen:
            standing[event.part] = (*standing.get(event.part, ()), event)
    values: dict[str, Value] = {}
    conflicts: dict[str, tuple[Event, ...]] = {}
    for part, events in standing.items():
        said = {event.value for event in events}
        if part == COMMENT:
            continue
        if len(said) > 1:
            conflicts[part] = events
        elif (value := said.pop()) is not Unmarked.CLEARED:
            values[part] = value
    missing = {
        device: gaps
        for device, sent in sorted(numbers.items())
        if (gaps := tuple(n for n in range(1, max(sent)) if n not in sent))
    }
    return Read(standing, values, conflicts, missing)
