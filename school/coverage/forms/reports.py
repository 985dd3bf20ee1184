"""What somebody fills in to draft a report, to send it, to take it back and to repeat it; and which days are compared."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from school.core import clock, days, patients
from school.core.asked_days import DaysForm
from school.core.forms import SchoolForm, SplitDateField
from school.coverage.models import Report, Requirement
from school.people.models import Person, Site


class StepForm(SchoolForm):
    """An act that needs no words: only the UUID that makes a retry the same act."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


class ReportForm(StepForm):
    """A report: what it is called, for whom, of which days, and what is in it."""

    title = forms.CharField(label="Title", max_length=120)
    for_whom = forms.CharField(
        label="For whom", max_length=200, help_text="For example, the commissioners"
    )
    as_of = SplitDateField(label="As of", noun="the day it is of")
    known_on = SplitDateField(
        label="As it was known on",
        noun="the day of knowledge",
        help_text="Today, or an earlier day: what was recorded later is left out",
    )
    audience = forms.ChoiceField(
        label="Where it goes",
        choices=Report.Audience.choices,
        widget=forms.RadioSelect,
        help_text="Outside the School small numbers are hidden",
    )
    grouped_by = forms.ChoiceField(
        label="Figures by",
        choices=Report.By.choices,
        widget=forms.RadioSelect,
        help_text="By region less is hidden than by site",
    )
    policy = forms.ChoiceField(
        label="Figure",
        choices=[
            ("adjusted", "Adjusted: without exempt, starters in grace and the long absent"),
            ("headcount", "Headcount: everybody of whom it is asked"),
        ],
        widget=forms.RadioSelect,
    )
    requirements = forms.ModelMultipleChoiceField(
        label="Only these requirements",
        queryset=Requirement.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="All when none is ticked",
    )
    sites = forms.ModelMultipleChoiceField(
        label="Only these sites",
        queryset=Site.objects.none(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="The whole network when none is ticked",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirements"].queryset = Requirement.objects.all()  # type: ignore[attr-defined]
        self.fields["sites"].queryset = Site.objects.order_by("name")  # type: ignore[attr-defined]


class SendForm(StepForm):
    """To whom a publication goes: a person of the portal, or an address outside."""

    person = forms.ModelChoiceField(
        label="A person of the portal",
        queryset=Person.objects.none(),
        to_field_name="uuid",
        empty_label="Nobody",
        required=False,
        help_text="Those who may see it. They get a link to its page",
    )
    address = forms.EmailField(
        label="Or an email address outside",
        required=False,
        help_text="It gets the totals, and the code by which the report is checked",
    )

    def __init__(self, *args: Any, readers: QuerySet[Person], outside: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = readers.order_by("name")  # type: ignore[attr-defined]
        if not outside:
            del self.fields["address"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        return {"address": "", **found}


class WithdrawForm(StepForm):
    """Why a publication is taken back."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever may see the report reads it. Nothing that points to a patient",
    )

    def clean_reason(self) -> str:
        words: str = self.cleaned_data["reason"]
        if any(found.refused for found in patients.nhs_numbers(words)):
            raise forms.ValidationError(patients.REFUSED)
        return words


class ScheduleForm(SchoolForm):
    """On which day of the month a report is published again, and who gets it."""

    day_of_month = forms.IntegerField(
        label="Day of the month",
        min_value=1,
        max_value=28,
        help_text="1 to 28. It is of the last day of the month before",
    )
    recipients = forms.ModelMultipleChoiceField(
        label="Who gets it",
        queryset=Person.objects.none(),
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who gets it"},
    )
    active = forms.BooleanField(label="Publish it each month", required=False)

    def __init__(self, *args: Any, readers: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"].queryset = readers.order_by("name")  # type: ignore[attr-defined]


class ChangesForm(DaysForm):
    """Two questions: a day and its day of knowledge, and the earlier ones that it is compared with."""

    since = SplitDateField(label="Compared with", noun="the earlier day", required=False)
    since_known_on = SplitDateField(
        label="As that was known on", noun="its day of knowledge", required=False
    )
    requirement = forms.ModelChoiceField(
        label="Requirement",
        queryset=Requirement.objects.none(),
        to_field_name="code",
        empty_label="All",
        required=False,
    )
    asks: ClassVar[tuple[str, ...]] = (
        *DaysForm.asks,
        "since",
        "since_day",
        "since_known_on",
        "since_known_on_day",
        "requirement",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].queryset = Requirement.objects.all()  # type: ignore[attr-defined]
        self.initial = {**self.initial, "since": month_before(), "since_known_on": month_before()}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        today = clock.today()
        found["as_of"] = found.get("as_of") or today
        found["known_on"] = found.get("known_on") or today
        found["since"] = found.get("since") or month_before()
        found["since_known_on"] = found.get("since_known_on") or min(
            found["since"], found["known_on"]
        )
        if found["since"] > found["as_of"]:
            self.add_error("since", "Compare with the same day or an earlier one.")
        if found["since_known_on"] > found["known_on"]:
            self.add_error("since_known_on", "That day of knowledge lies after the other one.")
        return found


def month_before() -> date:
    """The last day of the month before this one."""
    return clock.today().replace(day=1) - days.DAY
