"""Dementia skills training as it ships: three tiers that stand on each other, the School's day, and the quiz."""

from datetime import date

import pytest
from django.core.management import call_command

from school.courses import queries, shipped
from school.courses.models import Answer, Course, CourseVersion, Equivalence, Module, Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> None:
    """What ships, in a database that had none of it."""
    call_command("load_courses")


def test_load_ships_three_tiers_and_the_skills_course(loaded: None) -> None:
    rows = Course.objects.order_by("code").values_list("code", "level")
    assert list(rows) == [
        ("dementia-skills", "introductory"),
        ("dementia-tier-1", "awareness"),
        ("dementia-tier-2", "intermediate"),
        ("dementia-tier-3", "advanced"),
    ]
    assert {tuple(course.labels.filter(kind="topic")) for course in Course.objects.all()} == {
        tuple(Course.objects.get(code="dementia-skills").labels.filter(slug="dementia"))
    }


def test_tiers_ask_for_the_one_before(loaded: None) -> None:
    asked = {
        (version.course.code, version.number): [
            row.course.code for row in version.prerequisites.all()
        ]
        for version in CourseVersion.objects.select_related("course")
    }
    assert asked == {
        ("dementia-tier-1", 1): [],
        ("dementia-tier-1", 2): [],
        ("dementia-tier-2", 1): ["dementia-tier-1"],
        ("dementia-tier-2", 2): ["dementia-tier-1"],
        ("dementia-tier-3", 1): ["dementia-tier-2"],
        ("dementia-tier-3", 2): ["dementia-tier-2"],
        ("dementia-skills", 1): [],
    }


def test_versions_follow_the_framework(loaded: None) -> None:
    tier = Course.objects.get(code="dementia-tier-1")
    taught = {day: queries.version_on(tier, day) for day in (date(2015, 10, 28), date(2015, 10, 29), date(2017, 12, 31), date(2018, 1, 1))}  # fmt: skip
    assert [version and version.number for version in taught.values()] == [None, 1, 1, 2]


def test_nothing_ships_that_nobody_printed(loaded: None) -> None:
    assert set(CourseVersion.objects.values_list("valid_months", flat=True)) == {None}
    assert not Equivalence.objects.exists()


def test_load_again_leaves_what_the_school_changed(loaded: None) -> None:
    course = Course.objects.get(code="dementia-skills")
    course.title = "Dementia: a day of practice"
    course.save()
    question = Question.objects.earliest("pk")
    question.retired = True
    question.save()
    before = (Course.objects.count(), CourseVersion.objects.count(), Question.objects.count())
    shipped.load()
    assert (
        Course.objects.count(),
        CourseVersion.objects.count(),
        Question.objects.count(),
    ) == before
    course.refresh_from_db()
    question.refresh_from_db()
    assert (course.title, question.retired) == ("Dementia: a day of practice", True)


def test_load_leaves_a_code_that_the_school_has_given_already() -> None:
    Course.objects.create(code="dementia-skills", title="Ours", summary="Ours.", level="advanced")
    shipped.load()
    assert Course.objects.get(code="dementia-skills").title == "Ours"
    assert Course.objects.count() == 4


def test_quiz_of_the_module_has_a_bank_to_draw_from(loaded: None) -> None:
    module = Module.objects.get()
    assert (module.version.course.code, module.version.number) == ("dementia-tier-1", 2)
    assert (module.asked, module.pass_percent, module.attempts) == (10, 80, None)
    assert module.questions.count() >= 2 * module.asked
    assert not module.questions.filter(feedback="").exists()
    assert not Answer.objects.filter(text__startswith=shipped.RIGHT).exists()
