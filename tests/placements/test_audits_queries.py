"""Quality audits of sites: what they asked for, and which run out."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements import audits_queries as queries
from placements.actions.arranging import record_audit
from placements.actions.audits import ask_for_action, finish_action
from placements.models import SiteAudit, SiteAuditAction
from school.core import clock, days
from school.core.errors import Conflict, DomainError
from school.people.models import Person, Site
from school.people.roles import SITE_LEAD
from tests import factories
from tests.placements.browsers import Viewer, browser, unaudited

pytestmark = pytest.mark.django_db


def ago(months: int) -> date:
    return days.add_months(clock.today(), -months)


def ahead(number: int) -> date:
    return clock.today() + timedelta(days=number)


def audit(site: Site, months_ago: int) -> SiteAudit:
    by = factories.make_person("Farid Standin")
    return record_audit(by=by, site=site, day=ago(months_ago), uuid=uuid4())


def ask(found: SiteAudit, due: date, what: str = "A second dose badge") -> SiteAuditAction:
    by = factories.make_person("Farid Standin")
    return ask_for_action(by=by, audit=found, what=what, due=due, uuid=uuid4())


def finish(action: SiteAuditAction, day: date) -> SiteAuditAction:
    return finish_action(by=factories.make_person("Grace"), action=action, day=day)


@pytest.mark.parametrize(
    ("months", "state"), [(0, "holds"), (20, "holds"), (22, "ends soon"), (25, "ran out")]
)
def test_end_of_an_audit_is_seen_three_months_ahead(months: int, state: str) -> None:
    site = unaudited()
    audit(site, months)
    [row] = queries.audited(Site.objects.filter(pk=site.pk))
    assert row.state == state
    viewer = Viewer(factories.make_coordinator())
    ending = Site.objects.filter(pk=site.pk).count() if state != "holds" else 0
    assert queries.ending_soon(viewer) == ending  # type: ignore[arg-type]


def test_site_that_was_never_audited_stands_first() -> None:
    audited = factories.make_site("Ash Hospital")
    never = unaudited()
    rows = queries.audited(Site.objects.filter(pk__in=[audited.pk, never.pk]))
    assert [(row.site.name, row.state) for row in rows] == [
        ("Elm Hospital", "never audited"),
        ("Ash Hospital", "holds"),
    ]


def test_action_lies_within_the_audit() -> None:
    found = audit(unaudited(), 1)
    for due in (ago(2), days.add_months(clock.today(), 24)):
        with pytest.raises(DomainError) as caught:
            ask(found, due)
        assert caught.value.field == "due"
    assert ask(found, ahead(30)).due == ahead(30)


def test_action_is_done_once_after_its_audit() -> None:
    action = ask(audit(unaudited(), 1), ahead(30))
    for day in (ahead(1), ago(2)):
        with pytest.raises(DomainError) as caught:
            finish(action, day)
        assert caught.value.field == "day"
    for _ in range(2):
        assert finish(action, clock.today()).done_on == clock.today()
    assert action.history.filter(done_on=clock.today()).count() == 1
    with pytest.raises(Conflict):
        finish(action, ago(0) - days.DAY)
    action.refresh_from_db()
    assert action.done_on == clock.today()


def test_open_and_overdue_actions_are_counted() -> None:
    site = unaudited()
    found = audit(site, 3)
    ask(found, ahead(-1))
    ask(found, ahead(5))
    finish(ask(found, ahead(-2)), clock.today())
    [row] = queries.audited(Site.objects.filter(pk=site.pk))
    assert (row.open, row.overdue) == (2, 1)


def test_coordinator_asks_and_the_lead_of_the_site_says_that_it_is_done() -> None:
    site = factories.make_site()
    lead = factories.make_person("Grace Leadwell")
    factories.make_grant(lead, SITE_LEAD, site.scope)
    audit(site, 1)
    SiteAudit.objects.filter(site=site)
    address = f"/places/sites/{site.uuid}/audits/"
    on = clock.today()
    sent = {"what": "Evening cover", "due_day": on.day, "due_month": on.month, "due_year": on.year, "uuid": str(uuid4())}  # fmt: skip
    leads = browser(lead)
    assert leads.post(address, sent).status_code == 403
    coordinator = browser(factories.make_coordinator())
    assert coordinator.post(address, sent).status_code == 302
    action = SiteAuditAction.objects.get()
    SiteAuditAction.objects.update(due=ahead(-1))
    assert "Evening cover" in leads.get("/home/later/").content.decode()
    done = {"day_day": on.day, "day_month": on.month, "day_year": on.year}
    assert leads.post(f"/audits/actions/{action.uuid}/done/", done).status_code == 302
    assert "Done on" in leads.get(address).content.decode()
    assert "Evening cover" not in leads.get("/home/later/").content.decode()


def test_coordinators_home_names_sites_that_need_an_audit(person: Person) -> None:
    unaudited()
    page = browser(person).get("/home/later/").content.decode()
    assert "<strong>1 site</strong> needs an audit within three months" in page


@pytest.fixture
def person(db: None) -> Person:
    return factories.make_coordinator()


def test_list_and_file_cost_the_same_for_one_site_and_for_thirty(person: Person) -> None:
    client = browser(person)
    factories.make_site()

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/audits/").status_code == 200
        return len(captured)

    before = cost()
    for n in range(29):
        site = factories.make_site(f"Site {n}")
        ask(SiteAudit.objects.get(site=site), ahead(1))
    assert cost() == before <= 12
    table = client.get("/audits/file/csv/").getvalue().decode()
    assert table.count("holds,1,0") == 29
