"""What people were noticed to have done by now."""

from logbooks.cpd import noticed
from logbooks.cpd.models import Noticed
from school.people.models import Person

# What a draft says: its kind, title, day in ISO form and minutes.
Draft = tuple[str, str, str, int | None]


def hear() -> None:
    """Notices what was recorded since, as a worker does each minute."""
    noticed.notice.func()


def drafts(person: Person) -> list[Draft]:
    """The drafts of a person that wait or were kept, by kind and title."""
    hear()
    rows = Noticed.objects.filter(person=person, undone=False).order_by("kind", "title", "day")
    return [(row.kind, row.title, row.day.isoformat(), row.minutes) for row in rows]


def everything() -> list[tuple[object, ...]]:
    """All that is noticed of anybody, in one order."""
    rows = Noticed.objects.order_by("person", "key")
    return list(rows.values_list("person", "key", "kind", "title", "day", "minutes", "activity", "dismissed", "undone"))  # fmt: skip
