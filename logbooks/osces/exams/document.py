"""The design of an exam: the places of its circuit in order, and what stops it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

LONGEST = {"title": 120, "instructions": 4_000, "framework": 200}
MOST_PLACES = 20
LEAST_STATIONS = 2
MINUTES = range(1, 61)
CHANGEOVER = range(11)


class Kind(StrEnum):
    """What a candidate finds at a place."""

    STATION = "station"
    PREPARATION = "preparation"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the circuit. A station is a version by its UUID and digest, which says how long it takes.

    `minutes` are of a preparation or a rest, `instructions` are what the candidate reads at a preparation.
    """

    kind: Kind
    version: UUID | None = None
    digest: str = ""
    minutes: int = 0
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole design: minutes to change over, the framework that its blueprint is held against, and the places in order."""

    changeover: int = 1
    framework: str = ""
    places: tuple[Place, ...] = ()

    @property
    def versions(self) -> list[UUID]:
        """The versions that it names, in order."""
        return [place.version for place in self.places if place.version]


@dataclass(frozen=True, slots=True)
class Known:
    """What is published under a version's UUID: of which station, called what, for how long, with which digest."""

    station: UUID
    title: str
    minutes: int
    digest: str


def problems(document: Document, known: Mapping[UUID, Known]) -> list[str]:
    """Why an exam cannot be frozen, each in a sentence; `known` are the published versions by UUID."""
    marked = sum(place.kind is Kind.STATION for place in document.places)
    found = []
    if marked < LEAST_STATIONS:
        stations = "1 marked station" if marked == 1 else f"{marked} marked stations"
        found.append(f"It has {stations}; an exam has {LEAST_STATIONS} or more.")
    if len(document.places) > MOST_PLACES:
        found.append(f"It has {len(document.places)} places; a circuit has at most {MOST_PLACES}.")
    if document.changeover not in CHANGEOVER:
        found.append(
            f"The change-over takes {document.changeover} minutes; it takes 0 to {CHANGEOVER[-1]}."
        )
    return found + _of_stations(document, known) + _of_others(document.places)


def _of_stations(document: Document, known: Mapping[UUID, Known]) -> list[str]:
    found = []
    stands: dict[UUID, list[int]] = {}
    for number, place in enumerate(document.places, start=1):
        if place.kind is not Kind.STATION:
            continue
        version = known.get(place.version) if place.version else None
        if version is None:
            found.append(f"Place {number} names a station that nobody published.")
        elif version.digest != place.digest:
            found.append(f"Place {number} holds other words of “{version.title}” than are published.")  # fmt: skip
        if version is not None:
            stands.setdefault(version.station, []).append(number)
    titles = {version.station: version.title for version in known.values()}
    return found + [
        f"“{titles[station]}” stands at places {' and '.join(map(str, numbers))}; an exam has a station once."
        for station, numbers in stands.items()
        if len(numbers) > 1
    ]


def _of_others(places: Sequence[Place]) -> list[str]:
    found = []
    for number, place in enumerate(places, start=1):
        if place.kind is Kind.STATION:
            continue
        if place.minutes not in MINUTES:
            found.append(
                f"Place {number} lasts {place.minutes} minutes; a place lasts 1 to {MINUTES[-1]}."
            )
        if place.kind is Kind.PREPARATION:
            # Candidates go round: after the last place comes the first.
            if places[number % len(places)].kind is not Kind.STATION:
                found.append(
                    f"The preparation at place {number} is not directly before a marked station."
                )
            if not place.instructions.strip():
                found.append(f"The preparation at place {number} says nothing to the candidate.")
    return found


def minutes_at(place: Place, known: Mapping[UUID, Known]) -> int:
    """How long a candidate is at a place, without the change-over; 0 at a station that nobody published."""
    if place.kind is not Kind.STATION:
        return place.minutes
    version = known.get(place.version) if place.version else None
    return version.minutes if version else 0


def slot(document: Document, known: Mapping[UUID, Known]) -> int:
    """The minutes of one slot: those of the longest place, without the change-over."""
    return max((minutes_at(place, known) for place in document.places), default=0)


def round_minutes(document: Document, known: Mapping[UUID, Known]) -> int:
    """How long one round takes, in which every candidate goes through all places."""
    return len(document.places) * (slot(document, known) + document.changeover)


def seats(document: Document) -> int:
    """How many candidates go round together: nobody begins at a station whose preparation would come last."""
    preparations = sum(place.kind is Kind.PREPARATION for place in document.places)
    return len(document.places) - preparations


def from_canonical(text: str) -> Document:
    """The design that `sealing.canonical` wrote."""
    data: Mapping[str, Any] = json.loads(text)
    places = tuple(
        Place(
            **{
                **place,
                "kind": Kind(place["kind"]),
                "version": UUID(place["version"]) if place["version"] else None,
            }
        )
        for place in data["places"]
    )
    return Document(**{**data, "places": places})
