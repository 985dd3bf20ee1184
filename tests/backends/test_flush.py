"""A test that commits leaves the next one a database as the migrations made it, guarded as before."""

import uuid

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Page, Site

from school.core import engine
from school.core.models import Book

pytestmark = pytest.mark.engine


def empty() -> None:
    """What Django does after each test that commits."""
    call_command("flush", verbosity=0, interactive=False)


@pytest.mark.django_db(transaction=True)
def test_flush_removes_append_only_rows() -> None:
    before = Book.objects.count()
    Book.objects.create(kind=Book.Kind.PERSON, uuid=uuid.uuid4())
    empty()
    assert Book.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_flush_leaves_every_trigger_in_place() -> None:
    empty()
    assert engine.missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_flush_mends_a_trigger_that_a_test_dropped() -> None:
    engine.uninstall(connection, engine.guard_of(Book))
    assert engine.missing_triggers(connection) == [Book._meta.db_table]
    empty()
    assert engine.missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_rows_are_refused_their_deletion_after_a_flush() -> None:
    empty()
    book = Book.objects.create(kind=Book.Kind.PERSON, uuid=uuid.uuid4())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Book.objects.filter(pk=book.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_flush_restores_what_the_migrations_made() -> None:
    before = (list(Page.objects.values()), list(Site.objects.values()))
    Page.objects.all().delete()
    empty()
    assert (list(Page.objects.values()), list(Site.objects.values())) == before
    assert Page.objects.count() > 0


@pytest.mark.django_db(transaction=True)
def test_new_rows_get_new_keys_after_a_flush() -> None:
    empty()
    site = Site.objects.create(hostname="elsewhere.example", root_page=Page.objects.first())
    assert Site.objects.filter(pk=site.pk).count() == 1


@pytest.mark.django_db
def test_database_holds_every_migration() -> None:
    loader = MigrationLoader(connection)
    assert set(loader.applied_migrations) == set(loader.disk_migrations)
