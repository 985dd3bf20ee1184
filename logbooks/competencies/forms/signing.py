"""What an assessor fills in to sign, and what is filled in to revoke a sign-off or to say what does not apply."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from logbooks.competencies.models import Level, SignOff
from logbooks.competencies.signing_queries import parsed
from placements.forms.educator import SignedForm
from school.core.forms import SchoolForm, SplitDateField
from school.core.free_words import FreeWordsMixin
from school.people import proof

WORDS_LENGTH = 2000
REASON_LENGTH = 1000
Outcome = SignOff.Outcome

Shown = tuple[UUID, UUID | None, UUID | None]


class LinesField(forms.Field):
    """The ticked lines, each as signing_queries.SignLine.value spells it."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> dict[str, Shown]:
        found = {str(item): parsed(str(item)) for item in value or ()}
        if any(line is None for line in found.values()):
            raise ValidationError("Open the page again: its lines could not be read.")
        return {key: line for key, line in found.items() if line is not None}


class SignForm(FreeWordsMixin, SignedForm):
    """The ticked lines, what was seen and when, in which capacity, and a proof."""

    FREE_WORDS = ("feedback", "next_step", "exception")
    nouns: ClassVar[Mapping[str, str]] = {"outcome": "what you saw", "capacity": "as what you sign"}
    line = LinesField(required=False)
    outcome = forms.ChoiceField(
        label="What you saw",
        choices=[
            (Outcome.ACHIEVED, "Achieved"),
            (Outcome.NOT_YET, "Not yet: I say what to do next"),
        ],
        widget=forms.RadioSelect,
    )
    day = SplitDateField(
        label="Seen on", noun="the day on which you saw it", help_text="A day of the placement."
    )
    level = forms.ChoiceField(
        label="Level that you saw",
        required=False,
        help_text="Leave it for the level that each line asks for.",
    )
    capacity = forms.ChoiceField(label="You sign as", required=False, widget=forms.RadioSelect)
    feedback = forms.CharField(
        label="Feedback",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The student sees it. Needed for “not yet”. Nothing that points to a patient.",
    )
    next_step = forms.CharField(
        label="Next step",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the student does next. Needed for “not yet”.",
    )
    exception = forms.CharField(
        label="Why you sign as final assessor of a student whom you supervise",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only if nobody else can. It stands in the record with the sign-off.",
    )
    field_order = (
        "outcome",
        "day",
        "level",
        "capacity",
        "feedback",
        "next_step",
        "exception",
        "words_checked",
        "password",
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.offer((), (), apart=False)

    @classmethod
    def opened(cls, request: HttpRequest) -> Self:
        """As it was when something interrupted it; a day is three boxes, which are put together here."""
        form = super().opened(request)
        kept = proof.kept_form(request)
        if kept is not None:
            form.initial["day"] = form.fields["day"].widget.value_from_datadict(kept, {}, "day")
        return form

    def offer(self, levels: Sequence[Level], capacities: Sequence[str], *, apart: bool) -> Self:
        """Offers the levels of the scale and the capacities that the person holds; `apart` when supervisor and assessor are kept apart."""
        scale = [("", "The level required"), *((row.code, row.title) for row in levels)]
        self.fields["level"].choices = scale  # type: ignore[attr-defined]
        self.fields["capacity"].choices = [  # type: ignore[attr-defined]
            (held, SignOff.Capacity(held).label.capitalize()) for held in capacities
        ]
        self.fields["capacity"].initial = capacities[0] if capacities else ""
        self.chooses_capacity = len(capacities) > 1
        self.may_except = apart and SignOff.Capacity.ASSESSOR in capacities and len(capacities) > 1
        return self

    def clean_line(self) -> dict[str, Shown]:
        lines: dict[str, Shown] = self.cleaned_data["line"]
        if not lines:
            raise ValidationError("Tick what you sign")
        return lines

    @property
    def ticked(self) -> set[str]:
        """The lines that were ticked, whatever else is wrong."""
        return set(self["line"].value() or ())


class ReasonedForm(FreeWordsMixin, SchoolForm):
    """A reason that the student reads; `uuid` is made once and kept, so that a retry is the same act."""

    FREE_WORDS = ("reason",)
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Reason",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The student sees it. Nothing that points to a patient.",
    )


class RevokeForm(ReasonedForm):
    """Why a sign-off holds no longer, and from when."""

    day = SplitDateField(label="Holds no longer from", noun="the day from which it holds no longer")
    field_order = ("day", "reason", "words_checked")
