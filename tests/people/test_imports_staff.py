"""Staff and their posts from files: each row’s fate, and what is written."""

import io
from datetime import date
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

from school.core.errors import Conflict
from school.core.models import LedgerEntry
from school.people.imports.absences import ABSENCES
from school.people.imports.staff import STAFF
from school.people.models import (
    JobRole,
    Person,
    Post,
    PostTerm,
)
from tests.people.imported import RHYS, as_csv, as_xlsx, fates, run, said, staff

pytestmark = pytest.mark.usefixtures("shipped_sites")


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
    out = io.StringIO()
    call_command("verify_records", stdout=out)
    assert "Every record is as it was written." in out.getvalue()


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


def test_whole_time_equivalent_may_be_in_percent() -> None:
    run(STAFF, [staff()], commit=True)
    assert fates(run(STAFF, [staff(wte="80%")])) == ["same"]
