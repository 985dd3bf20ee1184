"""What a person says in their profile: what they choose, what they write, and that it is to be frozen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from logbooks.cpd.actions.profiles import rule_not_too_many
from logbooks.cpd.models import Activity
from logbooks.cpd.profile.document import Listed
from logbooks.cpd.schemes import Part, Scheme
from school.core.errors import DomainError
from school.core.forms import SchoolForm
from school.core.free_words import FreeWordsMixin

NOT_EMPTY = (
    "There are words here already, and nothing is written over. "
    "Empty this box first to begin it with your reflections."
)
NO_REFLECTIONS = "None of the activities that you chose has words yet. Write here yourself."

# By this class the design system finds the box whose words it counts.
COUNTED = "nhsuk-js-character-count"
# A part of at most so many words has a small box.
FEW = 500

# One of hundreds of boxes: a template would take longer for them than all else on the page.
BOX = (
    '<div class="nhsuk-checkboxes__item"><input class="nhsuk-checkboxes__input" id="a-{0}" name="chosen" '
    'type="checkbox" value="{0}"{1} aria-describedby="h-{0}"><label class="nhsuk-label '
    'nhsuk-checkboxes__label" for="a-{0}">{2}</label><div class="nhsuk-hint nhsuk-checkboxes__hint" '
    'id="h-{0}">{3}</div></div>'
)


@dataclass(frozen=True, slots=True)
class Line:
    """An activity to be chosen; `reason` is empty where it is not suggested."""

    key: str
    title: str
    said: str
    ticked: bool
    reason: str


def boxes(lines: Iterable[Line]) -> SafeString:
    """A box for each line."""
    return mark_safe("".join(map(_box, lines)))  # noqa: S308 - every word has been through escape()


def _box(one: Line) -> str:
    said = f"{one.said}. Suggested: {one.reason}" if one.reason else one.said
    return BOX.format(one.key, " checked" if one.ticked else "", escape(one.title), escape(said))


class ChooseForm(SchoolForm):
    """The activities that the profile describes; `seen` is a mark of the choice as it was when the page was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    chosen = forms.TypedMultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, activities: Sequence[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = {str(one.uuid): one.pk for one in activities}
        field = self.fields["chosen"]
        if self.is_bound:  # only what was sent is looked up among them: boxes() shows them
            field.choices = [(key, key) for key in keys]  # type: ignore[attr-defined]
        field.coerce = keys.__getitem__  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = (
            "Something that you ticked is in your list no longer. What is left is ticked still."
        )


class WordsField(forms.CharField):
    """The words of a part, as they are kept."""

    widget = forms.Textarea

    def __init__(self, part: Part) -> None:
        super().__init__(
            required=False,
            label=part.title,
            help_text=" ".join(part.prompts),
            validators=[_not_too_many],
        )
        self.widget.attrs |= {"class": COUNTED, "rows": 12 if (part.most_words or 0) <= FEW else 24}


class WordsForm(FreeWordsMixin, SchoolForm):
    """The parts that a person writes; `seen` is a mark of the words as they were when the page was opened.

    A part may be too long while it is a draft: the page says by how much.
    """

    nouns: ClassVar[Mapping[str, str]] = {}
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        self.parts = {one.key: one for one in scheme.written}
        self.FREE_WORDS = tuple(self.parts)
        boxes = {key: WordsField(part) for key, part in self.parts.items()}
        # A form makes its fields of these, before anything else is said of them.
        self.base_fields = {**self.base_fields, **boxes}  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    @property
    def texts(self) -> dict[str, str]:
        """What is written, by the keys of the parts."""
        return {key: self.cleaned_data[key] for key in self.parts}

    @property
    def boxes(self) -> list[tuple[forms.BoundField, Part]]:
        """Each box with the part that it is for."""
        return [(self[key], part) for key, part in self.parts.items()]


class FreezeForm(SchoolForm):
    """That a profile is to be frozen as it was shown; `uuid` is made once, so that a retry is the same profile."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)


def begun(activities: Sequence[Activity]) -> str:
    """Words to begin with: the person's own about each activity, under its title."""
    told = [(one.title, [one.learned, one.practice, one.benefit]) for one in activities]
    return "\n\n".join(
        "\n\n".join([title, *(text.strip() for text in words if text.strip())])
        for title, words in told
        if any(text.strip() for text in words)
    )


def _not_too_many(text: str) -> None:
    """Refuses what is far beyond any limit before it is looked through."""
    try:
        rule_not_too_many(text, field="")
    except DomainError as error:
        raise ValidationError(error.message) from None
