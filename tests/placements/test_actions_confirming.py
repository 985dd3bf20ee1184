"""Deciding about hours: who may, when, what stays on record, and what comes after."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from placements import policies
from placements.actions import confirming, hours, placing
from placements.actions.confirming import WORDINGS, Answer, Item, Outcome, Proof
from placements.models import CurrentShift, Placement, Shift, ShiftDecision, Supervision
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Mail, Person, PersonMerge
from school.people.network import network_book
from school.people.roles import PRACTICE_EDUCATOR, SITE_LEAD
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

WAITS_NO_MORE = "{} has decided about this shift meanwhile: {}."


def yesterday(days: int = 1) -> date:
    return clock.today() - timedelta(days=days)


def place(educator: Person | None = None, **more: object) -> Placement:
    return factories.make_placement(educator=educator or factories.make_educator(), **more)  # type: ignore[arg-type]


def confirm(by: Person, *shifts: Shift, seen: bool = False, **more: object) -> Answer:
    items = [Item(shift=s.entry.uuid, uuid=uuid4(), breach_seen=seen) for s in shifts]
    values = {"outcome": Outcome.CONFIRMED, "proof": Proof.PASSWORD, **more}
    return confirming.decide(by=by, items=items, **values)  # type: ignore[arg-type]


def reasons(answer: Answer) -> list[str]:
    return [reason for _, reason in answer.left]


def state(shift: Shift) -> str:
    return CurrentShift.objects.get(shift=shift).state


def merge(kept: Person, merged: Person) -> None:
    fact = PersonMerge(kept=kept, merged=merged)
    book = network_book()
    with ledger.writing(book) as pen:
        pen.append([Draft(fact=fact, book=book, about_from=clock.today())], by=kept.uuid)


def test_confirmed_shift_keeps_words_capacity_proof_and_both_times() -> None:
    educator = factories.make_educator()
    shift = factories.make_shift(place(educator), yesterday())
    device = timezone.now() - timedelta(minutes=9)
    [decision] = confirm(educator, shift, device_time=device).decided
    kept = ShiftDecision.objects.get(pk=decision.pk)
    assert (kept.person, kept.capacity, kept.proof, kept.wording.text, kept.device_time) == (
        educator,
        "practice_educator",
        "password",
        WORDINGS[Outcome.CONFIRMED],
        device,
    )
    assert kept.entry.recorded_at > device
    assert state(shift) == "confirmed"


def test_wording_of_a_decision_stays_when_the_sentence_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    educator = factories.make_educator()
    placement = place(educator)
    first, second = (factories.make_shift(placement, yesterday(n)) for n in (1, 2))
    [old] = confirm(educator, first).decided
    monkeypatch.setitem(confirming.WORDINGS, Outcome.CONFIRMED, "I was there.")
    [new] = confirm(educator, second).decided
    texts = [ShiftDecision.objects.get(pk=row.pk).wording.text for row in (old, new)]
    assert texts == [
        "I confirm that this student was present and working under supervision at the times shown.",
        "I was there.",
    ]


def test_nobody_confirms_their_own_hours_whatever_their_roles() -> None:
    placement = place()
    student = placement.enrolment.person
    factories.make_grant(student, PRACTICE_EDUCATOR, placement.site.scope)
    factories.make_grant(student, SITE_LEAD, placement.site.scope)
    shift = factories.make_shift(placement, yesterday())
    own = ["These are your own hours. Somebody who supervised you decides about them."]
    assert reasons(confirm(student, shift)) == own
    twin = factories.make_person("Amara Exampleton-Twin")
    factories.make_grant(twin, SITE_LEAD, placement.site.scope)
    merge(student, twin)
    assert reasons(confirm(twin, shift)) == own
    assert list(policies.inbox(twin)) == []


def test_stranger_cannot_decide() -> None:
    shift = factories.make_shift(place(), yesterday())
    stranger = factories.make_educator("Dana Elsewhere", site=factories.make_site("Freeman"))
    assert reasons(confirm(stranger, shift)) == [
        "You do not supervise this placement, so you cannot decide about its hours."
    ]
    assert list(policies.inbox(stranger)) == []


def test_merged_persons_have_one_inbox() -> None:
    educator, twin = factories.make_educator(), factories.make_educator("D. Sampleby")
    shift = factories.make_shift(place(educator), yesterday())
    assert list(policies.inbox(twin)) == []
    merge(educator, twin)
    assert [row.shift_id for row in policies.inbox(twin)] == [shift.pk]
    [decision] = confirm(twin, shift).decided
    assert decision.person == twin


def test_items_of_a_mentor_who_left_wait_for_the_site_lead_with_their_history() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    lead = factories.make_person("Farid Lead")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    signed, open_shift = (factories.make_shift(placement, yesterday(n)) for n in (2, 1))
    [decision] = confirm(educator, signed).decided
    assert list(policies.inbox(lead)) == []
    educator.user.is_active = False  # type: ignore[union-attr]
    educator.user.save()  # type: ignore[union-attr]
    assert [row.shift_id for row in policies.inbox(lead)] == [open_shift.pk]
    [by_lead] = confirm(lead, open_shift).decided
    assert by_lead.capacity == "site_lead"
    assert ShiftDecision.objects.get(pk=decision.pk).person == educator


def test_items_of_a_mentor_with_a_last_day_wait_for_the_site_lead() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    lead = factories.make_person("Farid Lead")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    shift = factories.make_shift(placement, yesterday())
    educator.left_on = yesterday()
    educator.save()
    assert [row.shift_id for row in policies.inbox(lead)] == [shift.pk]


def test_final_assessor_decides_in_that_capacity() -> None:
    assessor = factories.make_educator("Asta Assessor")
    placement = place()
    placing.supervise(
        by=assessor,
        placement=placement,
        person=assessor,
        capacity=Supervision.Capacity.ASSESSOR,
        starts=placement.starts,
    )
    shift = factories.make_shift(placement, yesterday())
    [decision] = confirm(assessor, shift).decided
    assert decision.capacity == "assessor"


def test_inbox_is_oldest_first() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    sent = [factories.make_shift(placement, yesterday(n)) for n in (1, 3, 2)]
    assert [row.shift_id for row in policies.inbox(educator)] == [
        sent[1].pk,
        sent[2].pk,
        sent[0].pk,
    ]


def test_shift_whose_end_has_not_passed_cannot_be_confirmed_but_can_be_queried() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    now = clock.now().replace(second=0, microsecond=0)
    entered = hours.Entered(
        day_type=factories.entered(clock.today()).day_type,
        start=now - timedelta(hours=6),
        end=now + timedelta(minutes=30),
        break_minutes=0,
    )
    shift = hours.log_shift(
        by=placement.enrolment.person, placement=placement, entered=entered, uuid=uuid4()
    )
    [reason] = reasons(confirm(educator, shift))
    assert reason.endswith("You can confirm it once that has passed.")
    answer = confirm(educator, shift, outcome=Outcome.QUERIED, comment="Still working?")
    assert len(answer.decided) == 1


def test_induction_comes_first_unless_the_programme_switches_it_off() -> None:
    educator = factories.make_educator()
    placement = place(educator, inducted=False)
    shift = factories.make_shift(placement, yesterday())
    assert reasons(confirm(educator, shift)) == [
        "Record the student's site induction first. Then these hours can be confirmed."
    ]
    programme = placement.enrolment.cohort.programme
    programme.induction_before_confirming = False
    programme.save()
    assert len(confirm(educator, shift).decided) == 1


def test_induction_recorded_lets_hours_be_confirmed() -> None:
    educator = factories.make_educator()
    placement = place(educator, inducted=False)
    shift = factories.make_shift(placement, yesterday())
    placing.record_induction(by=educator, placement=placement, day=yesterday())
    assert len(confirm(educator, shift).decided) == 1


def test_breach_is_confirmed_only_when_it_was_seen() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    late = factories.make_shift(placement, yesterday(3), "14:00", "22:00")
    early = factories.make_shift(placement, yesterday(2), "06:00", "14:00")
    assert (
        reasons(confirm(educator, late, early))
        == ["Tick that you have seen which hours rule this shift breaks."] * 2
    )
    assert len(confirm(educator, late, early, seen=True).decided) == 2


def test_way_that_the_programme_switched_off_is_refused() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    shift = factories.make_shift(placement, yesterday())
    programme = placement.enrolment.cohort.programme
    programme.confirm_with_account = False
    programme.confirm_by_link = False
    programme.save()
    assert reasons(confirm(educator, shift)) == [
        f"{programme.name} accepts confirmation by link and code only."
    ]
    assert reasons(confirm(educator, shift, proof=Proof.LINK_AND_CODE)) == [
        f"{programme.name} does not accept confirmation by link. Sign in to confirm."
    ]


def test_second_decision_hears_who_was_first() -> None:
    educator, other = factories.make_educator(), factories.make_educator("Other Mentor")
    placement = place(educator)
    placing.supervise(
        by=educator,
        placement=placement,
        person=other,
        capacity="supervisor",
        starts=placement.starts,
    )
    shift = factories.make_shift(placement, yesterday())
    confirm(educator, shift)
    assert reasons(confirm(other, shift)) == [WAITS_NO_MORE.format("Dilys Sampleby", "confirmed")]
    assert ShiftDecision.objects.count() == 1


def test_same_request_again_is_the_same_decision() -> None:
    educator = factories.make_educator()
    shift = factories.make_shift(place(educator), yesterday())
    item = Item(shift=shift.entry.uuid, uuid=uuid4())
    answers = [
        confirming.decide(
            by=educator, items=[item], outcome=Outcome.CONFIRMED, proof=Proof.PASSWORD
        )
        for _ in range(2)
    ]
    assert [[row.pk for row in answer.decided] for answer in answers] == [
        [ShiftDecision.objects.get().pk]
    ] * 2


def test_shift_corrected_after_it_was_confirmed_waits_alone() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    first, other = (factories.make_shift(placement, yesterday(n)) for n in (2, 1))
    confirm(educator, first, other)
    corrected = factories.make_shift(placement, yesterday(2), "08:00", "15:00", corrects=first)
    assert [row.shift_id for row in policies.inbox(educator)] == [corrected.pk]
    assert (state(corrected), state(other)) == ("awaiting", "confirmed")
    assert ShiftDecision.objects.get(shift=first).outcome == "confirmed"
    assert reasons(confirm(educator, first)) == [
        "The student changed this shift since you opened the page. Look at it again."
    ]


def test_shift_taken_back_cannot_be_confirmed() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    shift = factories.make_shift(placement, yesterday())
    gone = hours.withdraw_shift(by=placement.enrolment.person, shift=shift, uuid=uuid4())
    assert reasons(confirm(educator, gone)) == ["The student has taken this shift back."]


@pytest.mark.parametrize("outcome", [Outcome.QUERIED, Outcome.REJECTED])
def test_query_and_rejection_need_a_reason_and_tell_the_student_once(outcome: Outcome) -> None:
    educator = factories.make_educator()
    placement = place(educator)
    shift = factories.make_shift(placement, yesterday())
    with pytest.raises(DomainError) as caught:
        confirm(educator, shift, outcome=outcome)
    assert (caught.value.field, ShiftDecision.objects.count()) == ("comment", 0)
    item = Item(shift=shift.entry.uuid, uuid=uuid4())
    for _ in range(2):
        confirming.decide(
            by=educator, items=[item], outcome=outcome, proof=Proof.PASSWORD, comment="Half a day?"
        )
    mail = Mail.objects.get(kind="shift_decided")
    student = placement.enrolment.person
    assert mail.address == student.user.email  # type: ignore[union-attr]
    assert "Half a day?" in mail.body
    assert [name for name in (student.name, educator.name) if name in mail.subject] == []


def test_confirming_sends_no_mail() -> None:
    educator = factories.make_educator()
    confirm(educator, factories.make_shift(place(educator), yesterday()))
    assert Mail.objects.count() == 0


def test_undo_within_a_day_lets_the_shift_wait_again_and_keeps_both() -> None:
    educator = factories.make_educator()
    shift = factories.make_shift(place(educator), yesterday())
    [decision] = confirm(educator, shift).decided
    uuid = uuid4()
    facts = [
        confirming.undo(by=educator, decision=decision, proof=Proof.PASSWORD, uuid=uuid)
        for _ in range(2)
    ]
    assert facts[0].pk == facts[1].pk
    assert state(shift) == "awaiting"
    outcomes = ShiftDecision.objects.order_by("entry").values_list("outcome", flat=True)
    assert list(outcomes) == ["confirmed", "undone"]
    with pytest.raises(Conflict):
        confirming.undo(by=educator, decision=decision, proof=Proof.PASSWORD, uuid=uuid4())


def test_undo_after_a_day_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    educator = factories.make_educator()
    shift = factories.make_shift(place(educator), yesterday())
    [decision] = confirm(educator, shift).decided
    later = clock.now() + timedelta(hours=24, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(DomainError, match="more than 24 hours ago"):
        confirming.undo(by=educator, decision=decision, proof=Proof.PASSWORD, uuid=uuid4())
    assert state(shift) == "confirmed"


def test_undo_is_for_the_one_who_decided() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    lead = factories.make_person("Farid Lead")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    shift = factories.make_shift(placement, yesterday())
    [decision] = confirm(educator, shift).decided
    with pytest.raises(NotAllowed):
        confirming.undo(by=lead, decision=decision, proof=Proof.PASSWORD, uuid=uuid4())


def test_rejection_frees_the_time_and_its_undo_does_not_take_it_back() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    shift = factories.make_shift(placement, yesterday())
    [decision] = confirm(educator, shift, outcome=Outcome.REJECTED, comment="Not here").decided
    factories.make_shift(placement, yesterday(), "09:00", "12:00", 0)
    with pytest.raises(DomainError):
        confirming.undo(by=educator, decision=decision, proof=Proof.PASSWORD, uuid=uuid4())
    assert state(shift) == "rejected"


def test_unknown_shift_is_left_with_a_reason() -> None:
    educator = factories.make_educator()
    placement = place(educator)
    factories.make_shift(placement, yesterday())
    item = Item(shift=UUID(int=7), uuid=uuid4())
    answer = confirming.decide(
        by=educator, items=[item], outcome=Outcome.CONFIRMED, proof=Proof.PASSWORD
    )
    assert (answer.decided, reasons(answer)) == ([], ["This shift is not in the portal."])


def test_merged_supervisor_is_there_though_the_account_is_closed() -> None:
    kept, merged = factories.make_educator(), factories.make_educator()
    shift = factories.make_shift(place(merged), yesterday())
    lead = factories.make_person("Farid Standin")
    factories.make_grant(lead, SITE_LEAD, shift.site.scope)
    merge(kept, merged)
    assert merged.user is not None
    merged.user.is_active = False
    merged.user.save()
    assert [policies.inbox(person).count() for person in (kept, lead)] == [1, 0]
