"""Absences and entitlements from files: each row’s fate, and what is written."""

import pytest

from school.people.imports.absences import ABSENCES
from school.people.imports.entitlements import ENTITLEMENTS
from school.people.imports.staff import STAFF
from school.people.models import (
    Absence,
    Entitlement,
)
from tests.people.imported import fates, run, said, staff

pytestmark = pytest.mark.usefixtures("shipped_sites")


def absence(**changed: str) -> dict[str, str]:
    return {
        "staff identifier": "20418833",
        "reason": "maternity",
        "from": "2026-05-04",
        "to": "",
    } | changed


@pytest.mark.engine
def test_absence_is_new_same_changed_and_cancelled() -> None:
    run(STAFF, [staff()], commit=True)
    assert fates(run(ABSENCES, [absence()], commit=True)) == ["new"]
    assert fates(run(ABSENCES, [absence()], commit=True)) == ["same"]
    assert fates(run(ABSENCES, [absence(to="2026-11-01")], commit=True)) == ["changed"]
    assert fates(run(ABSENCES, [absence(to="2026-11-01", cancelled="yes")], commit=True)) == [
        "changed"
    ]
    assert (Absence.objects.count(), Absence.objects.standing().get().cancelled) == (3, True)


@pytest.mark.engine
def test_older_file_of_absences_again_does_not_undo_what_was_recorded_later() -> None:
    run(STAFF, [staff()], commit=True)
    first = [absence(**{"recorded on": "2026-05-04"})]
    then = [absence(to="2026-10-30", **{"recorded on": "2026-11-01"})]
    for number, fate in enumerate(("new", "same")):
        assert fates(run(ABSENCES, first, commit=True)) == [fate]
        assert fates(run(ABSENCES, then, commit=True)) == ["same" if number else "changed"]
    assert Absence.objects.count() == 2


def test_absence_of_nobody_held_waits() -> None:
    assert fates(run(ABSENCES, [absence()], commit=True)) == ["waits"]
    assert Absence.objects.count() == 0


def entitlement(**changed: str) -> dict[str, str]:
    return {
        "staff identifier": "20418833",
        "employer": "the newcastle upon tyne hospitals NHS foundation trust",
        "practice": "operator ct",
        "from": "2026-05-04",
        "to": "",
        "review on": "2027-05-04",
    } | changed


@pytest.mark.engine
def test_entitlement_is_new_same_reviewed_ended_and_cancelled() -> None:
    run(STAFF, [staff()], commit=True)
    both = [entitlement(), entitlement(practice="Practitioner")]
    assert said(run(ENTITLEMENTS, both, commit=True)) == []
    assert fates(run(ENTITLEMENTS, [entitlement(practice="Operator CT")], commit=True)) == ["same"]
    for changed in (
        {"review on": "2028-05-04"},
        {"review on": "2028-05-04", "to": "2027-12-31"},
        {"cancelled": "yes"},
    ):
        assert fates(run(ENTITLEMENTS, [entitlement(**changed)], commit=True)) == ["changed"]
    standing = Entitlement.objects.standing().order_by("practice")
    found = [(one.practice, one.cancelled) for one in standing]
    assert found == [("operator_ct", True), ("practitioner", False)]
    assert Entitlement.objects.count() == 5


def test_entitlement_of_nobody_or_by_nobody_held_waits() -> None:
    assert fates(run(ENTITLEMENTS, [entitlement()], commit=True)) == ["waits"]
    run(STAFF, [staff()], commit=True)
    report = run(ENTITLEMENTS, [entitlement(employer="Nobody’s Trust")], commit=True)
    assert fates(report) == ["waits"]
    assert "no organisation is held under this name" in said(report)[0]
    assert Entitlement.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"to": "2026-05-03"}, "the last day lies before the first"),
        ({"review on": "2026-05-03"}, "the day of review lies before the first day"),
        ({"practice": "everything"}, "this is none of"),
        ({"recorded on": "2030-01-01"}, "nothing is recorded on a day to come"),
    ],
)
def test_entitlement_that_is_not_sound_is_refused(changed: dict[str, str], words: str) -> None:
    run(STAFF, [staff()], commit=True)
    report = run(ENTITLEMENTS, [entitlement(**changed)])
    assert fates(report) == ["refused"]
    assert words in said(report)[0]


def test_entitlement_named_twice_in_a_file_is_refused() -> None:
    run(STAFF, [staff()], commit=True)
    report = run(ENTITLEMENTS, [entitlement(), entitlement()])
    assert set(fates(report)) == {"refused"}
