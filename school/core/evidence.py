"""A file brought as evidence: a PDF or a picture, known by its content and kept without a camera's or an author's notes."""

from io import BytesIO

from PIL import Image

from school.core import pdfs
from school.core.errors import DomainError
from school.core.pictures import without_metadata

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000

# What a file of a kind begins with, its type, and how its name ends.
KINDS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)


class EvidenceRefused(DomainError):
    """The file is no evidence that can be kept."""


def kind_of(data: bytes) -> tuple[str, str] | None:
    """The type of a file and how its name ends, by its content and not by its name."""
    return next(((kind, ending) for magic, kind, ending in KINDS if data.startswith(magic)), None)


def taken_in(data: bytes) -> bytes:
    """The file as it is kept. Raises EvidenceRefused when it is too large, of another kind, or broken."""
    if len(data) > MAX_BYTES:
        raise EvidenceRefused(
            f"The file has {len(data) / 1024 / 1024:.1f} MB. Choose one of at most 10 MB.",
            field="evidence",
        )
    found = kind_of(data)
    if found is None:
        raise EvidenceRefused(
            "This is no PDF, PNG or JPEG. Choose a file of one of these kinds.", field="evidence"
        )
    return _document(data) if found[1] == "pdf" else _picture(data)


def _document(data: bytes) -> bytes:
    try:
        return pdfs.cleaned(data)
    except pdfs.Unfit as error:
        raise EvidenceRefused(str(error), field="evidence") from error


def _picture(data: bytes) -> bytes:
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            wide, high = picture.size
        if wide * high <= MAX_PIXELS:
            return without_metadata(BytesIO(data))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise EvidenceRefused(
            "This picture cannot be opened. Take it again, or choose another.", field="evidence"
        ) from error
    raise EvidenceRefused(
        f"The picture has {wide:,} by {high:,} points. Choose one of at most 40 million in all.",
        field="evidence",
    )
