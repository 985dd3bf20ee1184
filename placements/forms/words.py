"""Free words that may not name a patient: the check, the question about digits, and the field for longer words."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from school.core import patients

WORDS_LENGTH = 5000
REASON_LENGTH = 1000


def check_patients(text: str, *, answered: bool) -> None:
    """Raises ValidationError when a text holds an NHS number, or may and nobody said that it does not."""
    found = patients.nhs_numbers(text)
    if any(span.refused for span in found):
        raise ValidationError(patients.REFUSED)
    if found and not answered:
        raise ValidationError(patients.WARNED)


def digits_question() -> forms.BooleanField:
    """The box by which the writer says that digits are no patient's; its name is that of the words and `_checked`."""
    return forms.BooleanField(label="These digits are not an NHS number", required=False)


class NoPatientMixin(forms.Form):
    """A form with one field of free words, called `FREE_WORDS`, in which no patient may be named."""

    FREE_WORDS: ClassVar[str]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            check_patients(data.get(self.FREE_WORDS) or "", answered=self._is_answered(self.data))
        except ValidationError as error:
            self.add_error(self.FREE_WORDS, error)
        return data

    @property
    def asks_digits(self) -> bool:
        """Whether the writer is asked if digits are an NHS number."""
        if not self.is_bound:
            return self._is_answered(self.initial)
        return patients.WARNED in self.errors.get(self.FREE_WORDS, []) or self._is_answered(
            self.data
        )

    def _is_answered(self, data: Mapping[str, Any]) -> bool:
        name = f"{self.FREE_WORDS}_checked"
        return bool(data.get(self.add_prefix(name) if self.is_bound else name))


class WordsMixin(NoPatientMixin):
    """Longer words that somebody writes down and signs or hands on."""

    FREE_WORDS = "words"
    words = forms.CharField(
        label="What happened",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Nothing that points to a patient.",
    )
    words_checked = digits_question()
