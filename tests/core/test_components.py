"""The components: forms that name what is wrong, markup that a strict policy and a screen reader accept, and lean files."""

import re
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from school.core.forms import (
    ClockTimeField,
    DateParts,
    MinutesField,
    SchoolForm,
    SplitDateField,
    parse_clock_time,
)
from school.core.templatetags import soo
from school.core.views import gallery, gallery_context

STATIC = Path(__file__).resolve().parents[2] / "static"


class Page(HTMLParser):
    """The tags of a page with their attributes, and its title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.title = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        # A drawing has a title of its own; the first one is the page's.
        self._inside = tag if not self.title else ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title, self._inside = data, ""

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] for _, attrs in self.tags if attribute in attrs]


def gallery_page() -> Page:
    context = gallery_context() | {"request": RequestFactory().get("/?state=awaiting")}
    return Page(render_to_string("core/gallery.html", context))


def render(text: str, **context: object) -> str:
    return Template("{% load soo %}" + text).render(Context(context)).strip()


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


def test_input_is_tied_to_its_hint_and_error() -> None:
    class Named(SchoolForm):
        name = forms.CharField(label="Name", help_text="As on your badge")

    (described,) = Page(str(Named({})["name"].as_field_group())).values("aria-describedby")
    assert described.split() == ["id_name_helptext", "id_name_error"]


def test_long_text_is_counted_and_never_cut() -> None:
    class Noted(SchoolForm):
        note = forms.CharField(widget=forms.Textarea, max_length=400)

    page = Page(str(Noted()["note"].as_field_group()))
    assert page.values("data-maxlength") == ["400"]
    assert page.values("maxlength") == []


def test_state_is_a_word_a_shape_and_a_colour() -> None:
    page = Page(soo.state("under_way"))
    assert page.tags[0] == ("span", {"class": "soo-state soo-state--plain"})
    assert re.sub("<[^>]+>", "", soo.state("query", "Queried, 7.5 h")) == "Queried, 7.5 h"


def test_state_that_nobody_named_is_an_error() -> None:
    with pytest.raises(KeyError):
        soo.state("misty")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ 450|in_words }}", "7 hours 30 minutes"),
        ("{{ 450|in_hours }}", "7.5"),
        ("{{ day|long_date }}", "3 November 2026"),
        ("{{ day|day_date }}", "Tuesday 3 November 2026"),
        ("{{ day|day_and_month }}", "Tuesday 3 November"),
        ("{{ day|short_day }}", "Tue 3 Nov"),
        ("{% times late night %}", "23:00 to 00:30 next day"),
        ("{{ night|long_date }}", "4 July 2026"),
        ("{{ night|date_and_time }}", "4 July 2026, 00:30"),
        ("{% times start night %}", "08:00 to 00:30"),
        ("{{ none|in_hours }}{{ none|long_date }}{{ none|clock_time }}", ""),
        ("{{ 1378|grouped }}", "1,378"),
    ],
)
def test_words_for_durations_and_dates(template: str, said: str) -> None:
    night = datetime(2026, 7, 3, 23, 30, tzinfo=UTC)
    assert (
        render(
            template,
            day=date(2026, 11, 3),
            night=night,
            start=time(8),
            late=night - timedelta(minutes=90),
            none=None,
        )
        == said
    )


def test_quoted_words_are_escaped() -> None:
    assert soo.quoted("<b>Did you stay?") == "“&lt;b&gt;Did you stay?”"


def test_panel_escapes_its_title_and_keeps_its_content() -> None:
    made = render('{% panel title kind="query" %}<p>{{ title }}</p>{% endpanel %}', title="A & <B>")
    assert made == (
        '<section class="soo-panel soo-panel--query" aria-labelledby="p-a-b">'
        '<h2 class="nhsuk-heading-m" id="p-a-b">A &amp; &lt;B&gt;</h2><p>A &amp; &lt;B&gt;</p></section>'
    )


def test_pages_keep_the_filters() -> None:
    request = RequestFactory().get("/?state=awaiting")
    page = Paginator(range(60), 25).get_page(2)
    made = Page(
        render_to_string(
            "components/pagination.html", {"request": request, "page": page, "what": "shifts"}
        )
    )
    assert made.values("href") == [
        "?state=awaiting&page=1", "?state=awaiting&page=1", "?state=awaiting&page=2",
        "?state=awaiting&page=3", "?state=awaiting&page=3",
    ]  # fmt: skip


def test_gallery_is_refused_to_people_who_are_not_staff() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        gallery(request)


def test_gallery_has_nothing_inline() -> None:
    page = gallery_page()
    assert [
        tag
        for tag, attrs in page.tags
        if tag == "style" or (tag == "script" and "src" not in attrs)
    ] == []
    assert [
        attrs
        for _, attrs in page.tags
        if any(name == "style" or name.startswith("on") for name in attrs)
    ] == []


def test_gallery_gives_each_id_once() -> None:
    ids = gallery_page().values("id")
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "attribute", ["for", "aria-labelledby", "aria-describedby", "aria-controls", "data-tally"]
)
def test_gallery_points_only_to_what_is_there(attribute: str) -> None:
    page = gallery_page()
    pointed = {name for value in page.values(attribute) for name in value.split()}
    assert pointed
    # The design system's script makes this one from the words under the text box.
    assert pointed - set(page.values("id")) == set()


def test_summary_of_the_gallery_leads_to_controls() -> None:
    page = gallery_page()
    targets = {href[1:] for href in page.values("href") if href.startswith("#") and len(href) > 1}
    assert targets - set(page.values("id")) == set()


def test_title_begins_with_error_when_the_form_has_one() -> None:
    page = Template('{% extends "base.html" %}{% block title %}Log a shift{% endblock %}')
    assert (
        Page(page.render(Context({"form": ShiftForm({})}))).title
        == "Error: Log a shift – School of Oncology"
    )
    assert (
        Page(page.render(Context({"form": ShiftForm()}))).title
        == "Log a shift – School of Oncology"
    )
    assert (
        Page(page.render(Context({"has_errors": True}))).title
        == "Error: Log a shift – School of Oncology"
    )


def test_header_of_a_visitor_offers_to_sign_in() -> None:
    made = render_to_string("404.html")
    assert ">Sign in</a>" in made
    assert ">Sign out</button>" not in made


def test_header_of_a_person_names_them_and_their_hat() -> None:
    chrome = {
        "person_name": "Dilys Sampleby", "hat": "Practice educator",
        "nav": [{"label": "Inbox", "url": "/inbox/", "current": True, "count": 7}],
    }  # fmt: skip
    made = render_to_string("404.html", {"chrome": chrome})
    assert 'Dilys Sampleby<span class="soo-who__hat">Practice educator</span>' in made
    assert ('<a href="/inbox/" aria-current="page">Inbox<span class="soo-count">7'
            '<span class="nhsuk-u-visually-hidden"> waiting</span></span></a>') in made  # fmt: skip
    assert ">Sign out</button>" in made


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "refused.html"]
)
def test_error_page_needs_nothing_from_the_request(name: str) -> None:
    page = Page(render_to_string(name))
    assert [tag for tag, _ in page.tags].count("h1") == 1


def test_vendored_style_fetches_nothing() -> None:
    style = (STATIC / "vendor/nhsuk-frontend/nhsuk-frontend.css").read_text("utf-8")
    assert [
        word
        for word in ("url(", "@import", "@charset", "sourceMappingURL", "\ufeff")
        if word in style
    ] == []


def test_scripts_name_no_other_host_and_no_map() -> None:
    for script in STATIC.rglob("*.js"):
        text = script.read_text("utf-8")
        assert [word for word in ("://", "sourceMappingURL", "eval(") if word in text] == [], (
            script.name
        )


def test_own_style_fetches_only_the_font() -> None:
    style = (STATIC / "css/soo.css").read_text("utf-8")
    assert re.findall(r"url\(([^)]*)\)", style) == ['"../vendor/inter/inter-latin.woff2"']


def test_every_class_of_our_own_has_a_rule() -> None:
    style = (STATIC / "css/soo.css").read_text("utf-8")
    ruled = set(re.findall(r"\.(soo-[a-z0-9_-]+)", style))
    # These carry no look of their own: the columns of a heat map with eight, and states in the plain ink.
    plain = {"soo-heat--8", "soo-state--plain"}
    used = {
        name
        for value in gallery_page().values("class")
        for name in value.split()
        if name.startswith("soo-")
    }
    assert used - ruled - plain == set()


def test_gallery_reads_its_forms_without_their_errors_leaking() -> None:
    context = gallery_context()
    assert [
        bool(cast(forms.Form, context[name]).errors) for name in ("filled_form", "wrong_form")
    ] == [False, True]
