"""Figures of days to come, with what people have booked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from school.core.engine import as_day, day_of
from school.coverage import terms
from school.coverage.counting import Tally
from school.coverage.states import (
    Question,
    State,
    rows,
    states_sql,
)


@dataclass(slots=True)
class Ahead:
    """The counts of a day to come if nobody learns anything more, and if everybody attends what they booked.

    `lapses` are the lines of today in date that expire before the day, so that nobody still in date on it is among them.
    """

    then: list[Tally] = field(default_factory=list)
    booked: list[Tally] = field(default_factory=list)
    lapses: int = 0


def ahead(question: Question, days: Sequence[date]) -> dict[date, Ahead]:
    """What is to come by each of several days; one query."""
    parts = " UNION ALL ".join(
        f"SELECT {part} AS part, as_of, requirement, {state} AS state, COUNT(DISTINCT person) AS people, "
        f"COUNT(DISTINCT CASE WHEN away = 1 THEN person END) AS away FROM attended WHERE as_of <> {TODAY} "
        f"GROUP BY as_of, requirement, {state}"
        for part, state in enumerate(("state", "with_booked"))
    )
    sql = f"""{states_sql(question, len(days) + 1)}, {_places()}, attended AS (
  SELECT s.as_of, s.requirement, s.person, s.away, s.state,
         CASE WHEN s.state <> 'exempt' AND p.starts <= s.as_of THEN 'in_date' ELSE s.state END AS with_booked
  FROM state s LEFT JOIN place p ON p.person = s.person AND p.version = s.version
) {parts} UNION ALL
SELECT 2, d.as_of, 0, 'in_date', COUNT(*), 0
FROM day d JOIN state s ON s.as_of = {TODAY} AND s.state = 'in_date' AND s.expires < d.as_of
WHERE d.as_of <> {TODAY} GROUP BY d.as_of"""
    found = {day: Ahead() for day in days}
    values = _named([*days, question.as_of]) | {"today": question.as_of}
    for part, as_of, requirement, state, people, away in rows(question, sql, values):
        one = found[terms.day_of(as_of)]
        if part == 2:
            one.lapses = people
        else:
            told = one.booked if part else one.then
            told.append(Tally(None, requirement, State(state), people, away))
    return found


def booked(question: Question, people: Collection[int]) -> dict[tuple[int, int], date]:
    """The first day, from the question's on, when people have a place at a course that a version accepts; one query.

    By the keys of the person, under the one who is kept of merged ones, and of the version. Places as they are today.
    """
    if not people:
        return {}
    names = {f"b{place}": key for place, key in enumerate(people)}
    among = ", ".join(f"%({name})s" for name in names)
    sql = f"WITH {terms.MERGED}, {_places()} SELECT person, version, starts FROM place WHERE person IN ({among})"
    found = rows(question, sql, {"today": question.as_of, **names})
    return {(person, version): terms.day_of(starts) for person, version, starts in found}


TODAY = "%(today)s"


def _named(days: Sequence[date]) -> dict[str, date]:
    return {f"d{place}": day for place, day in enumerate(days)}


def _places() -> str:
    """Who has a place at a course that a version accepts, and the first day of it."""
    starts = day_of(connection, "v.starts")
    return f"""place AS (
  SELECT COALESCE(g.kept_id, b.person_id) AS person, c.version_id AS version, MIN({starts}) AS starts
  FROM courses_booking b
  JOIN courses_event v ON v.id = b.event_id
  JOIN courses_courseversion w ON w.id = v.version_id
  JOIN coverage_accepted c ON c.course_id = w.course_id
  LEFT JOIN merged g ON g.merged_id = b.person_id
  WHERE b.state = 'booked' AND {starts} >= {as_day(connection, TODAY)} GROUP BY 1, 2
)"""
