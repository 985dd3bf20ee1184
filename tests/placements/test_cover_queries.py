"""Standing in for a practice educator, and what has waited so long that the site's lead sees it too."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from placements import cover_queries, policies, reference, tasks, turnaround
from placements import educator_queries as reads
from placements.actions.confirming import Item, Outcome, Proof, decide
from placements.actions.cover import cancel_cover, name_stand_in
from placements.models import Cover, CurrentShift, HoursRule, Placement, Shift, ShiftDecision
from placements.record_queries import lines as record_lines
from placements.student_queries import history
from school.core import clock, days
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.workingdays import working_days_between
from school.people.actions import end_grant
from school.people.models import Mail, Person, RoleGrant
from school.people.network import ensure_network
from school.people.queries import identity
from school.people.roles import ADMINISTRATOR, PRACTICE_EDUCATOR, SITE_LEAD
from tests import factories
from tests.placements.browsers import Viewer, browser

pytestmark = pytest.mark.django_db


def day(ahead: int) -> date:
    return clock.today() + timedelta(days=ahead)


@pytest.fixture
def dilys(db: None) -> Person:
    return factories.make_educator("Dilys Sampleby")


@pytest.fixture
def farid(dilys: Person) -> Person:
    return factories.make_educator("Farid Standin")


@pytest.fixture
def lead(dilys: Person) -> Person:
    person = factories.make_person("Grace Leadwell")
    factories.make_grant(person, SITE_LEAD, factories.make_site().scope)
    return person


@pytest.fixture
def placement(dilys: Person) -> Placement:
    return factories.make_placement(educator=dilys, starts=day(-40))


def cover(
    by: Person, stand_in: Person, starts: int = 0, ends: int = 7, changes: Cover | None = None
) -> Cover:
    return name_stand_in(
        by=by,
        stand_in=stand_in,
        starts=day(starts),
        ends=day(ends),
        uuid=uuid4(),
        changes=changes,
    )


def confirm(by: Person, shift: Shift) -> list[str]:
    """The capacities in which shifts were confirmed, or the reasons why not."""
    answer = decide(
        by=by,
        items=[Item(shift=shift.entry.uuid, uuid=uuid4())],
        outcome=Outcome.CONFIRMED,
        proof=Proof.PASSWORD,
    )
    return [row.capacity for row in answer.decided] + [reason for _, reason in answer.left]


def late_day(working_days: int) -> date:
    """The last day since which more working days have gone than a limit."""
    return turnaround.late_since(clock.today(), working_days)


def sent_on(shift: Shift, on: date) -> Shift:
    CurrentShift.objects.filter(shift=shift).update(sent_on=on)
    return shift


# Who decides ------------------------------------------------------------------------------------


@pytest.mark.engine
def test_both_have_the_shift_and_the_stand_in_decides_in_that_capacity(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, day(-1))
    assert list(policies.inbox(farid)) == []
    cover(dilys, farid)
    rows = [list(policies.inbox(person)) for person in (dilys, farid)]
    assert [[row.shift_id for row in found] for found in rows] == [[shift.pk], [shift.pk]]
    assert [row.name for row in reads.with_me([farid.pk])] == ["Amara Exampleton"]
    assert confirm(farid, shift) == ["stand_in"]


@pytest.mark.engine
@pytest.mark.parametrize(("starts", "ends"), [(1, 7), (0, 0)])
def test_stand_in_decides_on_the_days_that_were_named_only(
    dilys: Person, farid: Person, placement: Placement, starts: int, ends: int
) -> None:
    shift = factories.make_shift(placement, day(-1))
    cover(dilys, farid, starts, ends)
    today = starts == 0
    assert [row.shift_id for row in policies.inbox(farid)] == [shift.pk] * today
    viewer = Viewer(farid)
    assert list(policies.enrolments(viewer)) == [placement.enrolment] * today  # type: ignore[arg-type]
    refused = "You do not supervise this placement, so you cannot decide about its hours."
    assert confirm(farid, shift) == ["stand_in" if today else refused]


@pytest.mark.engine
def test_own_capacity_comes_before_standing_in(
    dilys: Person, lead: Person, placement: Placement
) -> None:
    first, second = (factories.make_shift(placement, day(-n)) for n in (1, 2))
    cover(dilys, lead)
    assert confirm(dilys, first) == ["practice_educator"]
    assert confirm(lead, second) == ["stand_in"]


@pytest.mark.engine
def test_history_names_whom_somebody_stood_in_for_after_the_cover_was_taken_back(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, day(-1))
    named = cover(dilys, farid)
    assert confirm(farid, shift) == ["stand_in"]
    cancel_cover(by=dilys, cover=named, uuid=uuid4())
    [version] = history([shift.pk])
    said = "Farid Standin, standing in for Dilys Sampleby"
    assert [event.who for event in version.events] == [said]
    [line] = record_lines(placement.enrolment, {})
    assert [one.capacity for one in line.newest.decisions] == ["standing in for Dilys Sampleby"]
    assert list(policies.inbox(farid)) == []


def test_history_tells_two_covered_colleagues_apart(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    other = factories.make_educator("Owen Elsewhere")
    cover(other, farid)
    cover(dilys, farid)
    shift = factories.make_shift(placement, day(-1))
    assert confirm(farid, shift) == ["stand_in"]
    decisions = list(ShiftDecision.objects.all())
    assert list(cover_queries.capacities(decisions).values()) == ["standing in for Dilys Sampleby"]


def test_inbox_line_says_for_whom_somebody_stands_in(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    factories.make_shift(placement, day(-1))
    cover(dilys, farid)
    page = browser(farid, second_factor=False).get("/inbox/").content.decode()
    assert "<strong>You stand in for Dilys Sampleby</strong>" in page
    own = browser(dilys, second_factor=False).get("/inbox/").content.decode()
    assert "You stand in" not in own


# Naming somebody ---------------------------------------------------------------------------------


@pytest.mark.engine
def test_same_request_again_names_somebody_once(dilys: Person, farid: Person) -> None:
    uuid = uuid4()
    for _ in range(2):
        name_stand_in(by=dilys, stand_in=farid, starts=day(0), ends=day(3), uuid=uuid)
    assert Cover.objects.count() == 1
    assert Mail.objects.filter(kind="cover_begins", person=farid).count() == 1


@pytest.mark.engine
def test_changing_takes_the_place_of_what_stood(
    dilys: Person, farid: Person, lead: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, day(-1))
    named = cover(dilys, farid)
    changed = cover(dilys, lead, 0, 2, changes=named)
    assert list(Cover.objects.standing()) == [changed]
    assert list(policies.inbox(farid)) == []
    assert [row.shift_id for row in policies.inbox(lead)] == [shift.pk]
    with pytest.raises(Conflict):
        cover(dilys, farid, changes=named)


def test_only_whose_absence_it_is_changes_a_cover(dilys: Person, farid: Person) -> None:
    named = cover(dilys, farid)
    with pytest.raises(NotAllowed):
        cancel_cover(by=farid, cover=named, uuid=uuid4())


@pytest.mark.parametrize(
    ("starts", "ends", "field"), [(-1, 3, "starts"), (3, 2, "ends"), (-2, -1, "starts")]
)
def test_cover_days_lie_ahead_and_in_order(
    dilys: Person, farid: Person, starts: int, ends: int, field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        cover(dilys, farid, starts, ends)
    assert caught.value.field == field


def test_cover_lasts_180_days_at_most(dilys: Person, farid: Person) -> None:
    with pytest.raises(DomainError, match="at most 180 days"):
        cover(dilys, farid, 1, 181)
    assert cover(dilys, farid, 1, 180).entry.about_to == day(180)


def test_stand_in_whose_role_there_has_ended_decides_nothing(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, day(-1))
    cover(dilys, farid)
    factories.make_grant(farid, PRACTICE_EDUCATOR, factories.make_site("Oak Hospital").scope)
    held = RoleGrant.objects.get(person=farid, scope=placement.site.scope)
    admin = factories.make_person("Ada Admin")
    factories.make_grant(admin, ADMINISTRATOR, ensure_network())
    end_grant(grant=held, last_day=day(-1), by=admin)
    assert list(policies.inbox(farid)) == []
    assert list(policies.enrolments(Viewer(farid))) == []  # type: ignore[arg-type]
    refused = "You do not supervise this placement, so you cannot decide about its hours."
    assert confirm(farid, shift) == [refused]


def test_stand_in_who_has_left_decides_nothing(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, day(-1))
    cover(dilys, farid)
    farid.left_on = day(-1)
    farid.save(update_fields=["left_on"])
    assert list(policies.inbox(farid)) == []
    refused = "You do not supervise this placement, so you cannot decide about its hours."
    assert confirm(farid, shift) == [refused]


def test_stand_in_works_at_the_same_site_with_an_account(
    dilys: Person, placement: Placement
) -> None:
    elsewhere = factories.make_educator("Owen Elsewhere", site=factories.make_site("Oak Hospital"))
    without = factories.make_person("Nora Nologin", account=False)
    student = placement.enrolment.person
    for person in (without, student):
        factories.make_grant(person, SITE_LEAD, placement.site.scope)
    for person in (elsewhere, without, student, dilys):
        with pytest.raises(DomainError) as caught:
            cover(dilys, person)
        assert caught.value.field == "stand_in"
    assert Cover.objects.count() == 0


@pytest.mark.engine
def test_one_person_at_a_time_stands_in(dilys: Person, farid: Person, lead: Person) -> None:
    cover(dilys, farid, 0, 7)
    with pytest.raises(DomainError) as caught:
        cover(dilys, lead, 7, 9)
    assert caught.value.message == (
        f"Farid Standin stands in for you, {days.long_date(day(0))} to {days.long_date(day(7))}. "
        "Change or cancel that first."
    )
    assert cover(dilys, lead, 8, 9).stand_in == lead


def test_stand_in_hears_of_it_on_the_first_day_once(dilys: Person, farid: Person) -> None:
    named = cover(dilys, farid, 1, 4)
    mails = Mail.objects.filter(kind="cover_begins", person=farid)
    assert mails.count() == 0
    assert tasks.cover_begins.func() == 0
    cancel_cover(by=dilys, cover=named, uuid=uuid4())
    cover(dilys, farid, 0, 4)
    assert mails.count() == 1
    assert tasks.cover_begins.func() == 0
    assert mails.count() == 1


# What waits too long -----------------------------------------------------------------------------


def test_last_day_that_is_late_today() -> None:
    for today in (date(2026, 11, 20), date(2026, 11, 22), date(2026, 12, 29)):
        found = turnaround.late_since(today, 5)
        gone = [working_days_between(found + timedelta(days=n), today) for n in (0, 1)]
        assert gone == [6, 5], today


@pytest.mark.engine
def test_shift_stands_in_the_leads_inbox_too_once_it_has_waited_too_long(
    dilys: Person, lead: Person, placement: Placement
) -> None:
    late = sent_on(factories.make_shift(placement, day(-20)), late_day(5))
    sent_on(factories.make_shift(placement, day(-2)), late_day(5) + timedelta(days=1))
    assert [row.shift_id for row in policies.inbox(lead)] == [late.pk]
    assert policies.inbox(dilys).count() == 2
    client = browser(lead)
    line = client.get("/inbox/").content.decode()
    assert "<strong>Waits for Dilys Sampleby since " in line
    page = client.get(f"/inbox/{late.entry.uuid}/").content.decode()
    assert "Sent to Dilys Sampleby, waiting from" in page
    assert "In the site lead’s inbox too from" in page
    own = browser(placement.enrolment.person, second_factor=False)
    assert (
        "In the site lead’s inbox too from"
        in own.get(f"/shifts/{late.entry.uuid}/").content.decode()
    )
    assert confirm(lead, late) == ["site_lead"]


@pytest.mark.engine
def test_queried_shift_waits_for_the_student_and_goes_to_nobody_else(
    dilys: Person, lead: Person, placement: Placement
) -> None:
    late = sent_on(factories.make_shift(placement, day(-20)), late_day(5))
    factories.make_decision(dilys, late, "queried", comment="Which scanner?")
    assert list(policies.inbox(lead)) == []


def test_period_is_a_setting_of_the_network_and_of_a_programme(
    lead: Person, placement: Placement
) -> None:
    late = sent_on(factories.make_shift(placement, day(-20)), late_day(2))
    assert list(policies.inbox(lead)) == []
    programme = placement.enrolment.cohort.programme
    rule = {"code": "reroute_working_days", "unit": "working days", "source": "a test"}
    HoursRule.objects.create(programme=programme, value=2, starts=day(-1), **rule)
    reference.forget()
    assert [row.shift_id for row in policies.inbox(lead)] == [late.pk]
    HoursRule.objects.create(programme=programme, value=9, starts=day(0), **rule)
    reference.forget()
    assert list(policies.inbox(lead)) == []


def test_lead_of_another_site_sees_nothing_of_it(placement: Placement) -> None:
    sent_on(factories.make_shift(placement, day(-20)), late_day(5))
    other = factories.make_person("Oona Otherlead")
    factories.make_grant(other, SITE_LEAD, factories.make_site("Oak Hospital").scope)
    assert list(policies.inbox(other)) == []


@pytest.mark.engine
def test_daily_mail_counts_what_the_inbox_shows(
    dilys: Person, farid: Person, lead: Person, placement: Placement
) -> None:
    sent_on(factories.make_shift(placement, day(-20)), late_day(5))
    cover(dilys, farid)
    tasks.digest.func()
    mails = Mail.objects.filter(kind="hours_digest").order_by("person__name")
    assert [mail.person.name for mail in mails if mail.person] == [
        "Dilys Sampleby",
        "Farid Standin",
        "Grace Leadwell",
    ]


@pytest.mark.engine
def test_lead_is_told_of_what_came_late_although_it_was_sent_before_the_last_mail(
    lead: Person, placement: Placement
) -> None:
    shift = sent_on(factories.make_shift(placement, day(-20)), late_day(5))
    came = cover_queries.arrivals(policies.inbox(lead), identity(lead), policies.led_by([lead.pk]))
    assert came[0][1] == late_day(5)
    assert came[0][0] > shift.entry.recorded_at - timedelta(days=1)
    again = cover_queries.arrivals(policies.inbox(lead), identity(lead), [])
    assert [sent for _, sent in again] == [late_day(5)]


def test_inbox_costs_as_many_queries_for_one_line_as_for_thirty(
    dilys: Person, farid: Person, lead: Person
) -> None:
    clients = [browser(farid), browser(lead)]

    def cost(client: Client) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/inbox/").status_code == 200
        ends = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
        return sum(not query["sql"].startswith(ends) for query in captured)

    cover(dilys, farid)
    first = factories.make_placement(factories.make_student(), educator=dilys, starts=day(-60))
    sent_on(factories.make_shift(first, day(-20)), late_day(5))
    before = [cost(client) for client in clients]
    for n in range(21, 50):
        sent_on(factories.make_shift(first, day(-n)), late_day(5))
    assert [cost(client) for client in clients] == before
    assert max(before) <= 12
