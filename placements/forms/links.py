"""What is filled in around links: whom to ask, the code, and a reason without an account."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from placements.forms.educator import UuidsField
from placements.forms.words import REASON_LENGTH, NoPatientMixin, digits_question
from placements.lines import Line
from school.core.forms import SchoolForm


class AskForm(SchoolForm):
    """Whom to ask, and for which shifts."""

    nouns: ClassVar[Mapping[str, str]] = {"name": "their name", "address": "their work address"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name of the person who supervised you",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.EmailField(
        label="Their work email address",
        max_length=254,
        help_text="At a domain that the hospital has listed. A code goes to the same address.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    shifts = forms.MultipleChoiceField(
        label="Shifts to be confirmed", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = {line.site for line in lines}
        self.fields["address"].error_messages["invalid"] = (
            "Enter an email address in full, like name@example.nhs.uk"
        )
        self.fields["shifts"].choices = [  # type: ignore[attr-defined]
            (str(line.uuid), _label(line, several=len(sites) > 1)) for line in lines
        ]


def _label(line: Line, *, several: bool) -> str:
    words = f"{line.what}, {line.hours}"
    return f"{words}, {line.site}" if several else words


class CodeForm(SchoolForm):
    """The six digits."""

    code = forms.CharField(
        label="Six-digit code",
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "nhsuk-input--width-10",
            }
        ),
    )


class LinkConfirmForm(SchoolForm):
    """The ticked lines, and the breaches that were seen."""

    batch = forms.UUIDField(widget=forms.HiddenInput)
    device_time = forms.CharField(widget=forms.HiddenInput, required=False)
    line = UuidsField(required=False)
    seen = UuidsField(required=False)

    def clean_line(self) -> list[Any]:
        lines: list[Any] = self.cleaned_data["line"]
        if not lines:
            raise ValidationError("Tick the shifts that you confirm")
        return lines


class LinkReasonForm(NoPatientMixin, SchoolForm):
    """Why a shift is queried; nothing in it may name a patient."""

    FREE_WORDS = "comment"
    nouns: ClassVar[Mapping[str, str]] = {"comment": "your question. The student sees it"}
    batch = forms.UUIDField(widget=forms.HiddenInput)
    device_time = forms.CharField(widget=forms.HiddenInput, required=False)
    comment = forms.CharField(
        label="Your question",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The student sees it. Nothing that points to a patient.",
    )
    comment_checked = digits_question()
