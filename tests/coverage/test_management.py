"""A history loaded and asked about from the command line alone."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from school.core import clock
from school.core.errors import Conflict
from school.core.files import reading, rows
from school.core.models import PORTAL
from school.courses.shipped import load as load_courses
from school.coverage.imports.requirements import RequirementRow, plan
from school.coverage.models import Requirement, RequirementVersion, Satisfied
from tests.coverage.making import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
HEAD = "code,name,whom,courses,months,grace days,source,from,to,recorded on\n"
FIRE = "fire,Fire safety,role=radiographer,Fire,12,30,Policy 14,2020-01-01,,2020-01-01\n"


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    for name, site in (("a", "North"), ("b", "North"), ("c", "South")):
        made.term(name, site, "Radiographer", date(2020, 1, 1))
    made.course("Fire")
    made.attain("a", "Fire", date(2021, 6, 1))
    made.attain("b", "Fire", date(2021, 6, 1), known=date(2022, 2, 1))
    return made


def load(folder: Path, text: str, *options: str) -> str:
    """What the import says of a file."""
    file, said = folder / "requirements.csv", io.StringIO()
    file.write_text(text, encoding="utf-8")
    call_command("import_requirements", str(file), *options, stdout=said)
    return said.getvalue()


def asked(**options: Any) -> Any:
    """What the command answers as JSON."""
    said = io.StringIO()
    call_command("coverage", format="json", stdout=said, **options)
    return json.loads(said.getvalue())


def test_history_is_asked_about_as_of_and_as_known_on_a_day(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, HEAD + FIRE, "--commit")
    then = {"as_of": date(2021, 12, 31), "by": "site"}
    found = {
        (day, row["group"]): (row["numerator"], row["denominator"], row["percent"])
        for day in (date(2021, 12, 31), date(2022, 2, 1))
        for row in asked(**then, known_on=day)["rows"]
    }
    assert found == {
        (date(2021, 12, 31), "Site North"): (1, 2, "50.0"),
        (date(2021, 12, 31), "Site South"): (0, 1, "0.0"),
        (date(2022, 2, 1), "Site North"): (2, 2, "100.0"),
        (date(2022, 2, 1), "Site South"): (0, 1, "0.0"),
    }
    assert "28 days" in " ".join(asked(**then)["conventions"])


def test_csv_says_both_figures(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, HEAD + FIRE, "--commit")
    staff.away("c", date(2021, 1, 1))
    said = io.StringIO()
    call_command("coverage", as_of=date(2021, 12, 31), stdout=said)
    [row] = csv.DictReader(io.StringIO(said.getvalue()))
    assert (row["as_of"], row["known_on"]) == ("2021-12-31", clock.today().isoformat())
    assert (row["adjusted"], row["adjusted_of"], row["headcount"], row["headcount_of"]) == (
        "2",
        "2",
        "2",
        "3",
    )


def test_csv_holds_nothing_that_a_spreadsheet_would_run(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, HEAD + FIRE, "--commit")
    site = staff.site("South")
    site.name = "=1+1"
    site.save()
    said = io.StringIO()
    call_command("coverage", as_of=date(2021, 12, 31), by="site", stdout=said)
    assert [line.split(",")[0] for line in said.getvalue().splitlines()] == [
        "group",
        "'=1+1",
        "Site North",
    ]


def test_a_day_that_is_none_is_told_how_to_be_written() -> None:
    with pytest.raises(CommandError, match=r"“31/12/2016” is no day: write it as 2016-12-31\."):
        call_command("coverage", "--as-of", "31/12/2016")


def test_the_same_file_again_changes_nothing_and_a_correction_stays_on_record(
    staff: Staff, tmp_path: Path
) -> None:
    assert "1 new" in load(tmp_path, HEAD + FIRE, "--commit")
    assert "1 same" in load(tmp_path, HEAD + FIRE, "--commit")
    assert "1 changed" in load(tmp_path, HEAD + FIRE.replace(",12,", ",24,"), "--commit")
    assert RequirementVersion.objects.count() == 2
    [standing] = RequirementVersion.objects.standing()
    assert (standing.active_months, standing.whom) == (24, "role=radiographer")


def test_another_name_makes_no_version_and_the_file_settles(staff: Staff, tmp_path: Path) -> None:
    later = FIRE.replace("2020-01-01,,2020-01-01", "2021-01-01,,2021-01-01")
    load(tmp_path, HEAD + FIRE + later, "--commit")
    named = (HEAD + FIRE + later).replace("Fire safety", "Fire drill")
    assert "2 changed" in load(tmp_path, named, "--commit")
    assert "2 same" in load(tmp_path, named, "--commit")
    assert Requirement.objects.get().name == "Fire drill"
    assert RequirementVersion.objects.count() == 2


def test_one_code_has_one_name_in_a_file(
    staff: Staff, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = FIRE.replace("2020-01-01,,", "2021-01-01,,").replace("Fire safety", "Fire drill")
    file = tmp_path / "requirements.csv"
    file.write_text(HEAD + FIRE + later, encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("import_requirements", str(file), "--commit")
    assert "row 3 is for the same code and says “Fire drill”" in capsys.readouterr().out
    assert not RequirementVersion.objects.exists()


@pytest.mark.parametrize("first", ["", FIRE])
def test_what_moved_since_the_check_is_not_written_over(
    staff: Staff, tmp_path: Path, first: str
) -> None:
    if first:
        load(tmp_path, HEAD + first, "--commit")
    [row], _ = rows.check(
        RequirementRow,
        reading.read(
            (HEAD + FIRE.replace(",12,", ",24,")).encode(), rows.columns(RequirementRow)
        ).rows,
    )
    write = plan([row], None, PORTAL).ready(PORTAL)
    load(tmp_path, HEAD + FIRE.replace(",12,", ",6,"), "--commit")
    with pytest.raises(Conflict, match="while the file was being checked"), transaction.atomic():
        write()
    assert [one.active_months for one in RequirementVersion.objects.standing()] == [6]


def test_whole_history_is_loaded_from_the_command_line(tmp_path: Path) -> None:
    """Posts, an absence, an exemption, attainments of the days they were recorded, and a void: no page, no row by hand."""
    Staff().site("North")
    files = {
        "courses": "code,title,taught from\nfire,Fire,2010-01-01\n",
        "people": "name,email,post,job role,staff group,site,from,recorded on\n"
        + "".join(f"{name},{name}@x.example,P-{name},Radiographer,AHP,Site North,2020-01-01,2020-01-01\n" for name in "abcd"),
        "absences": "email,reason,from,recorded on\nc@x.example,sick,2021-01-01,2021-01-01\n",
        "requirements": HEAD + FIRE,
        "exemptions": "email,requirement,reason,from,to,recorded on\nd@x.example,fire,Elsewhere,2021-01-01,2022-12-31,2021-01-01\n",
        "attainments": "email,course,completed on,recorded on,voided on\n"
        "a@x.example,Fire,2021-06-01,2021-06-02,\nb@x.example,Fire,2021-06-01,2021-06-02,2022-02-01\n",
    }  # fmt: skip
    paths = {name: tmp_path / f"{name}.csv" for name in files}
    for name, text in files.items():
        paths[name].write_text(text, encoding="utf-8")
    said = io.StringIO()
    at = {name: str(path) for name, path in paths.items()}
    call_command("import_people", at["people"], "--absences", at["absences"], "--commit", stdout=said)  # fmt: skip
    call_command("import_courses", at["courses"], "--commit", stdout=said)
    call_command("import_requirements", at["requirements"], "--exemptions", at["exemptions"], "--commit", stdout=said)  # fmt: skip
    call_command("import_attainments", at["attainments"], "--source", "ESR", "--commit", stdout=said)  # fmt: skip
    found = {
        day: (row["adjusted"], row["adjusted_of"], row["headcount"], row["headcount_of"])
        for day in (date(2022, 1, 31), date(2022, 2, 1))
        for row in asked(as_of=date(2021, 12, 31), known_on=day)["rows"]
    }
    assert found == {date(2022, 1, 31): (2, 2, 2, 4), date(2022, 2, 1): (1, 2, 1, 4)}


def test_code_is_the_same_whatever_its_case(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, HEAD + FIRE, "--commit")
    assert "1 same" in load(tmp_path, HEAD + FIRE.replace("fire,", "FIRE,"), "--commit")
    load(tmp_path, HEAD + FIRE.replace("fire,", "Fire,").replace("2020", "2021"), "--commit")
    [fire] = Requirement.objects.all()
    assert (fire.code, fire.versions.count()) == ("fire", 2)


def test_older_file_again_does_not_undo_what_was_recorded_later(
    staff: Staff, tmp_path: Path
) -> None:
    corrected = FIRE.replace(",12,", ",24,").replace(",2020-01-01\n", ",2021-03-01\n")
    assert "1 new" in load(tmp_path, HEAD + FIRE, "--commit")
    assert "1 changed" in load(tmp_path, HEAD + corrected, "--commit")
    for text in (FIRE, corrected):
        assert "1 same" in load(tmp_path, HEAD + text, "--commit")
    assert RequirementVersion.objects.count() == 2


def test_dry_run_writes_nothing(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, HEAD + FIRE)
    assert not RequirementVersion.objects.exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (FIRE.replace("role=radiographer", "role=plumber"), "no role is known as “plumber”"),
        (FIRE.replace("role=", "grade="), "“grade=radiographer” is none of “role=…”"),
        (
            FIRE.replace("role=radiographer", "site=site north;site=site north"),
            "names two of site: divide them by a bar",
        ),
        (FIRE.replace(",Fire,", ",Water,"), "no course is known as “Water”"),
    ],
)
def test_what_nobody_knows_waits(staff: Staff, tmp_path: Path, row: str, said: str) -> None:
    assert said in load(tmp_path, HEAD + row, "--commit")
    assert not RequirementVersion.objects.exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (FIRE.replace("2020-01-01,,", "2020-01-01,2019-12-31,"), "the last day lies before"),
        (FIRE.replace(",12,", ",0,"), "leave it empty when it satisfies for ever"),
        (FIRE.replace("fire,F", ",F"), "this is empty"),
        # A period that leads out of the calendar would stop every page that works out its end.
        (FIRE.replace(",12,", ",200000,"), "it must be from 0 to 240"),
        (FIRE.replace(",12,", ",-12,"), "it must be from 0 to 240"),
        (FIRE.replace(",30,", ",9999999,"), "it must be from 0 to 1000"),
    ],
)
def test_what_cannot_be_is_refused(
    staff: Staff, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    file = tmp_path / "requirements.csv"
    file.write_text(HEAD + row, encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("import_requirements", str(file), "--commit")
    assert said in capsys.readouterr().out


def test_unknown_requirement_is_told_with_those_there_are(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, HEAD + FIRE, "--commit")
    with pytest.raises(CommandError, match=r"“water”\. There are: fire\."):
        call_command("coverage", requirement=["water"])


def test_rebuilding_says_what_differed(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, HEAD + FIRE, "--commit")
    asked()
    call_command("rebuild_coverage", stdout=io.StringIO())
    Satisfied.objects.all()[0].delete()
    with pytest.raises(CommandError, match="differed"):
        call_command("rebuild_coverage", stdout=io.StringIO())
    call_command("rebuild_coverage", stdout=io.StringIO())


def test_example_is_new_then_same(staff: Staff) -> None:
    load_courses()
    example = settings.BASE_DIR / "docs" / "examples" / "requirements.csv"
    for fate in ("2 new", "2 same"):
        said = io.StringIO()
        call_command("import_requirements", str(example), "--commit", stdout=said)
        assert fate in said.getvalue()


def test_file_says_which_requirement_is_of_radiation_without_a_new_version(
    staff: Staff, tmp_path: Path
) -> None:
    load(tmp_path, HEAD + FIRE, "--commit")
    assert not Requirement.objects.get().radiation
    load(tmp_path, HEAD.replace("\n", ",IR(ME)R\n") + FIRE.replace("\n", ",yes\n"), "--commit")
    assert Requirement.objects.get().radiation
    load(tmp_path, HEAD + FIRE.replace("Fire safety", "Fires"), "--commit")
    assert (Requirement.objects.get().name, Requirement.objects.get().radiation) == ("Fires", True)
    load(tmp_path, HEAD.replace("\n", ",radiation\n") + FIRE.replace("\n", ",no\n"), "--commit")
    assert not Requirement.objects.get().radiation
    assert RequirementVersion.objects.count() == 1
