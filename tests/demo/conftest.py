"""The demo network on the shipped sites, built once for a module of tests."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from school.demo import builder
from tests.factories import make_network

TODAY = date(2026, 11, 19)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[builder.Build]:
    """The demo of a Thursday in term."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_network()
        call_command("prepare", "--without-demo", stdout=io.StringIO())
        yield builder.build(today=TODAY)
        transaction.set_rollback(True)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # PostgreSQL keeps what was rolled back in its files until it is told.
        cursor.execute("VACUUM")
