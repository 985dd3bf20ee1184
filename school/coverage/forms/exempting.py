"""What is filled in about an exemption."""

from django import forms

from school.core.forms import SchoolForm, SplitDateField
from school.coverage.models import Requirement


class ExemptionForm(SchoolForm):
    """From what, why, and from when to when."""

    requirement = forms.ModelChoiceField(
        label="Requirement",
        queryset=Requirement.objects.order_by("name"),
        to_field_name="code",
        empty_label="Choose",
        error_messages={"required": "Choose the requirement"},
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Kept apart from the record, for those who see this page. No diagnosis, please",
    )
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(
        label="Last day", noun="the last day", help_text="An exemption always has an end"
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class EndForm(SchoolForm):
    """An earlier last day."""

    ends = SplitDateField(
        label="Last day",
        noun="the last day",
        required=False,
        help_text="Leave it empty if the exemption was a mistake and never held",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)
