"""Sources of attainments: how their columns are called, and which course each of their titles is; said once."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from school.core.errors import DomainError, NotAllowed
from school.core.files import reading
from school.courses import policies
from school.courses.models import Course, ImportSource, SourceTitle
from school.people.models import Person
from school.people.queries import hats


def save_source(*, by: Person, uuid: UUID, name: str, columns: Mapping[str, str]) -> ImportSource:
    """Makes a source under its UUID, or changes it; `columns` are its headings by the portal's column."""
    rule_may_map(by)
    tidy = {column: " ".join(heading.split()) for column, heading in columns.items()}
    said = {column: heading for column, heading in tidy.items() if heading}
    rule_each_heading_once(said)
    if ImportSource.objects.filter(name__iexact=name.strip()).exclude(uuid=uuid).exists():
        raise DomainError("Another source has this name. Choose another.", field="name")
    with transaction.atomic():
        values = {"name": name.strip(), "columns": said}
        source, new = ImportSource.objects.select_for_update().get_or_create(
            uuid=uuid, defaults=values
        )
        if not new and (source.name, source.columns) != (values["name"], said):
            source.name, source.columns = name.strip(), said
            source.save()
    return source


def map_titles(*, by: Person, source: ImportSource, courses: Mapping[str, Course]) -> None:
    """Says which course each title of a source is; a title that is said again is another course from now on."""
    rule_may_map(by)
    with transaction.atomic():
        held = {title.title: title for title in SourceTitle.objects.filter(source=source)}
        for title, course in courses.items():
            before = held.get(title)
            if before is None:
                SourceTitle.objects.create(source=source, title=title, course=course)
            elif before.course_id != course.pk:
                before.course = course
                before.save()


def rule_may_map(by: Person) -> None:
    """Who imports attainments says what their sources mean."""
    if not policies.importing_hats(hats(by)):
        raise NotAllowed(
            "Only a School educator or a workforce manager of the whole network says what a source means."
        )


def rule_each_heading_once(columns: Mapping[str, str]) -> None:
    """A heading of a source is one column of the portal's."""
    seen: dict[str, str] = {}
    for column, heading in columns.items():
        if reading.normal(heading) in seen:
            raise DomainError(f"“{heading}” is named twice.", field=column)
        seen[reading.normal(heading)] = column
