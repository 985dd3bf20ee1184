"""One site for an inspector: who works there, what they are entitled to do, the training behind it, and the gaps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.text import capfirst

from school.core import days
from school.courses.models import Attainment
from school.coverage import states, terms
from school.coverage.models import Accepted, Requirement
from school.coverage.states import Line, Question, State
from school.people.models import Entitlement, Person, Site
from school.people.queries import merges

DEFINITION = (
    "Who works at the site: in post there on the day, the last day counts. Entitled: by an employer, as referrer, "
    "practitioner or operator, on the day. Training: what satisfies the radiation training that is required of them there, "
    "completed by the day. Marked are: radiation training is required of them and nobody entitled them, a review that is "
    "overdue, and radiation training that is missing or out of date. As known on a day: without what was recorded later. "
    "Source: the Ionising Radiation (Medical Exposure) Regulations 2017, regulation 17 and schedules 2 and 3."
)
COLUMNS = (
    "Person", "Role", "At the site since", "What", "Employer", "Scope of practice or training", "From or completed",
    "To or expires", "Review on", "Nature of training", "Mark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entitled:
    """What an employer entitles somebody to do; `mark` says what is wrong with it."""

    practice: str
    employer: str
    first: date
    last: date | None
    review_on: date
    mark: str


@dataclass(frozen=True, slots=True)
class Trained:
    """Something completed that satisfies what is required."""

    title: str
    day: date
    nature: str


@dataclass(slots=True)
class Asked:
    """A requirement: where somebody stands with it, the training behind it, and what is wrong; no mark where nothing is."""

    name: str
    said: str
    expires: date | None
    mark: str
    training: list[Trained] = field(default_factory=list)


@dataclass(slots=True)
class Member:
    """Somebody who works at the site."""

    person: Person
    posts: list[tuple[str, date]]
    entitled: list[Entitled] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def has_part(self) -> bool:
        """Whether they have a part in exposures: they are entitled to one, or radiation training is required of them."""
        return bool(self.entitled or self.asked)

    @property
    def marks(self) -> list[str]:
        """What an inspector would ask about."""
        found = ["No entitlement on record"] if self.asked and not self.entitled else []
        found += [one.mark for one in self.entitled if one.mark]
        return found + [one.mark for one in self.asked if one.mark]


def members(site: Site, as_of: date, known_on: date) -> list[Member]:
    """Who worked at a site on a day, by name, as it was known on another; eight queries, however many there are."""
    found = _posted(site, as_of, known_on)
    for one in _entitlements(list(found), as_of, known_on):
        mark = ""
        if one.review_on < as_of:
            mark = f"Review overdue since {days.long_date(one.review_on)}: {one.get_practice_display()}"
        line = Entitled(
            capfirst(one.get_practice_display()),
            one.employer.name,
            one.entry.about_from,
            one.entry.about_to,
            one.review_on,
            mark,
        )
        found[one.head or one.person_id].entitled.append(line)  # type: ignore[attr-defined]
    radiation = tuple(Requirement.objects.filter(radiation=True).values_list("pk", flat=True))
    if radiation:
        asked = Question(as_of, known_on, requirements=radiation, sites=(site.pk,))
        _ask(found, list(states.lines(asked)), as_of, known_on)
    return sorted(found.values(), key=lambda one: (one.person.name.casefold(), one.person.pk))


def _posted(site: Site, as_of: date, known_on: date) -> dict[int, Member]:
    sql = f"""
WITH {terms.TERMS}, {terms.placed((site.pk,))}
SELECT h.id, h.uuid, h.name, r.title, MIN(p.starts) AS since
FROM placed p JOIN people_jobrole r ON r.id = p.job_role JOIN people_person h ON h.id = p.person
WHERE p.ends >= %(as_of)s GROUP BY h.id, h.uuid, h.name, r.title ORDER BY 5, 4"""
    asked = {"as_of": as_of, "known_on": known_on, **terms.keyed("s", (site.pk,))}
    found: dict[int, Member] = {}
    for row in Person.objects.raw(sql, asked):
        since = terms.day_of(row.since)  # type: ignore[attr-defined]
        assert since is not None
        found.setdefault(row.pk, Member(row, [])).posts.append((row.title, since))  # type: ignore[attr-defined]
    return found


def _of(people: Sequence[int], rows: Any) -> Any:
    """The facts of people under every key they are known by; `head` is that of who is kept, where it is another."""
    merged = merges().filter(kept__in=people)
    head = merged.filter(merged=OuterRef("person")).values("kept")[:1]
    theirs = Q(person__in=people) | Q(person__in=merged.values("merged"))
    return rows.filter(theirs).annotate(head=Subquery(head))


def _entitlements(people: Sequence[int], as_of: date, known_on: date) -> Sequence[Entitlement]:
    rows = _of(people, Entitlement.objects.standing(known_on)).filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=as_of),
        cancelled=False,
        entry__about_from__lte=as_of,
    )
    return list(rows.select_related("entry", "employer").order_by("practice", "entry__about_from"))


SAID = {
    State.EXEMPT: "Exempt",
    State.IN_DATE: "In date",
    State.IN_GRACE: "Not yet: in the grace of a starter",
    State.EXPIRED: "Out of date",
    State.MISSING: "Missing",
}


def _ask(found: dict[int, Member], lines: Sequence[Line], as_of: date, known_on: date) -> None:
    """What radiation training is required of each, with the training that satisfies it."""
    wanted: dict[int, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for version, name, course in _counting({line.version for line in lines}, as_of, known_on):
        wanted[version].add(course)
        names[version] = name
    courses = {course for some in wanted.values() for course in some}
    trained = _trained(list(found), courses, as_of, known_on)
    for line in sorted(lines, key=lambda line: names[line.version]):
        own = trained[line.person]
        training = [one for course, one in own if course in wanted[line.version]]
        name, said = names[line.version], SAID[line.state]
        mark = ""
        if line.state is State.MISSING:
            mark = f"Missing: {name}"
        elif line.state is State.EXPIRED:
            since = f" since {days.long_date(line.expires)}" if line.expires else ""
            mark = f"Out of date{since}: {name}"
        found[line.person].asked.append(Asked(name, said, line.expires, mark, training))


def _counting(versions: set[int], as_of: date, known_on: date) -> Iterable[tuple[int, str, int]]:
    """The courses that count for versions of requirements, those that count as another on the day too; one query."""
    rows = Accepted.objects.filter(version__in=versions).order_by()
    told = ("version", "version__requirement__name")
    after, gone = "course__equivalents__entry__", "course__equivalents__superseded_by"
    equal = rows.filter(
        Q(**{f"{after}about_to": None}) | Q(**{f"{after}about_to__gte": as_of}),
        Q(**{gone: None}) | Q(**{f"{gone}__entry__known_from__gt": known_on}),
        course__equivalents__cancelled=False,
        **{f"{after}about_from__lte": as_of, f"{after}known_from__lte": known_on},
    )
    own = rows.values_list(*told, "course")
    return own.union(equal.values_list(*told, "course__equivalents__attained"))


def _trained(
    people: Sequence[int], courses: set[int], as_of: date, known_on: date
) -> dict[int, list[tuple[int, Trained]]]:
    rows = (
        _of(people, Attainment.objects.standing(known_on))
        .filter(course_version__course__in=courses, entry__about_from__lte=as_of)
        .exclude(void__entry__known_from__lte=known_on)
        .select_related("entry", "course_version")
        .order_by("-entry__about_from", "-pk")
    )
    found: dict[int, list[tuple[int, Trained]]] = defaultdict(list)
    for row in rows:
        version = row.course_version
        nature = capfirst(row.get_source_display())
        if version.credit_minutes:
            nature = f"{nature}, {days.in_words(version.credit_minutes)}"
        line = Trained(version.title, row.entry.about_from, nature)
        found[row.head or row.person_id].append((version.course_id, line))
    return found


def cells(found: Sequence[Member]) -> Iterator[list[Any]]:
    """A row for each entitlement and each training, for what is missing of either, and for whoever has no part in exposures."""
    for member in found:
        roles = ", ".join(title for title, _ in member.posts)
        head = [member.person.name, roles, min(day for _, day in member.posts)]
        if not member.has_part:
            yield [*head, "No part in exposures", *[None] * 7]
        if not member.entitled and member.asked:
            yield [*head, "Entitlement", *[None] * 6, "No entitlement on record"]
        for one in member.entitled:
            yield [*head, "Entitlement", one.employer, one.practice, one.first, one.last, one.review_on, None, one.mark]  # fmt: skip
        for asked in member.asked:
            if not asked.training:
                yield [*head, "Training", None, asked.name, None, asked.expires, None, asked.said, asked.mark]  # fmt: skip
            for one_ in asked.training:
                title = f"{asked.name}: {one_.title}"
                yield [*head, "Training", None, title, one_.day, asked.expires, None, one_.nature, asked.mark]  # fmt: skip
