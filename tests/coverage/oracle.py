"""A slow and obvious reading of coverage: a loop over people and days of plain rows, without SQL and without the project.

It knows the case files of tests/coverage/histories.py alone: plain dictionaries of days and names.
"""

import calendar
from datetime import date, timedelta
from typing import Any

Case = dict[str, list[dict[str, Any]]]
ONE = timedelta(days=1)


def states(
    case: Case, as_of: date, known_on: date
) -> dict[tuple[str, str, str], tuple[str, date | None, bool]]:
    """The state, expiry and long absence of each person, requirement and site."""
    found = {}
    for name in sorted({row["name"] for row in case["rules"]}):
        rule = rule_on(known(case["rules"], known_on), name, as_of)
        if rule is None or (rule["to"] and rule["to"] < as_of):
            continue
        for person in sorted({row["person"] for row in case["terms"]}):
            for term in employed(case, person, as_of, known_on):
                if asked(rule, person, term):
                    found[person, name, term["site"]] = state(case, rule, person, as_of, known_on)
    return found


def known(rows: list[dict[str, Any]], known_on: date) -> list[dict[str, Any]]:
    """The rows that were known at the end of a day, without those that a later known one replaces."""
    held = [row for row in rows if row["known"] <= known_on]
    replaced = {row["replaces"] for row in held if row.get("replaces") is not None}
    return [row for row in held if row.get("id") not in replaced]


def rule_on(rules: list[dict[str, Any]], name: str, day: date) -> dict[str, Any] | None:
    """The version of a requirement that began last by a day."""
    begun = [row for row in rules if row["name"] == name and row["from"] <= day]
    return max(begun, key=lambda row: (row["from"], row["id"]), default=None)


def holds(row: dict[str, Any], day: date) -> bool:
    """Whether an interval holds a day; the last day counts."""
    return row["from"] <= day and (row["to"] is None or day <= row["to"])


def employed(case: Case, person: str, day: date, known_on: date) -> list[dict[str, Any]]:
    """The terms of somebody's posts on a day."""
    rows = known(case["terms"], known_on)
    return [row for row in rows if row["person"] == person and holds(row, day)]


def asked(rule: dict[str, Any], person: str, term: dict[str, Any]) -> bool:
    """Whether a rule is for somebody in a post."""
    here = {**term, "person": person}
    return not rule["whom"] or any(
        all(here[column] == value for column, value in group.items()) for group in rule["whom"]
    )


def unbroken_since(rows: list[dict[str, Any]], day: date) -> date | None:
    """The first of the days without a break up to a day on which some interval holds."""
    first = None
    earliest = min((row["from"] for row in rows), default=day)
    while day >= earliest and any(holds(row, day) for row in rows):
        first, day = day, day - ONE
    return first


def state(
    case: Case, rule: dict[str, Any], person: str, as_of: date, known_on: date
) -> tuple[str, date | None, bool]:
    """The first state that holds, until when they were in date, and whether they are long away."""
    own = {
        sort: [row for row in known(case[sort], known_on) if row["person"] == person]
        for sort in ("terms", "absences", "exemptions", "attained")
    }
    since = unbroken_since(own["absences"], as_of)
    away = since is not None and (as_of - since).days + 1 >= 28
    void = {row["attained"] for row in case["voids"] if row["known"] <= known_on}
    had, expires = expiry(
        case, rule, [row for row in own["attained"] if row["id"] not in void], as_of, known_on
    )
    started = unbroken_since(own["terms"], as_of)
    assert started is not None
    if any(row["name"] == rule["name"] and holds(row, as_of) for row in own["exemptions"]):
        said = "exempt"
    elif had and (expires is None or as_of <= expires):
        said = "in_date"
    elif (as_of - started).days < rule["grace"]:
        said = "in_grace"
    else:
        said = "expired" if had else "missing"
    return said, expires, away


def expiry(
    case: Case, rule: dict[str, Any], attained: list[dict[str, Any]], as_of: date, known_on: date
) -> tuple[bool, date | None]:
    """Whether somebody ever had it, and until when it held."""
    versions = [row for row in known(case["rules"], known_on) if row["name"] == rule["name"]]
    had: bool = False
    expires: date | None = None
    counted = [row for row in attained if counts(case, rule, versions, row, as_of, known_on)]
    days = sorted({row["day"] for row in counted})
    for day in days:
        if had and expires is None:
            return True, None
        of_day = max(
            (row for row in versions if row["from"] <= day),
            key=lambda row: (row["from"], row["id"]),
            default=min(versions, key=lambda row: (row["from"], row["id"])),
        )
        if of_day["minutes"]:
            last = lasts([row for row in counted if row["day"] <= day], of_day, day)
            if last is not None:
                had, expires = True, last if of_day["months"] else None
        else:
            expires = renewed(of_day, day, expires if had else None)
            had = True
    return had, expires


def lasts(rows: list[dict[str, Any]], rule: dict[str, Any], today: date) -> date | None:
    """The last day on which enough was learned within the period, day by day; none when not today."""
    if not rule["months"]:
        return today if sum(row["minutes"] for row in rows) >= rule["minutes"] else None
    last = None
    day = today
    while (
        sum(row["minutes"] for row in rows if later(row["day"], rule["months"]) >= day)
        >= rule["minutes"]
    ):
        last, day = day, day + ONE
    return last


def counts(
    case: Case,
    rule: dict[str, Any],
    versions: list[dict[str, Any]],
    row: dict[str, Any],
    as_of: date,
    known_on: date,
) -> bool:
    """Whether what was attained counts: by its course, or one that it counts as on the day asked about."""
    begun = [one for one in case["rules"] if one["name"] == rule["name"]]
    of_day = max(
        (one for one in begun if one["from"] <= row["day"]),
        key=lambda one: (one["from"], one["id"]),
        default=min(begun, key=lambda one: (one["from"], one["id"])),
    )
    wanted = {*rule["courses"], *of_day["courses"]}
    equal = {
        one["counts_as"]
        for one in known(case["equal"], known_on)
        if one["attained"] == row["course"] and holds(one, as_of)
    }
    return row["day"] <= as_of and bool(wanted & {row["course"], *equal})


def renewed(rule: dict[str, Any], day: date, current: date | None) -> date | None:
    """The next expiry, by the words of the conventions."""
    if not rule["months"]:
        return None
    if rule["renewal"] == "fixed":
        at, step = rule["due"], 0
        while at < later(day, rule["minimum"]):
            step += 1
            at = later(rule["due"], rule["months"] * step)
        return at
    if rule["renewal"] == "expiry":
        if current is None and rule["due"] and day <= rule["due"]:
            return later(rule["due"], rule["months"])
        if current is not None and day <= current:
            opens = later(current, -rule["window"])
            return later(current, rule["months"]) if day >= opens else current
    return later(day, rule["months"])


def later(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
