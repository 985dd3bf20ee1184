"""Results from elsewhere: who records one, with which document, what follows it, and taking it back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from logbooks.competencies import stage_queries
from logbooks.competencies.models import ExternalResult
from school.core import clock, documents, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Mail
from tests.logbooks.competencies.signers import NOT_YET
from tests.logbooks.competencies.staged import PDF, Staged
from tests.logbooks.competencies.staged import here as here
from tests.logbooks.competencies.staged import media as media

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_result_is_kept_with_its_document_and_who_sighted_it(here: Staged) -> None:
    fact = here.record()
    assert (fact.sighted_by, fact.outcome, fact.task.code) == (here.cara, "achieved", "osce")
    texts = [ledger.private_text(fact, name) for name in ("what", "place", "reason")]
    assert texts == ["OSCE of the summer term", "The university", ""]
    name = stage_queries.name_of(here.enrolment, fact.document)
    assert documents.kept(stage_queries.FOLDER, name, fact.document) == PDF
    mail = Mail.objects.get(kind="result_recorded")
    assert (mail.person, "Cara Checkley recorded a result" in mail.body) == (
        here.signers.amara,
        True,
    )


def test_newest_result_of_a_task_counts(here: Staged) -> None:
    here.fulfil()
    [first] = ExternalResult.objects.filter(task__code="osce")
    second = here.record(follows=first, outcome=NOT_YET, reason="A slip.", document=None)
    assert (here.missing, second.document) == (["osce"], first.document)
    third = here.record(follows=second, withdrawn=True, reason="Of somebody else.")
    assert here.missing == ["osce"]
    here.record(follows=third, reason="The right one.")
    assert (here.missing, ExternalResult.objects.filter(task__code="osce").count()) == ([], 4)


def test_result_taken_back_counts_no_longer(here: Staged) -> None:
    here.fulfil()
    [first] = ExternalResult.objects.filter(task__code="osce")
    here.record(follows=first, withdrawn=True, reason="Of somebody else.", document=None)
    assert here.missing == ["osce"]
    assert "took back a result" in Mail.objects.filter(kind="result_recorded").latest("pk").body


def test_what_is_taken_back_is_not_taken_back_again_and_lends_no_document(here: Staged) -> None:
    first = here.record()
    gone = here.record(follows=first, withdrawn=True, reason="Of somebody else.", document=None)
    with pytest.raises(Conflict, match="nothing to take back"):
        here.record(follows=gone, withdrawn=True, reason="Again.", document=PDF)
    with pytest.raises(DomainError) as refused:
        here.record(follows=gone, reason="The right one.", document=None)
    assert (refused.value.field, ExternalResult.objects.count()) == ("evidence", 2)
    assert here.record(follows=gone, reason="The right one.").supersedes == gone


def test_assessor_and_lead_record_and_nobody_else(here: Staged) -> None:
    first = here.record(by=here.lead)
    assert first.sighted_by == here.lead
    for person in (here.signers.amara, here.signers.dilys):
        with pytest.raises(NotAllowed):
            here.record(by=person, follows=first, reason="Mine.")


def test_only_what_is_not_held_here_has_a_result_from_elsewhere(here: Staged) -> None:
    with pytest.raises(DomainError, match="is shown here"):
        here.record("log-book")


def test_day_lies_between_the_beginning_and_today(here: Staged) -> None:
    for day in (clock.today() + timedelta(days=1), here.enrolment.starts - timedelta(days=1)):
        with pytest.raises(DomainError) as refused:
            here.record(day=day)
        assert refused.value.field == "day"


def test_document_is_needed_and_is_one_that_can_be_kept(here: Staged) -> None:
    for document in (None, b"words"):
        with pytest.raises(DomainError) as refused:
            here.record(document=document)
        assert refused.value.field == "evidence"
    assert ExternalResult.objects.count() == 0


def test_what_follows_another_says_why(here: Staged) -> None:
    first = here.record()
    with pytest.raises(DomainError) as refused:
        here.record(follows=first, reason=" ")
    assert refused.value.field == "reason"


def test_what_somebody_else_recorded_meanwhile_is_not_passed_over(here: Staged) -> None:
    first = here.record()
    with pytest.raises(Conflict, match="meanwhile"):
        here.record()
    here.record(follows=first, reason="A slip.")
    with pytest.raises(Conflict, match="meanwhile"):
        here.record(follows=first, reason="Another slip.")


def test_retry_gives_the_first_answer(here: Staged) -> None:
    uuid = uuid4()
    first = here.record(uuid=uuid)
    assert here.record(uuid=uuid) == first
    with pytest.raises(Conflict, match="with other content"):
        here.record(uuid=uuid, place="Elsewhere")
    assert (
        ExternalResult.objects.count(),
        Mail.objects.filter(kind="result_recorded").count(),
    ) == (1, 1)
