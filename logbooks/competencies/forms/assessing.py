"""What an assessor fills in beside the scanner: a rating for each item, a judgement, feedback and a proof."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest

from logbooks.competencies.actions.assessing import Given
from logbooks.competencies.assessing_queries import NOT_SEEN_WORDS
from logbooks.competencies.assessments import NOT_SEEN, Form, Item
from placements.forms.educator import SignedForm, SignedNowForm
from placements.forms.times import device_time
from school.core.forms import SplitDateField
from school.core.free_words import FreeWordsMixin
from school.people import proof

FEEDBACK_LENGTH = 3000
PREFIX = "item_"
# What is not brought back when a form was interrupted: the proof, and the device's time of then.
NOT_KEPT = frozenset({"password", "device_time"})


class ReadForm(SignedForm):
    """The student's name under what they have read."""


class RateForm(FreeWordsMixin, SignedNowForm):
    """The items of a form, each with the steps of its scale; what a second assessor fills in."""

    FREE_WORDS = ("feedback",)
    nouns: ClassVar[Mapping[str, str]] = {"judgement": "your judgement of the whole"}
    judgement = forms.ChoiceField(label="As a whole", widget=forms.RadioSelect)
    feedback = forms.CharField(
        label="Feedback",
        required=False,
        max_length=FEEDBACK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The student reads it. Needed when an item was not met or the whole is not passed. "
        "Nothing that points to a patient.",
    )

    def __init__(self, request: HttpRequest, *args: Any, form: Form, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.form = form
        # What was written before under the key of this form, with other ratings.
        self.sent_before: UUID | None = None
        self.fields["judgement"].choices = [  # type: ignore[attr-defined]
            (step.code, step.title) for step in form.judgements
        ]
        for item in form.items:
            self.fields[PREFIX + item.code] = _rating(form, item)
        words = [*self.FREE_WORDS, "words_checked", "moderated", "password"]
        self.order_fields(
            ["day", *(PREFIX + item.code for item in form.items), "judgement", *words]
        )

    @classmethod
    def opened_for(cls, request: HttpRequest, form: Form, initial: Mapping[str, Any]) -> Self:
        """The form before anything is sent: empty, or as it was when a proof or a sign-in interrupted it."""
        made = cls(request, initial={"batch": uuid4(), **initial}, form=form)
        kept = proof.kept_form(request)
        if kept is not None:
            made.initial.update(
                (name, field.widget.value_from_datadict(kept, {}, name))
                for name, field in made.fields.items()
                if name not in NOT_KEPT
            )
        return made

    @property
    def groups(self) -> list[tuple[str, list[tuple[Item, BoundField]]]]:
        """The items with their boxes, by group."""
        found: dict[str, list[tuple[Item, BoundField]]] = {}
        for item in self.form.items:
            found.setdefault(item.group, []).append((item, self[PREFIX + item.code]))
        return list(found.items())

    @property
    def given(self) -> Given:
        """What was filled in, once the form is valid and the person has proved who they are."""
        data = self.cleaned_data
        return Given(
            ratings={item.code: data[PREFIX + item.code] for item in self.form.items},
            judgement=data["judgement"],
            feedback=data["feedback"],
            proof=self.way,
            device_time=device_time(data["device_time"]),
        )


class AssessForm(RateForm):
    """What the first assessor fills in: also the day, and whether a second one is asked for."""

    day = SplitDateField(label="Seen on", noun="the day on which you saw it")
    moderated = forms.BooleanField(
        label="Ask a second assessor to rate the same attempt",
        required=False,
        help_text="Somebody else who watched it rates it without seeing this. Neither the student nor "
        "anybody else sees what you gave until they have.",
    )


def _rating(form: Form, item: Item) -> forms.ChoiceField:
    steps = [(step.code, step.title) for step in form.scale]
    if item.may_be_unseen:
        steps.append((NOT_SEEN, NOT_SEEN_WORDS))
    return forms.ChoiceField(
        label=item.title,
        choices=steps,
        widget=forms.RadioSelect,
        error_messages={"required": f"Rate “{item.title}”"},
    )
