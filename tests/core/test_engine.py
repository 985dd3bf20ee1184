"""Triggers that are missing are noticed, and the database writes the canonical text that Python writes."""

import string
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from school.core import canonical, engine
from school.core.apps import after_migrate, check_triggers
from school.core.models import Book, LedgerEntry, PrivateText
from tests import records

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def execute(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def test_private_text_may_go_only_once_its_fact_is_erased(db: None) -> None:
    (shift,) = records.write(records.Network().shift(note="Words."))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PrivateText.objects.filter(entry=shift.pk).delete()
    assert PrivateText.objects.filter(entry=shift.pk).count() == 1


def test_missing_triggers_are_named(db: None) -> None:
    assert engine.missing_triggers(connection) == []
    engine.uninstall(connection, engine.guard_of(Book))
    assert engine.missing_triggers(connection) == ["core_book"]
    assert [error.id for error in check_triggers(databases=["default"])] == ["core.E001"]
    with pytest.raises(SystemCheckError, match="core_book"):
        after_migrate(using="default")
    engine.install(connection, engine.guard_of(Book))
    assert engine.missing_triggers(connection) == []


def test_check_waits_while_migrations_do(db: None) -> None:
    newest = MigrationRecorder.Migration.objects.filter(app="placements").latest("name")
    engine.uninstall(connection, engine.guard_of(LedgerEntry))
    assert [error.id for error in check_triggers(databases=["default"])] == ["core.E001"]
    newest.delete()
    assert check_triggers(databases=["default"]) == []
    with pytest.raises(SystemCheckError):
        after_migrate(using="default")


@pytest.mark.parametrize("name", ["no_update", "no_delete"])
def test_one_missing_trigger_is_enough(db: None, name: str) -> None:
    table = " ON core_book" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER core_book_{name}{table}")
    assert engine.missing_triggers(connection) == ["core_book"]


@pytest.mark.parametrize("model", [Book, PrivateText])
def test_trigger_with_an_empty_body_is_missing(db: None, model: type[models.Model]) -> None:
    """PrivateText's deletion has a condition, and on PostgreSQL a function of its own."""
    table = model._meta.db_table
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER {table}_no_delete{on_table}")
    body = "BEGIN SELECT 1; END"
    if connection.vendor == "postgresql":
        execute(
            "CREATE FUNCTION core_let_it_be() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN OLD; END $$"
        )
        body = "FOR EACH ROW EXECUTE FUNCTION core_let_it_be()"
    execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {body}")
    assert engine.missing_triggers(connection) == [table]
    engine.install(connection, engine.guard_of(model))
    assert engine.missing_triggers(connection) == []


@pytest.mark.parametrize("changed", ["WHEN (FALSE)", "INSERT"])
def test_trigger_that_fires_at_another_time_is_missing(db: None, changed: str) -> None:
    event, when = ("INSERT", "") if changed == "INSERT" else ("UPDATE", changed)
    postgresql = connection.vendor == "postgresql"
    execute(f"DROP TRIGGER core_book_no_update{' ON core_book' if postgresql else ''}")
    body = (
        f"FOR EACH ROW {when} EXECUTE FUNCTION core_refuse_change()"
        if postgresql
        else f"{when} BEGIN SELECT RAISE(ABORT, 'append-only: change of core_book is refused'); END"
    )
    execute(f"CREATE TRIGGER core_book_no_update BEFORE {event} ON core_book {body}")
    assert engine.missing_triggers(connection) == ["core_book"]


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="only PostgreSQL's triggers run functions"
)
def test_emptied_functions_make_their_triggers_missing(db: None) -> None:
    let = "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$"
    execute(f"CREATE OR REPLACE FUNCTION core_privatetext_lawful_delete{let}")
    assert engine.missing_triggers(connection) == ["core_privatetext"]
    execute(f"CREATE OR REPLACE FUNCTION core_refuse_change{let}")
    guarded = {model._meta.db_table for model in engine.append_only_models()}
    assert set(engine.missing_triggers(connection)) == guarded


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite works in the process's memory")
@pytest.mark.parametrize("fails", [False, True])
def test_little_of_a_large_file_is_held_while_most_is_read(db: None, fails: bool) -> None:
    def held() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size")
            [cache] = cursor.fetchone()
            cursor.execute("PRAGMA mmap_size")
            return cache, (cursor.fetchone() or [0])[0]

    ordinary = held()
    # A file that is larger than what is mapped of it.
    execute("PRAGMA mmap_size = 0")
    before = held()
    with suppress(ZeroDivisionError), engine.reading_most(connection):
        assert held()[0] == -2000
        if fails:
            raise ZeroDivisionError
    assert held() == before
    execute(f"PRAGMA mmap_size = {ordinary[1]}")
    with engine.reading_most(connection):
        small = ordinary[1] > 0
        assert held() == (ordinary if small else (-2000, 0))


@pytest.mark.parametrize("mode", ["DISABLE", "ENABLE REPLICA"])
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite cannot switch a trigger off")
def test_switched_off_trigger_is_missing(db: None, mode: str) -> None:
    execute(f"ALTER TABLE core_book {mode} TRIGGER core_book_no_update")
    assert engine.missing_triggers(connection) == ["core_book"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite rebuilds tables")
@pytest.mark.django_db(transaction=True)
def test_rebuilding_a_table_makes_the_check_speak() -> None:
    """SQLite forgets a table's triggers when Django rebuilds it for a changed column."""
    new = models.CharField(max_length=5, default="x")
    new.set_attributes_from_name("colour")
    with connection.schema_editor() as editor:
        editor.add_field(Book, new)
    try:
        assert engine.missing_triggers(connection) == ["core_book"]
        with pytest.raises(SystemCheckError, match="core_book is append-only"):
            after_migrate(using="default")
    finally:
        with connection.schema_editor() as editor:
            editor.remove_field(Book, new)
        engine.install(connection, engine.guard_of(Book))


def test_ids_are_new_and_ascending(db: None) -> None:
    (shift,) = records.write(records.Network().shift())
    ids, now = engine.take_ids(connection, LedgerEntry._meta.db_table, 3)
    assert ids == sorted(ids)
    assert len(set(ids)) == 3
    assert ids[0] > shift.pk
    assert now.utcoffset() == UTC.utcoffset(None)


# The database's canonical text is Python's ---------------------------------------------------------

SHAPES = {
    "instant": models.DateTimeField,
    "day": models.DateField,
    "flag": models.BooleanField,
    "key": models.UUIDField,
    "number": models.BigIntegerField,
    "words": models.CharField,
}


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker: Any) -> Iterator[type[models.Model]]:
    """A table with a column of every shape, known to nobody else."""
    with isolate_apps():
        columns: dict[str, Any] = {
            name: field(null=True, **({"max_length": 200} if field is models.CharField else {}))
            for name, field in SHAPES.items()
        }
        meta = type("Meta", (), {"app_label": "core"})
        model = type("Sample", (models.Model,), {**columns, "Meta": meta, "__module__": __name__})
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(model)
        yield model
        with connection.schema_editor() as editor:
            editor.delete_model(model)


EARLIEST, LATEST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 (hypothesis wants them so)

TEXT = st.text(
    st.one_of(
        st.sampled_from(string.ascii_letters + "\"\\/'% {}\u00e9\u2028\u2029\u00a0\u0080🩻👩🏽‍⚕️ñ"),
        st.characters(blacklist_categories=["Cs", "Cc"]),
    ),
    max_size=40,
).map(lambda text: unicodedata.normalize("NFC", text))


def seldom_none(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, st.none())


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.fixed_dictionaries(
        {
            "instant": seldom_none(
                st.one_of(
                    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
                    st.sampled_from(
                        [
                            datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
                            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
                            datetime(2026, 10, 25, 1, 30, 0, 1, tzinfo=UTC),
                            datetime(2026, 3, 29, 1, 0, 0, 120000, tzinfo=UTC),
                        ]
                    ),
                )
            ),
            "day": seldom_none(st.dates(date(1, 1, 1), date(9999, 12, 31))),
            "flag": seldom_none(st.booleans()),
            "key": seldom_none(st.uuids()),
            "number": seldom_none(st.integers(-(2**63), 2**63 - 1)),
            "words": seldom_none(TEXT),
        }
    )
)
def test_database_writes_the_same_text_as_python(
    sample: type[models.Model], values: dict[str, Any]
) -> None:
    row = sample._base_manager.create(**values)
    parts = [
        engine.canonical_sql(connection, f'"{name}"', sample._meta.get_field(name))
        for name in values
    ]
    array = "'[' || " + " || ',' || ".join(parts) + " || ']'"
    ((made,),) = execute(f"SELECT {array} FROM {sample._meta.db_table} WHERE id = %s", row.pk)
    assert made == canonical.text(list(values.values()))


def test_a_field_that_no_payload_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot stand in a payload"):
        engine.shape_of(models.FloatField(name="weight"))
