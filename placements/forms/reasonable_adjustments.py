"""What a student needs, and who may read it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from placements.actions.reasonable_adjustments import Consent
from placements.forms.words import WordsMixin
from placements.reasonable_adjustments_queries import SITE, SUPERVISORS, UNIVERSITY
from school.core.forms import SchoolForm, sentence

GROUPS = (("supervisors", SUPERVISORS), ("site", SITE), ("university", UNIVERSITY))


class NeedForm(WordsMixin, SchoolForm):
    """A need in the student's own words; ticking nobody keeps it to the student."""

    nouns: ClassVar[Mapping[str, str]] = {"words": "what you need"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    shown_to = forms.MultipleChoiceField(
        label="Who may read it",
        required=False,
        choices=[(key, sentence(words)) for key, words in GROUPS],
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody else sees it, and you can change this at any time.",
    )
    field_order = ("words", "words_checked", "shown_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = "What you need on placement"
        self.fields[
            "words"
        ].help_text = (
            "For example a seat at the console, printed sheets, or a break at a fixed time."
        )

    @property
    def consent(self) -> Consent:
        """Those who were ticked."""
        return Consent(**dict.fromkeys(self.cleaned_data["shown_to"], True))
