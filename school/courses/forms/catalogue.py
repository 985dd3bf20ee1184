"""What the catalogue asks."""

from django import forms

from school.core.forms import SchoolForm
from school.courses.catalogue import FORMATS, MOST_LETTERS, SORTS, Choices, Filter

LABELS = {"audience": "For", "region": "Region", "role": "Role", "topic": "About"}


class CatalogueForm(SchoolForm):
    """The filter above the catalogue, filled with what is looked for; the address itself is read by Filter."""

    words = forms.CharField(label="Words", required=False, max_length=MOST_LETTERS)

    def __init__(self, wanted: Filter, choices: Choices) -> None:
        super().__init__(initial={name: getattr(wanted, name) for name in Filter.__slots__})
        for name, label in LABELS.items():
            if there := getattr(choices, name):
                self._choose(name, label, there)
        self._choose("format", "How", list(FORMATS.items()))
        for name, label, day in (("from", "From", wanted.from_), ("until", "Until", wanted.until)):
            control = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(
                label=label, required=False, widget=control, initial=day
            )
            self.initial[name] = day
        self.fields["sort"] = forms.ChoiceField(
            label="In order", required=False, choices=list(SORTS.items())
        )
        self.fields["places"] = forms.BooleanField(label="With places left", required=False)
        # Whether something beyond the first line is looked for, so that it is shown open.
        named = ("role", "topic", "format", "from_", "until", "places")
        self.beyond = wanted.sort != "title" or any(getattr(wanted, name) for name in named)

    def _choose(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=[("", "All"), *choices]
        )
