"""Files of marks from elsewhere: kept for a month for whoever sent them, and analysed each time they are looked at."""

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django_tasks import task

from logbooks.osces import mark_file
from logbooks.osces.analysis.marks import Group, Mark
from school.core import documents, progress
from school.core.errors import DomainError
from school.core.models import Progress
from school.core.tasks import KEPT_DAYS

FOLDER = "osce-marks"
# More would take seconds each time: `manage.py analyse_marks` takes any number.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """How marks are to be analysed: see `analysed.analyse`."""

    borderline: Fraction
    sem: Fraction
    group: Group


def keep(*, owner: UUID, name: str, data: bytes) -> UUID:
    """Keeps a file that was read without findings, and gives the key under which its owner finds it."""
    work = progress.start(owner=owner, title=name[:100], total=1)
    documents.keep(FOLDER, f"{work.uuid}.marks", data)
    progress.finish(work.uuid, f"The marks are kept for {KEPT_DAYS} days.")
    return work.uuid


def name_of(*, owner: UUID, key: UUID) -> str | None:
    """What the owner's file was called; none of another's, or when it is gone."""
    found = Progress.objects.filter(uuid=key, owner=owner).first()
    there = found is not None and documents.path_of(FOLDER, f"{key}.marks").exists()
    return found.title if found is not None and there else None


def marks(key: UUID) -> tuple[Mark, ...]:
    """The marks of a file that is kept."""
    return mark_file.read(documents.path_of(FOLDER, f"{key}.marks").read_bytes()).marks


def rule_not_too_many(found: tuple[Mark, ...]) -> None:
    """A page analyses what takes about a second."""
    if len(found) > MOST_ROWS:
        raise DomainError(
            f"The file has {len(found):,} rows; this page takes {MOST_ROWS:,}. "
            "Ask whoever runs the portal to use manage.py analyse_marks."
        )


def rule_grade_is_there(found: tuple[Mark, ...], borderline: Fraction) -> None:
    """The borderline grade lies among those that were given."""
    grades = sorted({one.grade for one in found if one.grade is not None})
    if grades and not grades[0] <= borderline <= grades[-1]:
        given = ", ".join(f"{float(one):g}" for one in grades)
        raise DomainError(f"The grades in the file are {given}.", field="borderline")


@task()
def clear_old() -> int:
    """Removes files that are a month old; gives how many."""
    return documents.clear_old(FOLDER, KEPT_DAYS)
