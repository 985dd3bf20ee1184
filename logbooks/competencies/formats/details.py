"""What a competency asks for, read from the words of a file: year, task, level, counts and subjects."""

import re
from collections.abc import Mapping

from logbooks.competencies.document import LONGEST, MOST_COUNTED, MOST_YEARS, ROLES, Count
from logbooks.competencies.formats.raw import Raw, RawCount, Said
from logbooks.competencies.schedule_3 import SUBJECTS

_SLUG = re.compile(r"[A-Za-z0-9_-]+")


def _whole(text: str, most: int) -> int | None:
    """A whole number from 1 to the most; none for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= most:
        return None
    return int(text)


class Details:
    """The fields of one entry; what is wrong with them is told. `levels` are the codes that the scale has, by what a file may call them."""

    def __init__(self, raw: Raw, said: Said, levels: Mapping[str, str]) -> None:
        self.raw, self.said, self.levels = raw, said, levels

    def _problem(self, name: str, words: str) -> None:
        self.said.problem(name, self.raw.where, words)

    def year(self) -> int | None:
        """The year of the stage."""
        year = _whole(self.raw.year, MOST_YEARS)
        if self.raw.year and year is None:
            self._problem("year", f"“{self.raw.year[:20]}” is no year from 1 to {MOST_YEARS}.")
        return year

    def task(self) -> str:
        """The code of the stage's task."""
        task = self.raw.task
        if task and (not _SLUG.fullmatch(task) or len(task) > LONGEST["task"]):
            self._problem("task", f"“{task[:60]}” is no code of a task.")
        return task

    def level(self) -> str:
        """The code of the level that is asked for."""
        asked = self.raw.level
        code = self.levels.get(asked) or self.levels.get(asked.casefold())
        if asked and code is None:
            self._problem("unknown-level", f"The scale has no level “{asked[:60]}”.")
        return code or ""

    def counts(self) -> tuple[Count, ...]:
        """The required counts, one for each role and type of examination."""
        counts: dict[tuple[str, str], Count] = {}
        for one in self.raw.counts:
            count = self._count(one)
            if count is None:
                continue
            key = count.role, count.examination
            first = counts.setdefault(key, count)
            if first is not count:
                counts[key] = max(first, count, key=lambda each: each.number)
                self.said.repair(
                    "duplicate-count",
                    self.raw.where,
                    "A count for one role and type is there twice; the higher one holds.",
                )
        return tuple(counts.values())

    def _count(self, one: RawCount) -> Count | None:
        number = _whole(one.number, MOST_COUNTED)
        type_is_code = _SLUG.fullmatch(one.examination or "any")
        if one.role not in ROLES:
            self._problem(
                "unknown-role", f"“{one.role[:40]}” is no role taken: {', '.join(ROLES)}."
            )
        elif number is None:
            self._problem("count", f"“{one.number[:20]}” is no count from 1 to {MOST_COUNTED}.")
        elif not type_is_code or len(one.examination) > LONGEST["examination"]:
            self._problem("examination", f"“{one.examination[:60]}” is no code of a type.")
        else:
            return Count(number, one.role, one.examination)
        return None

    def subjects(self) -> tuple[str, ...]:
        """The subjects of Schedule 3."""
        for code in self.raw.schedule_3:
            if code not in SUBJECTS:
                self._problem(
                    "unknown-subject", f"“{code[:40]}” is no subject of Schedule 3 known here."
                )
        return tuple(dict.fromkeys(self.raw.schedule_3))
