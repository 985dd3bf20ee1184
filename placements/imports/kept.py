"""Files that wait to be imported: kept privately under var/media/imports until they are written or seven days old."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from school.core import clock
from school.core.files.fates import Report
from school.core.files.importing import Reach

KEPT = timedelta(days=7)


class State(StrEnum):
    """How far an import has come."""

    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    WRITTEN = "written"
    REFUSED = "refused"


UNDER_WAY = (State.CHECKING, State.WRITING)


@dataclass(slots=True)
class KeptImport:
    """One import of one person: the file, what was found in it, and how far it has come."""

    uuid: UUID
    kind: str
    file: str
    owner: UUID
    made_at: datetime
    reach: list[int] | None
    state: State = State.CHECKING
    work: UUID | None = None
    # Why the file as a whole could not be used, or the records changed meanwhile.
    problem: str = ""
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the file and what is known of it lie."""
        return _folder() / str(self.uuid)

    @property
    def scopes(self) -> Reach:
        """The scopes that the import may write in."""
        return None if self.reach is None else frozenset(self.reach)

    @property
    def under_way(self) -> bool:
        """Whether a task is at work on it, or will be."""
        return self.state in UNDER_WAY

    def found(self) -> Report | None:
        """What was found, once it has been checked."""
        return Report.from_json(self.report) if self.report else None

    def data(self) -> bytes:
        """The bytes of the file."""
        return (self.folder / "file").read_bytes()

    def save(self) -> None:
        """Keeps what is known; a reader sees either the old or the new."""
        known = {**asdict(self), "uuid": str(self.uuid), "owner": str(self.owner)}
        known["made_at"] = self.made_at.isoformat()
        known["work"] = str(self.work) if self.work else None
        half = self.folder / "known.part"
        half.write_text(json.dumps(known), encoding="utf-8")
        half.replace(self.folder / "known.json")

    def forget_file(self) -> None:
        """Deletes the file; what was found in it stays until it is old."""
        (self.folder / "file").unlink(missing_ok=True)

    def discard(self) -> None:
        """Deletes the file and everything known of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def keep(kind: str, file: str, data: bytes, *, owner: UUID, reach: Reach) -> KeptImport:
    """Keeps a file that was sent."""
    reached = None if reach is None else sorted(reach)
    kept = KeptImport(uuid4(), kind, Path(file).name[:100], owner, clock.now(), reached)
    kept.folder.mkdir(parents=True, mode=0o700)
    (kept.folder / "file").write_bytes(data)
    kept.save()
    return kept


def get(uuid: UUID) -> KeptImport | None:
    """The import of that key, if it is still kept."""
    try:
        known = json.loads((_folder() / str(uuid) / "known.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    known["uuid"], known["owner"] = UUID(known["uuid"]), UUID(known["owner"])
    known["made_at"] = datetime.fromisoformat(known["made_at"])
    known["work"] = UUID(known["work"]) if known["work"] else None
    known["state"] = State(known["state"])
    return KeptImport(**known)


def of(owner: UUID) -> list[KeptImport]:
    """A person's imports that are still kept, the newest first."""
    mine = [kept for kept in _all() if kept.owner == owner]
    return sorted(mine, key=lambda kept: kept.made_at, reverse=True)


def delete_old() -> int:
    """Deletes what is older than seven days; gives how many."""
    old = [kept for kept in _all() if clock.now() - kept.made_at > KEPT]
    for kept in old:
        kept.discard()
    return len(old)


def _all() -> Iterator[KeptImport]:
    for path in _folder().glob("*/known.json"):
        kept = get(UUID(path.parent.name))
        if kept is not None:
            yield kept


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"
