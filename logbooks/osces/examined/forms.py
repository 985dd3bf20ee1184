"""Sending a file of marks, saying how it is analysed, and saying what standard to try on it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from django import forms

from logbooks.osces.analysis.compared import PREDICTED, Given, Method, Rounding, Standard
from logbooks.osces.analysis.marks import Group, Marks
from logbooks.osces.examined.kept import Wanted
from logbooks.osces.examined.shown import written
from school.core.files.forms import MB, SentFile
from school.core.forms import SchoolForm, sentence

MAX_BYTES = 2 * MB
MOST_STATIONS = 60  # with fields of their own; addresses would grow too long
GROUPS = (("circuit", "Circuit"), ("examiner", "Examiner"), ("site", "Site"))
METHODS = (
    (Method.REGRESSION, "Borderline regression"),
    (Method.MEAN, "Borderline group, mean"),
    (Method.MEDIAN, "Borderline group, median"),
    (Method.PERCENT, "Per cent of the maximum"),
)
JUDGED = (Method.ANGOFF, "What judges expect (modified Angoff)")
ROUNDINGS = (
    (Rounding.NONE, "Not rounded"),
    (Rounding.NEAREST, "To the nearest whole mark"),
    (Rounding.UP, "Up to a whole mark"),
    (Rounding.DOWN, "Down to a whole mark"),
)
REFUSALS = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")  # fmt: skip


def _number(label: str, help_text: str, **kwargs: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"class": "soo-time", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, help_text=help_text, widget=widget, max_digits=12, decimal_places=6, **kwargs
    )


class WantedForm(SchoolForm):
    """How marks are analysed; the borderline grade is asked for unless the marks say it."""

    borderline = _number(
        "Borderline grade", "The number that the file gives it, such as 2", min_value=0
    )
    sem = _number(
        "Standard errors of measurement to add",
        "The pass mark is the cut and so many of them; it is shown at the cut as well",
        min_value=0,
        max_value=5,
        initial=1,
    )
    group = forms.ChoiceField(
        label="Compare", choices=GROUPS, initial="circuit", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, borderline: Fraction | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = borderline
        if borderline is not None:
            del self.fields["borderline"]

    def wanted(self) -> Wanted:
        """What was chosen."""
        data = self.cleaned_data
        group = cast(Group, data["group"])
        borderline = Fraction(data["borderline"]) if self.said is None else self.said
        return Wanted(borderline, Fraction(data["sem"]), group)


class MarksForm(WantedForm):
    """A file of marks, and how it is analysed."""

    file = SentFile(
        most=MAX_BYTES,
        accept=".csv,.xlsx,.txt",
        empty="one that holds marks",
        label="File of marks",
        help_text="CSV or XLSX, at most 2 MB, a row for each candidate at each station: candidate, circuit, station, examiner, max_mark, mark, grade",
    )
    field_order = ("file", "borderline", "sem", "group")


class StandardForm(SchoolForm):
    """One standard to try on marks, called by a letter, or none where it is the only one; what is left out is not asked for.

    An exam with more than MOST_STATIONS has no fields for single stations.
    """

    method = forms.ChoiceField(label="Cuts of the stations", choices=METHODS)
    percent = forms.DecimalField(
        label="Per cent, if chosen above", required=False, min_value=0, max_value=100, max_digits=12, decimal_places=6,
        widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "decimal"}),
    )  # fmt: skip
    sem = forms.ChoiceField(
        label="Pass mark", choices=(("0", "The cut"), ("1", "The cut and 1 SEM")), required=False
    )
    rounding = forms.ChoiceField(label="Rounding of the pass mark", choices=ROUNDINGS, required=False)  # fmt: skip
    minimum = forms.ChoiceField(label="Stations to pass, at least", required=False)
    must = forms.MultipleChoiceField(
        label="Stations that must be passed", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        letter: str,
        marks: Marks,
        given: Given,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, prefix=letter.lower() or None, **kwargs)
        number = len(marks.stations)
        self.letter, self.stations = letter, marks.stations if number <= MOST_STATIONS else ()
        field = cast(forms.ChoiceField, self.fields["method"])
        methods = (*METHODS, JUDGED) if given.judged else METHODS
        field.choices = methods if letter in ("", "A") else (("", "Not used"), *methods)
        field.required = letter in ("", "A")
        field = cast(forms.ChoiceField, self.fields["minimum"])
        field.choices = (
            ("0", "No minimum"),
            (PREDICTED, "As predicted, rounded up"),
            *((str(n), str(n)) for n in range(1, number + 1)),
        )
        field = cast(forms.ChoiceField, self.fields["must"])
        field.choices = [(str(place), name) for place, name in enumerate(self.stations, start=1)]
        for place, name in enumerate(self.stations, start=1):
            most = written(marks.maxima.get(name, Fraction(0)))
            words = self._error(f"enter a mark from 0 to {most:f} at {name}")
            self.fields[f"cut-{place}"] = forms.DecimalField(
                label=f"{name}, of {most:f}", required=False, min_value=0, max_value=most, max_digits=12, decimal_places=6,
                widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "decimal"}),
                error_messages=dict.fromkeys(REFUSALS, words),
            )  # fmt: skip
        said = {
            "method": "choose a method of the list",
            "percent": "enter a number from 0 to 100",
            "sem": "choose the cut, or the cut and 1 SEM",
            "rounding": "choose a rounding of the list",
            "minimum": f"choose at most {number} stations, which is all of them",
            "must": f"choose stations from 1 to {number}",
        }
        for name, words in said.items():
            for code in (*REFUSALS, "required", "invalid_choice"):
                self.fields[name].error_messages[code] = self._error(words)

    def _error(self, words: str) -> str:
        return f"Standard {self.letter}: {words}" if self.letter else sentence(words)

    def clean(self) -> dict[str, Any]:
        """Asks for the per cent where the cuts are one."""
        data = super().clean() or self.cleaned_data
        if data.get("method") == Method.PERCENT and data.get("percent", "") is None:
            self.add_error("percent", self.fields["percent"].error_messages["required"])
        return data

    @property
    def used(self) -> bool:
        """Whether the standard is one of those compared."""
        return bool(self.cleaned_data.get("method"))

    @property
    def cuts(self) -> Iterator[forms.BoundField]:
        """The fields of the stations' fixed marks."""
        return (self[f"cut-{place}"] for place, _ in enumerate(self.stations, start=1))

    @property
    def must_open(self) -> bool:
        """Whether a station is ticked."""
        return bool(self["must"].value() or self["must"].errors)

    @property
    def cuts_open(self) -> bool:
        """Whether one of them is filled in."""
        return any(field.value() or field.errors for field in self.cuts)

    def standard(self) -> Standard:
        """What was chosen."""
        data, names = self.cleaned_data, self.stations
        fixed: dict[str, Decimal | None] = {
            name: data[f"cut-{place}"] for place, name in enumerate(names, start=1)
        }
        minimum = data["minimum"] or "0"
        return Standard(
            method=Method(data["method"]),
            percent=Fraction(data["percent"] or 0),
            overrides={name: Fraction(mark) for name, mark in fixed.items() if mark is not None},
            k=Fraction(data["sem"] or 0),
            minimum=minimum if minimum == PREDICTED else int(minimum),
            must_pass=tuple(names[int(place) - 1] for place in data["must"]),
            rounding=Rounding(data["rounding"] or Rounding.NONE),
        )
