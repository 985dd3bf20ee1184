"""An exam as it is filled in: its day, the change-over, the framework of its blueprint, and a row for each place."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms

from logbooks.osces.exams.document import (
    CHANGEOVER,
    LONGEST,
    MINUTES,
    MOST_PLACES,
    Document,
    Kind,
    Place,
)
from logbooks.osces.exams.queries import Published
from logbooks.osces.models import Exam
from logbooks.osces.rows import InOrder, rows_of, whole_number
from school.core.errors import DomainError
from school.core.forms import SchoolForm, SplitDateField
from school.core.free_text import rule_no_nhs_number

# Rows that a new exam begins with.
FIRST = 8
YEARS = (1, 2, 3)
OTHERS = {
    "": "Nothing",
    Kind.PREPARATION: "Preparation for the station after it",
    Kind.REST: "Rest",
}


class ExamForm(SchoolForm):
    """All of an exam but its places."""

    nouns: ClassVar[Mapping[str, str]] = {"changeover": "the minutes to change over, 0 if none"}
    title = forms.CharField(label="Title", max_length=LONGEST["title"])
    day = SplitDateField(label="Day of the exam", noun="the day of the exam")
    year = forms.TypedChoiceField(
        label="Year of the programme",
        help_text="A result counts in the log book of this year",
        choices=[(str(year), f"Year {year}") for year in YEARS],
        coerce=int,
        initial="3",
    )
    changeover = whole_number(
        "Minutes to change over",
        "A change-over takes",
        CHANGEOVER,
        "minutes",
        help_text="Between two places, for everybody at once",
    )
    framework = forms.ChoiceField(
        label="Framework of the blueprint",
        help_text="Its competencies that no station covers are listed as gaps",
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, frameworks: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "None"), *((name, name) for name in frameworks)]
        self.fields["framework"].choices = choices  # type: ignore[attr-defined]


class PlaceForm(SchoolForm):
    """A place of the circuit; one where nothing is, is none."""

    what = forms.ChoiceField(label="What is here", required=False)
    minutes = whole_number(
        "Minutes of a preparation or a rest",
        "A place lasts",
        MINUTES,
        "minutes",
        required=False,
    )
    instructions = forms.CharField(
        label="What the candidate reads",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST["instructions"],
    )

    def __init__(self, *args: Any, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    @property
    def opened(self) -> bool:
        """Whether the words are shown at once: where there are any."""
        return bool(self["instructions"].value())

    def clean_instructions(self) -> str:
        """Refuses a text with an NHS number."""
        words: str = self.cleaned_data["instructions"]
        try:
            rule_no_nhs_number(words, field="instructions")
        except DomainError as error:
            raise forms.ValidationError(error.message) from None
        return words

    def clean(self) -> dict[str, Any]:
        """Refuses minutes and words that would be lost, and a preparation or a rest without minutes."""
        data: dict[str, Any] = super().clean() or {}
        what, minutes, words = (data.get(name) for name in ("what", "minutes", "instructions"))
        if "what" in self.errors:
            return data
        if not what:
            # Choosing nothing takes out what was there; at a new place it was forgotten.
            if (minutes or words) and not self.initial.get("what"):
                self.add_error("what", "Choose what is here, or empty the minutes and the words")
        elif what not in OTHERS:
            if minutes:
                self.add_error("minutes", "A station says itself how long it takes. Empty this")
        elif not minutes and "minutes" not in self.errors:
            self.add_error("minutes", f"Enter how many minutes the {what} lasts")
        if what and what != Kind.PREPARATION and words:
            self.add_error("instructions", "Only a preparation has words of its own. Empty this")
        return data

    def place(self, published: Mapping[UUID, Published]) -> Place:
        """The row as a place of the design."""
        data = self.cleaned_data
        if data["what"] in OTHERS:
            kind = Kind(data["what"])
            return Place(kind, minutes=data["minutes"], instructions=data["instructions"])
        version = published[UUID(data["what"])].version
        return Place(Kind.STATION, version=version.uuid, digest=version.digest)


class Places(InOrder):
    """The rows in the order of their numbers; a row where nothing is chosen is taken out."""

    def places(self, published: Mapping[UUID, Published]) -> tuple[Place, ...]:
        """What the rows say."""
        return tuple(form.place(published) for form in self.filled("what"))


PlaceRows = rows_of(PlaceForm, Places, MOST_PLACES)


def choices(published: Mapping[UUID, Published]) -> list[tuple[str, Any]]:
    """What can be at a place: nothing, what has no marks, and the published stations."""
    stations = [(str(uuid), _named(one)) for uuid, one in published.items()]
    return [*OTHERS.items(), ("Marked stations", stations)]


def _named(one: Published) -> str:
    number, minutes = one.version.number, one.document.minutes
    newer = f"; version {one.newest} is newer" if one.newest > number else ""
    return f"{one.document.title}, version {number}, {minutes} minutes{newer}"


def filled(exam: Exam | None, document: Document, seen: str) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "title": exam.title if exam else "",
        "day": exam.day if exam else None,
        "year": exam.year if exam else 3,
        "changeover": document.changeover,
        "framework": document.framework,
        "seen": seen,
        "uuid": uuid4(),
    }


def filled_rows(document: Document) -> list[dict[str, Any]]:
    """What the rows begin with."""
    return [
        {
            "what": str(place.version or place.kind.value),
            "minutes": place.minutes or None,
            "instructions": place.instructions,
        }
        for place in document.places
    ]


def written(form: ExamForm, rows: Places, published: Mapping[UUID, Published]) -> Document:
    """The design that two valid forms say."""
    data = form.cleaned_data
    return Document(data["changeover"], data["framework"], rows.places(published))
