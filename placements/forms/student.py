"""What a student fills in: a shift, several shifts, a day note, a make-up, a reply."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from placements import reference
from placements.actions.hours import Entered
from placements.forms.times import TimesForm, device_time
from placements.forms.words import NoPatientMixin, digits_question
from placements.models import DayNote, Placement
from placements.student_queries import Noted, taking_shifts
from school.core import days
from school.core.forms import MinutesField, SchoolForm, SplitDateField

NOTE_LENGTH = 1000


class NoteMixin(NoPatientMixin):
    """A note that may hold nothing that names a patient."""

    FREE_WORDS = "note"
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Your practice educator reads it. Nothing that points to a patient.",
    )
    note_checked = digits_question()


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
        self._own = {str(row.uuid): row for row in taking_shifts(own)}
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


def _kinds() -> list[tuple[str, str]]:
    """Why nothing was worked, as a person chooses it."""
    return [(value, label[:1].upper() + label[1:]) for value, label in DayNote.Kind.choices]


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
        self._own = {str(row.uuid): row for row in taking_shifts(own)}
        self.fields["placement"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.site.name}, {row.stage}") for key, row in self._own.items()
        ]
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]

    @property
    def chosen_placement(self) -> Placement:
        return self._own[self.cleaned_data["placement"]]


class ReplyForm(NoPatientMixin, SchoolForm):
    """An answer to a query without changing the shift."""

    FREE_WORDS = "reply"
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reply = forms.CharField(
        label="Your reply",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Nothing that points to a patient.",
    )
    reply_checked = digits_question()


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
            *_kinds(),
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
