"""What a version of a requirement is to say, as it is filled in; and the day for which it is tried."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from school.core import clock
from school.core.forms import SchoolForm, SplitDateField
from school.courses.models import Course
from school.coverage import whom
from school.coverage.actions.drafting import RULE, codes_of
from school.coverage.models import RequirementDraft, RequirementVersion
from school.coverage.models.requirements import MOST
from school.people.models import PostTerm

Renewal = RequirementVersion.Renewal
ONCE, EVERY, HOURS, OPEN = "once", "every", "hours", "open"
SHAPES = (
    (EVERY, "Every so many months"),
    (ONCE, "Once"),
    (HOURS, "So much learning within so many months"),
    (OPEN, "Not decided yet"),
)
RENEWALS = (
    (Renewal.COMPLETION, "The day of completion"),
    (Renewal.EXPIRY, "The expiry before it, when renewed in its window"),
    (Renewal.FIXED, "A fixed day"),
)
# How many boxes for courses and for groups stand empty beside those that are filled.
MORE_COURSES, MORE_GROUPS = 2, 1
# As many of each at the most.
MOST_BOXES = 50
# What a group may say, with the words of its box.
CONDITIONS = {
    "role": "Role",
    "staff group": "Staff group",
    "crew": "Crew",
    "site": "Site",
    "region": "Region",
    "person": "One person, by work address or staff number",
}


def _number(column: str, label: str, **kwargs: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"class": "soo-time", "inputmode": "numeric"})
    kwargs.setdefault("required", False)
    return forms.IntegerField(
        label=label, widget=widget, min_value=0, max_value=MOST[column], **kwargs
    )


class DraftForm(SchoolForm):
    """A version of a requirement; what is not decided yet is decided before it is published."""

    name = forms.CharField(label="Name", max_length=120)
    code = forms.SlugField(
        label="Code",
        max_length=40,
        help_text="A short name in small letters, like fire-safety, that files and figures use",
        error_messages={
            "invalid": "The code must be letters, numbers and hyphens, like fire-safety"
        },
    )
    radiation = forms.BooleanField(
        label="The radiation regulations (IR(ME)R) ask for it: an inspector sees it",
        required=False,
        help_text="To say this alone of a version that stands, publish it again from its own first day",
    )
    shape = forms.ChoiceField(
        label="How long it satisfies", choices=SHAPES, widget=forms.RadioSelect
    )
    active_months = _number("active_months", "Months", help_text="24 for two years")
    learning_minutes = _number(
        "learning_minutes",
        "Minutes of learning",
        help_text="Only where so much learning is asked for",
    )
    renewal = forms.ChoiceField(
        label="What the next period runs from", choices=RENEWALS, widget=forms.RadioSelect
    )
    window_months = _number(
        "window_months",
        "Months before the expiry in which it is renewed",
        help_text="It is due for renewal in them",
    )
    window_days = _number("window_days", "And days")
    due_on = SplitDateField(
        label="Fixed day, or the day by which it is first to be done",
        noun="the day",
        required=False,
    )
    minimum_months = _number(
        "minimum_months", "Months that a renewal to a fixed day leaves at the least"
    )
    grace_days = _number(
        "grace_days",
        "Days that starters have",
        help_text="From their first day in the network; another site is no new start",
    )
    target_percent = _number("target_percent", "Target, in percent in date")
    source = forms.CharField(
        label="Where the rule stands",
        max_length=300,
        required=False,
        help_text="A policy, a law, a framework",
    )
    starts = SplitDateField(label="First day", noun="the first day", required=False)
    ends = SplitDateField(
        label="Last day", noun="the last day", required=False, help_text="Empty while it lasts"
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None, *, draft: RequirementDraft | None, names: whom.Names
    ) -> None:
        super().__init__(data, initial=_initial(draft))
        self.names = names
        held = codes_of(draft) if draft else []
        groups = _groups(draft.whom) if draft else []
        self.courses = _boxes(data, "course", len(held) + MORE_COURSES)
        self.groups = _boxes(data, "role", len(groups) + MORE_GROUPS)
        catalogue = dict(Course.objects.order_by("title").values_list("code", "title"))
        choices = [("", "None"), *catalogue.items()]
        choices += [
            (code, f"{code} (not in the catalogue)") for code in held if code not in catalogue
        ]
        for place in range(self.courses):
            self.fields[f"course_{place}"] = forms.ChoiceField(
                label="Course that satisfies" if not place else "Or",
                choices=choices,
                required=False,
                initial=held[place] if place < len(held) else "",
            )
        offered = self._offered()
        for place in range(self.groups):
            group = groups[place] if place < len(groups) else {}
            for condition, label in CONDITIONS.items():
                name = box(condition, place)
                if condition == "person":
                    self.fields[name] = forms.CharField(label=label, max_length=254, required=False)
                else:
                    self.fields[name] = forms.ChoiceField(
                        label=label, choices=offered[condition], required=False
                    )
                self.fields[name].initial = group.get(condition, "")

    def _offered(self) -> dict[str, list[tuple[str, str]]]:
        known, every = self.names.known, [("", "Any")]
        roles = {row.code: row.title for row in known["role"].values()}
        sites = {row.slug: row.name for row in known["site"].values()}
        crews = [(crew.value, crew.label.capitalize()) for crew in PostTerm.Crew]
        said = {
            name: sorted((value, value) for value in set(known[name].values()) if value)
            for name in ("staff group", "region")
        }
        return {
            "role": every + sorted(roles.items(), key=lambda one: one[1]),
            "site": every + sorted(sites.items(), key=lambda one: one[1]),
            "crew": every + crews,
            **{name: every + values for name, values in said.items()},
        }

    def group(self, place: int) -> list[str]:
        """The names of the boxes of one group."""
        return [box(condition, place) for condition in CONDITIONS]

    @property
    def general(self) -> list[str]:
        """The names of the boxes that are neither of a course nor of a group, hidden ones left out."""
        own = {f"course_{place}" for place in range(self.courses)}
        own |= {name for place in range(self.groups) for name in self.group(place)}
        return [name for name in self.fields if name not in own and name != "uuid"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        shape = data.get("shape")
        if shape in (EVERY, HOURS) and not data.get("active_months") and "active_months" in data:
            self.add_error("active_months", "Enter how many months")
        if shape == HOURS and not data.get("learning_minutes") and "learning_minutes" in data:
            self.add_error("learning_minutes", "Enter how many minutes of learning")
        for place in range(self.groups):
            name = box("person", place)
            if data.get(name) and self.names.find("person", data[name]) is None:
                self.add_error(name, "Enter the work address or the staff number of one person")
        return data

    def columns(self) -> dict[str, Any]:
        """What was typed, by the columns of a draft."""
        data = self.cleaned_data
        shape = data["shape"]
        said = {
            name: data[name] or 0
            for name in RULE
            if name not in ("renewal", "due_on", "source", "active_months", "target_percent")
        }
        codes = [data[f"course_{place}"] for place in range(self.courses)]
        return {
            **said,
            "code": data["code"],
            "name": data["name"],
            "radiation": data["radiation"],
            "whom": self._whom(),
            "courses": "|".join(dict.fromkeys(code for code in codes if code)),
            "decided": shape != OPEN,
            "active_months": data["active_months"] if shape in (EVERY, HOURS) else None,
            "learning_minutes": data["learning_minutes"] if shape == HOURS else 0,
            "target_percent": 90 if data["target_percent"] is None else data["target_percent"],
            **{name: data[name] for name in ("renewal", "due_on", "source", "starts", "ends")},
        }

    def _whom(self) -> str:
        groups = []
        for place in range(self.groups):
            said = {name: self.cleaned_data[box(name, place)] for name in CONDITIONS}
            conditions = [f"{name}={value}" for name, value in said.items() if value]
            groups += [";".join(conditions)] if conditions else []
        return whom.written(whom.read("|".join(groups), self.names))


class TrialForm(SchoolForm):
    """As of which day a draft is tried."""

    as_of = SplitDateField(label="As of", noun="as of", required=False)


def box(condition: str, place: int) -> str:
    """The name of the box of a condition in a group."""
    return f"{condition.replace(' ', '_')}_{place}"


def _groups(words: str) -> list[dict[str, str]]:
    """The conditions of each group, as words."""
    return [
        dict(condition.partition("=")[::2] for condition in part.split(";"))
        for part in words.split("|")
        if part
    ]


def _boxes(data: Mapping[str, Any] | None, name: str, held: int) -> int:
    """How many boxes of a kind the page had, or else has."""
    if data is None:
        return held
    most = (place + 1 for place in range(MOST_BOXES) if f"{name}_{place}" in data)
    return max(held, *most, 0)


def _initial(draft: RequirementDraft | None) -> dict[str, Any]:
    if draft is None:
        return {"renewal": Renewal.COMPLETION, "target_percent": 90, "shape": EVERY}
    said = {
        name: getattr(draft, name)
        for name in ("code", "name", "radiation", "starts", "ends", "uuid", *RULE)
    }
    shape = HOURS if draft.learning_minutes else EVERY if draft.active_months else ONCE
    numbers = {
        name: value or None for name, value in said.items() if name not in ("target_percent",)
    }
    return {**said, **numbers, "shape": shape if draft.decided else OPEN}


def first_day(draft: RequirementDraft) -> date:
    """The day for which a draft is tried unless another is asked for: its first, or today when that has passed."""
    today = clock.today()
    return max(draft.starts or today, today)
