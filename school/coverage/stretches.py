"""What somebody had satisfied of a requirement over days, and over which days it was known to be so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from school.coverage.renewal import Done, Held, Rule, held


@dataclass(frozen=True, slots=True)
class Ruled:
    """A version of a requirement: its first day, and the days from which it was known and no longer known."""

    first: date
    rule: Rule
    known: date
    gone: date | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """Something attained on a day: which days it counts on, and from when it was known and no longer known.

    `key` tells what was attained: what counts in two ways on a day is learned once. `since` and `until` are those of an equivalence that makes it count; `gone` is the day on which it became
    known to be void, or another took its place.
    """

    key: int
    day: date
    known: date
    minutes: int = 0
    since: date | None = None
    until: date | None = None
    gone: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether it counts when it is asked about a day."""
        return self.starts <= day and (self.until is None or day <= self.until)

    @property
    def starts(self) -> date:
        """The first day on which it counts."""
        return max(self.day, self.since or self.day)


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """On the days from `starts` to `ends`, as known from `known_from` on and before `known_until`: in date through `expires`.

    Whatever is none is open: there is no last day, or it never expires.
    """

    starts: date
    ends: date | None
    expires: date | None
    known_from: date
    known_until: date | None


def stretches(rules: Sequence[Ruled], learned: Sequence[Learned]) -> list[Stretch]:
    """All that can be said of one person and one requirement, whatever day it is asked about and as known when.

    Of any day and any day of knowledge there is at most one stretch; where there is none, they never had it.
    """
    done: list[Stretch] = []
    opened: dict[tuple[date, date | None, date | None], date] = {}
    # What is known later mostly says the same of earlier days: it is worked out once for the rules then known.
    worked_out: dict[tuple[int, ...], _WorkedOut] = {}
    for known in _days_of_knowledge(rules, learned):
        then = [one for one in learned if _is_known(one, known)]
        places = tuple(place for place, one in enumerate(rules) if _is_known(one, known))
        asked = sorted(((rules[place].first, rules[place].rule) for place in places), key=_first)
        before = worked_out.setdefault(places, {})
        now = set(_over_days(asked, then, before)) if asked else set()
        for key in opened.keys() - now:
            done.append(Stretch(*key, known_from=opened.pop(key), known_until=known))
        for key in now - opened.keys():
            opened[key] = known
    return done + [Stretch(*key, known_from=day, known_until=None) for key, day in opened.items()]


def at(rules: Sequence[Ruled], learned: Sequence[Learned], day: date, known: date) -> Held | None:
    """What can be said of one day, as known on one day, without all the others: what the stretch of that day says."""
    asked = sorted([(one.first, one.rule) for one in rules if _is_known(one, known)], key=_first)
    then = [one for one in learned if _is_known(one, known)]
    done = {one.key: Done(one.day, one.minutes) for one in then if one.counts_on(day)}
    return held(asked, list(done.values())) if asked and done else None


# By the keys of what counts: until when they are in date.
_WorkedOut = dict[frozenset[int], Held | None]


def _first(rule: tuple[date, Rule]) -> date:
    return rule[0]


def _is_known(one: Ruled | Learned, day: date) -> bool:
    return one.known <= day and (one.gone is None or day < one.gone)


def _days_of_knowledge(rules: Sequence[Ruled], learned: Sequence[Learned]) -> list[date]:
    facts: list[Ruled | Learned] = [*rules, *learned]
    changes = {one.known for one in facts} | {one.gone for one in facts if one.gone}
    return sorted(changes)


def _over_days(
    rules: Sequence[tuple[date, Rule]], learned: Sequence[Learned], before: _WorkedOut
) -> Iterator[tuple[date, date | None, date | None]]:
    """First day, last day and expiry of each stretch, of what is known on one day."""
    days = {one.starts for one in learned}
    days |= {one.until + timedelta(days=1) for one in learned if one.until}
    ordered = sorted(days)
    for place, day in enumerate(ordered):
        counted = {one.key: one for one in learned if one.counts_on(day)}
        keys = frozenset(counted)
        if keys not in before:
            before[keys] = held(rules, [Done(one.day, one.minutes) for one in counted.values()])
        found = before[keys]
        if found is not None:
            following = ordered[place + 1] if place + 1 < len(ordered) else None
            yield day, following - timedelta(days=1) if following else None, found.expires
