"""Words for durations, dates and states, and the components that are tags."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from school.core.models import LedgerEntry
from school.core.templatetags import soo
from tests.core.markup import Page


def render(text: str, **context: object) -> str:
    return Template("{% load soo %}" + text).render(Context(context)).strip()


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


def test_recorded_is_the_day_of_the_source_when_imported() -> None:
    at = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    entry = LedgerEntry(recorded_at=at, known_from=date(2025, 2, 10))
    assert soo.recorded(entry) == "3 November 2026, 08:00"
    entry.imported = True
    assert soo.recorded(entry) == "10 February 2025, imported"
