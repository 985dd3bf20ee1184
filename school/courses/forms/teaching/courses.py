"""What a School educator fills in of a course and of the next version of it."""

from typing import Any

from django import forms

from school.core import clock
from school.core.forms import MinutesField, SchoolForm, SplitDateField
from school.courses import teaching_queries as taught
from school.courses.forms.teaching import number
from school.courses.models import Course, CourseVersion, Label

# As many courses as a version can ask for first.
FIRST = range(1, 4)
MOST_MINUTES = 200 * 60
LEVELS = [(key, words.capitalize()) for key, words in Course.Level.choices]
KINDS = {
    Label.Kind.AUDIENCE: "Whom it is for",
    Label.Kind.ROLE: "The role it serves",
    Label.Kind.TOPIC: "What it is about",
}


class CourseForm(SchoolForm):
    """A course: what it is called, whom it is for and what it is about."""

    title = forms.CharField(label="Title", max_length=150)
    code = forms.SlugField(
        label="Code",
        max_length=60,
        help_text="A short name in small letters, like introductory-day, that files from elsewhere use",
        error_messages={
            "invalid": "The code must be letters, numbers and hyphens, like introductory-day"
        },
    )
    summary = forms.CharField(
        label="Summary",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="One or two sentences for the catalogue",
    )
    level = forms.ChoiceField(label="Level", choices=LEVELS, widget=forms.RadioSelect)
    retired_on = SplitDateField(
        label="No longer offered from",
        noun="the day",
        required=False,
        help_text="Leave empty while it is offered. What was attained stays what it was.",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_kind = taught.labels()
        for kind, label in KINDS.items():
            self.fields[kind] = forms.MultipleChoiceField(
                label=label,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(one.slug, one.name) for one in self.by_kind[kind]],
            )
            if not self.by_kind[kind]:
                del self.fields[kind]
            self.fields[f"new_{kind}"] = forms.CharField(
                label=label if not self.by_kind[kind] else f"{label}: more words",
                required=False,
                max_length=400,
                help_text="Apart by commas, like radiographers, site leads",
            )
        self.order_fields(
            ["title", "code", "summary", "level"]
            + [name for kind in KINDS for name in (kind.value, f"new_{kind}")]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for kind in KINDS:
            words = _words(data.get(f"new_{kind}") or "")
            if any(len(word) > 60 for word in words):
                self.add_error(f"new_{kind}", "Each word must have 60 letters or fewer")
        return data

    def sent(self) -> dict[str, Any]:
        """What was typed, for the action."""
        data = self.cleaned_data
        return {
            name: data[name] for name in ("uuid", "code", "title", "summary", "level", "retired_on")
        } | {
            "labels": [
                one
                for kind in KINDS
                for one in self.by_kind[kind]
                if one.slug in data.get(kind, ())
            ],
            "new_labels": [
                (kind, word) for kind in KINDS for word in _words(data.get(f"new_{kind}") or "")
            ],
        }


def course_initial(course: Course) -> dict[str, Any]:
    """A course as its form shows it."""
    chosen: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for label in course.labels.all():
        chosen[label.kind].append(label.slug)
    names = ("uuid", "title", "code", "summary", "level", "retired_on")
    return {name: getattr(course, name) for name in names} | chosen


class VersionForm(SchoolForm):
    """The next version of a course; once published it stays what it is."""

    published_on = SplitDateField(
        label="Holds from", noun="the day it holds from", help_text="Events on or after this day"
    )
    outcomes = forms.CharField(
        label="Learning outcomes",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="One on each line",
    )
    credit_minutes = MinutesField(
        label="CPD credit, in minutes",
        noun="the CPD credit",
        max_value=MOST_MINUTES,
        help_text="The time of learning, like 360",
    )
    valid_months = number(
        label="Certificates expire after, in months",
        required=False,
        min_value=1,
        max_value=240,
        help_text="Only if the issuing body prints an expiry",
    )
    attendance_percent = number(
        label="Attendance needed, in percent",
        min_value=1,
        max_value=100,
        help_text="The share of the sessions’ time that has to be attended",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = list(Course.objects.exclude(pk=course.pk).order_by("title"))
        self.others = {str(one.uuid): one for one in others}
        choices = [("", "None"), *((key, one.title) for key, one in self.others.items())]
        for place in FIRST:
            self.fields[f"first_{place}"] = forms.ChoiceField(
                label="Asks for first" if place == 1 else f"And for ({place})",
                required=False,
                choices=choices,
                help_text="A course that has to be attained before this one" if place == 1 else "",
            )

    def sent(self) -> dict[str, Any]:
        """What was typed, for the action."""
        data = dict(self.cleaned_data)
        first = [data.pop(f"first_{place}") for place in FIRST]
        return data | {
            "outcomes": data["outcomes"].splitlines(),
            "prerequisites": list({key: self.others[key] for key in first if key}.values()),
        }


def version_initial(last: CourseVersion | None) -> dict[str, Any]:
    """The next version as its form begins: as the last one, from today."""
    begins: dict[str, Any] = {"published_on": clock.today(), "attendance_percent": 80}
    if last is None:
        return begins
    names = ("outcomes", "credit_minutes", "valid_months", "attendance_percent")
    first = {
        f"first_{place}": str(row.course.uuid)
        for place, row in enumerate(last.prerequisites.all(), start=1)
    }
    return begins | {name: getattr(last, name) for name in names} | first


def _words(typed: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in typed.split(",") if word.strip()))
