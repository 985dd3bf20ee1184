"""Evidence: known by its content, kept without a camera's notes."""

from io import BytesIO

import pytest
from PIL import Image

from school.core import evidence
from school.core.evidence import EvidenceRefused


def photograph(kind: str, *, size: tuple[int, int] = (40, 20)) -> bytes:
    notes = Image.Exif()
    notes[0x010F] = "A telephone"
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, format=kind, exif=notes)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_picture_loses_what_the_camera_wrote(kind: str) -> None:
    kept = evidence.taken_in(photograph(kind))
    with Image.open(BytesIO(kept)) as picture:
        assert (dict(picture.getexif()), picture.format) == ({}, kind.upper())


def test_pdf_is_kept_as_it_is() -> None:
    assert evidence.taken_in(b"%PDF-1.7 words") == b"%PDF-1.7 words"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg onload='alert(1)'/>", "no PDF, PNG or JPEG"),
        (b"GIF89a", "no PDF, PNG or JPEG"),
        (photograph("jpeg")[:60], "cannot be opened"),
        (b"\x89PNG\r\n\x1a\nno picture", "cannot be opened"),
        (b"%PDF-" + bytes(evidence.MAX_BYTES), "at most 10 MB"),
    ],
)
def test_other_file_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(EvidenceRefused, match=said) as refused:
        evidence.taken_in(data)
    assert refused.value.field == "evidence"


def test_picture_of_too_many_points_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MAX_PIXELS", 799)
    with pytest.raises(EvidenceRefused, match="40 by 20 points"):
        evidence.taken_in(photograph("png"))
