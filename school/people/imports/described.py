"""The people and the terms of posts that a file of staff describes, beside those that are held."""

from datetime import date
from typing import Any

from school.core.files import cells
from school.core.files.replaced import Replaced
from school.core.files.rows import Numbered
from school.people.imports.matching import People
from school.people.imports.persons import differences
from school.people.imports.staff_row import StaffRow
from school.people.models import Person, Post, PostTerm, Site

OF_PERSON = ("name", "email", "staff_identifier", "regulator", "registration_number")


class Someone:
    """One person as all of their rows together describe them; `person` is there once they were met."""

    __slots__ = ("edits", "held", "person", "rows", "said")
    person: Person

    def __init__(self, rows: list[Numbered[StaffRow]]) -> None:
        self.rows = rows
        self.said: dict[str, str] = {
            name: value
            for numbered in rows
            for name in OF_PERSON
            if (value := getattr(numbered.row, name)) is not None
        }
        self.held: Person | None = None
        self.edits: dict[str, str] = {}

    def meet(self, held: Person | None, people: People) -> None:
        """Settles whether the person is held, and what the file says differently."""
        self.held = held
        if held is None:
            self.person = Person(**self.said)
            return
        self.person = held
        self.edits = differences(people, held, self.said)


class Term:
    """One term of a post as a row describes it."""

    __slots__ = ("manager", "number", "post", "row", "same", "site", "someone", "supersedes")

    def __init__(self, numbered: Numbered[StaffRow], someone: Someone, site: Site) -> None:
        self.number, self.row, self.someone, self.site = (
            numbered.number,
            numbered.row,
            someone,
            site,
        )
        self.post: Post | None = None
        self.manager: Someone | Person | None = None
        self.supersedes: PostTerm | None = None
        self.same = False

    def key(self) -> tuple[Any, date | None]:
        """What tells the term from others in the file."""
        return (self.row.post or id(self.someone), self.row.starts)

    def judge(self, held: PostTerm | None, replaced: Replaced[PostTerm]) -> None:
        """Compares with the term that is held of the same post and day, and with those that it took the place of."""
        if held is None:
            return
        self.same = self._says(held) or replaced.holds(held, self.row.recorded_on, self._says)
        self.supersedes = None if self.same else held

    def _says(self, held: PostTerm) -> bool:
        row = self.row
        manager = self.manager.person if isinstance(self.manager, Someone) else self.manager
        return (
            cells.folded(held.job_role.title) == cells.folded(row.job_role or "")
            and held.site_id == self.site.pk
            and held.whole_time_hundredths == row.hundredths
            and held.crew == (row.crew or PostTerm.Crew.STATIC)
            and held.line_manager_id == (manager.pk if manager else None)
            and held.entry.about_to == row.ends
        )
