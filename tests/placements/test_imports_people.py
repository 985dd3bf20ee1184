"""What an import may not do to people: count for whoever imports it, or rename somebody with an account."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from placements.imports.enrolments import ENROLMENTS
from placements.imports.hours import HOURS
from placements.models import BroughtForward, Enrolment
from school.core.files import importing
from school.core.files.fates import Report
from school.people.imports.staff import STAFF
from school.people.merging import merge_people
from school.people.models import Person
from school.people.roles import ADMINISTRATOR, PRACTICE_EDUCATOR, WORKFORCE_MANAGER
from tests.factories import make_coordinator, make_grant, make_network, make_person, make_site
from tests.people.imported import as_csv, fates, run, staff
from tests.placements.test_imports import line, student

pytestmark = pytest.mark.django_db

SETTLED = (
    "this person has an account or a role; they or an administrator change the name and address"
)


@pytest.fixture(autouse=True)
def _network() -> None:
    make_network()
    make_site("Freeman Hospital")


@pytest.fixture
def coordinator() -> Person:
    return make_coordinator()


@pytest.fixture
def manager() -> Person:
    """A workforce manager of the network."""
    person = make_person("Wim Manager")
    make_grant(person, WORKFORCE_MANAGER, make_site().scope.parent)
    return person


def imported(kind: importing.Kind, row: dict[str, Any], by: UUID) -> Report:
    return importing.run(kind, as_csv([row]), "file.csv", by=by, commit=True)


def why(report: Report) -> list[tuple[str, str, str]]:
    """The fate, column and reason of each finding."""
    return [(str(report.fates[f.number]), f.column, f.reason) for f in report.findings]


def merged_into(kept: Person) -> Person:
    """Another record of the same person, as an administrator has said."""
    administrator = make_person("Ada Administrator")
    make_grant(administrator, ADMINISTRATOR, make_site().scope.parent)
    other = make_person("Farid S. Standin", email="farid@university.example", account=False)
    merge_people(kept=kept, merged=other, by=administrator, uuid=uuid4())
    return other


# One's own


def test_own_enrolment_is_refused_and_nothing_is_written(coordinator: Person) -> None:
    report = imported(ENROLMENTS, student(email=coordinator.email), coordinator.uuid)
    assert why(report) == [("refused", "student number", "this is your own enrolment")]
    assert Enrolment.objects.count() == 0


def test_own_enrolment_under_a_merged_address_is_refused(coordinator: Person) -> None:
    other = merged_into(coordinator)
    report = imported(ENROLMENTS, student(email=other.email), coordinator.uuid)
    assert why(report) == [("refused", "student number", "this is your own enrolment")]


def test_own_enrolment_that_is_held_is_not_the_coordinator_s_to_lengthen(
    coordinator: Person,
) -> None:
    run(ENROLMENTS, [student(email=coordinator.email)], commit=True)
    longer = student(email="new@x.example", ends="2028-07-28")
    report = imported(ENROLMENTS, longer, coordinator.uuid)
    assert why(report) == [("refused", "student number", "this is your own enrolment")]


@pytest.mark.engine
@pytest.mark.parametrize("merged", [False, True])
def test_own_hours_are_refused_and_somebody_else_imports_them(
    coordinator: Person, merged: bool
) -> None:
    me = merged_into(coordinator) if merged else coordinator
    run(ENROLMENTS, [student(email=me.email)], commit=True)
    make_person("Amara Holt", email="amara@hospital.example")
    report = imported(HOURS, line(), coordinator.uuid)
    assert why(report) == [("refused", "student number", "these are your own hours")]
    assert BroughtForward.objects.count() == 0
    assert fates(imported(HOURS, line(), make_coordinator("Gita Other").uuid)) == ["new"]


# The name and address of others


@pytest.mark.engine
def test_student_under_the_address_of_a_merged_record_is_the_same(coordinator: Person) -> None:
    run(ENROLMENTS, [student(name="Farid Standin", email=coordinator.email)], commit=True)
    other = merged_into(coordinator)
    row = student(name="Farid Standin", email=other.email)
    assert fates(imported(ENROLMENTS, row, make_coordinator("Gita Other").uuid)) == ["same"]


@pytest.mark.parametrize(
    ("changed", "column"), [({"name": "Nora Bell"}, "name"), ({"email": "bell@x.example"}, "email")]
)
def test_student_with_an_account_keeps_name_and_address(
    coordinator: Person, changed: dict[str, str], column: str
) -> None:
    make_person("Noor Ashby", email="Noor@university.example")
    run(ENROLMENTS, [student()], commit=True)
    report = imported(ENROLMENTS, student(**changed), coordinator.uuid)
    assert why(report) == [("waits", column, SETTLED)]
    assert Enrolment.objects.get().person.name == "Noor Ashby"
    assert fates(imported(ENROLMENTS, student(), coordinator.uuid)) == ["same"]


def test_student_without_an_account_is_renamed_by_the_university_s_list(
    coordinator: Person,
) -> None:
    run(ENROLMENTS, [student()], commit=True)
    assert fates(imported(ENROLMENTS, student(name="Noor Bell"), coordinator.uuid)) == ["changed"]
    assert Enrolment.objects.get().person.name == "Noor Bell"


def test_student_with_a_role_elsewhere_keeps_name_and_address(coordinator: Person) -> None:
    run(ENROLMENTS, [student()], commit=True)
    make_grant(Enrolment.objects.get().person, PRACTICE_EDUCATOR, make_site().scope)
    report = imported(ENROLMENTS, student(email="mine@x.example"), coordinator.uuid)
    assert why(report) == [("waits", "email", SETTLED)]


@pytest.mark.parametrize("account", [True, False])
def test_staff_with_an_account_or_a_role_keep_name_and_address(
    manager: Person, account: bool
) -> None:
    run(STAFF, [staff()], commit=True)
    held = Person.objects.get(staff_identifier="20418833")
    if account:
        held.user = make_person("Spare Account").user
        Person.objects.filter(user=held.user).update(user=None)
        held.save()
    else:
        make_grant(held, ADMINISTRATOR, make_site().scope.parent)
    report = imported(STAFF, staff(name="Mallory", email="mine@x.example"), manager.uuid)
    assert why(report) == [("waits", "name", SETTLED), ("waits", "email", SETTLED)]
    held.refresh_from_db()
    assert (held.name, held.email) == ("Amara Holt", "amara.holt@hospital.example")
    assert fates(imported(STAFF, staff(), manager.uuid)) == ["same"]
    assert fates(imported(STAFF, staff(wte="0.5"), manager.uuid)) == ["changed"]


def test_student_is_not_renamed_by_a_list_of_staff(manager: Person) -> None:
    run(ENROLMENTS, [student()], commit=True)
    row = staff(name="Mallory", email="noor@university.example")
    assert why(imported(STAFF, row, manager.uuid)) == [("waits", "name", SETTLED)]


@pytest.mark.engine
def test_staff_without_account_or_role_are_renamed(manager: Person) -> None:
    run(STAFF, [staff()], commit=True)
    assert fates(imported(STAFF, staff(name="Amara Bell"), manager.uuid)) == ["changed"]
    assert Person.objects.get(staff_identifier="20418833").name == "Amara Bell"


def test_command_line_leaves_the_address_of_an_account_to_its_owner() -> None:
    person = make_person("Amara Holt", email="amara.holt@hospital.example")
    run(STAFF, [staff()], commit=True)
    assert fates(run(STAFF, [staff(email="bell@hospital.example")], commit=True)) == ["waits"]
    person.refresh_from_db()
    assert person.email == "amara.holt@hospital.example"


def test_command_line_renames_anybody() -> None:
    make_person("Amara Holt", email="amara.holt@hospital.example")
    assert fates(run(STAFF, [staff(name="Amara Bell")], commit=True)) == ["new"]
    assert Person.objects.get(staff_identifier="20418833").name == "Amara Bell"
