"""What a coordinator fills in to place a cohort for a term."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet

from placements.forms.coordinator import QuickSelect
from placements.models import Cohort, Enrolment, Placement, ProgrammeVersion, Stage
from placements.term_queries import Free
from school.core.forms import SchoolForm, SplitDateField

NOT_NOW = ("", "Not now")


def _site(row: Enrolment) -> str:
    """The name of the field for a student's site."""
    return f"site_{row.uuid.hex}"


def _uuid(text: str) -> UUID | None:
    """The UUID that was sent; none when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


class TermForm(SchoolForm):
    """Which students are placed, for which year and from when to when."""

    cohort = forms.TypedChoiceField(label="Cohort")
    year = forms.TypedChoiceField(
        label="Year of the programme", coerce=int, choices=[(n, f"Year {n}") for n in (1, 2, 3)]
    )
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(label="Last day (it still counts)", noun="the last day")

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once, to be offered and to be found.
        rows = {str(row.uuid): row for row in cohorts}
        chosen: Any = self.fields["cohort"]
        chosen.choices = [("", "Choose"), *((key, str(row)) for key, row in rows.items())]
        chosen.coerce = rows.__getitem__

    def clean(self) -> dict[str, Any]:
        """The order of the days, and the stage of the cohort's newest version in `stage`."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day must not be before the first.")
        if data.get("cohort") and data.get("year"):
            versions = ProgrammeVersion.objects.filter(enrolments__cohort=data["cohort"])
            newest = versions.order_by("-number").values("pk")[:1]
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
        may_name: QuerySet[Enrolment],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._may_name = may_name
        self.students = students
        self.free = free
        slugs = {one.site.pk: one.site.slug for one in free}
        choices = [
            NOT_NOW,
            *((one.site.slug, f"{one.site.name}, {one.places} free") for one in free),
        ]
        for row in students:
            self.fields[_site(row)] = forms.ChoiceField(
                label=row.person.name,
                help_text=words.get(row.pk, ""),
                choices=choices,
                required=False,
                initial=slugs.get(proposal.get(row.pk, 0), ""),
                widget=QuickSelect,
                error_messages={
                    "invalid_choice": f"The site chosen for {row.person.name} has no place free any more"
                },
            )
            self.fields[f"uuid_{row.uuid.hex}"] = forms.UUIDField(
                widget=forms.HiddenInput, initial=uuid4()
            )

    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two fields of each student."""
        return [(self[_site(row)], self[f"uuid_{row.uuid.hex}"]) for row in self.students]

    def clean(self) -> dict[str, Any]:
        """No site gets more students than it has places free; whoever was sent there against the proposal is named first."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self._gone():
            self.add_error(
                None,
                f"{name} is not to be placed on these days any more: that changed since you opened the page. "
                "Nobody was placed. The others stand below as you chose them.",
            )
        for one in self.free:
            there = [row for row in self.students if data.get(_site(row)) == one.site.slug]
            there.sort(key=lambda row: _site(row) in self.changed_data)
            for row in there[one.places :]:
                self.add_error(
                    _site(row),
                    f"No place is left for {row.person.name}: {one.site.name} has {one.places} free, "
                    f"and {len(there)} students are to go there.",
                )
        return data

    def _gone(self) -> list[str]:
        """Students whom a site was chosen for and who need none any more, by name, unless this form has placed them."""
        sent = {
            name.removeprefix("site_"): self.data.get(f"uuid_{name.removeprefix('site_')}", "")
            for name, value in self.data.items()
            if name.startswith("site_") and value and name not in self.fields
        }
        keys = {key: (_uuid(key), _uuid(made)) for key, made in sent.items()}
        placed = set(
            Placement.objects.filter(uuid__in=[made for _, made in keys.values() if made])
            .values_list("enrolment__uuid", "uuid")
            .order_by()
        )
        gone = [enrolment for enrolment, made in keys.values() if (enrolment, made) not in placed]
        named = dict(
            self._may_name.filter(uuid__in=[one for one in gone if one])
            .values_list("uuid", "person__name")
            .order_by("person__name")
        )
        return sorted(named.get(one, "A student") if one else "A student" for one in gone)

    def left(self) -> str:
        """Which places nobody gets as it stands, and how many students get none."""
        taken = Counter(self[_site(row)].value() or "" for row in self.students)
        sites = [
            f"{one.site.name} ({one.places - taken[one.site.slug]})"
            for one in self.free
            if one.places > taken[one.site.slug]
        ]
        none = taken[""]
        said = f"As it stands below, places are left at {', '.join(sites)}" if sites else "As it stands below, no place is left"  # fmt: skip
        return f"{said}, and {none} student{' gets' if none == 1 else 's get'} none." if none else f"{said}."  # fmt: skip

    def chosen(self) -> list[tuple[Enrolment, str, UUID]]:
        """The students who get a site: the site's slug and the UUID of the placement."""
        data = self.cleaned_data
        return [
            (row, data[_site(row)], data[f"uuid_{row.uuid.hex}"])
            for row in self.students
            if data[_site(row)]
        ]
