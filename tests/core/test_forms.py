"""Forms that name what is wrong and keep what was typed."""

from datetime import date, time
from typing import Any

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from school.core.forms import (
    ClockTimeField,
    DateParts,
    MinutesField,
    SchoolForm,
    SplitDateField,
    parse_clock_time,
)
from school.core.templatetags import soo
from tests.core.markup import Page


class ShiftForm(SchoolForm):
    nouns = {"site": "the placement"}

    on = SplitDateField(label="Date", noun="the date")
    start = ClockTimeField(label="Start", noun="the start time")
    unpaid = MinutesField(label="Break, minutes", noun="the break", max_value=180)
    site = forms.ChoiceField(label="Where", choices=[("a", "A")], widget=forms.RadioSelect)
    read = forms.BooleanField(label="I have read this")


def errors_of(**data: Any) -> dict[str, list[str]]:
    full = {"on_day": "19", "on_month": "11", "on_year": "2026", "start": "08:00", "unpaid": "30",
            "site": "a", "read": "on"}  # fmt: skip
    return {
        name: [str(error) for error in found]
        for name, found in ShiftForm(full | data).errors.items()
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("08:00", time(8)), ("0800", time(8)), ("8.00", time(8)), ("8am", time(8)), ("8", time(8)),
        ("8:30 pm", time(20, 30)), ("12am", time(0)), ("12 p.m.", time(12)), ("23:59", time(23, 59)),
        ("00:00", time(0)), ("24:00", None), ("8:60", None), ("13pm", None), ("0am", None), ("", None),
        ("eight", None), ("8:0", None), ("080000", None),
    ],
)  # fmt: skip
def test_clock_time_as_people_type_it(typed: str, meant: time | None) -> None:
    assert parse_clock_time(typed) == meant


def test_form_that_is_full_gives_values() -> None:
    form = ShiftForm({"on_day": "3", "on_month": "nov", "on_year": "2026", "start": "8am", "unpaid": "30 min",
                      "site": "a", "read": "on"})  # fmt: skip
    assert form.is_valid()
    assert form.cleaned_data == {
        "on": date(2026, 11, 3), "start": time(8), "unpaid": 30, "site": "a", "read": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"on_month": ""}, {"on": ["The date must include a month"]}),
        ({"on_day": "", "on_year": ""}, {"on": ["The date must include a day and a year"]}),
        ({"on_day": "", "on_month": "", "on_year": ""}, {"on": ["Enter the date"]}),
        ({"on_day": "31"}, {"on": ["The date must be a day of the calendar"]}),
        ({"on_month": "13"}, {"on": ["The date: the month must be between 1 and 12, or a name"]}),
        ({"on_year": "26"}, {"on": ["The date: the year must have 4 figures, like 2026"]}),
        ({"start": "25:00"}, {"start": ["The start time must be a time, like 08:00 or 16:30"]}),
        ({"start": ""}, {"start": ["Enter the start time"]}),
        ({"unpaid": "half"}, {"unpaid": ["The break must be a whole number of minutes, like 30"]}),
        ({"unpaid": "181"}, {"unpaid": ["The break must be between 0 and 180 minutes"]}),
        ({"unpaid": "-1"}, {"unpaid": ["The break must be between 0 and 180 minutes"]}),
        ({"site": ""}, {"site": ["Choose the placement"]}),
        ({"read": ""}, {"read": ["Tick “I have read this” to go on"]}),
    ],
)
def test_error_names_what_is_wrong(data: dict[str, str], errors: dict[str, list[str]]) -> None:
    assert errors_of(**data) == errors


def test_summary_leads_to_the_box_that_is_wrong() -> None:
    form = ShiftForm({"on_day": "19", "on_year": "2026", "start": "x"})
    form.add_error(None, "Two shifts share an hour")
    assert [problem.target for problem in soo.problems(form)] == [
        "", "id_on_month", "id_start", "id_unpaid", "id_site_0", "id_read",
    ]  # fmt: skip


def test_error_added_later_marks_every_part_of_a_date() -> None:
    form = ShiftForm({"on_day": "19", "on_month": "11", "on_year": "2026"})
    form.add_error("on", "The week is closed")
    assert soo.wrong_parts(form["on"]) == ("day", "month", "year")


def test_refused_form_comes_back_as_it_was_typed() -> None:
    form = ShiftForm({"on_day": "45", "on_month": "nov", "on_year": "26", "start": "8.61"})
    assert form["on"].value() == DateParts("45", "nov", "26")
    page = Page(str(form["on"].as_field_group()) + str(form["start"].as_field_group()))
    assert page.values("value") == ["45", "nov", "26", "8.61"]


def test_fields_show_their_initial_values() -> None:
    form = ShiftForm(initial={"on": date(2026, 11, 3), "start": time(8, 5), "unpaid": 30})
    page = Page(
        f"{form['on'].as_field_group()}{form['start'].as_field_group()}{form['unpaid'].as_field_group()}"
    )
    assert page.values("value") == ["3", "11", "2026", "08:05", "30"]


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        (("3", "11", "2026"), False),
        (("3", "nov", "2026"), False),
        (("4", "11", "2026"), True),
        (("x", "", ""), True),
    ],
)
def test_date_has_changed_when_the_day_differs(typed: tuple[str, str, str], changed: bool) -> None:
    assert SplitDateField().has_changed(date(2026, 11, 3), DateParts(*typed)) is changed


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"on_day": "9" * 20}, "The date must be a day of the calendar"),
        ({"on_month": "9" * 5000}, "The date: the month must be between 1 and 12, or a name"),
        ({"on_year": "9999"}, "The date: the year must be between 1900 and 2100"),
        ({"on_year": "1899"}, "The date: the year must be between 1900 and 2100"),
    ],
)
def test_date_that_cannot_be_meant_is_refused(parts: dict[str, str], said: str) -> None:
    assert errors_of(**parts) == {"on": [said]}


def test_input_is_tied_to_its_hint_and_error() -> None:
    class Named(SchoolForm):
        name = forms.CharField(label="Name", help_text="As on your badge")

    (described,) = Page(str(Named({})["name"].as_field_group())).values("aria-describedby")
    assert described.split() == ["id_name_helptext", "id_name_error"]


def test_text_that_is_too_long_is_said_by_name_with_both_numbers() -> None:
    class Noted(SchoolForm):
        note = forms.CharField(label="What the candidate reads", max_length=4000)
        room_name = forms.CharField(max_length=5)

    form = Noted({"note": "x" * 4312, "room_name": "123456"})
    assert form.errors == {
        "note": ["Shorten “What the candidate reads” to 4,000 characters or fewer; it has 4,312"],
        "room_name": ["Shorten “room name” to 5 characters or fewer; it has 6"],
    }
    assert Noted({"note": "x" * 4000, "room_name": "12345"}).is_valid()


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_end_of_a_line_is_one_character(line_end: str) -> None:
    class Noted(SchoolForm):
        note = forms.CharField(widget=forms.Textarea, max_length=5)

    form = Noted(MultiValueDict({"note": [f"ab{line_end}cd"]}))
    assert form.is_valid()
    assert form.cleaned_data == {"note": "ab\ncd"}


def test_long_text_is_counted_and_never_cut() -> None:
    class Noted(SchoolForm):
        note = forms.CharField(widget=forms.Textarea, max_length=400)

    page = Page(str(Noted()["note"].as_field_group()))
    assert page.values("data-maxlength") == ["400"]
    assert page.values("maxlength") == []
