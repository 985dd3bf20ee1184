"""What somebody fills in who learned something elsewhere."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from school.core.evidence import MAX_BYTES
from school.core.forms import SchoolForm, SplitDateField
from school.courses.models import Course


class ClaimForm(SchoolForm):
    """Which course it stands for, when, who gave it, and the file that shows it."""

    course = forms.ModelChoiceField(
        label="Course that it stands for",
        queryset=Course.objects.none(),
        to_field_name="code",
        empty_label="Choose",
    )
    day = SplitDateField(
        label="Completed on", noun="the day", help_text="As on the evidence, for example 3 11 2026"
    )
    expires_on = SplitDateField(
        label="Expires on",
        noun="the expiry",
        required=False,
        help_text="Only if the evidence names a day",
    )
    given_by = forms.CharField(label="Who gave the training", max_length=200)
    note = forms.CharField(
        label="What else we should know", required=False, max_length=1000, widget=forms.Textarea
    )
    evidence = forms.FileField(
        label="Evidence",
        help_text="A PDF, or a photograph as PNG or JPEG, of at most 10 MB. Nothing on it may point to a patient",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}
        ),
        error_messages={
            "required": "Choose the file that shows it",
            "empty": "The file is empty. Choose the file that shows it",
        },
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, courses: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]

    def clean_evidence(self) -> UploadedFile:
        """Refuses what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["evidence"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError("The file has more than 10 MB. Choose a smaller one")
        return file

    def sent(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data["data"] = data.pop("evidence").read()
        return data


class AcceptForm(SchoolForm):
    """Evidence that is accepted."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
