"""Whether a student's competencies keep up with their hours: the arithmetic of one year."""

from dataclasses import dataclass

from school.core import days

# A third: so far may the share of competencies stay under the share of hours.
PARTS = 3
RECKONED = (
    "Behind: in the newest year with hours that count, the share of the year’s competencies that is achieved is a third "
    "or more under the share of the year’s lowest hours that counts (confirmed, from paper and adjusted; at most all of them)."
)


@dataclass(frozen=True, slots=True)
class Pace:
    """A year of a student: how many competencies are achieved of those asked, and the minutes that count of those needed."""

    year: int
    achieved: int
    asked: int
    minutes: int
    needed: int

    @property
    def behind(self) -> bool:
        """Whether the competencies lag."""
        return rule_lags(self.achieved, self.asked, self.minutes, self.needed)

    @property
    def words(self) -> str:
        """ "Year 3: 2 of 20, with 300 of 600 hours"."""
        hours = f"{days.in_hours(self.minutes)} of {days.in_hours(self.needed)} hours"
        return f"Year {self.year}: {self.achieved} of {self.asked}, with {hours}"


def rule_lags(achieved: int, asked: int, minutes: int, needed: int) -> bool:
    """Competencies lag when their share is a third or more under the share of hours, which is at most all of them.

    Nobody lags of whom nothing is asked.
    """
    if not asked or not needed:
        return False
    # Both shares over one denominator, so that a third is a third and not 0.333.
    return PARTS * (min(minutes, needed) * asked - achieved * needed) >= asked * needed
