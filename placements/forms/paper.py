"""What stands on a paper log sheet, as somebody enters it who has it before them."""

from typing import Any

from django import forms

from placements.models import DayType, Stage
from school.core.forms import SchoolForm, SplitDateField
from school.people.models import Person, Site


class PaperForm(SchoolForm):
    """The days and hours of a sheet, who signed it, who has seen it, and where its scan lies."""

    year = forms.ChoiceField(label="Year of the programme")
    part = forms.ChoiceField(
        label="What was worked",
        choices=[
            (DayType.Part.CLINICAL.value, "Clinical hours"),
            (DayType.Part.SIMULATED.value, "Simulated hours, kept apart"),
        ],
    )
    site = forms.ChoiceField(label="Site")
    starts = SplitDateField(label="First day on the sheet", noun="the first day")
    ends = SplitDateField(label="Last day on the sheet", noun="the last day")
    hours = forms.CharField(
        label="Hours in all, breaks left out",
        required=False,
        max_length=10,
        help_text="With a point, for example 37.5. Or fill in the minutes.",
        widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "decimal"}),
    )
    minutes = forms.CharField(
        label="Or minutes in all",
        required=False,
        max_length=6,
        widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "numeric"}),
    )
    signed_by = forms.CharField(label="Name under the signature", max_length=200)
    sighted_by = forms.ChoiceField(
        label="Who has seen the sheet", error_messages={"required": "Choose who has seen the sheet"}
    )
    scan_reference = forms.CharField(label="Where the scan lies", max_length=200)
    replaces = forms.BooleanField(
        label="This takes the place of what is held of these days", required=False
    )

    def __init__(
        self,
        *args: Any,
        stages: list[Stage],
        sites: list[Site],
        people: list[Person],
        any_site: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("year", [(str(row.year), str(row)) for row in stages])
        unknown = [("", "The sheet does not say")] if any_site else []
        self._choose("site", [*unknown, *((row.name, row.name) for row in sites)])
        self.fields["site"].required = not any_site
        self._choose("sighted_by", [("", "Choose"), *((row.email, row.name) for row in people)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def asks_replace(self) -> bool:
        """Whether the page asks if this takes the place of what is held."""
        return self.is_bound and ("replaces" in self.errors or "replaces" in self.data)

    def sheet(self) -> dict[str, str]:
        """What was filled in, as the cells of a row of `import_hours`."""
        data = self.cleaned_data
        names = ("year", "part", "site", "hours", "minutes", "signed_by", "sighted_by", "scan_reference")  # fmt: skip
        days = {name: data[name].isoformat() for name in ("starts", "ends")}
        return {**{name: data[name].strip() for name in names}, **days}
