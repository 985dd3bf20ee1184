"""The demo network on the shipped sites, built once for all tests of this folder that read it."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from school.demo import builder
from tests.factories import make_network

HERE = Path(__file__).parent
TODAY = date(2026, 11, 19)


class Standing:
    """The demo of a Thursday in term while it stands in this process's database, in a transaction of its own."""

    def __init__(self, blocker: Any) -> None:
        self.blocker = blocker
        self.built: builder.Build | None = None
        self.ends = ExitStack()

    def build(self) -> builder.Build:
        """The demo, built when it does not stand."""
        if self.built is None:
            with self.blocker.unblock():
                self.ends.enter_context(transaction.atomic())
                self.ends.callback(transaction.set_rollback, True)
                make_network()
                call_command("prepare", "--without-demo", stdout=io.StringIO())
                self.built = builder.build(today=TODAY)
        return self.built

    def clear(self) -> None:
        """Leave the database as it was before."""
        if self.built is not None:
            self.built = None
            with self.blocker.unblock():
                self.ends.close()
                with connection.cursor() as cursor:
                    # PostgreSQL keeps what was rolled back in its files until it is told.
                    cursor.execute("VACUUM")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that want no demo come last, so that it is not built anew after them."""
    items.sort(
        key=lambda item: item.path.parent == HERE and "no_demo" in getattr(item, "fixturenames", ())
    )


@pytest.fixture(scope="package")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """What stands of the demo in this process's database."""
    kept = Standing(django_db_blocker)
    yield kept
    kept.clear()


@pytest.fixture(scope="module")
def demo(standing: Standing) -> builder.Build:
    """The demo of a Thursday in term."""
    return standing.build()


@pytest.fixture(scope="module")
def no_demo(standing: Standing) -> None:
    """A database without the demo."""
    standing.clear()
