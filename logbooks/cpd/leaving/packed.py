"""The ZIP that a person takes away: the same record makes the same parts, but for the fonts of the PDF, which bear a time."""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from logbooks.cpd import files
from logbooks.cpd.leaving import paper, record
from logbooks.cpd.leaving.record import Record
from school.core import documents
from school.people.models import Person

RECORD, TABLE, PDF, README = "record.json", "activities.csv", "record.pdf", "README.txt"
# Every part bears this day, the first that a ZIP can say.
WHEN = (1980, 1, 1, 0, 0, 0)


def pack(found: Record, person: Person, into: BinaryIO) -> None:
    """Writes the ZIP of a record, one part in memory at a time. Raises FileNotFoundError when a file of it goes meanwhile."""
    found = record.in_order(found)
    with zipfile.ZipFile(into, "w") as archive:
        for name, data in (
            (README, paper.README.encode()),
            (TABLE, paper.table(found)),
            (RECORD, record.written(found)),
            (PDF, paper.pdf(found, person)),
        ):
            _add(archive, name, data)
        for name, data in _files(found):
            _add(archive, name, data)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    part = zipfile.ZipInfo(name, WHEN)
    part.external_attr = 0o600 << 16
    # What is compressed in itself does not get smaller.
    stored = name.endswith((".pdf", ".png", ".jpg", ".zip"))
    part.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(part, data)


def _files(found: Record) -> Iterator[tuple[str, bytes]]:
    for activity in found.activities:
        for one in activity.evidence:
            if one.file:
                data = documents.kept(files.EVIDENCE_FOLDER, str(one.uuid), one.digest)
                yield one.file, _still(data, one.file)
    for profile in found.profiles:
        for place, digest in profile.places.items():
            name = place.rpartition("/")[2]
            yield place, _still(documents.kept(files.PROFILE_FOLDER, name, digest), place)


def _still(data: bytes | None, place: str) -> bytes:
    """A file that was there a moment ago. Raises FileNotFoundError, and the task that packs starts anew."""
    if data is None:
        raise FileNotFoundError(place)
    return data
