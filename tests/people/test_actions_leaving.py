"""Who has left holds no role any more, keeps their name on what they signed, and has nothing waiting."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from placements import policies
from placements.models import ShiftDecision
from school.core import clock
from school.people import changing
from school.people.merging import merge_people
from school.people.models import Person
from school.people.queries import grants, hats
from school.people.roles import ADMINISTRATOR, COORDINATOR, SITE_LEAD
from tests import factories
from tests.people.cast import a_person, holds, signed_in, with_account, with_app

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def ada() -> Person:
    return with_account("Ada Ash", ADMINISTRATOR)


def leave(person: Person, last_day: date | None, by: Person) -> None:
    changing.correct(person=person, name=person.name, email=person.email, left_on=last_day, by=by)
    person.refresh_from_db()


@pytest.mark.parametrize(("days_ago", "roles"), [(0, 1), (1, 0)])
def test_who_has_left_holds_no_role_from_the_day_after(
    ada: Person, days_ago: int, roles: int
) -> None:
    person, last_day = factories.make_educator(), clock.today() - timedelta(days=days_ago)
    leave(person, last_day, ada)
    held = [hats(person), grants().filter(person=person), grants(last_day).filter(person=person)]
    assert [len(rows) for rows in held] == [roles, roles, 1]
    newest = person.history.latest()
    assert (newest.left_on, newest.history_user) == (last_day, ada.user)
    leave(person, None, ada)
    assert len(hats(person)) == 1


def test_all_who_are_one_leave_together(ada: Person) -> None:
    kept, other = with_account("Bob Birch", COORDINATOR), a_person("B. Birch")
    holds(other, SITE_LEAD, factories.make_site().scope)
    merge_people(kept=kept, merged=other, by=ada, uuid=uuid4())
    assert len(hats(kept)) == 2
    leave(kept, clock.today() - timedelta(days=1), ada)
    assert hats(kept) == []


def test_what_waits_for_who_has_left_goes_to_the_lead_and_what_they_signed_keeps_their_name(
    ada: Person,
) -> None:
    educator, yesterday = factories.make_educator(), clock.today() - timedelta(days=1)
    placement = factories.make_placement(educator=educator)
    lead, other = factories.make_person("Lena Lead"), factories.make_person("Luke Lead")
    for person in (lead, other):
        factories.make_grant(person, SITE_LEAD, placement.site.scope)
    signed = factories.make_shift(placement, yesterday)
    factories.make_decision(educator, signed)
    waits = factories.make_shift(placement, yesterday - timedelta(days=1))
    leave(educator, yesterday, ada)
    leave(other, yesterday, ada)
    assert [row.shift_id for row in policies.inbox(lead)] == [waits.pk]
    assert list(policies.inbox(other)) == []
    assert ShiftDecision.objects.get(shift=signed).person == educator


def test_administrator_gives_the_last_day_on_the_page_of_name_and_address(ada: Person) -> None:
    person, day = factories.make_educator(), clock.today()
    desk = signed_in(ada, with_app(ada))
    sent = {
        "name": person.name, "email": person.email,
        "left_on_day": day.day, "left_on_month": day.month, "left_on_year": day.year,
    }  # fmt: skip
    said = desk.post(f"/people/{person.uuid}/correct/", sent, follow=True).content.decode()
    assert ("Last day: " in said, Person.objects.get(pk=person.pk).left_on) == (True, day)
    page = desk.get(f"/people/{person.uuid}/correct/").content.decode()
    assert f'value="{day.year}"' in page
    desk.post(f"/people/{person.uuid}/correct/", {"name": person.name, "email": person.email})
    assert Person.objects.get(pk=person.pk).left_on is None
