"""A week of work that a site keeps, and choosing one in place of typing it."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from placements import patterns
from placements.models import WorkingPattern
from school.core import days
from school.core.forms import ClockTimeField, MinutesField, SchoolForm

WEEKDAYS = tuple((str(number), name) for number, name in enumerate(patterns.NAMES))
TYPED = ("weekdays", "start", "end", "break_minutes")


def said(row: WorkingPattern) -> str:
    """ "Monday to Friday, 08:00 to 16:00, break 30 minutes"."""
    pause = f"break {days.in_words(row.break_minutes)}" if row.break_minutes else "no break"
    times = f"{days.clock_time(row.start)} to {days.clock_time(row.end)}"
    return f"{patterns.in_words(row.weekdays)}, {times}, {pause}"


class PatternForm(SchoolForm):
    """A week of work with its name."""

    name = forms.CharField(
        label="Name",
        max_length=60,
        help_text="As your rota calls it, for example long days",
        error_messages={"required": "Enter a name"},
    )
    weekdays = forms.MultipleChoiceField(
        label="Days of the week", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    start = ClockTimeField(label="Start", noun="the start time")
    end = ClockTimeField(
        label="End", noun="the end time", help_text="An end before the start is on the next day"
    )
    break_minutes = MinutesField(label="Break, minutes", noun="the break", max_value=180)
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class ChoosesPattern(forms.Form):
    """A rota by one of the patterns of sites, in place of days and times typed below it.

    `choose_from` are those to choose from; without any the choice is left out.
    """

    def __init__(
        self, *args: Any, choose_from: QuerySet[WorkingPattern] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = list(choose_from.select_related("site")) if choose_from is not None else []
        self._patterns = {str(row.uuid): row for row in rows}
        if not rows:
            return
        several = len({row.site_id for row in rows}) > 1
        choices = [
            (
                key,
                f"{row.site.name}: {row.name}, {said(row)}"
                if several
                else f"{row.name}: {said(row)}",
            )
            for key, row in self._patterns.items()
        ]
        self.fields["working_pattern"] = forms.ChoiceField(
            label="Working pattern",
            required=False,
            choices=[("", "Type the days and times below"), *choices],
            help_text="A pattern takes the place of the days and times below",
        )
        names = [name for name in self.fields if name != "working_pattern"]
        names.insert(names.index("weekdays"), "working_pattern")
        self.order_fields(names)

    @property
    def chosen_pattern(self) -> WorkingPattern | None:
        """The pattern that was chosen."""
        return self._patterns.get(self.cleaned_data.get("working_pattern") or "")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        row = self.chosen_pattern
        if row is None:
            return data
        site = data.get("site")
        if site is not None and site != row.site:
            self.add_error("working_pattern", f"This is a pattern of {row.site.name}")
            return data
        for name in TYPED:
            self.errors.pop(name, None)
        data |= {
            "weekdays": [str(day) for day in sorted(patterns.weekdays(row.weekdays))],
            "start": row.start,
            "end": row.end,
            "break_minutes": row.break_minutes,
        }
        return data
