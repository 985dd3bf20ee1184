"""Who attended in a window, of those in post at its end: another figure than who is in date on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from school.core.share import Share
from school.coverage import terms
from school.coverage.states import GROUPS

DEFINITION = (
    "Attended in the window: of the people in post at its end, those who completed one of the courses on a day from "
    "its first to its last, by whatever way it came on record (an event, a module, an import, a paper that was "
    "accepted); who came in part, and what had been taken back, are not among them. Each person counts once. It says "
    "nothing of who is in date: somebody trained before the window counts here not at all, and somebody whose "
    "training lapsed within it does."
)


@dataclass(frozen=True, slots=True)
class Window:
    """Which courses, from which day to which, and as it was known at the end of which; at some sites, or at all."""

    first: date
    last: date
    known_on: date
    courses: Sequence[int]
    sites: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Attended:
    """A group's people in post at the window's end, and those of them who attended."""

    group: Any
    share: Share


def attended(window: Window, by: str = "site") -> tuple[Share, list[Attended]]:
    """The share of everybody and of each group; one query. `by` is one of GROUPS. Raises ValueError for another."""
    if by not in GROUPS:
        raise ValueError(f"People are not counted by {by}.")
    sql = f"""
WITH {terms.TERMS}, {terms.placed(window.sites)}, came AS (
  SELECT DISTINCT COALESCE(g.kept_id, a.person_id) AS person
  FROM courses_attainment a
  JOIN core_ledgerentry e ON e.id = a.entry_id
  JOIN courses_courseversion v ON v.id = a.course_version_id
  LEFT JOIN merged g ON g.merged_id = a.person_id
  WHERE e.about_from >= %(first)s AND e.about_from <= %(as_of)s AND e.known_from <= %(known_on)s
        {terms.among("v.course_id", "c", window.courses) or "AND 1 = 0"}
        {terms.standing("courses_attainment", "a")}
        AND NOT EXISTS (
          SELECT 1 FROM courses_attainmentvoid x JOIN core_ledgerentry k ON k.id = x.entry_id
          WHERE x.attainment_id = a.entry_id AND k.known_from <= %(known_on)s
        )
)
SELECT w.whole, CASE WHEN w.whole = 0 THEN p.{by} END AS name,
       COUNT(DISTINCT c.person), COUNT(DISTINCT p.person)
FROM placed p
CROSS JOIN (SELECT 0 AS whole UNION ALL SELECT 1) w
LEFT JOIN came c ON c.person = p.person
WHERE p.ends >= %(as_of)s
GROUP BY w.whole, CASE WHEN w.whole = 0 THEN p.{by} END
ORDER BY 1 DESC, 2"""
    asked: dict[str, Any] = {
        "first": window.first,
        "as_of": window.last,
        "known_on": window.known_on,
        **terms.keyed("c", window.courses),
        **terms.keyed("s", window.sites),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        rows = cursor.fetchall()
    groups = [Attended(name, Share(came, there)) for whole, name, came, there in rows if not whole]
    everybody = next((Share(came, there) for whole, _, came, there in rows if whole), Share(0, 0))
    return everybody, groups
