"""What a student does with their hours: each act's effect, its fact, its rules, and what a retry does."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as RolledBack
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from placements import standing, totals
from placements.actions import confirming, hours, placing
from placements.models import (
    CurrentShift,
    DayNote,
    Placement,
    PlannedShift,
    QueryReply,
    Shift,
    ShiftDecision,
    StageTally,
    WeekClosed,
)
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import ConflictingWrite, LedgerEntry
from school.people.models import Person, PersonMerge
from school.people.network import network_book
from tests import factories as make
from tests.games import play

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 11, 19)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_the_evening() -> Iterator[None]:
    with time_machine.travel(make.at(THURSDAY, "21:00"), tick=False):
        yield


@pytest.fixture
def educator() -> Person:
    return make.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    return make.make_placement(educator=educator)


def tally(placement: Placement) -> StageTally:
    return StageTally.objects.get(enrolment=placement.enrolment, stage=placement.stage)


def current(shift: Shift) -> CurrentShift:
    return CurrentShift.objects.get(shift=shift)


def log(placement: Placement, entered: hours.Entered, **more: object) -> Shift:
    return hours.log_shift(
        by=placement.enrolment.person,
        placement=placement,
        entered=entered,
        **{"uuid": uuid4(), **more},  # type: ignore[arg-type]
    )


# Logging


def test_log_shift_writes_a_fact_that_waits(placement: Placement) -> None:
    uuid = uuid4()
    shift = log(placement, make.entered(THURSDAY, note="Quiet."), uuid=uuid)
    entry = shift.entry
    assert (entry.uuid, entry.kind, entry.actor) == (
        uuid,
        Shift.KIND,
        placement.enrolment.person.uuid,
    )
    assert (entry.book_id, entry.about_from, entry.about_to) == (
        placement.enrolment.book_id,
        THURSDAY,
        THURSDAY,
    )
    assert ledger.private_text(shift, "note") == "Quiet."
    row = current(shift)
    assert (row.state, row.minutes, row.sent_on) == ("awaiting", 450, entry.known_from)
    assert tally(placement).awaiting == 450


def test_log_shift_over_midnight_is_about_both_days(placement: Placement) -> None:
    shift = log(placement, make.entered(THURSDAY - DAY, "20:00", "08:00"))
    assert (shift.entry.about_from, shift.entry.about_to) == (THURSDAY - DAY, THURSDAY)


def test_log_shift_again_with_the_same_content_is_the_same_shift(placement: Placement) -> None:
    uuid = uuid4()
    first = log(placement, make.entered(THURSDAY), uuid=uuid)
    second = log(placement, make.entered(THURSDAY), uuid=uuid)
    assert second == first
    assert Shift.objects.count() == 1
    assert tally(placement).awaiting == 450


def test_log_shift_again_with_another_device_time_is_the_same_shift(placement: Placement) -> None:
    uuid = uuid4()
    first = log(placement, make.entered(THURSDAY), uuid=uuid)
    entered = make.entered(THURSDAY)
    later = hours.Entered(
        day_type=entered.day_type,
        start=entered.start,
        end=entered.end,
        break_minutes=entered.break_minutes,
        device_time=clock.now(),
    )
    assert log(placement, later, uuid=uuid) == first


def test_log_shift_again_with_other_content_is_refused_and_kept(placement: Placement) -> None:
    uuid = uuid4()
    log(placement, make.entered(THURSDAY), uuid=uuid)
    with pytest.raises(Conflict):
        log(placement, make.entered(THURSDAY, end="15:00"), uuid=uuid)
    assert Shift.objects.count() == 1
    assert [row.uuid for row in ConflictingWrite.objects.all()] == [uuid]


def test_log_shift_with_another_persons_uuid_is_refused(
    placement: Placement, educator: Person
) -> None:
    uuid = uuid4()
    log(placement, make.entered(THURSDAY), uuid=uuid)
    other = make.make_placement(make.make_student("Ben Placeholder"), educator=educator)
    with pytest.raises(NotAllowed):
        log(other, make.entered(THURSDAY), uuid=uuid)


def test_log_shift_that_is_refused_writes_nothing(placement: Placement) -> None:
    log(placement, make.entered(THURSDAY))
    before = list(LedgerEntry.objects.values_list("pk", flat=True))
    rows = list(CurrentShift.objects.values())
    with pytest.raises(DomainError) as refused:
        log(placement, make.entered(THURSDAY, "15:00", "19:00"))
    assert refused.value.field == "start"
    assert list(LedgerEntry.objects.values_list("pk", flat=True)) == before
    assert list(CurrentShift.objects.values()) == rows
    assert tally(placement).awaiting == 450


def test_log_shift_that_touches_another_is_accepted(placement: Placement) -> None:
    log(placement, make.entered(THURSDAY, "08:00", "12:00", 0))
    log(placement, make.entered(THURSDAY, "12:00", "16:00", 0))
    assert tally(placement).awaiting == 480


@pytest.mark.parametrize(
    ("start", "end", "pause", "field"),
    [
        ("21:30", "22:00", 0, "start"),  # has not begun
        ("14:00", "22:01", 0, "end"),  # ends too far ahead
        ("08:00", "16:00", 480, "break_minutes"),
    ],
)
def test_log_shift_names_the_field_that_cannot_be_true(
    placement: Placement, start: str, end: str, pause: int, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        log(placement, make.entered(THURSDAY, start, end, pause))
    assert refused.value.field == field
    assert Shift.objects.count() == 0


def test_log_shift_with_an_end_up_to_an_hour_ahead_is_accepted(placement: Placement) -> None:
    assert current(log(placement, make.entered(THURSDAY, "14:00", "22:00"))).state == "awaiting"


@pytest.mark.parametrize("away", [-1, 29])
def test_log_shift_outside_its_placement_is_refused(educator: Person, away: int) -> None:
    last = THURSDAY - 30 * DAY
    placement = make.make_placement(starts=last - 10 * DAY, ends=last, educator=educator)
    day = placement.starts - DAY if away < 0 else last + away * DAY
    with pytest.raises(DomainError) as refused:
        log(placement, make.entered(day))
    assert refused.value.field == "day"


def test_log_shift_is_open_for_28_days_after_the_placement(educator: Person) -> None:
    last = THURSDAY - 28 * DAY
    placement = make.make_placement(starts=last - 10 * DAY, ends=last, educator=educator)
    assert current(log(placement, make.entered(THURSDAY))).state == "awaiting"


def test_log_shift_in_anothers_record_is_not_allowed(
    placement: Placement, educator: Person
) -> None:
    with pytest.raises(NotAllowed):
        hours.log_shift(
            by=educator, placement=placement, entered=make.entered(THURSDAY), uuid=uuid4()
        )
    assert Shift.objects.count() == 0


def test_log_shift_by_a_merged_person_is_their_own(placement: Placement) -> None:
    twin = make.make_person("Amara Exampleton")
    fact = PersonMerge(kept=placement.enrolment.person, merged=twin)
    with ledger.writing(network_book()) as pen:
        pen.append(
            [ledger.Draft(fact=fact, book=network_book(), about_from=THURSDAY)], by=twin.uuid
        )
    hours.log_shift(by=twin, placement=placement, entered=make.entered(THURSDAY), uuid=uuid4())
    assert tally(placement).awaiting == 450


def test_log_shift_that_breaks_a_rule_is_recorded_and_marked(placement: Placement) -> None:
    late = log(placement, make.entered(THURSDAY - DAY, "12:30", "21:00"))
    early = log(placement, make.entered(THURSDAY, "06:30", "14:30"))
    assert [current(one).breach for one in (late, early)] == [True, True]
    assert {item["rule"] for item in current(early).findings} == {"rest"}


def test_log_shift_of_simulation_and_study_keep_out_of_clinical_hours(
    placement: Placement,
) -> None:
    log(placement, make.entered(THURSDAY, day_type="simulation"))
    log(placement, make.entered(THURSDAY - DAY, day_type="study"))
    found = tally(placement)
    assert (found.awaiting, found.simulated_awaiting) == (0, 450)


# Correcting and taking back


def test_correction_waits_and_the_old_version_stays(placement: Placement, educator: Person) -> None:
    old = log(placement, make.entered(THURSDAY))
    decision = make.make_decision(educator, old)
    assert tally(placement).confirmed == 450
    new = log(placement, make.entered(THURSDAY, end="15:00"), corrects=old)
    assert (new.supersedes_id, current(new).state, current(new).decision_id) == (
        old.pk,
        "awaiting",
        None,
    )
    assert (tally(placement).confirmed, tally(placement).awaiting) == (0, 390)
    assert list(ShiftDecision.objects.filter(shift=old)) == [decision]


def test_correction_does_not_overlap_with_itself(placement: Placement) -> None:
    old = log(placement, make.entered(THURSDAY))
    assert log(placement, make.entered(THURSDAY, "08:30", "16:30"), corrects=old).supersedes == old


def test_correction_of_a_version_that_was_corrected_is_a_conflict(placement: Placement) -> None:
    old = log(placement, make.entered(THURSDAY))
    log(placement, make.entered(THURSDAY, end="15:00"), corrects=old)
    with pytest.raises(Conflict):
        log(placement, make.entered(THURSDAY, end="14:00"), corrects=old)
    assert tally(placement).awaiting == 390


def test_correction_in_a_closed_week_waits_alone(placement: Placement, educator: Person) -> None:
    monday = days.monday(THURSDAY)
    kept = log(placement, make.entered(monday))
    old = log(placement, make.entered(monday + DAY))
    for shift in (kept, old):
        make.make_decision(educator, shift)
    person = placement.enrolment.person
    hours.close_week(by=person, placement=placement, monday=monday, uuid=uuid4())
    new = log(placement, make.entered(monday + DAY, end="15:00"), corrects=old)
    assert [current(one).state for one in (kept, new)] == ["confirmed", "awaiting"]
    assert WeekClosed.objects.filter(monday=monday).exists()


def test_correction_clears_the_breach_of_the_shift_beside_it(placement: Placement) -> None:
    late = log(placement, make.entered(THURSDAY - DAY, "12:30", "21:00"))
    early = log(placement, make.entered(THURSDAY, "06:30", "14:30"))
    fixed = log(placement, make.entered(THURSDAY - DAY, "08:30", "16:30"), corrects=late)
    assert [current(one).breach for one in (fixed, early)] == [False, False]


def test_withdrawn_shift_counts_for_nothing_and_stays_on_record(placement: Placement) -> None:
    old = log(placement, make.entered(THURSDAY))
    uuid = uuid4()
    person = placement.enrolment.person
    taken = hours.withdraw_shift(by=person, shift=old, uuid=uuid)
    assert (taken.withdrawn, current(taken).state) == (True, "withdrawn")
    assert tally(placement).awaiting == 0
    assert hours.withdraw_shift(by=person, shift=old, uuid=uuid) == taken
    assert log(placement, make.entered(THURSDAY)).supersedes is None


# Answering


def test_reply_makes_a_queried_shift_wait_again(placement: Placement, educator: Person) -> None:
    shift = log(placement, make.entered(THURSDAY))
    decision = make.make_decision(educator, shift, "queried", comment="Did you stay?")
    assert tally(placement).queried == 450
    uuid = uuid4()
    person = placement.enrolment.person
    reply = hours.reply_to_query(by=person, shift=shift, reply=" I stayed. ", uuid=uuid)
    assert (reply.decision_id, ledger.private_text(reply, "reply")) == (decision.pk, "I stayed.")
    assert (current(shift).state, tally(placement).awaiting, tally(placement).queried) == (
        "awaiting",
        450,
        0,
    )
    assert hours.reply_to_query(by=person, shift=shift, reply="I stayed.", uuid=uuid) == reply


def test_reply_without_words_is_refused(placement: Placement, educator: Person) -> None:
    shift = log(placement, make.entered(THURSDAY))
    make.make_decision(educator, shift, "queried", comment="Did you stay?")
    with pytest.raises(DomainError) as refused:
        hours.reply_to_query(by=placement.enrolment.person, shift=shift, reply="  ", uuid=uuid4())
    assert refused.value.field == "reply"


def test_reply_to_a_shift_that_is_not_queried_is_a_conflict(placement: Placement) -> None:
    shift = log(placement, make.entered(THURSDAY))
    with pytest.raises(Conflict):
        hours.reply_to_query(
            by=placement.enrolment.person, shift=shift, reply="Hello.", uuid=uuid4()
        )
    assert QueryReply.objects.count() == 0


def test_reply_by_somebody_else_is_not_allowed(placement: Placement, educator: Person) -> None:
    shift = log(placement, make.entered(THURSDAY))
    make.make_decision(educator, shift, "queried", comment="Did you stay?")
    with pytest.raises(NotAllowed):
        hours.reply_to_query(by=educator, shift=shift, reply="Yes.", uuid=uuid4())


# Day notes


def note(placement: Placement, day: date, kind: str = "absent_ill", **more: object) -> DayNote:
    values = {"expected_minutes": 450, "uuid": uuid4(), **more}
    return hours.note_day(
        by=placement.enrolment.person,
        placement=placement,
        day=day,
        kind=kind,
        **values,  # type: ignore[arg-type]
    )


def test_day_note_counts_apart_from_hours(placement: Placement) -> None:
    note(placement, THURSDAY)
    note(placement, THURSDAY - DAY, "cancelled_tracer")
    note(placement, THURSDAY - 2 * DAY, "bank_holiday", expected_minutes=0)
    found = tally(placement)
    assert (found.absent, found.site_cancelled, found.awaiting) == (450, 450, 0)


def test_day_note_again_is_the_same_note(placement: Placement) -> None:
    uuid = uuid4()
    assert note(placement, THURSDAY, uuid=uuid) == note(placement, THURSDAY, uuid=uuid)
    assert tally(placement).absent == 450


def test_day_note_for_a_day_that_has_one_is_refused(placement: Placement) -> None:
    note(placement, THURSDAY)
    with pytest.raises(DomainError) as refused:
        note(placement, THURSDAY, "bank_holiday")
    assert refused.value.field == "day"
    assert DayNote.objects.count() == 1


def test_day_note_outside_the_placement_is_refused(placement: Placement) -> None:
    with pytest.raises(DomainError) as refused:
        note(placement, placement.ends + DAY)
    assert refused.value.field == "day"


def test_day_note_is_corrected_by_a_new_one(placement: Placement) -> None:
    old = note(placement, THURSDAY)
    new = note(placement, THURSDAY, "cancelled_scanner", corrects=old)
    assert new.supersedes_id == old.pk
    assert (tally(placement).absent, tally(placement).site_cancelled) == (0, 450)
    with pytest.raises(Conflict):
        note(placement, THURSDAY, "bank_holiday", corrects=old)


def test_day_note_taken_back_counts_for_nothing(placement: Placement) -> None:
    old = note(placement, THURSDAY)
    note(placement, THURSDAY, corrects=old, withdrawn=True)
    assert tally(placement).absent == 0
    note(placement, THURSDAY, "cancelled_staff")
    assert tally(placement).site_cancelled == 450


# Making up


def test_make_up_is_linked_and_leaves_the_absence_on_record(
    placement: Placement, educator: Person
) -> None:
    lost = note(placement, THURSDAY - 3 * DAY)
    shift = log(placement, make.entered(THURSDAY, makes_up=lost))
    make.make_decision(educator, shift)
    found = tally(placement)
    assert (found.confirmed, found.made_up, found.absent) == (450, 450, 450)


@pytest.mark.parametrize("kind", ["bank_holiday", "nothing_planned"])
def test_make_up_of_a_day_that_was_not_lost_is_refused(placement: Placement, kind: str) -> None:
    day = note(placement, THURSDAY - 3 * DAY, kind)
    with pytest.raises(DomainError) as refused:
        log(placement, make.entered(THURSDAY, makes_up=day))
    assert refused.value.field == "makes_up"


def test_make_up_of_anothers_lost_day_is_refused(placement: Placement, educator: Person) -> None:
    other = make.make_placement(make.make_student("Ben Placeholder"), educator=educator)
    with pytest.raises(DomainError) as refused:
        log(placement, make.entered(THURSDAY, makes_up=note(other, THURSDAY)))
    assert refused.value.field == "makes_up"


def test_make_up_of_a_note_that_was_changed_is_refused(placement: Placement) -> None:
    lost = note(placement, THURSDAY - 3 * DAY)
    note(placement, THURSDAY - 3 * DAY, "absent_other", corrects=lost)
    with pytest.raises(DomainError) as refused:
        log(placement, make.entered(THURSDAY, makes_up=lost))
    assert refused.value.field == "makes_up"


# Weeks


def test_close_week_is_a_fact_and_closing_twice_is_one(placement: Placement) -> None:
    monday, uuid, person = days.monday(THURSDAY), uuid4(), placement.enrolment.person
    first = hours.close_week(by=person, placement=placement, monday=monday, uuid=uuid)
    assert (first.entry.about_from, first.entry.about_to) == (monday, monday + 6 * DAY)
    for again in (uuid, uuid4()):
        assert hours.close_week(by=person, placement=placement, monday=monday, uuid=again) == first
    assert WeekClosed.objects.count() == 1


def test_close_week_before_it_began_is_refused(placement: Placement) -> None:
    with pytest.raises(DomainError):
        hours.close_week(
            by=placement.enrolment.person,
            placement=placement,
            monday=days.monday(THURSDAY) + 7 * DAY,
            uuid=uuid4(),
        )


def test_close_week_of_another_student_is_not_allowed(
    placement: Placement, educator: Person
) -> None:
    with pytest.raises(NotAllowed):
        hours.close_week(
            by=educator, placement=placement, monday=days.monday(THURSDAY), uuid=uuid4()
        )


# A placement that is moved or withdrawn


def test_confirmed_hours_stay_counted_when_the_placement_is_withdrawn(
    placement: Placement, educator: Person
) -> None:
    shift = log(placement, make.entered(THURSDAY))
    make.make_decision(educator, shift)
    make.plan_shift(placement, THURSDAY + 4 * DAY)
    placing.move_state(
        by=educator, placement=placement, to=Placement.State.WITHDRAWN, reason="Scanner moved."
    )
    assert tally(placement).confirmed == 450
    assert shift.site == placement.site
    assert PlannedShift.objects.filter(placement=placement).count() == 0


def test_corrected_shift_leaves_what_it_broke_in_the_week_it_was_first_entered_in(
    placement: Placement,
) -> None:
    log(placement, make.entered(THURSDAY - 6 * DAY, "04:00", "08:00"))
    short_rest = log(placement, make.entered(THURSDAY - 7 * DAY, "14:00", "19:00"))
    assert CurrentShift.objects.get(shift=short_rest).breach
    moved = log(placement, make.entered(THURSDAY - 21 * DAY, "14:00", "19:00"), corrects=short_rest)
    current = CurrentShift.objects.get(shift=moved)
    assert (current.findings, current.breach) == ([], False)
    assert standing.rebuild(placement.enrolment) == []


# Any sequence of acts


class Record(RuleBasedStateMachine):
    """Logs, corrects, takes back, notes, decides, undoes and answers at random; keeps its own sums beside."""

    shifts = Bundle("shifts")
    noted = Bundle("noted")

    @initialize()
    def begin(self) -> None:
        self.educator = make.make_educator()
        self.placement = make.make_placement(
            starts=THURSDAY - 28 * DAY, ends=THURSDAY, educator=self.educator
        )
        self.person = self.placement.enrolment.person
        # Of each standing shift: its newest version, its state, its minutes; and its decision.
        self.live: dict[UUID, tuple[Shift, str, int]] = {}
        self.decisions: dict[UUID, ShiftDecision] = {}
        self.lost: dict[date, tuple[DayNote, int]] = {}

    def entered(
        self, back: int, start: int, length: int, pause: int, day_type: str
    ) -> hours.Entered:
        begins = make.at(THURSDAY - back * DAY, f"{start:02d}:00")
        return hours.Entered(
            day_type=make.entered(THURSDAY, day_type=day_type).day_type,
            start=begins,
            end=begins + timedelta(hours=length),
            break_minutes=pause,
        )

    back = st.integers(1, 27)
    start = st.integers(0, 23)
    length = st.integers(1, 12)
    pause = st.sampled_from([0, 30, 45])
    day_type = st.sampled_from(["clinical", "clinical", "simulation", "study"])

    @rule(target=shifts, back=back, start=start, length=length, pause=pause, day_type=day_type)
    def log(self, back: int, start: int, length: int, pause: int, day_type: str) -> object:
        entered = self.entered(back, start, length, pause, day_type)
        if self._clashes(entered, ()):
            with pytest.raises(DomainError):
                log(self.placement, entered)
            return multiple()
        shift = log(self.placement, entered)
        line = uuid4()
        self.live[line] = (shift, "awaiting", length * 60 - pause)
        return line

    def _clashes(self, entered: hours.Entered, without: tuple[UUID, ...]) -> bool:
        return any(
            entered.start < shift.end and shift.start < entered.end
            for line, (shift, state, _) in self.live.items()
            if line not in without and state != "rejected"
        )

    @rule(line=shifts, back=back, start=start, length=length, pause=pause, day_type=day_type)
    def correct(
        self, line: UUID, back: int, start: int, length: int, pause: int, day_type: str
    ) -> None:
        if line not in self.live:
            return
        old, _, _ = self.live[line]
        entered = self.entered(back, start, length, pause, day_type)
        if self._clashes(entered, (line,)):
            with pytest.raises(DomainError):
                log(self.placement, entered, corrects=old)
            return
        new = log(self.placement, entered, corrects=old)
        self.decisions.pop(line, None)
        self.live[line] = (new, "awaiting", length * 60 - pause)

    @rule(line=consumes(shifts))
    def take_back(self, line: UUID) -> None:
        if line in self.live:
            old, _, _ = self.live.pop(line)
            self.decisions.pop(line, None)
            hours.withdraw_shift(by=self.person, shift=old, uuid=uuid4())

    @rule(line=shifts, outcome=st.sampled_from(["confirmed", "queried", "rejected"]))
    def decide(self, line: UUID, outcome: str) -> None:
        if line not in self.live:
            return
        shift, state, minutes = self.live[line]
        answer = confirming.decide(
            by=self.educator,
            items=[confirming.Item(shift=shift.entry.uuid, uuid=uuid4(), breach_seen=True)],
            outcome=ShiftDecision.Outcome(outcome),
            proof=ShiftDecision.Proof.PASSWORD,
            comment="Why?",
        )
        if state in ("awaiting", "queried"):
            [self.decisions[line]] = answer.decided
            self.live[line] = (shift, outcome, minutes)
        else:
            assert [item.shift for item, _ in answer.left] == [shift.entry.uuid]

    @rule(line=shifts)
    def undo(self, line: UUID) -> None:
        if line not in self.decisions:
            return
        # The database's own clock says when it was decided; the page's clock stands still.
        with time_machine.travel(self.decisions[line].entry.recorded_at):
            confirming.undo(
                by=self.educator,
                decision=self.decisions.pop(line),
                proof=ShiftDecision.Proof.PASSWORD,
                uuid=uuid4(),
            )
        shift, _, minutes = self.live[line]
        self.live[line] = (shift, "awaiting", minutes)

    @rule(line=shifts)
    def answer(self, line: UUID) -> None:
        if self.live.get(line, (None, "", 0))[1] != "queried":
            return
        shift, _, minutes = self.live[line]
        hours.reply_to_query(by=self.person, shift=shift, reply="I stayed.", uuid=uuid4())
        del self.decisions[line]
        self.live[line] = (shift, "awaiting", minutes)

    @rule(back=back, kind=st.sampled_from(["absent_ill", "cancelled_tracer", "bank_holiday"]))
    def note(self, back: int, kind: str) -> None:
        day = THURSDAY - back * DAY
        before = self.lost.get(day)
        self.lost[day] = (note(self.placement, day, kind, corrects=before and before[0]), 450)

    @precondition(lambda self: self.lost)
    @rule(data=st.data())
    def take_note_back(self, data: st.DataObject) -> None:
        day = data.draw(st.sampled_from(sorted(self.lost)))
        old, _ = self.lost.pop(day)
        note(self.placement, day, old.kind, corrects=old, withdrawn=True)

    @invariant()
    def kept_state_equals_the_facts(self) -> None:
        if hasattr(self, "placement"):
            assert standing.rebuild(self.placement.enrolment) == []

    @invariant()
    def totals_are_the_sums_of_what_stands(self) -> None:
        if not hasattr(self, "placement"):
            return
        found = tally(self.placement)
        for prefix, part in (("", "clinical"), ("simulated_", "simulated")):
            for state in totals.State:
                expected = sum(
                    minutes
                    for shift, now, minutes in self.live.values()
                    if now == state and shift.day_type.stage_part == part
                )
                assert getattr(found, f"{prefix}{state}") == expected
        kinds = [row.kind for row, _ in self.lost.values()]
        assert found.absent == 450 * kinds.count("absent_ill")
        assert found.site_cancelled == 450 * kinds.count("cancelled_tracer")


class TestAnySequence(RolledBack):
    """The state machine, each of its runs rolled back."""

    def test_any_sequence_keeps_standing_and_totals_right(self) -> None:
        outer = self

        class InTransaction(Record):
            def __init__(self) -> None:
                outer.setup_example()
                super().__init__()

            def teardown(self) -> None:
                outer.teardown_example(None)

        with time_machine.travel(make.at(THURSDAY, "21:00"), tick=False):
            play(InTransaction, games=12, steps=15)
