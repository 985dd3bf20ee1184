"""A network with two workforce managers, and a report of its fire training that they draft, check and publish."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from school.coverage.actions.reporting import draft_report, publish_report, review_report
from school.coverage.models import Publication, Report
from school.people.models import Person
from school.people.roles import WORKFORCE_MANAGER
from tests.coverage.making import Staff
from tests.people.cast import with_account

D = date
AS_OF, KNOWN = D(2016, 12, 31), D(2017, 1, 5)
LETTERS = "abcdefghijklmnopqrstuvwx"


def newest(report: Report) -> int:
    """What somebody has seen of a draft who has just read it."""
    key: int = report.history.latest().history_id
    return key


@dataclass
class Network:
    """North has 18 people, 8 of them in date; South has 6, one of them."""

    staff: Staff = field(default_factory=Staff)
    ann: Person = field(default_factory=lambda: with_account("Ann Ash", WORKFORCE_MANAGER))
    ben: Person = field(default_factory=lambda: with_account("Ben Beech", WORKFORCE_MANAGER))

    def __post_init__(self) -> None:
        self.staff.ask("fire", ["Fire"], D(2015, 1, 1), active_months=12)
        for place, name in enumerate(LETTERS):
            site = "North" if place < 18 else "South"
            self.staff.term(name, site, "Radiographer", D(2016, 1, 1))
            if place < 8 or place == 18:
                self.staff.attain(name, "Fire", D(2016, 6, 1))

    def draft(self, **columns: Any) -> Report:
        """A report that Ann drafted."""
        asked: dict[str, Any] = {
            "uuid": uuid4(),
            "title": "Fire training",
            "for_whom": "The board",
            "as_of": AS_OF,
            "known_on": KNOWN,
            "policy": "adjusted",
            "grouped_by": "site",
            "audience": "inside",
        }
        return draft_report(by=self.ann, **{**asked, **columns})

    def checked(self, **columns: Any) -> Report:
        """One that Ben checked."""
        draft = self.draft(**columns)
        return review_report(by=self.ben, report=draft, seen=newest(draft))

    def publish(self, **columns: Any) -> Publication:
        """One that Ann published."""
        return publish_report(by=self.ann, report=self.checked(**columns), uuid=uuid4())
