"""What a coordinator fills in: filters, places, a placement with its rota, supervision, audits, adjustments."""

from collections.abc import Callable
from datetime import time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from placements import reference
from placements.actions.arranging import Rota
from placements.actions.rota import Pattern
from placements.forms.patterns import WEEKDAYS, ChoosesPattern
from placements.forms.times import TimesForm
from placements.forms.words import REASON_LENGTH
from placements.listed_students import ALL, NOW, SORTS, STATES, Wanted
from placements.models import Enrolment, Stage, Supervision
from school.core.forms import ClockTimeField, MinutesField, SchoolForm, SplitDateField
from school.people.models import Person, Site
from school.people.queries import person_with_address

YEARS = (1, 2, 3)


class QuickSelect(forms.Select):
    """A select written in one go: Django's renders a template for each option, a fifth of a page of filters."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = str(value or "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) == chosen else "", words)
                for key, words in self.choices
            ),
        )
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            options,
        )


class StudentsFilterForm(SchoolForm):
    """What the list of students is narrowed to; whatever cannot be read is left out."""

    q = forms.CharField(label="Name or student number", required=False, max_length=100)
    year = forms.ChoiceField(label="Year", required=False, widget=QuickSelect)
    site = forms.ChoiceField(label="Site", required=False, widget=QuickSelect)
    cohort = forms.ChoiceField(label="Cohort", required=False, widget=QuickSelect)
    state = forms.ChoiceField(label="Who", required=False, widget=QuickSelect)
    behind = forms.BooleanField(label="Behind plan only", required=False)
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS], widget=forms.HiddenInput)  # fmt: skip

    def __init__(
        self, *args: Any, sites: list[tuple[str, str]], cohorts: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.site_names = dict(sites)
        self._choose("year", [("", "All"), *((str(year), f"Year {year}") for year in YEARS)])
        self._choose("site", [("", "All"), *sites])
        self._choose("cohort", [("", "All"), *((name, name) for name in cohorts)])
        others = [(key, words) for key, words in STATES.items() if key != NOW]
        self._choose("state", [("", STATES[NOW]), *others])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was asked for; a search without a choice of whom is among everyone enrolled."""
        self.is_valid()
        data = self.cleaned_data
        words = (data.get("q") or "").strip()
        return Wanted(
            words=words,
            year=int(data["year"]) if data.get("year") else None,
            site=data.get("site") or "",
            cohort=data.get("cohort") or "",
            state=data.get("state") or (ALL if words else NOW),
            behind=bool(data.get("behind")),
            sort=data.get("sort") or "ends",
        )

    def said(self, wanted: Wanted) -> str:
        """The filter in words, for the page and for the files."""
        parts = [STATES[wanted.state]]
        if wanted.words:
            parts.append(f"name or number “{wanted.words}”")
        if wanted.year:
            parts.append(f"year {wanted.year}")
        if wanted.site:
            parts.append(self.site_names[wanted.site])
        if wanted.cohort:
            parts.append(wanted.cohort)
        if wanted.behind:
            parts.append("behind plan")
        return ", ".join(parts)


class OfferForm(SchoolForm):
    """Places that a site offers."""

    stage = forms.ModelChoiceField(
        label="Stage", queryset=Stage.objects.none(), to_field_name="uuid", empty_label="Choose"
    )
    places = forms.IntegerField(
        label="Places at a time",
        min_value=1,
        max_value=99,
        widget=forms.TextInput(attrs={"class": "soo-time", "inputmode": "numeric"}),
        error_messages={"min_value": "Places must be 1 or more"},
    )
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(label="Last day", noun="the last day", help_text="It still counts")
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stages: QuerySet[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["stage"]
        chosen.queryset = stages.select_related("version__programme")  # type: ignore[attr-defined]
        chosen.label_from_instance = stage_label  # type: ignore[attr-defined]


class ChangeOfferForm(SchoolForm):
    """An offer's dates and number."""

    places = OfferForm.base_fields["places"]
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(
        label="Last day",
        noun="the last day",
        help_text="To close the offer, give it an earlier last day",
    )


def stage_label(stage: Stage) -> str:
    """A stage as a choice: its year and programme."""
    return f"{stage}, {stage.version.programme.name}"


class AuditForm(SchoolForm):
    """The day a site was audited."""

    day = SplitDateField(label="Day of the audit", noun="the day of the audit", help_text="It holds for 24 months")  # fmt: skip
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class RotaForm(ChoosesPattern, SchoolForm):
    """A weekly pattern of shifts."""

    weekdays = forms.MultipleChoiceField(
        label="Days of the week", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    start = ClockTimeField(label="Start", noun="the start time")
    end = ClockTimeField(label="End", noun="the end time", help_text="An end before the start is on the next day")  # fmt: skip
    break_minutes = MinutesField(label="Break, minutes", noun="the break", max_value=180)
    reason = forms.CharField(
        label="Why a breach of an hours rule may stand",
        help_text="Only when one is shown",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
    )

    def pattern(self) -> Pattern | None:
        """The pattern; None when it was left out."""
        data = self.cleaned_data
        if not data.get("weekdays"):
            return None
        return Pattern(
            weekdays=frozenset(int(day) for day in data["weekdays"]),
            start=data["start"],
            end=data["end"],
            break_minutes=data["break_minutes"],
        )


class PlaceForm(RotaForm):
    """A student on a place, with a rota if it is known."""

    stage = forms.ModelChoiceField(
        label="Stage", queryset=Stage.objects.none(), to_field_name="uuid", empty_label="Choose"
    )
    site = forms.ModelChoiceField(
        label="Site", queryset=Site.objects.all(), to_field_name="slug", empty_label="Choose"
    )
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(label="Last day", noun="the last day", help_text="It still counts")
    confirmed = forms.BooleanField(label="The site has confirmed this placement", required=False)
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("stage", "site", "starts", "ends", "confirmed", "weekdays", "start", "end", "break_minutes", "reason", "uuid")  # fmt: skip

    def __init__(
        self, *args: Any, enrolment: Enrolment, beside: Callable[[Site], str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = Stage.objects.filter(version=enrolment.version_id)  # type: ignore[attr-defined]
        self.fields["site"].label_from_instance = lambda site: (  # type: ignore[attr-defined]
            f"{site.name} ({words})" if (words := beside(site)) else site.name
        )
        self.fields["weekdays"].required = False
        self.fields["weekdays"].help_text = "Leave them empty to plan the rota later"
        for name, value in (("start", time(8)), ("end", time(16)), ("break_minutes", 30)):
            self.fields[name].initial = value

    def rota(self) -> Rota | None:
        """The rota that the placement begins with; None when it was left out."""
        pattern = self.pattern()
        if pattern is None:
            return None
        return Rota(
            pattern=pattern,
            day_type=reference.day_types()["clinical"],
            reason=self.cleaned_data["reason"],
        )


class SupervisionForm(SchoolForm):
    """Who supervises: somebody the portal knows, or a new person by name and address."""

    who = forms.CharField(
        label="Name or email address",
        help_text="Of somebody the portal knows",
        required=False,
        max_length=254,
    )
    new_name = forms.CharField(
        label="Name of somebody new", required=False, max_length=200, help_text="No account is made"
    )
    new_email = forms.EmailField(label="Their email address", required=False)
    capacity = forms.ChoiceField(label="Supervises as", choices=Supervision.Capacity.choices)
    starts = SplitDateField(label="First day", noun="the first day")
    ends = SplitDateField(
        label="Last day",
        noun="the last day",
        required=False,
        help_text="Leave it empty if it is not known",
    )
    reason = forms.CharField(
        label="Why the final assessor may be the day-to-day supervisor",
        help_text="Only when both are the same person",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
    )
    known: Person | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        who, name, email = (data.get(key, "").strip() for key in ("who", "new_name", "new_email"))
        if who:
            self._find(who)
        elif not (name and email) and "new_email" not in self.errors:
            self.add_error("who", "Enter a name or address, or both for somebody new")
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", "The last day must not be before the first")
        return data

    def _find(self, who: str) -> None:
        if "@" in who:
            self.known = person_with_address(who)
            if self.known is None:
                self.add_error(
                    "who", "Nobody has this address yet. Enter them below as somebody new."
                )
            return
        found = list(Person.objects.filter(name__iexact=who)[:6])
        if len(found) == 1:
            self.known = found[0]
        elif found:
            addresses = ", ".join(person.email or "no address" for person in found)
            self.add_error("who", f"Several people have this name. Enter the address: {addresses}")
        else:
            self.add_error("who", "Nobody has this name yet. Enter them below as somebody new.")


class LastDayForm(SchoolForm):
    """A last day."""

    last_day = SplitDateField(label="Last day", noun="the last day", help_text="It still counts")


class AdjustForm(SchoolForm):
    """Minutes to add or take away."""

    stage = forms.ModelChoiceField(label="Stage", queryset=Stage.objects.none(), to_field_name="uuid", empty_label="Choose")  # fmt: skip
    way = forms.ChoiceField(
        label="What to do",
        choices=[("1", "Add hours"), ("-1", "Take hours away")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to add or to take away"},
    )
    minutes = MinutesField(label="Minutes", noun="the minutes", min_value=1, max_value=60 * 300)
    reason = forms.CharField(
        label="Reason",
        help_text="Kept with the hours. The second person and the student see it.",
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = Stage.objects.filter(version=enrolment.version_id)  # type: ignore[attr-defined]

    def signed_minutes(self) -> int:
        """Minutes to add, below zero to take away."""
        return int(self.cleaned_data["way"]) * int(self.cleaned_data["minutes"])


class ArrangeMakeUpForm(TimesForm):
    """When a lost day will be made up, and why it may go over a limit."""

    reason = forms.CharField(
        label="Why it may go over a limit",
        help_text="Only when the page says that a limit is passed",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
