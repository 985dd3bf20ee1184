"""Writing down what was agreed at a meeting, and signing it: who may, once each, and what stays on record."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from placements import meetings
from placements.actions import placing
from placements.actions.meetings import sign_meeting, write_meeting
from placements.models import (
    Meeting,
    MeetingSignature,
    Placement,
    ShiftDecision,
    Supervision,
)
from placements.taking_part import taking_part
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.models import LedgerEntry
from school.people.merging import merge_people
from school.people.models import Mail, Person
from school.people.roles import (
    ADMINISTRATOR,
    COORDINATOR,
    PROGRAMME_LEAD,
    SITE_LEAD,
    UNIVERSITY_TUTOR,
)
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

PASSWORD = ShiftDecision.Proof.PASSWORD
WORDS = "Three scans a week, and the half-body list on Thursdays."


@pytest.fixture
def educator() -> Person:
    return factories.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    return factories.make_placement(educator=educator)


@pytest.fixture
def student(placement: Placement) -> Person:
    return placement.enrolment.person


@pytest.fixture
def tutor(placement: Placement) -> Person:
    person = factories.make_person("Tamsin Tutor")
    factories.make_grant(person, UNIVERSITY_TUTOR, placement.enrolment.cohort.scope)
    return person


def write(by: Person, placement: Placement, kind: str = "initial", **more: Any) -> Meeting:
    values = {
        "day": clock.today(),
        "record": WORDS,
        "proof": PASSWORD,
        "uuid": uuid4(),
    } | more
    return write_meeting(by=by, placement=placement, kind=kind, **values)


def sign(by: Person, meeting: Meeting, uuid: UUID | None = None) -> MeetingSignature:
    return sign_meeting(by=by, meeting=meeting, proof=PASSWORD, uuid=uuid or uuid4())


def signed(meeting: Meeting) -> list[tuple[Person, str]]:
    rows = MeetingSignature.objects.filter(meeting=meeting).order_by("entry__seq")
    return [(row.person, row.capacity) for row in rows]


def test_student_is_told_of_a_visit_and_nothing_of_what_was_seen(
    placement: Placement, student: Person, tutor: Person
) -> None:
    first = write(tutor, placement, "visit")
    again = write(tutor, placement, "visit", corrects=first)
    mails = Mail.objects.filter(kind="visit_written").order_by("pk")
    assert [mail.person for mail in mails] == [student, student]
    assert [str(meeting.entry.uuid) in mail.body for meeting, mail in zip((first, again), mails, strict=True)] == [True, True]  # fmt: skip
    assert WORDS not in mails[0].body


def told() -> list[Person | None]:
    return [mail.person for mail in Mail.objects.filter(kind="meeting_waits").order_by("pk")]


def test_who_writes_signs_and_the_other_is_told_nothing_but_that_it_waits(
    educator: Person, placement: Placement, student: Person
) -> None:
    meeting = write(educator, placement)
    assert signed(meeting) == [(educator, "practice_educator")]
    assert ledger.private_text(meeting, "record") == WORDS
    [mail] = Mail.objects.filter(kind="meeting_waits")
    assert (mail.person, WORDS in mail.body, student.name in mail.body) == (student, False, False)


def test_signature_keeps_capacity_proof_words_and_time(
    educator: Person, placement: Placement, student: Person
) -> None:
    meeting = write(educator, placement)
    kept = MeetingSignature.objects.get(pk=sign(student, meeting).pk)
    assert (kept.person, kept.capacity, kept.proof, kept.wording.text) == (
        student,
        "student",
        "password",
        "I have read every word of this learning contract and agree to it.",
    )
    assert kept.entry.recorded_at >= meeting.entry.recorded_at
    assert signed(meeting) == [(educator, "practice_educator"), (student, "student")]


def test_words_of_a_signature_stay_when_the_sentence_changes(
    educator: Person, placement: Placement, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = write(educator, placement)
    monkeypatch.setitem(meetings.WORDINGS, "initial", "I was there.")
    texts = [sign(student, meeting).wording.text, meeting.signatures.first().wording.text]
    assert texts == [
        "I was there.",
        "I have read every word of this learning contract and agree to it.",
    ]


def test_same_record_sent_twice_is_one(educator: Person, placement: Placement) -> None:
    uuid = uuid4()
    assert write(educator, placement, uuid=uuid) == write(educator, placement, uuid=uuid)
    assert (Meeting.objects.count(), MeetingSignature.objects.count()) == (1, 1)
    with pytest.raises(Conflict):
        write(educator, placement, uuid=uuid, record="Other words")


def test_same_signature_sent_twice_is_one(
    educator: Person, placement: Placement, student: Person
) -> None:
    meeting, uuid = write(educator, placement), uuid4()
    assert sign(student, meeting, uuid) == sign(student, meeting, uuid)
    assert len(signed(meeting)) == 2


def test_nobody_signs_twice_nor_as_somebody_merged_with_them(
    educator: Person, placement: Placement
) -> None:
    meeting = write(educator, placement)
    with pytest.raises(Conflict, match="You have signed this record already"):
        sign(educator, meeting)
    twin = factories.make_person("D. Sampleby")
    administrator = factories.make_person("Ada Admin")
    factories.make_grant(administrator, ADMINISTRATOR, placement.site.scope.parent)
    merge_people(kept=educator, merged=twin, by=administrator, uuid=uuid4())
    with pytest.raises(Conflict, match="You have signed this record already"):
        sign(twin, meeting)
    assert len(signed(meeting)) == 1


def test_nobody_signs_in_two_capacities(
    educator: Person, placement: Placement, student: Person
) -> None:
    factories.make_grant(educator, UNIVERSITY_TUTOR, placement.enrolment.cohort.scope)
    meeting = write(educator, placement, "three_way")
    assert signed(meeting) == [(educator, "practice_educator")]
    with pytest.raises(Conflict, match="You have signed this record already"):
        sign(educator, meeting)
    sign(student, meeting)
    assert [capacity for _, capacity in signed(meeting)] == ["practice_educator", "student"]


def test_each_side_signs_once(educator: Person, placement: Placement, student: Person) -> None:
    lead = factories.make_person("Lena Lead")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    meeting = write(student, placement)
    sign(lead, meeting)
    assert signed(meeting) == [(student, "student"), (lead, "site_lead")]
    with pytest.raises(Conflict, match="Lena Lead has signed this record as site lead"):
        sign(educator, meeting)


def test_three_way_meeting_wants_three_signatures(
    educator: Person, placement: Placement, student: Person, tutor: Person
) -> None:
    meeting = write(tutor, placement, "three_way")
    assert told() == [student, educator]
    sign(student, meeting)
    sign(educator, meeting)
    assert [capacity for _, capacity in signed(meeting)] == [
        "tutor",
        "student",
        "practice_educator",
    ]


def test_who_holds_two_sides_signs_for_the_one_that_is_open(
    educator: Person, placement: Placement, student: Person
) -> None:
    both = factories.make_person("Bea Both")
    factories.make_grant(both, SITE_LEAD, placement.site.scope)
    factories.make_grant(both, PROGRAMME_LEAD, placement.enrolment.cohort.programme.scope)
    meeting = write(educator, placement, "three_way")
    sign(both, meeting)
    assert signed(meeting) == [(educator, "practice_educator"), (both, "tutor")]


def test_visit_is_the_tutors_alone(
    educator: Person, placement: Placement, student: Person, tutor: Person
) -> None:
    meeting = write(tutor, placement, "visit")
    assert (signed(meeting), told()) == ([(tutor, "tutor")], [])
    for person in (student, educator):
        with pytest.raises(NotAllowed):
            sign(person, meeting)
        with pytest.raises(NotAllowed):
            write(person, placement, "visit")


@pytest.mark.parametrize("kind", ["initial", "midway", "final"])
def test_tutor_and_coordinator_and_strangers_have_no_part(
    kind: str, educator: Person, placement: Placement, tutor: Person
) -> None:
    coordinator = factories.make_person("Cora Coordinator")
    factories.make_grant(coordinator, COORDINATOR, placement.site.scope)
    stranger = factories.make_educator("Dana Elsewhere", site=factories.make_site("Freeman"))
    meeting = write(educator, placement, kind)
    entries = LedgerEntry.objects.count()
    for person in (tutor, coordinator, stranger):
        with pytest.raises(NotAllowed):
            write(person, placement, kind)
        with pytest.raises(NotAllowed):
            sign(person, meeting)
    assert LedgerEntry.objects.count() == entries


def test_student_signs_as_the_student_whatever_their_roles(
    placement: Placement, student: Person
) -> None:
    factories.make_grant(student, SITE_LEAD, placement.site.scope)
    factories.make_grant(student, UNIVERSITY_TUTOR, placement.enrolment.cohort.scope)
    meeting = write(student, placement)
    assert signed(meeting) == [(student, "student")]
    with pytest.raises(Conflict):
        sign(student, meeting)


def test_later_words_keep_the_earlier_and_want_new_signatures(
    educator: Person, placement: Placement, student: Person
) -> None:
    first = write(educator, placement)
    sign(student, first)
    second = write(student, placement, record="Two scans a week.", corrects=first)
    assert (len(signed(first)), signed(second)) == (2, [(student, "student")])
    assert told() == [student, educator]
    with pytest.raises(Conflict, match="written anew since you opened the page"):
        write(educator, placement, record="Four.", corrects=first)
    sign(educator, second)
    assert list(Meeting.objects.standing()) == [second]


@pytest.mark.parametrize("kind", ["initial", "midway", "final"])
def test_placement_has_one_record_of_each_of_its_three_meetings(
    educator: Person, placement: Placement, student: Person, kind: str
) -> None:
    first = write(educator, placement, kind)
    with pytest.raises(Conflict, match="written down already") as refused:
        write(student, placement, kind)
    assert (refused.value.field, Meeting.objects.count()) == ("kind", 1)
    second = write(student, placement, kind, corrects=first)
    with pytest.raises(Conflict, match="written down already"):
        write(educator, placement, kind)
    assert list(Meeting.objects.standing()) == [second]


@pytest.mark.parametrize(
    ("kind", "refused"),
    [("initial", True), ("midway", True), ("final", True), ("three_way", False), ("visit", False)],
)
def test_database_holds_one_first_record_of_each_of_the_three(
    educator: Person, placement: Placement, kind: str, refused: bool
) -> None:
    book = placement.enrolment.book
    first, *more = [
        Meeting(placement=placement, meeting_kind=kind, person=educator) for _ in range(3)
    ]
    more[0].supersedes = first

    def append(fact: Meeting) -> None:
        with ledger.writing(book) as pen:
            draft = Draft(fact=fact, book=book, about_from=clock.today(), texts={"record": WORDS})
            pen.append([draft], by=educator.uuid)

    append(first)
    append(more[0])
    held = (
        pytest.raises(IntegrityError, match=r"meeting_first_once|row exists")
        if refused
        else nullcontext()
    )
    with held, transaction.atomic():
        append(more[1])
    assert Meeting.objects.count() == (2 if refused else 3)


def test_superseded_record_is_signed_no_more(
    educator: Person, placement: Placement, student: Person
) -> None:
    first = write(educator, placement)
    write(educator, placement, record="Two scans a week.", corrects=first)
    with pytest.raises(Conflict, match="written anew since you opened the page"):
        sign(student, first)
    assert len(signed(first)) == 1


def test_day_that_cannot_be_is_refused_at_its_field(educator: Person, placement: Placement) -> None:
    entries = LedgerEntry.objects.count()
    with pytest.raises(DomainError) as refused:
        write(educator, placement, day=placement.ends)
    assert refused.value.field == "day"
    assert (LedgerEntry.objects.count(), Mail.objects.filter(kind="meeting_waits").count()) == (
        entries,
        0,
    )


def test_supervisor_signs_the_meetings_of_their_time_for_14_days_and_writes_none(
    student: Person, placement: Placement, educator: Person
) -> None:
    [own] = Supervision.objects.standing().filter(placement=placement)
    then = [clock.today() - timedelta(days=back) for back in (14, 15, 13)]
    one, two, later = (write(student, placement, "three_way", day=day) for day in then)
    placing.end_supervision(by=student, supervision=own, last_day=then[0])
    with pytest.raises(NotAllowed):
        write(educator, placement)
    with pytest.raises(NotAllowed):
        sign(educator, later)
    assert [sign(educator, row).capacity for row in (one, two)] == ["practice_educator"] * 2
    part = taking_part(educator, placement)
    assert (part.capacities, part.may_raise) == ({}, False)


@pytest.mark.parametrize(("starts", "ends"), [(-28, -15), (1, 20)])
def test_supervision_long_over_or_to_come_gives_no_part(
    student: Person, placement: Placement, starts: int, ends: int
) -> None:
    other = factories.make_educator("Owen Other")
    today = clock.today()
    placing.supervise(
        by=student,
        placement=placement,
        person=other,
        capacity="supervisor",
        starts=today + timedelta(days=starts),
        ends=today + timedelta(days=ends),
    )
    meeting = write(student, placement, day=today - timedelta(days=20))
    with pytest.raises(NotAllowed):
        sign(other, meeting)
    with pytest.raises(NotAllowed):
        write(other, placement)
    assert not taking_part(other, placement).may_raise


def test_site_lead_is_told_when_nobody_supervises(student: Person, placement: Placement) -> None:
    alone = factories.make_placement(site=factories.make_site("Freeman"), educator=None)
    lead = factories.make_person("Lena Lead")
    factories.make_grant(lead, SITE_LEAD, alone.site.scope)
    write(alone.enrolment.person, alone)
    assert told() == [lead]
