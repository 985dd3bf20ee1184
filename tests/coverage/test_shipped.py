"""The drafts that ship: each once, none where the School asks it already, and nothing of them is asked."""

from datetime import date

import pytest

from school.courses import shipped as courses
from school.coverage import shipped
from school.coverage.actions.drafting import missing_courses
from school.coverage.models import RequirementDraft, RequirementVersion
from tests.coverage.making import Staff

pytestmark = pytest.mark.django_db


def test_drafts_are_loaded_once_and_stay_the_schools() -> None:
    Staff().ask("resuscitation", ["A"], date(2026, 1, 1))
    shipped.load()
    drafts = {one.code: one for one in RequirementDraft.objects.all()}
    assert (len(drafts), "resuscitation" in drafts) == (18, False)
    drafts["fire-safety"].delete()
    edited = drafts["equality-diversity"]
    edited.active_months = 48
    edited.save()
    shipped.load()
    assert RequirementDraft.objects.count() == 17
    assert RequirementDraft.objects.get(code="equality-diversity").active_months == 48
    assert RequirementVersion.objects.count() == 1


def test_periods_are_those_that_were_found() -> None:
    shipped.load()
    found = {one.code: one for one in RequirementDraft.objects.all()}
    assert {code: one.active_months for code, one in found.items() if one.active_months} == {
        "conflict-resolution": 36,
        "equality-diversity": 36,
        "fire-safety": 24,
        "health-safety-welfare": 36,
        "infection-prevention-1": 36,
        "infection-prevention-2": 12,
        "safeguarding-adults": 36,
        "safeguarding-children": 36,
    }
    once = {code for code, one in found.items() if one.decided and not one.active_months}
    assert once == {"local-induction"}
    assert all(one.source for one in found.values())
    assert {code for code, one in found.items() if one.radiation} == {
        "irmer-radiation",
        "irmer-nuclear-medicine",
        "irmer-diagnostic-radiology",
    }


def test_courses_of_dementia_are_there_and_others_are_named_as_missing() -> None:
    courses.load()
    shipped.load()
    missing = {one.code for one in RequirementDraft.objects.all() if missing_courses(one)}
    assert {one.code for one in RequirementDraft.objects.all()} - missing == {
        "dementia-awareness",
        "dementia-contact",
        "dementia-leading",
    }
