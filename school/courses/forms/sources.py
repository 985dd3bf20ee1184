"""What a source calls its columns and its courses."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from school.core.files import rows
from school.core.forms import SchoolForm
from school.courses.imports.attainment_row import AttainmentRow
from school.courses.models import Course

COLUMNS = tuple(AttainmentRow.model_fields)


class SourceForm(SchoolForm):
    """The name of a source, and its headings where they differ."""

    name = forms.CharField(
        label="Name of the source", max_length=80, help_text="For example, ESR of the Elm Trust"
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in COLUMNS:
            self.fields[name] = forms.CharField(
                label=f"Heading of “{rows.title(AttainmentRow, name)}”",
                required=False,
                max_length=100,
            )

    def columns(self) -> dict[str, str]:
        """The headings, by the portal's column."""
        return {name: self.cleaned_data[name] for name in COLUMNS}


class TitlesForm(SchoolForm):
    """Which course each title is; a title that is left open waits."""

    def __init__(
        self, *args: Any, titles: Sequence[str], courses: QuerySet[Course], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.titles = list(titles)
        for number, title in enumerate(self.titles):
            self.fields[f"title_{number}"] = forms.CharField(
                initial=title, max_length=200, widget=forms.HiddenInput
            )
            self.fields[f"course_{number}"] = forms.ModelChoiceField(
                label=title,
                queryset=courses,
                to_field_name="code",
                empty_label="Let it wait",
                required=False,
            )

    def courses(self) -> dict[str, Course]:
        """The courses that were chosen, by title."""
        data = self.cleaned_data
        numbers = range(len(self.titles))
        chosen = {data[f"title_{n}"]: data[f"course_{n}"] for n in numbers}
        return {title: course for title, course in chosen.items() if course is not None}
