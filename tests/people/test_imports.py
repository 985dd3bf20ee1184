"""The commands that read files of sites, staff and absences."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.people.imported import as_csv, staff

pytestmark = pytest.mark.usefixtures("shipped_sites")


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
    for again in (False, True):
        for command in (
            ["import_network", "docs/examples/network.csv"],
            ["import_people", "docs/examples/people.csv"],
            ["import_people", "--absences", "docs/examples/absences.csv"],
            ["import_people", "--entitlements", "docs/examples/entitlements.csv"],
        ):
            out = io.StringIO()
            call_command(*command, "--commit", stdout=out)
            assert not again or re.search(r": 0 new, \d+ same, 0 changed,", out.getvalue()), command
