"""A frozen profile with its evidence as one ZIP, the same bytes for the same content."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime

from logbooks.cpd.files import EVIDENCE_FOLDER
from logbooks.cpd.profile.document import FROZEN, Document
from school.core import documents
from school.core.files.writing import About, csv_chunks

COLUMNS = ("File", "What it shows", "Activity", "From", "To", "Type", "Bytes", "SHA-256")


def evidence_files(said: Document) -> dict[str, bytes]:
    """The files of the evidence that are there, by their place in the ZIP."""
    found = {
        one["file"]: documents.kept(EVIDENCE_FOLDER, one["uuid"], one["sha256"])
        for one in said["evidence"]
    }
    return {name: data for name, data in found.items() if data is not None}


def with_missing(said: Document, held: Mapping[str, bytes]) -> Document:
    """The document with what is missing named as it was found."""
    pieces = [one | {"missing": one["file"] not in held} for one in said["evidence"]]
    return {**said, "evidence": pieces}


def bundled(said: Document, pdf: bytes, json: bytes, evidence: Mapping[str, bytes]) -> bytes:
    """The profile, its JSON, each file of the evidence and a list of them."""
    inside = {
        "profile.pdf": pdf,
        "profile.json": json,
        "evidence.csv": b"".join(csv_chunks(COLUMNS, _rows(said), _about(said))),
        **evidence,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in inside.items():
            # Without a time of its own.
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return file.getvalue()


def _about(said: Document) -> About:
    held = said[FROZEN]
    return About(
        "Evidence of a CPD profile",
        filtered=f"the activities that profile {held['code']} describes",
        made=datetime.fromisoformat(held["at"]),
    )


def _rows(said: Document) -> Iterator[list[str | int]]:
    by_uuid = {one["uuid"]: one for one in said["activities"]}
    for one in said["evidence"]:
        of = by_uuid[one["activity"]]
        name = f"{one['file']} (missing)" if one["missing"] else one["file"]
        yield [name, one["title"], of["title"], of["from"], of["to"], one["type"], one["bytes"], one["sha256"]]  # fmt: skip
