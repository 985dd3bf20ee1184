"""Revoking a sign-off, and saying what does not apply: who, why, from when, and that nothing disappears."""

from datetime import timedelta
from uuid import uuid4

import pytest

from logbooks.competencies import standing
from logbooks.competencies.actions.revoking import excuse, revoke
from logbooks.competencies.models import NotApplicable, Revocation, SignOff
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Mail, Person
from school.people.roles import PROGRAMME_LEAD
from tests import factories as make
from tests.logbooks.competencies.facts import make_version
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def here() -> Signers:
    return make_signers()


def take_force(
    here: Signers,
    fact: SignOff,
    *,
    by: Person | None = None,
    days: int = 0,
    reason: str = "Other student.",
) -> Revocation:
    return revoke(
        by=by or here.dilys,
        sign_off=fact,
        day=clock.today() + timedelta(days=days),
        reason=reason,
        uuid=uuid4(),
    )


def changed(here: Signers) -> SignOff:
    """A sign-off whose evidence was corrected since, so that the portal asks again."""
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    [fact] = here.signed(1)
    here.book.log(touched=("A1",), role="assisted", corrects=entry)
    assert here.row(1).request is not None  # type: ignore[union-attr]
    return fact


def excused(
    here: Signers, *, by: Person | None = None, cancelled: bool = False, reason: str = "No scanner."
) -> NotApplicable:
    return excuse(
        by=by or here.lead,
        enrolment=here.enrolment,
        competency=here.competencies[0],
        reason=reason,
        uuid=uuid4(),
        cancelled=cancelled,
    )


def test_assessor_revokes_and_the_student_is_told_why(here: Signers) -> None:
    [fact] = here.signed(1, day=clock.today() - timedelta(days=3))
    gone = take_force(here, fact, days=-1)
    assert (here.state(1), gone.person) == ("revoked", here.dilys)
    assert gone.entry.about_from == clock.today() - timedelta(days=1)
    assert ledger.private_text(gone, "reason") == "Other student."
    assert (SignOff.objects.get().outcome, SignOff.objects.get().person) == ("achieved", here.dilys)
    mail = Mail.objects.get(kind="sign_off_revoked")
    assert (mail.person, "Other student." in mail.body) == (here.amara, True)


def test_programme_lead_revokes_what_somebody_else_signed(here: Signers) -> None:
    [fact] = here.signed(1)
    assert take_force(here, fact, by=here.lead).person == here.lead


def test_nobody_else_revokes(here: Signers) -> None:
    [fact] = here.signed(1)
    other = make.make_person("Olaf Elsewhere")
    make.make_grant(other, PROGRAMME_LEAD, make.make_site("Elm Hospital").scope)
    for person in (here.cara, here.amara, other):
        with pytest.raises(NotAllowed, match="Only Dilys Sampleby, who signed this"):
            take_force(here, fact, by=person)
    assert here.state(1) == "achieved"


def test_student_who_leads_the_programme_revokes_nothing_of_their_own(here: Signers) -> None:
    [fact] = here.signed(1)
    make.make_grant(here.amara, PROGRAMME_LEAD, here.enrolment.cohort.programme.scope)
    with pytest.raises(NotAllowed):
        take_force(here, fact, by=here.amara)
    with pytest.raises(NotAllowed):
        excused(here, by=here.amara)


def test_reason_is_given(here: Signers) -> None:
    [fact] = here.signed(2)
    for act in (lambda: take_force(here, fact, reason=" "), lambda: excused(here, reason="")):
        with pytest.raises(DomainError, match="Enter the reason") as refusal:
            act()
        assert refusal.value.field == "reason"


def test_it_ceases_to_hold_between_the_day_it_was_seen_and_today(here: Signers) -> None:
    [fact] = here.signed(1, day=clock.today() - timedelta(days=3))
    for days in (1, -4):
        with pytest.raises(DomainError) as refusal:
            take_force(here, fact, days=days)
        assert refusal.value.field == "day"
    take_force(here, fact, days=-3)


def test_only_what_stands_is_revoked_and_once(here: Signers) -> None:
    [first] = here.signed(1)
    take_force(here, first)
    with pytest.raises(Conflict, match="does not stand any more"):
        take_force(here, first)
    [second] = here.signed(1)
    with pytest.raises(Conflict):
        take_force(here, first, by=here.lead)
    assert (here.state(1), second.supersedes) == ("achieved", first)


def test_same_revocation_again_gives_the_first_answer(here: Signers) -> None:
    [fact] = here.signed(1)
    uuid = uuid4()
    first, again = (
        revoke(by=here.dilys, sign_off=fact, day=clock.today(), reason="x", uuid=uuid)
        for _ in range(2)
    )
    assert (first, Revocation.objects.count()) == (again, 1)


def test_what_does_not_apply_is_approved_and_asked_again(here: Signers) -> None:
    here.asked(1)
    fact = excused(here)
    assert (here.state(1), fact.person) == ("not_applicable", here.lead)
    assert Mail.objects.filter(kind="not_applicable", person=here.amara).count() == 1
    again = excused(here, cancelled=True)
    row = here.row(1)
    assert row is not None
    assert (row.state, row.request is not None, again.supersedes) == ("open", True, fact)


def test_only_who_keeps_the_log_book_approves(here: Signers) -> None:
    for person in (here.dilys, here.cara, make.make_coordinator()):
        with pytest.raises(NotAllowed, match="Only the programme’s lead"):
            excused(here, by=person)


def test_nothing_is_excused_or_asked_again_twice_nor_what_is_achieved(here: Signers) -> None:
    with pytest.raises(Conflict, match="asked of the student already"):
        excused(here, cancelled=True)
    excused(here)
    with pytest.raises(Conflict, match="not applicable already"):
        excused(here)
    excused(here, cancelled=True)
    here.signed(1)
    with pytest.raises(DomainError, match="Revoke the sign-off first"):
        excused(here)


def test_only_what_the_students_version_asks_is_excused(here: Signers) -> None:
    here.competencies[0] = make_version().competencies.get()
    with pytest.raises(DomainError, match="not in the student’s framework"):
        excused(here)


def test_same_approval_again_gives_the_first_answer(here: Signers) -> None:
    uuid = uuid4()
    first, again = (
        excuse(
            by=here.lead,
            enrolment=here.enrolment,
            competency=here.competencies[0],
            reason="No scanner.",
            uuid=uuid,
        )
        for _ in range(2)
    )
    assert (first, NotApplicable.objects.count()) == (again, 1)


def test_revoking_ends_what_the_portal_asks_so_that_the_student_asks_anew(here: Signers) -> None:
    fact = changed(here)
    shown = here.item(1)
    take_force(here, fact, by=here.lead)
    assert (here.state(1), here.row(1).request) == ("revoked", None)  # type: ignore[union-attr]
    assert [why for _, why in here.sign(shown).left] == [
        "The sign-off was revoked, and this is asked no more. Look at it again."
    ]
    [asked] = here.asked(1)
    assert here.signed(1)[0].request == asked
    assert standing.rebuild(here.enrolment) == []


def test_revoking_leaves_what_the_student_asks_waiting(here: Signers) -> None:
    [fact] = here.signed(1, outcome=NOT_YET)
    [asked] = here.asked(1)
    take_force(here, fact)
    assert (here.state(1), here.row(1).request) == ("revoked", asked)  # type: ignore[union-attr]
    assert standing.rebuild(here.enrolment) == []
