"""What a coordinator fills in to place a cohort for a term."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet

from placements.forms.coordinator import QuickSelect
from placements.models import Cohort, Enrolment, ProgrammeVersion, Stage
from placements.term_queries import Free
from school.core.forms import SchoolForm, SplitDateField

NOT_NOW = ("", "Not now")


class TermForm(SchoolForm):
    """Which students are placed, for which year and from when to when."""

    cohort = forms.ModelChoiceField(
        label="Cohort", queryset=Cohort.objects.none(), to_field_name="uuid", empty_label="Choose"
    )
    year = forms.TypedChoiceField(
        label="Year of the programme", coerce=int, choices=[(n, f"Year {n}") for n in (1, 2, 3)]
    )
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(label="Last day", noun="the last day", help_text="It still counts")

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The order of the days, and the stage of the cohort's newest version in `stage`."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day must not be before the first.")
        if data.get("cohort") and data.get("year"):
            versions = ProgrammeVersion.objects.filter(enrolments__cohort=data["cohort"])
            newest = versions.order_by("-number").first()
            data["stage"] = Stage.objects.filter(version=newest, year=data["year"]).first()
            if data["stage"] is None:
                self.add_error("year", "The programme of this cohort has no such year.")
        return data


class PlacesForm(SchoolForm):
    """A site for each student; `site_<key>` and the placement's own UUID in `uuid_<key>`."""

    confirmed = forms.BooleanField(
        label="The sites have confirmed these placements", required=False
    )

    def __init__(
        self,
        *args: Any,
        students: Sequence[Enrolment],
        free: Sequence[Free],
        proposal: Mapping[int, int],
        words: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.students = students
        slugs = {one.site.pk: one.site.slug for one in free}
        choices = [
            NOT_NOW,
            *((one.site.slug, f"{one.site.name}, {one.places} free") for one in free),
        ]
        for row in students:
            self.fields[f"site_{row.uuid.hex}"] = forms.ChoiceField(
                label=row.person.name,
                help_text=words.get(row.pk, ""),
                choices=choices,
                required=False,
                initial=slugs.get(proposal.get(row.pk, 0), ""),
                widget=QuickSelect,
                error_messages={"invalid_choice": "This site has no place free any more"},
            )
            self.fields[f"uuid_{row.uuid.hex}"] = forms.UUIDField(
                widget=forms.HiddenInput, initial=uuid4()
            )

    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two fields of each student."""
        return [
            (self[f"site_{row.uuid.hex}"], self[f"uuid_{row.uuid.hex}"]) for row in self.students
        ]

    def chosen(self) -> list[tuple[Enrolment, str, UUID]]:
        """The students who get a site: the site's slug and the UUID of the placement."""
        data = self.cleaned_data
        return [
            (row, data[f"site_{row.uuid.hex}"], data[f"uuid_{row.uuid.hex}"])
            for row in self.students
            if data[f"site_{row.uuid.hex}"]
        ]
