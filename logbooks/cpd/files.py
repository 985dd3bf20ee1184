"""Where the files of CPD lie, and how long those are kept that wait for their owner."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django_tasks import task

from logbooks.cpd.models import Evidence, Profile
from school.core import documents
from school.core.evidence import KINDS

# The file of a piece of evidence is named by its UUID, those of a frozen profile by its code.
EVIDENCE_FOLDER = "cpd-evidence"
PROFILE_FOLDER = "cpd-profiles"
# Copies to take away, records that were brought, and files of other tools.
COPIES_FOLDER = "cpd-copies"
BROUGHT_FOLDER = "cpd-brought"
IMPORTS_FOLDER = "cpd-imports"
# What was asked to be frozen: the words stand in no queue. Whatever ends badly leaves them here.
ASKED_FOLDER = "cpd-asked"
KEPT_DAYS = 7

# The three files of a frozen profile, by how their names end.
PROFILE_FILES = ("json", "pdf", "zip")


def evidence_file(evidence: Evidence) -> bytes | None:
    """The file of a piece of evidence; none when it is gone or is not what was kept."""
    return documents.kept(EVIDENCE_FOLDER, str(evidence.uuid), evidence.digest)


def profile_file(profile: Profile, ending: str) -> bytes | None:
    """A file of a frozen profile; none when it is gone or is not what was frozen."""
    digest = getattr(profile, f"{ending}_digest")
    return documents.kept(PROFILE_FOLDER, f"{profile.code}.{ending}", digest)


def ending_of(content_type: str) -> str:
    """How the name of a file of a kind ends."""
    return next(ending for _, kind, ending in KINDS if kind == content_type)


@contextmanager
def kept_whole(folder: str, name: str) -> Iterator[BinaryIO]:
    """A file to write a large thing to, piece by piece: kept whole at the end, or not at all."""
    path = documents.path_of(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f"{path.name}.part")
    try:
        with half.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


@task()
def clear_old() -> int:
    """Removes the files that waited for a week; gives how many."""
    folders = (COPIES_FOLDER, BROUGHT_FOLDER, IMPORTS_FOLDER, ASKED_FOLDER)
    return sum(documents.clear_old(folder, KEPT_DAYS) for folder in folders)
