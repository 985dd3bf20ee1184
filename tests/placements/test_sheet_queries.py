"""A paper log sheet: printing one, and entering what stands on one under the rules of the import."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from placements import standing
from placements.actions.paper import enter_paper
from placements.models import BroughtForward, Placement, StageTally
from placements.sheet_queries import may_have_seen
from school.core import clock
from school.core.errors import DomainError
from school.core.files.fates import Fate
from school.core.ledger import private_text
from school.people.models import Person
from school.people.roles import SITE_LEAD
from tests import factories
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


@pytest.fixture
def dilys(db: None) -> Person:
    return factories.make_educator("Dilys Sampleby")


@pytest.fixture
def placement(dilys: Person) -> Placement:
    return factories.make_placement(educator=dilys)


@pytest.fixture
def farid(placement: Placement) -> Person:
    return factories.make_coordinator()


def sheet(dilys: Person, **more: str) -> dict[str, str]:
    return {
        "year": "3",
        "part": "clinical",
        "site": "Cumberland Infirmary",
        "starts": ago(9).isoformat(),
        "ends": ago(5).isoformat(),
        "hours": "37.5",
        "signed_by": "Dilys Sampleby",
        "sighted_by": dilys.email,
        "scan_reference": "Cumbria box 3",
        **more,
    }


def enter(by: Person, placement: Placement, cells: dict[str, str], **more: Any) -> Fate:
    return enter_paper(by=by, enrolment=placement.enrolment, sheet=cells, **more)


@pytest.mark.engine
def test_sheet_counts_once_and_says_who_has_seen_it(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    assert enter(farid, placement, sheet(dilys)) == Fate.NEW
    assert enter(farid, placement, sheet(dilys)) == Fate.SAME
    row = BroughtForward.objects.get()
    assert (row.minutes, row.sighted_by, private_text(row, "scan")) == (
        2250,
        dilys,
        "Cumbria box 3",
    )
    tally = StageTally.objects.get(enrolment=placement.enrolment)
    assert (tally.brought_forward, tally.confirmed) == (2250, 0)
    assert standing.rebuild(placement.enrolment) == []


@pytest.mark.engine
@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"ends": "2099-01-01"}, "ends"),
        ({"minutes": "60"}, "hours"),
        ({"hours": "300"}, "hours"),
        ({"year": "9"}, "year"),
        ({"site": "Nowhere"}, "site"),
        ({"sighted_by": "nobody@example.org"}, "sighted_by"),
    ],
)
def test_rules_of_the_import_hold_by_hand(
    dilys: Person, farid: Person, placement: Placement, cells: dict[str, str], field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        enter(farid, placement, sheet(dilys, **cells))
    assert caught.value.field == field
    assert BroughtForward.objects.count() == 0


def test_student_neither_enters_nor_sights_their_own_paper(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    student = placement.enrolment.person
    with pytest.raises(DomainError) as caught:
        enter(farid, placement, sheet(student))
    assert caught.value.field == "sighted_by"
    with pytest.raises(DomainError):
        enter(student, placement, sheet(dilys))
    assert may_have_seen(placement.enrolment, farid) == sorted(
        [dilys, farid], key=lambda person: person.name
    )


@pytest.mark.engine
def test_other_hours_of_the_same_days_want_a_tick(
    dilys: Person, farid: Person, placement: Placement
) -> None:
    enter(farid, placement, sheet(dilys))
    with pytest.raises(DomainError) as caught:
        enter(farid, placement, sheet(dilys, hours="30"))
    assert caught.value.field == "replaces"
    assert enter(farid, placement, sheet(dilys, hours="30"), replaces=True) == Fate.CHANGED
    assert [row.minutes for row in BroughtForward.objects.standing()] == [1800]


def test_lead_enters_a_sheet_of_their_own_site_only(dilys: Person, placement: Placement) -> None:
    factories.make_site("Oak Hospital")
    lead = factories.make_person("Grace Leadwell")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    client = browser(lead)
    address = f"/students/{placement.enrolment.uuid}/paper/"
    page = client.get(address).content.decode()
    assert ("Cumberland Infirmary" in page, "Oak Hospital" in page) == (True, False)
    cells = sheet(dilys)
    days = {
        f"{name}_{part}": getattr(ago(n), part)
        for name, n in (("starts", 9), ("ends", 5))
        for part in ("day", "month", "year")
    }
    sent = {**cells, **days}
    assert client.post(address, {**sent, "site": "Oak Hospital"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    asked = client.post(address, {**sent, "hours": "30"})
    assert asked.status_code == 422
    assert "This takes the place of what is held of these days" in asked.content.decode()
    assert client.post(address, {**sent, "hours": "30", "replaces": "on"}).status_code == 302
    assert [row.minutes for row in BroughtForward.objects.standing()] == [1800]


def test_sheet_prints_who_is_where_with_whom(dilys: Person, placement: Placement) -> None:
    client = browser(placement.enrolment.person, second_factor=False)
    found = client.get("/shifts/sheet/", follow=True).content.decode()
    for words in ("Amara Exampleton", "Cumberland Infirmary", "Dilys Sampleby", "signed by"):
        assert words in found, words
    other = browser(factories.make_student("Bea Elsewhere").person, second_factor=False)
    assert other.get(f"/placements/{placement.uuid}/sheet/").status_code == 404
    assert other.get(f"/placements/{uuid4()}/sheet/").status_code == 404
