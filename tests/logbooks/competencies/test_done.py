"""What is told of sign-off and assessment: staff of their work without a name, students of what is theirs to know."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from logbooks.competencies import done
from logbooks.competencies.actions import revoking
from logbooks.competencies.models import Competency, SignOff, SignOffRequest
from logbooks.cpd.models import Activity, Noticed
from school.core import clock
from school.people.models import Person
from tests.logbooks.competencies.attempts import make_attempts
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers
from tests.logbooks.competencies.staged import Staged
from tests.logbooks.competencies.staged import here as here
from tests.logbooks.competencies.staged import media as media
from tests.logbooks.competencies.test_paper import PDF, line, run
from tests.logbooks.cpd.told import Draft, drafts, hear

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

PLANTED = "Quillon Planted-Name"


@pytest.fixture
def signers() -> Signers:
    made = make_signers()
    Person.objects.filter(pk=made.amara.pk).update(name=PLANTED)
    return made


@pytest.fixture(autouse=True)
def names() -> Any:
    """No student's name stands in what another person is told."""
    yield
    hear()
    assert not Noticed.objects.filter(title__contains="Amara").exists()
    assert not Noticed.objects.filter(title__contains="Quillon").exists()


def today() -> str:
    return clock.today().isoformat()


def signature(code: str) -> Draft:
    return ("mentoring", f"Signed a competency: {code}", today(), None)


def achieved(competency: Competency) -> Draft:
    return ("competency", f"{competency.code} {competency.title}", today(), None)


def revoke(signers: Signers, fact: SignOff) -> None:
    revoking.revoke(
        by=fact.person, sign_off=fact, day=clock.today(), reason="Not so.", uuid=uuid4()
    )


def test_sign_off_is_told_to_who_signed_and_to_who_achieved(signers: Signers) -> None:
    signers.signed(1, 2)
    first, second = signers.competencies[:2]
    assert drafts(signers.dilys) == [signature(first.code), signature(second.code)]
    assert drafts(signers.amara) == [achieved(first), achieved(second)]
    assert drafts(signers.cara) == []


def test_not_yet_is_work_of_who_signed_and_nothing_of_the_student(signers: Signers) -> None:
    signers.signed(1, outcome=NOT_YET)
    first = signers.competencies[0]
    assert (drafts(signers.dilys), drafts(signers.amara)) == ([signature(first.code)], [])
    signers.signed(1, by=signers.cara)
    assert drafts(signers.dilys) == drafts(signers.cara) == [signature(first.code)]
    assert drafts(signers.amara) == [achieved(first)]
    signers.signed(1)
    assert drafts(signers.dilys) == [signature(first.code)] * 2
    assert drafts(signers.amara) == [achieved(first)]


def test_revoked_the_achievement_goes_the_signature_stays_and_what_was_kept_is_marked(
    signers: Signers,
) -> None:
    for fact in signers.signed(1, 2):
        hear()
        if fact.competency.code == "A2":
            own = Activity.objects.create(
                person=signers.amara,
                title="What I can do",
                learning="work",
                starts_on=clock.today(),
                ends_on=clock.today(),
            )
            rows = Noticed.objects.filter(person=signers.amara, title__startswith="A2 ")
            assert rows.update(activity=own) == 1
        revoke(signers, fact)
    assert drafts(signers.amara) == []
    assert [row.undone for row in Noticed.objects.filter(person=signers.amara)] == [True]
    assert len(drafts(signers.dilys)) == 2
    signers.signed(1)
    assert [title[:2] for _, title, _, _ in drafts(signers.amara)] == [
        signers.competencies[0].code[:2]
    ]


def test_paper_is_told_to_the_student_and_not_to_who_sighted_it(
    signers: Signers, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "a.pdf").write_bytes(PDF)
    assert run(tmp_path, line(signers)).written
    day = (clock.today() - timedelta(days=20)).isoformat()
    first = signers.competencies[0]
    assert drafts(signers.amara) == [("competency", f"{first.code} {first.title}", day, None)]
    assert drafts(signers.cara) == []
    assert not Noticed.objects.filter(title__contains="Quill").exists()


def test_asking_is_told_to_nobody(signers: Signers) -> None:
    assert signers.asked(1)
    hear()
    assert (SignOffRequest.objects.count(), Noticed.objects.count()) == (1, 0)


def test_many_sign_offs_are_read_with_as_many_queries_as_one(signers: Signers) -> None:
    facts = [fact.entry.uuid for fact in signers.signed(1, 2, 3, 4)]
    for some in (facts[:1], facts):
        with CaptureQueriesContext(connection) as queries:
            assert len(done.signed(some)) == 2 * len(some)
        assert len(queries) == 2


def test_whole_stage_is_told_to_who_signed_it(here: Staged) -> None:
    here.fulfil()
    hear()
    Noticed.objects.all().delete()
    here.sign()
    assert drafts(here.cara) == [("mentoring", "Signed year 3 of a student", today(), None)]
    assert drafts(here.signers.amara) == []


def test_assessment_is_told_to_both_without_what_came_of_it() -> None:
    made = make_attempts()
    made.assess(judgement="not_yet", feedback="Check the name first.")
    title = made.form.title
    assert drafts(made.dilys) == [("assessing", f"Assessed a student: {title}", today(), None)]
    assert drafts(made.amara) == [("assessment", title, today(), None)]


def test_student_is_told_of_a_moderated_assessment_once_both_are_in() -> None:
    made = make_attempts()
    first = made.assess(moderated=True)
    work = ("assessing", f"Assessed a student: {made.form.title}", today(), None)
    assert (drafts(made.dilys), drafts(made.cara), drafts(made.amara)) == ([work], [], [])
    made.moderate(first)
    own = [("assessment", made.form.title, today(), None)]
    assert (drafts(made.dilys), drafts(made.cara), drafts(made.amara)) == ([work], [work], own)
    assert done.assessed([first.entry.uuid])[-1].key == first.entry.uuid
