"""A ZIP that somebody brings, read with care: nothing in it names a place here, and nothing swells."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from logbooks.cpd.leaving import frozen, packed, record
from logbooks.cpd.leaving.record import Record, Unreadable
from school.core import documents, evidence
from school.core.errors import DomainError
from school.core.evidence import EvidenceRefused

MAX_BYTES = 1024**3
MAX_UNPACKED = 2 * 1024**3
MAX_ENTRIES = 20_000
MAX_RECORD = 64 * 1024**2
MAX_PROFILE_FILE = 256 * 1024**2
TITLES = frozenset({packed.RECORD, packed.TABLE, packed.PDF, packed.README})
# Bytes of the list of parts at the end of a ZIP, which is read before anything else.
MAX_DIRECTORY = 8 * 1024**2
_END, _END_OF_LARGER = b"PK\x05\x06", b"PK\x06\x07"
NO_ZIP = "This is no ZIP file, or it is damaged. Send the ZIP that you took away, as it is."
DAMAGED = "The file is damaged. Download your copy again, and send that as it is."


class Refused(DomainError):
    """The file as a whole cannot be brought in; nothing of it was used."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


class Archive:
    """An open ZIP whose parts are looked at by the places that its record names, and in no other way."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        parts = opened.infolist()
        rule_not_too_much(parts)
        rule_plain_parts(parts)
        self._parts = {part.filename: part for part in parts}
        if packed.RECORD not in self._parts:
            raise Refused(
                "There is no CPD record in this file. Send the ZIP that you took away, as it is."
            )
        try:
            self.record: Record = record.read(self._read(packed.RECORD, MAX_RECORD))
        except Unreadable as error:
            raise Refused(str(error)) from None
        rule_all_named(self.record, frozenset(self._parts))

    def evidence_fault(self, one: record.EvidencePart) -> str:
        """What is wrong with a file of evidence, as a sentence; empty when it can be kept as it is."""
        if one.file is None:
            return ""
        data = self.file(one.file, one.digest, one.size)
        found = evidence.kind_of(data) if data is not None else None
        if data is None or len(data) != one.size or found is None or found[0] != one.content_type:
            return "The file is not the one that the record names."
        try:
            evidence.taken_in(data)
        except EvidenceRefused as error:
            return error.message
        return ""

    def profile_fault(self, one: record.ProfilePart) -> str:
        """What is wrong with the files of a frozen profile, as a sentence; empty when they are what was frozen."""
        for place, digest in one.places.items():
            data = self.file(place, digest)
            if data is None:
                return frozen.CHANGED
            look = frozen.FAULTS.get(place.rpartition(".")[2])
            if look and (fault := look(data)):
                return fault
        return ""

    def file(self, place: str, digest: str, most: int = MAX_PROFILE_FILE) -> bytes | None:
        """A part whose digest is expected; none when it is another, is larger or is not there."""
        if place not in self._parts or self._parts[place].file_size > most:
            return None
        data = self._read(place, most)
        return data if documents.digest(data) == digest else None

    def _read(self, place: str, most: int) -> bytes:
        part = self._parts[place]
        if part.file_size > most:
            raise Refused(f"“{place}” in it is larger than such a file can be.")
        try:
            # zipfile gives no more of a part than the size that is declared, and checks its sum.
            return self._opened.read(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise Refused(DAMAGED) from error


@contextmanager
def unpacked(path: Path) -> Iterator[Archive]:
    """A ZIP, open. Raises Refused when it is none, or none that was taken away from a portal."""
    rule_short_directory(path)
    try:
        opened = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused(NO_ZIP) from None
    with opened:
        yield Archive(opened)


def rule_short_directory(path: Path) -> None:
    """The file ends as a ZIP of a portal does, and its list of parts fits into memory."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 42))
        last = file.read().rjust(42, b"\0")
    end = last[-22:]
    directory = int.from_bytes(end[12:16], "little")
    if not end.startswith(_END) or end[-2:] != b"\0\0" or last.startswith(_END_OF_LARGER):
        raise Refused(NO_ZIP)
    if directory > MAX_DIRECTORY:
        raise Refused(f"The file has more than {MAX_ENTRIES:,} parts, which is the most.")


def rule_not_too_much(parts: list[zipfile.ZipInfo]) -> None:
    """As many parts, and as large when unpacked, as a long working life fills."""
    if len(parts) > MAX_ENTRIES:
        raise Refused(f"The file has {len(parts):,} parts; {MAX_ENTRIES:,} is the most.")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise Refused(
            f"The file unpacks to {unpacked // 1024**2:,} MB; {MAX_UNPACKED // 1024**2:,} MB is the most."
        )


def rule_plain_parts(parts: list[zipfile.ZipInfo]) -> None:
    """No part has a password, is there twice, or is packed in a way that no portal packs."""
    names = [part.filename for part in parts]
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused("The file has a password. Send the ZIP that you took away, as it is.")
    if len(set(names)) != len(names) or any(part.compress_type not in plain for part in parts):
        raise Refused(DAMAGED)


def rule_all_named(found: Record, names: frozenset[str]) -> None:
    """The ZIP holds what its record names, and nothing else."""
    evidence = {one.file for activity in found.activities for one in activity.evidence if one.file}
    profiles = {place for profile in found.profiles for place in profile.places}
    others = sorted(names - TITLES - evidence - profiles)
    if others:
        raise Refused(
            f"The file holds “{others[0][:80]}”, which the record does not name. "
            "Send the ZIP that you took away, as it is."
        )
    missing = sorted((evidence | profiles) - names)
    if missing:
        raise Refused(
            f"“{missing[0][:80]}” is missing in the file. Send the ZIP that you took away, as it is."
        )
