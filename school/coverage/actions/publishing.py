"""Versions of requirements written: the one way, whether they come from a file or from a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from school.core import clock, ledger
from school.core.errors import Conflict
from school.core.files.importing import REMEDY_MOVED
from school.core.models import Book
from school.courses.models import Course
from school.coverage import whom
from school.coverage.models import Accepted, Requirement, RequirementVersion, Whom
from school.people.network import network_book


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a version of a requirement says from a day on; `rule` are the columns of its renewal, target and source.

    `radiation` is none where nothing is said of it. `groups` are columns of Whom, none of them everybody in post. `before` is the version that it corrects.
    """

    code: str
    name: str
    radiation: bool | None = None
    groups: Sequence[Mapping[str, Any]]
    courses: Sequence[Course]
    rule: Mapping[str, Any]
    starts: date
    ends: date | None = None
    known_from: date | None = None
    before: RequirementVersion | None = None
    uuid: UUID = field(default_factory=uuid4)

    @property
    def columns(self) -> dict[str, Any]:
        """All that the version says, by its columns."""
        return {
            **self.rule,
            "whom": whom.written(self.groups),
            "courses": ",".join(sorted(course.code for course in self.courses)),
        }

    @property
    def says_other(self) -> bool:
        """Whether what it asks is not what the version before asks; what the requirement is called is no part of it."""
        return self.before is None or not self.says(self.before)

    def is_called(self, requirement: Requirement) -> bool:
        """Whether a requirement has its name already, and is of radiation or not as it says."""
        same = self.radiation is None or requirement.radiation == self.radiation
        return same and requirement.name == self.name

    def says(self, held: RequirementVersion) -> bool:
        """Whether a version that is held asks the same."""
        return held.entry.about_to == self.ends and all(
            getattr(held, name) == value for name, value in self.columns.items()
        )


def versions_held() -> dict[tuple[str, date], RequirementVersion]:
    """The versions that stand, by code and first day."""
    rows = RequirementVersion.objects.standing().select_related("requirement")
    return {(row.requirement.code, row.entry.about_from): row for row in rows}


def write_versions(wanted: Sequence[Asking], *, by: UUID) -> list[RequirementVersion]:
    """Writes versions into the network's book, in their order, and what their requirements are; gives those that say other than before.

    Raises Conflict when a version of the same requirement and first day came meanwhile.
    """
    book = network_book()
    with ledger.writing(book) as pen:
        held = versions_held()
        if any(held.get((one.code, one.starts)) != one.before for one in wanted):
            raise Conflict(REMEDY_MOVED)
        written = [_write(pen, book, one, by=by) for one in wanted]
    return [version for version in written if version is not None]


def _write(pen: ledger.Pen, book: Book, one: Asking, *, by: UUID) -> RequirementVersion | None:
    said = {"name": one.name, "radiation": bool(one.radiation)}
    requirement, _ = Requirement.objects.get_or_create(code=one.code, defaults=said)
    if not one.is_called(requirement):
        requirement.name = one.name
        if one.radiation is not None:
            requirement.radiation = one.radiation
        requirement.save()
    if not one.says_other:
        return None
    version = RequirementVersion(requirement=requirement, supersedes=one.before, **one.columns)
    draft = ledger.Draft(
        fact=version,
        book=book,
        about_from=one.starts,
        about_to=one.ends,
        uuid=one.uuid,
        known_from=one.known_from or clock.today(),
    )
    pen.append([draft], by=by)
    Whom.objects.bulk_create(Whom(version=version, **group) for group in one.groups)
    Accepted.objects.bulk_create(Accepted(version=version, course=course) for course in one.courses)
    return version
