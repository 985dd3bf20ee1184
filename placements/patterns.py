"""Days of the week kept as one number, where Monday is 1, Tuesday 2, Wednesday 4 and so on, added up."""

from collections.abc import Iterable
from itertools import groupby

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def kept(weekdays: Iterable[int]) -> int:
    """The number that some weekdays (0 is Monday) are kept as."""
    return sum(1 << day for day in set(weekdays))


def weekdays(number: int) -> frozenset[int]:
    """The weekdays (0 is Monday) that a number stands for."""
    return frozenset(day for day in range(7) if number >> day & 1)


def in_words(number: int) -> str:
    """ "Monday to Wednesday, Friday"; days in a row of three or more are named by their ends."""
    said = []
    rows = groupby(enumerate(sorted(weekdays(number))), key=lambda pair: pair[1] - pair[0])
    for _, row in rows:
        names = [NAMES[day] for _, day in row]
        said += [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names
    return ", ".join(said)
