"""What is filled in about attainments and certificates: a reason, and the code that a stranger types."""

from django import forms

from school.core.forms import SchoolForm

REASON_LENGTH = 1000


class ReasonForm(SchoolForm):
    """Why something is taken back or declined."""

    reason = forms.CharField(
        label="Why",
        help_text="The person reads it.",
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Enter why, so that the person knows"},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class LearnersFilterForm(SchoolForm):
    """Who is looked for among the learners."""

    name = forms.CharField(
        label="Name",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
