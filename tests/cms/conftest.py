"""The tree of pages, and people at the editor's door."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from cms.models import SitePage
from cms.setup import ensure_pages
from school.people.models import User
from school.people.network import ensure_network
from school.people.roles import Role
from tests.factories import make_grant, make_network, make_person, make_site


@pytest.fixture
def pages(db: None) -> None:
    """The programme, one site, and the pages."""
    make_network()
    make_site("Freeman Hospital")
    ensure_pages()


@pytest.fixture
def site_page(pages: None) -> SitePage:
    """The page of the one site."""
    return SitePage.objects.get()


@pytest.fixture
def signed_in(client: Client) -> Callable[..., Client]:
    """The client as somebody who holds a role on the network, with or without a second factor."""

    def sign_in(role: Role, *, second_factor: bool = True) -> Client:
        person = make_person()
        make_grant(person, role, ensure_network())
        assert isinstance(person.user, User)
        client.force_login(person.user)
        if second_factor:
            session = client.session
            session["account_authentication_methods"] = [
                {"method": "mfa", "type": "totp", "at": time.time()}
            ]
            session["account_authentication_methods_user"] = str(person.user.pk)
            session.save()
        return client

    return sign_in
