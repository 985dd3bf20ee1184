"""Sending a file of another tool, saying how its columns are read, and saying that it may be written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from logbooks.cpd.actions.importing import LOOK
from logbooks.cpd.importing import mapping
from logbooks.cpd.importing.mapping import COLUMNS, ELSE, MOST_TYPES, NEEDED, Asked
from logbooks.cpd.models import LEARNING
from school.core.errors import DomainError
from school.core.forms import SchoolForm, sentence

TYPES = [("", "Choose"), *((key, sentence(label)) for key, label in LEARNING)]

LENGTHS = frozenset({"hours", "minutes"})


class ColumnsForm(SchoolForm):
    """The heading of each column here, and the type of learning of each distinct word of the column of types.

    Headings are told by their place, so that any of their words can be sent. `read` gives the cells below one.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        headings: Sequence[str],
        asked: Asked,
        read: Callable[[str], list[str]],
    ) -> None:
        super().__init__(data)
        self._headings = headings
        places = {heading: str(place) for place, heading in enumerate(headings)}
        for name, known in COLUMNS.items():
            needed = name in NEEDED
            nothing = ("", "Choose") if needed else ("", "Not in the file")
            self.fields[name] = forms.ChoiceField(
                label=known.label,
                required=needed,
                choices=[nothing, *((place, heading) for heading, place in places.items())],
                initial=places.get(asked.columns.get(name, ""), ""),
                error_messages={"required": f"Choose the column of the {known.label.lower()}"},
            )
        said = LENGTHS & set(asked.columns)
        self._unsaid = "" if said else mapping.unsaid_length(headings, read)
        for name in LENGTHS if self._unsaid else ():
            self.fields[name].help_text = f"Choose “{self._unsaid}” here if its numbers are {name}"
        self._words: dict[str, str] = {}
        heading = self._heading(data.get("learning", "")) if data is not None else asked.columns.get("learning")  # fmt: skip
        self._ask_types(mapping.words_of(read(heading)) if heading else {ELSE: ""}, asked)

    def _ask_types(self, words: Mapping[str, str], asked: Asked) -> None:
        if len(words) > MOST_TYPES:
            message = f"This column has {len(words):,} different words, so it names no types. Choose another, or none"
            self.fields["learning"].validators.append(_refusing(message))
            words = {ELSE: ""}
        types = mapping.types_of(words) | dict(asked.types)
        for number, (word, shown) in enumerate(words.items()):
            label = f"Type of learning of “{shown}”" if word else "Type of learning where the file names none"  # fmt: skip
            self.fields[f"type-{number}"] = forms.ChoiceField(
                label=label,
                choices=TYPES,
                initial=types.get(word, ""),
                error_messages={"required": f"Choose the {label[0].lower()}{label[1:]}"},
            )
            self._words[f"type-{number}"] = word

    def _heading(self, place: str) -> str:
        return self._headings[int(place)] if place.isdecimal() and int(place) < len(self._headings) else ""  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """No column of the file is read as two."""
        data = super().clean() or self.cleaned_data
        read: dict[str, str] = {}
        for name in COLUMNS:
            place = data.get(name)
            if place and place in read:
                self.add_error(name, f"This column is the {COLUMNS[read[place]].label.lower()} already. Choose another")  # fmt: skip
            elif place:
                read[place] = name
        if self._unsaid and not any(data.get(name) for name in LENGTHS):
            self.add_error(
                "hours",
                f"“{self._unsaid}” does not say in what it counts. Choose it here if it is in hours, or below if it is in minutes",
            )
        return data

    def asked(self) -> Asked:
        """What was said."""
        said = self.cleaned_data
        columns = {name: self._heading(said[name]) for name in COLUMNS if said[name]}
        return Asked(columns, {word: said[name] for name, word in self._words.items()})

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[name] for name in COLUMNS]

    @property
    def types(self) -> list[forms.BoundField]:
        """The fields of the words."""
        return [self[name] for name in self._words]


def _refusing(message: str) -> Callable[[Any], None]:
    def refuse(_value: Any) -> None:
        raise ValidationError(message)

    return refuse


class WriteForm(SchoolForm):
    """The two things to say before a file is written: asked for only where there is something to say."""

    without_refused = forms.BooleanField(required=False)
    words_checked = forms.BooleanField(
        label="I have looked: none of this points to a patient", required=False
    )

    def __init__(self, data: Mapping[str, Any] | None, *, refused: int, warned: bool) -> None:
        super().__init__(data)
        rows = "the refused row" if refused == 1 else f"the {refused:,} refused rows"
        self.fields["without_refused"].label = f"Leave out {rows} and write all others"
        self._refused, self._warned = refused, warned
        if not refused:
            del self.fields["without_refused"]
        if not warned:
            del self.fields["words_checked"]

    def clean(self) -> dict[str, Any]:
        """Nothing is written while a row is refused, unless it is to be left out, or while words wait for an answer."""
        data = super().clean() or self.cleaned_data
        if self._refused and not data.get("without_refused"):
            self.add_error("without_refused", "Correct the refused rows and send the file again, or tick to leave them out")  # fmt: skip
        if self._warned and not data.get("words_checked"):
            self.add_error("words_checked", LOOK)
        return data

    def take(self, error: DomainError) -> int:
        """Puts what a rule said at its field; answers with the status of the page."""
        self.add_error(error.field if error.field in self.fields else None, error.message)
        return error.status
