"""How the log books of a programme are signed, as it is filled in."""

from collections.abc import Collection
from typing import Any

from django import forms

from logbooks.competencies.actions.switches import WAYS
from school.core.forms import SchoolForm

SEPARATE = "separate_assessor"


class SwitchesForm(SchoolForm):
    """The ways of signing, and whether supervisor and final assessor are two people."""

    ways = forms.MultipleChoiceField(
        label="Ways of signing",
        help_text="Requests that wait can still be signed in the ways that are left",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(WAYS.items()),
    )
    separate_assessor = forms.BooleanField(
        label="The final assessor is somebody else than the supervisor of the same placement",
        help_text="An exception needs a reason, which stays beside the sign-off",
        required=False,
    )
    # What was on when the page was opened.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def wanted(self) -> list[str]:
        """The switches that are to be on, by their columns."""
        data = self.cleaned_data
        return [*data["ways"], *([SEPARATE] if data[SEPARATE] else [])]

    def was(self) -> list[str]:
        """The switches that were on when the page was opened."""
        seen: str = self.cleaned_data["seen"]
        return seen.split()


def switches_initial(on: Collection[str]) -> dict[str, Any]:
    """How the form begins, with the switches that are on."""
    ways = [name for name in on if name in WAYS]
    return {"ways": ways, SEPARATE: SEPARATE in on, "seen": " ".join(on)}
