"""Each item of a mark sheet over everybody who met it: how hard it was, and whether it goes with the rest of its station."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from logbooks.osces.analysis.reliability import correlation


@dataclass(frozen=True, slots=True)
class Asked:
    """An item as the mark sheet has it; `number` counts from 1."""

    station: str
    number: int
    words: str
    most: int
    critical: bool


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """An item over the closed sheets.

    difficulty is the mean share of its marks in per cent, correlation that with the other items of the station; either is
    None where it cannot be said. None of them counts a sheet where it was not observed; zero are the sheets with no marks for it.
    """

    asked: Asked
    given: int
    not_observed: int
    zero: int
    difficulty: Fraction | None
    correlation: float | None


def item_figures(
    asked: Sequence[Asked], sheets: Iterable[Mapping[int, int | None]]
) -> list[ItemFigures]:
    """The items of one station; each sheet has the marks by the number of the item, None where it was not observed."""
    sheets = list(sheets)
    found = []
    for item in asked:
        own = item.number
        marks = [(value, sheet) for sheet in sheets if (value := sheet.get(own)) is not None]
        xs = [Fraction(value) for value, _ in marks]
        ys = [
            Fraction(sum(value or 0 for key, value in sheet.items() if key != own))
            for _, sheet in marks
        ]
        found.append(
            ItemFigures(
                asked=item,
                given=len(marks),
                not_observed=sum(own in sheet and sheet[own] is None for sheet in sheets),
                zero=sum(not value for value in xs),
                difficulty=100 * sum(xs, Fraction(0)) / (len(xs) * item.most) if xs else None,
                correlation=correlation(xs, ys),
            )
        )
    return found
