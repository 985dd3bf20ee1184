"""A log book as it stands after three years: written to the ledger at once, as many entries as are asked for."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from logbooks.competencies import queries, shipped, shipped_assessments, standing
from logbooks.competencies.actions.signing import WORDINGS
from logbooks.competencies.assessing_queries import form_of
from logbooks.competencies.assessments import text_of as ratings_text
from logbooks.competencies.evidence import Piece, text_of
from logbooks.competencies.lines import joined
from logbooks.competencies.models import (
    Assessment,
    AssessmentForm,
    Competency,
    EvidenceFile,
    ExaminationType,
    LogEntry,
    Revocation,
    Role,
    SignOff,
    Tracer,
)
from placements import reference
from placements.models import Placement
from school.core import clock, ledger
from school.core.ledger import Draft
from school.core.models import Fact
from school.people.models import Person
from tests import factories as make

REFLECTION = (
    "What?\nI positioned the patient with a colleague and set the range of the scan. The uptake time was "
    "kept, and I asked the questions of the checklist aloud.\n\nSo what?\nI saw how a calm voice keeps "
    "somebody still. The arms came down in the middle of the scan, which I noticed on the second bed "
    "position and told the operator.\n\nNow what?\nNext time I support the arms before we begin, and "
    "look at the camera at each bed position."
)
FEEDBACK = "Worked calmly and in the right order, and explained every step before it was taken."


class WholeBook:
    """A student's placement with who supervises it, and a log book that fills at once."""

    def __init__(self) -> None:
        self.educator, self.cara = make.make_educator(), make.make_educator("Cara Checkley")
        first = clock.today() - timedelta(days=200)
        self.placement: Placement = make.make_placement(
            educator=self.educator, starts=first, ends=clock.today()
        )
        self.enrolment = self.placement.enrolment
        shipped.load()
        shipped_assessments.load()
        reference.forget()
        version = queries.version_of(self.enrolment)
        assert version is not None
        self.competencies: list[Competency] = list(queries.competencies_of(version))

    @property
    def student(self) -> Person:
        """Whose log book it is."""
        return self.enrolment.person

    def write(self, facts: Sequence[tuple[Fact, date, dict[str, str]]], by: Person) -> None:
        """Appends facts about days, with their words, to the student's record book."""
        drafts = [
            Draft(fact=fact, book=self.enrolment.book, about_from=day, texts=texts)
            for fact, day, texts in facts
        ]
        with ledger.writing(self.enrolment.book) as pen:
            pen.append(drafts, by=by.uuid)

    def fill(self, *, examinations: int, competencies: int) -> None:
        """Logs examinations with reflections and files, and signs competencies on them; some corrected, some revoked."""
        logged = self._log(examinations)
        self._sign(logged, competencies)
        self._assess()
        for day in range(0, 120, 2):
            shift = make.make_shift(self.placement, self.placement.starts + timedelta(days=day))
            make.make_decision(self.educator, shift)
        standing.rebuild(self.enrolment)

    def _log(self, number: int) -> list[LogEntry]:
        kinds, tracers = ExaminationType.objects.all(), Tracer.objects.filter(rare=False)
        chosen = zip(cycle(kinds), cycle(tracers), cycle(Role.values), range(number), strict=False)
        codes = cycle(row.code for row in self.competencies)
        facts: list[tuple[Fact, date, dict[str, str]]] = []
        files: list[tuple[Fact, date, dict[str, str]]] = []
        logged = []
        for kind, tracer, role, case in chosen:
            values: dict[str, Any] = {
                "enrolment": self.enrolment,
                "placement": self.placement,
                "examination": kind,
                "tracer": tracer,
                "role": role,
                "operator": self.educator,
                "age_band": "40_64",
                "sex": "female",
                "case_number": case + 1,
                "touched": joined(next(codes) for _ in range(3)),
                "model": "what",
            }
            day = self.placement.starts + timedelta(days=case * 150 // number)
            words = {"reflection": REFLECTION}
            fact = LogEntry(**values)
            facts.append((fact, day, words))
            if case % 20 == 7:
                late = LogEntry(**values | {"role": Role.ASSISTED, "supersedes": fact})
                facts.append((late, day, words))
            if case % 10 == 3:
                shown = EvidenceFile(
                    examination=fact, digest=f"{case:064x}", content_type="image/png", size=345_678
                )
                files.append((shown, day, {}))
            logged.append(fact)
        self.write([*facts, *files], self.student)
        return logged

    def _sign(self, logged: Sequence[LogEntry], number: int) -> None:
        about = {"enrolment": self.enrolment, "placement": self.placement, "person": self.educator}
        proved = {"capacity": "practice_educator", "proof": "totp"}
        said = {outcome: reference.wording(words) for outcome, words in WORDINGS.items()}
        signed, revoked, words = [], [], {"feedback": FEEDBACK, "next_step": ""}
        for place, competency in enumerate(self.competencies[:number]):
            given = [logged[(place + n) % len(logged)].entry for n in range(3)]
            evidence = text_of(Piece(entry.uuid, entry.hash) for entry in given)
            columns = {**about, **proved, "competency": competency, "evidence": evidence}
            day, before = self.placement.starts + timedelta(days=place), None
            if place % 6 == 0:
                not_yet = SignOff.Outcome.NOT_YET
                before = SignOff(**columns, outcome=not_yet, wording=said[not_yet])
                step = {"feedback": FEEDBACK, "next_step": "Once more, with the arms supported."}
                signed.append((before, day, step))
            achieved = SignOff.Outcome.ACHIEVED
            fact = SignOff(
                **columns,
                outcome=achieved,
                wording=said[achieved],
                level=competency.level,
                supersedes=before,
            )
            signed.append((fact, day + timedelta(days=30), words))
            if place % 20 == 5:
                revocation = Revocation(sign_off=fact, person=self.educator)
                reason = {"reason": "It was another student whom I saw."}
                revoked.append((revocation, day + timedelta(days=60), reason))
        self.write([*signed, *revoked], self.educator)

    def _assess(self) -> None:
        row = AssessmentForm.objects.order_by("code").first()
        assert row is not None
        form = form_of(row)
        meets = next(step.code for step in form.scale if step.meets)
        ready = next(step.code for step in form.judgements if step.passes)
        columns = {
            "enrolment": self.enrolment,
            "placement": self.placement,
            "form": row,
            "attempt": 1,
            "capacity": "practice_educator",
            "proof": "totp",
            "wording": reference.wording("I saw this attempt, and this is what I saw."),
            "ratings": ratings_text({item.code: meets for item in form.items}),
            "judgement": ready,
            "passed": True,
        }
        first = Assessment(**columns, assessor=self.educator, moderated=True)
        second = Assessment(**columns, assessor=self.cara, moderates=first)
        day, words = self.placement.starts + timedelta(days=100), {"feedback": FEEDBACK}
        self.write([(first, day, words), (second, day, words)], self.educator)
