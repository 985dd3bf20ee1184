"""Rows under a client-made UUID: the same form sent twice is one row, and another form under its UUID is refused."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery

from school.core.errors import Conflict

OTHER_CONTENT = (
    "This form was saved before with other content. What was saved first stands; what you "
    "typed now is still here. Open the form anew to save it beside the first."
)


def rule_same_row(before: Model, sent: Mapping[str, Any]) -> None:
    """A form sent again holds what the row under its UUID was saved with first; other content is refused."""
    kept = getattr(before, "history", None)
    first = kept.order_by("history_date", "history_id").first() if kept is not None else None
    saved = first or before
    if any(getattr(saved, name) != value for name, value in sent.items()):
        raise Conflict(OTHER_CONTENT)


def with_seen(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows that keep a history, each with the key of its newest row as `seen`.

    It is read in one statement with the row: read afterwards, it would stand for a change that nobody saw.
    """
    history = rows.model.history.model.objects.filter(id=OuterRef("pk"))
    newest = history.order_by("-history_date", "-history_id").values("history_id")
    return rows.annotate(seen=Subquery(newest[:1]))


def is_as_seen(row: Any, seen: int) -> bool:
    """Whether a row is still what somebody read: `seen` is the key of the newest row of its history that they read."""
    newest: int = row.history.latest().history_id
    return newest == seen


def rule_same_parts(before: Collection[Any], sent: Collection[Any]) -> None:
    """The same for what belongs to a row without being a column of it."""
    if before != sent:
        raise Conflict(OTHER_CONTENT)
