"""What a student fills in to ask for sign-off: of whom, what, and on which evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from logbooks.competencies.assessors import Named
from logbooks.competencies.models import Competency
from placements.models import Placement
from school.core.forms import SchoolForm
from school.core.free_words import FreeWordsMixin

NOTE_LENGTH = 1000


class AskForm(FreeWordsMixin, SchoolForm):
    """Competencies and their evidence, an assessor, and a note to them; `batch` is made once and kept.

    A line of evidence is the UUIDs of its competency and of the log entry, with a dot between.
    """

    FREE_WORDS = ("note",)
    nouns: ClassVar[Mapping[str, str]] = {"assessor": "who signs", "competency": "what to ask for"}
    batch = forms.UUIDField(widget=forms.HiddenInput)
    assessor = forms.ChoiceField(label="Who signs", widget=forms.RadioSelect)
    competency = forms.MultipleChoiceField(
        label="What to ask for", widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    note = forms.CharField(
        label="Note to your assessor",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When they saw you, or what they should look at. Nothing that points to a patient.",
    )

    def __init__(
        self,
        *args: Any,
        offered: Iterable[Competency],
        pieces: Iterable[str],
        who: Sequence[tuple[Placement, Named]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._who = {f"{place.uuid}.{named.person.uuid}": (place, named) for place, named in who}
        self.fields["assessor"].choices = [  # type: ignore[attr-defined]
            (key, f"{named.person.name}, {named.what}, {place.site.name}")
            for key, (place, named) in self._who.items()
        ]
        self.fields["competency"].choices = [(str(one.uuid), str(one)) for one in offered]  # type: ignore[attr-defined]
        self.fields["evidence"].choices = [(piece, piece) for piece in pieces]  # type: ignore[attr-defined]
        if len(self._who) == 1:
            self.fields["assessor"].initial = next(iter(self._who))

    @property
    def chosen(self) -> tuple[Placement, Named]:
        """The placement and who signs there."""
        return self._who[self.cleaned_data["assessor"]]

    def evidence_for(self, competency: UUID) -> tuple[UUID, ...]:
        """The log entries that were ticked for a competency."""
        pairs = (piece.split(".") for piece in self.cleaned_data["evidence"])
        return tuple(UUID(entry) for own, entry in pairs if own == str(competency))

    def clean_competency(self) -> list[UUID]:
        try:
            return [UUID(value) for value in self.cleaned_data["competency"]]
        except ValueError:
            raise ValidationError(
                "Open the page again: what was ticked could not be read."
            ) from None
