"""Many at once through the real server: one signature for each side, one outcome of a concern."""

from functools import partial
from uuid import uuid4

import pytest

from placements.actions import placing
from placements.actions.concerns import raise_concern
from placements.actions.meetings import write_meeting
from placements.models import ConcernStep, Meeting, MeetingSignature, Placement, ShiftDecision
from school.core import clock
from tests import factories
from tests.placements.test_actions_races import Browser
from tests.races import at_once

pytestmark = pytest.mark.engine


def meeting_of(placement: Placement) -> Meeting:
    return write_meeting(
        by=placement.enrolment.person,
        placement=placement,
        kind="initial",
        day=clock.today(),
        record="Three scans a week.",
        proof=ShiftDecision.Proof.PASSWORD,
        uuid=uuid4(),
    )


def test_two_who_sign_for_the_same_side_at_once_leave_one_signature(
    transactional_db: None, real_server: str
) -> None:
    first, second = factories.make_educator(), factories.make_educator("Edwin Other")
    placement = factories.make_placement(educator=first)
    placing.supervise(
        by=first,
        placement=placement,
        person=second,
        capacity="supervisor",
        starts=placement.starts,
    )
    meeting = meeting_of(placement)
    url = f"/meetings/{meeting.entry.uuid}/"
    browsers = [Browser(real_server, person) for person in (first, second)]
    answers = at_once([partial(b.post, url, {"batch": str(uuid4())}) for b in browsers])
    assert sorted(status for status, _ in answers) == [302, 409]
    signed = MeetingSignature.objects.exclude(capacity="student").get()
    [message] = [page for status, page in answers if status == 409]
    assert f"{signed.person.name} has signed this record as" in message


def test_same_signature_ten_times_at_once_is_one(transactional_db: None, real_server: str) -> None:
    educator = factories.make_educator()
    placement = factories.make_placement(educator=educator)
    url = f"/meetings/{meeting_of(placement).entry.uuid}/"
    sign = partial(Browser(real_server, educator).post, url, {"batch": str(uuid4())})
    answers = at_once([sign] * 10)
    assert [status for status, _ in answers] == [302] * 10
    assert MeetingSignature.objects.filter(person=educator).count() == 1


def test_two_who_close_a_concern_at_once_leave_one_outcome(
    transactional_db: None, real_server: str
) -> None:
    first, second = factories.make_educator(), factories.make_coordinator()
    placement = factories.make_placement(educator=first)
    concern = raise_concern(
        by=first,
        placement=placement,
        words="Late three times.",
        readers=[second],
        uuid=uuid4(),
    )
    url = f"/concerns/{concern.entry.uuid}/step/"
    browser = Browser(real_server, first)
    outcomes = ("resolved", "action_plan")
    sent = [{"uuid": str(uuid4()), "words": "x", "outcome": outcome} for outcome in outcomes]
    answers = at_once([partial(browser.post, url, fields) for fields in sent])
    assert sorted(status for status, _ in answers) == [302, 409]
    assert ConcernStep.objects.count() == 1
