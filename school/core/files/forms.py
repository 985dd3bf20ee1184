"""Files that somebody sends: of at most some size, and to be imported."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from school.core.files.reading import MAX_BYTES
from school.core.forms import SchoolForm

MB = 1024 * 1024


class SentFile(forms.FileField):
    """A file with rows or the like in it, of at most `most` bytes; `empty` says what to choose instead of one without any."""

    def __init__(self, *, most: int, accept: str, empty: str, **kwargs: Any) -> None:
        kwargs["error_messages"] = {"empty": f"The file is empty. Choose {empty}"}
        kwargs["widget"] = forms.ClearableFileInput(attrs={"accept": accept})
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuses what is too large before it is read."""
        sent = super().clean(data, initial)
        if sent and sent.size is not None and sent.size > self.most:
            raise ValidationError(
                f"The file has {sent.size / MB:.1f} MB. Choose one of at most {self.most // MB} MB"
            )
        return sent


class ImportForm(SchoolForm):
    """One file."""

    nouns: ClassVar[Mapping[str, str]] = {"file": "the file"}
    file = SentFile(
        most=MAX_BYTES,
        accept=".csv,.xlsx,.txt",
        empty="one that holds rows",
        label="File",
        help_text="An Excel workbook (.xlsx) or CSV, with the names of the columns in its first row",
    )
