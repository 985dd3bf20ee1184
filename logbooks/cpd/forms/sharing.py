"""Sharing with a line manager until a day, asking for help, and the year of the figures."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from school.core.forms import SchoolForm, SplitDateField
from school.people.models import Person


class ShareForm(SchoolForm):
    """With whom, and until when. `uuid` is made once and kept, so that a retry is the same share."""

    nouns: ClassVar[Mapping[str, str]] = {"reader": "who may read it"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reader = forms.ChoiceField(label="Who may read it", widget=forms.RadioSelect)
    ends_on = SplitDateField(
        label="Last day on which they may",
        help_text="At most a year from today",
        noun="the last day",
    )

    def __init__(self, *args: Any, managers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._managers = {str(one.uuid): one for one in managers}
        self.fields["reader"].choices = [(key, one.name) for key, one in self._managers.items()]  # type: ignore[attr-defined]

    def clean_reader(self) -> Person:
        """The line manager that was chosen."""
        return self._managers[self.cleaned_data["reader"]]


class HelpForm(SchoolForm):
    """Asking the School for help. `uuid` is made once and kept, so that a retry asks once."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


YEARS = 5


class YearForm(SchoolForm):
    """Of which calendar year figures are shown."""

    year = forms.TypedChoiceField(label="Activities that began in", coerce=int, required=False)

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._this_year = this_year
        years = range(this_year, this_year - YEARS, -1)
        self.fields["year"].choices = [(one, str(one)) for one in years]  # type: ignore[attr-defined]

    def chosen(self) -> int:
        """The year that was chosen; this one for anything else."""
        chosen = self.cleaned_data.get("year") if self.is_valid() else None
        return int(chosen or self._this_year)
