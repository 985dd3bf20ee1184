"""Who is in date: the state of every person in post for every requirement asked of them, on a day, as known on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from school.core.engine import days_after
from school.coverage import standing

# Somebody away for so many days, as_of included, is left out of the adjusted figure.
LONG_ABSENCE_DAYS = 28


class State(StrEnum):
    """Where somebody in post stands with a requirement asked of them; of several the first that holds."""

    EXEMPT = "exempt"
    IN_DATE = "in_date"
    IN_GRACE = "in_grace"
    EXPIRED = "expired"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which day, and as it was known at the end of which; of all requirements and sites unless named."""

    as_of: date
    known_on: date
    requirements: Sequence[int] = ()
    sites: Sequence[int] = ()


# The columns by which people can be counted: each of the post because of which a requirement is asked.
GROUPS = ("site", "region", "job_role", "staff_group", "crew", "organisation")


@dataclass(frozen=True, slots=True)
class Line:
    """One person and one requirement: the state, and whether they are long away; `expires` where they had it."""

    person: int
    requirement: int
    version: int
    site: int
    state: State
    expires: date | None
    away: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a group, and of a requirement, are in a state; `away` are those of them who are long away."""

    group: Any
    requirement: int
    state: State
    people: int
    away: int


def lines(question: Question) -> Iterator[Line]:
    """Every person, requirement and site of a question, ordered by them; one query after the kept state is brought up."""
    sql = f"{_states(question)} SELECT person, requirement, version, site, state, expires, away FROM state ORDER BY 1, 2, 4"
    for person, requirement, version, site, state, expires, away in _rows(question, sql):
        yield Line(person, requirement, version, site, State(state), _day(expires), bool(away))


def tallies(question: Question, by: str = "") -> list[Tally]:
    """The counts by group and requirement; without a group, of everybody once each however many posts they have.

    `by` is one of GROUPS. Raises ValueError for another.
    """
    if by and by not in GROUPS:
        raise ValueError(f"People are not counted by {by}.")
    columns = f"{by}, requirement, state" if by else "requirement, state"
    sql = (
        f"{_states(question)} SELECT {by or 'NULL'}, requirement, state, COUNT(DISTINCT person), "
        "COUNT(DISTINCT CASE WHEN away = 1 THEN person END) "
        f"FROM state GROUP BY {columns} ORDER BY {columns}"
    )
    return [
        Tally(name, requirement, State(state), people, away)
        for name, requirement, state, people, away in _rows(question, sql)
    ]


def _rows(question: Question, sql: str) -> list[tuple[Any, ...]]:
    standing.bring_up()
    with connection.cursor() as cursor:
        cursor.execute(sql, _parameters(question))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _day(value: Any) -> date | None:
    """A day as the driver gives it: SQLite gives text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _parameters(question: Question) -> dict[str, Any]:
    return {
        "as_of": question.as_of,
        "known_on": question.known_on,
        "away_since": question.as_of - timedelta(days=LONG_ABSENCE_DAYS - 1),
        **{f"r{place}": key for place, key in enumerate(question.requirements)},
        **{f"s{place}": key for place, key in enumerate(question.sites)},
    }


def _among(column: str, letter: str, wanted: Sequence[int]) -> str:
    names = ", ".join(f"%({letter}{place})s" for place in range(len(wanted)))
    return f" AND {column} IN ({names})" if wanted else ""


def _states(question: Question) -> str:
    """The common table expressions up to `state`: a row for each person, requirement and post because of which it is asked."""
    of_requirements = _among("v.requirement_id", "r", question.requirements)
    of_sites = _among("p.site", "s", question.sites)
    return f"""
WITH merged AS (
  SELECT m.merged_id, m.kept_id FROM people_personmerge m
  WHERE NOT m.undone AND NOT EXISTS (SELECT 1 FROM people_personmerge l WHERE l.supersedes_id = m.entry_id)
), term AS (
  SELECT COALESCE(g.kept_id, q.person_id) AS person, t.site_id AS site, t.job_role_id AS job_role, t.crew,
         e.about_from AS starts, COALESCE(e.about_to, '9000-01-01') AS ends
  FROM people_postterm t
  JOIN core_ledgerentry e ON e.id = t.entry_id
  JOIN people_post q ON q.id = t.post_id
  LEFT JOIN merged g ON g.merged_id = q.person_id
  WHERE e.known_from <= %(known_on)s AND e.about_from <= %(as_of)s {_standing("people_postterm", "t")}
), post AS (
  SELECT DISTINCT m.person, m.site, m.job_role, m.crew, r.staff_group, s.network_region AS region,
         s.organisation_id AS organisation
  FROM term m JOIN people_jobrole r ON r.id = m.job_role JOIN people_site s ON s.id = m.site
  WHERE m.ends >= %(as_of)s
), begun AS ({_unbroken("term")}
), absent AS (
  SELECT COALESCE(g.kept_id, a.person_id) AS person, e.about_from AS starts,
         COALESCE(e.about_to, '9000-01-01') AS ends
  FROM people_absence a
  JOIN core_ledgerentry e ON e.id = a.entry_id
  LEFT JOIN merged g ON g.merged_id = a.person_id
  WHERE NOT a.cancelled AND e.known_from <= %(known_on)s AND e.about_from <= %(as_of)s
        {_standing("people_absence", "a")}
), since AS ({_unbroken("absent")}
), ruled AS (
  SELECT v.entry_id AS version, v.requirement_id AS requirement, v.grace_days, e.about_to,
         ROW_NUMBER() OVER (PARTITION BY v.requirement_id ORDER BY e.about_from DESC, e.id DESC) AS place
  FROM coverage_requirementversion v JOIN core_ledgerentry e ON e.id = v.entry_id
  WHERE e.known_from <= %(known_on)s AND e.about_from <= %(as_of)s
        {_standing("coverage_requirementversion", "v")}{of_requirements}
), asked AS (
  SELECT v.version, v.requirement, v.grace_days, p.*
  FROM ruled v CROSS JOIN post p
  WHERE v.place = 1 AND (v.about_to IS NULL OR v.about_to >= %(as_of)s){of_sites} AND (
    NOT EXISTS (SELECT 1 FROM coverage_whom w WHERE w.version_id = v.version)
    OR EXISTS (
      SELECT 1 FROM coverage_whom w WHERE w.version_id = v.version
      AND (w.job_role_id IS NULL OR w.job_role_id = p.job_role)
      AND (w.site_id IS NULL OR w.site_id = p.site)
      AND (w.person_id IS NULL OR w.person_id = p.person)
      AND (w.region = '' OR w.region = p.region)
      AND (w.staff_group = '' OR w.staff_group = p.staff_group)
      AND (w.crew = '' OR w.crew = p.crew)
    )
  )
), exempt AS (
  SELECT DISTINCT COALESCE(g.kept_id, x.person_id) AS person, x.requirement_id AS requirement
  FROM coverage_exemption x
  JOIN core_ledgerentry e ON e.id = x.entry_id
  LEFT JOIN merged g ON g.merged_id = x.person_id
  WHERE NOT x.cancelled AND e.known_from <= %(known_on)s AND e.about_from <= %(as_of)s
        AND (e.about_to IS NULL OR e.about_to >= %(as_of)s) {_standing("coverage_exemption", "x")}
), state AS (
  SELECT a.person, a.requirement, a.version, a.site, a.job_role, a.crew, a.staff_group, a.region, a.organisation,
         h.expires,
         CASE WHEN n.starts <= %(away_since)s THEN 1 ELSE 0 END AS away,
         CASE WHEN x.person IS NOT NULL THEN 'exempt'
              WHEN h.id IS NOT NULL AND (h.expires IS NULL OR h.expires >= %(as_of)s) THEN 'in_date'
              WHEN {days_after(connection, "b.starts", "a.grace_days")} > %(as_of)s THEN 'in_grace'
              WHEN h.id IS NOT NULL THEN 'expired'
              ELSE 'missing' END AS state
  FROM asked a
  JOIN begun b ON b.person = a.person
  LEFT JOIN since n ON n.person = a.person
  LEFT JOIN exempt x ON x.person = a.person AND x.requirement = a.requirement
  LEFT JOIN coverage_satisfied h ON h.version_id = a.version AND h.person_id = a.person
       AND h.starts <= %(as_of)s AND (h.ends IS NULL OR h.ends >= %(as_of)s)
       AND h.known_from <= %(known_on)s AND (h.known_until IS NULL OR h.known_until > %(known_on)s)
)"""


def _standing(table: str, row: str) -> str:
    """Whose row nothing superseded, as it was known."""
    return (
        f"AND NOT EXISTS (SELECT 1 FROM {table} l JOIN core_ledgerentry k ON k.id = l.entry_id "
        f"WHERE l.supersedes_id = {row}.entry_id AND k.known_from <= %(known_on)s)"
    )


def _unbroken(table: str) -> str:
    """For each person of whose intervals one holds as_of: since when there was no day between."""
    before = days_after(connection, "o.before", "1")
    return f"""
  SELECT o.person, MAX(CASE WHEN o.before IS NULL OR o.starts > {before} THEN o.starts END) AS starts
  FROM (
    SELECT i.person, i.starts, i.ends, MAX(i.ends) OVER (
      PARTITION BY i.person ORDER BY i.starts, i.ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before FROM {table} i
  ) o GROUP BY o.person HAVING MAX(o.ends) >= %(as_of)s"""
