"""What a version of a requirement asks, in plain words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from school.core import days
from school.people.models import PostTerm

CREWS = {PostTerm.Crew.STATIC: "static crews", PostTerm.Crew.MOBILE: "mobile crews"}


class Rule(Protocol):
    """What a version and a draft both say of the renewal."""

    renewal: str
    active_months: int | None
    window_months: int
    window_days: int
    minimum_months: int
    due_on: date | None
    learning_minutes: int
    grace_days: int


def months(number: int) -> str:
    """24 is "2 years", 18 is "18 months", 1 is "1 month"."""
    if number % 12 == 0:
        return _count(number // 12, "year")
    return _count(number, "month")


def how_often(rule: Rule) -> str:
    """How long it satisfies, as the words that a list has room for: "every 2 years", "once"."""
    if rule.learning_minutes:
        over = f" over {months(rule.active_months)}" if rule.active_months else ""
        return f"{days.in_words(rule.learning_minutes)}{over}"
    if not rule.active_months:
        return "once"
    return f"every {months(rule.active_months).removeprefix('1 ')}"


def sentences(rule: Rule) -> list[str]:
    """How it renews and who is let off at first, a sentence each."""
    said = []
    window = _window(rule)
    if rule.renewal == "expiry":
        said.append(
            f"Renewed in the last {window}, the next period runs from the expiry before it; renewed earlier "
            "than that the expiry stays, and late it runs from the day of completion."
            if window
            else "The next period runs from the expiry before it; late, from the day of completion."
        )
        if rule.due_on:
            said.append(
                f"Done for the first time by {days.long_date(rule.due_on)}, the period runs from that day."
            )
    elif rule.renewal == "fixed" and rule.due_on:
        said.append(f"It always expires on a day counted from {days.long_date(rule.due_on)}.")
        if rule.minimum_months:
            said.append(f"A renewal leaves at least {months(rule.minimum_months)}.")
    elif rule.active_months:
        said.append("Each period runs from the day of completion.")
        if window:
            said.append(f"It is due for renewal in its last {window}.")
    if rule.grace_days:
        said.append(f"Starters have {_count(rule.grace_days, 'day')}.")
    return said


def whom(groups: Sequence[Mapping[str, Any]]) -> str:
    """Of whom it is asked: "everybody in post", "PET-CT radiographers in static crews; Bo Exampleton"."""
    return "; ".join(sorted(_group(group) for group in groups)) or "everybody in post"


def _group(group: Mapping[str, Any]) -> str:
    role, person = group.get("job_role"), group.get("person")
    said = [str(person.name) if person else role.title if role else "everybody"]
    if role and person:
        said.append(f"as {role.title}")
    if group.get("staff_group"):
        said.append(f"of {group['staff_group']}")
    if group.get("crew"):
        said.append(f"in {CREWS[group['crew']]}")
    if group.get("site"):
        said.append(f"at {group['site'].name}")
    if group.get("region"):
        said.append(f"in {group['region']}")
    return " ".join(said)


def _window(rule: Rule) -> str:
    parts = [months(rule.window_months)] if rule.window_months else []
    parts += [_count(rule.window_days, "day")] if rule.window_days else []
    return " and ".join(parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
