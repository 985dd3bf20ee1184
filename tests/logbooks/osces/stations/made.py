"""Stations for tests: the document of a small one, and one that is published."""

from typing import Any
from uuid import UUID, uuid4

from logbooks.osces import sealing
from logbooks.osces.models import Station, StationVersion
from logbooks.osces.stations import actions
from logbooks.osces.stations import document as documents
from logbooks.osces.stations.document import Document, Item, Kind
from school.people.models import Person
from school.people.roles import SCHOOL_EDUCATOR
from tests.people.cast import with_account


def item(number: int, words: str = "Checks identity", **changes: Any) -> Item:
    """An item of two marks, whose key is its number."""
    return Item(**{"key": UUID(int=number), "words": words, "kind": Kind.PARTIAL, "most": 2, **changes})  # fmt: skip


def small(**changes: Any) -> Document:
    """A station that could be published: three items, five marks."""
    said: dict[str, Any] = {
        "title": "Half-body preparation",
        "minutes": 8,
        "candidate": "Prepare the patient for a half-body examination.",
        "examiner": "Look for three identifiers.",
        "items": (
            item(1, critical=True),
            item(2, "Asks about diabetes"),
            item(3, "Cleans the hands", kind=Kind.CHECKLIST, most=1),
        ),
    }
    return Document(**{**said, **changes})


def educator(name: str) -> Person:
    """A School educator with an account."""
    return with_account(name, SCHOOL_EDUCATOR)


def drafted(writer: Person, document: Document | None = None) -> Station:
    """A station of which nothing is published."""
    return actions.start(by=writer, document=document or small(), uuid=uuid4())


def seen(station: Station) -> str:
    """What somebody was shown who looks at the draft now."""
    station.refresh_from_db()
    return sealing.digest(documents.from_canonical(station.draft))


def published(writer: Person, reader: Person, document: Document | None = None) -> StationVersion:
    """A station in its first version."""
    station = drafted(writer, document)
    actions.submit(by=writer, station=station, seen=seen(station))
    return actions.publish(by=reader, station=station, uuid=uuid4(), seen=seen(station))
