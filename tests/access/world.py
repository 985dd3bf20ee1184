"""The people and things that every request of the table of access is made with."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from cms.actions import WRITERS
from school.people.merging import merge_people
from school.people.models import Mail, Person
from school.people.network import ensure_network
from school.people.roles import PRACTICE_EDUCATOR, ROLES, STUDENT
from tests.people.cast import a_person, a_site, holds, with_account, with_app

# Alice is a student and everything in the table is hers; Bob is the practice educator whose student she is;
# Charlie is a student, and Dana a practice educator, of another site. The others are one person per role,
# on Alice's site where the role is held on a site, else on the network.
CAST = (
    "visitor",
    "alice",
    "bob",
    "charlie",
    "dana",
    *tuple(key for key in ROLES if key not in (STUDENT.key, PRACTICE_EDUCATOR.key)),
)


@dataclass
class World:
    """Alice's things by name, and everyone's browser."""

    people: dict[str, Person] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return self.things[name]


# Apps add what their rows need: each is called once with the world, after its people are there.
MAKERS: list[Callable[[World], None]] = []


def build() -> World:
    """Everyone, their browsers signed in with the second factor their role needs, and Alice's things."""
    world = World()
    network = ensure_network()
    elm, oak = a_site("Elm Hospital"), a_site("Oak Hospital")
    world.people = {
        "alice": with_account("Alice Amber", STUDENT, scope=elm.scope),
        "bob": with_account("Bob Birch", PRACTICE_EDUCATOR, scope=elm.scope),
        "charlie": with_account("Charlie Cedar", STUDENT, scope=oak.scope),
        "dana": with_account("Dana Dell", PRACTICE_EDUCATOR, scope=oak.scope),
    }
    for key in CAST[5:]:
        scope = elm.scope if key in ("site_lead", "radiation_protection") else network
        world.people[key] = with_account(f"{key.title()} Person", ROLES[key], scope=scope)
    world.browsers = {"visitor": Client()} | {
        name: _browser(person, second_factor=name in ROLES) for name, person in world.people.items()
    }
    invited = a_person("Ina Invited", "ina@trust.example")
    world.things = {
        "site": elm,
        "other_site": oak,
        "invited": invited,
        "grant": holds(invited, PRACTICE_EDUCATOR, oak.scope),
        "merge": merge_people(
            kept=invited,
            merged=a_person("I. Invited"),
            by=world.people["administrator"],
            uuid=uuid4(),
        ),
        "mail": Mail.objects.create(
            address="x@trust.example",
            kind="digest",
            subject="x",
            body="x",
            message_id=f"<{uuid4()}@test>",
            not_before=world.people["alice"].user.date_joined,
        ),
    }
    Group.objects.get_or_create(name=WRITERS)
    for make in MAKERS:
        make(world)
    return world


def _browser(person: Person, *, second_factor: bool) -> Client:
    client = Client(raise_request_exception=False)
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
