"""What a student fills in about a placement: ten answers and a comment."""

from typing import Any

from django import forms

from placements.evaluations import priorities
from placements.forms.words import NoPatientMixin, digits_question
from school.core.forms import SchoolForm

LEVELS = (
    ("1", "1: not at all"),
    ("2", "2: rarely"),
    ("3", "3: sometimes"),
    ("4", "4: mostly"),
    ("5", "5: always"),
)
COMMENT_LENGTH = 2000


class EvaluationForm(NoPatientMixin, SchoolForm):
    """Ten answers from 1 to 5 in the charter's order, and a comment."""

    FREE_WORDS = "comment"
    comment = forms.CharField(
        label="What else the School should know",
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=(
            "The site never reads this. The School reads it without your name and together with the "
            "words of at least four others. Name nobody, and nothing that points to a patient."
        ),
    )
    comment_checked = digits_question()
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rated = {}
        for one in priorities():
            rated[f"priority_{one.number}"] = forms.ChoiceField(
                label=one.name,
                help_text=one.question,
                choices=LEVELS,
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose an answer about {one.name.lower()}"},
            )
        self.fields = {**rated, **self.fields}

    @property
    def rated(self) -> list[forms.BoundField]:
        """The fields of the ten answers."""
        return [self[f"priority_{one.number}"] for one in priorities()]

    def ratings(self) -> list[int]:
        """The ten answers, once the form is valid."""
        return [int(self.cleaned_data[f"priority_{one.number}"]) for one in priorities()]
