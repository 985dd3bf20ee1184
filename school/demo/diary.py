"""The diary that the demo's events are written into: their days, their people, and who has time."""

import random
from datetime import date, timedelta

from school.core.workingdays import is_working_day
from school.courses.models import Booking, CourseVersion, Event
from school.demo.courses import taught
from school.demo.gathering import DAY, Gathering
from school.demo.run import Build
from school.people.models import Person, Site

State = Booking.State
NEEDS = (
    "I eat no gluten.",
    "I use a wheelchair: a room without steps, and a place at the end of a row.",
    "Vegan lunch, and I have to leave at 16:00 for a train.",
)


class Diary:
    """On which days something is held already, whom the next event takes, and what is made of them."""

    def __init__(self, run: Build, tiers: dict[int, list[Person]]) -> None:
        self.run, self.tiers = run, tiers
        self.rng = random.Random(f"{run.seed} {run.today} {run.scale} events")
        self.made = Gathering(run)
        self.held: set[date] = set()
        staff = [term.fact.post.person for term in run.terms[0]]  # type: ignore[attr-defined]
        own = set(run.personas.values())
        self.staff: list[Person] = [person for person in staff if person not in own]
        self.rng.shuffle(self.staff)
        # Those whom their lead, one of the personas, answers for.
        self.here: list[Person] = [
            term.fact.post.person  # type: ignore[attr-defined]
            for term in run.terms[0]
            if term.fact.site == run.sites[run.home] and term.fact.post.person not in own  # type: ignore[attr-defined]
        ]
        self.busy: set[Person] = set(self.here)

    def day(self, after: int) -> date:
        """A working day about so many days from today, none between Christmas and the new year, none twice."""
        day, step = self.run.today + timedelta(days=after), DAY if after >= 0 else -DAY
        while (
            not is_working_day(day)
            or (day.month, day.day) >= (12, 21)
            or (day.month, day.day) <= (1, 2)
            or day in self.held
        ):
            day += step
        self.held.add(day)
        return day

    def friday(self, before: int) -> date:
        """A Friday at least so many days ago: no student of the third year works then."""
        day = self.run.today - timedelta(days=before)
        while day.weekday() != 4 or not is_working_day(day):
            day -= DAY
        self.held.add(day)
        return day

    def some(self, number: int, among: list[Person] | None = None) -> list[Person]:
        """The next few of the staff whom nothing is taken for yet; everybody comes once."""
        free = [person for person in among or self.staff if person not in self.busy][:number]
        self.busy.update(free)
        return free

    def site(self, name: str) -> Site:
        """A site by a part of its name."""
        return next(site for site in self.run.sites if name in site.name)

    def persona(self, key: str) -> Person:
        """Somebody to sign in as."""
        return self.run.personas[key]

    def version(self, code: str) -> CourseVersion:
        """The version of a course that is taught now."""
        return taught(self.run, code)

    def places(self, event: Event, people: list[Person], asked: int = 20) -> None:
        """Books people, each on a day of their own, from so many days ago."""
        for number, person in enumerate(people):
            day = min(self.run.today - timedelta(days=asked) + number * DAY, self.run.today)
            needs = NEEDS[number % 3] if number % 5 == 2 else ""
            self.made.book(event, person, State.BOOKED, asked=day, needs=needs)
