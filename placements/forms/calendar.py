"""What the calendar is narrowed to; whatever cannot be read is left out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from placements.calendar_queries import VIEWS, WEEKS, Asked
from placements.forms.coordinator import YEARS, QuickSelect
from school.core import clock, days
from school.core.forms import SchoolForm
from school.people.models import Site

LENGTHS = (4, 8, 12, 16)
USUAL = 12


class CalendarForm(SchoolForm):
    """The filters above the calendar; the view and the first week are kept as they are."""

    region = forms.ChoiceField(label="Region", required=False, widget=QuickSelect)
    site = forms.ChoiceField(label="Site", required=False, widget=QuickSelect)
    cohort = forms.ChoiceField(label="Cohort", required=False, widget=QuickSelect)
    year = forms.ChoiceField(label="Stage", required=False, widget=QuickSelect)
    weeks = forms.ChoiceField(label="Weeks", required=False, widget=QuickSelect)
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, sites: Sequence[Site], cohorts: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sites = sites
        regions = sorted({site.network_region for site in sites})
        self._choose("region", [("", "All"), *((name, name) for name in regions)])
        self._choose("site", [("", "All"), *((site.slug, site.name) for site in sites)])
        self._choose("cohort", [("", "All"), *((name, name) for name in cohorts)])
        self._choose("year", [("", "All"), *((str(year), f"Year {year}") for year in YEARS)])
        others = [(str(number), str(number)) for number in LENGTHS if number != USUAL]
        self._choose("weeks", [("", str(USUAL)), *others])
        self.fields["from"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """The weeks from a Monday, this week's unless another was asked for, and the filter."""
        self.is_valid()
        data = self.cleaned_data
        day = days.from_address(data.get("from") or "") or clock.today()
        return Asked(
            view=data["view"] if data.get("view") in VIEWS else WEEKS,
            first=_monday(day),
            weeks=int(data.get("weeks") or USUAL),
            region=data.get("region") or "",
            site=data.get("site") or "",
            cohort=data.get("cohort") or "",
            year=int(data["year"]) if data.get("year") else None,
        )

    def wanted_sites(self, asked: Asked) -> list[Site]:
        """The sites that the filter leaves."""
        return [
            site
            for site in self.sites
            if asked.region in ("", site.network_region) and asked.site in ("", site.slug)
        ]

    def said(self, asked: Asked) -> str:
        """The filter in words, for the page and for the files."""
        names = {site.slug: site.name for site in self.sites}
        parts = [
            asked.region,
            names.get(asked.site, ""),
            asked.cohort,
            f"year {asked.year}" if asked.year else "",
        ]
        return ", ".join(part for part in parts if part) or "all sites, cohorts and stages"


def _monday(day: date) -> date:
    """The Monday of a day, kept where the weeks after it are days of the calendar too."""
    return days.monday(min(max(day, date(days.FIRST_YEAR, 1, 7)), date(days.LAST_YEAR, 1, 1)))
