"""People with accounts and roles, and ways to sign them in, for tests of who may do what."""

import re
import time
from datetime import date
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from school.core import ledger
from school.core.models import PORTAL, Book
from school.people.models import Mail, Organisation, Person, RoleGrant, Scope, Site, User
from school.people.network import ensure_network, ensure_organisation, network_book
from school.people.roles import ROLES, Role

PASSWORD = "three green lemons"
SINCE = date(2026, 1, 5)


def a_person(name: str, email: str = "") -> Person:
    """A person with a record book."""
    return Person.objects.create(
        name=name, email=email, book=Book.objects.create(kind=Book.Kind.PERSON)
    )


def with_account(
    name: str, *roles: Role, scope: Scope | None = None, password: str | None = PASSWORD
) -> Person:
    """A person with an account and roles, on the network unless a scope is given."""
    address = f"{name.split()[0].lower()}@trust.example"
    person = a_person(name, address)
    person.user = User.objects.create_user(address, password)
    person.save()
    for role in roles:
        holds(person, role, scope or ensure_network())
    return person


def holds(person: Person, role: Role, scope: Scope, until: date | None = None) -> RoleGrant:
    """Give a role as the portal itself does."""
    ensure_network()
    book = network_book()
    with ledger.writing(book) as pen:
        fact = RoleGrant(person=person, role=role.key, scope=scope)
        pen.append(
            [ledger.Draft(fact=fact, book=book, about_from=SINCE, about_to=until)], by=PORTAL
        )
    return fact


def a_site(name: str = "Elm Hospital") -> Site:
    """A site of a trust of its own."""
    ensure_network()
    trust = ensure_organisation(f"Trust of {name}", Organisation.Kind.TRUST)
    scope = Scope.objects.create(kind=Scope.Kind.SITE, name=name, parent=trust.scope)
    return Site.objects.create(
        scope=scope,
        organisation=trust,
        name=name,
        official_name=name,
        slug=name.lower().replace(" ", "-"),
        postcode="AB1 2CD",
        latitude=51,
        longitude=0,
        network_region="South",
        nhs_region="South East",
    )


def with_app(person: Person) -> str:
    """Set up an authenticator app; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person.user, secret)
    return secret


def code_of(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def post_password(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    """What the sign-in page sends."""
    return client.post(
        "/account/login/",
        {"login": email, "password": password, "next": "/account/", **more},
    )


def signed_in(person: Person, secret: str = "") -> Client:
    """A browser in which the person went through the door, with the app's code when a secret is given."""
    client = Client()
    post_password(client, person.user.email)
    if secret:
        client.post("/account/login/second-step/", {"code": code_of(secret)})
    assert client.session.get("_auth_user_id") == str(person.user.pk)
    return client


def everyone_by_role() -> dict[str, Person]:
    """One person for each role, on the network."""
    return {key: with_account(f"{key.title()} Person", role) for key, role in ROLES.items()}


def is_in(client: Client) -> bool:
    """Whether somebody is signed in."""
    return "_auth_user_id" in client.session


def newest_mail(kind: str) -> Mail:
    """The message owed last."""
    return Mail.objects.filter(kind=kind).latest("pk")


def six_digits(body: str) -> str:
    """The code in a message."""
    found = re.search(r"\b\d{6}\b", body)
    assert found, body
    return found[0]
