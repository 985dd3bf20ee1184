"""Education-tariff weeks: which placements count for a trust in a financial year, why others do not, and how many weeks.

The rules are data with dates and sources (placements/data/tariff_rules.csv); a changed one is a row with a later day.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from school.core.days import DAY

DATA = Path(__file__).parent / "data" / "tariff_rules.csv"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is from a day on."""

    code: str
    value: int
    unit: str
    starts: date
    source: str

    @property
    def words(self) -> str:
        """ "Week: 2250 minutes", "Trust only: yes"."""
        said = {(1, "yes"): "yes", (0, "yes"): "no"}.get((self.value, self.unit))
        name = self.code.replace("_", " ").capitalize()
        return f"{name}: {said or f'{self.value} {self.unit}'}"


@cache
def published() -> tuple[Rule, ...]:
    """Every rule of the file, in the order of their days."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = [
            Rule(
                row["code"],
                int(row["value"]),
                row["unit"],
                date.fromisoformat(row["starts"]),
                row["source"],
            )
            for row in csv.DictReader(lines)
        ]
    return tuple(sorted(rows, key=lambda rule: rule.starts))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force on a day: the minutes of a week, the fewest days, and what is asked of a placement."""

    week: int = 2250
    year_from: int = 4
    least_days: int = 5
    audited: int = 1
    supported: int = 1
    trust_only: int = 1


def rules_on(day: date) -> Rules:
    """The rules in force on a day; before the first day of one, that first one."""
    found: dict[str, int] = {}
    for rule in published():
        if rule.starts <= day or rule.code not in found:
            found[rule.code] = rule.value
    return Rules(**found)


# Years and weeks --------------------------------------------------------------------------------


def year_of(day: date, month: int = 4) -> int:
    """The calendar year in which the financial year of a day began."""
    return day.year if day.month >= month else day.year - 1


def days_of(year: int, month: int = 4) -> tuple[date, date]:
    """The first and the last day of the financial year that began in a calendar year."""
    return date(year, month, 1), date(year + 1, month, 1) - DAY


def weeks(minutes: int, week: int) -> Decimal:
    """Whole minutes as weeks, half up at two decimals: 2,250 of 2,250 are 1.00, 75 are 0.03."""
    hundredths = (minutes * 200 + week) // (2 * week)
    return Decimal(hundredths).scaleb(-2)


# What counts ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rules ask about a placement; `first` and `last` are those of everything it was moved from and to."""

    first: date
    last: date
    trust: bool = True
    audited: bool = True
    supported: bool = True
    never_began: bool = False


def reasons(case: Case, rules: Rules) -> tuple[str, ...]:
    """Why a placement does not count; nothing when it does."""
    found = (
        rule_begun(case),
        rule_trust(case, rules),
        rule_audited(case, rules),
        rule_supported(case, rules),
        rule_long_enough(case, rules),
    )
    return tuple(reason for reason in found if reason)


def rule_begun(case: Case) -> str:
    """A placement that was withdrawn before anything was worked never was one."""
    return "withdrawn before it began" if case.never_began else ""


def rule_trust(case: Case, rules: Rules) -> str:
    """Weeks are reported for NHS trusts."""
    return "the site is not an NHS trust’s" if rules.trust_only and not case.trust else ""


def rule_audited(case: Case, rules: Rules) -> str:
    """A quality audit of the site held on the first day."""
    if rules.audited and not case.audited:
        return "no quality audit held on the first day"
    return ""


def rule_supported(case: Case, rules: Rules) -> str:
    """Somebody was named who supervises the placement."""
    return "nobody was named to supervise" if rules.supported and not case.supported else ""


def rule_long_enough(case: Case, rules: Rules) -> str:
    """A placement lasts a week at least, from its first to its last day."""
    lasted = (case.last - case.first).days + 1
    if lasted >= rules.least_days:
        return ""
    return f"shorter than a week: {lasted} day{'' if lasted == 1 else 's'}"
