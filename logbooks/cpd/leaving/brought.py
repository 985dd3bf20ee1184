"""A ZIP that somebody brings: kept for a week for them alone, and looked through in the background."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from logbooks.cpd import files
from logbooks.cpd.leaving.compared import said_against
from logbooks.cpd.leaving.unpacked import Archive, Refused, unpacked
from school.core import documents, progress
from school.core.models import Progress
from school.people.models import Person

TITLE = "Looking through the CPD record you sent"


@dataclass(frozen=True, slots=True)
class Brought:
    """A ZIP that was looked through: where it lies, and what is wrong with its files and words, by the UUID of what they belong to."""

    path: Path
    faults: dict[str, str]

    @contextmanager
    def open(self) -> Iterator[Archive]:
        """The ZIP, open. Raises Refused."""
        with unpacked(self.path) as archive:
            yield archive


def keep(*, by: Person, pieces: Iterable[bytes]) -> Progress:
    """Keeps a ZIP in place of one that the person sent before, and queues looking through it."""
    for before in Progress.objects.filter(owner=by.uuid, title=TITLE):
        for name in (_zip(before.uuid), _faults(before.uuid)):
            documents.path_of(files.BROUGHT_FOLDER, name).unlink(missing_ok=True)
    work = progress.start(owner=by.uuid, title=TITLE, total=1)
    with files.kept_whole(files.BROUGHT_FOLDER, _zip(work.uuid)) as file:
        for piece in pieces:
            file.write(piece)
    with transaction.atomic():
        look_through.enqueue(str(work.uuid))
    return work


def get(owner: UUID, key: UUID) -> Brought | None:
    """A ZIP that the owner brought and that was looked through; none of another's, or when it is gone."""
    if not Progress.objects.filter(uuid=key, owner=owner, title=TITLE).exists():
        return None
    path = documents.path_of(files.BROUGHT_FOLDER, _zip(key))
    try:
        said = documents.path_of(files.BROUGHT_FOLDER, _faults(key)).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Brought(path, json.loads(said)) if path.exists() else None


@task()
def look_through(work: str) -> None:
    """Looks at every file and word of a ZIP; run again after a kill it starts anew."""
    key = UUID(work)
    path = documents.path_of(files.BROUGHT_FOLDER, _zip(key))
    try:
        with unpacked(path) as archive:
            faults = _look(archive, key)
    except (Refused, FileNotFoundError) as error:
        path.unlink(missing_ok=True)
        said = error.message if isinstance(error, Refused) else "The file is gone. Send it again."
        progress.fail(key, said[:500], link=reverse("cpd_bring"))
        return
    documents.keep(files.BROUGHT_FOLDER, _faults(key), json.dumps(faults).encode())
    said = "Nothing is written yet. See what would come in."
    progress.finish(key, said, link=reverse("cpd_brought", args=[key]))


def _look(archive: Archive, key: UUID) -> dict[str, str]:
    record = archive.record
    evidence = [one for activity in record.activities for one in activity.evidence]
    total = len(evidence) + len(record.profiles) + 1
    progress.move(key, 0, total=total, message="Reading the words")
    faults = said_against(record)
    for number, one in enumerate(evidence, start=1):
        if fault := archive.evidence_fault(one):
            faults[str(one.uuid)] = fault
        if number % 10 == 0:
            progress.move(key, number, message="Looking at the files")
    for profile in record.profiles:
        if fault := archive.profile_fault(profile):
            faults[str(profile.uuid)] = fault
    return faults


def _zip(key: UUID) -> str:
    return f"{key}.zip"


def _faults(key: UUID) -> str:
    return f"{key}.json"
