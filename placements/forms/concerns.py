"""What a concern is about and who reads it, and what was done about it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from placements.concerns_queries import Candidate
from placements.forms.words import WordsMixin
from placements.models import ConcernStep
from school.core.forms import SchoolForm
from school.people.models import Person


class ConcernForm(WordsMixin, SchoolForm):
    """A concern and its readers; `student` may be let in by whoever else raises it."""

    nouns: ClassVar[Mapping[str, str]] = {"words": "what worries you"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    readers = forms.MultipleChoiceField(
        label="Who reads it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only you and those you tick read it, now or later. A reader can name more.",
    )
    student = forms.BooleanField(label="The student reads it too", required=False)
    field_order = ("words", "words_checked", "readers", "student")

    def __init__(
        self, *args: Any, candidates: Sequence[Candidate], student: Person | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = "What worries you"
        self.fields[
            "words"
        ].help_text = "What you saw or heard, and when. Nothing that points to a patient."
        self._people = {str(found.person.uuid): found.person for found in candidates}
        self.fields["readers"].choices = [  # type: ignore[attr-defined]
            (str(found.person.uuid), f"{found.person.name}, {found.roles}") for found in candidates
        ]
        self._student = student
        if student is None:
            del self.fields["student"]
        else:
            self.fields["student"].label = f"{student.name} reads it too"

    @property
    def chosen(self) -> list[Person]:
        """Those who were ticked."""
        people = [self._people[key] for key in self.cleaned_data["readers"]]
        if self._student is not None and self.cleaned_data["student"]:
            people.append(self._student)
        return people


class StepForm(WordsMixin, SchoolForm):
    """What was done about a concern, or how it ended."""

    nouns: ClassVar[Mapping[str, str]] = {
        "words": "what was done",
        "outcome": "whether this closes the concern",
    }
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="Does this close the concern?", widget=forms.RadioSelect)
    field_order = ("words", "words_checked", "outcome")

    def __init__(self, *args: Any, may_close: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = "What was done"
        note = ConcernStep.Outcome.NOTE
        outcome = self.fields["outcome"]
        if may_close:
            outcome.choices = [  # type: ignore[attr-defined]
                (note.value, "No, it stays open"),
                *((o.value, f"Yes: {o.label}") for o in ConcernStep.Outcome if o != note),
            ]
        else:
            outcome.choices = [(note.value, note.label)]  # type: ignore[attr-defined]
            outcome.widget = forms.HiddenInput()
            self.initial["outcome"] = note.value


class ReaderForm(SchoolForm):
    """Somebody else who is to read a concern."""

    nouns: ClassVar[Mapping[str, str]] = {"readers": "who else reads it"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    readers = forms.ChoiceField(label="Who else reads it")

    def __init__(
        self, *args: Any, candidates: Sequence[Candidate], student: Person | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(found.person, found.roles) for found in candidates]
        if student is not None:
            named.append((student, "the student"))
        self._people = {str(person.uuid): person for person, _ in named}
        self.fields["readers"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *((str(person.uuid), f"{person.name}, {what}") for person, what in named),
        ]

    @property
    def chosen(self) -> Person:
        """Who was chosen."""
        return self._people[self.cleaned_data["readers"]]
