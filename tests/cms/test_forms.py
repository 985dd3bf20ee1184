"""Pictures come in without what a camera wrote into them, and only when they are pictures."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture
from wagtail.images.models import Image

from cms.forms import stripped
from school.people.roles import SCHOOL_EDUCATOR


def photograph(kind: str = "jpeg") -> SimpleUploadedFile:
    """Forty by twenty pixels, held sideways, with a place and a device in it."""
    exif = Picture.Exif()
    exif[0x0112] = 6  # turn it to see it upright
    exif[0x010F] = "A telephone"
    exif.get_ifd(0x8825)[1] = "N"
    written = BytesIO()
    Picture.new("RGB", (40, 20), (0, 82, 77)).save(written, kind, exif=exif)
    return SimpleUploadedFile(f"door.{kind}", written.getvalue(), f"image/{kind}")


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_metadata_is_left_behind_and_the_picture_stands_upright(kind: str) -> None:
    with Picture.open(photograph(kind)) as before:
        assert dict(before.getexif())[0x010F] == "A telephone"
    cleaned = stripped(photograph(kind))
    with Picture.open(cleaned) as after:
        assert dict(after.getexif()) == {}
        assert (after.size, after.format) == ((20, 40), kind.upper())
    assert cleaned.name == f"door.{kind}"


def upload(client: Client, file: SimpleUploadedFile) -> Client:
    """Send a file to the editor's form for pictures."""
    data = {"title": "The door", "file": file, "collection": 1, "tags": ""}
    client.post("/admin/images/add/", data)
    return client


def test_uploaded_picture_is_kept_without_metadata(
    pages: None, signed_in: Callable[..., Client]
) -> None:
    upload(signed_in(SCHOOL_EDUCATOR), photograph())
    image = Image.objects.get()
    assert (image.width, image.height) == (20, 40)
    with image.file.open("rb") as file, Picture.open(file) as kept:
        assert dict(kept.getexif()) == {}


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("door.jpg", b"<svg onload='alert(1)'></svg>", "image/jpeg"),
        SimpleUploadedFile(
            "door.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"
        ),
        SimpleUploadedFile("door.png", photograph().read(), "image/png"),
    ],
)
def test_upload_that_is_no_picture_of_its_name_is_refused(
    pages: None, signed_in: Callable[..., Client], file: SimpleUploadedFile
) -> None:
    upload(signed_in(SCHOOL_EDUCATOR), file)
    assert Image.objects.count() == 0
