"""The demo's OSCEs: stations with no problem, three exams with their timetables, and a draft to go on with."""

import pytest

from logbooks.osces.day import asking
from logbooks.osces.day.queries import announced_of
from logbooks.osces.exams import blueprint, queries
from logbooks.osces.models import Exam, StationVersion
from logbooks.osces.stations import document as documents
from school.core import registries
from school.demo import builder
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def test_six_stations_are_published_by_two_educators(demo: builder.Build) -> None:
    versions = StationVersion.objects.all()
    both = {demo.personas["school_educator"], demo.personas["school_educator_2"]}
    assert versions.count() == 6
    assert {version.written_by for version in versions} == both
    for version in versions:
        document = documents.from_canonical(version.document)
        assert 6 <= len(document.items) <= 10
        assert document.competencies


def exam_of(title: str) -> Exam:
    return Exam.objects.select_related("frozen").get(title=title)


def test_three_exams_are_frozen_and_one_is_a_draft(demo: builder.Build) -> None:
    frozen = Exam.objects.filter(state=Exam.State.FROZEN).order_by("day")
    assert [(one.title, (one.day - TODAY).days, one.places.count()) for one in frozen] == [
        ("Year 3 OSCE, first sitting", -42, 8),
        ("Year 2 OSCE", 0, 8),
        ("Year 3 OSCE", 35, 8),
    ]
    owen = demo.personas["school_educator_2"]
    assert {one.frozen.entry.actor for one in frozen} == {owen.uuid}
    draft = Exam.objects.get(state=Exam.State.DRAFT)
    assert queries.problems(queries.designed(draft)) == []


@pytest.mark.parametrize("title", ["Year 3 OSCE, first sitting", "Year 2 OSCE", "Year 3 OSCE"])
def test_frozen_exam_has_a_timetable_for_a_whole_year(demo: builder.Build, title: str) -> None:
    exam = exam_of(title)
    said = announced_of(exam)
    assert said
    written = asking.written(exam)
    assert (written.problems, written.asked) == ([], said.exam)
    key = "student_2" if title == "Year 2 OSCE" else "student"
    student = next(one for one in written.candidates if one.enrolment.person == demo.personas[key])
    assert (len(written.candidates), bool(student.extra)) == (20, key == "student")
    assert said.first(student.uuid)


def test_blueprint_of_the_frozen_exam_has_gaps_and_no_unknown_code(demo: builder.Build) -> None:
    design = queries.designed(exam_of("Year 3 OSCE"))
    published = queries.published(design.versions)
    stations = [published[uuid].document for uuid in design.versions]
    competencies = registries.competencies()
    covered = blueprint.covered(stations, competencies, design.framework)
    assert len(covered) > 20
    assert all(one.title for one in covered)
    assert len(blueprint.gaps(stations, competencies, design.framework)) > 10
    assert {one.domain for one in blueprint.marks(stations)} == {
        "Safety", "Communication", "Technique", "Judgement",
    }  # fmt: skip
