"""manage.py analyse_marks."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT
from tests.logbooks.osces.examples import OSCE


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("analyse_marks", str(OSCE), *arguments, stdout=out)
    return out.getvalue()


# No test here has the mark django_db, so one query would fail it.


def test_table_gives_the_figures_of_the_example() -> None:
    text = said("--borderline", "2", "--draws", "50", "--seed", "3")
    assert "7459/591" in text
    assert "cut + 1 SEM = 72.934545" in text
    assert "bootstrap, 50 draws, seed 3" in text


def test_json_gives_them_to_full_precision() -> None:
    found = json.loads(said("--borderline", "2", "--draws", "50", "--format", "json"))
    assert found["standard"]["cut"]["value"] == 68.89708485870428
    assert found["generalizability"]["coefficients"]["sizes"] == {"s": 6}


def test_group_and_sem_are_taken() -> None:
    found = json.loads(
        said("--borderline=2", "--draws=0", "--format=json", "--sem=1.5", "--group=examiner")
    )
    assert found["by"] == "examiner"
    assert found["at_marks"][1]["pass_mark"]["k"] == {"value": 1.5, "exact": "3/2"}


def test_same_seed_gives_the_same_text() -> None:
    asked = ("--borderline", "2", "--draws", "50")
    assert said(*asked) == said(*asked)
    assert said(*asked, "--seed", "2") != said(*asked)


def test_another_process_without_a_database_gives_them_too(tmp_path: Path) -> None:
    """The database that the environment names is not there."""
    done = subprocess.run(
        [sys.executable, "manage.py", "analyse_marks", str(OSCE), "--borderline=2", "--draws=9"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "school.settings.dev",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
            "PORTAL_VAR_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "cut 68.897085" in done.stdout


def test_file_that_is_wrong_is_not_analysed(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(OSCE.read_text().replace("C01,A,S1,E1A,20,16,4", "C01,A,S1,E1A,20,61,4"))
    with pytest.raises(CommandError, match=r"Nothing was analysed.\nRow 2, column “mark”"):
        call_command("analyse_marks", str(wrong), "--borderline", "2")
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("analyse_marks", str(tmp_path / "none.csv"), "--borderline", "2")
    wrong.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="This is a PDF document"):
        call_command("analyse_marks", str(wrong), "--borderline", "2")


@pytest.mark.parametrize("arguments", [(), ("--borderline=two",), ("--borderline=2", "--draws=-1")])
def test_wrong_options_are_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        said(*arguments)
