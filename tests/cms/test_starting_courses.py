"""The public pages of the courses that ship: made once, and then the School's."""

import pytest
from django.core.management import call_command
from django.test import Client

from cms.models import CoursePage, ModulePage, ModulePart
from cms.setup import ensure_pages
from school.courses.models import Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(pages: None) -> None:
    """The shipped courses with their pages."""
    call_command("load_courses")
    ensure_pages()


def test_shipped_courses_have_public_pages(shipped: None, client: Client) -> None:
    slugs = list(CoursePage.objects.order_by("slug").values_list("slug", flat=True))
    assert slugs == ["dementia-skills", "dementia-tier-1", "dementia-tier-2", "dementia-tier-3"]
    assert {client.get(f"/courses/{slug}/").status_code for slug in slugs} == {200}


def test_shipped_module_is_read_part_by_part(shipped: None, client: Client) -> None:
    page = ModulePage.objects.get()
    assert page.module == Module.objects.get()
    parts = list(ModulePart.objects.child_of(page))
    assert [part.title for part in parts] == [
        "What dementia is",
        "What a visit to us is like",
        "Talking so that it arrives",
        "The uptake room and the scan",
        "Consent, and who is asked",
        "Afterwards",
    ]
    assert {client.get(part.url).status_code for part in [page, *parts]} == {200}
    assert all("check" in [block.block_type for block in part.body] for part in parts)


def test_pages_again_leave_what_an_educator_wrote_or_took_away(shipped: None) -> None:
    page = CoursePage.objects.get(slug="dementia-skills")
    page.body = [("text", "<p>Ours.</p>")]
    page.save_revision().publish()
    CoursePage.objects.get(slug="dementia-tier-3").delete()
    ModulePage.objects.get().delete()
    ensure_pages()
    page.refresh_from_db()
    assert page.body[0].value.source == "<p>Ours.</p>"
    assert CoursePage.objects.count() == 3
    assert not ModulePage.objects.exists()
