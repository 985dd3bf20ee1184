"""Writes many rows of edited models at once together with their history, which bulk writes leave out."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

from school.core import engine


def insert_tracked(rows: Sequence[models.Model], user: Any = None) -> None:
    """Inserts new rows of one history-tracked model, gives them their keys, and notes that `user` made them."""
    if not rows:
        return
    insert_numbered(rows)
    history: Any = type(rows[0]).history.model  # type: ignore[attr-defined]
    fields = [field.attname for field in history.tracked_fields]
    now = timezone.now()
    engine.insert(
        connection,
        [
            history(
                history_date=now,
                history_user=user,
                history_type="+",
                **{name: getattr(row, name) for name in fields},
            )
            for row in rows
        ],
    )


def insert_numbered(rows: Sequence[models.Model]) -> None:
    """Inserts new rows of one model and gives them their keys."""
    if not rows:
        return
    ids, _ = engine.take_ids(connection, type(rows[0])._meta.db_table, len(rows))
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
    engine.insert(connection, rows)


def save_tracked(rows: Sequence[Any], user: Any = None) -> None:
    """Saves changed rows of history-tracked models one by one, noting that `user` changed them."""
    for row in rows:
        row._history_user = user
        row.save()
