"""Pages as a visitor meets them."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from cms.models import HomePage, PlainPage, SitePage
from cms.setup import ensure_pages
from school.core import days, registries
from school.people.models import SiteCode, User
from tests.cms.test_queries import record
from tests.courses.making import make_event
from tests.factories import make_site


def text(client: Client, address: str) -> str:
    """The words of a page, without its markup."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_home_draws_the_years_of_the_published_programme(pages: None, client: Client) -> None:
    page = client.get("/").content.decode()
    assert [
        re.sub(r"<[^>]+>", "", found) for found in re.findall(r'soo-row__top">(.*?)</div>', page)
    ] == [
        "Year 1, awareness8 to 16 hours",
        "Year 2, application and understanding36 hours",
        "Year 3, competency216 hours",
    ]
    assert "Three years of placements" in page
    assert "Next events" not in page


def test_home_has_three_doors(pages: None, client: Client) -> None:
    page = client.get("/").content.decode()
    assert re.findall(r'soo-card"><h3[^>]*><a href="([^"]*)">([^<]*)', page) == [
        ("/account/login/", "I am a student"),
        ("/account/login/", "I am a practice educator"),
        ("/courses/", "I work in PET-CT"),
    ]


def test_home_names_the_next_events(pages: None, client: Client) -> None:
    event = make_event()
    words = text(client, "/")
    day = days.long_date(days.london_day(event.starts))
    assert f"Next events Introductory Day , {day} 20 places left {day}, Online" in words


def test_home_without_programme_and_sites_says_nothing_of_them(db: None, client: Client) -> None:
    ensure_pages()
    page = client.get("/").content.decode()
    assert "of placements</h2>" not in page
    assert " sites in " not in page


def test_site_page_shows_the_record_as_it_is_now(site_page: SitePage, client: Client) -> None:
    site = site_page.site
    assert "Code in NHS data Not known" in text(client, site_page.url)
    assert "Scanner Not recorded" in text(client, site_page.url)
    SiteCode.objects.create(site=site, code="RTD01")
    record(site, "mobile", starts=date(2020, 1, 1))
    site.official_name = "The Freeman Hospital"
    site.nhs_region = "North East and Yorkshire"
    site.save()
    words = text(client, site_page.url)
    assert (
        "Official name The Freeman Hospital Run by North Cumbria Integrated Care Postcode CA2 7HY "
        "Code in NHS data RTD01 Region of the network North West "
        "Region of NHS England North East and Yorkshire Scanner Mobile"
    ) in words


def test_site_page_without_words_says_what_will_appear(site_page: SitePage, client: Client) -> None:
    assert "The practical part of this page is not written yet" in text(client, site_page.url)
    site_page.body = [("bring", "<p>Your badge.</p>")]
    site_page.save()
    words = text(client, site_page.url)
    assert "What to bring Your badge." in words
    assert "not written yet" not in words


def test_list_of_sites_names_each_with_its_scanner(pages: None, client: Client) -> None:
    words = text(client, "/sites/")
    assert "No kind of scanner is recorded yet." in words
    assert "static, or not recorded yet" in words
    site = make_site("Castle Hill Hospital")
    ensure_pages()
    record(site, "mobile", starts=date(2020, 1, 1))
    words = text(client, "/sites/")
    assert "Castle Hill Hospital , mobile" in words
    assert "With a mobile scanner: Castle Hill Hospital." in words


@pytest.mark.parametrize(
    "address",
    ["/", "/courses/", "/search/?words=help", "/sites/", "/sites/freeman-hospital/", "/help/"],
)
def test_public_page_takes_few_queries(pages: None, client: Client, address: str) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    assert len(seen) <= 12, [query["sql"][:120] for query in seen]


def test_list_of_sites_takes_as_many_queries_for_thirty_as_for_one(
    pages: None, client: Client, django_assert_num_queries: Any
) -> None:
    client.get("/sites/")
    with CaptureQueriesContext(connection) as one:
        client.get("/sites/")
    for number in range(30):
        make_site(f"Site {number}")
    ensure_pages()
    with django_assert_num_queries(len(one)):
        client.get("/sites/")


def test_public_page_of_a_site_is_linked_while_it_is_public(site_page: SitePage) -> None:
    site = site_page.site
    assert registries.link(site) == "/sites/freeman-hospital/"
    site_page.unpublish()
    site.refresh_from_db()
    assert registries.link(site) is None
    assert registries.link(make_site("Without a page")) is None


def test_fixed_page_can_be_written_but_not_taken_away(pages: None) -> None:
    user = User.objects.create(email="root@example.org", is_superuser=True)
    fixed = list(Page.objects.filter(depth__gt=1).specific())
    rights = [page.permissions_for_user(user) for page in fixed]
    assert [
        (
            right.can_edit(),
            right.can_publish(),
            right.can_delete(),
            right.can_move(),
            right.can_unpublish(),
        )
        for right in rights
    ] == [(True, True, False, False, False)] * len(fixed)


def test_plain_page_of_an_editor_can_be_taken_away(pages: None) -> None:
    user = User.objects.create(email="root@example.org", is_superuser=True)
    page = PlainPage(title="Open day", slug="open-day", body=[("text", "<p>Come.</p>")])
    HomePage.objects.get().add_child(instance=page)
    assert page.permissions_for_user(user).can_delete() is True
