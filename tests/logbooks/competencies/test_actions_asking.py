"""Asking for sign-off: who may be asked, on what evidence, taking it back, and what the portal asks again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from logbooks.competencies import evidence, standing
from logbooks.competencies.actions import log
from logbooks.competencies.actions.asking import Wanted, ask, withdraw
from logbooks.competencies.actions.revoking import excuse
from logbooks.competencies.models import LogBookRules, SignOff, SignOffRequest
from placements.models import Supervision
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import PORTAL
from school.people.models import Mail, Person
from tests import factories as make
from tests.logbooks.competencies.facts import make_version
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def here() -> Signers:
    return make_signers()


def wanted(here: Signers, number: int = 1, **values: Any) -> Wanted:
    return Wanted(**{"competency": here.competencies[number - 1].uuid, "uuid": uuid4(), **values})


def left(here: Signers, *items: Wanted, of: Person | None = None) -> list[str]:
    answer = ask(by=here.amara, placement=here.read_anew(), assessor=of or here.dilys, wanted=items)
    assert answer.asked == []
    return [reason for _, reason in answer.left]


def test_several_are_asked_at_once_with_evidence_and_the_assessor_is_told(here: Signers) -> None:
    entry = here.book.log(touched=("A1", "A2"))
    one, two = here.asked(1, 2, evidence=(entry,))
    assert one.evidence == two.evidence == f"{entry.entry.uuid} {entry.entry.hash}"
    assert [here.row(n).request for n in (1, 2)] == [one, two]  # type: ignore[union-attr]
    assert (here.state(1), one.entry.actor) == ("open", here.amara.uuid)
    mail = Mail.objects.get(kind="sign_off_asked")
    assert (mail.person, here.amara.name in mail.subject) == (here.dilys, False)


def test_same_request_again_gives_the_first_answer(here: Signers) -> None:
    item = wanted(here)
    args: dict[str, Any] = {"by": here.amara, "placement": here.placement, "wanted": [item]}
    first = ask(assessor=here.dilys, **args).asked
    again = ask(assessor=here.dilys, **args).asked
    assert (first, SignOffRequest.objects.count()) == (again, 1)
    with pytest.raises(Conflict):
        ask(assessor=here.cara, **args)


def test_later_request_takes_the_place_of_the_one_that_waits(here: Signers) -> None:
    [first] = here.asked(1)
    [second] = here.asked(1, of=here.cara)
    assert (second.supersedes, here.row(1).request) == (first, second)  # type: ignore[union-attr]


def test_note_is_private_text(here: Signers) -> None:
    answer = ask(
        by=here.amara,
        placement=here.placement,
        assessor=here.dilys,
        wanted=[wanted(here)],
        note="You saw me on Tuesday.",
    )
    [request] = answer.asked
    assert ledger.private_text(request, "note") == "You saw me on Tuesday."
    assert "Tuesday" not in request.entry.payload


def test_nobody_asks_in_the_log_book_of_somebody_else(here: Signers) -> None:
    other = make.make_student("Ben Other").person
    with pytest.raises(NotAllowed, match="another student"):
        ask(by=other, placement=here.placement, assessor=here.dilys, wanted=[wanted(here)])


def test_only_who_supervises_or_assesses_today_is_asked(here: Signers) -> None:
    stranger = make.make_educator("Sten Stranger")
    gone = make.make_educator("Gwen Gone")
    here.supervise(gone, Supervision.Capacity.SUPERVISOR, ends=-1)
    for person in (stranger, gone, here.amara):
        with pytest.raises(DomainError, match="does not supervise") as refusal:
            left(here, wanted(here), of=person)
        assert refusal.value.field == "assessor"
    assert SignOffRequest.objects.count() == 0


def test_who_has_left_is_not_asked(here: Signers) -> None:
    here.dilys.left_on = clock.today() - timedelta(days=1)
    here.dilys.save()
    with pytest.raises(DomainError, match="does not supervise"):
        left(here, wanted(here))


def test_programme_without_any_way_of_signing_is_asked_nothing(here: Signers) -> None:
    rules = LogBookRules.objects.get()
    rules.sign_with_account = rules.sign_with_pin = rules.sign_on_phone = False
    rules.save()
    with pytest.raises(DomainError, match="does not accept sign-off by somebody with an account"):
        left(here, wanted(here))


def test_only_competencies_of_ones_own_framework_are_asked_for(here: Signers) -> None:
    other = make_version().competencies.get()
    assert left(here, wanted(here, competency=other.uuid)) == [
        "A1 is not in the student’s framework."
    ]
    assert left(here, wanted(here, competency=uuid4())) == [
        "This competency is not in your framework."
    ]


def test_same_competency_is_asked_once(here: Signers) -> None:
    answer = ask(
        by=here.amara,
        placement=here.placement,
        assessor=here.dilys,
        wanted=[wanted(here), wanted(here)],
    )
    assert (len(answer.asked), [why for _, why in answer.left]) == (
        1,
        ["This competency was sent twice."],
    )


def test_what_is_achieved_or_does_not_apply_is_not_asked_for(here: Signers) -> None:
    here.signed(1)
    excuse(
        by=here.lead,
        enrolment=here.enrolment,
        competency=here.competencies[1],
        reason="No scanner.",
        uuid=uuid4(),
    )
    assert left(here, wanted(here, 1), wanted(here, 2)) == [
        f"{here.dilys.name} has signed it as achieved. That stands.",
        "It was recorded as not applicable, so it is not asked of you.",
    ]


def test_what_came_back_is_asked_for_again(here: Signers) -> None:
    here.signed(1, outcome=NOT_YET)
    [request] = here.asked(1)
    assert (here.state(1), here.row(1).request) == ("returned", request)  # type: ignore[union-attr]


def test_evidence_is_ones_own_log_as_it_stands_and_touches_the_competency(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    elsewhere = here.book.log(touched=("A2",))
    changed = (
        "An examination was changed or taken back since you opened the page. Look at it again."
    )
    assert left(here, wanted(here, evidence=(uuid4(),))) == [changed]
    assert left(here, wanted(here, evidence=(elsewhere.entry.uuid,))) == [
        "An examination chosen as evidence does not touch A1."
    ]
    here.book.log(touched=("A1",), role="assisted", corrects=entry)
    assert left(here, wanted(here, evidence=(entry.entry.uuid,))) == [changed]


# Taking back


def test_request_is_taken_back_and_stays_on_record(here: Signers) -> None:
    [request] = here.asked(1)
    uuid = uuid4()
    back = withdraw(by=here.amara, request=request, uuid=uuid)
    assert (back.withdrawn, back.supersedes, here.row(1).request) == (True, request, None)  # type: ignore[union-attr]
    assert withdraw(by=here.amara, request=request, uuid=uuid) == back
    with pytest.raises(Conflict, match="answered or changed"):
        withdraw(by=here.amara, request=request, uuid=uuid4())


def test_only_the_student_takes_a_request_back(here: Signers) -> None:
    [request] = here.asked(1)
    with pytest.raises(NotAllowed):
        withdraw(by=here.dilys, request=request, uuid=uuid4())
    assert here.row(1).request == request  # type: ignore[union-attr]


# Evidence that is corrected


def test_correcting_evidence_of_a_sign_off_asks_again_beside_it(here: Signers) -> None:
    entry = here.book.log(touched=("A1", "A2"))
    here.asked(1, 2, evidence=(entry,))
    signed = here.signed(1, 2)
    corrected = here.book.log(touched=("A1", "A2"), role="assisted", corrects=entry)
    for number, sign_off in enumerate(signed, start=1):
        row = here.row(number)
        assert row is not None
        assert (row.state, row.sign_off) == ("achieved", sign_off)
        request = row.request
        assert request is not None
        assert (request.because, request.assessor, request.entry.actor) == (
            "changed",
            here.dilys,
            PORTAL,
        )
        assert request.evidence == f"{corrected.entry.uuid} {corrected.entry.hash}"
        assert sign_off.evidence == f"{entry.entry.uuid} {entry.entry.hash}"
    mail = Mail.objects.get(subject="Evidence that you signed on was changed")
    assert (mail.person, "corrected an examination" in mail.body) == (here.dilys, True)
    assert "what you signed: A1, A2. Your sign-offs stand" in mail.body
    assert standing.rebuild(here.enrolment) == []


def test_correcting_it_twice_leaves_one_request_with_the_newest(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    here.signed(1)
    second = here.book.log(touched=("A1",), role="assisted", corrects=entry)
    third = here.book.log(touched=("A1",), role="direct", corrects=second)
    request = here.row(1).request  # type: ignore[union-attr]
    assert request is not None
    assert (request.because, request.evidence) == (
        "changed",
        f"{third.entry.uuid} {third.entry.hash}",
    )


def test_correcting_evidence_of_what_waits_leaves_it_waiting_with_the_newest(
    here: Signers,
) -> None:
    entry = here.book.log(touched=("A1",))
    [asked] = here.asked(1, evidence=(entry,))
    item = here.item(1)
    corrected = here.book.log(touched=("A1",), role="assisted", corrects=entry)
    request = here.row(1).request  # type: ignore[union-attr]
    assert request is not None
    assert (request.supersedes, request.because) == (asked, "asked")
    assert evidence.pieces(request.evidence)[0].uuid == corrected.entry.uuid
    answer = here.sign(item)
    assert [why for _, why in answer.left] == [
        "The student changed what they ask, or took it back, since you opened the page. Look at it again."
    ]


def test_taking_evidence_back_asks_again_without_it(here: Signers) -> None:
    entry, other = here.book.log(touched=("A1",)), here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry, other))
    here.signed(1)
    log.take_back(by=here.amara, entry=entry, uuid=uuid4())
    request = here.row(1).request  # type: ignore[union-attr]
    assert request is not None
    assert request.evidence == f"{other.entry.uuid} {other.entry.hash}"


def test_who_signed_is_told_once_that_evidence_was_taken_back(here: Signers) -> None:
    entry = here.book.log(touched=("A1", "A2", "A3"))
    here.asked(1, 2, evidence=(entry,))
    here.asked(3, of=here.cara, evidence=(entry,))
    here.signed(1, 2)
    here.signed(3, by=here.cara)
    log.take_back(by=here.amara, entry=entry, uuid=uuid4())
    mails = Mail.objects.filter(subject="Evidence that you signed on was changed")
    assert {mail.person: mail.body.split(". ")[0] for mail in mails} == {
        person: f"{here.amara.name} took back an examination that is evidence of what you signed: {codes}"
        for person, codes in ((here.dilys, "A1, A2"), (here.cara, "A3"))
    }


def test_correction_is_not_hidden_by_taking_the_asking_back(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    here.signed(1)
    here.book.log(touched=("A1",), role="assisted", corrects=entry)
    request = here.row(1).request  # type: ignore[union-attr]
    assert request is not None
    with pytest.raises(DomainError, match="Your assessor answers it"):
        withdraw(by=here.amara, request=request, uuid=uuid4())


def test_what_is_evidence_of_nothing_asks_nothing(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.signed(1)
    here.book.log(touched=("A1",), role="assisted", corrects=entry)
    assert (SignOffRequest.objects.count(), SignOff.objects.count()) == (0, 1)
