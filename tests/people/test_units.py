"""Mobile units at one site at a time, and a scanner that becomes static."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from school.core import ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.people import scanners, units
from school.people.models import MobileUnit, Person, ScannerTerm, Site, UnitStay
from school.people.network import network_book
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

DAYS = [date(2026, 12, day) for day in range(1, 32)]


@pytest.fixture
def esme() -> Person:
    return make.make_coordinator("Esme Elder")


@pytest.fixture
def elm(esme: Person) -> Site:
    return make.make_site("Elm Hospital")


@pytest.fixture
def unit(esme: Person) -> MobileUnit:
    return units.named_unit(name="PET-3", by=esme)


def stay(unit: MobileUnit, site: Site, first: int, last: int, by: Person) -> UnitStay:
    return units.record_stay(
        unit=unit, site=site, starts=DAYS[first - 1], ends=DAYS[last - 1], uuid=uuid4(), by=by
    )


def term(site: Site, kind: str, starts: date, ends: date | None = None) -> ScannerTerm:
    fact = ScannerTerm(site=site, scanner_kind=kind)
    with ledger.writing(network_book()) as pen:
        pen.append([Draft(fact=fact, book=network_book(), about_from=starts, about_to=ends)], by=PORTAL)  # fmt: skip
    return fact


def standing(site: Site) -> list[tuple[str, date, date | None]]:
    rows = ScannerTerm.objects.standing().filter(site=site).order_by("entry__about_from")
    return list(rows.values_list("scanner_kind", "entry__about_from", "entry__about_to"))


# Stays


def test_unit_keeps_its_name_whatever_the_case(unit: MobileUnit, esme: Person) -> None:
    assert units.named_unit(name=" pet-3 ", by=esme) == unit


def test_database_refuses_a_unit_at_two_sites_on_one_day(unit: MobileUnit, elm: Site) -> None:
    UnitStay.objects.create(unit=unit, site=elm, starts=DAYS[2], ends=DAYS[3])
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitStay.objects.create(unit=unit, site=elm, starts=DAYS[3], ends=DAYS[4])
    UnitStay.objects.create(unit=unit, site=elm, starts=DAYS[4], ends=DAYS[4])


def test_overlap_is_refused_with_where_the_unit_is(
    unit: MobileUnit, elm: Site, esme: Person
) -> None:
    oak = make.make_site("Oak Hospital")
    stay(unit, elm, 3, 4, esme)
    with pytest.raises(Conflict) as refused:
        stay(unit, oak, 4, 5, esme)
    assert refused.value.field == "starts"
    assert "PET-3 is at Elm Hospital from 3 December 2026 to 4 December 2026." in refused.value.message  # fmt: skip
    stay(unit, oak, 5, 6, esme)
    assert UnitStay.objects.count() == 2


def test_changed_days_that_overlap_change_nothing(
    unit: MobileUnit, elm: Site, esme: Person
) -> None:
    stay(unit, elm, 3, 4, esme)
    other = stay(unit, elm, 8, 9, esme)
    with pytest.raises(Conflict):
        units.change_stay(stay=other, starts=DAYS[3], ends=DAYS[8], by=esme)
    other.refresh_from_db()
    assert (other.starts, other.ends) == (DAYS[7], DAYS[8])
    units.change_stay(stay=other, starts=DAYS[4], ends=DAYS[8], by=esme)
    assert UnitStay.objects.get(pk=other.pk).starts == DAYS[4]


def test_stay_sent_twice_is_one_and_another_under_its_uuid_is_refused(
    unit: MobileUnit, elm: Site, esme: Person
) -> None:
    uuid = uuid4()
    for _ in range(2):
        units.record_stay(unit=unit, site=elm, starts=DAYS[0], ends=DAYS[0], uuid=uuid, by=esme)
    with pytest.raises(NotAllowed):
        units.record_stay(unit=unit, site=make.make_site("Oak Hospital"), starts=DAYS[0], ends=DAYS[0], uuid=uuid, by=esme)  # fmt: skip
    assert UnitStay.objects.count() == 1


def test_stay_that_ends_before_it_begins_is_refused(
    unit: MobileUnit, elm: Site, esme: Person
) -> None:
    with pytest.raises(DomainError) as refused:
        stay(unit, elm, 4, 3, esme)
    assert refused.value.field == "ends"


# From mobile to static


def test_mobile_term_ends_and_the_static_one_begins(
    unit: MobileUnit, elm: Site, esme: Person
) -> None:
    mobile = term(elm, "mobile", date(2019, 5, 3))
    before, across, after = (stay(unit, elm, *span, esme) for span in ((1, 2), (8, 11), (14, 15)))
    uuid = uuid4()
    for _ in range(2):
        scanners.make_static(site=elm, day=DAYS[9], uuid=uuid, by=esme)
    assert standing(elm) == [
        ("mobile", date(2019, 5, 3), DAYS[8]),
        ("static", DAYS[9], None),
    ]
    assert ScannerTerm.objects.get(supersedes=mobile).entry.actor == esme.uuid
    left = UnitStay.objects.order_by("starts").values_list("pk", "ends")
    assert list(left) == [(before.pk, DAYS[1]), (across.pk, DAYS[8])]
    assert UnitStay.history.filter(uuid=after.uuid, history_type="-").count() == 1


@pytest.mark.parametrize(
    ("kind", "starts", "ends"),
    [
        ("static", date(2019, 5, 3), None),
        ("mobile", DAYS[9], None),
        ("mobile", DAYS[20], None),
        ("mobile", date(2019, 5, 3), DAYS[4]),
        ("", DAYS[0], None),
    ],
)
def test_nothing_changes_where_no_mobile_scanner_can_be_replaced(
    unit: MobileUnit, elm: Site, esme: Person, kind: str, starts: date, ends: date | None
) -> None:
    if kind:
        term(elm, kind, starts, ends)
    stay(unit, elm, 14, 15, esme)
    before = standing(elm)
    with pytest.raises(DomainError) as refused:
        scanners.make_static(site=elm, day=DAYS[9], uuid=uuid4(), by=esme)
    assert refused.value.field == "day"
    assert (standing(elm), UnitStay.objects.count()) == (before, 1)
