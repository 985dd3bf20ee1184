"""What an assessor fills in to sign, and what is filled in to revoke a sign-off or to say what does not apply."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError

from logbooks.competencies.models import Level, SignOff
from logbooks.competencies.signing_queries import parsed
from logbooks.competencies.signing_rules import Item, Said
from placements.forms.educator import SignedNowForm
from placements.forms.times import device_time
from school.core.forms import SchoolForm, SplitDateField
from school.core.free_words import FreeWordsMixin

WORDS_LENGTH = 2000
REASON_LENGTH = 1000
Outcome = SignOff.Outcome

Shown = tuple[UUID, UUID | None, UUID | None]


def exception_field() -> forms.CharField:
    """Why somebody signs as final assessor of a student whom they supervise day to day."""
    return forms.CharField(
        label="Why you sign as final assessor of a student whom you supervise",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only if nobody else can. It stands in the record with the sign-off.",
    )


class LinesField(forms.Field):
    """The ticked lines, each as signing_queries.SignLine.value spells it."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> dict[str, Shown]:
        found = {str(item): parsed(str(item)) for item in value or ()}
        if any(line is None for line in found.values()):
            raise ValidationError("Open the page again: its lines could not be read.")
        return {key: line for key, line in found.items() if line is not None}


class SaidForm(FreeWordsMixin, SchoolForm):
    """The ticked lines, what was seen and when, and in which capacity; `batch` is made once and kept."""

    FREE_WORDS = ("feedback", "next_step", "exception")
    nouns: ClassVar[Mapping[str, str]] = {"outcome": "what you saw", "capacity": "as what you sign"}
    batch = forms.UUIDField(widget=forms.HiddenInput)
    device_time = forms.CharField(widget=forms.HiddenInput, required=False)
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
    exception = exception_field()
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
        "way",
        "address",
        "secret",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(tuple, (), apart=False)

    def offer(
        self, levels: Callable[[], Sequence[Level]], capacities: Sequence[str], *, apart: bool
    ) -> Self:
        """Offers the levels of the scale and the capacities that the person holds; `apart` when supervisor and assessor are kept apart.

        The levels are asked for when the page is written or one was chosen, and not for most that is sent.
        """
        scale = cache(levels)
        self.fields["level"].choices = lambda: [  # type: ignore[attr-defined]
            ("", "The level required"),
            *((row.code, row.title) for row in scale()),
        ]
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

    def items(self, placement: UUID) -> list[Item]:
        """The lines as the act takes them; the same batch gives the same again."""
        data = self.cleaned_data
        return [
            Item(
                uuid=uuid5(data["batch"], key),
                placement=placement,
                competency=competency,
                request=asked,
                newest=newest,
            )
            for key, (competency, asked, newest) in data["line"].items()
        ]

    def said(self, proved: SignOff.Proof) -> Said:
        """What is said of them, as the act takes it."""
        data = self.cleaned_data
        return Said(
            outcome=SignOff.Outcome(data["outcome"]),
            day=data["day"],
            proof=proved,
            level=data["level"],
            capacity=data["capacity"],
            feedback=data["feedback"],
            next_step=data["next_step"],
            exception=data["exception"],
            device_time=device_time(data["device_time"]),
        )


class SignForm(SaidForm, SignedNowForm):
    """The same with a proof of whoever is signed in."""


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
