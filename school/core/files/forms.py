"""The file that somebody sends to be imported."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from school.core.files.reading import MAX_BYTES
from school.core.forms import SchoolForm


class ImportForm(SchoolForm):
    """One file."""

    nouns: ClassVar[Mapping[str, str]] = {"file": "the file"}
    file = forms.FileField(
        label="File",
        help_text="An Excel workbook (.xlsx) or CSV, with the names of the columns in its first row",
        error_messages={"empty": "The file is empty. Choose one that holds rows"},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    def clean_file(self) -> Any:
        """Refuses what is too large before it is read."""
        sent: UploadedFile = self.cleaned_data["file"]
        if sent.size is not None and sent.size > MAX_BYTES:
            raise ValidationError(
                f"The file has {sent.size / 1024 / 1024:.1f} MB. Choose one of at most {MAX_BYTES // 1024 // 1024} MB"
            )
        return sent
