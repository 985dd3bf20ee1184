"""Any sequence of logging, asking, signing, correcting, revoking, excusing, moving and signing whole stages shows what the facts say, and no sign-off is lost, altered or somebody else's."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from logbooks.competencies import queries, standing
from logbooks.competencies.actions import asking, log, revoking, stages
from logbooks.competencies.actions.signing import WORDINGS
from logbooks.competencies.models import (
    CurrentCompetency,
    FrameworkVersion,
    LogEntry,
    SignOff,
    SignOffRequest,
    StageSignOff,
)
from placements import reference
from school.core import clock
from school.core.errors import DomainError
from school.people.models import Person
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.games import play
from tests.logbooks.competencies.signers import ACHIEVED, NOT_YET
from tests.logbooks.competencies.staged import Staged, make_staged

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

numbers = st.integers(1, 3)
some = st.integers(0, 20)
people = st.integers(0, 3)


def machine(
    staged: Staged, lead: Person, versions: list[FrameworkVersion]
) -> type[RuleBasedStateMachine]:
    """The machine that plays with a log book; every run is rolled back."""
    here = staged.signers
    hands = [here.dilys, here.cara, lead, here.amara]
    first = list(here.competencies)

    class Playing(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            here.dilys.left_on = None
            here.competencies = list(first)
            # What every sign-off said when it was written, by its key.
            self.written: dict[int, tuple[Any, ...]] = {}
            self.stages: dict[int, tuple[Any, ...]] = {}

        def teardown(self) -> None:
            try:
                assert standing.rebuild(here.enrolment) == []
            finally:
                transaction.set_rollback(True)
                self.transaction.__exit__(None, None, None)

        # What happens

        @rule(number=numbers, both=st.booleans())
        def log(self, number: int, both: bool) -> None:
            # What the version does not have is not touched.
            with suppress(DomainError):
                here.book.log(
                    touched=(f"A{number}",) if number == 1 or not both else ("A1", f"A{number}")
                )

        @rule(n=some, back=st.booleans())
        def correct(self, n: int, back: bool) -> None:
            entry = self.pick(self.entries(), n)
            if entry is None:
                return
            with suppress(DomainError):
                if back:
                    log.take_back(by=here.amara, entry=entry, uuid=uuid4())
                else:
                    touched = tuple(entry.touched.splitlines())
                    role = ("observed", "assisted", "direct")[n % 3]
                    here.book.log(touched=touched, role=role, corrects=entry)

        @rule(number=numbers, person=people, some_evidence=st.booleans())
        def ask(self, number: int, person: int, some_evidence: bool) -> None:
            touching = [row for row in self.entries() if f"A{number}" in row.touched.splitlines()]
            wanted = asking.Wanted(
                competency=here.competencies[number - 1].uuid,
                uuid=uuid4(),
                evidence=tuple(row.entry.uuid for row in touching) if some_evidence else (),
            )
            with suppress(DomainError):
                asking.ask(
                    by=here.amara,
                    placement=here.placement,
                    assessor=hands[person],
                    wanted=[wanted],
                )

        @rule(n=some)
        def take_back(self, n: int) -> None:
            asked = self.pick(list(SignOffRequest.objects.order_by("pk")), n)
            if asked is not None:
                with suppress(DomainError):
                    asking.withdraw(by=here.amara, request=asked, uuid=uuid4())

        @rule(number=numbers, person=people, achieved=st.booleans(), asked=st.booleans())
        def sign(self, number: int, person: int, achieved: bool, asked: bool) -> None:
            by = hands[person]
            answer = here.sign(
                here.item(number, asked=None if asked else False),
                by=by,
                outcome=ACHIEVED if achieved else NOT_YET,
            )
            for fact in answer.signed:
                assert fact.person == by
                self.written[fact.pk] = self.told(fact)

        @rule(n=some, person=people, later=st.booleans())
        def revoke(self, n: int, person: int, later: bool) -> None:
            fact = self.pick(list(SignOff.objects.order_by("pk")), n)
            if fact is None:
                return
            with suppress(DomainError):
                revoking.revoke(
                    by=hands[person] if later else fact.person,
                    sign_off=fact,
                    day=clock.today(),
                    reason="so it goes",
                    uuid=uuid4(),
                )

        @rule(number=numbers, cancelled=st.booleans())
        def excuse(self, number: int, cancelled: bool) -> None:
            with suppress(DomainError):
                revoking.excuse(
                    by=here.lead,
                    enrolment=here.enrolment,
                    competency=here.competencies[number - 1],
                    reason="so it goes",
                    uuid=uuid4(),
                    cancelled=cancelled,
                )

        @rule(n=st.integers(0, 2))
        def move(self, n: int) -> None:
            with suppress(DomainError):
                staged.move(versions[n])
                now = {row.identifier: row for row in versions[n].competencies.all()}
                # What the version does not have is spoken of in the words of before.
                here.competencies = [now.get(row.identifier, row) for row in here.competencies]

        @rule(person=people)
        def sign_stage(self, person: int) -> None:
            with suppress(DomainError):
                fact = staged.sign(by=hands[person])
                assert (fact.person, staged.missing) == (hands[person], [])
                self.stages[fact.pk] = self.staged(fact)

        @rule(n=some, person=people)
        def revoke_stage(self, n: int, person: int) -> None:
            fact = self.pick(list(StageSignOff.objects.order_by("pk")), n)
            if fact is not None:
                with suppress(DomainError):
                    staged.revoke(fact, by=hands[person])

        @rule(back=st.booleans())
        def leave(self, back: bool) -> None:
            here.dilys.left_on = None if back else clock.today() - timedelta(days=1)
            here.dilys.save()

        # What always holds

        @invariant()
        def what_is_shown_is_what_the_facts_say(self) -> None:
            wanted = {
                about: (found.state.value, found.sign_off, found.request)
                for about, found in standing.expected(here.enrolment).items()
            }
            kept = CurrentCompetency.objects.values_list(
                "competency", "state", "sign_off", "request"
            )
            assert {about: rest for about, *rest in kept} == {
                about: list(found) for about, found in wanted.items()
            }

        @invariant()
        def no_sign_off_is_lost_altered_or_somebody_elses(self) -> None:
            rows = SignOff.objects.select_related("entry")
            assert {row.pk: self.told(row) for row in rows} == self.written

        @invariant()
        def no_stage_is_lost_altered_or_somebody_elses(self) -> None:
            rows = StageSignOff.objects.select_related("entry").order_by("pk")
            assert {row.pk: self.staged(row) for row in rows} == self.stages
            stands = [row for row in rows if not hasattr(row, "revocation")]
            assert stands in ([], list(rows)[-1:])
            if rows:
                assert (staged.standing.signed_on is not None) == bool(stands)

        @invariant()
        def what_stands_is_of_the_students_version(self) -> None:
            version = queries.version_of(here.enrolment)
            assert version is not None
            asked = version.competencies.values("identifier")
            kept = CurrentCompetency.objects.filter(competency__identifier__in=asked)
            assert not kept.exclude(competency__version=version).exists()

        @invariant()
        def beside_what_is_achieved_waits_the_portals_own_request_and_nowhere_else(self) -> None:
            for row in CurrentCompetency.objects.exclude(request=None).select_related("request"):
                assert row.request is not None
                assert (row.state == "achieved") == (row.request.because == "changed")

        @invariant()
        def nobody_signed_their_own(self) -> None:
            assert not SignOff.objects.filter(person=here.amara).exists()
            assert not StageSignOff.objects.filter(person=here.amara).exists()

        @invariant()
        def what_is_corrected_waits_beside_the_sign_off(self) -> None:
            rows = CurrentCompetency.objects.filter(state="achieved").select_related(
                "sign_off", "request"
            )
            stale = set(
                LogEntry.objects.exclude(superseded_by=None).values_list("entry__uuid", flat=True)
            )
            for row in rows:
                assert row.sign_off is not None
                if any(str(uuid) in row.sign_off.evidence for uuid in stale):
                    assert row.request is not None
                    assert not any(str(uuid) in row.request.evidence for uuid in stale)

        # How

        def told(self, fact: SignOff) -> tuple[Any, ...]:
            return (
                fact.person_id,
                fact.entry.actor,
                fact.competency_id,
                fact.outcome,
                fact.level_id,
                fact.capacity,
                fact.evidence,
                fact.request_id,
                fact.entry.about_from,
                fact.entry.hash,
                fact.entry.payload,
            )

        def staged(self, fact: StageSignOff) -> tuple[Any, ...]:
            return (fact.person_id, fact.entry.actor, fact.rests_on, fact.minutes, fact.entry.hash)

        def entries(self) -> list[LogEntry]:
            rows = LogEntry.objects.standing().filter(withdrawn=False)
            return list(
                rows.select_related("enrolment__book", "enrolment__person", "placement").order_by(
                    "pk"
                )
            )

        def pick(self, rows: list[Any], n: int) -> Any:
            return rows[n % len(rows)] if rows else None

    return Playing


@pytest.fixture(autouse=True)
def media(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path)


def test_any_sequence_shows_what_the_facts_say_and_loses_no_sign_off() -> None:
    staged = make_staged()
    here = staged.signers
    staged.fulfil(but="competencies")
    versions = [here.book.version, staged.version(keeps=(1, 2)), staged.version(keeps=(2, 3))]
    lead = make.make_person("Lena Lead")
    make.make_grant(lead, SITE_LEAD, here.placement.site.scope)
    for words in (*WORDINGS.values(), stages.WORDING):
        reference.wording(
            words
        )  # kept by the process, so it must outlive a run that is rolled back
    play(machine(staged, lead, versions), games=25, steps=15)
