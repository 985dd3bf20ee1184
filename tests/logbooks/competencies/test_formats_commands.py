"""Frameworks in and out by command: a dry run says everything and writes nothing."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies.document import bare
from logbooks.competencies.formats import FORMATS
from logbooks.competencies.models import Framework, FrameworkDraft, FrameworkVersion
from tests import factories as make
from tests.logbooks.competencies import planted

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> str:
    """What a command says."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def case_file(tmp_path: Path) -> str:
    """A CASE file with faults that can be repaired."""
    file = tmp_path / "framework.json"
    file.write_bytes(planted.as_bytes(planted.planted_case().came))
    return str(file)


def test_dry_run_says_every_repair_and_writes_nothing(case_file: str) -> None:
    said = told("import_framework", case_file, "--format", "case")
    assert "Repairs, made while reading (11):" in said
    assert "CFItems 164 (G7.7) [orphan]: It is said to be in" in said
    assert "Nuclear medicine standards (nuclear-medicine-standards): 13 groups, 300 competencies" in said  # fmt: skip
    assert said.endswith("Nothing was written. Add --commit to make it a draft.\n")
    assert not Framework.objects.exists()


def test_commit_makes_a_draft_that_nobody_wrote(case_file: str) -> None:
    said = told("import_framework", case_file, "--format", "case", "--commit")
    assert "A draft of Nuclear medicine standards was written." in said
    draft = FrameworkDraft.objects.get()
    assert draft.written_by is None
    assert len(queries.draft_document(draft).competencies) == 300
    with pytest.raises(CommandError, match="is open"):
        told("import_framework", case_file, "--format", "case", "--commit")


def test_refused_file_names_its_problems_and_writes_nothing(tmp_path: Path) -> None:
    package = planted.case_package()
    package["CFItems"].append(package["CFItems"][5])
    file = tmp_path / "twice.json"
    file.write_bytes(planted.as_bytes(package))
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_framework", str(file), "--format", "case", "--commit", stdout=out)
    assert "[duplicate-identifier]" in out.getvalue()
    assert not FrameworkDraft.objects.exists()


def test_file_that_counts_unknown_examinations_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "small.csv"
    file.write_text(
        "kind,code,in,title,counts,source\nframework,f,,F,,us\ngroup,A,,A,,\n"
        "competency,A1,A,Does it,\"2 of dancing, observed\",\n",
        encoding="utf-8",
    )  # fmt: skip
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_framework", str(file), "--format", "csv", "--commit", stdout=out)
    assert "[unknown-examination]" in out.getvalue()


def test_file_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="No such file"):
        told("import_framework", "/nowhere/at/all.json", "--format", "json")


@pytest.mark.parametrize("key", sorted(FORMATS))
def test_shipped_framework_goes_out_in_every_format_and_comes_back(
    tmp_path: Path, key: str
) -> None:
    make.make_network()
    call_command("load_frameworks")
    file = tmp_path / "out"
    said = told("export_framework", "pet-ct", "--format", key, "--output", str(file))
    assert ("Moodle has no column" in said) == (key == "moodle")
    reading = FORMATS[key].read(file.read_bytes())
    document = queries.document_of(FrameworkVersion.objects.get())
    assert reading.document is not None
    if key == "moodle":
        assert [part.title for part in reading.document.parts] == [
            part.title for part in document.parts
        ]
    else:
        assert bare(reading.document) == document


def test_export_to_standard_output_is_the_file_alone() -> None:
    make.make_network()
    call_command("load_frameworks")
    out = io.StringIO()
    call_command("export_framework", "pet-ct", "--format", "json", "--number", "1", stdout=out)
    assert json.loads(out.getvalue())["code"] == "pet-ct"


def test_export_of_what_is_not_there_says_what_is() -> None:
    Framework.objects.create(code="bare", name="Bare")
    with pytest.raises(CommandError, match="There are: bare"):
        told("export_framework", "none", "--format", "json")
    with pytest.raises(CommandError, match="no such published version"):
        told("export_framework", "bare", "--format", "json")
