"""Sending a record that was taken away from another portal."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from logbooks.cpd.leaving.unpacked import MAX_BYTES
from school.core.forms import SchoolForm


class BringForm(SchoolForm):
    """One ZIP."""

    nouns: ClassVar[Mapping[str, str]] = {"file": "the ZIP file"}
    file = forms.FileField(
        label="ZIP file",
        help_text="The file that you downloaded under “Take your CPD record away”, as it is",
        error_messages={"empty": "The file is empty. Choose the ZIP that you took away"},
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        """Refuses what is too large before it is kept."""
        sent: UploadedFile = self.cleaned_data["file"]
        if (sent.size or 0) > MAX_BYTES:
            raise ValidationError("The file has more than 1 GB. Write to the School")
        return sent
