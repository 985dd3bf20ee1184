"""Sites, staff and absences from files: each row's fate, and what is written."""

import csv
import io
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from school.core.errors import Conflict
from school.core.files import importing
from school.core.files.fates import Report
from school.core.models import PORTAL, LedgerEntry
from school.people.imports.absences import ABSENCES
from school.people.imports.entitlements import ENTITLEMENTS
from school.people.imports.sites import SITES
from school.people.imports.staff import STAFF
from school.people.models import (
    Absence,
    Entitlement,
    JobRole,
    Person,
    Post,
    PostTerm,
    ScannerTerm,
    Scope,
    Site,
    SiteCode,
)
from school.people.network import ensure_network
from school.people.shipped import FILE, load_sites

pytestmark = pytest.mark.django_db

Rows = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _network() -> None:
    ensure_network()
    load_sites()


def as_csv(rows: Rows, codec: str = "utf-8") -> bytes:
    head = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, head)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(codec)


def as_xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fates(report: Report) -> list[str]:
    return [str(report.fates[number]) for number in sorted(report.fates)]


def said(report: Report) -> list[str]:
    return [finding.sentence for finding in report.ordered_findings()]


def run(kind: importing.Kind, rows: Rows | bytes, **options: Any) -> Report:
    data = rows if isinstance(rows, bytes) else as_csv(rows)
    return importing.run(kind, data, "file.csv", by=PORTAL, **options)


def staff(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Amara Holt",
        "email": "amara.holt@hospital.example",
        "staff identifier": "20418833",
        "regulator": "HCPC",
        "registration number": "RA51234",
        "post": "P-1",
        "job role": "Senior radiographer",
        "staff group": "Allied health",
        "site": "Freeman Hospital",
        "wte": "0.8",
        "crew": "static",
        "line manager": "",
        "from": "2024-09-02",
        "to": "",
        "recorded on": "2024-08-20",
    } | changed


RHYS = staff(
    name="Rhys Pemberton",
    email="rhys@hospital.example",
    post="P-2",
    **{"staff identifier": "20411180", "registration number": "RA40221", "recorded on": ""},
)


# Sites


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


def test_whole_time_equivalent_may_be_in_percent() -> None:
    run(STAFF, [staff()], commit=True)
    assert fates(run(STAFF, [staff(wte="80%")])) == ["same"]


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


# Staff


@pytest.mark.engine
def test_staff_are_new_then_same_whatever_the_order_encoding_and_form() -> None:
    rows = [staff(), RHYS, staff(name="Zoë Ash", email="zoe@hospital.example", post="P-3", **{"staff identifier": "3", "registration number": "RA3"})]  # fmt: skip
    assert fates(run(STAFF, rows, commit=True)) == ["new"] * 3
    before = LedgerEntry.objects.count()
    shuffled = Random(1).sample(rows, 3)
    for data in (as_csv(shuffled), as_csv(rows, "utf-16"), as_csv(rows, "cp1252"), as_xlsx(rows)):
        assert fates(run(STAFF, data, commit=True)) == ["same"] * 3
    assert LedgerEntry.objects.count() == before
    assert Person.history.count() == 3


@pytest.mark.engine
def test_post_term_is_a_fact_that_keeps_the_source_s_day() -> None:
    run(STAFF, [staff(**{"line manager": "20411180"}), RHYS], commit=True)
    term = PostTerm.objects.get(post__reference="P-1")
    assert (term.whole_time_hundredths, term.crew, term.line_manager) == (80, "static", Person.objects.get(name="Rhys Pemberton"))  # fmt: skip
    assert (term.entry.about_from, term.entry.known_from, term.entry.imported) == (date(2024, 9, 2), date(2024, 8, 20), True)  # fmt: skip
    assert term.entry.book == term.post.person.book


@pytest.mark.engine
def test_records_that_an_import_wrote_are_verified() -> None:
    run(STAFF, [staff(**{"line manager": "20411180"}), RHYS], commit=True)
    run(STAFF, [staff(to="2026-06-30"), RHYS], commit=True)
    run(
        ABSENCES,
        [{"email": "rhys@hospital.example", "reason": "sick", "from": "2026-01-05"}],
        commit=True,
    )
    call_command("verify_records", stdout=io.StringIO())


@pytest.mark.engine
def test_changed_term_supersedes_and_changed_name_keeps_history() -> None:
    run(STAFF, [staff()], commit=True)
    assert fates(run(STAFF, [staff(name="Amara Bell", to="30-Jun-2026")], commit=True)) == [
        "changed"
    ]
    assert PostTerm.objects.count() == 2
    assert PostTerm.objects.standing().get().entry.about_to == date(2026, 6, 30)
    assert [row.name for row in Person.objects.get().history.all()] == ["Amara Bell", "Amara Holt"]


@pytest.mark.engine
def test_older_file_again_does_not_undo_what_was_recorded_later() -> None:
    """A history in two files: the post, and what was recorded later of its last day. Both again change nothing, in their order too."""
    first = [staff(to="", **{"recorded on": "2024-08-20"})]
    then = [
        staff(to="2026-06-30", **{"recorded on": "2026-07-10"}),
        staff(site="Poole Hospital", **{"from": "2026-07-01", "recorded on": "2026-07-10"}),
    ]
    assert fates(run(STAFF, first, commit=True)) == ["new"]
    assert fates(run(STAFF, then, commit=True)) == ["changed", "new"]
    for _ in range(2):
        assert fates(run(STAFF, first, commit=True)) == ["same"]
        assert fates(run(STAFF, then, commit=True)) == ["same", "same"]
    assert PostTerm.objects.count() == 3
    # Said anew on a later day it is a change like any other.
    again = [staff(to="", **{"recorded on": "2026-08-01"})]
    assert fates(run(STAFF, again)) == ["refused"]
    assert fates(run(STAFF, [staff(to="2026-06-29", **{"recorded on": "2024-08-20"})])) == ["changed"]  # fmt: skip


def test_empty_cells_about_a_person_change_nothing() -> None:
    run(STAFF, [staff()], commit=True)
    bare = staff(email="", regulator="", **{"registration number": ""})
    assert fates(run(STAFF, [bare], commit=True)) == ["same"]
    assert Person.objects.get().email == "amara.holt@hospital.example"


@pytest.mark.engine
def test_person_whose_identifiers_belong_to_two_waits() -> None:
    run(STAFF, [staff(), RHYS], commit=True)
    report = run(STAFF, [staff(email="rhys@hospital.example", post="", **{"job role": "", "staff group": "", "site": "", "from": "", "wte": "", "crew": ""})])  # fmt: skip
    assert said(report) == [
        "Row 2, column “name”, value “Amara Holt”: its identifiers belong to two people. "
        "Correct the identifiers here, or merge or correct the people held."
    ]


def test_email_of_somebody_with_another_staff_identifier_waits() -> None:
    run(STAFF, [staff(regulator="", **{"registration number": ""})], commit=True)
    other = staff(regulator="", **{"registration number": "", "staff identifier": "999"})
    assert fates(run(STAFF, [other])) == ["waits"]


def test_row_waits_for_a_line_manager_that_nobody_is_and_those_under_it_wait_too() -> None:
    report = run(
        STAFF, [staff(**{"line manager": "20411180"}), RHYS | {"line manager": "nobody@x.example"}]
    )
    assert fates(report) == ["waits", "waits"]
    assert Person.objects.count() == 0


def test_two_rows_of_one_person_that_contradict_are_both_refused() -> None:
    report = run(STAFF, [staff(), staff(name="Amara Hult", post="P-9")], commit=True)
    assert said(report) == [
        "Row 2, column “name”, value “Amara Holt”: row 3 is for the same person and says “Amara Hult”. "
        "Make the rows agree.",
        "Row 3, column “name”, value “Amara Hult”: row 2 is for the same person and says “Amara Holt”. "
        "Make the rows agree.",
    ]
    assert Person.objects.count() == 0


def test_duplicate_key_is_refused_for_both_rows() -> None:
    report = run(STAFF, [staff(), RHYS, staff(wte="1")])
    assert fates(report) == ["refused", "new", "refused"]
    assert said(report)[0] == (
        "Row 2, column “whole-time equivalent”, value “0.8”: row 4 is for the same post and day and says “1”. "
        "Keep one of the two rows."
    )


def test_two_posts_from_one_day_want_their_references() -> None:
    rows = [staff(post=""), staff(post="", site="Poole Hospital")]
    report = run(STAFF, rows, commit=True)
    assert fates(report) == ["refused"] * 2
    assert all(
        words.endswith("if they are two posts, give each its reference.") for words in said(report)
    )
    rows = [{**row, "post": post} for row, post in zip(rows, ("P-1", "P-2"), strict=True)]
    assert fates(run(STAFF, rows, commit=True)) == ["new"] * 2


def test_one_post_given_to_two_people_is_refused_for_both() -> None:
    assert (
        fates(run(STAFF, [staff(), RHYS | {"post": "P-1", "from": "2025-01-01"}]))
        == ["refused"] * 2
    )


@pytest.mark.engine
def test_terms_of_a_post_that_overlap_what_is_held_are_refused() -> None:
    run(STAFF, [staff()], commit=True)
    assert said(run(STAFF, [staff(**{"from": "2025-01-01"})])) == [
        "Row 2, column “from”, value “2025-01-01”: held is a term of this post from 2 September 2024 "
        "without a last day, which overlaps with this one. "
        "Give the earlier one its last day, in the same file if need be."
    ]
    both = [staff(to="2024-12-31"), staff(**{"from": "2025-01-01", "wte": "1"})]
    assert fates(run(STAFF, both, commit=True)) == ["changed", "new"]
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "column", "value", "reason"),
    [
        ({"from": "31/02/2026"}, "from", "31/02/2026", "there is no such day in the calendar"),
        ({"to": "2024-01-01"}, "to", "2024-01-01", "the last day lies before the first"),
        ({"site": "Freemann"}, "site", "Freemann", "there is no site of this name or code"),
        ({"email": "amara"}, "email", "amara", "this is no email address"),
        ({"wte": "37.5"}, "whole-time equivalent", "37.5", "this is between 0.01 and 1.5, with two decimals at most"),
        ({"crew": "float"}, "crew", "float", "this is none of “static”, “mobile”"),
        ({"recorded on": "2099-01-01"}, "recorded on", "2099-01-01", "nothing is recorded on a day to come"),
        ({"name": ""}, "name", "", "this is empty"),
        ({"staff group": ""}, "staff group", "", "a post needs its job role, staff group, site and first day"),
    ],
)  # fmt: skip
def test_bad_cell_is_refused_by_row_column_and_value(
    changed: dict[str, str], column: str, value: str, reason: str
) -> None:
    report = run(STAFF, [RHYS, staff(**changed)])
    [finding] = report.findings
    assert (finding.number, finding.column, finding.value, finding.reason) == (
        3,
        column,
        value,
        reason,
    )


@pytest.mark.engine
def test_commit_writes_nothing_while_a_row_is_refused() -> None:
    rows = [RHYS, staff(site="Nowhere")]
    assert not run(STAFF, rows, commit=True).written
    assert (Person.objects.count(), JobRole.objects.count()) == (0, 0)
    report = run(STAFF, rows, commit=True, without_refused=True)
    assert (report.written, fates(report)) == (True, ["new", "refused"])
    assert [person.name for person in Person.objects.all()] == ["Rhys Pemberton"]


def test_row_that_leans_on_a_refused_one_waits() -> None:
    rows = [staff(**{"line manager": "20411180"}), RHYS | {"site": "Nowhere"}]
    report = run(STAFF, rows, commit=True, without_refused=True)
    assert (fates(report), Person.objects.count()) == (["waits", "refused"], 0)


@pytest.mark.engine
def test_dry_run_writes_nothing() -> None:
    assert not run(STAFF, [staff()]).written
    assert (Person.objects.count(), LedgerEntry.objects.count()) == (0, 0)


@pytest.mark.engine
def test_records_that_changed_since_the_check_undo_the_whole_import(monkeypatch: Any) -> None:
    def meanwhile(doing: str, _done: int, _of: int) -> None:
        if doing == "Writing":
            run(STAFF, [staff()], commit=True)

    with pytest.raises(Conflict, match="Nothing was written"):
        run(STAFF, [RHYS, staff()], commit=True, progress=meanwhile)
    assert [person.name for person in Person.objects.all()] == ["Amara Holt"]


# Absences


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


# Entitlements


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


# Commands


def test_command_prints_the_report_and_fails_when_refused(tmp_path: Path) -> None:
    file, report = tmp_path / "staff.csv", tmp_path / "report.csv"
    file.write_bytes(as_csv([staff(site="Nowhere")]))
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_people", str(file), "--commit", "--report", str(report), stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().splitlines() == [
        "Staff and their posts: staff.csv",
        "Read as CSV in UTF-8, cells divided by commas.",
        "1 row: 0 new, 0 same, 0 changed, 0 waits, 1 refused.",
        "Refused. Row 2, column “site”, value “Nowhere”: there is no site of this name or code. "
        "Write the name as the list of sites has it, or import the site first.",
        "Nothing was written. Correct the rows that were refused, or write all others and leave those out.",
    ]
    assert list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))[2] == [
        "2", "refused", "site", "Nowhere", "there is no site of this name or code",
        "Write the name as the list of sites has it, or import the site first.",
    ]  # fmt: skip


def test_command_says_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("name,email\n")
    with pytest.raises(CommandError, match="The file has a header and no row below it"):
        call_command("import_people", str(file))
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_network", str(tmp_path / "none.csv"))


def test_example_files_are_new_then_same(tmp_path: Path) -> None:
    for _ in range(2):
        for command in (
            ["import_network", "docs/examples/network.csv"],
            ["import_people", "docs/examples/people.csv"],
            ["import_people", "--absences", "docs/examples/absences.csv"],
            ["import_people", "--entitlements", "docs/examples/entitlements.csv"],
        ):
            out = io.StringIO()
            call_command(*command, "--commit", stdout=out)
    assert "2 rows: 0 new, 2 same" in out.getvalue()
