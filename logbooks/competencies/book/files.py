"""The three files of a copy: what each is called, where it lies, and given out only while it is what was made."""

from collections.abc import Mapping
from dataclasses import dataclass

from logbooks.competencies.models import LogBookCopy
from school.core import documents
from school.core.codes import grouped

FOLDER = "log-books"


@dataclass(frozen=True, slots=True)
class Format:
    """One of the files: its type, how its name ends, and what it is in words."""

    content_type: str
    ending: str
    what: str


FORMATS: Mapping[str, Format] = {
    "pdf": Format("application/pdf", "pdf", "PDF, to read and print"),
    "json": Format("application/json", "json", "JSON, everything for another system"),
    "csv": Format("application/zip", "zip", "CSV tables in a ZIP, for a spreadsheet"),
}


def called(copy: LogBookCopy, format: str) -> str:
    """What a file is called by whoever takes it away."""
    return f"log-book-{grouped(copy.code)}.{FORMATS[format].ending}"


def keep(code: str, files: Mapping[str, bytes]) -> None:
    """Keeps the files of a copy."""
    for format, data in files.items():
        documents.keep(FOLDER, f"{code}.{FORMATS[format].ending}", data)


def kept(copy: LogBookCopy, format: str) -> bytes | None:
    """A file of a copy; none when it was taken away, is gone, or is not what was made."""
    digest = getattr(copy, f"{format}_digest")
    return documents.kept(FOLDER, f"{copy.code}.{FORMATS[format].ending}", digest)


def remove(copy: LogBookCopy) -> None:
    """Takes the files of a copy away for good."""
    for format in FORMATS.values():
        documents.remove(FOLDER, f"{copy.code}.{format.ending}")
