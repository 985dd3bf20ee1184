"""On the first page of those who write the School's pages: what waits for them as second reader."""

from collections.abc import Sequence

from django.db.models import QuerySet
from wagtail.models import TaskState

from cms import policies
from cms.models import SecondReader
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.models import Person

TO_READ, SHOWN = 9, 5


def to_read(viewer: Viewer) -> Sequence[Panel]:
    """The pages that somebody else submitted, the oldest first; two queries."""
    if viewer.person is None or not policies.may_write_pages(viewer):
        return []
    rows = waiting(viewer.person)
    number = rows.count()
    if not number:
        return []
    shown = [
        {"page": row.revision.object_id, "title": row.revision.object_str} for row in rows[:SHOWN]
    ]
    context = {"number": number, "rows": shown, "more": number > SHOWN}
    return [Panel(TO_READ, "cms/to_read.html", context)]


def waiting(person: Person) -> QuerySet[TaskState]:
    """The submitted pages that a person may read and approve: those of other writers."""
    readers = SecondReader.objects.values("pk")
    rows: QuerySet[TaskState] = TaskState.objects.filter(
        task__in=readers, status=TaskState.STATUS_IN_PROGRESS
    ).exclude(revision__user=person.user_id)
    return rows.select_related("revision").defer("revision__content").order_by("started_at", "pk")
