"""What a tutor fills in: interruptions, and the two days that a file or a whole record is asked for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from placements import tariff
from placements.forms.coordinator import YEARS, QuickSelect
from placements.forms.words import REASON_LENGTH, check_patients, digits_question
from placements.models import Cohort
from school.core import clock, patients
from school.core.asked_days import DaysForm
from school.core.forms import SchoolForm, SplitDateField


class InterruptForm(SchoolForm):
    """From when to when studies are interrupted, and why."""

    first = SplitDateField(label="First day", noun="the first day", help_text="On this day studies are interrupted already")  # fmt: skip
    last = SplitDateField(
        label="Last day",
        noun="the last day",
        required=False,
        help_text="Leave it empty if it is not known. Resuming gives it later.",
    )
    reason = forms.CharField(
        label="Why studies are interrupted",
        help_text="Kept in private beside the record: for the student, tutors, programme leads and coordinators. No details of an illness.",
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Enter why studies are interrupted"},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason_checked" in self.data:
            self._ask()

    def _ask(self) -> None:
        # Asked only of whoever has written digits that may be an NHS number.
        self.fields["reason_checked"] = digits_question()

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        check_patients(reason, answered="reason_checked" in self.data)
        return reason

    def clean(self) -> dict[str, Any]:
        if patients.WARNED in self.errors.get("reason", []):
            self._ask()
        return super().clean() or self.cleaned_data


class ResumeForm(SchoolForm):
    """The last day of an interruption."""

    last = SplitDateField(
        label="Last day of the interruption",
        noun="the last day of the interruption",
        help_text="Studies go on from the day after",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class MarksForm(DaysForm):
    """Which students a marks file is about, and the two days."""

    cohort = forms.ModelChoiceField(
        label="Cohort", queryset=Cohort.objects.none(), to_field_name="uuid", empty_label="Choose"
    )
    year = forms.TypedChoiceField(
        label="Stage",
        choices=[(str(year), f"Year {year}") for year in YEARS],
        coerce=int,
        initial="3",
        widget=QuickSelect,
    )
    field_order = ("cohort", "year", "as_of", "known_on")
    asks = ("cohort",)

    def __init__(
        self, data: Mapping[str, Any], *, cohorts: QuerySet[Cohort], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        chosen: Any = self.fields["cohort"]
        chosen.queryset = cohorts.select_related("programme")
        chosen.label_from_instance = lambda row: f"{row.name}, {row.programme.name}"


class TariffForm(SchoolForm):
    """The financial year that tariff weeks are asked for: this one, or one of the five before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = tariff.year_of(clock.today())
        self.fields["year"] = forms.TypedChoiceField(
            label="Financial year",
            choices=[(year, f"{year} to {year + 1}") for year in range(now, now - 6, -1)],
            coerce=int,
            widget=QuickSelect,
        )

    def year(self) -> int:
        """The year that was asked for; this one when none was, or none that can be read."""
        if self.is_bound and self.is_valid():
            return int(self.cleaned_data["year"])
        return tariff.year_of(clock.today())
