"""Who is in date: the state of every person in post for every requirement asked of them, on a day, as known on a day."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from school.core import clock, engine
from school.core.engine import among_few, as_day, days_after
from school.coverage import standing, terms
from school.coverage.tried import WHOM, Trial

# Somebody away for so many days, as_of included, is left out of the adjusted figure.
LONG_ABSENCE_DAYS = 28


class State(StrEnum):
    """Where somebody in post stands with a requirement asked of them; of several the first that holds."""

    EXEMPT = "exempt"
    IN_DATE = "in_date"
    IN_GRACE = "in_grace"
    EXPIRED = "expired"
    MISSING = "missing"

    # As of its text: an enumeration's own hash is worked out in Python, and a page counts thousands.
    __hash__ = str.__hash__


STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which day, and as it was known at the end of which; of all requirements, sites and people unless named."""

    as_of: date
    known_on: date
    requirements: Sequence[int] = ()
    sites: Sequence[int] = ()
    people: Sequence[int] = ()
    # A version that nobody published, asked instead of those in force.
    trial: Trial | None = None
    # Whether the kept state was brought up to the ledger for it: a page of several questions does so once.
    is_brought_up: bool = field(default=False, compare=False)

    @property
    def is_narrow(self) -> bool:
        """Whether it asks of some sites or people, and not of everybody."""
        return bool(self.sites or self.people)


# The columns by which people can be counted: each of the post because of which a requirement is asked.
GROUPS = ("site", "region", "job_role", "staff_group", "crew", "organisation")
# Those of them that are keys of rows.
KEYS = ("site", "job_role", "organisation")
# What a line is read from.
LINE = "person, requirement, version, site, state, expires, away"


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


class Order(StrEnum):
    """In which order lines come, as SQL."""

    KEY = "person, requirement, site"
    NAME = "(SELECT name FROM people_person WHERE id = person), person, requirement, site"
    SOONEST = "expires, person, requirement, site"
    REQUIREMENT = "requirement, person, site"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which lines of a question: in some states, of one group, long away, in date until a day at the latest; the first so many."""

    states: Sequence[State] = tuple(State)
    by: str = ""
    group: Any = None
    away: bool | None = None
    expires_by: date | None = None
    order: Order = Order.KEY
    first: int = 0
    most: int | None = None

    def condition(self) -> str:
        """The SQL after FROM state; `values` are what it names."""
        listed = ", ".join(f"'{state.value}'" for state in self.states)
        soon = " AND expires <= %(expires_by)s" if self.expires_by else ""
        among = f" AND {self.by} = %(group)s" if self.by in GROUPS else ""
        away = "" if self.away is None else f" AND away = {int(self.away)}"
        return f"WHERE state IN ({listed}){soon}{among}{away}"

    @property
    def values(self) -> dict[str, Any]:
        """What `condition` names."""
        return {"expires_by": self.expires_by, "group": self.group}

    def slice(self) -> str:
        """The SQL of the order, and of which part."""
        return self.order.value + (
            "" if self.most is None else f" LIMIT {int(self.most)} OFFSET {int(self.first)}"
        )


EVERY_LINE = Narrowed()


def lines(question: Question, narrowed: Narrowed = EVERY_LINE) -> Iterator[Line]:
    """Every person, requirement and site of a question, ordered by them; one query after the kept state is brought up."""
    sql = f"{states_sql(question)} SELECT {LINE} FROM state {narrowed.condition()} ORDER BY {narrowed.slice()}"
    for row in _streamed(question, sql, {"d0": question.as_of, **narrowed.values}):
        yield _line(*row)


def differing(before: Question, after: Question) -> Iterator[tuple[list[Line], list[Line]]]:
    """The lines of two questions about the same requirements, sites and people that differ, of one requirement at a time; one query.

    Where a person stands otherwise with a requirement at one site, all their lines of it come, on both sides: what is
    asked at another site, too, tells a move from a start.
    """
    other = states_sql(after).replace("%(d0)s", "%(d1)s").replace("%(known_on)s", "%(known_then)s")
    sql = f"""
WITH told AS (
  SELECT 0 AS side, q.* FROM ({states_sql(before)} SELECT DISTINCT {LINE} FROM state) q
  UNION ALL SELECT 1, q.* FROM ({other} SELECT DISTINCT {LINE} FROM state) q
), differs AS (
  SELECT DISTINCT t.person, t.requirement FROM (
    SELECT person, requirement FROM told GROUP BY person, requirement, site
    HAVING MIN(side) = MAX(side) OR MIN(state) <> MAX(state) OR MIN(away) <> MAX(away)
  ) t
) SELECT requirement, side, {LINE} FROM told NATURAL JOIN differs ORDER BY requirement, side, person, site"""
    values = {"d0": before.as_of, "d1": after.as_of, "known_then": after.known_on}
    for _, some in groupby(_streamed(before, sql, values), key=itemgetter(0)):
        pair: tuple[list[Line], list[Line]] = ([], [])
        for _, side, *row in some:
            pair[side].append(_line(*row))
        yield pair


def _line(
    person: int, requirement: int, version: int, site: int, state: str, expires: Any, away: int
) -> Line:
    return Line(
        person, requirement, version, site, STATES[state], terms.day_of(expires), bool(away)
    )


def how_many(question: Question, narrowed: Narrowed) -> int:
    """How many lines there are, whatever the first of them are."""
    sql = f"{states_sql(question)} SELECT COUNT(*) FROM state {narrowed.condition()}"
    asked = {"d0": question.as_of, **narrowed.values}
    [(found,)] = rows(question, sql, asked)
    return int(found)


def posts_of(person: int) -> frozenset[int]:
    """The keys of the sites where somebody is in post today; one query."""
    today = clock.today()
    question = Question(today, today, people=[person])
    with connection.cursor() as cursor:
        cursor.execute(
            f"{posts_sql(question)} SELECT DISTINCT site FROM post",
            {"d0": today, **_parameters(question)},
        )
        return frozenset(site for (site,) in cursor.fetchall())


def rows(
    question: Question, sql: str, values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """What a statement says of a question; `values` are those beside the question's own, its day among them."""
    return list(_streamed(question, sql, values or {"d0": question.as_of}))


def reading(question: Question) -> AbstractContextManager[None]:
    """How the database reads for a question: of everybody it reads most of its tables."""
    return nullcontext() if question.is_narrow else engine.reading_most(connection)


def _streamed(question: Question, sql: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The same, some rows at a time: there may be hundreds of thousands."""
    if not question.is_brought_up:
        standing.bring_up()
    with connection.cursor() as cursor:
        with reading(question):
            cursor.execute(sql, {**_parameters(question), **values})
            # SQLite works while rows are taken; PostgreSQL has sent them all.
            if not engine.is_postgresql(connection):
                yield from cursor
        yield from cursor


def _parameters(question: Question) -> dict[str, Any]:
    return {
        "known_on": question.known_on,
        **terms.keyed("r", question.requirements),
        **terms.keyed("s", question.sites),
        **terms.keyed("p", question.people),
        **(question.trial.values if question.trial else {}),
    }


# A post that somebody holds on a day, with what requirements ask by.
POST = """d.as_of, m.person, m.site, m.job_role, m.crew, r.staff_group, s.network_region AS region,
         s.organisation_id AS organisation"""


def posts_sql(question: Question) -> str:
    """The common table expressions up to `post`: who holds which post on the day, at the sites of a question."""
    return f"{terms_sql(question)}, {held_posts(question)}"


def held_posts(question: Question) -> str:
    """The common table expression `post`, of the days and terms before it."""
    return f"""post AS (
  SELECT DISTINCT {POST}
  FROM day d JOIN term m ON m.starts <= d.as_of AND m.ends >= d.as_of
  JOIN people_jobrole r ON r.id = m.job_role JOIN people_site s ON s.id = m.site
  WHERE 1 = 1{of_posts(question, "m")}
)"""


def terms_sql(question: Question, days: int = 1) -> str:
    """The common table expressions of the days, and of who held which post from when until when.

    Of a question of some sites or people only what those held who were ever there, elsewhere too.
    """
    asked = " UNION ALL ".join(f"SELECT {as_day(connection, f'%(d{place})s')} AS as_of" for place in range(days))  # fmt: skip
    person = "COALESCE(g.kept_id, q.person_id)"
    whom = terms.among(person, "p", question.people)
    if question.sites:
        whom += f""" AND {person} IN (
    SELECT COALESCE(h.kept_id, x.person_id) FROM people_postterm y JOIN people_post x ON x.id = y.post_id
    LEFT JOIN merged h ON h.merged_id = x.person_id WHERE 1 = 1{terms.among("y.site_id", "s", question.sites)}
  )"""
    return f"""
WITH day AS ({asked}), {terms.terms_of(whom)}"""


def states_sql(question: Question, days: int = 1, posts: str = "") -> str:
    """The common table expressions up to `state`: a row for each day, person, requirement and post because of which it is asked.

    `posts` are expressions of other posts than all that are held, `post` the last of them. Who began when and is away is looked up for
    each post, not for each of dozens of requirements. A cross join is one in the order in which it is written: SQLite would guess another,
    and turned round it would hold every post in memory once for each requirement.
    """
    who = "COALESCE(g.kept_id, a.person_id)"
    among = f" AND {who} IN (SELECT person FROM term)" if question.is_narrow else ""
    return f"""{terms_sql(question, days)}, begun AS ({terms.unbroken("term")}), absent AS (
  SELECT {who} AS person, e.about_from AS starts, COALESCE(e.about_to, '9000-01-01') AS ends
  FROM people_absence a
  JOIN core_ledgerentry e ON e.id = a.entry_id
  LEFT JOIN merged g ON g.merged_id = a.person_id
  WHERE NOT a.cancelled AND e.known_from <= %(known_on)s {terms.standing("people_absence", "a")}{among}
), since AS ({terms.unbroken("absent")}), ruled AS ({question.trial.sql() if question.trial else _ruled(question)}), in_force AS (
  SELECT * FROM ruled v WHERE v.place = 1 AND (v.about_to IS NULL OR v.about_to >= v.as_of)
), exempt AS (
  SELECT d.as_of, COALESCE(g.kept_id, x.person_id) AS person, x.requirement_id AS requirement
  FROM coverage_exemption x
  JOIN core_ledgerentry e ON e.id = x.entry_id
  JOIN day d ON e.about_from <= d.as_of AND (e.about_to IS NULL OR e.about_to >= d.as_of)
  LEFT JOIN merged g ON g.merged_id = x.person_id
  WHERE NOT x.cancelled AND e.known_from <= %(known_on)s {terms.standing("coverage_exemption", "x")}
), {posts or held_posts(question)}, holder AS MATERIALIZED (
  SELECT p.*, b.starts AS began, CASE WHEN {long_away("n.starts")} <= p.as_of THEN 1 ELSE 0 END AS away
  FROM post p CROSS JOIN begun b
  LEFT JOIN since n ON n.person = p.person AND n.starts <= p.as_of AND n.ends >= p.as_of
  WHERE b.person = p.person AND b.starts <= p.as_of AND b.ends >= p.as_of
), asked AS (
  SELECT v.version, v.requirement, v.grace_days, p.*
  FROM in_force v CROSS JOIN holder p WHERE p.as_of = v.as_of AND {asks("p", WHOM if question.trial else "coverage_whom")}
), state AS (
  SELECT a.as_of, a.person, a.requirement, a.version, a.site, a.job_role, a.crew, a.staff_group, a.region,
         a.organisation, a.away, h.expires,
         CASE WHEN {IN_DATE} THEN 1 ELSE 0 END AS held,
         CASE WHEN (a.as_of, a.person, a.requirement) IN (SELECT as_of, person, requirement FROM exempt) THEN 'exempt'
              WHEN {IN_DATE} THEN 'in_date'
              WHEN {days_after(connection, "a.began", "a.grace_days")} > a.as_of THEN 'in_grace'
              WHEN h.starts IS NOT NULL THEN 'expired'
              ELSE 'missing' END AS state
  FROM asked a
  LEFT JOIN coverage_satisfied h ON h.version_id = a.version AND h.person_id = a.person
       AND h.starts <= a.as_of AND (h.ends IS NULL OR h.ends >= a.as_of) AND {KNOWN}
)"""


IN_DATE = "h.starts IS NOT NULL AND (h.expires IS NULL OR h.expires >= a.as_of)"
# Which rows of the kept state were so, as it was known. Not in one comparison: SQLite would scan them all for a filter first.
KNOWN = (
    "NOT h.known_from > %(known_on)s AND (h.known_until IS NULL OR h.known_until > %(known_on)s)"
)


def long_away(since: str) -> str:
    """The SQL of the first day on which somebody is long away who is so without a break since a day."""
    return days_after(connection, since, str(LONG_ABSENCE_DAYS - 1))


def of_posts(question: Question, row: str) -> str:
    """The SQL by which posts are those of the sites and people of a question."""
    return terms.among(f"{row}.site", "s", question.sites) + terms.among(f"{row}.person", "p", question.people)  # fmt: skip


def asks(row: str, whom: str = "coverage_whom") -> str:
    """The SQL of whether a version `v` asks whoever holds a post."""
    return f"""(
    NOT EXISTS (SELECT 1 FROM {whom} w WHERE w.version_id = v.version)
    OR EXISTS (
      SELECT 1 FROM {whom} w WHERE w.version_id = v.version
      AND (w.job_role_id IS NULL OR w.job_role_id = {row}.job_role)
      AND (w.site_id IS NULL OR w.site_id = {row}.site)
      AND (w.person_id IS NULL OR w.person_id = {row}.person)
      AND (w.region = '' OR w.region = {row}.region)
      AND (w.staff_group = '' OR w.staff_group = {row}.staff_group)
      AND (w.crew = '' OR w.crew = {row}.crew)
    )
  )"""


def _ruled(question: Question) -> str:
    """The versions begun on each day, of each requirement the one in force in the first place."""
    of_requirements = terms.among("v.requirement_id", "r", question.requirements)
    of_versions = among_few(connection, "e.id", "SELECT entry_id FROM coverage_requirementversion")
    return f"""
  SELECT d.as_of, v.entry_id AS version, v.requirement_id AS requirement, v.grace_days, e.about_to,
         ROW_NUMBER() OVER (PARTITION BY d.as_of, v.requirement_id ORDER BY e.about_from DESC, e.id DESC) AS place
  FROM coverage_requirementversion v JOIN core_ledgerentry e ON e.id = v.entry_id
  JOIN day d ON e.about_from <= d.as_of
  WHERE {of_versions} AND e.known_from <= %(known_on)s {terms.standing("coverage_requirementversion", "v")}{of_requirements}
"""
