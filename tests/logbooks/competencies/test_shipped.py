"""What ships for the log book: the School's framework over the whole programme table, types of examination and tracers."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from logbooks.competencies import document as documents
from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies import shipped
from logbooks.competencies.models import (
    ExaminationType,
    Framework,
    FrameworkVersion,
    LogBookRules,
    RequiredCount,
    Tracer,
)
from logbooks.competencies.queries import version_of
from placements.models import StageTask
from school.core.errors import Conflict
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded() -> None:
    """What ships, beside the programme."""
    make.make_network()
    call_command("load_frameworks")


def test_every_line_of_the_programme_table_is_worked_out() -> None:
    version = FrameworkVersion.objects.get(framework__code="pet-ct")
    asked = set(version.competencies.values_list("year", "task"))
    assert asked == set(StageTask.objects.values_list("stage__year", "code"))
    assert 45 <= version.competencies.count() <= 70
    assert version.published_on == shipped.PUBLISHED_ON


def test_every_competency_says_its_source_and_level() -> None:
    version = FrameworkVersion.objects.get(framework__code="pet-ct")
    rows = version.competencies.select_related("level")
    assert not rows.filter(source="").exists()
    assert {(row.year, row.level and row.level.code) for row in rows} == {
        (1, "awareness"),
        (2, "application"),
        (3, "competency"),
    }


def test_rows_say_what_the_document_says() -> None:
    version = FrameworkVersion.objects.get(framework__code="pet-ct")
    document = queries.document_of(version)
    assert version.digest == documents.digest(document)
    assert queries.from_rows(version) == document
    assert queries.problems(document) == []


def test_year_3_asks_for_counts_by_type_and_role() -> None:
    rows = RequiredCount.objects.select_related("examination", "competency")
    assert {row.competency.year for row in rows} == {3}
    assert {
        (row.examination.code if row.examination else "any", row.role, row.number) for row in rows
    } == {
        ("any", "observed", 26),
        ("fdg-half-body", "observed", 16),
        ("fdg-half-body", "assisted", 12),
        ("fdg-half-body", "direct", 8),
        ("fdg-brain", "observed", 2),
        ("radiotherapy-planning", "observed", 2),
        ("radiotherapy-planning", "assisted", 1),
    }


def test_only_fdg_is_not_rare() -> None:
    assert dict(Tracer.objects.values_list("code", "rare")) == {
        "fdg": False,
        "choline": True,
        "fluoride": True,
        "florbetaben": True,
    }
    assert not ExaminationType.objects.filter(source="").exists()


def test_students_of_the_shipped_programme_work_towards_it() -> None:
    placement = make.make_placement()
    version = version_of(placement.enrolment)
    assert version is not None
    assert version.framework.code == "pet-ct"


def test_load_again_changes_nothing() -> None:
    before = [model.objects.count() for model in (FrameworkVersion, ExaminationType, Tracer)]
    call_command("load_frameworks")
    assert [
        model.objects.count() for model in (FrameworkVersion, ExaminationType, Tracer)
    ] == before


def test_rules_that_a_programme_has_stay() -> None:
    rules = LogBookRules.objects.get()
    other = Framework.objects.create(code="other", name="Other")
    rules.framework = other
    rules.save()
    shipped.load()
    assert LogBookRules.objects.get().framework == other


def test_each_examination_is_done_with_tracers_that_are_shipped() -> None:
    known = {row.code: row.rare for row in Tracer.objects.all()}
    done_with = {row.code: row.tracers.split() for row in ExaminationType.objects.all()}
    assert all(done_with.values())
    assert {code for codes in done_with.values() for code in codes} == set(known)
    for code, tracers in (
        ("amyloid-brain", ["florbetaben"]),
        ("choline-prostate", ["choline"]),
        ("fluoride-bone", ["fluoride"]),
    ):
        assert (done_with[code], known[tracers[0]]) == (tracers, True)


@pytest.mark.parametrize(
    ("name", "before", "after", "load"),
    [
        ("pet_ct_version_1.json", "Awareness", "Knowing", shipped.load_framework),
        ("tracers.csv", "(FDG),no", "(FDG),yes", shipped.load_tracers),
        ("examination_types.csv", "FDG brain", "Brain", shipped.load_examination_types),
        ("examination_types.csv", "florbetaben", "fdg", shipped.load_examination_types),
    ],
)
def test_file_that_says_otherwise_than_what_is_published_is_refused(
    tmp_path: Path, name: str, before: str, after: str, load: object
) -> None:
    text = (shipped.DATA / name).read_text(encoding="utf-8")
    file = tmp_path / name
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert callable(load)
    with pytest.raises(Conflict, match="published"):
        load(file)


def test_file_with_a_fault_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(Conflict, match=r"x\.json, the file"):
        shipped.read(file)


def test_command_says_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in shipped.DATA.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (tmp_path / "tracers.csv").read_text(encoding="utf-8")
    (tmp_path / "tracers.csv").write_text(text.replace("(FDG)", "FDG"), encoding="utf-8")
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    with pytest.raises(CommandError, match="put the row back"):
        call_command("load_frameworks")
