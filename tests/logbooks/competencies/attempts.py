"""A student whom Dilys and Cara can assess on a form of two items, and the acts of assessing in few words."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from logbooks.competencies.actions import assessing
from logbooks.competencies.actions.assessing import Given
from logbooks.competencies.models import Assessment, AssessmentAcknowledgement, AssessmentForm
from placements import reference
from placements.models import Placement
from school.core import clock
from school.people.models import Person
from tests.logbooks.competencies.facts import make_form
from tests.logbooks.competencies.signers import PASSWORD, Signers, make_signers

MET = {"identity": "met", "glucose": "met"}


@dataclass
class Attempts:
    """The signers, and the form that they assess on."""

    signers: Signers
    form: AssessmentForm

    @property
    def placement(self) -> Placement:
        return self.signers.placement

    @property
    def amara(self) -> Person:
        return self.signers.amara

    @property
    def dilys(self) -> Person:
        return self.signers.dilys

    @property
    def cara(self) -> Person:
        return self.signers.cara

    def given(self, **changes: Any) -> Given:
        """Everything met and judged ready, unless told otherwise."""
        values: dict[str, Any] = {
            "ratings": MET,
            "judgement": "ready",
            "feedback": "",
            "proof": PASSWORD,
            **changes,
        }
        return Given(**values)

    def assess(
        self,
        *,
        by: Person | None = None,
        day: date | None = None,
        uuid: UUID | None = None,
        moderated: bool = False,
        form: AssessmentForm | None = None,
        **given: Any,
    ) -> Assessment:
        """Dilys assesses today, unless told otherwise."""
        return assessing.assess(
            by=by or self.dilys,
            placement=self.placement,
            form=form or self.form,
            day=day or clock.today(),
            given=self.given(**given),
            uuid=uuid or uuid4(),
            moderated=moderated,
        )

    def moderate(
        self, first: Assessment, *, by: Person | None = None, uuid: UUID | None = None, **given: Any
    ) -> Assessment:
        """Cara assesses as the second, unless told otherwise."""
        return assessing.moderate(
            by=by or self.cara, first=first, given=self.given(**given), uuid=uuid or uuid4()
        )

    def acknowledge(
        self, first: Assessment, *, by: Person | None = None, uuid: UUID | None = None
    ) -> AssessmentAcknowledgement:
        """Amara signs that she has read it, unless told otherwise."""
        return assessing.acknowledge(
            by=by or self.amara, first=first, proof=PASSWORD, uuid=uuid or uuid4()
        )

    def typed(self, day: date | None = None, **changes: Any) -> dict[str, Any]:
        """What an assessor sends from the page."""
        day = day or clock.today()
        return {
            "batch": str(uuid4()),
            "device_time": "",
            "day_day": day.day,
            "day_month": day.month,
            "day_year": day.year,
            "item_identity": "met",
            "item_glucose": "not_seen",
            "judgement": "ready",
            "feedback": "Calm and clear.",
            **changes,
        }


def make_attempts() -> Attempts:
    """Dilys supervises Amara day to day, Cara is her final assessor; one form is published."""
    signers, form = make_signers(1), make_form()
    reference.forget()
    return Attempts(signers, form)
