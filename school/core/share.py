"""A percentage that never travels without its numerator and denominator."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """`numerator` of `denominator`; `not_applicable` and `no_data` stand outside the denominator.

    All four are counts, or all four whole minutes. Raises ValueError when the numerator is negative
    or above the denominator.
    """

    numerator: int
    denominator: int
    not_applicable: int = 0
    no_data: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator} of {self.denominator} is not a share.")

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded half up; None of nothing.

        It is 100 only when all are in and 0 only when none is: 299 of 300 is 99.
        """
        if not self.denominator:
            return None
        if self.numerator in (0, self.denominator):
            return 100 * self.numerator // self.denominator
        rounded = (200 * self.numerator + self.denominator) // (2 * self.denominator)
        return min(max(rounded, 1), 99)

    @property
    def tenths(self) -> str:
        """Per cent with one decimal, rounded half up; empty of nothing. Here too it is 100.0 or 0.0 only when all or none are in."""
        if not self.denominator:
            return ""
        rounded = (2000 * self.numerator + self.denominator) // (2 * self.denominator)
        if 0 < self.numerator < self.denominator:
            rounded = min(max(rounded, 1), 999)
        return f"{rounded // 10}.{rounded % 10}"

    @property
    def cell(self) -> Decimal | None:
        """The same as a number for a table that is taken away; None of nothing."""
        return Decimal(self.tenths) if self.denominator else None


def least_of(percent: int, whole: int) -> int:
    """The least whole number that is at least `percent` of `whole`: 80 % of 216 hours is 172 h 48.

    In whatever unit `whole` has (minutes, counts). Source of the example: Gloucestershire's
    attendance rule, 80 % of 12,960 minutes = 10,368.
    """
    return -(-percent * whole // 100)
