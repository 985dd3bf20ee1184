"""Forms of mobile units and of a scanner that becomes static."""

from typing import Any

from django import forms

from school.core.forms import SchoolForm, SplitDateField
from school.people.models import MobileUnit


class DaysForm(SchoolForm):
    """From when to when a unit stands at a site."""

    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(label="Last day", noun="the last day", help_text="It still counts")


class StayForm(DaysForm):
    """A unit at a site: one that is known, or a new one by its name."""

    unit = forms.ModelChoiceField(
        label="Unit",
        queryset=MobileUnit.objects.all(),
        to_field_name="uuid",
        empty_label="Choose",
        required=False,
    )
    name = forms.CharField(label="Name of a new unit", required=False, max_length=60)
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("unit", "name", "starts", "ends", "uuid")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "unit" not in self.errors and bool(data.get("unit")) == bool(
            data.get("name", "").strip()
        ):
            self.add_error("unit", "Choose a unit, or enter the name of a new one")
        return data


class StaticForm(SchoolForm):
    """The first day of a static scanner."""

    day = SplitDateField(label="First day of the static scanner", noun="the first day")
    uuid = forms.UUIDField(widget=forms.HiddenInput)
