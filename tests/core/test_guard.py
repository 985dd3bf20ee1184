"""No process starts while an append-only table could be changed."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from school.core import engine, guard
from school.core.models import Book, LedgerEntry

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


def test_all_in_place_lets_a_process_start() -> None:
    guard.demand_triggers()


def test_missing_triggers_are_named_with_what_to_do() -> None:
    for model in (LedgerEntry, Book):
        engine.uninstall(connection, engine.guard_of(model))
    with pytest.raises(
        ImproperlyConfigured, match=r"core_book, core_ledgerentry.*manage\.py check"
    ):
        guard.demand_triggers()


@pytest.mark.parametrize("lost", [False, True])
def test_server_refuses_to_start_without_triggers(
    process_environment: dict[str, str], lost: bool
) -> None:
    if lost:
        engine.uninstall(connection, engine.guard_of(Book))
    connection.close()
    done = subprocess.run(
        [sys.executable, "-c", "import school.wsgi"],
        cwd=Path(guard.__file__).parents[2],
        env=process_environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode != 0) == lost
    assert ("could be changed in core_book" in done.stderr) == lost
