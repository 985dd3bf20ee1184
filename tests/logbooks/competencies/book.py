"""A student with a framework, examinations and tracers to choose from, and what they typed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from logbooks.competencies.actions import log
from logbooks.competencies.models import (
    ExaminationType,
    FrameworkVersion,
    LogBookRules,
    LogEntry,
    Tracer,
)
from placements import reference
from placements.models import Placement
from school.core import clock
from school.people.models import Person
from tests import factories as make
from tests.logbooks.competencies import facts


@dataclass
class LogBook:
    """A student's placement with who supervises it, and what an examination is logged with."""

    educator: Person
    placement: Placement
    version: FrameworkVersion
    half_body: ExaminationType
    brain: ExaminationType
    fdg: Tracer
    rare: Tracer

    @property
    def student(self) -> Person:
        return self.placement.enrolment.person

    def entered(self, **changes: Any) -> log.Entered:
        """An FDG half-body examination of today, observed, unless told otherwise."""
        typed: dict[str, Any] = {
            "day": clock.today(),
            "examination": self.half_body,
            "tracer": self.fdg,
            "role": "observed",
            "operator": self.educator,
            **changes,
        }
        return log.Entered(**typed)

    def log(
        self, *, corrects: LogEntry | None = None, uuid: UUID | None = None, **changes: Any
    ) -> LogEntry:
        """An examination that the student logs."""
        return log.log_examination(
            by=self.student,
            placement=self.placement,
            entered=self.entered(**changes),
            uuid=uuid or uuid4(),
            corrects=corrects,
        )

    def typed(self, day: date | None = None, **changes: Any) -> dict[str, Any]:
        """The same as the page sends it."""
        day = day or clock.today()
        return {
            "uuid": str(uuid4()),
            "device_time": "",
            "day_day": day.day,
            "day_month": day.month,
            "day_year": day.year,
            "placement": str(self.placement.uuid),
            "examination": self.half_body.code,
            "tracer": self.fdg.code,
            "role": "observed",
            "operator": str(self.educator.uuid),
            "age_band": "",
            "sex": "",
            "model": "what",
            **changes,
        }


def make_log_book(placement: Placement | None = None, educator: Person | None = None) -> LogBook:
    """A log book whose framework has one competency, A1 of year 1, that asks for two half-body examinations."""
    educator = educator or make.make_educator()
    placement = placement or make.make_placement(educator=educator)
    version = facts.make_version()
    programme = placement.enrolment.cohort.programme
    LogBookRules.objects.get_or_create(
        programme=programme, defaults={"framework": version.framework}
    )
    made = LogBook(
        educator=educator,
        placement=placement,
        version=version,
        half_body=version.competencies.get().counts.get().examination,
        brain=ExaminationType.objects.create(
            code=f"brain-{uuid4().hex[:8]}", name="Brain", position=2, source="a test"
        ),
        fdg=Tracer.objects.latest("pk"),
        rare=Tracer.objects.create(
            code=f"rare-{uuid4().hex[:8]}",
            name="Raretracer",
            rare=True,
            position=9,
            source="a test",
        ),
    )
    reference.forget()
    return made
