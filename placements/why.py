"""Why a student is behind, or will be: reasons in words, derived from what is recorded and never typed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from placements import totals
from placements.interruptions import Span
from school.core import days
from school.core.workingdays import working_days_between

# Working days from which waiting for a confirmation is a reason. Source: the network's turnaround.
WAITS = 5


class Why(StrEnum):
    """A reason, the weightiest first."""

    INTERRUPTED = "interrupted"
    NOT_STARTED = "not_started"
    NO_EDUCATOR = "no_educator"
    ABSENT = "absent"
    SITE_CANCELLED = "site_cancelled"
    WAITING = "waiting"
    QUERIED = "queried"
    SHORT_ROTA = "short_rota"
    NOT_LOGGED = "not_logged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a student in a stage, in whole minutes and days.

    `planned` are the minutes on the rota from now on; `absent_days` and `cancelled_days` are lost days
    that nothing makes up.
    """

    today: date
    under_way: bool
    first: date | None
    needed: int
    counted: int = 0
    awaiting: int = 0
    queried: int = 0
    behind: int = 0
    oldest_waiting: date | None = None
    planned: int = 0
    absent_days: int = 0
    cancelled_days: int = 0
    has_educator: bool = True
    interrupted: Span | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason and the sentence that says it."""

    why: Why
    words: str


def reasons(known: Known) -> list[Reason]:
    """Every reason that holds, the weightiest first; none for somebody whose studies go to plan."""
    if known.interrupted:
        since = days.long_date(known.interrupted.first)
        return [Reason(Why.INTERRUPTED, f"studies interrupted since {since}")]
    found = []
    if rule_not_started(known):
        found.append(Reason(Why.NOT_STARTED, f"not started: {_since_first_day(known)}"))
    if known.under_way and not known.has_educator:
        found.append(Reason(Why.NO_EDUCATOR, "no practice educator"))
    if known.absent_days:
        found.append(Reason(Why.ABSENT, f"absent {_days(known.absent_days)}, not made up"))
    if known.cancelled_days:
        said = f"{_days(known.cancelled_days)} cancelled by the site, not made up"
        found.append(Reason(Why.SITE_CANCELLED, said))
    if waited := rule_waits_long(known):
        said = f"waits {waited} working days for confirmation, {days.in_hours(known.awaiting + known.queried)} h"
        found.append(Reason(Why.WAITING, said))
    if known.queried:
        said = f"{days.in_hours(known.queried)} h queried and not answered"
        found.append(Reason(Why.QUERIED, said))
    if short := rule_short_rota(known):
        found.append(Reason(Why.SHORT_ROTA, f"rota {days.in_hours(short)} h short of the year"))
    if known.behind and not found:
        said = f"{days.in_hours(known.behind)} h of the plan neither logged nor noted as lost"
        found.append(Reason(Why.NOT_LOGGED, said))
    return found


def rule_not_started(known: Known) -> bool:
    """Nothing was sent though the placement has gone on for a working day or more."""
    if not known.under_way or known.first is None or known.first >= known.today:
        return False
    sent = known.counted + known.awaiting + known.queried
    return sent == 0 and working_days_between(known.first, known.today) > 0


def rule_waits_long(known: Known) -> int:
    """Working days that the oldest shift has waited, from the day on which it is past the turnaround; else 0."""
    if known.oldest_waiting is None:
        return 0
    waited = working_days_between(known.oldest_waiting, known.today)
    return waited if waited > WAITS else 0


def rule_short_rota(known: Known) -> int:
    """Minutes that are still missing when everything on the rota is worked and confirmed, for whoever is behind."""
    if not (known.under_way and known.behind):
        return 0
    reached = known.counted + known.awaiting + known.queried + known.planned
    return totals.to_go(reached, known.needed)


def _since_first_day(known: Known) -> str:
    gone = working_days_between(known.first or known.today, known.today)
    return f"{gone} working day{'' if gone == 1 else 's'} since the first day"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
