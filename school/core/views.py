"""The component gallery: every component filled, empty and in error, on one page for staff."""

from datetime import date, time

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from school.core import charts
from school.core.charts import Part
from school.core.forms import ClockTimeField, MinutesField, SchoolForm, SplitDateField


class ExampleForm(SchoolForm):
    """One field of each kind."""

    on = SplitDateField(label="Date", noun="the date", help_text="For example, 19 11 2026")
    start = ClockTimeField(label="Start", noun="the start time")
    end = ClockTimeField(label="End", noun="the end time")
    unpaid = MinutesField(label="Break, minutes", noun="the break", max_value=180)
    day_type = forms.ChoiceField(
        label="Day type",
        choices=[("", "Choose"), ("clinical", "Clinical day"), ("study", "Study day")],
    )
    supervision = forms.ChoiceField(
        label="How you were supervised",
        widget=forms.RadioSelect,
        choices=[("direct", "Directly"), ("near", "Somebody was near")],
    )
    seen = forms.MultipleChoiceField(
        label="What you saw",
        widget=forms.CheckboxSelectMultiple,
        choices=[("fdg", "FDG half-body"), ("brain", "FDG brain")],
        help_text="Tick all that apply",
    )
    note = forms.CharField(
        label="Note",
        widget=forms.Textarea,
        max_length=400,
        help_text="Nothing that points to a patient",
    )
    scan = forms.FileField(label="Scan of the paper sheet", help_text="A PDF, or a photograph")
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    agreed = forms.BooleanField(label="I have read this", help_text="Needed once a year")


class ExampleFilter(SchoolForm):
    """The fields of a filter bar."""

    search = forms.CharField(
        label="Name", required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), ("awaiting", "Awaiting")]
    )


FILLED = {
    "on": date(2026, 11, 19), "start": time(8), "end": time(16), "unpaid": 30, "day_type": "clinical",
    "supervision": "direct", "seen": ["fdg"], "note": "Quiet morning.", "agreed": True,
}  # fmt: skip
MISTYPED = {
    "on_day": "31",
    "on_month": "",
    "on_year": "2026",
    "start": "25:00",
    "end": "",
    "unpaid": "half an hour",
}


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component; whoever routes to it says who may."""
    return render(request, "core/gallery.html", gallery_context())


def gallery_context() -> dict[str, object]:
    """What the gallery shows: invented people and figures."""
    return {
        "empty_form": ExampleForm(prefix="empty"),
        "filled_form": ExampleForm(initial=FILLED, prefix="filled"),
        "wrong_form": ExampleForm(MISTYPED),
        "filter_form": ExampleFilter(prefix="filter"),
        "page": Paginator(range(1240), 25).get_page(7),
        **_words(),
        **_charts(),
    }


def _words() -> dict[str, object]:
    """What the components of words show."""
    line = {
        "who": "Amara Exampleton",
        "hours": "7.5 h",
        "what": "Thursday 12 November, 08:00 to 16:00, break 30 minutes",
        "acts": [{"label": "Query", "url": "#"}, {"label": "Open", "url": "#"}],
    }
    return {
        "trail": [("Home", "#"), ("Shifts", "#")],
        "figures": [
            {"label": "On placement today", "value": 9, "of": "at 7 sites", "note": "7 in year 3, 2 in year 2"},
            {"label": "Behind plan", "value": 3, "of": "of 9", "note": "by 15 hours or more"},
            {"label": "Shifts decided in 5 working days", "value": 148, "of": "of 171", "note": "87 %, last 90 days"},
            {"label": "Free placement weeks", "value": 38, "of": "of 80", "note": "to 18 December"},
        ],
        "tasks": [
            {"title": "Site induction", "hint": "Recorded 6 October 2026 by Dilys Sampleby", "state": "done"},
            {"title": "Log book of examinations", "url": "#", "hint": "22 of 26 examinations", "state": "under-way"},
            {"title": "OSCE, 6 stations", "url": "#", "hint": "14 January 2027, 09:00", "state": "booked"},
        ],
        "rows": [
            {"key": "Placement", "value": "Cumberland Infirmary", "url": "#"},
            {"key": "Supervised by", "value": "Dilys Sampleby"},
        ],
        "lines": [
            {**line, "id": "l1", "value": "1", "queried": True, "words": "Did you stay, or was it a half day?",
             "words_by": "You asked on 13 November. Amara has not replied yet."},
            {**line, "id": "l2", "value": "2", "checked": True, "waiting": "Sent 12 November. Waiting 5 working days"},
            {**line, "id": "l3", "value": "3", "waiting": "Sent today, 16:20",
             "flags": ["Break of 30 minutes was typed; the rota says 45."]},
        ],
        "states": ["done", "awaiting", "under-way", "not-started", "query", "rejected", "withdrawn", "absent", "notice", "breach"],
        "quote_on": date(2026, 11, 13),
        "table": charts.Table(
            "Shifts of the week",
            (charts.Column("Day"), charts.Column("Times"), charts.Column("Hours", numeric=True)),
            [("Tuesday 17 November", "08:00 to 16:00", "7.5"), ("Wednesday 18 November", "08:00 to 17:30", "9")],
        ),
    }  # fmt: skip


def _charts() -> dict[str, object]:
    """Invented figures for every chart."""
    sites = [
        charts.Site(
            "Lincoln County Hospital",
            53.234,
            -0.521,
            mobile=True,
            level="2",
            label="Lincoln 76 %",
            words="76",
        ),
        charts.Site(
            "Broadgreen Hospital", 53.412, -2.899, level="1", label="Broadgreen 83 %", words="83"
        ),
        charts.Site(
            "Cumberland Infirmary", 54.896, -2.958, level="1", label="Cumberland 89 %", words="89"
        ),
        charts.Site(
            "Maidstone Hospital", 51.274, 0.484, level="3", label="Maidstone 62 %", words="62"
        ),
        charts.Site("Poole Hospital", 50.722, -1.973, level="met", words="100"),
        charts.Site(
            "Royal Cornwall Hospital", 50.266, -5.094, mobile=True, level="met", words="92"
        ),
    ]
    cell = charts.HeatCell
    return {
        "hours": charts.hours_bar(
            stage="Year 3",
            parts=[Part("confirmed", "Confirmed", 6750), Part("awaiting", "Awaiting", 1350), Part("queried", "Queried", 450)],
            needed=12960,
            planned=4500,
            planned_words="10 planned shifts reach 217.5 h on 10 December",
        ),
        "hours_band": charts.hours_bar(
            stage="Year 1", parts=[Part("brought", "Brought forward", 240), Part("confirmed", "Confirmed", 450)],
            needed=480, band_top=960,
        ),
        "hours_none": charts.hours_bar(stage="Year 2", parts=[Part("confirmed", "Confirmed", 0)], needed=2160),
        "inside_band": charts.band_bar(
            title="Year 1: 15 hours confirmed, inside the band of 8 to 16 hours", minutes=900, low=480, high=960
        ),
        "over_goal": charts.band_bar(title="Year 2: 37.5 hours confirmed against 36 hours", minutes=2250, low=2160),
        "boxes": charts.progress(13, 15),
        "long_progress": charts.progress(22, 26),
        "no_progress": charts.progress(0, 0),
        "behind": charts.bullet(who="I. Dummyworth", confirmed=3600, awaiting=450, expected=7200, needed=12960),
        "decided": charts.share(what="within 5 working days", numerator=42, denominator=48, standard=75),
        "undecided": charts.share(what="within 5 working days", numerator=0, denominator=0, standard=75),
        "week": charts.week_bar(
            parts=[Part("recorded", "Recorded", 1350), Part("this", "This shift", 540), Part("planned", "Planned", 450)],
            notice=2250,
            breach=2880,
        ),
        "coverage": charts.trend(
            title="Coverage over 12 months",
            points=[
                charts.Point(f"{name} 2026", 1040 + 17 * place, 1378, 74.0 + place)
                for place, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
            ],
            target=90, floor=70, name="adjusted", second_name="headcount",
        ),
        "no_coverage": charts.trend(title="Coverage", points=[], target=90),
        "columns": charts.columns(
            title="People by crew and month", desc="From 40 mobile to 30 static.", kinds=("confirmed", "awaiting"),
            counts=[("January 2017", (0, 40)), ("February 2017", (12, 29)), ("March 2017", (30, 12))],
            table=charts.Table("People by crew and month", (charts.Column("Month"), charts.Column("Static", numeric=True), charts.Column("Mobile", numeric=True)), [("January 2017", 0, 40), ("February 2017", 12, 29), ("March 2017", 30, 12)]),
        ),
        "sites": charts.site_map(
            title="Map of 6 sites, static and mobile, by coverage",
            desc="Below 90 per cent: Lincoln 76, Broadgreen 83, Cumberland 89, Maidstone 62. The others are at or above.",
            sites=sites,
        ),
        "heat": charts.HeatMap(
            "Per cent in date, 19 November 2026. Lowest site first.",
            "Region and site",
            [charts.HeatColumn("Infection prevention and control", "IPC"), charts.HeatColumn("Fire safety", "Fire"),
             charts.HeatColumn("Dementia, tier 2", "Dem")],
            [charts.HeatGroup("North West", "2 sites", [cell(5, 10), cell(9, 10), cell(7, 9)], [
                charts.HeatRow("Broadgreen Hospital", "6 people", [cell(2, 6, "#"), cell(6, 6, "#"), cell(3, 4, "#", opened=True)]),
                charts.HeatRow("Royal Stoke University Hospital", "6 people", [cell(5, 6, "#"), cell(6, 6, "#"), cell(0, 0)]),
            ])],
        ),
    }  # fmt: skip
