"""What can be said of a record of learning while there is time to act: gaps, mixture, standards, and how much there is.

All of it looks at the activities of a period up to today. Nothing is a score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from logbooks.cpd.learning import Learning
from logbooks.cpd.schemes import Scheme, Shown
from school.core.days import DAY, add_months

# The first and the last day of it.
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Seen:
    """An activity as the checks see it: its days, type and minutes, and whether it has words on practice and benefit.

    `learning` is a value of Learning; `last` is never before `first`.
    """

    first: date
    last: date
    learning: str
    minutes: int | None
    practice: bool
    benefit: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """The days for which a person has given a reason why there is no activity."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of days without any activity that is long enough to want a reason; `still_open`: it goes on today."""

    first: date
    last: date
    explained: bool
    still_open: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """The activities of one type, and the minutes of those that say how long they were."""

    learning: Learning
    activities: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Mixture:
    """Every type of learning, in the order of Learning, and whether there are as many as the regulator asks."""

    types: tuple[Learned, ...]
    enough: bool


@dataclass(frozen=True, slots=True)
class Standards:
    """How many activities there are, and how many have words on practice, on benefit, and on both."""

    activities: int
    practice: int
    benefit: int
    both: int

    def shown(self, words: Shown) -> int:
        """How many activities have words of one set."""
        return self.practice if words is Shown.PRACTICE else self.benefit


@dataclass(frozen=True, slots=True)
class Usual:
    """How many activities there are, and whether, with more than half of the period over, they are fewer or more than usual."""

    activities: int
    fewer: bool
    more: bool


def counted(seen: Iterable[Seen], period: Period, today: date) -> list[Seen]:
    """The activities that have a day in the period, today at the latest."""
    first, last = period[0], min(period[1], today)
    if last < first:
        return []
    return [one for one in seen if one.first <= last and one.last >= first]


def gaps(
    seen: Iterable[Seen],
    reasons: Sequence[Reason],
    period: Period,
    today: date,
    scheme: Scheme,
) -> list[Gap]:
    """Every gap of the period up to today, in order. It is explained when so long a stretch of it has a reason that no gap is left."""
    given = [(one.first, one.last) for one in reasons]
    return [
        Gap(
            first,
            last,
            not any(_is_gap(*one, scheme) for one in _left((first, last), given)),
            last == today,
        )
        for first, last in _empty(seen, period, today)
        if _is_gap(first, last, scheme)
    ]


def next_gap(seen: Iterable[Seen], period: Period, today: date, scheme: Scheme) -> date | None:
    """The day on which a gap will be complete when nothing is added.

    None when one already goes on, and when none can be complete before the period is over.
    """
    open_since = next((first for first, last in _empty(seen, period, today) if last == today), None)
    complete = _whole(open_since or max(today + DAY, period[0]), scheme)
    return complete if today < complete <= period[1] else None


def _is_gap(first: date, last: date, scheme: Scheme) -> bool:
    return _whole(first, scheme) <= last


def _whole(first: date, scheme: Scheme) -> date:
    """The day on which a stretch holds enough whole months: from 16 January and with three of them, 15 April."""
    return add_months(first, scheme.checks.gap_months) - DAY


def _empty(seen: Iterable[Seen], period: Period, today: date) -> list[Period]:
    """The stretches of the period up to today without an activity, in order."""
    there = [(one.first, one.last) for one in counted(seen, period, today)]
    return _left((period[0], min(period[1], today)), there)


def _left(whole: Period, taken: Iterable[Period]) -> list[Period]:
    """The stretches of some days that are left beside others, in order."""
    free, last = whole
    found = []
    for first, end in sorted(one for one in taken if one[0] <= last):
        if first > free:
            found.append((free, first - DAY))
        free = max(free, end + DAY)
    if free <= last:
        found.append((free, last))
    return found


def mixture(seen: Iterable[Seen], period: Period, today: date, scheme: Scheme) -> Mixture:
    """The activities by type. Raises ValueError for a type that is none."""
    by_type: dict[Learning, list[Seen]] = {learning: [] for learning in Learning}
    for one in counted(seen, period, today):
        by_type[Learning(one.learning)].append(one)
    types = tuple(
        Learned(learning, len(own), sum(one.minutes or 0 for one in own))
        for learning, own in by_type.items()
    )
    there = sum(1 for one in types if one.activities)
    return Mixture(types, there >= scheme.checks.least_types)


def standards(seen: Iterable[Seen], period: Period, today: date) -> Standards:
    """How many activities have words that show a standard."""
    own = counted(seen, period, today)
    return Standards(
        activities=len(own),
        practice=sum(1 for one in own if one.practice),
        benefit=sum(1 for one in own if one.benefit),
        both=sum(1 for one in own if one.practice and one.benefit),
    )


def usual(seen: Iterable[Seen], period: Period, today: date, scheme: Scheme) -> Usual:
    """How many activities there are beside what is usual for a whole period."""
    there = len(counted(seen, period, today))
    late = is_past_half(period, today)
    return Usual(
        there,
        fewer=late and there < scheme.checks.usual_least,
        more=late and there > scheme.checks.usual_most,
    )


def is_past_half(period: Period, today: date) -> bool:
    """Whether more than half of a period's days are over, today among them."""
    first, last = period
    return 2 * ((today - first).days + 1) > (last - first).days + 1
