"""Hours as of one day as they were known on another: from the books, to the minute, and the same when asked again."""

from datetime import date, timedelta
from typing import Any

import pytest

from placements import as_known, books, standing
from placements.models import (
    Adjustment,
    BroughtForward,
    DayNote,
    Enrolment,
    Placement,
    QueryReply,
    Shift,
    ShiftDecision,
    StageTally,
)
from placements.totals import State, Totals
from school.core import clock, days, ledger
from school.core.ledger import Draft
from tests import factories as make
from tests.records import Network

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def ago(number: int) -> date:
    return clock.today() - timedelta(days=number)


class Story:
    """A student whose facts were known day by day, written as an import writes them."""

    def __init__(self) -> None:
        self.network = Network()
        self.network.placement.starts = ago(90)
        self.book = self.network.enrolment.book

    def write(self, fact: Any, about: date, known: date, until: date | None = None) -> Any:
        texts = {"comment": "Did you stay?"} if isinstance(fact, ShiftDecision) else {}
        draft = Draft(
            fact=fact,
            book=self.book,
            about_from=about,
            about_to=until,
            texts=texts,
            known_from=known,
        )
        with ledger.writing(self.book) as pen:
            return pen.append([draft], by=self.network.alice.uuid)[0]

    def shift(self, worked: date, known: date, end: str = "16:30", **columns: Any) -> Shift:
        start, finish = make.span(worked, "08:00", end)
        values = {"placement": self.network.placement, "site": self.network.site, "day_type": self.network.day_type}  # fmt: skip
        fact = Shift(**values, start=start, end=finish, break_minutes=30, **columns)
        return self.write(fact, worked, known)  # type: ignore[no-any-return]

    def decide(self, shift: Shift, outcome: str, known: date, **columns: Any) -> ShiftDecision:
        fact = ShiftDecision(
            shift=shift, outcome=outcome, person=self.network.bob, capacity="practice_educator",
            proof="password", wording=self.network.wording, **columns,
        )  # fmt: skip
        return self.write(fact, days.london_day(shift.start), known)  # type: ignore[no-any-return]

    def totals(self, as_of: date, known_on: date) -> Totals:
        book = books.read([self.book.pk], books.HOURS, known_on)[self.book.pk]
        stage = str(self.network.stage.uuid)
        found = as_known.totals(book, as_of, {str(self.network.placement.uuid): stage})
        return found.get(stage, Totals())


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Story:
    found = Story()
    monkeypatch.setattr(
        "placements.reference.day_types", lambda: {found.network.day_type.code: found.network.day_type}
    )  # fmt: skip
    return found


def test_hours_worked_in_may_and_confirmed_in_june_are_confirmed_as_of_may(story: Story) -> None:
    shift = story.shift(ago(50), ago(50))
    story.decide(shift, "confirmed", ago(20))
    asked = [story.totals(*pair).clinical for pair in ((ago(40), ago(30)), (ago(40), ago(20)))]
    assert [(one.confirmed, one.awaiting) for one in asked] == [(0, 480), (480, 0)]
    assert story.totals(ago(51), ago(20)) == Totals()


def test_correction_and_later_decisions_do_not_change_what_was_known(story: Story) -> None:
    first = story.shift(ago(50), ago(50))
    decision = story.decide(first, "queried", ago(45))
    story.write(QueryReply(decision=decision), ago(50), ago(44))
    second = story.shift(ago(50), ago(40), end="12:30", supersedes=first)
    confirmed = story.decide(second, "confirmed", ago(35))
    story.decide(second, "undone", ago(30), supersedes=confirmed)
    known = {
        number: (one.confirmed, one.awaiting, one.queried)
        for number in (51, 50, 45, 44, 40, 35, 30, 0)
        if (one := story.totals(ago(0), ago(number)).clinical)
    }
    assert known == {
        51: (0, 0, 0), 50: (0, 480, 0), 45: (0, 0, 480), 44: (0, 480, 0), 40: (0, 240, 0),
        35: (240, 0, 0), 30: (0, 240, 0), 0: (0, 240, 0),
    }  # fmt: skip


def test_shift_taken_back_counts_until_that_is_known(story: Story) -> None:
    first = story.shift(ago(50), ago(50))
    story.shift(ago(50), ago(40), supersedes=first, withdrawn=True)
    awaiting = [story.totals(ago(0), ago(number)).clinical.awaiting for number in (41, 40)]
    assert awaiting == [480, 0]


def test_paper_counts_from_the_last_of_its_days_and_an_adjustment_once_agreed(story: Story) -> None:
    network = story.network
    paper = BroughtForward(
        enrolment=network.enrolment, stage=network.stage, part="clinical", minutes=600,
        sighted_by=network.bob, signed_by_hash="x" * 64, scan_hash="x" * 64,
    )  # fmt: skip
    story.write(paper, ago(60), ago(30), until=ago(40))
    adjusted = Adjustment(
        enrolment=network.enrolment, stage=network.stage, minutes=-90, second_person=network.bob,
        reason_hash="x" * 64,
    )  # fmt: skip
    story.write(adjusted, ago(28), ago(25), until=ago(25))
    asked = {
        (as_of, known): (one.brought_forward, one.adjusted, one.counted)
        for as_of, known in ((41, 0), (40, 31), (40, 30), (26, 0), (25, 25))
        if (one := story.totals(ago(as_of), ago(known)))
    }
    assert asked == {
        (41, 0): (0, 0, 0), (40, 31): (0, 0, 0), (40, 30): (600, 0, 600),
        (26, 0): (600, 0, 600), (25, 25): (600, -90, 510),
    }  # fmt: skip


def test_lost_days_are_those_known_and_up_to_the_day(story: Story) -> None:
    note = DayNote(placement=story.network.placement, kind="absent_ill", expected_minutes=450)
    story.write(note, ago(20), ago(10), until=ago(20))
    other = DayNote(
        placement=story.network.placement, kind="cancelled_scanner", expected_minutes=400
    )
    story.write(other, ago(5), ago(5), until=ago(5))
    asked = [story.totals(ago(day), ago(known)) for day, known in ((20, 11), (20, 10), (0, 0))]
    assert [(one.absent, one.site_cancelled) for one in asked] == [(0, 0), (450, 0), (450, 400)]


def test_same_question_has_the_same_answer_after_more_was_recorded(story: Story) -> None:
    shift = story.shift(ago(50), ago(50))
    story.decide(shift, "confirmed", ago(45))
    before = story.totals(ago(40), ago(40))
    story.shift(ago(49), ago(0))
    later = story.shift(ago(50), ago(0), end="20:30", supersedes=shift)
    story.decide(later, "rejected", ago(0))
    assert story.totals(ago(40), ago(40)) == before
    assert before.clinical.confirmed == 480


def test_item_is_judged_from_sent_to_first_decision_and_a_reply_anew(story: Story) -> None:
    first = story.shift(ago(50), ago(50))
    decision = story.decide(first, "queried", ago(45))
    story.write(QueryReply(decision=decision), ago(50), ago(44))
    story.decide(first, "confirmed", ago(40), supersedes=decision)
    unseen = story.shift(ago(30), ago(30))
    story.shift(ago(30), ago(29), end="12:30", supersedes=unseen)
    book = books.read([story.book.pk], books.HOURS, ago(0))[story.book.pk]
    assert sorted(as_known.judged(book, ago(0)), key=lambda pair: pair[0]) == [
        (ago(50), ago(45)), (ago(44), ago(40)), (ago(29), None),
    ]  # fmt: skip


def test_weeks_add_up_to_what_was_sent(story: Story) -> None:
    monday = days.monday(ago(30))
    for number in range(3):
        shift = story.shift(monday + timedelta(days=number), ago(20))
        if number:
            story.decide(shift, "confirmed", ago(10))
    sunday = story.shift(monday + timedelta(days=13), ago(10))
    story.decide(sunday, "rejected", ago(9))
    book = books.read([story.book.pk], books.HOURS, ago(0))[story.book.pk]
    assert as_known.by_week(as_known.shifts(book, ago(0))) == {
        monday: {State.AWAITING: 480, State.CONFIRMED: 960}
    }


def lived() -> tuple[Enrolment, Placement]:
    """A student with a bit of everything, written by the actions that the pages call."""
    alice, dilys = make.make_student("Alice Alder"), make.make_educator()
    placement = make.make_placement(alice, educator=dilys)
    today = clock.today()
    for back, outcome in ((9, "confirmed"), (8, "queried"), (7, "rejected"), (6, "")):
        shift = make.make_shift(placement, today - timedelta(days=back))
        if outcome:
            make.make_decision(dilys, shift, outcome, comment="Why?")
    lost = make.make_day_note(placement, today - timedelta(days=5))
    made_up = make.make_shift(placement, today - timedelta(days=4), makes_up=lost)
    make.make_decision(dilys, made_up)
    simulated = make.make_shift(placement, today - timedelta(days=3), day_type="simulation")
    make.make_decision(dilys, simulated)
    make.make_shift(placement, today - timedelta(days=2), day_type="study")
    return alice, placement


def test_today_as_known_today_is_what_the_tally_keeps() -> None:
    alice, placement = lived()
    book = books.read([alice.book_id], books.HOURS, clock.today())[alice.book_id]
    stage = str(placement.stage.uuid)
    found = as_known.totals(book, clock.today(), {str(placement.uuid): stage})[stage]
    kept = StageTally.objects.get(enrolment=alice)
    assert standing.rebuild(alice) == []
    assert (
        found.clinical.confirmed, found.clinical.awaiting, found.clinical.queried, found.clinical.rejected,
        found.absent, found.made_up, found.simulated.confirmed, found.counted,
    ) == (
        kept.confirmed, kept.awaiting, kept.queried, kept.rejected,
        kept.absent, kept.made_up, kept.simulated_confirmed, 900,
    )  # fmt: skip
