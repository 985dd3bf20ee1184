"""Asking the School for help with one's CPD, and saying that it was seen to."""

from uuid import uuid4

import pytest

from logbooks.cpd.actions.help import ask, see_to
from logbooks.cpd.models import HelpAsked
from school.core.errors import NotAllowed
from school.people.models import Person
from school.people.roles import SCHOOL_EDUCATOR, SITE_LEAD
from tests.factories import make_person
from tests.people.cast import a_site, with_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return make_person("Alice Amber")


@pytest.mark.engine
def test_asked_twice_while_it_waits_it_is_one(alice: Person) -> None:
    first = ask(by=alice, uuid=uuid4())
    assert ask(by=alice, uuid=uuid4()) == first == ask(by=alice, uuid=first.uuid)
    see_to(by=alice, asked=first)
    assert ask(by=alice, uuid=first.uuid) == first
    assert ask(by=alice, uuid=uuid4()) != first
    assert HelpAsked.objects.count() == 2


def test_a_uuid_of_somebody_else_is_refused(alice: Person) -> None:
    first = ask(by=alice, uuid=uuid4())
    with pytest.raises(NotAllowed):
        ask(by=make_person("Bob Brown"), uuid=first.uuid)


def test_school_or_whoever_asked_says_that_it_was_seen_to(alice: Person) -> None:
    educator = with_account("Eve Educator", SCHOOL_EDUCATOR)
    site = a_site()
    nobody = (
        make_person("Bob Brown"),
        with_account("Sue Lead", SITE_LEAD, scope=site.scope),
        with_account("Ed Elm", SCHOOL_EDUCATOR, scope=site.scope),
    )
    asked = ask(by=alice, uuid=uuid4())
    for one in nobody:
        with pytest.raises(NotAllowed):
            see_to(by=one, asked=asked)
    assert see_to(by=educator, asked=asked).seen_to_by == educator
    assert see_to(by=alice, asked=asked).seen_to_by == educator
