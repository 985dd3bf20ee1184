"""How long something attained satisfies a requirement, and from when it can be renewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from school.core.days import add_months


class Renewal(StrEnum):
    """What the next expiry runs from."""

    COMPLETION = "completion"
    EXPIRY = "expiry"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, and whole days beside them; 3 weeks are 21 days."""

    months: int = 0
    days: int = 0

    def after(self, day: date, times: int = 1) -> date:
        """The day that lies so many periods later: 31 August and 6 months give the last of February."""
        return add_months(day, self.months * times) + timedelta(days=self.days * times)

    def before(self, day: date) -> date:
        """The day that lies one period earlier."""
        return add_months(day, -self.months) - timedelta(days=self.days)


NONE = Period()


@dataclass(frozen=True, slots=True)
class Rule:
    """How long an attainment satisfies; `active` is none where it does so for ever.

    `window`: how long before the expiry it may be renewed. `due`: the fixed day of the rule FIXED, and for
    EXPIRY the day by which it is first to be done. `minimum`: how much FIXED leaves at the least.
    `minutes`: how much has to be learned within `active`; 0 where one attainment is enough.
    """

    renewal: Renewal = Renewal.COMPLETION
    active: Period | None = None
    window: Period = NONE
    minimum: Period = NONE
    due: date | None = None
    minutes: int = 0

    def __post_init__(self) -> None:
        if self.active == NONE:
            raise ValueError("A period has at least a day.")


@dataclass(frozen=True, slots=True)
class Done:
    """Something attained on a day, and the minutes of learning that it counts."""

    day: date
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody has had it, and is in date through `expires`; for ever when none."""

    expires: date | None


def next_expiry(rule: Rule, done: date, current: date | None) -> date | None:
    """The last day that somebody is in date who attained it on `done` while they were so until `current`.

    `current` is none when they never had it. None is given where the rule has no period. Raises ValueError
    for a fixed rule without a fixed day. Source: the worked cases in tests/coverage/data/renewal_cases.csv.
    """
    if rule.active is None:
        return None
    if rule.renewal is Renewal.FIXED:
        return _fixed(rule, rule.active, done, current)
    if rule.renewal is Renewal.EXPIRY:
        if current is None:
            met = rule.due is not None and done <= rule.due
            return rule.active.after(rule.due if met and rule.due else done)
        if done <= current:
            return rule.active.after(current) if done >= window_opens(rule, current) else current
    return rule.active.after(done)


def _fixed(rule: Rule, active: Period, done: date, current: date | None) -> date:
    anchor = rule.due or current
    if anchor is None:
        raise ValueError("A fixed rule needs a fixed day.")
    enough = rule.minimum.after(done)
    steps = (active.after(anchor, times) for times in count())
    return next(day for day in steps if day >= enough)


def window_opens(rule: Rule, expiry: date) -> date:
    """The first day on which a renewal counts from the expiry."""
    return rule.window.before(expiry)


def held(rules: Sequence[tuple[date, Rule]], done: Sequence[Done]) -> Held | None:
    """Until when somebody is in date who attained this; none when what they attained never sufficed.

    `rules` are the versions of a requirement, the first first, each with its first day: an attainment keeps
    the rule of the day on which it was made, and the first rule when it is older than that.
    """
    minutes: dict[date, int] = {}
    for one in sorted(done, key=lambda one: one.day):
        minutes[one.day] = minutes.get(one.day, 0) + one.minutes
    ordered = [Done(day, learned) for day, learned in minutes.items()]
    found: Held | None = None
    for place, one in enumerate(ordered, start=1):
        if found is not None and found.expires is None:
            return found
        rule = in_force(rules, one.day)
        if rule.minutes:
            found = _enough(rule, ordered[:place]) or found
        else:
            found = Held(next_expiry(rule, one.day, found.expires if found else None))
    return found


def in_force(rules: Sequence[tuple[date, Rule]], day: date) -> Rule:
    """The rule in force on a day; the first one before that."""
    begun = [rule for first, rule in rules if first <= day]
    return begun[-1] if begun else rules[0][1]


def _enough(rule: Rule, done: Sequence[Done]) -> Held | None:
    """Until when what was learned within the period suffices, seen from the last day of it; none when it does not."""
    learned = 0
    for one in reversed(done):
        lasts = rule.active.after(one.day) if rule.active else None
        if lasts is not None and lasts < done[-1].day:
            return None
        learned += one.minutes
        if learned >= rule.minutes:
            return Held(lasts)
    return None
