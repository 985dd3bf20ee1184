"""Which activities to describe in a profile, and why each of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from logbooks.cpd.learning import Learning
from logbooks.cpd.profile.document import Listed
from logbooks.cpd.schemes import Scheme, Shown


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An activity to describe, and the reason as words that can stand alone in a line."""

    uuid: UUID
    reason: str


def suggested(activities: Iterable[Listed], scheme: Scheme) -> list[Suggestion]:
    """The activities to describe, in order of their days: as many as a profile describes at the least.

    More of them, up to what it describes at the most, are those that show every standard there is to show. One that
    has no words yet comes before one that has some only to bring a type of learning that would be missing.
    """
    left = sorted(activities, key=_by_day)
    types = Counter(one.learning for one in left)
    checks = scheme.checks
    chosen: list[Listed] = []
    while left and len(chosen) < checks.described_most:
        eligible = left
        if len(chosen) >= checks.described_least:
            eligible = [one for one in left if one.practice and one.benefit]
        elif _needs_type(chosen, types, scheme):
            eligible = [one for one in left if _is_new(one, chosen)]
        if not eligible:
            break
        # Of equals, the first: max keeps it.
        best = max(eligible, key=lambda one: _worth(one, chosen))
        chosen.append(best)
        left.remove(best)
    return [
        Suggestion(one.uuid, _reason(one, types, chosen[:place], scheme))
        for place, one in sorted(enumerate(chosen), key=lambda pair: _by_day(pair[1]))
    ]


def _by_day(one: Listed) -> tuple[date, UUID]:
    return (one.first, one.uuid)


def _is_new(one: Listed, chosen: Sequence[Listed]) -> bool:
    return one.learning not in [other.learning for other in chosen]


def _needs_type(chosen: Sequence[Listed], types: Counter[str], scheme: Scheme) -> bool:
    """Whether every place that is left of the least has to bring another type of learning."""
    there = len({one.learning for one in chosen})
    missing = min(scheme.checks.least_types, len(types)) - there
    return 0 < missing >= scheme.checks.described_least - len(chosen)


def _worth(one: Listed, chosen: Sequence[Listed]) -> tuple[bool, int, bool, bool, int]:
    """What speaks for an activity, beside those that are chosen; the days to the nearest of them come last."""
    day = one.first.toordinal()
    apart = min([abs(day - other.first.toordinal()) for other in chosen], default=0)
    shows = one.practice + one.benefit
    return (one.has_words, shows, one.evidence, _is_new(one, chosen), apart)


def _reason(one: Listed, types: Counter[str], before: Sequence[Listed], scheme: Scheme) -> str:
    parts = [_written(one, scheme)]
    kind = Learning(one.learning).words
    if types[one.learning] == 1:
        parts.append(f"the only {kind} of the period")
    elif before and _is_new(one, before):
        parts.append(f"adds {kind} to the mixture")
    return ", ".join(parts)


def _written(one: Listed, scheme: Scheme) -> str:
    """ "has words for standards 3 and 4 and evidence", as far as it has them."""
    shown = [Shown.PRACTICE] * one.practice + [Shown.BENEFIT] * one.benefit
    numbers = [str(found.number) for each in shown if (found := scheme.shown_by(each))]
    if not one.has_words:
        return "has evidence but no words yet" if one.evidence else "has no words yet"
    words = "has words"
    if numbers:
        words += f" for standard{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)}"
    return f"{words} and evidence" if one.evidence else words
