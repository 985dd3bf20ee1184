"""Giving and ending roles, invitations, and accounts: one person, one account, whatever happens."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.test import Client

from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import PORTAL
from school.people import actions
from school.people.models import Invitation, Mail, Person, RoleGrant, Scope, User
from school.people.network import ensure_network, network_book
from school.people.queries import grants, hats
from school.people.roles import (
    ADMINISTRATOR,
    COORDINATOR,
    PRACTICE_EDUCATOR,
    STUDENT,
)
from tests.people.cast import (
    PASSWORD,
    a_person,
    a_site,
    holds,
    is_in,
    newest_mail,
    post_password,
    signed_in,
    with_account,
    with_app,
)
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

DAY = date(2026, 11, 2)


@pytest.fixture
def ada() -> Person:
    return with_account("Ada Ash", ADMINISTRATOR)


def link() -> str:
    """The path of the newest invitation's link."""
    found = re.search(r"https?://[^/]+(/account/invitation/\S+)", newest_mail("invitation").body)
    assert found
    return found[1]


def token() -> str:
    return link().rstrip("/").rsplit("/", 1)[-1]


def roles_of(person: Person) -> list[str]:
    return [hat.label for hat in hats(person)]


# Roles


def test_role_holds_from_its_day_and_is_a_fact_of_the_network(ada: Person) -> None:
    site, bob = a_site(), with_account("Bob Birch")
    grant = actions.grant_role(
        person=bob, role=PRACTICE_EDUCATOR, scope=site.scope, from_day=DAY, by=ada
    )
    assert roles_of(bob) == ["Practice educator, Elm Hospital"]
    assert (grant.entry.book, grant.entry.actor, grant.entry.about_from) == (
        network_book(),
        ada.uuid,
        DAY,
    )


def test_role_of_tomorrow_is_not_held_today(ada: Person) -> None:
    bob = with_account("Bob Birch")
    tomorrow = clock.today() + timedelta(days=1)
    actions.grant_role(
        person=bob, role=COORDINATOR, scope=ensure_network(), from_day=tomorrow, by=ada
    )
    assert roles_of(bob) == []


def test_same_role_twice_is_refused_and_same_request_twice_is_one(ada: Person) -> None:
    bob, scope = with_account("Bob Birch"), ensure_network()
    uuid = ada.uuid
    first = actions.grant_role(
        person=bob, role=COORDINATOR, scope=scope, from_day=DAY, by=ada, uuid=uuid
    )
    again = actions.grant_role(
        person=bob, role=COORDINATOR, scope=scope, from_day=DAY, by=ada, uuid=uuid
    )
    assert again.pk == first.pk
    with pytest.raises(DomainError, match="already, from 2 November 2026"):
        actions.grant_role(
            person=bob, role=COORDINATOR, scope=scope, from_day=clock.today(), by=ada
        )


def test_ended_role_counts_to_its_last_day(ada: Person) -> None:
    bob = with_account("Bob Birch")
    grant = holds(bob, COORDINATOR, ensure_network())
    actions.end_grant(grant=grant, last_day=clock.today(), by=ada)
    assert roles_of(bob) == ["Placement coordinator, The PET-CT network"]
    other = with_account("Cy Cedar")
    grant = holds(other, COORDINATOR, ensure_network())
    actions.end_grant(grant=grant, last_day=clock.today() - timedelta(days=1), by=ada)
    assert roles_of(other) == []


def test_role_given_by_mistake_is_cancelled_by_a_day_before_its_first(ada: Person) -> None:
    bob, network = with_account("Bob Birch"), ensure_network()
    tomorrow = clock.today() + timedelta(days=1)
    grant = actions.grant_role(
        person=bob, role=COORDINATOR, scope=network, from_day=tomorrow, by=ada
    )
    ended = actions.end_grant(grant=grant, last_day=clock.today(), by=ada)
    assert (ended.cancelled, ended.entry.about_from, ended.entry.about_to) == (True, tomorrow, None)
    assert list(grants(on=tomorrow).filter(person=bob)) == []
    again = actions.grant_role(
        person=bob, role=COORDINATOR, scope=network, from_day=tomorrow, by=ada
    )
    assert list(grants(on=tomorrow).filter(person=bob)) == [again]


def test_role_ends_once_even_when_two_end_it(ada: Person) -> None:
    bob = with_account("Bob Birch")
    grant = holds(bob, COORDINATOR, ensure_network())
    actions.end_grant(grant=grant, last_day=DAY, by=ada)
    with pytest.raises(Conflict):
        actions.end_grant(grant=grant, last_day=DAY + timedelta(days=1), by=ada)
    assert RoleGrant.objects.standing().filter(person=bob).count() == 1


def test_nobody_changes_their_own_roles(ada: Person) -> None:
    with pytest.raises(NotAllowed, match="their own roles"):
        actions.grant_role(
            person=ada, role=COORDINATOR, scope=ensure_network(), from_day=DAY, by=ada
        )


def test_coordinator_gives_students_and_educators_of_the_own_scope_and_nothing_else() -> None:
    elm, oak = a_site("Elm Hospital"), a_site("Oak Hospital")
    cora = with_account("Cora Coral", COORDINATOR, scope=elm.organisation.scope)
    bob = with_account("Bob Birch")
    actions.grant_role(person=bob, role=PRACTICE_EDUCATOR, scope=elm.scope, from_day=DAY, by=cora)
    for role, scope in ((PRACTICE_EDUCATOR, oak.scope), (COORDINATOR, elm.scope)):
        with pytest.raises(NotAllowed):
            actions.grant_role(person=bob, role=role, scope=scope, from_day=DAY, by=cora)
    assert roles_of(bob) == ["Practice educator, Elm Hospital"]


def test_student_gives_nothing() -> None:
    alice, bob = with_account("Alice Amber", STUDENT), with_account("Bob Birch")
    with pytest.raises(NotAllowed):
        actions.grant_role(person=bob, role=STUDENT, scope=ensure_network(), from_day=DAY, by=alice)


def test_role_that_follows_from_another_act_is_given_once() -> None:
    bob, site = with_account("Bob Birch"), a_site()
    given = []
    for _ in range(2):
        with ledger.writing(network_book()) as pen:
            given.append(
                actions.ensure_role(
                    person=bob,
                    role=PRACTICE_EDUCATOR,
                    scope=site.scope,
                    from_day=DAY,
                    pen=pen,
                    by=PORTAL,
                )
            )
    assert [grant is not None for grant in given] == [True, False]
    assert roles_of(bob) == ["Practice educator, Elm Hospital"]


# Invitations


def test_invitation_keeps_only_a_hash_and_looking_changes_nothing(ada: Person) -> None:
    alice = a_person("Alice Amber", "alice@trust.example")
    done = actions.invite(person=alice, by=ada)
    assert done.invitation is not None
    assert token() not in str(Invitation.objects.values_list())
    for _ in range(3):
        page = Client().get(link())
        assert page.status_code == 200
    assert "Alice Amber" in page.content.decode()
    assert User.objects.filter(email="alice@trust.example").count() == 0
    assert Invitation.objects.filter(used_at=None).count() == 1


@pytest.mark.parametrize(
    ("way", "usable", "target"),
    [("password", True, None), ("code", False, None), ("passkey", False, "/account/passkeys/add/")],
)
def test_accepting_makes_the_account_and_signs_in(
    ada: Person, way: str, usable: bool, target: str | None
) -> None:
    alice = a_person("Alice Amber", "Alice@Trust.example")
    actions.invite(person=alice, by=ada)
    client = Client()
    response = client.post(f"{link()}?next=/account/", {"way": way, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, target or "/account/")
    alice.refresh_from_db()
    assert alice.user is not None
    assert client.session["_auth_user_id"] == str(alice.user.pk)
    assert (alice.user.email, alice.user.has_usable_password()) == ("alice@trust.example", usable)


def test_weak_password_is_refused_and_makes_no_account(ada: Person) -> None:
    actions.invite(person=a_person("Alice Amber", "alice@trust.example"), by=ada)
    for password, words in (("", "Enter a password"), ("short", "too short")):
        page = Client().post(link(), {"way": "password", "password": password})
        assert (page.status_code, words in page.content.decode()) == (200, True)
    assert User.objects.filter(email="alice@trust.example").count() == 0


def test_links_that_cannot_be_used_say_what_to_do(ada: Person) -> None:
    alice = a_person("Alice Amber", "alice@trust.example")
    actions.invite(person=alice, by=ada)
    assert "Copy the whole link" in Client().get(link()[:-5] + "/").content.decode()
    Invitation.objects.update(expires_at=clock.now())
    page = Client().get(link())
    assert (page.status_code, "ask for a new one" in page.content.decode()) == (410, True)
    actions.invite(person=alice, by=ada)
    Client().post(f"{link()}?next=/account/", {"way": "code"})
    page = Client().get(link())
    assert (page.status_code, "You have an account already" in page.content.decode()) == (410, True)


def test_link_of_one_person_opened_by_another_says_so(ada: Person) -> None:
    bob = with_account("Bob Birch", STUDENT)
    actions.invite(person=a_person("Alice Amber", "alice@trust.example"), by=ada)
    client = signed_in(bob)
    page = client.post(link(), {"way": "code"})
    assert (page.status_code, "Somebody else is signed in" in page.content.decode()) == (409, True)
    assert User.objects.filter(email="alice@trust.example").count() == 0


def test_two_invitations_make_one_account(ada: Person) -> None:
    alice = a_person("Alice Amber", "alice@trust.example")
    actions.invite(person=alice, by=ada)
    first = token()
    actions.invite(person=alice, by=ada)
    user = actions.accept_invitation(token=first, password=None)
    with pytest.raises(DomainError, match="account already"):
        actions.accept_invitation(token=token(), password=None)
    assert list(User.objects.filter(email__iexact="ALICE@trust.example")) == [user]


def test_inviting_someone_with_an_account_gives_the_role_only(ada: Person) -> None:
    alice = with_account("Alice Amber", STUDENT)
    done = actions.invite_to_role(
        name="A. Amber",
        email="ALICE@Trust.example ",
        role=PRACTICE_EDUCATOR,
        scope=a_site().scope,
        from_day=DAY,
        by=ada,
    )
    assert (done.person, done.had_account) == (alice, True)
    assert roles_of(alice) == ["Student, The PET-CT network", "Practice educator, Elm Hospital"]
    assert Mail.objects.count() == 0


def test_new_person_has_a_book_and_a_history_that_names_who_added_them(ada: Person) -> None:
    bob = actions.add_person(name=" Bob Birch ", email="Bob@Trust.example", by=ada)
    assert (bob.name, bob.email, bob.book.kind) == ("Bob Birch", "bob@trust.example", "person")
    assert bob.history.get().history_user == ada.user


def test_address_in_other_case_is_the_same_person(ada: Person) -> None:
    scope = ensure_network()
    found = {
        actions.invite_to_role(
            name="Alice Amber", email=email, role=role, scope=scope, from_day=DAY, by=ada
        ).person.pk
        for email, role in (("Alice@trust.example", STUDENT), ("alice@TRUST.example", COORDINATOR))
    }
    assert len(found) == 1


def test_failed_invitation_leaves_neither_person_nor_role(ada: Person) -> None:
    before = Person.objects.count()
    with pytest.raises(NotAllowed):
        actions.invite_to_role(
            name="New",
            email="new@trust.example",
            role=ADMINISTRATOR,
            scope=ensure_network(),
            from_day=DAY,
            by=with_account("Cora Coral", COORDINATOR),
        )
    assert Person.objects.count() == before + 1
    assert Mail.objects.count() == 0


def test_coordinator_invites_own_students_and_not_others() -> None:
    elm, oak = a_site("Elm Hospital"), a_site("Oak Hospital")
    cora = with_account("Cora Coral", COORDINATOR, scope=elm.scope)
    alice, zoe = a_person("Alice", "alice@trust.example"), a_person("Zoe", "zoe@trust.example")
    holds(alice, STUDENT, elm.scope)
    holds(zoe, STUDENT, oak.scope)
    assert actions.invite(person=alice, by=cora).had_account is False
    for person in (zoe, a_person("Nobody yet", "nobody@trust.example")):
        with pytest.raises(NotAllowed):
            actions.invite(person=person, by=cora)


def test_person_without_address_is_not_invited(ada: Person) -> None:
    with pytest.raises(DomainError, match="has no email address"):
        actions.invite(person=a_person("Alice Amber"), by=ada)


@pytest.mark.django_db(transaction=True)
def test_links_opened_at_the_same_instant_make_one_account() -> None:
    ada = with_account("Ada Ash", ADMINISTRATOR)
    alice = a_person("Alice Amber", "alice@trust.example")
    tokens = []
    for _ in range(2):
        actions.invite(person=alice, by=ada)
        tokens.append(token())
    outcomes = at_once(
        [
            partial(actions.accept_invitation, token=tokens[n % 2], password=PASSWORD)
            for n in range(6)
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DomainError"] * 5 + ["User"]
    assert User.objects.filter(email="alice@trust.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_invited_by_several_at_the_same_instant_is_one_person() -> None:
    admins = [with_account(f"Admin{number} Ash", ADMINISTRATOR) for number in range(4)]
    scope = ensure_network()
    kinds = [STUDENT, PRACTICE_EDUCATOR, COORDINATOR, COORDINATOR]
    at_once(
        [
            partial(
                actions.invite_to_role,
                name="Alice Amber",
                email="Alice@trust.example" if number % 2 else "alice@TRUST.example",
                role=kinds[number],
                scope=scope,
                from_day=DAY,
                by=admins[number],
            )
            for number in range(4)
        ]
    )
    (alice,) = Person.objects.filter(email__iexact="alice@trust.example")
    assert len(roles_of(alice)) == 3


# Accounts


def test_closed_account_keeps_the_record_and_shuts_out_at_once(ada: Person) -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = signed_in(alice)
    actions.close_account(person=alice, by=ada)
    assert client.get("/account/").status_code == 302
    assert Person.objects.filter(pk=alice.pk).exists()
    actions.reopen_account(person=alice, by=ada)
    again = Client()
    post_password(again, "alice@trust.example")
    assert is_in(again)


def test_only_administrators_close_accounts_and_not_their_own(ada: Person) -> None:
    alice, cora = with_account("Alice Amber"), with_account("Cora Coral", COORDINATOR)
    for person, by in ((alice, cora), (ada, ada)):
        with pytest.raises(NotAllowed):
            actions.close_account(person=person, by=by)


def test_history_keeps_who_closed_the_account(ada: Person) -> None:
    alice = with_account("Alice Amber", STUDENT)
    client = signed_in(ada, with_app(ada))
    client.post(f"/people/{alice.uuid}/account/", {"open": "no"})
    newest = alice.user.history.latest()
    assert (newest.is_active, newest.history_user) == (False, ada.user)
    assert Scope.objects.filter(kind=Scope.Kind.NETWORK).count() == 1
