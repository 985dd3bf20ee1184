"""Pictures, documents, robots, the site map, the beginning of a page, and what visitors do not get."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image

from cms.models import CoursePage, EventPage, SitePage
from cms.policies import Access
from school.core import clock
from school.people.roles import ADMINISTRATOR, SCHOOL_EDUCATOR, STUDENT
from tests import factories as make
from tests.cms.making import make_material, make_page
from tests.courses.making import ask, make_event, make_version

TO_COME = clock.today() + timedelta(days=9)


def kept_image() -> Image:
    """A picture as the editor keeps it."""
    written = BytesIO()
    Picture.new("RGB", (1200, 600)).save(written, "JPEG")
    return Image.objects.create(title="Door", file=ContentFile(written.getvalue(), "door.jpg"))


# Wagtail leaves the file in which it makes a rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_picture_of_a_page_is_public_in_the_size_of_the_page(
    site_page: SitePage, client: Client
) -> None:
    image = kept_image()
    words = {"image": image, "alternative": "The door of the department.", "caption": ""}
    site_page.body = [("image", words)]
    site_page.save()
    page = client.get(site_page.url).content.decode()
    address = image.renditions.get().url
    assert f'src="{address}" width="800" height="400" alt="The door of the department."' in page
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    answer.close()


def test_picture_as_it_was_uploaded_is_not_handed_out(pages: None, client: Client) -> None:
    image = kept_image()
    assert client.get(image.file.url).status_code == 404
    assert client.get("/media/images/door.jpg").status_code == 404


def kept_document(name: str = "slides.pdf", data: bytes = b"0123456789") -> Document:
    """A document as the editor keeps it."""
    return Document.objects.create(title="Slides", file=ContentFile(data, name))


def asked(client: Client, document: Document, **headers: str) -> int:
    """What a client is answered that asks for a document."""
    answer = client.get(document.url, headers=headers)
    if answer.streaming:
        list(answer)  # to the end, which closes its file
    return answer.status_code


def test_document_of_no_page_is_closed_to_all_but_writers(
    pages: None, client: Client, signed_in: Callable[..., Client]
) -> None:
    document = kept_document()
    answer = Client().get(document.url)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={document.url}")
    student = make.make_person("Alice Amber")
    client.force_login(student.user)
    assert asked(client, document) == 404
    assert asked(signed_in(SCHOOL_EDUCATOR), document) == 200


@pytest.mark.parametrize(
    ("access", "visitor", "stranger", "booked"),
    [
        (Access.OPEN, 200, 200, 200),
        (Access.SIGNED_IN, 302, 200, 200),
        (Access.BOOKED, 302, 404, 200),
    ],
)
def test_document_follows_the_rule_of_its_page(
    pages: None, access: Access, visitor: int, stranger: int, booked: int
) -> None:
    event = make_event()
    document = kept_document()
    body = [("files", [{"document": document, "title": ""}])]
    page = make_material(make_page(event), access, body)
    strange, alice = Client(), Client()
    strange.force_login(make.make_person("Bob Birch").user)
    person = make.make_person("Alice Amber")
    alice.force_login(person.user)
    ask(person, event)
    assert [asked(one, document) for one in (Client(), strange, alice)] == [
        visitor, stranger, booked,
    ]  # fmt: skip
    page.unpublish()
    assert [asked(one, document) for one in (Client(), strange, alice)] == [302, 404, 404]


def test_part_of_a_document_is_sent_to_a_player(pages: None, client: Client) -> None:
    document = kept_document("film.mp4")
    make_material(
        make_page(make_event()), Access.OPEN, [("files", [{"document": document, "title": ""}])]
    )
    answer = client.get(document.url, headers={"Range": "bytes=2-4"})
    assert (answer.status_code, answer["Content-Range"], answer.content) == (
        206, "bytes 2-4/10", b"234",
    )  # fmt: skip
    answer = client.get(document.url, headers={"Range": "bytes=7-"})
    assert (answer["Content-Range"], answer.content) == ("bytes 7-9/10", b"789")
    assert asked(client, document, Range="bytes=10-") == 416
    assert asked(client, document, Range="lines=1-2") == 200


@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_picture_of_closed_material_is_kept_from_strangers(pages: None, client: Client) -> None:
    image = kept_image()
    words = {"image": image, "alternative": "The door of the department.", "caption": ""}
    page = make_material(make_page(make_event()), Access.SIGNED_IN, [("image", words)])
    address = image.get_rendition("width-800").url
    assert client.get(address).status_code == 404
    client.force_login(make.make_person("Bob Birch").user)
    answer = client.get(address)
    list(answer)
    assert answer.status_code == 200
    assert {*answer["Cache-Control"].split(", ")} == {"private", "max-age=86400"}
    page.unpublish()
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 404


def test_page_of_a_course_is_begun_once_from_its_record(
    pages: None, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(SCHOOL_EDUCATOR)
    event = make_event()
    course = event.version.course
    assert "Begin that one first" in client.get(f"/write/events/{event.uuid}/").content.decode()
    address = f"/write/courses/{course.uuid}/"
    assert client.get(address).status_code == 200
    assert CoursePage.objects.count() == 0
    answers = [client.post(address), client.post(address), client.get(address)]
    page = CoursePage.objects.get()
    edit = f"/admin/pages/{page.pk}/edit/"
    assert [answer["Location"] for answer in answers] == [edit] * 3
    assert (page.course, page.live, page.slug) == (course, False, course.code)
    client.post(f"/write/events/{event.uuid}/")
    assert EventPage.objects.get().get_parent().specific == page


def test_administrator_begins_no_page_of_a_draft(
    pages: None, signed_in: Callable[..., Client]
) -> None:
    draft, version = make_event(opened=False), make_version("Seminar", published_on=TO_COME)
    address = [f"/write/events/{draft.uuid}/", f"/write/courses/{version.course.uuid}/"]
    for role, status in ((ADMINISTRATOR, 404), (SCHOOL_EDUCATOR, 200)):
        client = signed_in(role)
        assert [client.get(one).status_code for one in address] == [status, status]


def test_course_without_a_page_is_read_of_as_its_record_tells(pages: None, client: Client) -> None:
    event = make_event()
    course = event.version.course
    address = f"/courses/{course.uuid}/"
    listed = client.get("/courses/").content.decode()
    assert f'<a href="{address}">Introductory Day</a>' in listed
    words = client.get(address).content.decode()
    assert f'href="/events/{event.uuid}/"' in words
    assert "Knows the way a tracer takes." in words
    begun = make_page(course, live=False)
    assert client.get(address).status_code == 200
    begun.get_latest_revision().publish()
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/courses/introductory-day/")


def test_course_that_is_not_taught_yet_is_found_by_nobody_else(pages: None, client: Client) -> None:
    course = make_version("Seminar", published_on=TO_COME).course
    assert client.get(f"/courses/{course.uuid}/").status_code == 404


def test_page_is_begun_by_writers_only(pages: None, signed_in: Callable[..., Client]) -> None:
    course = make_version().course
    client = signed_in(STUDENT)
    assert client.post(f"/write/courses/{course.uuid}/").status_code == 403
    assert CoursePage.objects.count() == 0


def test_robots_may_read_public_pages_and_nothing_else(pages: None, client: Client) -> None:
    assert client.get("/robots.txt").content.decode().split("\n") == [
        "User-agent: *",
        "Allow: /$",
        "Allow: /static/",
        "Allow: /media/images/",
        "Allow: /accessibility/",
        "Allow: /privacy/",
        "Allow: /help/",
        "Allow: /contact/",
        "Allow: /sites/",
        "Allow: /courses/",
        "Disallow: /",
        "",
        "Sitemap: http://testserver/sitemap.xml",
        "",
    ]


def test_sitemap_names_every_public_page(site_page: SitePage, client: Client) -> None:
    page = client.get("/sitemap.xml").content.decode()
    assert page.count("<url>") == 8
    assert "<loc>http://testserver/sites/freeman-hospital/</loc>" in page
    site_page.unpublish()
    assert client.get("/sitemap.xml").content.decode().count("<url>") == 7


def test_robots_before_the_first_page_may_read_nothing(db: None, client: Client) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
    assert client.get("/sitemap.xml").content.decode().count("<url>") == 0


def test_missing_page_answers_404_in_our_look(pages: None, client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()
    assert "soo-header" in answer.content.decode()
