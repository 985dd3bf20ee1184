"""Changes of names and addresses: record and account together, by the link sent to the new address."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress

from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.people import actions, addresses, changing, mail
from school.people.models import AddressChange, Mail, Person, RefusedAddress, User
from school.people.roles import ADMINISTRATOR, COORDINATOR, STUDENT
from tests.people.cast import a_person, a_site, newest_mail, with_account

pytestmark = pytest.mark.django_db

NEW = "amber@new.example"


@pytest.fixture
def alice() -> Person:
    return with_account("Alice Amber", STUDENT)


@pytest.fixture
def ada() -> Person:
    return with_account("Ada Ash", ADMINISTRATOR)


def token() -> str:
    """The token of the newest link."""
    found = re.search(r"/account/address/([^/\s]+)/", newest_mail("address_link").body)
    assert found
    return found[1]


def state(person: Person) -> tuple[str, str, str]:
    """Name, address on record, address of the account."""
    now = Person.objects.select_related("user").get(pk=person.pk)
    return now.name, now.email, now.user.email if now.user else ""


OLD = ("Alice Amber", "alice@trust.example", "alice@trust.example")
MOVED = ("Alice Amber", NEW, NEW)


# One's own


@pytest.mark.engine
def test_record_and_account_change_together_when_the_link_is_used(alice: Person) -> None:
    EmailAddress.objects.create(user=alice.user, email=alice.email, primary=True, verified=True)
    addresses.mark(alice.email, "550 No such user")
    addresses.mark(NEW, "550 Later")
    changing.ask_for_address(email=" Amber@NEW.example", by=alice)
    assert (newest_mail("address_link").address, state(alice)) == (NEW, OLD)
    assert RefusedAddress.objects.count() == 2
    changing.confirm_address(token=token(), by=alice)
    assert (state(alice), RefusedAddress.objects.count()) == (MOVED, 0)
    assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [
        (NEW, True, True)
    ]
    told = newest_mail("address_changed")
    assert (told.address, told.state, NEW in told.body) == ("alice@trust.example", "waiting", True)
    for row in (alice, alice.user):
        newest = row.history.latest()  # type: ignore[union-attr]
        assert (newest.email, newest.history_user) == (NEW, alice.user)


def test_link_is_not_kept_and_its_mail_is_a_secret(alice: Person) -> None:
    changing.ask_for_address(email=NEW, by=alice)
    assert token() not in str(AddressChange.objects.values_list())
    assert mail.is_secret("address_link")


def test_waiting_mail_follows_and_the_notice_stays(alice: Person) -> None:
    mail.owe(address=alice.email, kind="x", subject="X", body="X", person=alice, urgent=True)
    changing.ask_for_address(email=NEW, by=alice)
    changing.confirm_address(token=token(), by=alice)
    assert dict(Mail.objects.filter(state="waiting").values_list("kind", "address")) == {
        "x": NEW,
        "address_link": NEW,
        "address_changed": "alice@trust.example",
    }


@pytest.mark.engine
def test_link_used_before_changes_nothing_back(alice: Person) -> None:
    changing.ask_for_address(email=NEW, by=alice)
    first = token()
    alice = changing.confirm_address(token=first, by=alice)
    changing.ask_for_address(email="alice@trust.example", by=alice)
    changing.confirm_address(token=token(), by=alice)
    with pytest.raises(DomainError, match="has been used"):
        changing.confirm_address(token=first, by=alice)
    assert state(alice) == OLD


def test_wrong_stopped_replaced_and_late_links_change_nothing(alice: Person) -> None:
    changing.ask_for_address(email=NEW, by=alice)
    replaced = token()
    changing.ask_for_address(email="other@new.example", by=alice)
    stopped = token()
    changing.stop_change(by=alice)
    changing.ask_for_address(email=NEW, by=alice)
    late = token()
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=1)):
        refused = []
        for one in ("wrong", replaced, stopped, late):
            with pytest.raises(DomainError) as raised:
                changing.confirm_address(token=one, by=alice)
            refused.append(raised.value.message.split(",")[0])
    assert refused == ["This link is not one of ours"] + ["This link has run out"] * 3
    assert state(alice) == OLD


def test_somebody_else_does_not_use_a_link_that_alice_asked_for(alice: Person) -> None:
    changing.ask_for_address(email=NEW, by=alice)
    for other in (None, with_account("Bob Birch")):
        with pytest.raises(NotAllowed):
            changing.confirm_address(token=token(), by=other)
    assert state(alice) == OLD


def test_address_of_somebody_else_is_told_to_that_address_alone(alice: Person) -> None:
    with_account("Bob Birch")
    changing.ask_for_address(email="BOB@trust.example", by=alice)
    waiting = changing.waiting_change(alice)
    assert waiting is not None
    assert (waiting.email, newest_mail("address_taken").address) == ("bob@trust.example",) * 2
    assert Mail.objects.filter(kind="address_link").count() == 0


@pytest.mark.engine
def test_own_address_in_other_letters_is_no_change(alice: Person) -> None:
    with pytest.raises(DomainError, match="your address already"):
        changing.ask_for_address(email="ALICE@Trust.example", by=alice)


@pytest.mark.engine
@pytest.mark.parametrize("how", ["record", "account"])
def test_address_taken_meanwhile_changes_nothing(alice: Person, how: str) -> None:
    changing.ask_for_address(email=NEW, by=alice)
    if how == "record":
        a_person("Eve Elder", "AMBER@new.example")
    else:
        User.objects.create_user(NEW)
    with pytest.raises(DomainError, match="another person"):
        changing.confirm_address(token=token(), by=alice)
    assert state(alice) == OLD
    assert AddressChange.objects.get().used_at is None


# Somebody else's


def test_administrator_changes_both_of_somebody_without_an_account_at_once(ada: Person) -> None:
    ina = a_person("Ina Invted", "ina@trsut.example")
    actions.invite(person=ina, by=ada)
    found = re.search(r"/account/invitation/([^/\s]+)", newest_mail("invitation").body)
    assert found
    addresses.mark(ina.email, "550 No such domain")
    assert (
        changing.correct(person=ina, name="Ina Invited", email="Ina@trust.example", by=ada) is None
    )
    assert state(ina) == ("Ina Invited", "ina@trust.example", "")
    assert ina.history.latest().history_user == ada.user
    assert RefusedAddress.objects.count() == 0
    assert newest_mail("address_changed").address == "ina@trsut.example"
    with pytest.raises(DomainError, match="run out"):
        actions.accept_invitation(token=found[1], password=None)


def test_address_of_an_account_waits_for_its_owner_and_the_name_does_not(
    ada: Person, alice: Person
) -> None:
    change = changing.correct(person=alice, name="Alice Umber", email=NEW, by=ada)
    assert change is not None
    assert state(alice) == ("Alice Umber", *OLD[1:])
    assert newest_mail("address_changed").address == "alice@trust.example"
    changing.confirm_address(token=token(), by=None)
    assert state(alice) == ("Alice Umber", NEW, NEW)


def test_alice_stops_what_an_administrator_asked_for(ada: Person, alice: Person) -> None:
    changing.correct(person=alice, name=alice.name, email=NEW, by=ada)
    changing.stop_change(by=alice)
    with pytest.raises(DomainError, match="run out"):
        changing.confirm_address(token=token(), by=None)
    assert state(alice) == OLD


def test_record_that_has_another_address_than_the_account_follows_it(
    ada: Person, alice: Person
) -> None:
    alice.email = "stale@trust.example"
    alice.save()
    assert changing.correct(person=alice, name=alice.name, email=OLD[2], by=ada) is None
    assert state(alice) == OLD


@pytest.mark.engine
@pytest.mark.parametrize(
    ("email", "words"), [("ALICE@trust.example", "another person"), ("", "Enter the email")]
)
def test_taken_or_missing_address_changes_not_even_the_name(
    ada: Person, alice: Person, email: str, words: str
) -> None:
    bob = with_account("Bob Birch")
    with pytest.raises(DomainError, match=words):
        changing.correct(person=bob, name="Robert Birch", email=email, by=ada)
    assert state(bob) == ("Bob Birch", "bob@trust.example", "bob@trust.example")


def test_only_administrators_of_the_whole_network_correct_and_not_themselves(
    ada: Person, alice: Person
) -> None:
    few = with_account("Sam Site", ADMINISTRATOR, scope=a_site().scope)
    coordinator = with_account("Cora Cole", COORDINATOR)
    for person, by in ((ada, ada), (alice, few), (alice, coordinator)):
        with pytest.raises(NotAllowed):
            changing.correct(person=person, name="X", email=NEW, by=by)
    assert (state(alice), state(ada)[0]) == (OLD, "Ada Ash")
