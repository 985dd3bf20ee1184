"""Moving a student to another version: who, why, to which; and that everything goes on standing where it stood."""

from datetime import timedelta
from uuid import uuid4

import pytest

from logbooks.competencies import assessors, history_queries, queries, standing
from logbooks.competencies.actions import asking, revoking
from logbooks.competencies.models import CurrentCompetency, NotApplicable, VersionMove
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Mail
from tests.logbooks.competencies.facts import make_version
from tests.logbooks.competencies.signers import NOT_YET
from tests.logbooks.competencies.staged import Staged
from tests.logbooks.competencies.staged import here as here

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def stands(here: Staged) -> dict[tuple[int, str], str]:
    """The state of each competency by the number of its version and its code."""
    rows = CurrentCompetency.objects.filter(enrolment=here.enrolment)
    return {
        (number, code): state
        for number, code, state in rows.values_list(
            "competency__version__number", "competency__code", "state"
        )
    }


def test_what_stands_goes_on_standing_under_the_new_version(here: Staged) -> None:
    here.signers.asked(3)
    here.signers.signed(1)
    here.signers.signed(2, outcome=NOT_YET)
    after = here.version(keeps=(1, 2, 3))
    move = here.move(after)
    assert (move.former, move.person) == (here.signers.book.version, here.lead)
    assert queries.version_of(here.enrolment) == after
    assert stands(here) == {(2, "A1"): "achieved", (2, "A2"): "returned", (2, "A3"): "open"}
    assert CurrentCompetency.objects.get(competency__code="A3").request is not None
    assert standing.rebuild(here.enrolment) == []
    assert ledger.private_text(move, "reason") == "Began again after a year."
    mail = Mail.objects.get(kind="version_moved")
    assert ("from version 1 to version 2" in mail.body, mail.person) == (True, here.signers.amara)


def test_what_is_no_longer_asked_stays_in_the_history_and_comes_back(here: Staged) -> None:
    here.signers.signed(1, 4)
    here.move(here.version(keeps=(1,)))
    assert stands(here) == {(2, "A1"): "achieved", (1, "A4"): "achieved"}
    here.move(here.version(keeps=(1, 4)))
    assert stands(here) == {(3, "A1"): "achieved", (3, "A4"): "achieved"}
    here.move(here.signers.book.version)
    assert stands(here) == {(1, "A1"): "achieved", (1, "A4"): "achieved"}
    assert standing.rebuild(here.enrolment) == []


def test_what_is_no_longer_asked_waits_for_nobody_until_it_is_asked_again(here: Staged) -> None:
    here.signers.asked(1, 3)

    def waiting() -> list[str]:
        rows = assessors.waiting_for([here.signers.dilys.pk], ())
        return [row.competency.code for row in rows]

    assert waiting() == ["A1", "A3"]
    here.move(here.version(keeps=(1,)))
    assert waiting() == ["A1"]
    here.move(here.signers.book.version)
    assert waiting() == ["A1", "A3"]


def test_acts_go_on_over_a_move(here: Staged) -> None:
    [signed] = here.signers.signed(1)
    [asked] = here.signers.asked(3)
    here.signers.asked(2)
    after = here.version()
    here.move(after)
    before = here.signers.competencies
    revoking.revoke(
        by=here.signers.dilys, sign_off=signed, day=clock.today(), reason="Other.", uuid=uuid4()
    )
    asking.withdraw(by=here.signers.amara, request=asked, uuid=uuid4())
    here.signers.competencies = list(after.competencies.order_by("position"))
    [answered] = here.signers.signed(2)
    [again] = here.signers.signed(1)
    assert stands(here) == {(2, "A1"): "achieved", (2, "A2"): "achieved", (2, "A3"): "open"}
    assert (again.supersedes, answered.request is not None) == (signed, True)
    assert CurrentCompetency.objects.filter(request__isnull=False).count() == 0
    assert standing.rebuild(here.enrolment) == []
    told = history_queries.history_of(here.enrolment, here.signers.competencies[0])
    assert [row.title for row in told] == ["Achieved", "Revoked", "Achieved"]
    assert ("Signed under", f"version 1: {before[0]}") in told[2].lines
    assert "Signed under" not in dict(told[0].lines)


def test_what_does_not_apply_is_asked_again_over_a_move(here: Staged) -> None:
    about = {"by": here.lead, "enrolment": here.enrolment, "reason": "No scanner."}
    first = revoking.excuse(**about, competency=here.signers.competencies[0], uuid=uuid4())
    after = here.version()
    here.move(after)
    one = after.competencies.get(code="A1")
    second = revoking.excuse(**about, competency=one, uuid=uuid4(), cancelled=True)
    assert (second.supersedes, stands(here)) == (first, {(2, "A1"): "open"})
    assert NotApplicable.objects.standing().get() == second
    assert standing.rebuild(here.enrolment) == []


def test_old_words_are_not_signed_after_a_move(here: Staged) -> None:
    here.move(here.version())
    assert here.signers.refusal(1) == "A1 is not in the student’s framework."


def test_version_published_a_moment_ago_is_found_at_once(here: Staged) -> None:
    assert queries.version_of(here.enrolment) == here.signers.book.version
    after = here.version()
    here.move(after)
    assert queries.version_of(here.enrolment) == after
    assert queries.versions_of([here.enrolment]) == {here.enrolment.pk: after.pk}


def test_only_the_lead_moves_and_says_why(here: Staged) -> None:
    after = here.version()
    for person in (here.cara, here.signers.dilys, here.signers.amara):
        with pytest.raises(NotAllowed):
            here.move(after, by=person)
    with pytest.raises(DomainError) as refused:
        here.move(after, reason=" ")
    assert (refused.value.field, VersionMove.objects.count()) == ("reason", 0)


def test_moved_to_another_published_version_of_the_same_framework_only(here: Staged) -> None:
    with pytest.raises(DomainError, match="not of the student’s framework"):
        here.move(make_version())
    with pytest.raises(DomainError, match="not published yet"):
        here.move(here.version(published=clock.today() + timedelta(days=1)))
    with pytest.raises(Conflict, match="works towards version 1 already"):
        here.move(here.signers.book.version)


def test_retry_gives_the_first_answer(here: Staged) -> None:
    after, uuid = here.version(), uuid4()
    first = here.move(after, uuid=uuid)
    assert here.move(after, uuid=uuid) == first
    with pytest.raises(Conflict, match="with other content"):
        here.move(after, uuid=uuid, reason="Other words.")
    assert (VersionMove.objects.count(), Mail.objects.filter(kind="version_moved").count()) == (
        1,
        1,
    )
