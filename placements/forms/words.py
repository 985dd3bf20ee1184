"""Words that somebody writes down and signs or hands on; nothing in them may name a patient."""

from django import forms

from placements.forms.educator import check_patients
from school.core import patients

WORDS_LENGTH = 5000


class WordsMixin(forms.Form):
    """The field for the words, and the question whether digits in them are an NHS number."""

    words = forms.CharField(
        label="What happened",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Nothing that points to a patient.",
    )
    words_checked = forms.BooleanField(label="These digits are not an NHS number", required=False)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        check_patients(words, answered="words_checked" in self.data)
        return words

    @property
    def asks_digits(self) -> bool:
        """Whether the writer is asked if digits are an NHS number."""
        if not self.is_bound:
            return "words_checked" in self.initial
        return patients.WARNED in self.errors.get("words", []) or "words_checked" in self.data
