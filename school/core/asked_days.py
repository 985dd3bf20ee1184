"""Which day a figure is asked of, and as it was known on which: a form that an address fills."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from school.core import clock
from school.core.forms import SchoolForm, SplitDateField


class DaysForm(SchoolForm):
    """As of which day, and as it was known on which; a day that is left out is today."""

    as_of = SplitDateField(label="As of", noun="as of", required=False)
    known_on = SplitDateField(label="As it was known on", noun="as it was known on", required=False)

    def __init__(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        today = clock.today()
        # Bound by what an address asks; without it the boxes are filled with today.
        asked = data if any(name in data for name in self.asks) else None
        super().__init__(asked, initial={"as_of": today, "known_on": today}, **kwargs)

    asks: ClassVar[tuple[str, ...]] = ("as_of", "known_on", "as_of_day", "known_on_day")

    def clean_known_on(self) -> date | None:
        day: date | None = self.cleaned_data["known_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("Nothing is known from the future. Enter today or earlier.")
        return day

    def days(self) -> tuple[date, date] | None:
        """The two days that are asked for; None while one of them cannot be read."""
        today = clock.today()
        if not self.is_bound:
            return today, today
        if not self.is_valid():
            return None
        return self.cleaned_data["as_of"] or today, self.cleaned_data["known_on"] or today
