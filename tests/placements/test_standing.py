"""Current shifts and totals: kept beside the facts, rebuilt from them, and the command that compares both."""

from datetime import date
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from placements import standing
from placements.actions import hours, placing
from placements.models import CurrentShift, Enrolment, Placement, Shift, StageTally
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture(autouse=True)
def _november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-13 18:00 +0000", tick=True)


@pytest.fixture
def lived() -> Enrolment:
    """A student to whom everything has happened."""
    alice = make.make_student("Alice Alder")
    dilys = make.make_educator()
    placement = make.make_placement(
        alice, educator=dilys, starts=date(2026, 11, 2), ends=date(2026, 11, 27)
    )
    confirmed = make.make_shift(placement, date(2026, 11, 2))
    make.make_decision(dilys, confirmed)
    corrected = make.make_shift(placement, date(2026, 11, 3))
    make.make_shift(placement, date(2026, 11, 3), end="15:00", corrects=corrected)
    queried = make.make_shift(placement, date(2026, 11, 4))
    make.make_decision(dilys, queried, "queried", comment="All day?")
    hours.reply_to_query(by=alice.person, shift=queried, reply="Yes.", uuid=uuid4())
    rejected = make.make_shift(placement, date(2026, 11, 5))
    make.make_decision(dilys, rejected, "rejected", comment="You were ill.")
    note = make.make_day_note(placement, date(2026, 11, 6))
    make.make_day_note(placement, date(2026, 11, 9), "cancelled_scanner")
    make_up = make.make_shift(placement, date(2026, 11, 7), makes_up=note)
    make.make_decision(dilys, make_up)
    taken_back = make.make_shift(placement, date(2026, 11, 10))
    hours.withdraw_shift(by=alice.person, shift=taken_back, uuid=uuid4())
    make.make_shift(placement, date(2026, 11, 11), end="20:30", day_type="simulation")
    make.make_shift(placement, date(2026, 11, 12), start="06:00", end="14:00")
    return alice


def columns(model: type[Any]) -> list[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.local_concrete_fields if not field.primary_key]
    return sorted(model.objects.values_list(*names), key=str)


def test_totals_are_what_was_lived(lived: Enrolment) -> None:
    tally = StageTally.objects.get(enrolment=lived)
    # The day a shift was sent is the database's, which no test can move.
    sent = Shift.objects.earliest("entry__seq").entry.known_from
    assert (tally.confirmed, tally.awaiting, tally.queried, tally.rejected) == (900, 1290, 0, 450)
    assert (tally.absent, tally.site_cancelled, tally.made_up) == (450, 450, 450)
    assert (tally.simulated_awaiting, tally.oldest_waiting) == (720, sent)


def test_rebuilding_changes_nothing_when_all_is_well(lived: Enrolment) -> None:
    before = (columns(CurrentShift), columns(StageTally))
    assert standing.rebuild(lived) == []
    assert (columns(CurrentShift), columns(StageTally)) == before


def test_rebuilding_brings_back_what_was_lost_and_says_so(lived: Enrolment) -> None:
    before = (columns(CurrentShift), columns(StageTally))
    CurrentShift.objects.filter(state="confirmed").update(state="awaiting", findings=[])
    CurrentShift.objects.filter(state="rejected").delete()
    StageTally.objects.update(confirmed=1, behind_on=None)
    assert len(standing.rebuild(lived)) == 4
    assert (columns(CurrentShift), columns(StageTally)) == before


def test_short_rest_is_found_with_its_rule(lived: Enrolment) -> None:
    breach = CurrentShift.objects.filter(breach=True).order_by("start")
    assert [
        [item["rule"] for item in row.findings if item["severity"] == "breach"] for row in breach
    ] == [
        ["rest"],
        ["rest"],
    ]


def test_plan_line_leaves_withdrawn_placements_out(lived: Enrolment) -> None:
    placement = Placement.objects.get(enrolment=lived)
    placing.move_state(
        by=make.make_coordinator(), placement=placement, to=Placement.State.WITHDRAWN, reason="ill"
    )
    tally = StageTally.objects.get(enrolment=lived)
    assert (tally.plan_first, tally.plan_last, tally.behind_on, tally.confirmed) == (
        None,
        None,
        None,
        900,
    )
    assert standing.expected_by(tally, date(2026, 11, 13)) == 0


def test_command_says_that_all_is_well(lived: Enrolment) -> None:
    out = StringIO()
    call_command("rebuild_standing", stdout=out)
    assert out.getvalue() == "1 enrolments, 0 differences.\n"


def test_command_with_check_reports_and_changes_nothing(lived: Enrolment) -> None:
    StageTally.objects.update(confirmed=1)
    out = StringIO()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rebuild_standing", "--check", stdout=out)
    assert f"{lived.student_number}: Totals of stage" in out.getvalue()
    assert StageTally.objects.get().confirmed == 1


def test_command_rebuilds_and_still_fails_once(lived: Enrolment) -> None:
    StageTally.objects.update(confirmed=1)
    with pytest.raises(CommandError, match="It is rebuilt"):
        call_command("rebuild_standing", stdout=StringIO())
    assert StageTally.objects.get().confirmed == 900
    call_command("rebuild_standing", "--student", lived.student_number, stdout=StringIO())
