"""A student of the third year of whom everything stands but for what a test leaves out, and the acts about whole stages in few words."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from logbooks.competencies import stage_queries
from logbooks.competencies.actions import results, stages, versions
from logbooks.competencies.models import (
    Assessment,
    AssessmentForm,
    Competency,
    ExternalResult,
    FrameworkVersion,
    Level,
    SignOff,
    StageRevocation,
    StageSignOff,
    VersionMove,
)
from placements import reference
from placements.models import Enrolment, Placement, Stage, StageTally, StageTask
from school.core import clock
from school.people.models import Person
from tests.logbooks.competencies.attempts import Attempts
from tests.logbooks.competencies.facts import make_form
from tests.logbooks.competencies.signers import PASSWORD, Signers, make_signers
from tests.pdfs import kept_pdf

PDF = kept_pdf()
ACHIEVED = SignOff.Outcome.ACHIEVED
PARTS = ("hours", "competencies", "assessment", "results")


@dataclass
class Staged:
    """The signers of a third-year placement: Dilys supervises it, Cara is its final assessor, Petra leads the programme."""

    signers: Signers

    @property
    def placement(self) -> Placement:
        return self.signers.placement

    @property
    def enrolment(self) -> Enrolment:
        return self.placement.enrolment

    @property
    def stage(self) -> Stage:
        return self.placement.stage

    @property
    def cara(self) -> Person:
        return self.signers.cara

    @property
    def lead(self) -> Person:
        return self.signers.lead

    def task(self, code: str) -> StageTask:
        """A task of the stage."""
        return StageTask.objects.get(stage=self.stage, code=code)

    def fulfil(self, *, but: str = "") -> None:
        """Everything that the stage asks, but for one of PARTS."""
        if but != "hours":
            self.count(12960)
        if but != "competencies":
            self.signers.signed(2)
        if but != "assessment":
            self.attempt()
        if but != "results":
            for code in ("osce", "dispensing-simulation"):
                self.record(code)

    def count(self, minutes: int) -> None:
        """So many minutes count towards the stage."""
        StageTally.objects.filter(enrolment=self.enrolment, stage=self.stage).update(
            confirmed=minutes
        )

    def attempt(self, **given: Any) -> Assessment:
        """Dilys assesses the half-body examination: passed, unless told otherwise."""
        return Attempts(self.signers, self.form).assess(**given)

    @property
    def form(self) -> Any:
        """The half-body assessment."""
        return AssessmentForm.objects.filter(code="half-body").first() or _form()

    def record(
        self,
        code: str = "osce",
        *,
        by: Person | None = None,
        follows: ExternalResult | None = None,
        uuid: UUID | None = None,
        **entered: Any,
    ) -> ExternalResult:
        """Cara records a result from elsewhere of today: achieved, unless told otherwise."""
        values: dict[str, Any] = {
            "what": "OSCE of the summer term",
            "place": "The university",
            "day": clock.today(),
            "outcome": ACHIEVED,
            "document": PDF,
            **entered,
        }
        return results.record_result(
            by=by or self.cara,
            enrolment=self.enrolment,
            task=self.task(code),
            entered=results.Entered(**values),
            uuid=uuid or uuid4(),
            follows=follows,
        )

    @property
    def standing(self) -> stage_queries.Standing:
        """Where the stage stands."""
        return stage_queries.of_stage(self.enrolment, self.stage)

    @property
    def missing(self) -> list[str]:
        """The codes of what is missing."""
        return [need.code for need in self.standing.missing]

    @property
    def shown(self) -> str:
        """The digest of what the page shows the stage to rest on."""
        rests = stage_queries.rests_of(self.enrolment, self.standing)
        assert rests is not None
        return rests.digest

    def sign(
        self, *, by: Person | None = None, uuid: UUID | None = None, **said: Any
    ) -> StageSignOff:
        """Cara signs the stage."""
        values: dict[str, Any] = {"proof": PASSWORD, **said}
        values.setdefault("shown", self.shown)
        return stages.sign_stage(
            by=by or self.cara,
            placement=Placement.objects.select_related(
                "stage",
                "enrolment__person__user",
                "enrolment__book",
                "enrolment__cohort__programme__log_book_rules",
            ).get(pk=self.placement.pk),
            said=stages.Said(**values),
            uuid=uuid or uuid4(),
        )

    def revoke(
        self,
        fact: StageSignOff,
        *,
        by: Person | None = None,
        day: date | None = None,
        reason: str = "Another student.",
        uuid: UUID | None = None,
    ) -> StageRevocation:
        """Cara revokes the sign-off of the stage, from today on."""
        return stages.revoke_stage(
            by=by or self.cara,
            sign_off=fact,
            day=day or clock.today(),
            reason=reason,
            uuid=uuid or uuid4(),
        )

    def version(
        self,
        *,
        keeps: tuple[int, ...] = (1, 2, 3, 4),
        published: date | None = None,
        codes: str = "",
    ) -> FrameworkVersion:
        """A later version of the framework with some of its competencies, by their numbers, in other words; `codes` are new ones."""
        before = self.signers.book.version
        after = FrameworkVersion.objects.create(
            framework=before.framework,
            number=before.framework.versions.count() + 1,
            published_on=published or clock.today(),
            title=before.title,
            source="a test",
            digest="b" * 64,
        )
        group = after.groups.create(identifier=uuid4(), position=1, code="A", title="Arriving anew")
        level = Level.objects.create(version=after, position=1, code="able", title="Able")
        olds = [self.signers.competencies[number - 1] for number in keeps]
        for position, old in enumerate(olds):
            Competency.objects.create(
                version=after,
                group=group,
                identifier=old.identifier,
                position=position + 1,
                code=codes.split()[position] if codes else old.code,
                title=f"{old.title}, anew",
                year=old.year,
                level=level,
            )
        return after

    def move(
        self,
        version: FrameworkVersion,
        *,
        by: Person | None = None,
        reason: str = "Began again after a year.",
        uuid: UUID | None = None,
    ) -> VersionMove:
        """Petra moves Amara to another version."""
        return versions.move(
            by=by or self.lead,
            enrolment=self.enrolment,
            version=version,
            reason=reason,
            uuid=uuid or uuid4(),
        )


def _form() -> Any:
    form = make_form("half-body")
    reference.forget()
    return form


def make_staged() -> Staged:
    """A third-year student with four competencies, of which the second is of the third year."""
    reference.forget()
    return Staged(make_signers())


@pytest.fixture
def here() -> Staged:
    """The student of the third year; for tests that import it."""
    return make_staged()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Documents are kept apart for each test that imports this."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
