"""Posts as they were known on a day, and what of their days hangs together: pieces of SQL that reports share.

Every piece asks of `%(known_on)s`, and `placed` of `%(as_of)s`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from school.core.engine import days_after

# What an interval without a last day ends with.
FOR_EVER = "9000-01-01"


def standing(table: str, row: str) -> str:
    """Whose row nothing superseded, as it was known."""
    return (
        f"AND {row}.entry_id NOT IN (SELECT l.supersedes_id FROM {table} l "
        f"JOIN core_ledgerentry k ON k.id = l.entry_id "
        f"WHERE l.supersedes_id IS NOT NULL AND k.known_from <= %(known_on)s)"
    )


def among(column: str, letter: str, wanted: Sequence[int]) -> str:
    """A column is one of some keys, of any when there are none; `keyed` gives the parameters."""
    names = ", ".join(f"%({letter}{place})s" for place in range(len(wanted)))
    return f" AND {column} IN ({names})" if wanted else ""


def keyed(letter: str, wanted: Sequence[int]) -> Mapping[str, int]:
    """The parameters of `among`."""
    return {f"{letter}{place}": key for place, key in enumerate(wanted)}


def day_of(value: Any) -> Any:
    """A day, or none, as the driver gives it: SQLite gives text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


# Of merged people the one who is kept.
MERGED = """merged AS (
  SELECT m.merged_id, m.kept_id FROM people_personmerge m
  WHERE NOT m.undone
        AND m.entry_id NOT IN (SELECT l.supersedes_id FROM people_personmerge l WHERE l.supersedes_id IS NOT NULL)
)"""


def terms_of(whom: str) -> str:
    """The common table expressions of the terms of some people's posts, each of whom it is; `whom` is a condition on the person's key."""
    return f"""{MERGED}, term AS (
  SELECT COALESCE(g.kept_id, q.person_id) AS person, t.entry_id AS term, t.site_id AS site, t.job_role_id AS job_role, t.crew,
         t.whole_time_hundredths AS hundredths, e.about_from AS starts,
         COALESCE(e.about_to, '{FOR_EVER}') AS ends
  FROM people_postterm t
  JOIN core_ledgerentry e ON e.id = t.entry_id
  JOIN people_post q ON q.id = t.post_id
  LEFT JOIN merged g ON g.merged_id = q.person_id
  WHERE e.known_from <= %(known_on)s {standing("people_postterm", "t")}{whom}
)"""


# Those of everybody.
TERMS = terms_of("")


def placed(sites: Sequence[int]) -> str:
    """The terms that had begun at some sites, at any when there are none, each with the groups it belongs to."""
    return f"""placed AS (
  SELECT m.*, r.staff_group, s.network_region AS region, s.organisation_id AS organisation
  FROM term m JOIN people_jobrole r ON r.id = m.job_role JOIN people_site s ON s.id = m.site
  WHERE m.starts <= %(as_of)s{among("m.site", "s", sites)}
)"""


def unbroken(table: str, by: str = "person") -> str:
    """The runs of intervals between which no day lies: of each person, or by other columns."""
    after = days_after(connection, "i.before", "1")
    return f"""
  SELECT {by}, MIN(r.starts) AS starts, MAX(r.ends) AS ends FROM (
    SELECT i.*, SUM(CASE WHEN i.before IS NULL OR i.starts > {after} THEN 1 ELSE 0 END)
             OVER (PARTITION BY {by} ORDER BY i.starts, i.ends ROWS UNBOUNDED PRECEDING) AS run
    FROM (
      SELECT o.*, MAX(o.ends) OVER (
        PARTITION BY {by} ORDER BY o.starts, o.ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS before FROM {table} o
    ) i
  ) r GROUP BY {by}, r.run"""
