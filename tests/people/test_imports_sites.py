"""Sites from files: each row’s fate, and what is written."""

import csv
from datetime import date
from typing import Any

import pytest

from school.people.imports.sites import SITES
from school.people.models import (
    ScannerTerm,
    Scope,
    Site,
    SiteCode,
)
from school.people.shipped import FILE
from tests.people.imported import fates, run, said

pytestmark = pytest.mark.usefixtures("shipped_sites")


@pytest.mark.engine
def test_shipped_sites_are_28_with_both_regions_and_no_invented_code() -> None:
    assert Site.objects.count() == 28
    stoke = Site.objects.get(name="Royal Stoke University Hospital")
    assert (stoke.network_region, stoke.nhs_region) == ("North West", "Midlands")
    without = Site.objects.filter(codes=None).values_list("name", flat=True)
    assert sorted(without) == ["Broadgreen Hospital", "Cobalt (Cheltenham)"]
    assert Scope.objects.filter(kind=Scope.Kind.REGION).count() == 4


@pytest.mark.engine
def test_shipped_sites_again_are_the_same() -> None:
    assert set(fates(run(SITES, FILE.read_bytes(), commit=True))) == {"same"}
    assert Site.history.count() == 28


def site(**changed: Any) -> dict[str, Any]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        row = next(row for row in csv.DictReader(lines) if row["name"] == "Freeman Hospital")
    return row | changed


@pytest.mark.engine
def test_site_changed_keeps_its_history() -> None:
    assert fates(run(SITES, [site(postcode="NE7 7DX")], commit=True)) == ["changed"]
    freeman = Site.objects.get(name="Freeman Hospital")
    assert [row.postcode for row in freeman.history.all()] == ["NE7 7DX", "NE7 7DN"]


def test_site_found_by_code_is_renamed() -> None:
    run(SITES, [site(name="Freeman Road Hospital")], commit=True)
    assert SiteCode.objects.get(code="RTD01").site.name == "Freeman Road Hospital"


def test_site_name_of_one_and_code_of_another_waits() -> None:
    report = run(SITES, [site(code="RHM01")])
    assert said(report) == [
        "Row 2, column “code”, value “RHM01”: the name is one site's and the code another's. "
        "Correct the name or the code."
    ]


def test_new_code_without_the_previous_one_is_refused() -> None:
    assert fates(run(SITES, [site(code="RTD99")])) == ["refused"]
    replaced = {"previous code": "RTD01", "previous code until": "2026-03-31"}
    assert fates(run(SITES, [site(code="RTD99", **replaced)], commit=True)) == ["changed"]
    codes = SiteCode.objects.filter(site__name="Freeman Hospital").order_by("code")
    assert [(c.code, c.ends) for c in codes] == [("RTD01", date(2026, 3, 31)), ("RTD99", None)]


@pytest.mark.engine
def test_scanner_terms_are_facts_known_from_the_day_of_the_source() -> None:
    mobile = {"scanner": "mobile", "scanner from": "2012-05-01", "scanner to": "2017-03-31", "recorded on": "2012-05-02"}  # fmt: skip
    static = {"scanner": "static", "scanner from": "2017-04-01", "scanner to": "", "recorded on": ""}  # fmt: skip
    rows = [site(**static), site(**mobile)]
    assert fates(run(SITES, rows, commit=True)) == ["changed", "changed"]
    terms = ScannerTerm.objects.order_by("entry__about_from")
    assert [(t.scanner_kind, t.entry.about_from, t.entry.about_to, t.entry.imported) for t in terms] == [
        ("mobile", date(2012, 5, 1), date(2017, 3, 31), True),
        ("static", date(2017, 4, 1), None, True),
    ]  # fmt: skip
    assert terms[0].entry.known_from == date(2012, 5, 2)
    assert fates(run(SITES, rows[::-1], commit=True)) == ["same", "same"]


@pytest.mark.engine
def test_scanner_terms_that_overlap_are_refused_by_row() -> None:
    one = {"scanner": "mobile", "scanner from": "2012-05-01", "scanner to": ""}
    two = {"scanner": "static", "scanner from": "2017-04-01", "scanner to": ""}
    report = run(SITES, [site(**one), site(**two)])
    assert said(report)[0] == (
        "Row 2, column “scanner from”, value “2012-05-01”: row 3 has a scanner term from 1 April 2017 "
        "without a last day, which overlaps with this one. "
        "Give the earlier one its last day, in the same file if need be."
    )
