"""Publications against what came after them: later entries of the same day, and the next publication of a report."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from uuid import UUID

from school.core import clock
from school.coverage import changes, frozen, states
from school.coverage.changes import Changes
from school.coverage.models import Publication, Requirement, RequirementVersion
from school.coverage.states import Line, Narrowed, Order, Question
from school.people.models import Person, Site


def came_later(publication: Publication) -> Changes:
    """What is known by now of the day of a publication and was not frozen with it. Raises Tampered."""
    as_of = publication.entry.about_from
    was = frozen.question(publication.report, as_of, publication.known_on)
    now = replace(was, known_on=max(publication.known_on, clock.today()))
    kept = _Frozen(publication, _Keys())
    pairs = ((kept.lines(code), lines) for code, lines in _known(now, kept.texts))
    return changes.came_later(pairs, was, now, publication.watermark)


def since(before: Publication, publication: Publication) -> Changes:
    """What lies between two publications of one report. Raises Tampered."""
    was, now = (
        frozen.question(one.report, one.entry.about_from, one.known_on)
        for one in (before, publication)
    )
    keys = _Keys()
    kept, then = _Frozen(before, keys), _Frozen(publication, keys)
    middle = replace(was, known_on=now.known_on)
    triples = (
        (kept.lines(code), lines, then.lines(code))
        for code, lines in _known(middle, {**kept.texts, **then.texts})
    )
    return changes.between_frozen(triples, was, middle, now, before.watermark)


def before(publication: Publication) -> Publication | None:
    """The publication of the same report before this one, of those that were not withdrawn."""
    earlier = Publication.objects.filter(
        report=publication.report, entry__pk__lt=publication.pk, withdrawal=None
    )
    found: Publication | None = earlier.order_by("-pk").first()
    return found


def _known(question: Question, frozen_too: Iterable[str]) -> Iterator[tuple[str, list[Line]]]:
    """The lines of a question by the code of each requirement, and of none for what was frozen and is not asked."""
    codes = dict(Requirement.objects.values_list("pk", "code"))
    left = set(frozen_too)
    found = states.lines(question, Narrowed(order=Order.REQUIREMENT))
    for requirement, lines in groupby(found, key=lambda one: one.requirement):
        left.discard(codes[requirement])
        yield codes[requirement], list(lines)
    for code in sorted(left):
        yield code, []


class _Keys:
    """The keys that people, sites and versions have here, by their UUIDs."""

    def __init__(self) -> None:
        self.people: dict[UUID, int] = dict(Person.objects.values_list("uuid", "pk"))
        self.sites: dict[UUID, int] = dict(Site.objects.values_list("uuid", "pk"))
        rows = RequirementVersion.objects.values_list("entry__uuid", "pk", "requirement")
        self.versions: dict[UUID, tuple[int, int]] = {uuid: (pk, key) for uuid, pk, key in rows}


class _Frozen:
    """The frozen people of a publication, requirement by requirement, by the keys that they have here."""

    def __init__(self, publication: Publication, keys: _Keys) -> None:
        self.keys = keys
        self.texts = frozen.texts(publication)

    def lines(self, code: str) -> list[Line]:
        """Those of one requirement; nobody where it was not published."""
        found = []
        for one in frozen.lines_of(code, self.texts.get(code, "")):
            version, requirement = self.keys.versions[one.version]
            person, site = self.keys.people[one.person], self.keys.sites[one.site]
            found.append(Line(person, requirement, version, site, one.state, one.expires, one.away))
        return found
