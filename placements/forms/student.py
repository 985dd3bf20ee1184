"""What a student fills in: a shift, several shifts, a day note, a make-up, a reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils.dateparse import parse_datetime

from placements import reference
from placements.actions.hours import Entered
from placements.models import DayNote, Placement
from placements.student_queries import Noted
from school.core import days, patients
from school.core.days import WallTime
from school.core.errors import DomainError
from school.core.forms import ClockTimeField, MinutesField, SchoolForm, SplitDateField

NOTE_LENGTH = 1000
READINGS = (
    ("first", "The first time, before the clocks went back (BST)"),
    ("second", "The second time, after the clocks went back (GMT)"),
)


def take(form: forms.Form, error: DomainError) -> int:
    """Puts what a rule said at its field, or above the form; answers with the status of the page."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    return error.status


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


class NoteMixin(forms.Form):
    """A note that may hold nothing that names a patient."""

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Your practice educator reads it. Nothing that points to a patient.",
    )
    note_checked = forms.BooleanField(label="These digits are not an NHS number", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        found = patients.nhs_numbers(data.get("note", ""))
        if any(span.refused for span in found):
            self.add_error("note", patients.REFUSED)
        elif found and not data.get("note_checked"):
            self.add_error("note", patients.WARNED)
        return data

    @property
    def asks_note(self) -> bool:
        """Whether the writer is asked about digits that could be an NHS number."""
        return bool(
            self.is_bound
            and (
                patients.WARNED in self.errors.get("note", [])
                or self.data.get(self.add_prefix("note_checked"))
            )
        )


class ShiftForm(NoteMixin, TimesForm):
    """A shift as a student logs or corrects it; `uuid` is made once and kept, so that a retry is the same shift."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    device_time = forms.CharField(required=False, widget=forms.HiddenInput)
    placement = forms.ChoiceField(label="Placement")
    day_type = forms.ChoiceField(label="Day type")
    makes_up = forms.ChoiceField(
        label="Makes up a lost day",
        required=False,
        help_text="Only if this was worked instead of a day that was lost",
    )
    field_order = ("day", "start", "start_reading", "end", "end_reading", "break_minutes", "placement", "day_type", "makes_up", "note", "note_checked")  # fmt: skip

    def __init__(
        self,
        *args: Any,
        own: Sequence[Placement],
        lost: Sequence[Noted] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._own = {str(row.uuid): row for row in own}
        self._lost = {str(row.uuid): row for row in lost}
        self.fields["placement"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.site.name}, {row.stage}") for key, row in self._own.items()
        ]
        self.fields["day_type"].choices = [  # type: ignore[attr-defined]
            (code, row.name) for code, row in reference.day_types().items()
        ]
        self.fields["makes_up"].choices = [  # type: ignore[attr-defined]
            ("", "No"),
            *((key, f"{days.day_date(row.day)}, {row.words}") for key, row in self._lost.items()),
        ]

    @property
    def chosen_placement(self) -> Placement | None:
        """The placement chosen, also while something else is wrong."""
        return self._own.get(str(self["placement"].value() or ""))

    def entered(self, makes_up: DayNote | None = None) -> Entered:
        """What was typed, once the form is valid; `makes_up` is the lost day that was chosen."""
        data = self.cleaned_data
        return Entered(
            day_type=reference.day_types()[data["day_type"]],
            start=data["times"].start,
            end=data["times"].end,
            break_minutes=data["break_minutes"],
            note=data["note"].strip(),
            makes_up=makes_up,
            device_time=device_time(data["device_time"]),
        )


def device_time(typed: str) -> datetime | None:
    """The device's own clock as the page's script sent it; nothing when it makes no sense."""
    try:
        at = parse_datetime(typed)
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None


class LineForm(TimesForm):
    """One line of several days logged together."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    send = forms.BooleanField(label="Send this day", required=False)
    field_order = ("send", "day", "start", "start_reading", "end", "end_reading", "break_minutes")

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = day
        del self.fields["day"]

    @property
    def ticked(self) -> bool:
        """Whether the line is to be sent."""
        return bool(self["send"].value())

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["day"] = self.on
        return super().clean()


class DayNoteForm(NoteMixin, SchoolForm):
    """Why nothing was worked on a day."""

    nouns: ClassVar[Mapping[str, str]] = {"kind": "why nothing was worked"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    placement = forms.ChoiceField(label="Placement")
    day = SplitDateField(label="Date", noun="the date")
    kind = forms.ChoiceField(
        label="Why nothing was worked", choices=DayNote.Kind.choices, widget=forms.RadioSelect
    )
    expected_minutes = MinutesField(
        label="Planned that day, minutes",
        noun="the minutes planned",
        max_value=24 * 60,
        help_text="7 hours 30 minutes is 450. A bank holiday or a day with nothing planned is 0.",
    )
    field_order = ("day", "kind", "expected_minutes", "placement", "note", "note_checked")

    def __init__(self, *args: Any, own: Sequence[Placement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = {str(row.uuid): row for row in own}
        self.fields["placement"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.site.name}, {row.stage}") for key, row in self._own.items()
        ]
        for choice in ("kind",):
            self.fields[choice].choices = [  # type: ignore[attr-defined]
                (value, label[:1].upper() + label[1:]) for value, label in DayNote.Kind.choices
            ]

    @property
    def chosen_placement(self) -> Placement:
        return self._own[self.cleaned_data["placement"]]


class MakeUpForm(TimesForm):
    """When a lost day will be made up."""

    nouns: ClassVar[Mapping[str, str]] = TimesForm.nouns


class ArrangeMakeUpForm(MakeUpForm):
    """The same, as a coordinator arranges it."""

    reason = forms.CharField(
        label="Why it may go over a limit",
        help_text="Only when the page says that a limit is passed",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReplyForm(SchoolForm):
    """An answer to a query without changing the shift."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reply = forms.CharField(
        label="Your reply",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Nothing that points to a patient.",
    )
    reply_checked = forms.BooleanField(label="These digits are not an NHS number", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        found = patients.nhs_numbers(data.get("reply", ""))
        if any(span.refused for span in found):
            self.add_error("reply", patients.REFUSED)
        elif found and not data.get("reply_checked"):
            self.add_error("reply", patients.WARNED)
        return data

    @property
    def asks_note(self) -> bool:
        return self.is_bound and (
            patients.WARNED in self.errors.get("reply", []) or bool(self.data.get("reply_checked"))
        )


class UuidForm(SchoolForm):
    """An act that needs no words: only the UUID that makes a retry the same act."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


class LostDayForm(SchoolForm):
    """In closing a week: why nothing was worked on one rota day."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="Why nothing was worked")

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        field.label = f"Why nothing was worked on {days.day_and_month(day)}"
        field.error_messages["required"] = (
            f"Choose why nothing was worked on {days.day_and_month(day)}, or log the shift"
        )
        field.choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *((value, label[:1].upper() + label[1:]) for value, label in DayNote.Kind.choices),
        ]


STATE_CHOICES = (
    ("", "All"),
    ("awaiting", "Awaiting"),
    ("queried", "Queried"),
    ("confirmed", "Confirmed"),
    ("rejected", "Rejected"),
    ("withdrawn", "Taken back"),
)


class ShiftFilter(SchoolForm):
    """Which of a student's shifts are listed."""

    state = forms.ChoiceField(label="State", required=False, choices=STATE_CHOICES)
