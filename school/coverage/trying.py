"""What a draft would do to real people as of a day, against the version in force; nothing is written.

The people of whom it would be asked come from the query of all states; what they had satisfied is worked out in
memory for one day, so that nobody else waits.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Q

from school.core import clock
from school.coverage import standing, states
from school.coverage.actions.publishing import Asking
from school.coverage.figures import Figure
from school.coverage.models import Requirement, RequirementVersion
from school.coverage.renewal import Held
from school.coverage.standing import Asked, Attained
from school.coverage.states import Line, Question, State
from school.coverage.stretches import Ruled, at
from school.coverage.tried import Trial
from school.people.models import Person, Site
from school.people.queries import merges

# The key that a version has which nobody published.
NONE = 0


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person of a trial: their sites, and where they stand by the version in force and by the draft; none where it is not asked."""

    person: Person
    sites: tuple[str, ...]
    before: State | None
    after: State | None
    expires: date | None
    away: bool


@dataclass(slots=True)
class Tried:
    """A draft tried: everybody of whom it is or would be asked, by site and name, and the figures of both."""

    people: list[Somebody]
    before: Figure = field(default_factory=lambda: Figure(None, NONE))
    after: Figure = field(default_factory=lambda: Figure(None, NONE))

    def __post_init__(self) -> None:
        for one in self.people:
            for state, figure in ((one.before, self.before), (one.after, self.after)):
                if state is not None:
                    figure.people[state] += 1
                    figure.away[state] += one.away

    @property
    def touched(self) -> int:
        """Of how many people it would be asked."""
        return sum(self.after.people.values())

    def becoming(self, state: State) -> list[Somebody]:
        """Who would be in a state and is not now."""
        return [one for one in self.people if one.after == state != one.before]

    def no_longer(self) -> list[Somebody]:
        """Of whom it is asked now and would not be."""
        return [one for one in self.people if one.after is None]


def try_out(asking: Asking, as_of: date) -> Tried:
    """A version tried as of a day, as everything is known today."""
    requirement = Requirement.objects.filter(code=asking.code).first()
    key, today = requirement.pk if requirement else NONE, clock.today()
    trial = Trial(key, asking.rule["grace_days"], asking.groups)
    before = _by_person(states.lines(Question(as_of, today, (key,)))) if requirement else {}
    after = _by_person(states.lines(Question(as_of, today, trial=trial)))
    had = _had(asking, requirement, as_of)
    people = {one.pk: one for one in Person.objects.filter(_among(before, after))}
    sites = dict(Site.objects.values_list("pk", "name"))
    found = []
    for person in before.keys() | after.keys():
        now, then = before.get(person, []), after.get(person, [])
        one = (then or now)[0]
        held = had.get(person)
        found.append(
            Somebody(
                people[person],
                tuple(dict.fromkeys(sites[line.site] for line in then or now)),
                now[0].state if now else None,
                _state(then[0].state, held, as_of) if then else None,
                held.expires if held and then else None,
                one.away,
            )
        )
    return Tried(sorted(found, key=lambda one: (one.sites, one.person.name, one.person.pk)))


def _among(*held: dict[int, Any]) -> Q:
    """The people of some; everybody when they are many, since the names of a whole network are few."""
    keys = {key for one in held for key in one}
    return Q(pk__in=keys) if len(keys) <= standing.AT_ONCE else Q()


def _by_person(lines: Iterator[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.person].append(line)
    return found


def _state(state: State, held: Held | None, as_of: date) -> State:
    """The state of somebody who is exempt, in grace or missing as far as the query knows, with what they had satisfied."""
    if state == State.EXEMPT or held is None:
        return state
    if held.expires is None or held.expires >= as_of:
        return State.IN_DATE
    return state if state == State.IN_GRACE else State.EXPIRED


def _had(asking: Asking, requirement: Requirement | None, as_of: date) -> dict[int, Held]:
    """What everybody had satisfied of a version on a day, by the key of the person who is kept."""
    every = standing.asked()
    asked = _with(asking, every[requirement.pk] if requirement else Asked())
    through = standing.equivalences()
    wanted = {course for courses in asked.accepted.values() for course in courses}
    counting = {
        course for course, ways in through.items() if any(way.counts_as in wanted for way in ways)
    }
    kept = dict(merges().values_list("merged", "kept"))
    had: dict[int, list[Attained]] = defaultdict(list)
    for person, one in standing.attainments(Q(course_version__course__in=wanted | counting)):
        had[kept.get(person, person)].append(one)
    today, found = clock.today(), {}
    for person, attained in had.items():
        learned = standing.counted(asked, NONE, attained, through)
        held = at(asked.rules, learned, as_of, today)
        if held is not None:
            found[person] = held
    return found


def _with(asking: Asking, asked: Asked) -> Asked:
    """The versions of a requirement as they would stand with this one, which is known from today."""
    today = clock.today()
    rules = [
        replace(rule, gone=today) if asking.before and key == asking.before.pk else rule
        for rule, (_, key) in zip(asked.rules, asked.firsts, strict=True)
    ]
    version = RequirementVersion(**asking.columns)
    return Asked(
        rules=[*rules, Ruled(asking.starts, standing.renewing(version), today)],
        accepted=asked.accepted | {NONE: frozenset(course.pk for course in asking.courses)},
        firsts=sorted([*asked.firsts, (asking.starts, NONE)], key=lambda one: one[0]),
    )
