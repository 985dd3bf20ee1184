"""What a School educator fills in: filters of their lists, and what is short."""

from typing import Any

from django import forms

from school.core.forms import SchoolForm
from school.courses import teaching_queries as taught
from school.courses.models import Course
from school.courses.teaching_queries import WantedCourses, WantedEvents


def number(**kwargs: Any) -> forms.IntegerField:
    """A whole number, typed."""
    widget = forms.TextInput(attrs={"class": "soo-time", "inputmode": "numeric"})
    return forms.IntegerField(widget=widget, **kwargs)


class FilterForm(SchoolForm):
    """What a list is narrowed to, whatever can be read of it."""

    words = forms.CharField(label="Words", required=False, max_length=100)

    def asked(self, *, which: str, sort: str) -> dict[str, str]:
        """The words, and what was chosen or else the given."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "words": (data.get("words") or "").strip(),
            "which": data.get("which") or which,
            "sort": data.get("sort") or sort,
        }


class CoursesFilterForm(FilterForm):
    """What the list of courses is narrowed to."""

    which = forms.ChoiceField(label="Which", required=False, choices=list(taught.COURSES.items()))
    sort = forms.ChoiceField(
        label="Sorted by", required=False, choices=list(taught.COURSE_SORTS.items())
    )

    def wanted(self) -> WantedCourses:
        """What was asked for."""
        return WantedCourses(**self.asked(which=taught.OFFERED, sort="title"))

    def said(self, wanted: WantedCourses) -> str:
        """The filter in words, for the page and for the files."""
        words = f", “{wanted.words}”" if wanted.words else ""
        return taught.COURSES[wanted.which] + words


class EventsFilterForm(FilterForm):
    """What the list of events is narrowed to."""

    which = forms.ChoiceField(label="Which", required=False, choices=list(taught.EVENTS.items()))
    course = forms.ChoiceField(label="Course", required=False)
    sort = forms.ChoiceField(
        label="Sorted by", required=False, choices=list(taught.EVENT_SORTS.items())
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = {
            str(uuid): title
            for uuid, title in Course.objects.order_by("title").values_list("uuid", "title")
        }
        chosen = self.fields["course"]
        chosen.choices = [("", "All"), *self.titles.items()]  # type: ignore[attr-defined]

    def wanted(self) -> WantedEvents:
        """What was asked for."""
        asked = self.asked(which=taught.COMING, sort="date")
        return WantedEvents(course=self.cleaned_data.get("course") or "", **asked)

    def said(self, wanted: WantedEvents) -> str:
        """The filter in words, for the page and for the files."""
        parts = [taught.EVENTS[wanted.which]]
        if wanted.course:
            parts.append(self.titles[wanted.course])
        if wanted.words:
            parts.append(f"“{wanted.words}”")
        return ", ".join(parts)


class ReasonForm(SchoolForm):
    """Why an event is cancelled, for those who booked."""

    reason = forms.CharField(
        label="Why it is cancelled",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Everybody with a booking reads this",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class UuidForm(SchoolForm):
    """An act that needs no words: only the UUID that makes a retry the same act."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
