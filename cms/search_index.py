"""Wagtail's search index in the database, one entry written at a time."""

from typing import Any

from django.db import transaction
from wagtail.search.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    """The index of the database at hand, whose entries are looked for and written in one transaction.

    On SQLite the search looks for an entry and then inserts it, so that two tasks about one page collided; a
    transaction there is the only writer from its first read. PostgreSQL does both in one statement.
    """
    backend = database.SearchBackend(params)
    backend.add = transaction.atomic(backend.add)
    return backend
