"""The forms that the portal ships: every item of the lists, and loading them as often as one likes."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from logbooks.competencies import shipped_assessments
from logbooks.competencies.assessing_queries import form_of, forms
from logbooks.competencies.models import AssessmentForm
from placements import reference
from school.core.errors import Conflict

pytestmark = pytest.mark.django_db

# The lists of the School, each word of them by the item that holds it.
HALF_BODY = {
    "referral", "equipment", "identity", "pregnancy", "breast_feeding", "consent", "diabetes",
    "glucose", "fasting", "height_weight", "communication", "dose_assayed", "label", "injection",
    "times_residual", "uptake", "comfort", "positioning", "ct_protocol", "pet_range", "image_check",
    "dose_recorded", "protection", "infection", "aftercare",
}  # fmt: skip
SYSTEM_QA = {
    "constancy", "daily_check", "ct_warm_up", "ct_number", "lasers", "uniformity", "registration",
    "normalisation", "acts", "recorded",
}  # fmt: skip


def test_both_forms_are_published_once() -> None:
    call_command("load_assessments")
    call_command("load_assessments")
    reference.forget()
    found = {row.code: form_of(row) for row in forms()}
    assert set(found) == {"half-body", "system-qa"}
    assert {item.code for item in found["half-body"].items} == HALF_BODY
    assert {item.code for item in found["system-qa"].items} == SYSTEM_QA
    assert all(item.source for form in found.values() for item in form.items)


def test_what_cannot_be_made_good_is_critical() -> None:
    shipped_assessments.load()
    critical = {
        row.code: {item.code for item in form_of(row).items if item.critical}
        for row in AssessmentForm.objects.all()
    }
    assert critical == {
        "half-body": {"referral", "identity", "pregnancy", "consent", "dose_assayed", "label"},
        "system-qa": {"constancy", "daily_check", "acts"},
    }


def test_published_form_never_changes(tmp_path: Path) -> None:
    shipped_assessments.load()
    text = (shipped_assessments.DATA / "assessment_system_qa.toml").read_text()
    file = tmp_path / "assessment_system_qa.toml"
    file.write_text(text.replace("Warms the tube up", "Warms up the tube"))
    with pytest.raises(Conflict, match="Published forms never change"):
        shipped_assessments.load(tmp_path)
    file.write_text(
        text.replace("Warms the tube up", "Warms up").replace("number = 1", "number = 2")
    )
    [made] = shipped_assessments.load(tmp_path)
    reference.forget()
    assert (made.code, made.number) == ("system-qa", 2)
    assert {row.code: row.number for row in forms()} == {"half-body": 1, "system-qa": 2}


def test_file_that_is_no_form_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "assessment_x.toml").write_text('code = "x"\n')
    monkeypatch.setattr(shipped_assessments.load, "__defaults__", (tmp_path,))
    with pytest.raises(CommandError, match=r"assessment_x\.toml: The form says nothing of number"):
        call_command("load_assessments")


def test_form_of_a_day_to_come_is_not_in_use(tmp_path: Path) -> None:
    text = (shipped_assessments.DATA / "assessment_system_qa.toml").read_text()
    (tmp_path / "assessment_y.toml").write_text(text.replace("2026-11-01", "2999-01-01"))
    shipped_assessments.load(tmp_path)
    reference.forget()
    assert forms() == []
