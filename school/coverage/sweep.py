"""The two figures as of many days at once, at the cost of a few.

Most people on most days are plain: they hold one post and are neither exempt, nor away for long, nor in their grace. Of
them both figures say the same, and what they had changes on few days: spans are counted, not days, by the first and the last of
the days asked about that lie in them. Whoever is special on a day is taken out of that count again and is counted as a question
about the day alone counts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from django.db import connection

from school.core.engine import days_after, earliest, latest
from school.core.share import Share
from school.coverage import terms
from school.coverage.figures import Policy
from school.coverage.states import (
    KNOWN,
    POST,
    Question,
    asks,
    long_away,
    of_posts,
    rows,
    states_sql,
)


@dataclass(frozen=True, slots=True)
class Point:
    """The two figures of everybody for one requirement on one day."""

    requirement: int
    adjusted: Share
    headcount: Share

    def share(self, policy: Policy) -> Share:
        """One of them."""
        return self.adjusted if policy is Policy.ADJUSTED else self.headcount


def over_days(question: Question, days: Sequence[date]) -> dict[date, list[Point]]:
    """The figures of everybody by requirement as of each of several days, as known on the question's; one query.

    The same that the tallies of each day alone say. `days` in their order, each once; the question's own day is not asked about.
    """
    found = _Counts(days)
    values = {f"d{place}": day for place, day in enumerate(days)}
    for part, as_of, requirement, *numbers in rows(question, _sql(question, len(days)), values):
        if part == 2:
            found.special(terms.day_of(as_of), requirement, *numbers)
        else:
            found.span(part, requirement, *numbers[:3])
    return found.points()


class _Counts:
    """What is added up, by requirement and day: everybody asked, in date, and the same of the adjusted figure."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = {day: place for place, day in enumerate(days)}
        # Who begins and ceases to be asked, and to be in date, by the place of the day.
        self.changes: dict[int, tuple[list[int], list[int]]] = {}
        self.others: dict[tuple[int, int], list[int]] = {}

    def span(self, part: int, requirement: int, first: int, last: int, people: int) -> None:
        """So many people were asked, or in date, on the days from one to another."""
        if first > last:
            return
        size = len(self.days) + 1
        if requirement not in self.changes:
            self.changes[requirement] = ([0] * size, [0] * size)
        self.changes[requirement][part][first] += people
        self.changes[requirement][part][last + 1] -= people

    def special(self, day: date, requirement: int, *numbers: int) -> None:
        """Of the special people of a day: how many stand in the spans, and how many count."""
        spans, held, asked, in_date, counted, adjusted = numbers
        self.others[requirement, self.days[day]] = [
            asked - spans, in_date - held, counted - spans, adjusted - held,
        ]  # fmt: skip

    def points(self) -> dict[date, list[Point]]:
        """The figures of each day."""
        found: dict[date, list[Point]] = {day: [] for day in self.days}
        for requirement, changes in sorted(self.changes.items()):
            asked, in_date = (list(accumulate(one)) for one in changes)
            for day, place in self.days.items():
                if asked[place]:
                    more = self.others.get((requirement, place), [0, 0, 0, 0])
                    headcount = Share(in_date[place] + more[1], asked[place] + more[0])
                    adjusted = Share(in_date[place] + more[3], asked[place] + more[2])
                    found[day].append(Point(requirement, adjusted, headcount))
        return found


def _sql(question: Question, days: int) -> str:
    grace = days_after(connection, "b.starts", "(SELECT MAX(grace_days) FROM in_force)")
    special = f"""grace AS MATERIALIZED (
  SELECT b.person, b.starts, b.ends, {grace} AS until FROM begun b
), long AS MATERIALIZED (
  SELECT n.person, {long_away("n.starts")} AS starts, n.ends FROM since n
), twice AS MATERIALIZED (
  SELECT DISTINCT d.as_of, m.person FROM term m CROSS JOIN term o CROSS JOIN day d
  WHERE o.person = m.person AND o.term > m.term AND m.starts <= d.as_of AND m.ends >= d.as_of AND o.starts <= d.as_of AND o.ends >= d.as_of
), special AS (
  SELECT d.as_of, n.person FROM long n JOIN day d ON n.starts <= d.as_of AND n.ends >= d.as_of
  UNION SELECT x.as_of, x.person FROM exempt x
  UNION SELECT d.as_of, b.person FROM grace b JOIN day d ON b.starts <= d.as_of AND b.ends >= d.as_of AND b.until > d.as_of
  UNION SELECT as_of, person FROM twice
), post AS MATERIALIZED (
  SELECT {POST}
  FROM special d JOIN term m ON m.person = d.person AND m.starts <= d.as_of AND m.ends >= d.as_of
  JOIN people_jobrole r ON r.id = m.job_role JOIN people_site s ON s.id = m.site
  WHERE 1 = 1{of_posts(question, "m")}
)"""
    last = days - 1
    return f"""{states_sql(question, days, special)}, spell AS MATERIALIZED (
  SELECT m.person, m.site, m.job_role, m.crew, r.staff_group, s.network_region AS region,
         CASE WHEN EXISTS (SELECT 1 FROM coverage_whom w WHERE w.person_id = m.person) THEN m.person ELSE 0 END AS named,
         {_first("m.starts", days)} AS first, {_last("m.ends", days)} AS last
  FROM term m JOIN people_jobrole r ON r.id = m.job_role JOIN people_site s ON s.id = m.site
  WHERE 1 = 1{of_posts(question, "m")}
), worked AS MATERIALIZED (
  SELECT t.*, DENSE_RANK() OVER (ORDER BY t.site, t.job_role, t.crew, t.named) AS profile FROM spell t ORDER BY t.person
), reign AS MATERIALIZED (
  SELECT v.version, v.requirement, MIN({_first("v.as_of", days)}) AS first, MAX({_last("v.as_of", days)}) AS last
  FROM in_force v GROUP BY v.version, v.requirement
), asking AS MATERIALIZED (
  SELECT v.version, v.requirement, v.first, v.last, p.profile
  FROM reign v CROSS JOIN (
    SELECT DISTINCT profile, site, job_role, crew, staff_group, region, named AS person FROM worked
  ) p WHERE {asks("p")}
), span AS MATERIALIZED (
  SELECT k.version, k.requirement, t.person, {latest(connection, "k.first", "t.first")} AS first,
         {earliest(connection, "k.last", "t.last")} AS last
  FROM reign v CROSS JOIN worked t CROSS JOIN asking k
  WHERE k.version = v.version AND k.profile = t.profile AND k.first <= t.last AND t.first <= k.last
) SELECT 0 AS part, CAST(NULL AS date) AS as_of, s.requirement, s.first, s.last, COUNT(*) AS people, 0 AS asked, 0 AS in_date, 0 AS adjusted
FROM span s GROUP BY s.requirement, s.first, s.last
UNION ALL
SELECT 1, CAST(NULL AS date), s.requirement, {latest(connection, "s.first", _first("h.starts", days))},
       {earliest(connection, "s.last", _last("h.ends", days), _last("h.expires", days))}, COUNT(*), 0, 0, 0
FROM span s CROSS JOIN coverage_satisfied h
WHERE h.version_id = s.version AND h.person_id = s.person AND h.starts <= %(d{last})s
      AND (h.ends IS NULL OR h.ends >= %(d0)s) AND (h.expires IS NULL OR h.expires >= %(d0)s) AND {KNOWN}
GROUP BY 3, 4, 5
UNION ALL
SELECT 2, s.as_of, s.requirement, COUNT(*), SUM(s.held), {_people("1 = 1")}, {_people("s.state = 'in_date'")},
       {_people("s.away = 0 AND s.state IN ('in_date', 'expired', 'missing')")},
       {_people("s.away = 0 AND s.state = 'in_date'")}
FROM state s LEFT JOIN twice w ON w.as_of = s.as_of AND w.person = s.person GROUP BY s.as_of, s.requirement"""


def _people(condition: str) -> str:
    """The SQL of how many people there are of whom something holds; only who holds two posts has to be told apart."""
    return (
        f"SUM(CASE WHEN w.person IS NULL AND {condition} THEN 1 ELSE 0 END) + "
        f"COUNT(DISTINCT CASE WHEN {condition} THEN w.person END)"
    )


def _first(day: str, days: int) -> str:
    """The SQL of the place of the first day asked about that is not before a day."""
    return _place(day, "<=", 0, days)


def _last(day: str, days: int) -> str:
    """The SQL of the place of the last day asked about that is not after a day; of the last one where there is none."""
    return f"({_place(day, '<', 0, days)} - 1)"


def _place(day: str, compared: str, first: int, last: int) -> str:
    """How many of the days asked about lie before a day, by halving; all of them where it is none."""
    if first == last:
        return str(first)
    middle = (first + last) // 2
    before, after = (_place(day, compared, *ends) for ends in ((first, middle), (middle + 1, last)))
    return f"CASE WHEN {day} {compared} %(d{middle})s THEN {before} ELSE {after} END"
