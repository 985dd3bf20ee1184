"""The pages of an online module, as people meet them."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from cms.actions import begin_page
from cms.models import ModulePage, ModulePart
from cms.policies import Access
from cms.searching import public_pages
from cms.shipped import add_module_pages
from school.core import clock, registries
from school.courses.actions import learning, teaching
from school.courses.models import Module
from tests import factories as make
from tests.cms.making import a_writer, make_page
from tests.cms.test_models import text
from tests.courses import making
from tests.courses import modules as made
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


def test_visitor_reads_an_open_module_and_is_told_that_nothing_is_kept(client: Client) -> None:
    page = made.make_module().page
    words = text(client, page.url)
    assert "2 parts, then a quiz" in words
    assert "Sign in to have your progress kept" in words
    assert "Part 1 of 2 What it is" in text(client, f"{page.url}part-1/")
    body = client.get(f"{page.url}part-1/").text
    assert "Done, next" not in body
    assert f'href="{page.url}part-2/"' in body


def test_course_page_leads_to_its_module(client: Client) -> None:
    module = made.make_module()
    page = client.get(module.version.course.page.url).text
    assert f'href="{module.page.url}"' in page
    assert "No dates are set" not in page


def test_progress_is_kept_and_continues_where_it_stopped() -> None:
    alice = make.make_person("Alice Amber")
    client = browser(alice, second_factor=False)
    module = made.make_module()
    page = module.page
    first, second = made.parts_of(module)
    assert "0 of 2 parts done" in text(client, page.url)
    learning.finish_part(by=alice, module=module, part=second, uuid=uuid4())
    body = client.get(page.url).text
    assert "1 of 2 parts done" in body
    assert f'<a class="nhsuk-button" href="{page.url}part-1/">Continue</a>' in body
    assert "You have done this part" in client.get(f"{page.url}part-2/").text
    learning.finish_part(by=alice, module=module, part=first, uuid=uuid4())
    assert f'href="{reverse("quiz", args=[module.uuid])}"' in client.get(page.url).text
    made.sit(alice, module, right=False)
    assert "Not passed" in text(client, page.url)
    made.sit(alice, module)
    assert "You attained this course on" in text(client, page.url)


def test_part_keeps_its_key_when_it_is_edited(client: Client) -> None:
    module = made.make_module()
    keys = made.parts_of(module)
    part = ModulePart.objects.get(slug="part-1")
    part.title = "What it is now"
    part.save_revision().publish()
    assert made.parts_of(module) == keys
    assert "What it is now" in text(client, f"{module.page.url}part-1/")


def test_module_for_the_signed_in_closes_its_parts_too(client: Client) -> None:
    module = made.make_module(access=Access.SIGNED_IN)
    for address in (module.page.url, f"{module.page.url}part-1/"):
        assert client.get(address).status_code == 302
    alice = browser(make.make_person("Alice Amber"), second_factor=False)
    assert alice.get(f"{module.page.url}part-1/").status_code == 200
    assert public_pages().filter(path__startswith=module.page.path).count() == 0


def test_module_for_people_with_a_place_opens_with_one() -> None:
    teacher = making.make_teacher()
    module = made.make_module(by=teacher, access=Access.BOOKED)
    alice = make.make_person("Alice Amber")
    client = browser(alice, second_factor=False)
    assert client.get(f"{module.page.url}part-1/").status_code == 403
    making.ask(alice, making.make_event(module.version, by=teacher))
    assert client.get(f"{module.page.url}part-1/").status_code == 200
    assert registries.lessons([module.pk])[module.pk].for_booked is True


def test_open_module_is_found_by_visitors() -> None:
    module = made.make_module()
    assert public_pages().filter(path__startswith=module.page.path).count() == 3


def test_what_is_not_taught_any_more_says_so() -> None:
    teacher = making.make_teacher()
    module = made.make_module(by=teacher)
    teaching.publish_version(
        by=teacher,
        course=module.version.course,
        uuid=uuid4(),
        published_on=clock.today(),
        outcomes=["More."],
        credit_minutes=60,
    )
    client = browser(make.make_person("Alice Amber"), second_factor=False)
    assert "not taught today" in text(client, module.page.url)


def test_knowledge_check_answers_by_the_address_and_keeps_the_others(client: Client) -> None:
    page = f"{made.make_module().page.url}part-1/"
    check = ModulePart.objects.get(slug="part-1").body[1].value
    assert "Knowledge check" in text(client, page)
    assert "PET shows where" not in text(client, page)
    assert "Choose an answer" in text(client, f"{page}?check={check.key}")
    right = text(client, f"{page}?check={check.key}&{check.key}=0&check-other=2")
    assert "That is right. PET shows where the tracer goes." in right
    body = client.get(f"{page}?check={check.key}&{check.key}=1&check-other=2").text
    assert "That is not right yet." in body
    assert '<input type="hidden" name="check-other" value="2">' in body
    assert 'value="1" checked' in body


def test_pages_of_a_module_are_begun_from_the_record() -> None:
    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    module = Module.objects.create(version=version)
    client = browser(teacher)
    address = reverse("write_module", args=[module.uuid])
    assert registries.desk(module) == address
    assert "The course has no page yet" in client.get(address).text
    above = make_page(version.course)
    assert "the online module" in client.get(address).text
    assert client.post(address).status_code == 302
    page = ModulePage.objects.get()
    assert (page.live, page.get_parent().pk, page.slug) == (False, above.pk, "online")
    assert begin_page(of=module, by=a_writer()) == page
    assert registries.lessons([module.pk]) == {}
    assert registries.link(module) is None


def test_shipped_pages_are_left_alone_once_they_are_there() -> None:
    module = made.make_module()
    before = Page.objects.count()
    assert add_module_pages(module, [], title="Other") == module.page
    assert Page.objects.count() == before


def test_writers_begin_a_part_and_preview_what_is_not_out_yet() -> None:
    teacher = making.make_teacher()
    page = made.make_module(by=teacher).page
    client = browser(teacher)
    assert client.get(f"/admin/pages/add/cms/modulepart/{page.pk}/").status_code == 200
    edit = client.get(f"/admin/pages/{page.pk}/edit/").text
    assert "Submit to a second reader" in edit
    assert "action-publish" not in edit
    part = ModulePart.objects.get(slug="part-1")
    for one in (page, part):
        one.live = False
        one.save()
        assert one.make_preview_request().status_code == 200
    assert client.get(part.url).status_code == 404


@pytest.mark.parametrize("parts", [1, 30])
def test_pages_take_few_queries_whatever_the_number_of_parts(parts: int) -> None:
    alice = make.make_person("Alice Amber")
    client = browser(alice, second_factor=False)
    module = made.make_module(parts=[f"Part {n}" for n in range(parts)])
    made.do_parts(alice, module)
    made.sit(alice, module)
    for address in (module.page.url, f"{module.page.url}part-1/"):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= 12
