"""The table of access names every URL, and only URLs that exist."""

import pytest

from tests.access.routes import is_covered, project_routes

table = pytest.importorskip(
    "tests.access.table", reason="the table of access comes with the first pages"
)


def test_every_url_has_a_row() -> None:
    assert [
        route
        for route in project_routes()
        if not any(is_covered(route, row) for row in table.TABLE)
    ] == []


def test_every_row_is_a_url() -> None:
    routes = project_routes()
    assert [row for row in table.TABLE if not any(is_covered(route, row) for route in routes)] == []
