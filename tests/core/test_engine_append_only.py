"""Every append-only table refuses every way of changing a row, on both engines."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q

from school.core import engine
from tests import records

TABLES = sorted(engine.append_only_models(), key=lambda model: model._meta.label)
each_table = pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
pytestmark = [pytest.mark.engine, pytest.mark.django_db]


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One row or more in every append-only table, for all the tests here."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        records.one_of_every_kind(records.Network())
        # No check is left for the end of the transaction, which would forbid TRUNCATE by itself.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def execute(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def rows(model: type[models.Model]) -> list[tuple[Any, ...]]:
    """A table as it stands, without any conversion."""
    return execute(f"SELECT * FROM {model._meta.db_table} ORDER BY {model._meta.pk.column}")


def refused(sql: str, *params: Any) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(sql, *params)


@each_table
def test_update_is_refused(filled: None, model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    before = rows(model)
    assert before
    for field in model._meta.local_concrete_fields:
        refused(f'UPDATE {table} SET "{field.column}" = "{field.column}"')
    refused(f"UPDATE {table} SET {key} = {key} + 1000000")
    assert rows(model) == before


@each_table
def test_delete_is_refused(filled: None, model: type[models.Model]) -> None:
    before = rows(model)
    refused(f"DELETE FROM {model._meta.db_table}")
    assert rows(model) == before


@each_table
def test_truncate_is_refused(filled: None, model: type[models.Model]) -> None:
    if connection.vendor == "sqlite":
        # SQLite's truncation is a DELETE without WHERE, which a trigger makes an ordinary one.
        refused(f"DELETE FROM {model._meta.db_table} WHERE TRUE")
        return
    before = rows(model)
    refused(f"TRUNCATE {model._meta.db_table} CASCADE")
    assert rows(model) == before


@each_table
def test_insert_over_an_existing_row_is_refused(filled: None, model: type[models.Model]) -> None:
    table, before = model._meta.db_table, rows(model)
    columns = [f'"{field.column}"' for field in model._meta.local_concrete_fields]
    listed, key = ", ".join(columns), model._meta.pk.column
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO {table} ({listed}) SELECT {listed} FROM {table}")
        refused(f"REPLACE INTO {table} ({listed}) SELECT {listed} FROM {table}")
    sets = f"{columns[-1]} = excluded.{columns[-1]}"
    refused(
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {table} WHERE TRUE "
        f"ON CONFLICT ({key}) DO UPDATE SET {sets}"
    )
    assert rows(model) == before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
def test_replacing_by_any_other_unique_key_is_refused(filled: None) -> None:
    """INSERT OR REPLACE deletes whatever row has the same value of any unique index, a conditional one too."""
    tried = [
        (model.__name__, columns)
        for model in TABLES
        for columns, condition in engine.guard_of(model).keys
        if columns != (model._meta.pk.column,) and _replace(model, columns, condition)
    ]
    assert {
        ("Book", ("kind",)),
        ("LedgerEntry", ("uuid",)),
        ("LedgerEntry", ("book_id", "seq")),
        ("PrivateText", ("entry_id", "name")),
        ("ShiftDecision", ("shift_id",)),
        ("HoursRule", ("code", "starts")),
        ("WeekClosed", ("placement_id", "monday")),
    } <= set(tried)


def _replace(model: type[models.Model], columns: tuple[str, ...], condition: Q | None) -> bool:
    """Try to put a row with other keys in the place of one with this key; whether there was one."""
    meta = model._meta
    names = {field.column: field.name for field in meta.local_concrete_fields}
    keyed = model._base_manager.filter(condition or Q())
    row = keyed.exclude(**{f"{names[columns[0]]}__isnull": True}).first()
    if row is None:
        return False
    values = []
    for field in meta.local_concrete_fields:
        if field.primary_key:
            values.append("10000000")
        elif field.unique and field.column not in columns and not field.null:
            values.append("10000000" if field.is_relation else f"'{uuid.uuid4().hex}'")
        else:
            values.append(f'"{field.column}"')
    listed = ", ".join(f'"{column}"' for column in names)
    refused(
        f"INSERT OR REPLACE INTO {meta.db_table} ({listed}) SELECT {', '.join(values)} "
        f"FROM {meta.db_table} WHERE {meta.pk.column} = %s",
        row.pk,
    )
    return True
