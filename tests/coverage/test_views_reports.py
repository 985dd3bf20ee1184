"""The pages of reports: drafted, checked by a second person, published in the background, and read again."""

import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django_tasks_db.models import DBTaskResult

from school.coverage import publishing_work
from school.coverage.actions.reporting import make_files
from school.coverage.models import Publication, Report, Schedule, Sending, Withdrawal
from school.people.models import AccessLog, Mail, Site
from school.people.network import ensure_network
from school.people.roles import REPORT_VIEWER, SITE_LEAD
from tests import factories as make
from tests.coverage.reports import LETTERS, Network
from tests.people.cast import with_account
from tests.placements.browsers import browser, words

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def network(settings: LazySettings, tmp_path: Path) -> Network:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Network()


def filled(**more: Any) -> dict[str, Any]:
    """What the form of a draft sends."""
    days = {"as_of_day": "31", "as_of_month": "12", "as_of_year": "2016"}
    days |= {"known_on_day": "5", "known_on_month": "1", "known_on_year": "2017"}
    asked = {"title": "Fire training", "for_whom": "The board", "audience": "outside"}
    return {"uuid": uuid4(), **days, **asked, "grouped_by": "site", "policy": "adjusted", **more}


def queued() -> Any:
    """What waits for the worker."""
    return DBTaskResult.objects.filter(task_path="school.coverage.publishing_work.make")


def run_queued() -> None:
    """What waits for the worker, done."""
    for task in queued():
        publishing_work.make.func(*task.args_kwargs["args"])


def test_draft_is_checked_by_another_and_published(network: Network) -> None:
    ann, ben = browser(network.ann), browser(network.ben)
    answer = ann.post("/coverage/reports/new/", filled(requirements=["fire"], sites=["site-north"]))
    report = Report.objects.get()
    assert answer.url == f"/coverage/reports/{report.uuid}/"
    assert "another workforce manager" in words(ann.get(answer.url))
    seen = {"seen": str(ann.get(answer.url).context["report"].seen)}
    ann.post(f"{answer.url}check/", seen)
    ann.post(f"{answer.url}publish/", {"uuid": uuid4()})
    assert (Report.objects.get().reviewed_by, queued().count()) == (None, 0)
    assert "It is right" in words(ben.get(answer.url))
    ben.post(f"{answer.url}check/", seen)
    assert Report.objects.get().reviewed_by == network.ben
    sent = ann.post(f"{answer.url}publish/", {"uuid": uuid4()})
    assert sent.url.startswith("/progress/")
    run_queued()
    found = Publication.objects.get()
    page = words(ann.get(f"/coverage/reports/published/{found.uuid}/"))
    for said in ("8", "18", "Download PDF", "drafted by Ann Ash and checked by Ben Beech"):
        assert said in page
    assert ann.get(answer.url).url == f"/coverage/reports/published/{found.uuid}/"
    assert ann.get(f"{answer.url}edit/").status_code == 404


def test_report_that_was_changed_meanwhile_is_read_again(network: Network) -> None:
    report = network.draft()
    ben = browser(network.ben)
    page = f"/coverage/reports/{report.uuid}/"
    seen = {"seen": str(ben.get(page).context["report"].seen)}
    network.draft(uuid=report.uuid, audience="outside", sites=[network.staff.site("South")])
    answer: Any = ben.post(f"{page}check/", seen, follow=True)
    assert "Somebody changed this report meanwhile" in words(answer)
    assert Report.objects.get().reviewed_by is None
    ben.post(f"{page}check/", {"seen": str(answer.context["report"].seen)})
    assert Report.objects.get().reviewed_by == network.ben


def test_only_workforce_manager_is_told_what_to_do(network: Network) -> None:
    report = network.draft()
    network.ben.left_on = D(2026, 1, 1)
    network.ben.save()
    page = words(browser(network.ann).get(f"/coverage/reports/{report.uuid}/"))
    assert "you are the only workforce manager" in page


def test_what_went_outside_of_the_same_day_is_told(network: Network) -> None:
    network.publish(audience="outside", title="The other one")
    inside, outside = network.draft(), network.draft(audience="outside")
    client = browser(network.ben)
    assert "The other one" not in words(client.get(f"/coverage/reports/{inside.uuid}/"))
    assert "The other one" in words(client.get(f"/coverage/reports/{outside.uuid}/"))


def test_whoever_checks_is_led_to_the_figures_and_to_what_stands_beside(network: Network) -> None:
    other = network.publish(audience="outside", title="The other one")
    client = browser(network.ben)
    page = words(client.get(f"/coverage/reports/{network.draft(audience='outside').uuid}/"))
    assert f'href="/coverage/reports/published/{other.uuid}/">The other one' in page
    [link] = re.findall(r'href="([^"]+)">Look at the figures of that day', page)
    there = words(client.get(link.replace("&amp;", "&")))
    assert "On 31 December 2016, <strong>9 of 24</strong>" in there
    assert "as known on 5 January 2017" in there


def test_region_with_an_ampersand_opens_to_its_people(network: Network) -> None:
    Site.objects.update(network_region="North East, Yorkshire & The Humber")
    publication = network.publish(grouped_by="region")
    client = browser(network.ann)
    page = words(client.get(f"/coverage/reports/published/{publication.uuid}/"))
    links = re.findall(r'href="([^"]+/people/[^"]+)"', page)
    assert len(links) == 2
    for link in links:
        assert "Staff a" in words(client.get(link.replace("&amp;", "&")))


def test_refused_draft_comes_back_full(network: Network) -> None:
    answer = browser(network.ann).post(
        "/coverage/reports/new/", filled(known_on_year="2090", title="Mine")
    )
    assert answer.status_code == 422
    assert "Nothing is known from the future" in words(answer)
    assert 'value="Mine"' in words(answer)


def test_names_are_for_those_who_see_them(network: Network) -> None:
    publication = network.publish(grouped_by="region")
    viewer = browser(with_account("Vera Viewer", REPORT_VIEWER))
    lead = with_account("Lena Lead", SITE_LEAD, scope=network.staff.site("North").scope)
    page = f"/coverage/reports/published/{publication.uuid}/"
    people = f"{page}people/?requirement=fire&group="
    assert "Staff a" in words(browser(network.ann).get(people))
    assert viewer.get(page).status_code == 200
    assert viewer.get(people).status_code == 404
    assert "Staff" not in words(viewer.get(f"{page}later/"))
    # A lead of one site does not see a report of all.
    mine = browser(lead)
    assert mine.get(page).status_code == 404
    of_north = network.publish(sites=[network.staff.site("North")])
    assert mine.get(f"/coverage/reports/published/{of_north.uuid}/").status_code == 200
    assert "Staff a" in words(mine.get(f"/coverage/reports/published/{of_north.uuid}/people/?requirement=fire"))  # fmt: skip


def test_report_of_two_sites_is_for_who_sees_both_and_names_only_the_own(network: Network) -> None:
    north, south = network.staff.site("North"), network.staff.site("South")
    publication = network.publish(sites=[north, south])
    page = f"/coverage/reports/published/{publication.uuid}/"
    lead = with_account("Lena Lead", SITE_LEAD, scope=south.scope)
    client = browser(lead)
    assert client.get(page).status_code == 404
    assert publication.uuid.hex not in words(client.get("/coverage/reports/"))
    make.make_grant(lead, REPORT_VIEWER, ensure_network())
    people = words(client.get(f"{page}people/?requirement=fire"))
    assert [name for name in LETTERS if f"Staff {name}<" in people] == list(LETTERS[18:])
    assert set(AccessLog.objects.values_list("person__name", flat=True)) == {
        f"Staff {name}" for name in LETTERS[18:]
    }


def test_what_came_later_is_listed_by_name(network: Network) -> None:
    publication = network.publish()
    page = f"/coverage/reports/published/{publication.uuid}/later/"
    client = browser(network.ann)
    assert "Nothing came later" in words(client.get(page))
    network.staff.attain("j", "Fire", D(2016, 7, 1), known=D(2016, 8, 1))
    answer = words(client.get(page))
    assert "Staff j" in answer
    assert "Had it, which was recorded later" in answer
    assert "+1" in answer


def test_documents_are_given_out_while_they_are_what_was_made(
    network: Network, settings: LazySettings
) -> None:
    publication = network.publish()
    client = browser(network.ann)
    page = f"/coverage/reports/published/{publication.uuid}/"
    assert client.get(f"{page}file/pdf/").status_code == 404
    make_files(publication=publication)
    for kind, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert client.get(f"{page}file/{kind}/").content.startswith(begins)
    assert client.get(f"{page}file/txt/").status_code == 404
    file = next(Path(settings.MEDIA_ROOT).rglob("*.csv"))
    file.write_bytes(b"Other")
    assert "not what was made" in words(client.get(f"{page}file/csv/"))


def test_sending_taking_back_and_repeating(network: Network) -> None:
    publication = network.publish(audience="outside")
    client = browser(network.ann)
    page = f"/coverage/reports/published/{publication.uuid}/"
    reader = with_account("Rita Reader", REPORT_VIEWER)
    assert client.post(f"{page}send/", {"uuid": uuid4()}).status_code == 422
    client.post(f"{page}send/", {"uuid": uuid4(), "person": reader.uuid})
    client.post(f"{page}send/", {"uuid": uuid4(), "address": "board@outside.example"})
    assert Sending.objects.count() == 2
    assert Mail.objects.filter(kind="publication_sent").count() == 2
    shown = words(client.get(page))
    assert "Rita Reader" in shown
    assert "board@outside.example" in shown
    monthly = f"/coverage/reports/{publication.report.uuid}/monthly/"
    assert client.post(monthly, {"day_of_month": 40}).status_code == 422
    client.post(monthly, {"day_of_month": 5, "recipients": [reader.uuid], "active": "on"})
    assert Schedule.objects.get().day_of_month == 5
    assert "again each month" in words(client.get("/coverage/reports/"))
    assert client.get(monthly).status_code == 200
    client.post(f"{page}withdraw/", {"uuid": uuid4(), "reason": "The wrong year."})
    assert Withdrawal.objects.count() == 1
    assert "The wrong year." in words(client.get(page))


@pytest.mark.parametrize("count", [1, 8])
def test_list_takes_the_same_queries_for_one_and_for_many(
    network: Network, count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        network.publish()
    client: Client = browser(network.ann)
    client.get("/coverage/reports/")
    with django_assert_max_num_queries(12):
        client.get("/coverage/reports/")
    page = f"/coverage/reports/published/{Publication.objects.latest('pk').uuid}/"
    with django_assert_max_num_queries(12):
        client.get(page)
    with django_assert_max_num_queries(18):
        client.get(f"{page}later/")
