"""A student with several competencies, whoever may sign them, and the acts of asking and signing in few words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from logbooks.competencies.actions import asking, signing
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    Level,
    LogEntry,
    SignOff,
    SignOffRequest,
)
from logbooks.competencies.signing_rules import Item, Said
from placements.actions import placing
from placements.models import Enrolment, Placement, ShiftDecision, Supervision
from school.core import clock
from school.people.models import Person
from school.people.roles import PROGRAMME_LEAD
from tests import factories as make
from tests.logbooks.competencies.book import LogBook, make_log_book

PASSWORD = ShiftDecision.Proof.PASSWORD
ACHIEVED, NOT_YET = SignOff.Outcome.ACHIEVED, SignOff.Outcome.NOT_YET


@dataclass
class Signers:
    """Amara's log book with competencies A1 to A…, her practice educator Dilys, her final assessor Cara, and the programme's lead."""

    book: LogBook
    competencies: list[Competency]
    dilys: Person
    cara: Person
    lead: Person

    @property
    def placement(self) -> Placement:
        return self.book.placement

    @property
    def enrolment(self) -> Enrolment:
        return self.placement.enrolment

    @property
    def amara(self) -> Person:
        return self.enrolment.person

    def read_anew(self) -> Placement:
        """The placement as a page reads it, with the switches of its programme as they are now."""
        return Placement.objects.get(pk=self.placement.pk)

    def asked(
        self, *numbers: int, of: Person | None = None, evidence: tuple[LogEntry, ...] = ()
    ) -> list[SignOffRequest]:
        """Amara asks for competencies, by their numbers from 1, on the same evidence."""
        wanted = [
            asking.Wanted(
                competency=self.competencies[number - 1].uuid,
                uuid=uuid4(),
                evidence=tuple(entry.entry.uuid for entry in evidence),
            )
            for number in numbers
        ]
        answer = asking.ask(
            by=self.amara, placement=self.read_anew(), assessor=of or self.dilys, wanted=wanted
        )
        assert answer.left == []
        return answer.asked

    def item(self, number: int, *, asked: bool | None = None, uuid: UUID | None = None) -> Item:
        """A competency as the page shows it now: with what waits, unless told otherwise."""
        row = self.row(number)
        request = row.request if row else None
        if asked is False:
            request = None
        newest = row.sign_off if row else None
        return Item(
            uuid=uuid or uuid4(),
            placement=self.placement.uuid,
            competency=self.competencies[number - 1].uuid,
            request=request.entry.uuid if request else None,
            newest=newest.entry.uuid if newest else None,
        )

    def row(self, number: int) -> CurrentCompetency | None:
        """Where a competency stands as it is kept."""
        return CurrentCompetency.objects.filter(
            enrolment=self.enrolment, competency=self.competencies[number - 1]
        ).first()

    def state(self, number: int) -> str:
        """Its state in one word."""
        row = self.row(number)
        return row.state if row else "open"

    def signed(self, *numbers: int, by: Person | None = None, **said: Any) -> list[SignOff]:
        """Somebody signs competencies as achieved, with what was asked, unless told otherwise."""
        answer = self.sign(*(self.item(number) for number in numbers), by=by, **said)
        assert answer.left == []
        return answer.signed

    def sign(self, *items: Item, by: Person | None = None, **said: Any) -> signing.Signing:
        """Somebody signs lines; Dilys, as achieved and seen today, unless told otherwise."""
        return signing.sign(by=by or self.dilys, items=items, said=self.said(**said))

    def refusal(self, number: int, *, by: Person | None = None, **said: Any) -> str:
        """The reason with which a line is left; nothing is written then."""
        before = SignOff.objects.count()
        answer = self.sign(self.item(number), by=by, **said)
        assert (answer.signed, SignOff.objects.count()) == ([], before)
        [(_, reason)] = answer.left
        return reason

    def said(self, **changes: Any) -> Said:
        """Achieved, seen today, proved by password, unless told otherwise."""
        values: dict[str, Any] = {
            "outcome": ACHIEVED,
            "day": clock.today(),
            "proof": PASSWORD,
            **changes,
        }
        if values["outcome"] == NOT_YET:
            values = {"feedback": "Range was short.", "next_step": "Once more.", **values}
        return Said(**values)

    def supervise(self, person: Person, capacity: str, *, ends: int | None = None) -> Supervision:
        """Somebody supervises the placement from its first day, until some days from today."""
        return placing.supervise(
            by=self.lead,
            placement=self.placement,
            person=person,
            capacity=capacity,
            starts=self.placement.starts,
            ends=None if ends is None else clock.today() + timedelta(days=ends),
            reason="Nobody else can.",
        )


def make_signers(number: int = 4) -> Signers:
    """The signers, with some competencies of level “able”, and a higher level above it."""
    book = make_log_book()
    first = book.version.competencies.get()
    Level.objects.create(version=book.version, position=0, code="learning", title="Learning")
    Level.objects.create(version=book.version, position=2, code="confident", title="Confident")
    for n in range(2, number + 1):
        Competency.objects.create(
            version=book.version,
            group=first.group,
            identifier=uuid4(),
            position=n,
            code=f"A{n}",
            title=f"Does the thing {n}",
            year=1 + n % 3,
            level=first.level,
        )
    cara = make.make_educator("Cara Checkley")
    lead = make.make_person("Petra Lead")
    make.make_grant(lead, PROGRAMME_LEAD, book.placement.enrolment.cohort.programme.scope)
    found = Signers(
        book=book,
        competencies=list(book.version.competencies.order_by("position")),
        dilys=book.educator,
        cara=cara,
        lead=lead,
    )
    found.supervise(cara, Supervision.Capacity.ASSESSOR)
    return found
