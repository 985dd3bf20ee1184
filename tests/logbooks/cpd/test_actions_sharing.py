"""Sharing something of one's CPD with a line manager until a day, and ending it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from logbooks.cpd.actions.sharing import end, share
from logbooks.cpd.models import Activity, Share
from logbooks.cpd.policies import shared_by, shared_with
from school.core import clock
from school.core.days import DAY, add_months
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.merging import merge_people
from school.people.models import Mail, Person
from school.people.queries import line_managers
from school.people.roles import ADMINISTRATOR
from tests.factories import make_person
from tests.logbooks.cpd.posted import employ
from tests.people.cast import with_account
from tests.placements.browsers import Viewer
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> Person:
    return make_person("Bob Brown")


@pytest.fixture
def alice(bob: Person) -> Person:
    alice = make_person("Alice Amber")
    employ(alice, bob)
    return alice


def activity_of(person: Person, title: str = "Journal club") -> Activity:
    day = clock.today()
    return Activity.objects.create(
        person=person, title=title, learning="formal", starts_on=day, ends_on=day
    )


def shares(by: Person, reader: Person, **values: Any) -> Share:
    wanted = {"uuid": uuid4(), "ends_on": clock.today() + DAY, **values}
    return share(by=by, reader=reader, **wanted)


def seen_by(person: Person) -> list[Share]:
    return list(shared_with(Viewer(person)))  # type: ignore[arg-type]


def shared(person: Person) -> list[Share]:
    return list(shared_by(Viewer(person)))  # type: ignore[arg-type]


# Sharing ----------------------------------------------------------------------------------------


@pytest.mark.engine
def test_line_manager_reads_what_is_shared_and_is_told_without_a_word_of_it(
    alice: Person, bob: Person
) -> None:
    made = shares(alice, bob, activity=activity_of(alice, "Sneezeweed"))
    assert seen_by(bob) == [made] == shared(alice)
    mail = Mail.objects.get(kind="cpd_shared")
    assert mail.person == bob
    assert f"/cpd/shared/{made.uuid}/" in mail.body
    assert "Sneezeweed" not in mail.subject + mail.body


@pytest.mark.parametrize(("days", "urgent"), [(0, True), (1, True), (2, False)])
def test_mail_of_what_is_soon_over_goes_out_at_once(
    alice: Person, bob: Person, days: int, urgent: bool
) -> None:
    shares(alice, bob, ends_on=clock.today() + days * DAY)
    assert Mail.objects.get(kind="cpd_shared").urgent is urgent


@pytest.mark.engine
def test_sent_twice_it_is_one_share_and_one_mail(alice: Person, bob: Person) -> None:
    uuid = uuid4()
    assert shares(alice, bob, uuid=uuid) == shares(alice, bob, uuid=uuid)
    assert Share.objects.count() == Mail.objects.filter(kind="cpd_shared").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one_share(alice: Person, bob: Person) -> None:
    uuid = uuid4()
    at_once([lambda: shares(alice, bob, uuid=uuid)] * 2)
    assert Share.objects.count() == Mail.objects.filter(kind="cpd_shared").count() == 1


def test_same_uuid_for_another_share_is_refused_and_the_first_stands(
    alice: Person, bob: Person
) -> None:
    made = shares(alice, bob)
    with pytest.raises(Conflict, match="shared first stands"):
        shares(alice, bob, uuid=made.uuid, activity=activity_of(alice))
    stranger = make_person("Charlie Cedar")
    employ(stranger, bob)
    with pytest.raises(NotAllowed):
        shares(stranger, bob, uuid=made.uuid, ends_on=made.ends_on)
    assert seen_by(bob) == [made]
    assert made.activity is None


def test_only_what_is_own_and_not_taken_back_is_shared(alice: Person, bob: Person) -> None:
    with pytest.raises(NotAllowed, match="somebody else"):
        shares(alice, bob, activity=activity_of(bob))
    gone = activity_of(alice)
    gone.taken_back_at = clock.now()
    gone.save()
    with pytest.raises(Conflict, match="taken back"):
        shares(alice, bob, activity=gone)
    assert not Mail.objects.filter(kind="cpd_shared").exists()


def test_nobody_but_a_line_manager_of_today_is_let_in(alice: Person, bob: Person) -> None:
    former, stranger = make_person("Fern Former"), make_person("Sam Stranger")
    employ(alice, former, until=clock.today() - DAY)
    for one in (former, stranger, alice):
        with pytest.raises(DomainError, match="your line manager today") as caught:
            shares(alice, one)
        assert caught.value.field == "reader"
    assert not Share.objects.exists()


@pytest.mark.parametrize("late", [True, False])
def test_last_day_is_between_today_and_a_year_from_now(
    alice: Person, bob: Person, late: bool
) -> None:
    today = clock.today()
    edge = add_months(today, 12) if late else today
    with pytest.raises(DomainError, match="between today and") as caught:
        shares(alice, bob, ends_on=edge + DAY if late else edge - DAY)
    assert caught.value.field == "ends_on"
    assert shares(alice, bob, ends_on=edge).ends_on == edge


def test_merged_line_manager_is_the_one_that_is_kept(alice: Person) -> None:
    kept, merged = make_person("Kay Kept"), make_person("K. Kept", account=False)
    sam = make_person("Sam Second", account=False)
    employ(sam, merged)
    admin = with_account("Admin", ADMINISTRATOR)
    merge_people(kept=kept, merged=merged, by=admin, uuid=uuid4())
    merge_people(kept=alice, merged=sam, by=admin, uuid=uuid4())
    assert {one.name for one in line_managers([alice.pk, sam.pk])} == {"Bob Brown", "Kay Kept"}
    made = shares(alice, kept)
    assert seen_by(kept) == [made]


# Ending -----------------------------------------------------------------------------------------


def test_ended_it_is_read_no_more_and_only_by_whoever_shared(alice: Person, bob: Person) -> None:
    made = shares(alice, bob)
    with pytest.raises(NotAllowed):
        end(by=bob, share=made)
    ended = end(by=alice, share=made)
    assert end(by=alice, share=made).ended_at == ended.ended_at
    assert seen_by(bob) == [] == shared(alice)


def test_it_closes_after_its_last_day_and_while_the_activity_is_taken_back(
    alice: Person, bob: Person
) -> None:
    activity = activity_of(alice)
    made = shares(alice, bob, activity=activity, ends_on=clock.today())
    assert seen_by(bob) == [made]
    activity.taken_back_at = clock.now()
    activity.save()
    assert seen_by(bob) == []
    Activity.objects.update(taken_back_at=None)
    Share.objects.update(ends_on=clock.today() - timedelta(days=1))
    assert seen_by(bob) == []
