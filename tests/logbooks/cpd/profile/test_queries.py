"""Which draft is that of a period."""

from datetime import date, timedelta

import pytest
from time_machine import TimeMachineFixture

from logbooks.cpd.checks import Period
from logbooks.cpd.models import ProfileDraft
from logbooks.cpd.profile.queries import draft_of
from tests import records

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)
BEFORE = date(2024, 3, 1), date(2026, 2, 28)
CYCLE = date(2026, 3, 1), date(2028, 2, 29)
PRACTICE = date(2024, 4, 21), TODAY


@pytest.mark.parametrize(
    ("written", "asked", "is_found"),
    [
        (CYCLE, CYCLE, True),
        # Registered later than was said at first.
        (CYCLE, (date(2026, 4, 1), CYCLE[1]), True),
        # Onto a register: what was written is for the cycle that runs, and not for the one before.
        (PRACTICE, CYCLE, True),
        (PRACTICE, BEFORE, False),
        # Off a register.
        (CYCLE, PRACTICE, True),
        (BEFORE, PRACTICE, True),
        (BEFORE, CYCLE, False),
        (CYCLE, BEFORE, False),
    ],
)
def test_draft_belongs_to_the_period_in_which_it_ends(
    time_machine: TimeMachineFixture, written: Period, asked: Period, is_found: bool
) -> None:
    time_machine.move_to(TODAY)
    alice = records.person()
    draft = ProfileDraft.objects.create(person=alice, first=written[0], last=written[1])
    assert draft_of([alice.pk], asked) == (draft if is_found else None)


def test_practice_profile_of_yesterday_is_that_of_today(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(TODAY)
    alice = records.person()
    day = timedelta(days=1)
    yesterday = ProfileDraft.objects.create(
        person=alice, first=PRACTICE[0] - day, last=PRACTICE[1] - day
    )
    assert draft_of([alice.pk], PRACTICE) == yesterday
