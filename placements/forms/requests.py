"""Forms of asking a site for places and of its answer."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from placements.forms.coordinator import OfferForm
from placements.models import Stage
from school.core.forms import SchoolForm

WORDS_LENGTH = 1000


class AskForm(OfferForm):
    """Places that a coordinator asks a site for."""

    words = forms.CharField(
        label="What the site should know",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Which weeks could be moved, for example. No student’s name.",
    )
    field_order = ("stage", "places", "starts", "ends", "words", "uuid")

    def __init__(self, *args: Any, stages: QuerySet[Stage], **kwargs: Any) -> None:
        super().__init__(*args, stages=stages, **kwargs)
        self.fields["places"].label = "Places at a time"


class AnswerForm(SchoolForm):
    """What a site answers."""

    places = forms.IntegerField(
        label="Places you offer",
        min_value=1,
        required=False,
        widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "numeric"}),
        error_messages={"min_value": "Offer 1 place or more, or decline"},
    )
    words = forms.CharField(
        label="Words to the coordinator",
        help_text="Needed when you decline",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "offer" in self.data and data.get("places") is None and "places" not in self.errors:
            self.add_error("places", "Enter how many places you offer")
        return data
