"""What somebody fills in to ask for a place, to give it up, to move it, and to decide about it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from school.core import patients
from school.core.forms import SchoolForm

NEEDS_LENGTH, REASON_LENGTH = 500, 500


class _Words(forms.CharField):
    """A few lines in which no patient is named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if any(found.refused for found in patients.nhs_numbers(words)):
            raise forms.ValidationError(patients.REFUSED)
        return words


class StepForm(SchoolForm):
    """The identity that the page gave to the act, so that sent twice it is done once."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


class AskForm(StepForm):
    """A wish for a place."""

    needs = _Words(
        label="What you need to take part",
        required=False,
        max_length=NEEDS_LENGTH,
        help_text="Access, diet. Only the School reads it, and it is deleted after the event.",
    )


class GiveUpForm(StepForm):
    """Giving a place up."""

    reason = _Words(
        label="Why (you need not say)",
        required=False,
        max_length=REASON_LENGTH,
        help_text="The School and whoever answers for you can read it.",
    )


class DeclineForm(StepForm):
    """Saying no to a request."""

    reason = _Words(
        label="Why",
        max_length=REASON_LENGTH,
        help_text="The person is told in these words.",
        error_messages={"required": "Enter why, so that the person knows"},
    )


class MoveForm(StepForm):
    """Another date of the same course."""

    event = forms.ChoiceField(label="The date you move to", widget=forms.RadioSelect)

    def __init__(self, *args: Any, dates: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = dates  # type: ignore[attr-defined]
        self.fields["event"].error_messages["required"] = "Choose a date"


class SiteForm(SchoolForm):
    """Whose staff are shown."""

    site = forms.ChoiceField(label="Site", required=False)

    def __init__(self, *args: Any, sites: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [("", "Every site"), *sites]  # type: ignore[attr-defined]


class SendForm(StepForm):
    """The people who are booked together."""

    people = forms.MultipleChoiceField(
        label="Who goes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick one person or more"},
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people  # type: ignore[attr-defined]


class StaffFilterForm(SchoolForm):
    """Which bookings of one's staff are listed."""

    q = forms.CharField(label="Person or course", required=False, max_length=100)
    when = forms.ChoiceField(label="When", required=False)

    def __init__(self, *args: Any, when: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = when  # type: ignore[attr-defined]
