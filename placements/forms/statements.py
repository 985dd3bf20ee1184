"""What a stranger fills in to check a statement of hours."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from school.core.codes import grouped, plain
from school.core.forms import SchoolForm

# Statements have about 60 kB. Whatever is sent stays in memory, so this keeps under what Django writes to disk.
MAX_BYTES = 2 * 1024 * 1024


class CodeForm(SchoolForm):
    """The code that is printed on a statement."""

    code = forms.CharField(
        label="Code on the statement",
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


class FileForm(SchoolForm):
    """The file to compare with what was issued."""

    nouns: ClassVar[Mapping[str, str]] = {"file": "the file"}
    file = forms.FileField(
        label="Your copy of the PDF",
        help_text="It is compared and not kept. At most 2 MB",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def data_sent(self) -> bytes:
        """The bytes of the file."""
        sent: Any = self.cleaned_data["file"]
        return bytes(sent.read())
