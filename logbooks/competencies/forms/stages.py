"""What is filled in to sign a whole stage, to record a result from elsewhere, and to move a student to another version."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from logbooks.competencies.forms.signing import (
    REASON_LENGTH,
    WORDS_LENGTH,
    ReasonedForm,
    exception_field,
)
from logbooks.competencies.models import FrameworkVersion, SignOff
from placements.forms.educator import SignedNowForm
from school.core.evidence import MAX_BYTES
from school.core.forms import SchoolForm, SplitDateField
from school.core.free_words import FreeWordsMixin

Outcome = SignOff.Outcome


class SignStageForm(FreeWordsMixin, SignedNowForm):
    """What the page showed the stage to rest on, words for the student, and a proof."""

    FREE_WORDS = ("feedback", "exception")
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    feedback = forms.CharField(
        label="Feedback",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The student sees it. Nothing that points to a patient.",
    )
    exception = exception_field()
    field_order = ("feedback", "exception", "words_checked", "password")


class ResultForm(FreeWordsMixin, SchoolForm):
    """What a document from elsewhere says, and the document.

    `again` when another result was recorded before, `kept` when that one stands with its document.
    """

    FREE_WORDS = ("what", "place", "reason")
    nouns: ClassVar[Mapping[str, str]] = {"outcome": "the outcome"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(
        label="What it was", max_length=200, help_text="For example “OSCE of the summer term”."
    )
    place = forms.CharField(
        label="Where it was held", max_length=200, help_text="For example the university."
    )
    day = SplitDateField(label="Held on", noun="the day on which it was held")
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[(Outcome.ACHIEVED, "Achieved"), (Outcome.NOT_YET, "Not yet")],
        widget=forms.RadioSelect,
    )
    evidence = forms.FileField(
        label="The document",
        required=False,
        help_text=(
            "What says so, as PDF, PNG or JPEG of at most 10 MB. Cover what is about other students."
        ),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}
        ),
    )
    reason = forms.CharField(
        label="Why another result follows it",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The student sees it. Nothing that points to a patient.",
    )
    field_order = ("what", "place", "day", "outcome", "evidence", "reason", "words_checked")

    def __init__(self, *args: Any, again: bool, kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kept:
            self.fields["evidence"].label = "Another document"
            self.fields[
                "evidence"
            ].help_text = "Leave it empty when the document that is kept already says so. PDF, PNG or JPEG of at most 10 MB."
        if not again:
            del self.fields["reason"]

    def clean_evidence(self) -> UploadedFile | None:
        """Refuses what is too large before it is read."""
        file: UploadedFile | None = self.cleaned_data["evidence"]
        if file and (file.size or 0) > MAX_BYTES:
            raise ValidationError("The file has more than 10 MB. Choose a smaller one.")
        return file


class MoveForm(ReasonedForm):
    """The version that a student is moved to, and why."""

    nouns: ClassVar[Mapping[str, str]] = {"version": "the version"}
    version = forms.ChoiceField(label="To which version", widget=forms.RadioSelect)
    field_order = ("version", "reason", "words_checked")

    def __init__(
        self, *args: Any, versions: Sequence[tuple[FrameworkVersion, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (str(row.uuid), said) for row, said in versions
        ]

    @property
    def chosen(self) -> UUID:
        """The version that was chosen."""
        return UUID(self.cleaned_data["version"])
