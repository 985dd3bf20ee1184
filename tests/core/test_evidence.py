"""Evidence: known by its content, kept without a camera's notes."""

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from school.core import evidence
from school.core.evidence import EvidenceRefused
from tests.pdfs import saved


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


def page() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return pdf


def action(kind: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(kind), JS=pikepdf.String("app.alert(1)"))


def test_pdf_is_kept_without_what_it_says_of_its_author() -> None:
    pdf = page()
    pdf.docinfo["/Author"] = "Mrs Smith"
    with pdf.open_metadata() as about:
        about["dc:creator"] = ["Mrs Smith"]
    pdf.pages[0].obj.PieceInfo = pikepdf.Dictionary(Word=pikepdf.String("Mrs Smith"))
    pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])
    data = saved(pdf) + b"<script>alert(1)</script>"
    kept = evidence.taken_in(data)
    assert kept.startswith(b"%PDF-")
    assert (b"Smith" in kept, b"<script>" in kept) == (False, False)
    with pikepdf.open(BytesIO(kept)) as read:
        assert (len(read.pages), "/Metadata" in read.Root, "/Info" in read.trailer) == (
            1,
            False,
            False,
        )
    assert evidence.taken_in(data) == kept
    assert evidence.taken_in(kept) == kept


def scripted(kind: str) -> bytes:
    pdf = page()
    pdf.Root.OpenAction = action(kind)
    return saved(pdf)


def scripted_link() -> bytes:
    pdf = page()
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=pikepdf.Dictionary(S=pikepdf.Name.Launch))
    pdf.pages[0].obj.Annots = pikepdf.Array([link])
    return saved(pdf)


def scripted_by_name() -> bytes:
    pdf = page()
    tree = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("x"), action("/JavaScript")]))
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pdf.make_indirect(tree))
    return saved(pdf)


def with_a_file() -> bytes:
    pdf = page()
    pdf.attachments["notes.txt"] = b"Mrs Smith"
    return saved(pdf)


def locked(user: str) -> bytes:
    made = BytesIO()
    page().save(made, encryption=pikepdf.Encryption(owner="owner", user=user))
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 words", "cannot be opened"),
        (b"%PDF-1.4\n<html><script>alert(1)</script>", "cannot be opened"),
        (saved(pikepdf.new()), "has no page"),
        (locked("secret"), "is locked"),
        (locked(""), "is locked"),
        (scripted("/JavaScript"), "a script or a program"),
        (scripted("/Launch"), "a script or a program"),
        (scripted_link(), "a script or a program"),
        (scripted_by_name(), "a script or a program"),
        (with_a_file(), "holds another file"),
    ],
)
def test_pdf_that_is_broken_or_does_something_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(EvidenceRefused, match=said) as refused:
        evidence.taken_in(data)
    assert refused.value.field == "evidence"


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
