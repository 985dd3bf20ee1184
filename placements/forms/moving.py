"""What a coordinator fills in to change a placement: another site, a swap, other dates, a withdrawal."""

from datetime import time
from typing import Any

from django import forms
from django.db.models import QuerySet

from placements import reference
from placements.actions.arranging import Rota
from placements.forms.coordinator import QuickSelect, RotaForm
from placements.forms.words import REASON_LENGTH
from placements.models import Placement
from school.core import days
from school.core.forms import SchoolForm, SplitDateField
from school.people.models import Site

KEPT = "The record keeps it. Nothing that points to a patient, and no details of an illness."


def _why(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=KEPT,
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Enter why"},
        **more,
    )


class MoveForm(RotaForm):
    """Another site from a day on, with a rota if it is known."""

    site = forms.ModelChoiceField(
        label="Site", queryset=Site.objects.all(), to_field_name="slug", empty_label="Choose"
    )
    day = SplitDateField(label="First day there", noun="the first day there")
    ends = SplitDateField(label="Last day there", noun="the last day there", help_text="It still counts")  # fmt: skip
    confirmed = forms.BooleanField(label="The new site has confirmed this", required=False)
    why = _why("Why the student moves")
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    MAIN = ("site", "day", "ends", "confirmed", "why")
    ROTA = ("weekdays", "start", "end", "break_minutes")
    field_order = (*MAIN, *ROTA, "reason", "uuid")

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Site.objects.exclude(pk=placement.site_id)
        self.fields["site"].queryset = others  # type: ignore[attr-defined]
        self.fields["weekdays"].required = False
        self.fields["weekdays"].help_text = "Leave them empty to plan the rota later"
        for name, value in (("start", time(8)), ("end", time(16)), ("break_minutes", 30)):
            self.fields[name].initial = value

    def rota(self) -> Rota | None:
        """The rota at the new site; None when it was left out."""
        pattern = self.pattern()
        if pattern is None:
            return None
        clinical = reference.day_types()["clinical"]
        return Rota(pattern=pattern, day_type=clinical, reason=self.cleaned_data["reason"])


class PlacementChoice(forms.ModelChoiceField):
    """A placement by who is where and when."""

    widget = QuickSelect

    def label_from_instance(self, placement: Placement) -> str:
        return (
            f"{placement.enrolment.person.name}, {placement.site.name}, "
            f"{days.long_date(placement.starts)} to {days.long_date(placement.ends)}"
        )


class SwapForm(SchoolForm):
    """With whom a student changes places, and from which day."""

    other = PlacementChoice(
        label="Swap with",
        queryset=Placement.objects.none(),
        to_field_name="uuid",
        empty_label="Choose",
        help_text="Students of the same stage who are placed elsewhere in these weeks",
    )
    day = SplitDateField(
        label="First day of the swap",
        noun="the first day of the swap",
        help_text="From then on each takes over the other’s place until its last day",
    )
    confirmed = forms.BooleanField(label="Both sites have confirmed this", required=False)
    why = _why("Why the two swap")
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    other_uuid = forms.UUIDField(widget=forms.HiddenInput)

    MAIN = ("other", "day", "confirmed", "why")

    def __init__(self, *args: Any, others: QuerySet[Placement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]


class DatesForm(SchoolForm):
    """Other dates for a placement."""

    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(label="Last day", noun="the last day", help_text="It still counts")
    reason = _why("Why", required=False)
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    MAIN = ("starts", "ends", "reason")


class WithdrawForm(SchoolForm):
    """Why a placement is withdrawn."""

    reason = forms.CharField(
        label="Why the placement is withdrawn",
        help_text=KEPT,
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Enter why the placement is withdrawn"},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    MAIN = ("reason",)
