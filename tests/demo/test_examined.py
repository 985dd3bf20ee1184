"""The demo's OSCE: stations with no problem, one exam with its timetable, and a draft to go on with."""

import pytest

from logbooks.osces.day import asking
from logbooks.osces.day.queries import announced_of
from logbooks.osces.exams import blueprint, queries
from logbooks.osces.models import Exam, StationVersion
from logbooks.osces.stations import document as documents
from school.core import registries
from school.demo import builder

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


def test_one_exam_is_frozen_and_one_is_a_draft(demo: builder.Build) -> None:
    frozen = Exam.objects.get(state=Exam.State.FROZEN)
    assert (frozen.title, frozen.places.count()) == ("Year 3 OSCE", 8)
    assert frozen.frozen.entry.actor == demo.personas["school_educator_2"].uuid
    draft = Exam.objects.get(state=Exam.State.DRAFT)
    assert queries.problems(queries.designed(draft)) == []


def test_frozen_exam_has_a_timetable_for_the_third_year(demo: builder.Build) -> None:
    exam = Exam.objects.get(state=Exam.State.FROZEN)
    said = announced_of(exam)
    assert said
    written = asking.written(exam)
    assert (written.problems, written.asked) == ([], said.exam)
    assert len(written.candidates) == 20
    student = next(one for one in written.candidates if one.extra)
    assert student.enrolment.person == demo.personas["student"]
    assert said.first(student.uuid)


def test_blueprint_of_the_frozen_exam_has_gaps_and_no_unknown_code(demo: builder.Build) -> None:
    design = queries.designed(Exam.objects.get(state=Exam.State.FROZEN))
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
