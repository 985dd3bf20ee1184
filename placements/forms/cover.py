"""What a practice educator fills in before leave: who stands in, from when to when."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from school.core.forms import SchoolForm, SplitDateField
from school.people.models import Person


class CoverForm(SchoolForm):
    """Who stands in, and the days."""

    stand_in = forms.ModelChoiceField(
        label="Who stands in",
        queryset=Person.objects.none(),
        to_field_name="uuid",
        empty_label="Choose",
        help_text="Practice educators and the site lead where you are",
        error_messages={"required": "Choose who stands in"},
    )
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(label="Last day", noun="the last day", help_text="It still counts")
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["stand_in"]
        chosen.queryset = people  # type: ignore[attr-defined]
        chosen.label_from_instance = lambda person: person.name  # type: ignore[attr-defined]
