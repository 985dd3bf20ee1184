"""Working patterns of a site, and planning a rota from one."""

from datetime import time
from uuid import uuid4

import pytest

from placements import patterns
from placements.actions.patterns import add_pattern, change_pattern
from placements.forms.coordinator import RotaForm
from placements.models import PlannedShift, WorkingPattern
from school.core import days
from school.core.errors import Conflict, DomainError
from school.people.models import Person, Site
from school.people.roles import SITE_LEAD
from tests import factories
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db: None) -> Site:
    return factories.make_site()


@pytest.fixture
def lead(site: Site) -> Person:
    person = factories.make_person("Grace Leadwell")
    factories.make_grant(person, SITE_LEAD, site.scope)
    return person


def keep(site: Site, name: str = "Long days", **more: object) -> WorkingPattern:
    values = {"weekdays": [0, 1, 3], "start": time(7, 30), "end": time(18), "break_minutes": 45}
    return add_pattern(
        by=factories.make_person("Grace"),
        site=site,
        name=name,
        **{"uuid": uuid4(), **values, **more},  # type: ignore[arg-type]
    )


def change(row: WorkingPattern, name: str, **more: object) -> WorkingPattern:
    values = {"weekdays": [0, 1, 3], "start": time(7, 30), "end": time(18), "break_minutes": 45}
    return change_pattern(
        by=factories.make_person("Grace"),
        pattern=row,
        name=name,
        **{**values, **more},  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("weekdays", "number", "words"),
    [
        ([0, 1, 2, 3, 4], 31, "Monday to Friday"),
        ([0, 1, 3], 11, "Monday, Tuesday, Thursday"),
        ([4, 5, 6, 0], 113, "Monday, Friday to Sunday"),
    ],
)
def test_weekdays_are_kept_as_one_number(weekdays: list[int], number: int, words: str) -> None:
    assert patterns.kept(weekdays) == number
    assert patterns.weekdays(number) == frozenset(weekdays)
    assert patterns.in_words(number) == words


def test_pattern_has_a_day_and_a_break_that_fits(site: Site) -> None:
    for more, field in (({"weekdays": []}, "weekdays"), ({"break_minutes": 630}, "break_minutes")):
        with pytest.raises(DomainError) as caught:
            keep(site, **more)
        assert caught.value.field == field
    assert keep(site, start=time(20), end=time(8), break_minutes=60).end == time(8)


def test_name_is_one_patterns_own_at_a_site(site: Site) -> None:
    first = keep(site)
    with pytest.raises(DomainError) as caught:
        keep(site, "long days")
    assert caught.value.field == "name"
    assert change(first, "long days", break_minutes=60).pk == first.pk
    with pytest.raises(DomainError):
        change(keep(site, "Nights"), "Long Days")
    assert keep(factories.make_site("Oak Hospital")).name == "Long days"


def test_lead_keeps_changes_and_takes_away_a_pattern(site: Site, lead: Person) -> None:
    client = browser(lead)
    address = f"/places/sites/{site.uuid}/patterns/"
    sent = {"name": "Early", "weekdays": ["0", "4"], "start": "07:00", "end": "15:00", "break_minutes": "30", "uuid": str(uuid4())}  # fmt: skip
    assert client.post(address, sent).status_code == 302
    row = WorkingPattern.objects.get()
    assert (row.name, row.weekdays, row.uuid) == ("Early", 17, row.uuid)
    assert (
        "Monday, Friday, 07:00 to 15:00, break 30 minutes" in client.get(address).content.decode()
    )
    changed = client.post(f"{address}{row.uuid}/", {**sent, "weekdays": ["1"]})
    assert changed.status_code == 302
    row.refresh_from_db()
    assert row.weekdays == 2
    for _ in range(2):
        assert client.post(f"{address}{row.uuid}/remove/").status_code == 302
    assert WorkingPattern.objects.count() == 0


def test_pattern_added_twice_is_one_and_other_content_changes_nothing(site: Site) -> None:
    first = keep(site)
    assert keep(site, uuid=first.uuid) == first
    for where, more in ((site, {"break_minutes": 60}), (factories.make_site("Oak Hospital"), {})):
        with pytest.raises(Conflict):
            keep(where, uuid=first.uuid, **more)
    assert WorkingPattern.objects.get().break_minutes == 45


def test_pattern_form_with_the_uuid_of_another_site_is_refused(site: Site, lead: Person) -> None:
    elsewhere = keep(factories.make_site("Oak Hospital"))
    sent = {"name": "Early", "weekdays": ["0"], "start": "07:00", "end": "15:00", "break_minutes": "30", "uuid": str(elsewhere.uuid)}  # fmt: skip
    answer = browser(lead).post(f"/places/sites/{site.uuid}/patterns/", sent)
    assert answer.status_code == 409
    assert 'value="Early"' in answer.content.decode()


def test_pattern_taken_away_meanwhile_is_not_changed(site: Site) -> None:
    row = keep(site)
    WorkingPattern.objects.all().delete()
    with pytest.raises(Conflict):
        change(row, "Nights")


def test_rota_is_planned_by_the_chosen_pattern_without_typing(site: Site) -> None:
    row = keep(site)
    placement = factories.make_placement(site=site)
    client = browser(factories.make_coordinator())
    page = client.get(f"/placements/{placement.uuid}/rota/").content.decode()
    assert "Long days: Monday, Tuesday, Thursday, 07:30 to 18:00, break 45 minutes" in page
    sent = {"working_pattern": str(row.uuid), "start": "08:00", "end": "16:00", "break_minutes": "30", "reason": ""}  # fmt: skip
    assert client.post(f"/placements/{placement.uuid}/rota/", sent).status_code == 302
    shifts = list(PlannedShift.objects.filter(placement=placement))
    assert {days.local(shift.start).time() for shift in shifts} == {time(7, 30)}
    assert {days.local(shift.start).weekday() for shift in shifts} == {0, 1, 3}
    assert {shift.break_minutes for shift in shifts} == {45}


def test_pattern_of_another_site_is_refused_where_the_site_is_chosen(site: Site) -> None:
    row = keep(factories.make_site("Oak Hospital"), "Nights")
    enrolment = factories.make_student()
    client = browser(factories.make_coordinator())
    sent = {"site": site.slug, "working_pattern": str(row.uuid), "check": "1"}
    page = client.post(f"/students/{enrolment.uuid}/place/", sent)
    assert page.status_code == 422
    assert "This is a pattern of Oak Hospital" in page.content.decode()


def test_form_without_patterns_asks_for_days_and_times_only(site: Site) -> None:
    assert "working_pattern" not in RotaForm(choose_from=site.working_patterns.all()).fields
    assert "working_pattern" not in RotaForm().fields
