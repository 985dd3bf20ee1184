"""When the demo's students are where: placements and the days worked, from a seed and a date. No database."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from school.core import days
from school.core.workingdays import is_bank_holiday

# Days of a placement by year of study, and the shift that makes the year's hours come out.
SPAN = {1: 2, 2: 7, 3: 50}
WEEKDAYS = {1: range(5), 2: range(5), 3: range(4)}
SHIFT = {1: ((9, 0), (16, 0), 60), 2: ((8, 0), (16, 0), 48), 3: ((8, 0), (16, 0), 30)}
STUDENTS_A_YEAR = 20
# Students by their place in the list: those who were at the personas' site in an earlier year beside the
# regular ones, who comes there soon in the second year, who is moved there in the third, and who paused.
EARLIER_HERE = (7, 14)
SOON_HERE = 17
MOVED_HERE = 5
PAUSED = 9


def academic_year(day: date) -> int:
    """The year in which the academic year of a day began, 1 September."""
    return day.year if day.month >= 9 else day.year - 1


@dataclass(frozen=True, slots=True)
class Stay:
    """A placement to build: whose (a place in the list), year of study, first and last day, which site (a number).

    One that was cut short was `meant_until` a later day; the next is then where the student was `moved`.
    """

    index: int
    year: int
    starts: date
    ends: date
    site: int
    meant_until: date | None = None
    moved: bool = False


def stays(intake: int, index: int, today: date) -> list[Stay]:
    """The placements of student `index` of the intake that began in September `intake`, up to `today` and a little on."""
    found = []
    current = academic_year(today)
    for year in (1, 2, 3):
        began = intake + year - 1
        if began > current:
            break
        if began == current:
            # Around today, so that the demo always shows placements under way and to come.
            weeks = index * 3 % 11 - 6
            starts = days.monday(today) + timedelta(weeks=weeks)
            first = date(began, 9, 14)
            last = date(began + 1, 8, 31) - timedelta(days=SPAN[year])
            starts = days.monday(min(max(starts, first), last))
        else:
            starts = days.monday(date(began, 10, 5) + timedelta(weeks=index % 8))
        ends = starts + timedelta(days=SPAN[year] - 1)
        site = _site(index, year, earlier=began < current)
        moving = days.monday(today)
        if (index, year) == (MOVED_HERE, 3) and began == current and starts < moving <= ends:
            last = moving - timedelta(days=1)
            found.append(Stay(index, year, starts, last, site, meant_until=ends))
            found.append(Stay(index, year, moving, ends, 0, moved=True))
        else:
            found.append(Stay(index, year, starts, ends, site))
    return found


def _site(index: int, year: int, *, earlier: bool) -> int:
    """The number of a student's site, counted from that of the personas."""
    if earlier and year < 3 and index in EARLIER_HERE:
        return 0
    if not earlier and (index, year) == (SOON_HERE, 2):
        return 0
    return index + 2 * (year - 3)


def worked_days(stay: Stay) -> list[date]:
    """The days on the rota of a placement, bank holidays left out."""
    span = [stay.starts + timedelta(days=n) for n in range((stay.ends - stay.starts).days + 1)]
    return [d for d in span if d.weekday() in WEEKDAYS[stay.year] and not is_bank_holiday(d)]


@dataclass(frozen=True, slots=True)
class Day:
    """What became of a day on the rota: a shift in some state, or a note why there was none."""

    day: date
    state: str
    note: str = ""
    long: bool = False


def lived(stay: Stay, today: date, rng: random.Random) -> list[Day]:
    """What became of each day of a placement before today.

    The slow student has logged little; the busy one worked long days lately, more than the rules allow.
    """
    # Not at the first site: it is the newcomer's own, and looks alike on every day.
    slow, busy = rng.random() < 0.15 and stay.site != 0, stay.site == 1
    found = []
    for day in worked_days(stay):
        if day >= today:
            break
        chance, age = rng.random(), (today - day).days
        if busy and age <= 10:
            found.append(Day(day, "awaiting", long=True))
        elif stay.site == 0 and stay.year == 3 and 7 <= age <= 12 and day.weekday() == 2:
            # The newcomer's own student has something to answer.
            found.append(Day(day, "queried"))
        elif chance < 0.03:
            found.append(Day(day, "", note=rng.choice(["absent_ill", "absent_other"])))
        elif chance < 0.07:
            found.append(Day(day, "", note=rng.choice(["cancelled_scanner", "cancelled_tracer"])))
        elif slow and age < 40 and chance < 0.8:
            continue
        elif age > 6 or (age > 2 and chance < 0.6):
            state = "confirmed" if age > 16 or chance < 0.95 else "queried"
            found.append(Day(day, state, long=chance > 0.985))
        else:
            found.append(Day(day, "awaiting", long=chance > 0.9))
    return found
