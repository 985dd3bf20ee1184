"""What is sent on the day: being there, ticks on the register, a correction, an excuse; and the evaluation afterwards."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from school.core import days, patients
from school.core.forms import SchoolForm
from school.courses.evaluating import LEVELS, QUESTIONS
from school.courses.models import Session

REASON_LENGTH = 500
COMMENT_LENGTH = 2000


class ArriveForm(SchoolForm):
    """A ticket, sent from a phone."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    ticket = forms.CharField(widget=forms.HiddenInput)
    device_time = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_device_time(self) -> datetime | None:
        """The phone's own clock; nothing when it makes no sense."""
        try:
            at = parse_datetime(self.cleaned_data["device_time"])
            return at.astimezone(UTC) if at and at.tzinfo else None
        except (ValueError, OverflowError):
            return None


class TicksForm(SchoolForm):
    """Many ticks at once: each the keys of a booking and a session."""

    batch = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.MultipleChoiceField(
        error_messages={
            "required": "Tick somebody to put them on the register.",
            "invalid_choice": "Somebody you ticked has no place any more. Look at the register again.",
        }
    )

    def __init__(self, *args: Any, keys: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]


class SeenForm(SchoolForm):
    """One person at one session, from their code."""

    batch = forms.UUIDField(widget=forms.HiddenInput)
    session = forms.UUIDField(widget=forms.HiddenInput)


class ReasonForm(SchoolForm):
    """A reason for what departs from the register."""

    reason = forms.CharField(
        label="Reason",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays with the record. The person and School educators can read it.",
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if any(span.refused for span in patients.nhs_numbers(reason)):
            raise ValidationError(patients.REFUSED)
        return reason


class CorrectForm(ReasonForm):
    """What the register should say of a session."""

    field_order = ("session", "present", "reason")

    session = forms.ChoiceField(label="Session")
    present = forms.ChoiceField(
        label="What is so",
        choices=[("yes", "They were there"), ("no", "They were not there")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is so"},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sessions: Sequence[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(session.uuid), in_words(session)) for session in sessions]
        self.fields["session"].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> UUID:
        """The session's key, once the form is valid."""
        return UUID(self.cleaned_data["session"])


def in_words(session: Session) -> str:
    """A session as "Morning, Thu 19 Nov, 09:00 to 12:00"."""
    day = days.short_day(days.london_day(session.starts))
    when = f"{day}, {days.time_range(session.starts, session.ends)}"
    return f"{session.title}, {when}" if session.title else when


class EvaluationForm(SchoolForm):
    """Five answers from 1 to 5, and a comment."""

    comment = forms.CharField(
        label="What else the School should know",
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=(
            "Educators read it without your name, together with the words of at least four others. "
            "Name nobody, and nothing that points to a patient."
        ),
    )
    comment_checked = forms.BooleanField(label="These digits are not an NHS number", required=False)
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rated = {
            f"question_{place}": forms.ChoiceField(
                label=question.statement,
                choices=LEVELS,
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose an answer: {question.name.lower()}"},
            )
            for place, question in enumerate(QUESTIONS)
        }
        self.fields = {**rated, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        found = patients.nhs_numbers(cleaned.get("comment", ""))
        if any(span.refused for span in found):
            self.add_error("comment", patients.REFUSED)
        elif found and not cleaned.get("comment_checked"):
            self.add_error("comment", patients.WARNED)
        return cleaned

    @property
    def rated(self) -> list[forms.BoundField]:
        """The fields of the five answers."""
        return [self[f"question_{place}"] for place in range(len(QUESTIONS))]

    @property
    def asks_digits(self) -> bool:
        """Whether the writer is asked if digits are an NHS number."""
        if not self.is_bound:
            return False
        return patients.WARNED in self.errors.get("comment", []) or "comment_checked" in self.data

    def ratings(self) -> list[int]:
        """The five answers, once the form is valid."""
        return [int(self.cleaned_data[f"question_{place}"]) for place in range(len(QUESTIONS))]
