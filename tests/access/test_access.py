"""Every request of the table of access, sent as everyone in the cast."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.access import document
from tests.access.table import TABLE, Row
from tests.access.world import CAST, World, build

REQUESTS = [
    pytest.param(route, row, method, id=f"{method.upper()} {route}")
    for route, row in TABLE.items()
    for method in ("get", "post")
    if getattr(row, method) is not None
]


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Open to the whole module; by this name pytest-django knows that there must be a database."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(db: None) -> World:
    """Built once, since every request is rolled back by itself."""
    return build()


@pytest.mark.parametrize(("route", "row", "method"), REQUESTS)
def test_access_is_as_the_table_says(world: World, route: str, row: Row, method: str) -> None:
    address = "/" + (row.at(world) if row.at else route)
    answers = {}
    for name in CAST:
        point = transaction.savepoint()
        data = row.data(world) if method == "post" else None
        browser = world.browsers[name]
        cookies = deepcopy(browser.cookies)
        answer = getattr(browser, method)(address, data)
        answers[name] = answer.status_code
        if answer.streaming:
            list(answer)  # to the end, which closes its file
        browser.cookies = cookies
        transaction.savepoint_rollback(point)
    assert answers == dict(getattr(row, method))


def test_every_row_expects_something_of_everyone() -> None:
    for route, row in TABLE.items():
        for expect in (row.get, row.post):
            assert expect is None or tuple(expect) == CAST, route


def test_document_is_made_from_the_table() -> None:
    """`python -m tests.access` writes it anew."""
    assert Path("docs/access.md").read_text() == document.written()
