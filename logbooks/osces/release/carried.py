"""Which stations somebody who resits need not pass again."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Passed:
    """A station of the bank, by its primary key, that was passed, with its mark of so many, and at which exam."""

    station: int
    mark: Fraction
    most: int
    exam: str


@dataclass(frozen=True, slots=True)
class Sat:
    """An exam that somebody sat: whether they passed it, whether its board lets a resit carry, and the stations passed."""

    passed: bool | None
    carries: bool
    stations: tuple[Passed, ...]


def carried(sat: Sequence[Sat]) -> tuple[Passed, ...]:
    """What is carried into the next exam from those before it, the earliest first; the newest mark of a station stands.

    Whoever passed an exam begins anew after it, and so does whoever failed one whose board carries nothing.
    """
    found: dict[int, Passed] = {}
    for one in sat:
        if one.passed or not one.carries:
            found = {}
            continue
        found |= {station.station: station for station in one.stations}
    return tuple(found.values())
