"""What is filled in about attainments and certificates: a reason, and the code that a stranger types."""

from django import forms
from django.core.exceptions import ValidationError

from school.core.codes import grouped, plain
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


class CodeForm(SchoolForm):
    """The code that is printed on a certificate."""

    code = forms.CharField(
        label="Code on the certificate",
        help_text="For example, 7K4M-Q2XD-9TRW-3HNB. Capital and small letters are the same",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the code"},
    )

    def clean_code(self) -> str:
        """The code as it stands in an address."""
        code = plain(self.cleaned_data["code"])
        if not code:
            raise ValidationError("Enter all 16 letters and digits of the code")
        return grouped(code)


class LearnersFilterForm(SchoolForm):
    """Who is looked for among the learners."""

    name = forms.CharField(
        label="Name",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
