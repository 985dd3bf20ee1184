"""A person's own passport: what they need, until when they have it, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from school.core import clock
from school.courses.models import Course, Event
from school.coverage import asked_queries, standing, states
from school.coverage.listed import Listed, dressed
from school.coverage.models import Accepted
from school.coverage.renewal import NONE, window_opens
from school.coverage.states import Question, State
from school.people.models import Person

# What wants doing comes first.
ORDER = (State.EXPIRED, State.MISSING, State.IN_GRACE, State.IN_DATE, State.EXEMPT)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is required of somebody."""

    listed: Listed
    # From when it may be renewed; none where that does not matter.
    opens: date | None
    courses: Sequence[Course]
    # The next event with places to ask for, where there is one.
    event: Event | None

    @property
    def to_do(self) -> bool:
        """Whether something is to be done that is not booked yet."""
        if self.listed.booked is not None or self.listed.line.state is State.EXEMPT:
            return False
        return self.listed.line.state is not State.IN_DATE or self.listed.mark is not None


def needs(person: Person, as_of: date, known_on: date) -> list[Need]:
    """What is required of somebody by their posts on a day, what wants doing first; ten queries at the most.

    `person` is the one who is kept of merged ones.
    """
    question = Question(as_of, known_on, people=(person.pk,))
    # Asked at two sites of one person, it is one need.
    lines = {line.requirement: line for line in states.lines(question)}
    if not lines:
        return []
    versions = asked_queries.versions(as_of, known_on)
    accepted: dict[int, list[Course]] = {}
    rows = Accepted.objects.filter(version__in=[line.version for line in lines.values()])
    for row in rows.select_related("course").order_by("course__title"):
        accepted.setdefault(row.version_id, []).append(row.course)
    coming = _coming([course.pk for courses in accepted.values() for course in courses])
    found = []
    for one in dressed(list(lines.values()), question, versions):
        courses = accepted.get(one.line.version, [])
        events = [coming[course.pk] for course in courses if course.pk in coming]
        event = min(events, key=lambda event: event.starts, default=None)
        found.append(Need(one, _opens(one), courses, event))
    far = date.max
    found.sort(key=lambda n: (not n.to_do, ORDER.index(n.listed.line.state), n.listed.line.expires or far))  # fmt: skip
    return found


def _opens(one: Listed) -> date | None:
    rule = standing.renewing(one.version)
    if one.line.expires is None or rule.window == NONE:
        return None
    return window_opens(rule, one.line.expires)


def _coming(courses: Sequence[int]) -> dict[int, Event]:
    """The next event of each course for which places can be asked for; one query."""
    now = clock.now()
    rows = Event.objects.filter(
        version__course__in=courses, state=Event.State.OPEN, opens__lte=now, closes__gt=now
    )
    found: dict[int, Event] = {}
    for event in rows.select_related("version", "site").order_by("starts", "pk"):
        found.setdefault(event.version.course_id, event)
    return found
