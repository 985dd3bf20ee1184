"""The rows of a publication: made once from everybody's states, sealed by a hash, and read again to the digit."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, When

from school.core import canonical
from school.core.errors import DomainError
from school.coverage import states, suppression
from school.coverage.figures import CONVENTIONS, Figure, Policy
from school.coverage.models import (
    Frozen,
    Publication,
    Report,
    Requirement,
    RequirementVersion,
)
from school.coverage.states import Line, Narrowed, Order, Question, State
from school.people.models import Person, Site

HIDING = (
    f"Where fewer than {suppression.THRESHOLD} people are in date, or fewer than {suppression.THRESHOLD} are not, "
    "the figure is hidden, and others with it wherever it could be worked out from them."
)


class Tampered(DomainError):
    """The rows that were frozen are not those that were sealed."""

    def __init__(self) -> None:
        super().__init__(
            "The rows of this publication are not those that were published: they do not come to the hash "
            "that was sealed with them. Nothing of them is shown. Write to whoever looks after the portal: "
            "they can be brought back from a backup."
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement as it was published."""

    code: str
    name: str
    target: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it was published: its key, its name, and the region of a site."""

    key: str
    name: str
    region: str


@dataclass(slots=True)
class Published:
    """What a publication says: its words, and a figure for each group and requirement; the group "" is everybody once."""

    title: str
    for_whom: str
    as_of: date
    known_on: date
    policy: Policy
    grouped_by: str
    outside: bool
    # The names of the sites that were asked for; none where all were.
    sites: Sequence[str]
    conventions: Sequence[str]
    requirements: Sequence[Asked]
    groups: Sequence[Group]
    figures: Mapping[tuple[str, str], Figure]

    def figure(self, group: str, requirement: str) -> Figure:
        """The figure of a group, which may be of nobody."""
        return self.figures.get((group, requirement)) or Figure(group, 0)


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """One person, by UUID, and one requirement, by code and the UUID of its version, at one site, by UUID."""

    person: UUID
    requirement: str
    version: UUID
    site: UUID
    state: State
    expires: date | None
    away: bool


# Making --------------------------------------------------------------------------------------------


def parts(report: Report, as_of: date, known_on: date) -> Iterator[tuple[str, str]]:
    """Each part with its text: one for the people of each requirement, then that of the figures."""
    codes = dict(Requirement.objects.values_list("pk", "code"))
    people = dict(Person.objects.values_list("pk", "uuid"))
    sites = Site.objects.in_bulk()
    # Of each requirement one version holds on a day.
    versions = dict(RequirementVersion.objects.values_list("pk", "entry__uuid"))
    counts = _Counting(report, sites)
    found = states.lines(question(report, as_of, known_on), Narrowed(order=Order.REQUIREMENT))
    for requirement, group in groupby(found, key=lambda one: one.requirement):
        lines = list(group)
        counts.add(requirement, lines)
        rows = {(str(people[one.person]), str(sites[one.site].uuid)): one for one in lines}
        part = {
            "version": str(versions[lines[0].version]),
            "lines": [
                [*key, one.state, _day(one.expires), int(one.away)]
                for key, one in sorted(rows.items())
            ],
        }
        yield codes[requirement], _text(part)
    yield Frozen.FIGURES, _text(_figures(report, as_of, known_on, counts, codes))


def question(report: Report, as_of: date, known_on: date) -> Question:
    """What a report asks, of a day and as known on one."""
    return Question(
        as_of,
        known_on,
        tuple(report.requirements.order_by("pk").values_list("pk", flat=True)),
        tuple(report.sites.order_by("pk").values_list("pk", flat=True)),
    )


def digest(parts: Iterable[tuple[str, str]]) -> str:
    """The hash of all parts, of the name and the digest of each: what the publication seals."""
    named = sorted([name, of] for name, of in parts)
    return canonical.sealed(b"", json.dumps(named, separators=(",", ":")))


def digest_of(text: str) -> str:
    """The hash of one part."""
    return canonical.sealed(b"", text)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


class _Counting:
    """The figures of a report, counted requirement by requirement; and of whom and what they are."""

    def __init__(self, report: Report, sites: Mapping[int, Site]) -> None:
        self.report, self.sites = report, sites
        self.figures: list[tuple[str, int, dict[str, list[int]]]] = []
        self.versions: set[int] = set()
        self.at: set[int] = set()

    def add(self, requirement: int, lines: Iterable[Line]) -> None:
        """Counts the lines of one requirement."""
        people: dict[tuple[str, State], set[int]] = defaultdict(set)
        away: dict[tuple[str, State], set[int]] = defaultdict(set)
        groups = dict.fromkeys([""])
        for line in lines:
            self.versions.add(line.version)
            self.at.add(line.site)
            for group in ("", _group(self.report, self.sites[line.site])):
                groups[group] = None
                people[group, line.state].add(line.person)
                if line.away:
                    away[group, line.state].add(line.person)
        for group in groups:
            counts = {
                state.value: [len(people[group, state]), len(away[group, state])]
                for state in State
                if people[group, state]
            }
            self.figures.append((group, requirement, counts))


def _figures(
    report: Report, as_of: date, known_on: date, counts: _Counting, codes: Mapping[int, str]
) -> dict[str, Any]:
    versions = RequirementVersion.objects.filter(pk__in=counts.versions)
    by_site = report.grouped_by == Report.By.SITE
    there = [counts.sites[key] for key in counts.at]
    groups = {
        _group(report, site): (site.name if by_site else site.network_region, site.network_region)
        for site in there
    }
    outside = report.audience == Report.Audience.OUTSIDE
    return {
        "title": report.title,
        "for_whom": report.for_whom,
        "as_of": as_of.isoformat(),
        "known_on": known_on.isoformat(),
        "policy": report.policy,
        "grouped_by": report.grouped_by,
        "outside": outside,
        "sites": sorted(report.sites.values_list("name", flat=True)),
        "conventions": [*CONVENTIONS, HIDING] if outside else list(CONVENTIONS),
        "requirements": sorted(
            [codes[one.requirement_id], one.requirement.name, one.target_percent]
            for one in versions.select_related("requirement")
        ),
        "groups": sorted(
            [[key, name, region] for key, (name, region) in groups.items()],
            key=lambda one: (one[2], one[1], one[0]),
        ),
        "figures": sorted([group, codes[key], said] for group, key, said in counts.figures),
    }  # fmt: skip


def _group(report: Report, site: Site) -> str:
    return str(site.uuid) if report.grouped_by == Report.By.SITE else site.network_region


# Reading -------------------------------------------------------------------------------------------


def opened(publication: Publication) -> Published:
    """What was published, from its frozen rows alone. Raises Tampered."""
    said = json.loads(_sealed(publication, Q(part=Frozen.FIGURES))[Frozen.FIGURES])
    figures = {}
    for group, code, counts in said["figures"]:
        figure = Figure(group, 0)
        for state, (people, away) in counts.items():
            figure.people[State(state)] = people
            figure.away[State(state)] = away
        figures[group, code] = figure
    return Published(
        title=said["title"],
        for_whom=said["for_whom"],
        as_of=date.fromisoformat(said["as_of"]),
        known_on=date.fromisoformat(said["known_on"]),
        policy=Policy(said["policy"]),
        grouped_by=said["grouped_by"],
        outside=said["outside"],
        sites=said["sites"],
        conventions=said["conventions"],
        requirements=[Asked(*one) for one in said["requirements"]],
        groups=[Group(*one) for one in said["groups"]],
        figures=figures,
    )


def lines(publication: Publication, requirement: str) -> list[FrozenLine]:
    """The people of one requirement, by its code, as they were published; one query. Raises Tampered."""
    return lines_of(requirement, _sealed(publication, Q(part=requirement)).get(requirement, ""))


def texts(publication: Publication) -> dict[str, str]:
    """The people of each requirement, by its code, as the text that `lines_of` reads; one query. Raises Tampered."""
    return _sealed(publication, ~Q(part=Frozen.FIGURES))


def lines_of(requirement: str, text: str) -> list[FrozenLine]:
    """The people of one requirement, from the text of its part; nobody from none."""
    if not text:
        return []
    said = json.loads(text)
    version = UUID(said["version"])
    return [
        FrozenLine(
            UUID(person),
            requirement,
            version,
            UUID(site),
            State(state),
            date.fromisoformat(expires) if expires else None,
            bool(away),
        )
        for person, site, state, expires, away in said["lines"]
    ]


def _sealed(publication: Publication, wanted: Q) -> dict[str, str]:
    """The texts of some parts, once the list of all parts and each of these are what was sealed."""
    text = Case(When(wanted, then="text"), default=None)
    rows = list(publication.frozen.order_by("part").values_list("part", "digest", text))
    if digest((part, of) for part, of, _ in rows) != publication.rows_digest:
        raise Tampered
    found = {part: (of, words) for part, of, words in rows if words is not None}
    if any(digest_of(words) != of for of, words in found.values()):
        raise Tampered
    return {part: words for part, (_, words) in found.items()}
