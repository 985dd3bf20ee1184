"""Sending a file of marks, and saying how it is analysed."""

from fractions import Fraction
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from logbooks.osces.analysis.marks import Group
from logbooks.osces.marks_kept import Wanted
from school.core.forms import SchoolForm

MAX_BYTES = 2 * 1024 * 1024
GROUPS = (("circuit", "Circuit"), ("examiner", "Examiner"), ("site", "Site"))


def _number(label: str, help_text: str, **kwargs: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"class": "soo-time", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, help_text=help_text, widget=widget, max_digits=12, decimal_places=6, **kwargs
    )


class WantedForm(SchoolForm):
    """How marks are analysed."""

    borderline = _number(
        "Borderline grade", "The number that the file gives it, such as 2", min_value=0
    )
    sem = _number(
        "Standard errors of measurement to add",
        "The pass mark is the cut and so many of them; it is shown at the cut as well",
        min_value=0,
        max_value=5,
        initial=1,
    )
    group = forms.ChoiceField(
        label="Compare", choices=GROUPS, initial="circuit", widget=forms.RadioSelect
    )

    def wanted(self) -> Wanted:
        """What was chosen."""
        data = self.cleaned_data
        group = cast(Group, data["group"])
        return Wanted(Fraction(data["borderline"]), Fraction(data["sem"]), group)


class MarksForm(WantedForm):
    """A file of marks, and how it is analysed."""

    file = forms.FileField(
        label="File of marks",
        help_text="CSV or XLSX, at most 2 MB, a row for each candidate at each station: candidate, circuit, station, examiner, max_mark, mark, grade",
        error_messages={"empty": "The file is empty. Choose one that holds marks"},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )
    field_order = ("file", "borderline", "sem", "group")

    def clean_file(self) -> Any:
        """Refuses what is too large before it is read."""
        sent: UploadedFile = self.cleaned_data["file"]
        if sent.size is not None and sent.size > MAX_BYTES:
            raise ValidationError(
                f"The file has {sent.size / 1024 / 1024:.1f} MB. Choose one of at most 2 MB"
            )
        return sent
