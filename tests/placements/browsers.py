"""Viewers, browsers in which somebody has gone through the door already, what a page says and asks of the database, and a site that nobody audited."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from school.people.models import Person, Site
from school.people.queries import hats, identity
from school.people.roles import Permission
from tests import factories as make
from tests.people.cast import with_app


def browser(person: Person | None, *, second_factor: bool = True) -> Client:
    """A signed-in browser, with the second factor that roles over several students need."""
    assert person is not None
    assert person.user is not None
    client = Client()
    client.force_login(person.user)
    records: list[dict[str, Any]] = [{"method": "password", "at": time.time()}]
    if second_factor:
        with_app(person)
        records.append({"method": "mfa", "type": Authenticator.Type.TOTP, "at": time.time()})
    session = client.session
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(person.user.pk)
    session.save()
    return client


def words(answer: Any) -> str:
    """A page with its markup as one line of text."""
    return " ".join(answer.content.decode().split())


# What begins and ends transactions is no query.
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The queries of a block."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [row["sql"] for row in captured.captured_queries if not row["sql"].startswith(CONTROL)]


def queries_of(client: Client, address: str, data: dict[str, Any] | None = None) -> int:
    """How many queries a page takes; asked for, or sent when there is `data`."""
    with counted() as found:
        answer = client.get(address) if data is None else client.post(address, data)
    assert answer.status_code == 200
    return len(found)


class Viewer:
    """Somebody who looks, as the middleware would say it."""

    def __init__(self, person: Person) -> None:
        self.person: Person | None = person
        self.hats = hats(person)
        self.me = identity(person)

    def may(self, permission: Permission) -> bool:
        return any(permission in hat.role.permissions for hat in self.hats)


def unaudited(name: str = "Elm Hospital") -> Site:
    """A site like any other, but nobody has audited it."""
    like = make.make_site()
    like.pk = None
    like.uuid, like.name, like.slug = uuid4(), name, name.lower().replace(" ", "-")
    scope = like.scope
    scope.pk, scope.uuid, scope.name = None, uuid4(), name
    scope.save()
    like.scope = scope
    like.save()
    return like
