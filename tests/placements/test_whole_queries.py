"""Everything of one student on one page: what stands there, what does not, as of and as known on which day."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from placements import whole_queries
from placements.actions.adjusting import agree_adjustment, propose_adjustment
from placements.actions.confirming import undo
from placements.actions.interrupting import interrupt_studies, resume_studies
from placements.actions.meetings import write_meeting
from placements.actions.statements import withdraw_statement
from placements.models import Enrolment, HoursStatement, Interruption, ShiftDecision
from school.core import clock, days, seal
from school.people.models import AccessLog
from tests import factories as make
from tests.placements.browsers import browser
from tests.placements.statement_cases import a_year
from tests.placements.test_as_known import lived
from tests.placements.test_marks_queries import meet, query, sign, tutor_of
from tests.placements.test_views_coordinator import ACCESS_LOG, MOST_QUERIES, counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Enrolment:
    return lived()[0]


@pytest.fixture
def client(alice: Enrolment) -> Client:
    return browser(tutor_of(alice.cohort.scope))


def page(client: Client, alice: Enrolment, asked: str = "", status: int = 200) -> str:
    answer = client.get(reverse("whole_record", args=[alice.uuid]) + asked)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.engine
def test_signed_words_of_a_meeting_stand_beside_new_ones_that_wait(
    client: Client, alice: Enrolment
) -> None:
    today = clock.today()
    dilys = alice.placements.get().supervisions.get().person
    meeting = meet(alice, "initial", dilys, today - timedelta(days=20))
    sign(meeting, dilys, "practice_educator")
    sign(meeting, alice.person, "student")
    write_meeting(
        by=dilys, placement=alice.placements.get(), kind="initial", day=today, record="Otherwise.",
        proof=ShiftDecision.Proof.PASSWORD, uuid=uuid4(), corrects=meeting,
    )  # fmt: skip
    said = page(client, alice)
    for words in (
        "<strong>Signed</strong>",
        "Agreed.",
        "<strong>New words wait for signatures</strong>",
        "Otherwise.",
    ):
        assert words in said


def test_page_holds_the_whole_record(client: Client, alice: Enrolment) -> None:
    today = clock.today()
    dilys = alice.placements.get().supervisions.get().person
    meeting = meet(alice, "initial", dilys, today - timedelta(days=20))
    sign(meeting, dilys, "practice_educator")
    coordinator, second = make.make_coordinator(), make.make_coordinator("Hassan Hazel")
    proposal = propose_adjustment(
        by=coordinator, enrolment=alice, stage=alice.placements.get().stage, minutes=90,
        reason="Lost sheet.", uuid=uuid4(),
    )  # fmt: skip
    agree_adjustment(by=second, proposal=proposal)
    interrupt_studies(
        by=coordinator, enrolment=alice, first=today - timedelta(days=1), last=None,
        reason="Family.", uuid=uuid4(),
    )  # fmt: skip
    resume_studies(
        by=coordinator, interruption=Interruption.objects.get(), last=today, uuid=uuid4()
    )
    said = page(client, alice)
    for words in (
        "Year 3, competency: 16.5 of 216 hours",
        "Minimum not reached",
        "7 shifts: 2 awaiting, 3 confirmed, 1 queried, 1 rejected",
        "<dt>Simulated, apart</dt><dd>7.5 h</dd>",
        "Cumberland Infirmary",
        "Dilys Sampleby, practice educator, from",
        "Site induction: ",
        "Initial meeting, ",
        "Agreed.",
        "Signed: Dilys Sampleby, practice educator, ",
        "Not signed by the student",
        "Lost sheet.",
        f"proposed by {coordinator.name}, agreed by Hassan Hazel",
        "Family.",
        "absent: ill",
        "None issued.",
        " within 5 working days (",
    ):
        assert words in said, words


@pytest.mark.engine
def test_page_as_of_and_as_known_on_a_day(client: Client, alice: Enrolment) -> None:
    today = clock.today()
    as_of = page(client, alice, query(alice, today - timedelta(days=8), today))
    assert "Year 3, competency: 7.5 of 216 hours" in as_of
    day = days.long_date(today - timedelta(days=8))
    assert f"As of {day}, as it was known on {days.long_date(today)}" in as_of
    known = page(client, alice, query(alice, today, today - timedelta(days=1)))
    assert "Year 3, competency: 0 of 216 hours" in known
    assert "Dilys Sampleby, practice educator" not in known
    page(client, alice, query(alice, today, today + timedelta(days=1)), 422)


@pytest.mark.engine
def test_statement_is_said_to_be_current_until_what_it_certifies_changes(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    seal.make_key()
    year = a_year()
    year.issue()
    client, today = browser(tutor_of(year.enrolment.cohort.scope)), days.long_date(clock.today())

    def said() -> tuple[bool, bool]:
        shown = page(client, year.enrolment)
        return (
            f"Issued {today}, current" in shown,
            f"Issued {today}. Not current: the record has changed since" in shown,
        )

    assert said() == (True, False)
    # Hours that only wait are not certified.
    make.make_shift(year.placement, date(2026, 11, 11))
    assert said() == (True, False)
    decision = make.make_decision(year.educator, year.waiting)
    assert said() == (False, True)
    undo(by=year.educator, decision=decision, proof=ShiftDecision.Proof.PASSWORD, uuid=uuid4())
    assert said() == (True, False)
    withdraw_statement(by=year.coordinator, statement=HoursStatement.objects.get(), uuid=uuid4())
    assert said() == (False, False)
    assert f"Withdrawn {today}" in page(client, year.enrolment)


def test_what_is_long_folds(client: Client, alice: Enrolment) -> None:
    dilys = alice.placements.get().supervisions.get().person
    meet(alice, "initial", dilys, clock.today() - timedelta(days=20))
    folded = re.findall(
        r'<details class="nhsuk-details soo-fold"><summary[^>]*><span[^>]*>([^<]+)<',
        page(client, alice),
    )
    assert folded == ["Hours by week", "Records of meetings", "Every lost day"]


def test_page_has_nothing_that_is_confidential(alice: Enrolment) -> None:
    wanted = {fact.KIND for fact in whole_queries.books.WHOLE}
    assert {kind for kind in wanted if "evaluation" in kind} == set()
    assert [fact.KIND for fact in whole_queries.books.WHOLE if fact.CONFIDENTIAL] == []


def test_weeks_of_the_chart_stand_in_its_table_too(alice: Enrolment) -> None:
    whole = whole_queries.whole(alice, clock.today(), clock.today())
    [stage] = whole.stages
    rows = {week.words: (week.confirmed, week.open) for week in stage.weeks}
    assert sum(float(confirmed) for confirmed, _ in rows.values()) == 15
    assert sum(float(waits or 0) for _, waits in rows.values()) == 15


def test_opening_it_is_logged_and_the_student_reads_it_too(
    client: Client, alice: Enrolment
) -> None:
    client.get(reverse("whole_record", args=[alice.uuid]))
    assert [row.person for row in AccessLog.objects.all()] == [alice.person]
    assert "16.5 of" not in page(browser(alice.person), alice)


def test_page_takes_as_many_queries_for_a_long_record_as_for_a_short(
    client: Client, alice: Enrolment
) -> None:
    url = reverse("whole_record", args=[alice.uuid])
    client.get(url)
    with counted() as few:
        client.get(url)
    placement = alice.placements.get()
    for number in range(10, 26):
        day = clock.today() - timedelta(days=number)
        make.make_shift(placement, day, end="10:00", break_minutes=0)
    with counted() as more:
        client.get(url)
    assert len(more) == len(few), "\n".join(more)
    assert len(more) <= MOST_QUERIES + ACCESS_LOG
