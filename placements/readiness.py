"""What a student still lacks on the first day at a site, and what runs out before the last: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from school.core import days


class State(Enum):
    """Whether a check holds over the days of a placement."""

    HELD = "held"
    EXPIRES = "expires"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Asked:
    """A check that a site asks for; `months` is how old it may be, None when it does not run out there."""

    kind: str
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A check that was shown, and from when to when it holds; `site` when it means nothing elsewhere."""

    kind: str
    since: date
    until: date | None = None
    site: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a check that is asked for.

    `until` is the last day on which it is accepted: for a missing one the day on which an earlier one
    ran out, if there was one; None for one that does not run out.
    """

    kind: str
    state: State
    until: date | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state is State.HELD


def answers(
    asked: Iterable[Asked], held: Sequence[Held], *, site: int, first: date, last: date
) -> list[Answer]:
    """How each check that a site asks for stands from the first day to the last."""
    here = [one for one in held if one.site in (None, site)]
    return [_answer(one, here, first, last) for one in asked]


def _answer(asked: Asked, held: Sequence[Held], first: date, last: date) -> Answer:
    spans = [
        (one.since, accepted_until(one.since, one.until, asked.months) or date.max)
        for one in held
        if one.kind == asked.kind
    ]
    reached = None
    day = first
    # One that was renewed in time goes on where the one before ends.
    while ends := [until for since, until in spans if since <= day <= until]:
        reached = max(ends)
        if reached >= last:
            return Answer(asked.kind, State.HELD, None if reached == date.max else reached)
        day = reached + days.DAY
    if reached is not None:
        return Answer(asked.kind, State.EXPIRES, reached)
    over = [until for _, until in spans if until < first]
    return Answer(asked.kind, State.MISSING, max(over, default=None))


def accepted_until(since: date, until: date | None, months: int | None) -> date | None:
    """The last day on which a check is accepted where it may be some months old; None when it does not run out."""
    if months is None:
        return until
    oldest = days.add_months(since, months)
    return oldest if until is None else min(until, oldest)
