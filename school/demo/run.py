"""One run of the demo's builder: what it draws from, and how it writes."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from itertools import islice
from typing import TypeVar
from uuid import UUID, uuid5

from placements.models import CheckKind
from school.core import ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.demo.timetable import academic_year
from school.people.models import Person, Site

T = TypeVar("T")
NAMESPACE = UUID("5c0c0a0e-7d2f-4f6e-9d55-6c1f2a5f0b11")


@dataclass
class Build:
    """What one run makes, and the numbers it draws from."""

    today: date
    seed: int
    scale: int
    # The time on the wall, of which only what is held today depends.
    at: time = time(11)
    rng: random.Random = field(init=False)
    counter: int = 0
    sites: list[Site] = field(default_factory=list)
    # Where a site stands in `sites` is its number.
    home: int = 0
    # The kinds of checks that a site asks for, by its key.
    checks: dict[int, list[CheckKind]] = field(default_factory=dict)
    personas: dict[str, Person] = field(default_factory=dict)
    educators: dict[tuple[int, int], list[Person]] = field(default_factory=dict)
    leads: dict[tuple[int, int], Person] = field(default_factory=dict)
    # The posts of today's staff as they were drafted, by the number of the copy.
    terms: dict[int, list[Draft]] = field(default_factory=dict)
    # Who worked in the network at the end of 2016.
    workforce: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.seed} {self.today} {self.scale}")

    def uuid(self) -> UUID:
        """The next UUID: the same for the same seed, date and scale."""
        self.counter += 1
        return uuid5(NAMESPACE, f"{self.seed} {self.today} {self.scale} {self.counter}")

    @property
    def intakes(self) -> range:
        """The Septembers in which students began: three years of them, ten at a larger scale."""
        current = academic_year(self.today)
        return range(current - (2 if self.scale == 1 else 9), current + 1)


def write(drafts: list[Draft]) -> None:
    """Appends drafts, each by the actor it carries, in pieces that keep memory small."""
    for piece in pieces(drafts, 20_000):
        books = {draft.book.pk: draft.book for draft in piece}
        with ledger.writing(*books.values()) as pen:
            pen.append(piece, by=PORTAL)


def pieces(rows: list[T], size: int) -> Iterator[list[T]]:
    """A list in pieces of at most `size`."""
    rest = iter(rows)
    while piece := list(islice(rest, size)):
        yield piece
