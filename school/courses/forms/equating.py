"""Which course counts as which, and from when to when."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from school.core.forms import SchoolForm, SplitDateField
from school.courses.models import Course


class EquivalenceForm(SchoolForm):
    """Two courses and the days of the rule."""

    attained = forms.ModelChoiceField(
        label="Who attained",
        queryset=Course.objects.none(),
        to_field_name="code",
        empty_label="Choose",
        error_messages={"required": "Choose the course that was attained"},
    )
    counts_as = forms.ModelChoiceField(
        label="Has also attained",
        queryset=Course.objects.none(),
        to_field_name="code",
        empty_label="Choose",
        error_messages={"required": "Choose the course that it counts as"},
    )
    starts = SplitDateField(label="From", noun="the first day")
    ends = SplitDateField(
        label="To", noun="the last day", required=False, help_text="Empty while it holds"
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, courses: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("attained", "counts_as"):
            self.fields[name].queryset = courses  # type: ignore[attr-defined]


class EndForm(SchoolForm):
    """The last day of a rule."""

    ends = SplitDateField(
        label="Last day",
        noun="the last day",
        required=False,
        help_text="Leave it empty if the rule was a mistake and never held",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)
