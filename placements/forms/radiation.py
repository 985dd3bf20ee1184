"""What is written in confidence, and what a dose badge showed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from school.core.forms import SchoolForm, SplitDateField
from school.people.models import Site

WORDS_LENGTH = 2000


class DeclarationForm(SchoolForm):
    """What a student declares, in their own words."""

    words = forms.CharField(
        label="What you declare",
        help_text="In your own words. The date on which the baby is due helps to plan your work.",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Enter what you declare"},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class TakeBackForm(SchoolForm):
    """A declaration that is taken back; `enrolment` is the one it was written on."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    enrolment = forms.UUIDField(widget=forms.HiddenInput)


class DoseForm(SchoolForm):
    """The days a badge was worn, where, and what it showed."""

    site = forms.ModelChoiceField(
        label="Worn at", queryset=Site.objects.none(), to_field_name="slug", empty_label=None
    )
    first = SplitDateField(label="First day worn", noun="the first day")
    last = SplitDateField(label="Last day worn", noun="the last day")
    dose = forms.DecimalField(
        label="Dose, mSv",
        help_text="Millisieverts with up to 3 decimals, like 0.125. Enter 0 where nothing was found.",
        min_value=Decimal(0),
        max_value=Decimal("999.999"),
        decimal_places=3,
        widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "decimal"}),
        error_messages={
            "required": "Enter the dose in mSv, or 0",
            "invalid": "The dose must be a number, like 0.125",
            "min_value": "The dose must be 0 or more",
            "max_value": "The dose must be under 1,000 mSv",
            "max_decimal_places": "The dose has up to 3 decimals, like 0.125",
        },
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data["microsieverts"] = int(data.pop("dose") * 1000)
        return data
