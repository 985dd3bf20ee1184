"""Lines of coverage with the names of people, the marks on their states and the events that they have booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from school.core.days import long_date
from school.coverage import standing, states
from school.coverage.marks import Mark, mark
from school.coverage.models import RequirementVersion
from school.coverage.over_time import booked
from school.coverage.states import Line, Narrowed, Question, State
from school.people.models import Person, Site

# How each state looks (school.core.templatetags.soo) and what it is called.
LOOKS = {
    State.EXEMPT: ("withdrawn", "Exempt"),
    State.IN_DATE: ("done", "In date"),
    State.IN_GRACE: ("not-started", "Starter, in grace"),
    State.EXPIRED: ("behind", "Lapsed"),
    State.MISSING: ("rejected", "Missing"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A line as a page shows it."""

    line: Line
    person: Person
    site: Site
    version: RequirementVersion
    mark: Mark | None
    booked: date | None

    @property
    def look(self) -> str:
        """How the state looks."""
        return LOOKS[self.line.state][0]

    @property
    def state(self) -> str:
        """What the state is called."""
        return LOOKS[self.line.state][1]

    @property
    def until(self) -> str:
        """Until when somebody is, or was, in date."""
        if self.line.state is State.EXPIRED:
            return f"until {long_date(self.line.expires)}" if self.line.expires else ""
        if self.line.expires is not None:
            return f"through {long_date(self.line.expires)}"
        return "for good" if self.line.state is State.IN_DATE else ""

    @property
    def notes(self) -> list[str]:
        """What is marked on the state."""
        found = [str(self.mark).capitalize()] if self.mark else []
        found += ["Away for 28 days or more"] if self.line.away else []
        return found + ([f"Booked, {long_date(self.booked)}"] if self.booked else [])


def listed(
    question: Question, versions: Mapping[int, RequirementVersion], narrowed: Narrowed
) -> list[Listed]:
    """The lines with all that is shown beside them; four queries however many there are."""
    return dressed(list(states.lines(question, narrowed)), question, versions)


def dressed(
    found: Sequence[Line], question: Question, versions: Mapping[int, RequirementVersion]
) -> list[Listed]:
    """Lines with the names and the bookings of their people; three queries."""
    people = Person.objects.in_bulk({line.person for line in found})
    sites = Site.objects.in_bulk({line.site for line in found})
    places = booked(question, people)
    return [
        Listed(
            line,
            people[line.person],
            sites[line.site],
            versions[line.requirement],
            _marked(line, question.as_of, versions[line.requirement]),
            places.get((line.person, line.version)),
        )
        for line in found
    ]


def _marked(line: Line, as_of: date, version: RequirementVersion) -> Mark | None:
    if line.state is not State.IN_DATE:
        return None
    return mark(standing.renewing(version), as_of, line.expires)
