"""Generalizability: variance components of persons by stations, or by items and occasions, and what they foretell.

Brennan, Generalizability Theory (2001). Every effect is random and every person meets every condition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import prod

PERSON = "p"


@dataclass(frozen=True, slots=True)
class Component:
    """A variance component as it is estimated; a negative one is used as zero in a coefficient."""

    effect: str  # letters of what it joins: p, s, ps
    estimate: Fraction

    @property
    def used(self) -> Fraction:
        """What coefficients use."""
        return max(self.estimate, Fraction(0))

    @property
    def negative(self) -> bool:
        """Whether it is shown as it is and used as zero."""
        return self.estimate < 0


@dataclass(frozen=True, slots=True)
class Coefficients:
    """E rho^2 (for ranking) and Phi (for a cut) with so many conditions; None when nothing varies that they are about."""

    sizes: Mapping[str, int]  # conditions by facet
    e_rho2: Fraction | None
    phi: Fraction | None


@dataclass(frozen=True, slots=True)
class Generalizability:
    """The components, the coefficients of the design as it was, and of other sizes (the D-study).

    With no components, the reason says why.
    """

    components: tuple[Component, ...]
    coefficients: Coefficients | None
    study: tuple[Coefficients, ...]
    reason: str


def persons_by_stations(
    matrix: Sequence[Sequence[Fraction]], others: Sequence[int] = ()
) -> Generalizability:
    """Persons (rows) by stations (columns), p x s, with the D-study for other numbers of stations."""
    cells: dict[tuple[int, ...], Fraction] = {
        (person, station): value
        for person, row in enumerate(matrix)
        for station, value in enumerate(row)
    }
    sizes = {PERSON: len(matrix), "s": len(matrix[0]) if matrix else 0}
    return _study(cells, sizes, [{"s": number} for number in others])


def persons_by_items_by_occasions(
    table: Sequence[Sequence[Sequence[Fraction]]], others: Sequence[tuple[int, int]] = ()
) -> Generalizability:
    """Persons by items by occasions, p x i x o, with the D-study for other numbers of (items, occasions)."""
    cells: dict[tuple[int, ...], Fraction] = {
        (person, item, occasion): value
        for person, items in enumerate(table)
        for item, occasions in enumerate(items)
        for occasion, value in enumerate(occasions)
    }
    sizes = {
        PERSON: len(table),
        "i": len(table[0]) if table else 0,
        "o": len(table[0][0]) if table and table[0] else 0,
    }
    return _study(cells, sizes, [{"i": items, "o": occasions} for items, occasions in others])


def _study(
    cells: Mapping[tuple[int, ...], Fraction],
    sizes: Mapping[str, int],
    others: Sequence[Mapping[str, int]],
) -> Generalizability:
    names = {PERSON: "candidate with every station", "s": "station", "i": "item", "o": "occasion"}
    few = [names[facet] for facet, size in sizes.items() if size < 2]
    if few:
        return Generalizability((), None, (), f"There are fewer than two of: {', '.join(few)}.")
    components = _components(cells, sizes)
    own = {facet: size for facet, size in sizes.items() if facet != PERSON}
    return Generalizability(
        tuple(components),
        _coefficients(components, own),
        tuple(_coefficients(components, other) for other in others),
        "",
    )


def _components(
    cells: Mapping[tuple[int, ...], Fraction], sizes: Mapping[str, int]
) -> list[Component]:
    """From the expected mean squares of a crossed design, Brennan (2001), section 3.2.

    The component of an effect is the sum, over every effect that holds it, of that one's mean square with the
    sign (-1)^(facets added), divided by the number of cells that share one of its conditions.
    """
    facets = "".join(sizes)
    effects = ["".join(e) for r in range(1, len(facets) + 1) for e in combinations(facets, r)]
    squares = _mean_squares(cells, sizes, effects)
    return [
        Component(
            effect,
            Fraction(
                sum(
                    (-1) ** (len(other) - len(effect)) * squares[other]
                    for other in effects
                    if set(effect) <= set(other)
                )
            )
            / prod(size for facet, size in sizes.items() if facet not in effect),
        )
        for effect in effects
    ]


def _mean_squares(
    cells: Mapping[tuple[int, ...], Fraction], sizes: Mapping[str, int], effects: Sequence[str]
) -> dict[str, Fraction]:
    """Sums of squares of the means of each effect, less those of the effects within it, by degrees of freedom."""
    facets = "".join(sizes)
    whole = prod(sizes.values())
    grand = sum(cells.values(), Fraction(0))
    left = {"": grand * grand / whole}
    squares = {}
    for effect in effects:
        places = [facets.index(facet) for facet in effect]
        sums = dict.fromkeys(product(*(range(sizes[facet]) for facet in effect)), Fraction(0))
        for key, value in cells.items():
            sums[tuple(key[place] for place in places)] += value
        raw = sum((total * total for total in sums.values()), Fraction(0)) * len(sums) / whole
        within = (own for other, own in left.items() if set(other) < set(effect))
        left[effect] = raw - sum(within, Fraction(0))
        squares[effect] = left[effect] / prod(sizes[facet] - 1 for facet in effect)
    return squares


def _coefficients(components: Sequence[Component], sizes: Mapping[str, int]) -> Coefficients:
    """The persons' component over itself and the error: relative with every effect that holds p, absolute with all."""
    [universe] = [one.used for one in components if one.effect == PERSON]
    errors = {
        one.effect: one.used / prod(sizes[facet] for facet in one.effect if facet != PERSON)
        for one in components
        if one.effect != PERSON
    }
    relative = sum(error for effect, error in errors.items() if PERSON in effect)
    absolute = sum(errors.values())
    return Coefficients(
        sizes,
        universe / (universe + relative) if universe + relative else None,
        universe / (universe + absolute) if universe + absolute else None,
    )
