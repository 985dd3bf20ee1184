"""A year with all its kinds of hours, and the key that its statements are sealed with."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from placements.actions.adjusting import agree_adjustment, propose_adjustment
from placements.actions.statements import issue_statement
from placements.models import (
    BroughtForward,
    DayType,
    Enrolment,
    HoursStatement,
    Placement,
    Shift,
    ShiftDecision,
    Stage,
)
from school.core import ledger
from school.core.ledger import Draft
from school.people.models import Person
from tests import factories as make

MONDAY = date(2026, 11, 2)


@dataclass
class Year:
    """A student's second year at Cumberland Infirmary, and who has a hand in it."""

    coordinator: Person
    educator: Person
    placement: Placement
    confirmed: ShiftDecision
    waiting: Shift

    @property
    def enrolment(self) -> Enrolment:
        return self.placement.enrolment

    @property
    def student(self) -> Person:
        return self.enrolment.person

    @property
    def stage(self) -> Stage:
        return self.placement.stage

    def issue(self) -> HoursStatement:
        """A statement, asked for by the coordinator."""
        return issue_statement(
            by=self.coordinator, enrolment=self.enrolment, stage=self.stage, uuid=uuid4()
        )


def a_year() -> Year:
    """22.5 h confirmed (7.5 of them making up an absence), 10 on paper, 1 h added, 3.5 simulated, 7.5 waiting."""
    educator, coordinator = make.make_educator(), make.make_coordinator()
    placement = make.make_placement(
        year=2, educator=educator, starts=date(2026, 11, 2), ends=date(2026, 11, 13)
    )
    enrolment = placement.enrolment
    ill = make.make_day_note(placement, date(2026, 11, 4))
    make.make_day_note(placement, date(2026, 11, 5), "cancelled_tracer", minutes=400)
    shifts = [
        make.make_shift(placement, date(2026, 11, 2)),
        make.make_shift(placement, date(2026, 11, 3)),
        make.make_shift(placement, date(2026, 11, 6), makes_up=ill),
        make.make_shift(placement, date(2026, 11, 9), "09:00", "12:30", 0, day_type=simulated()),
    ]
    confirmed = [make.make_decision(educator, shift) for shift in shifts]
    on_paper(enrolment, placement.stage, educator)
    second = make.make_coordinator("Esme Fictionby")
    proposal = propose_adjustment(
        by=coordinator, enrolment=enrolment, stage=placement.stage, minutes=60, reason="A talk.",
        uuid=uuid4(),
    )  # fmt: skip
    agree_adjustment(by=second, proposal=proposal)
    waiting = make.make_shift(placement, date(2026, 11, 10))
    return Year(coordinator, educator, placement, confirmed[0], waiting)


def simulated() -> str:
    """The code of a day type whose hours are kept apart."""
    return DayType.objects.filter(stage_part=DayType.Part.SIMULATED).values_list("code", flat=True)[0]  # fmt: skip


def on_paper(enrolment: Enrolment, stage: Stage, sighted_by: Person) -> None:
    """10 hours on paper."""
    fact = BroughtForward(
        enrolment=enrolment, stage=stage, part="clinical", minutes=600, sighted_by=sighted_by
    )
    draft = Draft(
        fact=fact, book=enrolment.book, about_from=date(2026, 10, 5), about_to=date(2026, 10, 6),
        texts={"signed_by": "Hal Pretendley", "scan": "box 3"},
    )  # fmt: skip
    with ledger.writing(enrolment.book) as pen:
        pen.append([draft], by=sighted_by.uuid)
