"""Entitlements: who says what somebody is entitled to do, in which order of days, once at a time, reviewed and ended."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.entitling import Terms, change_entitlement, entitle, entitlements_of
from school.people.merging import merge_people
from school.people.models import Entitlement, Organisation, Person, Site
from school.people.roles import (
    ADMINISTRATOR,
    PRACTICE_EDUCATOR,
    REPORT_VIEWER,
    SITE_LEAD,
    WORKFORCE_MANAGER,
)
from tests.coverage.making import Staff
from tests.people.cast import a_person, with_account

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

D = date
Practice = Entitlement.Practice
KEY = UUID("0e0e0e0e-0000-4000-8000-000000000001")
TERMS = Terms(D(2026, 1, 1), None, D(2027, 1, 1))


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.term("tess", "North", "Radiographer", D(2020, 1, 1))
    return made


@pytest.fixture
def tess(staff: Staff) -> Person:
    return staff.person("tess")


@pytest.fixture
def north(staff: Staff) -> Site:
    return staff.site("North")


@pytest.fixture
def lead(north: Site) -> Person:
    return with_account("Lena Lead", SITE_LEAD, scope=north.scope)


@pytest.fixture
def employer(north: Site) -> Organisation:
    return north.organisation


def give(tess: Person, employer: Organisation, by: Person, terms: Terms = TERMS) -> Entitlement:
    return entitle(
        person=tess, employer=employer, practice=Practice.CT_EXPOSURE, terms=terms, by=by, uuid=KEY
    )


def test_an_entitlement_is_a_fact_of_the_persons_book(
    tess: Person, employer: Organisation, lead: Person
) -> None:
    fact = give(tess, employer, lead)
    assert give(tess, employer, lead) == fact, "sent again it is the same"
    assert (fact.entry.book, fact.entry.actor) == (tess.book, lead.uuid)
    assert (fact.entry.about_from, fact.entry.about_to) == (D(2026, 1, 1), None)
    assert entitlements_of(tess) == [fact]


def test_a_review_and_an_end_take_its_place(
    tess: Person, employer: Organisation, lead: Person
) -> None:
    first = give(tess, employer, lead)
    reviewed = change_entitlement(
        entitlement=first, last=None, review_on=D(2028, 1, 1), by=lead, uuid=uuid4()
    )
    ended = change_entitlement(
        entitlement=reviewed, last=D(2026, 6, 30), review_on=D(2028, 1, 1), by=lead, uuid=uuid4()
    )
    assert entitlements_of(tess) == [ended]
    assert (ended.entry.about_from, ended.entry.about_to) == (D(2026, 1, 1), D(2026, 6, 30))
    with pytest.raises(Conflict, match="meanwhile"):
        change_entitlement(
            entitlement=first, last=None, review_on=D(2029, 1, 1), by=lead, uuid=uuid4()
        )


def test_a_last_day_before_the_first_takes_it_back(
    tess: Person, employer: Organisation, lead: Person
) -> None:
    first = give(tess, employer, lead)
    gone = change_entitlement(
        entitlement=first, last=D(2025, 12, 31), review_on=D(2027, 1, 1), by=lead, uuid=uuid4()
    )
    assert gone.cancelled
    assert entitlements_of(tess) == []
    assert give_again(tess, employer, lead) in entitlements_of(tess), "it is in nobody’s way"


def give_again(tess: Person, employer: Organisation, by: Person, **days: date) -> Entitlement:
    terms = Terms(days.get("first", D(2026, 3, 1)), days.get("last"), D(2028, 1, 1))
    return entitle(
        person=tess,
        employer=employer,
        practice=Practice.CT_EXPOSURE,
        terms=terms,
        by=by,
        uuid=uuid4(),
    )


def test_once_at_a_time(tess: Person, employer: Organisation, lead: Person) -> None:
    first = give(tess, employer, lead)
    with pytest.raises(DomainError, match="entitles Staff tess to it already"):
        give_again(tess, employer, lead)
    change_entitlement(
        entitlement=first, last=D(2026, 2, 28), review_on=D(2027, 1, 1), by=lead, uuid=uuid4()
    )
    give_again(tess, employer, lead, first=D(2026, 3, 1))
    with pytest.raises(DomainError, match="already"):
        give_again(tess, employer, lead, first=D(2026, 2, 28), last=D(2026, 2, 28))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(D(2026, 1, 2), D(2026, 1, 1), D(2027, 1, 1)), "last"),
        (Terms(D(2026, 1, 2), None, D(2026, 1, 1)), "review_on"),
    ],
)
def test_days_are_in_order(
    tess: Person, employer: Organisation, lead: Person, terms: Terms, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        give(tess, employer, lead, terms)
    assert refused.value.field == field


def test_the_sites_lead_or_a_workforce_manager_says_it_and_nobody_of_themselves(
    staff: Staff, tess: Person, employer: Organisation, lead: Person
) -> None:
    elsewhere = with_account("Sue South", SITE_LEAD, scope=staff.site("South").scope)
    others = [elsewhere, with_account("Rita Reader", REPORT_VIEWER)]
    others.append(with_account("Petra Pe", PRACTICE_EDUCATOR, scope=staff.site("North").scope))
    for by in others:
        with pytest.raises(NotAllowed, match="Only the lead of a site where they work"):
            give(tess, employer, by)
    manager = with_account("Mona Manager", WORKFORCE_MANAGER)
    assert give(tess, employer, manager).entry.actor == manager.uuid
    with pytest.raises(NotAllowed, match="Nobody says what they are entitled to do themselves"):
        give_again(manager, employer, manager)


def test_who_left_a_site_is_its_leads_no_longer(
    staff: Staff, employer: Organisation, lead: Person
) -> None:
    staff.term("gone", "North", "Radiographer", D(2020, 1, 1), D(2024, 12, 31))
    with pytest.raises(NotAllowed):
        give(staff.person("gone"), employer, lead)


def test_merged_people_are_entitled_as_one(
    tess: Person, employer: Organisation, lead: Person
) -> None:
    first = give(tess, employer, lead)
    kept = a_person("T. Tess")
    by = with_account("Ada Ash", ADMINISTRATOR)
    merge_people(kept=kept, merged=tess, by=by, uuid=uuid4())
    assert entitlements_of(kept) == [first]
