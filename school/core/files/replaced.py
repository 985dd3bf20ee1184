"""Rows of an older file that comes again: what they say was said before, and a later one took its place."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar

from school.core.models import Fact

F = TypeVar("F", bound=Fact)


class Replaced(Generic[F]):
    """The facts of a kind that another superseded; read once, when the first row asks.

    A history lies in several files where its source corrected something later. Loaded again from the first
    file on, it must not undo the later ones on the way.
    """

    def __init__(self, kind: type[F]) -> None:
        self._kind = kind

    @cached_property
    def _rows(self) -> dict[int, F]:
        rows: Any = self._kind._default_manager.filter(superseded_by__isnull=False)
        return {row.pk: row for row in rows}

    def holds(self, held: F, recorded_on: date | None, says: Callable[[F], bool]) -> bool:
        """Whether what is held took the place of what a row says again, recorded on the row's own, earlier day."""
        if recorded_on is None or recorded_on >= held.entry.known_from:
            return False
        one: Any = held
        while one.supersedes_id is not None:
            one = self._rows[one.supersedes_id]
            if one.entry.known_from == recorded_on and says(one):
                return True
        return False
