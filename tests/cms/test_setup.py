"""The tree of pages is made once and mended when parts are missing."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from wagtail.models import Collection, Locale, Page
from wagtail.models import Site as Host

from cms.actions import WRITERS
from cms.models import HomePage, PlainPage, SitePage
from cms.setup import PLAIN, ensure_pages
from school.people.models import Site
from tests.factories import make_site


def test_pages_of_a_new_portal_are_ours_alone(pages: None) -> None:
    assert sorted(Page.objects.filter(depth__gt=1).values_list("url_path", flat=True)) == [
        "/school/",
        "/school/accessibility/",
        "/school/contact/",
        "/school/courses/",
        "/school/help/",
        "/school/privacy/",
        "/school/sites/",
        "/school/sites/freeman-hospital/",
    ]
    assert Host.objects.get().root_page.specific == HomePage.objects.get()


def test_pages_made_again_stay_as_they_were_written(pages: None) -> None:
    help_page = PlainPage.objects.get(slug="help")
    help_page.title = "How to"
    help_page.save_revision().publish()
    before = list(Page.objects.values_list("pk", "latest_revision_id"))
    call_command("ensure_pages")
    assert list(Page.objects.values_list("pk", "latest_revision_id")) == before
    assert PlainPage.objects.get(slug="help").title == "How to"


def test_pages_follow_a_new_site(pages: None) -> None:
    site = make_site("Castle Hill Hospital")
    ensure_pages()
    assert SitePage.objects.get(site=site).url == "/sites/castle-hill-hospital/"
    assert SitePage.objects.count() == Site.objects.count() == 2


def test_pages_of_an_emptied_database_are_built_from_nothing(db: None, client: Client) -> None:
    for model in (Host, Page, Group, Collection, Locale):
        model.objects.all().delete()
    ensure_pages()
    assert client.get("/help/").status_code == 200
    assert Group.objects.get(name=WRITERS).page_permissions.count() == 3


@pytest.mark.parametrize("slug", PLAIN)
def test_plain_page_of_the_foot_is_public_and_names_whom_to_write_to(
    pages: None, client: Client, slug: str
) -> None:
    answer = client.get(f"/{slug}/")
    assert answer.status_code == 200
    assert answer.content.decode().count('<a href="mailto:school@portal.example">') == 1
