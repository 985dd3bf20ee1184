"""Reading the whole ledger: of one instant, a little at a time, and as canonical text made by the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from school.core.engine.vendor import is_postgresql

_SQLITE_FORMS = {
    "integer": "CAST({x} AS TEXT)",
    "boolean": "CASE {x} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END",
    "date": "'\"' || {x} || '\"'",
    "text": "json_quote({x})",
    "uuid": "'\"' || substr({x},1,8) || '-' || substr({x},9,4) || '-' || substr({x},13,4) || '-' "
    "|| substr({x},17,4) || '-' || substr({x},21) || '\"'",
    "instant": "'\"' || replace({x}, ' ', 'T') "
    "|| CASE length({x}) WHEN 19 THEN '.000000' ELSE '' END || 'Z\"'",
}
_POSTGRESQL_FORMS = {
    "integer": "{x}::text",
    "boolean": "{x}::text",
    "date": "'\"' || to_char({x}, 'YYYY-MM-DD') || '\"'",
    # Twice as fast as to_json; a control character, which no sealed text holds, still differs.
    "text": "'\"' || replace(replace({x}, '\\', '\\\\'), '\"', '\\\"') || '\"'",
    "uuid": "'\"' || {x}::text || '\"'",
    "instant": "'\"' || to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"'",
}


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Everything read inside is of one instant, and no writer waits for it.

    Inside a transaction that is under way already, it is that transaction's view.
    """
    if connection.in_atomic_block:
        yield
    elif is_postgresql(connection):
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                # The ledger is joined with itself; in small memory that goes through the disk.
                cursor.execute("SET LOCAL work_mem = '64MB'")
            yield
    else:
        # Django would begin IMMEDIATE, which keeps writers out.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def stream(connection: BaseDatabaseWrapper, sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as the driver gives them, a few thousand in memory at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(2000):
            yield from rows


def canonical_sql(
    connection: BaseDatabaseWrapper, column: str, field: models.Field[Any, Any]
) -> str:
    """SQL for the JSON text that school.core.canonical gives for a column, made by the database itself.

    Lets verify_records compare a million payloads with their typed columns without moving them.
    """
    forms = _POSTGRESQL_FORMS if is_postgresql(connection) else _SQLITE_FORMS
    return f"COALESCE({forms[shape_of(field)].format(x=column)}, 'null')"


def shape_of(field: models.Field[Any, Any]) -> str:
    """Which of the payload's value shapes a field has.

    Raises TypeError for a field that no payload can hold.
    """
    for kind, shape in (
        (models.DateTimeField, "instant"),
        (models.DateField, "date"),
        (models.BooleanField, "boolean"),
        (models.UUIDField, "uuid"),
        (models.IntegerField, "integer"),
        (models.CharField, "text"),
    ):
        if isinstance(field, kind):
            return shape
    raise TypeError(
        f"{field} cannot stand in a payload: use integers, codes, UUIDs, dates or instants."
    )
