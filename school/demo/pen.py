"""What one log book of the demo is written with."""

import random
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from logbooks.competencies.models import LogEntry
from placements.models import Enrolment, Placement
from school.core.ledger import Draft
from school.core.models import Fact
from school.demo.run import NAMESPACE, Build
from school.people.models import Person


class Stay(NamedTuple):
    """A placement with the days worked there, and who supervises it."""

    placement: Placement
    worked: list[date]
    supervisor: Person


@dataclass
class Pen:
    """Numbers and keys of the log book's own, so that nothing else of the demo changes."""

    run: Build
    enrolment: Enrolment
    rng: random.Random
    number: int = 0

    def is_persona(self, key: str) -> bool:
        """Whether a newcomer signs in as this student."""
        return self.enrolment.person_id == self.run.personas[key].pk

    def chance(self, share: float) -> bool:
        """Whether it happens, as often as the share says."""
        return self.rng.random() < share

    def uuid(self) -> UUID:
        """The next UUID: the same for the same log book."""
        self.number += 1
        return uuid5(NAMESPACE, f"log book {self.enrolment.uuid} {self.number}")

    def draft(self, fact: Fact, day: date, **texts: str) -> Draft:
        """A fact about a day, known on it."""
        day = min(day, self.run.today)
        return Draft(
            fact=fact,
            book=self.enrolment.book,
            about_from=day,
            about_to=day if isinstance(fact, LogEntry) else None,
            uuid=self.uuid(),
            known_from=day,
            texts=texts,
        )
