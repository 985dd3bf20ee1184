"""What a person's CPD is measured by: the scheme, their profession and its cycle, and the days that a profile is about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from logbooks.cpd.checks import Period
from logbooks.cpd.cycles import Cycle, cycle_before, cycle_of, period
from logbooks.cpd.schemes import (
    Profession,
    Scheme,
    profession,
    profession_of,
    scheme_of,
    scheme_with,
    schemes,
)
from school.core.days import DAY, add_months
from school.people.models import Person

# The regulator whose shape a profile has when its person is on no register that the portal knows.
USUAL = "HCPC"
# A profile without a cycle is about so many months up to today.
PRACTICE_MONTHS = 24
# For so many months after a window closed, the profile of its cycle can still be written.
LATE_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """By what a person's CPD is measured. Without a profession there is no cycle and no window."""

    scheme: Scheme
    profession: Profession | None
    cycle: Cycle | None
    period: Period
    registered_on: date | None

    @property
    def key(self) -> str:
        """The shape as a frozen profile names it: "hcpc 2022-06-28"."""
        return f"{self.scheme.key} {self.scheme.first.isoformat()}"


def measure(me: Collection[int], today: date) -> Measure:
    """What the CPD of a person, by all keys of their identity, is measured by on a day; one query.

    What they say themselves comes first, then the profession that their registration number begins with.
    """
    rows = Person.objects.filter(pk__in=me).order_by("pk")
    known = list(
        rows.values_list(
            "regulator",
            "registration_number",
            "cpd_registration",
            "cpd_registration__profession",
            "cpd_registration__registered_on",
        )
    )
    said = next((row for row in known if row[2] is not None), None)
    if said is not None:
        _, _, _, key, registered_on = said
        return _of(profession(key, today), registered_on, today)
    found = (profession_of(regulator, number, today) for regulator, number, *_ in known)
    return _of(next((one for one in found if one), None), None, today)


def before(found: Measure, today: date) -> Measure | None:
    """The measure of the cycle before, while its window has closed less than three months ago."""
    if found.profession is None or found.cycle is None:
        return None
    if today >= add_months(found.cycle.first, LATE_MONTHS):
        return None
    cycle = cycle_before(found.profession, found.cycle)
    days = period(cycle, found.registered_on)
    if days is None:
        return None
    return Measure(found.scheme, found.profession, cycle, days, found.registered_on)


def oldest(today: date) -> date:
    """The first day that anybody's profile can be about: of the longest cycle, while the one before can be written."""
    cycles = (one.cycle_months for scheme in schemes(today) for one in scheme.professions)
    return add_months(today, -max(PRACTICE_MONTHS, *cycles) - LATE_MONTHS)


def _of(known: Profession | None, registered_on: date | None, today: date) -> Measure:
    scheme = scheme_with(known.key, today) if known else scheme_of(USUAL, today)
    if scheme is None:
        raise ValueError(f"There is no scheme on {today}.")
    if known is None:
        first = add_months(today + DAY, -PRACTICE_MONTHS)
        return Measure(scheme, None, None, (first, today), registered_on)
    cycle = cycle_of(known, today)
    # Who is to be registered after the cycle has all of it still.
    days = period(cycle, registered_on) or (cycle.first, cycle.last)
    return Measure(scheme, known, cycle, days, registered_on)
