"""The catalogue from a file: new courses with their version, and nothing that is known changed by it."""

import io
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from school.core.errors import Conflict
from school.core.files.rows import Numbered
from school.courses.imports.courses import CourseRow, plan
from school.courses.models import Course, CourseVersion
from tests import factories as make

pytestmark = pytest.mark.django_db
EXAMPLE = Path("docs/examples/courses.csv")


def load(path: Path, *options: str) -> str:
    """What the command says, refused rows or none."""
    said = io.StringIO()
    with suppress(SystemExit):
        call_command("import_courses", str(path), *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "courses.csv"


def test_example_makes_courses_once() -> None:
    assert "2 new" in load(EXAMPLE)
    assert not Course.objects.filter(code="fire-safety").exists()
    load(EXAMPLE, "--commit")
    fire = CourseVersion.objects.get(course__code="fire-safety")
    assert (fire.course.title, fire.published_on, fire.credit_minutes) == ("Fire safety", date(2012, 1, 1), 45)  # fmt: skip
    other = Course.objects.get(code="radiation-safety")
    assert (other.summary, other.level) == ("Radiation safety", Course.Level.INTERMEDIATE)
    assert "2 same" in load(EXAMPLE, "--commit")
    assert CourseVersion.objects.filter(course__code="fire-safety").count() == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("fire,Water,2012-01-01", "the course of this code is called “Fire”"),
        ("FIRE,Water,2012-01-01", "the course of this code is called “Fire”"),
        ("water,fire,2012-01-01", "a course of this title has the code “fire”"),
        ("fire safety,Water,2012-01-01", "use letters, digits"),
        ("water,Water,31/02/2012", "31/02/2012"),
    ],
)
def test_what_contradicts_the_catalogue_is_left_out(file: Path, row: str, said: str) -> None:
    Course.objects.create(code="fire", title="Fire", summary="A course", level="awareness")
    before = Course.objects.count()
    file.write_text(f"code,title,taught from\n{row}\n", encoding="utf-8")
    assert said in load(file, "--commit")
    assert Course.objects.count() == before


def test_two_rows_of_one_code_are_refused(file: Path) -> None:
    file.write_text("code,title,taught from\na,A,2012-01-01\nA,B,2012-01-01\n", encoding="utf-8")
    assert "row 3 is for the same code" in load(file, "--commit")
    assert not Course.objects.filter(code__iexact="a").exists()


def test_what_somebody_else_made_meanwhile_stays() -> None:
    row = CourseRow.model_validate({"code": "fire", "title": "Fire", "taught_from": "2012-01-01"})
    person = make.make_person()
    write = plan([Numbered(2, row)], None, person.uuid).ready(person.uuid)
    Course.objects.create(code="fire", title="Fire here", summary="S", level="awareness")
    with pytest.raises(Conflict, match="while the file was being checked"):
        write()
    assert Course.objects.get(code="fire").title == "Fire here"
