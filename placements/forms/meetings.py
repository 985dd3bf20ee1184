"""What was agreed at a meeting, and the proof that goes with signing it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest

from placements.forms.educator import SignedForm
from placements.forms.words import WordsMixin
from placements.models import Meeting
from school.core.forms import SplitDateField


class SignMeetingForm(SignedForm):
    """A signature under a record that somebody else wrote."""


class MeetingForm(WordsMixin, SignedForm):
    """What kind of meeting, on which day, and what was agreed."""

    nouns: ClassVar[Mapping[str, str]] = {
        "kind": "what kind of meeting it was",
        "words": "what was agreed",
    }
    kind = forms.ChoiceField(label="Meeting", widget=forms.RadioSelect)
    day = SplitDateField(label="Day of the meeting", noun="the day of the meeting")
    field_order = ("kind", "day", "words", "words_checked", "password")

    def __init__(
        self, request: HttpRequest, *args: Any, kinds: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["words"].label = "What was agreed"
        self.fields[
            "words"
        ].help_text = "Everybody who signs reads every word. Nothing that points to a patient."
        self.offer(kinds)

    def offer(self, kinds: Sequence[str]) -> None:
        """Let these kinds be chosen; a single one is not asked for."""
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (
                kind,
                f"{Meeting.Kind(kind).label.capitalize()}: {Meeting.RECORDS[Meeting.Kind(kind)]}",
            )
            for kind in kinds
        ]
        if len(kinds) == 1:
            self.fields["kind"].required = False
            self.fields["kind"].widget = forms.HiddenInput()
            self.initial.setdefault("kind", kinds[0])
