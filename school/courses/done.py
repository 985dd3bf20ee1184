"""What people learned here and brought along, told to whoever notices what people do."""

from collections.abc import Collection, Sequence
from uuid import UUID

from school.core import clock
from school.core.corrections import lines
from school.core.registries import Done, tell_done
from school.courses.models import Attainment, AttainmentVoid, CourseVersion
from school.people.models import Person

Source = Attainment.Source


def attained(facts: Sequence[UUID]) -> list[Done]:
    """Who completed what, by attainments."""
    rows = Attainment.objects.filter(entry__uuid__in=facts)
    return _attained(rows.values_list("pk", flat=True))


def voided(facts: Sequence[UUID]) -> list[Done]:
    """The same, by what made attainments void."""
    rows = AttainmentVoid.objects.filter(entry__uuid__in=facts)
    return _attained(rows.values_list("attainment", flat=True))


def _attained(keys: Collection[int]) -> list[Done]:
    found = lines(Attainment, keys)
    rows = Attainment.objects.select_related("course_version", "void")
    facts = rows.in_bulk([pk for line in found for pk in (line[0], line[-1])])
    return [_of(facts[line[0]], facts[line[-1]]) for line in found]


def _of(first: Attainment, newest: Attainment) -> Done:
    version = newest.course_version
    return Done(
        person=first.person_id,
        key=first.entry.uuid,
        kind="module" if newest.source == Source.MODULE else "course",
        title=version.title,
        day=newest.entry.about_from,
        minutes=version.credit_minutes or None,
        holds=getattr(newest, "void", None) is None,
    )


def tell_published(version: CourseVersion, by: Person) -> None:
    """Tell that somebody published a version of a course today, in the transaction in which they do: no fact says it."""
    title = f"{version.title} published"
    tell_done([Done(by.pk, version.uuid, "publishing", title, clock.today())])
