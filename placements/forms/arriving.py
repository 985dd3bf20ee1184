"""What is filled in before the first day: what a site asks and tells, a check that was shown, an induction."""

from collections.abc import Sequence
from typing import Any

from django import forms

from placements.models import CheckKind
from school.core.forms import SchoolForm, SplitDateField

GUIDE_LENGTH = 2000
REFERENCE_LENGTH = 100
MOST_MONTHS = 120

GUIDE = {
    "meeting_point": ("Where to come on the first day", "The door, the desk and the time"),
    "contact": ("Whom to ask", "A name, a telephone number or an address"),
    "hours": ("Usual hours", "For example 08:00 to 16:00 on the static scanner"),
    "dress": ("What to wear", ""),
    "bring": ("What to bring", ""),
    "travel": ("How to get there", "Parking, buses, and a locker if there is one"),
    "induction": ("What an induction goes through", "One thing on each line"),
}


class SiteForm(SchoolForm):
    """The checks that a site asks for, and its guide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, words in CheckKind.choices:
            self.fields[f"asks_{kind}"] = forms.BooleanField(label=words, required=False)
            self.fields[f"months_{kind}"] = forms.IntegerField(
                label=f"Months accepted: {words}",
                help_text="Leave it empty if it does not run out",
                required=False,
                min_value=1,
                max_value=MOST_MONTHS,
                widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "numeric"}),
                error_messages={
                    "invalid": "The months must be a whole number, like 36",
                    "min_value": "The months must be 1 or more",
                    "max_value": f"The months must be {MOST_MONTHS} or fewer",
                },
            )
        for name, (label, hint) in GUIDE.items():
            self.fields[name] = forms.CharField(
                label=label,
                help_text=hint,
                required=False,
                max_length=GUIDE_LENGTH,
                widget=forms.Textarea(attrs={"rows": 8 if name == "induction" else 3}),
            )

    @property
    def checks(self) -> list[tuple[Any, Any]]:
        """Each check with its months, for the page."""
        return [(self[f"asks_{kind}"], self[f"months_{kind}"]) for kind in CheckKind.values]

    @property
    def guide(self) -> list[Any]:
        """The fields of the guide, for the page."""
        return [self[name] for name in GUIDE]

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        checks = {kind: data[f"months_{kind}"] for kind in CheckKind.values if data[f"asks_{kind}"]}
        guide = {name: "\n".join(data[name].strip().splitlines()) for name in GUIDE}
        return {"checks": checks, "guide": guide}


class CheckForm(SchoolForm):
    """A check that a student showed."""

    kind = forms.ChoiceField(label="Which check", choices=CheckKind.choices)
    since = SplitDateField(label="Holds from", noun="the day it holds from")
    until = SplitDateField(
        label="Holds until",
        noun="the day it holds until",
        required=False,
        help_text="Leave it empty to have the portal count the months that the site accepts",
    )
    reference = forms.CharField(
        label="Number on it",
        help_text="Of the certificate or badge. The student sees it, and whoever records checks.",
        required=False,
        max_length=REFERENCE_LENGTH,
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class CorrectCheckForm(CheckForm):
    """The same for one that was recorded: what it is stays."""

    kind = None  # type: ignore[assignment]


class UuidForm(SchoolForm):
    """An act that needs nothing but its key."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


class InductionForm(SchoolForm):
    """The day of a student's site induction, and what of the site's list was gone through."""

    day = SplitDateField(label="Day of the induction", noun="the day of the induction")
    covered = forms.MultipleChoiceField(
        label="What was gone through",
        help_text="What is not ticked is kept as not covered",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "The site’s list has changed meanwhile. Tick what was gone through."
        },
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if items:
            self.fields["covered"].choices = [(line, line) for line in items]  # type: ignore[attr-defined]
        else:
            del self.fields["covered"]
