"""Publications against what came after them: later entries of the same day, and the next publication of a report."""

from collections.abc import Iterator
from dataclasses import replace

from school.core import clock
from school.coverage import changes, frozen
from school.coverage.changes import Changes
from school.coverage.models import Publication, RequirementVersion
from school.coverage.states import Line
from school.people.models import Person, Site


def came_later(publication: Publication) -> Changes:
    """What is known by now of the day of a publication and was not frozen with it. Raises Tampered."""
    as_of = publication.entry.about_from
    was = frozen.question(publication.report, as_of, publication.known_on)
    now = replace(was, known_on=max(publication.known_on, clock.today()))
    return changes.came_later(lines(publication), was, now, publication.watermark)


def since(before: Publication, publication: Publication) -> Changes:
    """What lies between two publications of one report. Raises Tampered."""
    was, now = (
        frozen.question(one.report, one.entry.about_from, one.known_on)
        for one in (before, publication)
    )
    return changes.between_frozen(lines(before), lines(publication), was, now, before.watermark)


def before(publication: Publication) -> Publication | None:
    """The publication of the same report before this one, of those that were not withdrawn."""
    earlier = Publication.objects.filter(
        report=publication.report, entry__pk__lt=publication.pk, withdrawal=None
    )
    found: Publication | None = earlier.order_by("-pk").first()
    return found


def lines(publication: Publication) -> Iterator[Line]:
    """The frozen people of a publication as lines of states, by the keys that they have here. Raises Tampered."""
    people = dict(Person.objects.values_list("uuid", "pk"))
    sites = dict(Site.objects.values_list("uuid", "pk"))
    rows = RequirementVersion.objects.values_list("entry__uuid", "pk", "requirement")
    versions = {uuid: keys for uuid, *keys in rows}
    for one in frozen.lines(publication):
        version, requirement = versions[one.version]
        yield Line(
            people[one.person],
            requirement,
            version,
            sites[one.site],
            one.state,
            one.expires,
            one.away,
        )
