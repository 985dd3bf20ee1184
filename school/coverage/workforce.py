"""The workforce itself: people in post and their whole-time equivalents, who came and went, and the crews by month."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from school.core import days
from school.core.days import DAY
from school.core.engine import days_after
from school.coverage import states, terms
from school.coverage.states import GROUPS, Question

CONVENTIONS = (
    "In post on a day: from the first day to the last, which counts. Somebody with two posts counts once in each "
    "group they belong to and once in the total, so groups need not add up to it.",
    "Whole-time equivalents are the hundredths of all posts added up: two posts of one person count both.",
    "A starter’s first day, and the day after a leaver’s last, lie in the twelve months up to the day asked for. Both "
    "are of the network: whoever moves between sites, roles or crews without a day between is neither, so in a group "
    "starters less leavers need not be its growth. In the total they are.",
    "Growth compares with the same day a year before. As known on a day: without what was recorded later.",
)


def year_before(day: date) -> date:
    """The same day a year before; of 29 February the 28th."""
    return days.add_months(day, -12)


@dataclass(frozen=True, slots=True)
class Headcount:
    """A group on a day: people, whole-time hundredths, people by crew, and how that came in a year."""

    group: Any
    people: int
    hundredths: int
    static: int
    mobile: int
    before: int
    starters: int
    leavers: int

    @property
    def growth(self) -> int | None:
        """Whole per cent more than a year before, rounded half away from nothing; None when nobody was there."""
        if not self.before:
            return None
        more = self.people - self.before
        size = (200 * abs(more) + self.before) // (2 * self.before)
        return size if more >= 0 else -size

    @property
    def whole_time(self) -> str:
        """The whole-time equivalents with two decimals, such as "117.60"."""
        return whole_time(self.hundredths)


def whole_time(hundredths: int) -> str:
    """Hundredths as a number with two decimals."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def headcounts(asked: Question, by: str) -> tuple[Headcount, list[Headcount]]:
    """Everybody, and each group of those in post on the day or a year before, or who came or went between; one query.

    `by` is one of GROUPS. Raises ValueError for another.
    """
    if by not in GROUPS:
        raise ValueError(f"People are not counted by {by}.")
    sql = f"""
WITH {terms.TERMS}, spell AS (
  SELECT s.person, s.starts, s.ends, ROW_NUMBER() OVER (ORDER BY s.person, s.starts) AS number
  FROM ({terms.unbroken("term")}) s
), {terms.placed(asked.sites)}
SELECT w.whole, CASE WHEN w.whole = 0 THEN p.{by} END AS name,
       COUNT(DISTINCT CASE WHEN p.ends >= %(as_of)s THEN p.person END),
       COALESCE(SUM(CASE WHEN p.ends >= %(as_of)s THEN p.hundredths END), 0),
       COUNT(DISTINCT CASE WHEN p.ends >= %(as_of)s AND p.crew = 'static' THEN p.person END),
       COUNT(DISTINCT CASE WHEN p.ends >= %(as_of)s AND p.crew = 'mobile' THEN p.person END),
       COUNT(DISTINCT CASE WHEN p.starts <= %(since)s THEN p.person END),
       COUNT(DISTINCT b.number), COUNT(DISTINCT g.number)
FROM placed p
CROSS JOIN (SELECT 0 AS whole UNION ALL SELECT 1) w
LEFT JOIN spell b ON b.person = p.person AND b.starts = p.starts AND b.starts > %(since)s
LEFT JOIN spell g ON g.person = p.person AND g.ends = p.ends AND g.ends < %(as_of)s
WHERE p.ends >= %(since)s
GROUP BY w.whole, CASE WHEN w.whole = 0 THEN p.{by} END
ORDER BY 1 DESC, 2"""
    found = [(whole, Headcount(*rest)) for whole, *rest in rows(asked, sql)]
    everybody = next((one for whole, one in found if whole), Headcount(None, *[0] * 7))
    return everybody, [one for whole, one in found if not whole]


@dataclass(frozen=True, slots=True)
class Month:
    """The people of each crew, and whole-time hundredths, at the end of a month; of the last month on the day asked for."""

    day: date
    people: int
    static: int
    mobile: int
    hundredths: int


def months(asked: Question, number: int) -> list[Month]:
    """So many months up to the day asked for, oldest first; one query, of which only the days of changes come back."""
    after = days_after(connection, "s.ends", "1")
    sql = f"""
WITH {terms.TERMS}, {terms.placed(asked.sites)}, crewed AS (
  SELECT p.person, p.crew, p.starts, p.ends FROM placed p
  UNION ALL SELECT p.person, 'people', p.starts, p.ends FROM placed p
), spell AS ({terms.unbroken("crewed", "person, crew")}
)
SELECT s.crew, s.starts, COUNT(*) FROM spell s GROUP BY s.crew, s.starts
UNION ALL SELECT s.crew, {after}, -COUNT(*) FROM spell s WHERE s.ends < %(as_of)s GROUP BY s.crew, {after}
UNION ALL SELECT 'hundredths', s.starts, SUM(s.hundredths) FROM placed s GROUP BY s.starts
UNION ALL SELECT 'hundredths', {after}, -SUM(s.hundredths) FROM placed s WHERE s.ends < %(as_of)s GROUP BY {after}"""
    # Loaded by whoever looks at months: it costs every process a second and 60 MB.
    import pandas as pd

    columns = ("people", "static", "mobile", "hundredths")
    ends = month_ends(asked.as_of, number)
    found = [(sort, terms.day_of(day), int(change)) for sort, day, change in rows(asked, sql)]
    changes = pd.DataFrame(found, columns=["sort", "day", "change"])
    table = changes.pivot_table("change", "day", "sort", "sum", fill_value=0).sort_index().cumsum()
    shown = table.reindex(sorted({*table.index, *ends})).ffill().reindex(ends, columns=columns)
    return [
        Month(day, *map(int, values))
        for day, values in zip(ends, shown.fillna(0).to_numpy(), strict=True)
    ]


def month_ends(last: date, number: int) -> list[date]:
    """The last days of so many months, the newest of which is cut off at a day."""
    ends = [last]
    while len(ends) < number:
        ends.append(ends[-1].replace(day=1) - DAY)
    return ends[::-1]


def rows(asked: Question, sql: str) -> list[tuple[Any, ...]]:
    """What a statement says of a question; it may name its two days, and `since`, a year before."""
    on = {"as_of": asked.as_of, "known_on": asked.known_on, "since": year_before(asked.as_of)}
    with states.reading(asked), connection.cursor() as cursor:
        cursor.execute(sql, {**on, **terms.keyed("s", asked.sites)})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
