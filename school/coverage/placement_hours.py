"""Hours of placements as figures: how soon they are decided, and how they stand against the band, without names."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any

from django.db import connection

from placements.turnaround import WITHIN, WITHIN_LONGER, Turnaround, tally
from school.core import days
from school.core.engine import minutes_between
from school.coverage import terms
from school.coverage.states import Question
from school.coverage.workforce import rows

DECIDED = (
    f"Decided in time: from the day hours are sent to the first decision (confirm, query, reject) within {WITHIN} working "
    "days, Monday to Friday less England’s bank holidays; the day sent is day 0, and an answer to a query starts anew. "
    "What is still open past the limit is late; what is open inside it stands apart. Counted is what was sent in the "
    "twelve months up to the day; a site’s figure is shown from five judged items on."
)
BANDED = (
    "Counted hours: clinical, confirmed by the site, brought forward from paper once the last of their days has come, "
    "or adjusted by two people. Each student with counted hours in a year of the programme stands below, in or over "
    "that year’s band with all their hours of the year; at a site, whoever has counted hours there. Hours of a site "
    "are those worked there. As known on a day: without what was recorded later."
)


@dataclass(frozen=True, slots=True)
class Decided:
    """How soon a site decided, or with None all of them: within 5 and within 7 working days."""

    site: int | None
    within: Turnaround
    within_longer: Turnaround


def decided(asked: Question) -> list[Decided]:
    """All sites together, then each with an item; one query, of which days and counts come back."""
    first = """SELECT MIN(d.entry_id) FROM placements_shiftdecision d JOIN core_ledgerentry k ON k.id = d.entry_id
      WHERE d.shift_id = s.entry_id AND k.known_from <= %(known_on)s"""
    within = (
        "e.known_from <= %(known_on)s AND e.known_from > %(since)s AND e.known_from <= %(as_of)s"
    )
    sql = f"""
WITH item AS (
  SELECT s.site_id AS site, e.known_from AS sent, ({first}) AS decision,
         CASE WHEN EXISTS (
           SELECT 1 FROM placements_shift l JOIN core_ledgerentry k ON k.id = l.entry_id
           WHERE l.supersedes_id = s.entry_id AND k.known_from <= %(known_on)s
         ) THEN 1 ELSE 0 END AS corrected
  FROM placements_shift s JOIN core_ledgerentry e ON e.id = s.entry_id
  WHERE NOT s.withdrawn AND {within}{terms.among("s.site_id", "s", asked.sites)}
  UNION ALL
  SELECT s.site_id, e.known_from, ({first} AND d.entry_id > r.entry_id), 0
  FROM placements_queryreply r JOIN core_ledgerentry e ON e.id = r.entry_id
  JOIN placements_shiftdecision q ON q.entry_id = r.decision_id
  JOIN placements_shift s ON s.entry_id = q.shift_id
  WHERE {within}{terms.among("s.site_id", "s", asked.sites)}
)
SELECT i.site, i.sent, k.known_from, COUNT(*)
FROM item i LEFT JOIN core_ledgerentry k ON k.id = i.decision
WHERE i.decision IS NOT NULL OR i.corrected = 0
GROUP BY i.site, i.sent, k.known_from"""
    items: dict[int | None, list[Any]] = defaultdict(list)
    for site, sent, done, number in rows(asked, sql):
        came, gone = terms.day_of(sent), terms.day_of(done)
        assert came is not None
        # An import may say of a decision that it was known before the hours were.
        pair = (_instant(came), _instant(max(came, gone)) if gone else None)
        items[site] += repeat(pair, number)
        items[None] += repeat(pair, number)
    return [
        Decided(
            site,
            tally(pairs, asked.known_on),
            tally(pairs, asked.known_on, WITHIN_LONGER),
        )
        for site, pairs in sorted(items.items(), key=lambda one: (one[0] is not None, one[0]))
    ]


def _instant(day: date) -> Any:
    return days.start_of_day(day)


@dataclass(frozen=True, slots=True)
class Banded:
    """Students of a cohort or at a site in a year of the programme, against its band, in minutes."""

    group: int
    year: int
    students: int
    below: int
    inside: int
    over: int
    minutes: int
    low: int
    high: int


def banded(asked: Question) -> tuple[list[Banded], list[Banded]]:
    """The same students by cohort and by site, each by year; one query."""
    sites = terms.among("c.site", "s", asked.sites)
    sums = """COUNT(DISTINCT t.enrolment), COUNT(DISTINCT CASE WHEN t.minutes < g.minimum_minutes THEN t.enrolment END),
  COUNT(DISTINCT CASE WHEN t.minutes BETWEEN g.minimum_minutes AND g.maximum_minutes THEN t.enrolment END),
  COUNT(DISTINCT CASE WHEN t.minutes > g.maximum_minutes THEN t.enrolment END),
  SUM(c.minutes), MIN(g.minimum_minutes), MAX(g.maximum_minutes)
FROM counted c JOIN total t ON t.enrolment = c.enrolment AND t.stage = c.stage
JOIN placements_stage g ON g.id = c.stage JOIN placements_enrolment n ON n.id = c.enrolment"""
    known = "e.known_from <= %(known_on)s"
    sql = f"""
WITH counted AS (
  SELECT p.enrolment_id AS enrolment, p.stage_id AS stage, s.site_id AS site,
         {minutes_between(connection, 's."start"', 's."end"')} - s.break_minutes AS minutes
  FROM placements_shift s JOIN core_ledgerentry e ON e.id = s.entry_id
  JOIN placements_placement p ON p.id = s.placement_id
  JOIN placements_daytype y ON y.id = s.day_type_id
  JOIN placements_shiftdecision d ON d.shift_id = s.entry_id AND d.outcome = 'confirmed'
  JOIN core_ledgerentry f ON f.id = d.entry_id AND f.known_from <= %(known_on)s
  WHERE NOT s.withdrawn AND y.stage_part = 'clinical' AND {known} AND e.about_from <= %(as_of)s
        {terms.standing("placements_shift", "s")} {terms.standing("placements_shiftdecision", "d")}
  UNION ALL
  SELECT b.enrolment_id, b.stage_id, b.site_id, b.minutes
  FROM placements_broughtforward b JOIN core_ledgerentry e ON e.id = b.entry_id
  WHERE b.part = 'clinical' AND {known} AND COALESCE(e.about_to, e.about_from) <= %(as_of)s
        {terms.standing("placements_broughtforward", "b")}
  UNION ALL
  SELECT a.enrolment_id, a.stage_id, NULL, a.minutes
  FROM placements_adjustment a JOIN core_ledgerentry e ON e.id = a.entry_id
  WHERE {known} AND COALESCE(e.about_to, e.about_from) <= %(as_of)s
), total AS (
  SELECT c.enrolment, c.stage, SUM(c.minutes) AS minutes FROM counted c GROUP BY c.enrolment, c.stage
)
SELECT 'cohort', n.cohort_id, g.year, {sums} WHERE 1 = 1{sites} GROUP BY n.cohort_id, g.year
UNION ALL
SELECT 'site', c.site, g.year, {sums} WHERE c.site IS NOT NULL{sites} GROUP BY c.site, g.year
ORDER BY 1, 2, 3"""
    found: dict[str, list[Banded]] = {"cohort": [], "site": []}
    for sort, *rest in rows(asked, sql):
        found[sort].append(Banded(*(int(one) for one in rest)))
    return found["cohort"], found["site"]
