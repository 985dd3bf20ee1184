"""What figures and lists of people are narrowed to, and what a token for another system is for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from school.core import clock
from school.core.asked_days import DaysForm
from school.core.forms import SchoolForm, SplitDateField
from school.courses.models import Course
from school.coverage.listed import LOOKS
from school.coverage.models import ApiToken, RequirementVersion
from school.coverage.states import State
from school.people.models import Site

# Whom the adjusted figure leaves out though they are in none of the states for it.
AWAY = "away"
BEHIND = "behind"


# By what people are counted, each of school.coverage.states.GROUPS in words.
LABELS = {
    "site": "Site",
    "region": "Region",
    "job_role": "Role",
    "staff_group": "Staff group",
    "crew": "Crew",
    "organisation": "Organisation",
}


class ListForm(SchoolForm):
    """Which people are listed: for what, where, and in which state."""

    requirement = forms.ChoiceField(label="Requirement", required=False)
    site = forms.ChoiceField(label="Site", required=False)
    state = forms.ChoiceField(label="State", required=False)

    def __init__(
        self, data: Any, *, versions: Iterable[RequirementVersion], sites: Iterable[Site]
    ) -> None:
        super().__init__(data)
        required = [(v.requirement.code, v.requirement.name) for v in versions]
        states = [(state.value, LOOKS[state][1]) for state in State]
        choices = {
            "requirement": [("", "All"), *required],
            "site": [("", "All"), *((site.slug, site.name) for site in sites)],
            "state": [("", "All"), (BEHIND, "Lapsed or missing"), *states, (AWAY, "Away for long")],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """What was chosen; nothing when it cannot be."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class TokenForm(SchoolForm):
    """A token for another system: which, how much it reads and until when."""

    nouns: ClassVar[Mapping[str, str]] = {"name": "which system uses it", "scope": "what it may read"}  # fmt: skip

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Which system uses it",
        help_text="For example, the dashboard of the workforce team",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        label="What it may read",
        help_text="Never more than you see yourself on that day",
        widget=forms.RadioSelect,
        choices=ApiToken.Scope.choices,
    )
    expires_on = SplitDateField(
        label="Last day",
        noun="the last day",
        help_text="At most a year ahead. You can end it before",
    )


class ByForm(DaysForm):
    """The two days, and by what people are counted."""

    by = forms.ChoiceField(label="Counted by", choices=list(LABELS.items()), required=False)
    field_order = ("by", "as_of", "known_on")
    asks = (*DaysForm.asks, "by")

    def group(self) -> str:
        """The column asked for; sites unless another is."""
        asked = self.cleaned_data.get("by") if self.is_bound and self.is_valid() else ""
        return asked or "site"


class AttendedForm(SchoolForm):
    """A course, a window, and as it was known on which day."""

    course = forms.ModelChoiceField(
        label="Course",
        queryset=Course.objects.order_by("title"),
        to_field_name="code",
        empty_label="Choose",
        error_messages={"required": "Choose the course that was attended"},
    )
    first = SplitDateField(label="From", noun="the first day of the window")
    last = SplitDateField(label="To", noun="the last day of the window")
    known_on = SplitDateField(label="As it was known on", noun="as it was known on", required=False)
    by = forms.ChoiceField(label="Counted by", choices=list(LABELS.items()), required=False)
    field_order = ("course", "first", "last", "known_on", "by")

    def __init__(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(data or None, **kwargs)

    def clean_known_on(self) -> date:
        day: date = self.cleaned_data["known_on"] or clock.today()
        if day > clock.today():
            raise forms.ValidationError("Nothing is known from the future. Enter today or earlier.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day of the window must be the first day or later")
        return data
