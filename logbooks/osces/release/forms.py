"""An appeal in a candidate's own words, and the answer to it."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from school.core.forms import SchoolForm

LONGEST = 4_000


class AppealForm(SchoolForm):
    """What a candidate asks to be looked at again."""

    nouns: ClassVar[Mapping[str, str]] = {"words": "what should be looked at again, and why"}
    words = forms.CharField(
        label="What should be looked at again, and why",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Those who run OSCEs read this with every mark you were given and how it came about.",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class AnswerForm(SchoolForm):
    """Whether an appeal is upheld, and what the candidate is told."""

    nouns: ClassVar[Mapping[str, str]] = {
        "upheld": "whether the appeal is upheld",
        "words": "the answer",
    }
    upheld = forms.ChoiceField(
        label="Is the appeal upheld?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        help_text="Upholding changes no mark by itself: amend the sheet, set the standard anew and release that.",
    )
    words = forms.CharField(
        label="Your answer",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The candidate reads this.",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)
