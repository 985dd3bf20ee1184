"""What mark sheets say now, read from their events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from logbooks.osces.marking import register
from logbooks.osces.marking.register import COMMENT, Event, Read, Unmarked
from logbooks.osces.models import MarkEvent, MarkSheet
from logbooks.osces.stations import document as stations
from logbooks.osces.stations.document import Document
from school.core import ledger
from school.core.compiled import compiled


@dataclass(frozen=True, slots=True)
class State:
    """A sheet as it stands: what its events say, the words that stand as its comment, and its events with who sent them."""

    read: Read
    words: Mapping[UUID, str]  # of every comment, by the UUID of its event
    facts: tuple[MarkEvent, ...]
    last: int  # the number of the last entry in the sheet's book

    @property
    def comment(self) -> str:
        """The comments that stand, those of several tablets below each other."""
        standing = self.read.standing.get(COMMENT, ())
        return "\n".join(self.words[one.uuid] for one in standing if one.uuid in self.words)


def document_of(sheet: MarkSheet) -> Document:
    """The station that a sheet marks, in the version of its exam."""
    assert sheet.place.version  # the database holds it for a marked place
    return stations.from_canonical(sheet.place.version.document)


def event(fact: MarkEvent) -> Event:
    """A mark event as the register takes it."""
    value = fact.value if fact.value is not None else Unmarked(fact.said)
    seen = frozenset(map(UUID, fact.seen.split()))
    return Event(fact.entry.uuid, fact.device, fact.number, fact.part, value, seen)


def read_of(sheet: MarkSheet) -> Read:
    """What the events of a sheet say together; one query."""
    return register.read(map(event, MarkEvent.objects.filter(sheet=sheet)))


def states(sheets: Sequence[MarkSheet]) -> dict[int, State]:
    """What sheets say, by primary key; two queries."""
    facts = _events(sheets=list(sheets))
    said = [fact for fact in facts if fact.said == MarkEvent.Said.WORDS]
    words = ledger.private_texts(said, "words") if said else {}
    own: dict[int, list[MarkEvent]] = {sheet.pk: [] for sheet in sheets}
    for fact in facts:
        own[fact.sheet_id].append(fact)
    return {key: _state(some, words) for key, some in own.items()}


@compiled
def _events(sheets: Any) -> QuerySet[MarkEvent]:
    found: QuerySet[MarkEvent] = MarkEvent.objects.filter(sheet__in=sheets).order_by("entry")
    return found


def _state(facts: Sequence[MarkEvent], texts: Mapping[int, str]) -> State:
    words = {fact.entry.uuid: texts[fact.pk] for fact in facts if fact.pk in texts}
    last = max((fact.entry.seq for fact in facts), default=0)
    return State(register.read(map(event, facts)), words, tuple(facts), last)
