"""What a candidate sees of the others: where the middle half of the marks lies, and nothing where they are few.

Every figure is of the same people, those with a mark at every station, so that none can be told by taking one from another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import quantiles

from logbooks.osces.results.decision import Result

# Of fewer people than these nothing is said.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Middle:
    """In marks: a quarter of the candidates have `low` or less, half `median` or less, a quarter `high` or more."""

    low: Fraction
    median: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Cohort:
    """The marks of `size` candidates: their totals, by the name of a station, and by that of a domain with its most marks."""

    size: int
    total: Middle
    stations: Mapping[str, Middle]
    domains: Mapping[tuple[str, int], Middle]


def cohort(results: Sequence[Result]) -> Cohort | None:
    """The cohort of an exam; none where fewer than FEWEST have a mark at every station, none of them carried.

    A domain that was not of the same marks for all of them is left out.
    """
    whole = [
        one
        for one in results
        if one.total is not None and all(at.mark and not at.carried for at in one.stations)
    ]
    if len(whole) < FEWEST:
        return None
    stations: dict[str, list[Fraction]] = {}
    domains: dict[tuple[str, int], list[Fraction]] = {}
    for one in whole:
        for at in one.stations:
            stations.setdefault(at.station, []).append(Fraction(at.mark or 0))
        for name, own, most in one.domains:
            domains.setdefault((name, most), []).append(Fraction(own))
    return Cohort(
        size=len(whole),
        total=_middle([Fraction(one.total or 0) for one in whole]),
        stations={key: _middle(own) for key, own in stations.items() if len(own) == len(whole)},
        domains={key: _middle(own) for key, own in domains.items() if len(own) == len(whole)},
    )


def _middle(marks: Sequence[Fraction]) -> Middle:
    low, median, high = quantiles(marks, n=4, method="inclusive")
    return Middle(low, median, high)
