"""The network itself: its scope and book, and the scopes that regions, organisations and sites stand on."""

from django.db import transaction

from school.core.models import Book
from school.people.models import Organisation, Scope

NAME = "The PET-CT network"


def network_scope() -> Scope:
    """The scope that holds everything; made when the portal is first prepared."""
    return Scope.objects.get(kind=Scope.Kind.NETWORK)


def network_book() -> Book:
    """The book of grants, scanner terms and other facts about the network."""
    return Book.objects.get(kind=Book.Kind.NETWORK)


def ensure_network() -> Scope:
    """The network's scope, made together with its book when either is missing."""
    with transaction.atomic():
        Book.objects.get_or_create(kind=Book.Kind.NETWORK)
        scope, _ = Scope.objects.get_or_create(kind=Scope.Kind.NETWORK, defaults={"name": NAME})
    return scope


def ensure_region(name: str) -> Scope:
    """The scope of one of the network's regions."""
    scope, _ = Scope.objects.get_or_create(
        kind=Scope.Kind.REGION, name=name, defaults={"parent": network_scope()}
    )
    return scope


def ensure_organisation(name: str, kind: Organisation.Kind, code: str = "") -> Organisation:
    """The organisation of that name, made with its scope when it is new."""
    found = Organisation.objects.filter(name=name).first()
    if found:
        return found
    scope = Scope.objects.create(kind=Scope.Kind.ORGANISATION, name=name, parent=network_scope())
    return Organisation.objects.create(scope=scope, kind=kind, name=name, code=code)
