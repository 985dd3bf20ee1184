"""Pictures, robots, the site map, and what visitors do not get."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image

from cms.models import SitePage


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


def test_document_is_closed_to_visitors(pages: None, client: Client) -> None:
    document = Document.objects.create(title="Map", file=ContentFile(b"map", "map.pdf"))
    answer = client.get(document.url)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={document.url}")


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
        "Disallow: /",
        "",
        "Sitemap: http://testserver/sitemap.xml",
        "",
    ]


def test_sitemap_names_every_public_page(site_page: SitePage, client: Client) -> None:
    page = client.get("/sitemap.xml").content.decode()
    assert page.count("<url>") == 7
    assert "<loc>http://testserver/sites/freeman-hospital/</loc>" in page
    site_page.unpublish()
    assert client.get("/sitemap.xml").content.decode().count("<url>") == 6


def test_robots_before_the_first_page_may_read_nothing(db: None, client: Client) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
    assert client.get("/sitemap.xml").content.decode().count("<url>") == 0


def test_missing_page_answers_404_in_our_look(pages: None, client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()
    assert "soo-header" in answer.content.decode()
