"""When somebody worked or will work: a day with a start, an end and a break, as instants; and the device's own clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.dateparse import parse_datetime

from school.core import days
from school.core.days import WallTime
from school.core.forms import ClockTimeField, MinutesField, SchoolForm, SplitDateField

READINGS = (
    ("first", "The first time, before the clocks went back (BST)"),
    ("second", "The second time, after the clocks went back (GMT)"),
)


@dataclass(frozen=True, slots=True)
class Times:
    """A start and an end as instants."""

    start: datetime
    end: datetime


class TimesForm(SchoolForm):
    """A day, a start and an end on the 24-hour clock, and a break; an end before the start is next day."""

    nouns: ClassVar[Mapping[str, str]] = {
        "start": "the start time",
        "end": "the end time",
    }
    day = SplitDateField(label="Date", noun="the date")
    start = ClockTimeField(label="Start", noun="the start time")
    end = ClockTimeField(label="End", noun="the end time")
    break_minutes = MinutesField(
        label="Break, minutes",
        noun="the break",
        max_value=12 * 60,
        error_messages={"required": "Enter the break in minutes, or 0"},
    )
    start_reading = forms.ChoiceField(
        label="Which start?", choices=READINGS, widget=forms.RadioSelect, required=False
    )
    end_reading = forms.ChoiceField(
        label="Which end?", choices=READINGS, widget=forms.RadioSelect, required=False
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, start, end = (data.get(name) for name in ("day", "start", "end"))
        if day and start is not None and end is not None:
            ends_on = day + days.DAY if end < start else day
            begins = self._instant("start", day, start)
            finishes = self._instant("end", ends_on, end)
            if begins and finishes:
                data["times"] = Times(begins, finishes)
        return data

    @property
    def asks_start(self) -> bool:
        """Whether the start happened twice on that day, so that the page asks which one is meant."""
        return self._asked("start")

    @property
    def asks_end(self) -> bool:
        return self._asked("end")

    def _asked(self, name: str) -> bool:
        chosen = f"{name}_reading"
        return bool(
            chosen in self.errors or (self.is_bound and self.data.get(self.add_prefix(chosen)))
        )

    def _instant(self, name: str, day: date, at: time) -> datetime | None:
        reading = days.wall_time(day, at)
        if reading is WallTime.MISSING:
            self.add_error(
                name,
                f"There was no {days.clock_time(at)} on {days.long_date(day)}: the clocks went forward "
                "from 01:00 to 02:00. Enter the time that the clock showed.",
            )
            return None
        chosen = self.cleaned_data.get(f"{name}_reading")
        if reading is WallTime.TWICE and not chosen:
            self.add_error(
                f"{name}_reading",
                f"{days.clock_time(at)} came twice on {days.long_date(day)}, when the clocks went back. "
                "Choose which one you mean",
            )
            return None
        return days.instant(day, at, second=chosen == "second")


def device_time(typed: str) -> datetime | None:
    """The device's own clock as the page's script sent it; nothing when it makes no sense."""
    try:
        at = parse_datetime(typed)
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None
