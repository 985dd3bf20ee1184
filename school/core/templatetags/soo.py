"""Words for durations, dates and states, and the tags that the components are made of."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from school.core import days
from school.core.forms import DateInput, DateParts
from school.core.models import LedgerEntry

register = template.Library()


@register.filter
def in_words(minutes: int | None) -> str:
    """450 -> "7 hours 30 minutes", for prose; None -> ""."""
    return "" if minutes is None else days.in_words(minutes)


@register.filter
def in_hours(minutes: int | None) -> str:
    """450 -> "7.5", for tables and figures; None -> ""."""
    return "" if minutes is None else days.in_hours(minutes)


@register.filter
def long_date(day: date | datetime | None) -> str:
    """-> "3 November 2026"; an instant is read in London."""
    return "" if day is None else days.long_date(_day(day))


@register.filter
def day_date(day: date | datetime | None) -> str:
    """-> "Thursday 3 November 2026"."""
    return "" if day is None else days.day_date(_day(day))


@register.filter
def day_and_month(day: date | datetime | None) -> str:
    """-> "Tuesday 3 November", where the year is plain from the page."""
    return "" if day is None else days.day_and_month(_day(day))


@register.filter
def clock_time(at: datetime | time | None) -> str:
    """-> "08:00" in London."""
    return "" if at is None else days.clock_time(at)


@register.filter
def date_and_time(at: datetime | None) -> str:
    """-> "3 November 2026, 08:00"."""
    return "" if at is None else f"{days.long_date(_day(at))}, {days.clock_time(at)}"


@register.filter
def recorded(entry: LedgerEntry) -> str:
    """When a fact was recorded -> "3 November 2026, 08:00"; when its source did, of an imported one -> "3 November 2026, imported"."""
    if entry.imported:
        return f"{days.long_date(entry.known_from)}, imported"
    return date_and_time(entry.recorded_at)


@register.filter
def short_day(day: date | datetime | None) -> str:
    """-> "Tue 3 Nov", for a narrow list."""
    return "" if day is None else days.short_day(_day(day))


@register.simple_tag
def times(start: datetime | time, end: datetime | time) -> str:
    """-> "08:00 to 16:30", or "20:00 to 08:00 next day" when both are instants."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return days.time_range(start, end)
    return f"{days.clock_time(start)} to {days.clock_time(end)}"


def _day(day: date | datetime) -> date:
    return days.london_day(day) if isinstance(day, datetime) else day


class Sign(NamedTuple):
    """How a state looks: its word, its class and the name of its shape."""

    word: str
    look: str
    shape: str


SHAPES = {
    "check": '<path d="M2.5 7.5l3.2 3.5L11.5 3.5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "clock": '<circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M7 3.8V7l2.3 1.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "ring": '<circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "half": '<circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M7 1.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor"/>',
    "diamond": '<path d="M7 .8L13.2 7 7 13.2.8 7z" fill="currentColor"/>',
    "cross": '<path d="M3 3l8 8M11 3l-8 8" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "dash": '<path d="M2 7h10" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "triangle": '<path d="M7 1l6.4 11.6H.6z" fill="none" stroke="currentColor" stroke-width="1.7" '
    'stroke-linejoin="round"/><path d="M7 5v3.6M7 10v1.2" stroke="currentColor" stroke-width="1.7"/>',
}

STATES = {
    "done": Sign("Done", "done", "check"),
    "achieved": Sign("Achieved", "done", "check"),
    "confirmed": Sign("Confirmed", "done", "check"),
    "recorded": Sign("Recorded", "done", "check"),
    "made-up": Sign("Made up", "done", "check"),
    "awaiting": Sign("Awaiting", "plain", "clock"),
    "booked": Sign("Booked", "plain", "clock"),
    "under-way": Sign("Under way", "plain", "half"),
    "not-started": Sign("Not started", "plain", "ring"),
    "not-sent": Sign("Not sent", "plain", "ring"),
    "planned": Sign("Planned", "plain", "ring"),
    "query": Sign("Queried", "query", "diamond"),
    "behind": Sign("Behind plan", "query", "diamond"),
    "rejected": Sign("Rejected", "rejected", "cross"),
    "failed": Sign("Failed", "rejected", "cross"),
    "absent": Sign("Absent", "quiet", "dash"),
    "cancelled": Sign("Cancelled", "quiet", "dash"),
    "withdrawn": Sign("Withdrawn", "quiet", "dash"),
    "superseded": Sign("Corrected", "quiet", "dash"),
    "notice": Sign("Notice", "plain", "triangle"),
    "breach": Sign("Breach", "query", "triangle"),
}


@cache
def shape(name: str) -> SafeString:
    """One of SHAPES as a small picture that a screen reader passes over."""
    return mark_safe(  # noqa: S308 - a constant of this module
        f'<svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" focusable="false">{SHAPES[name]}</svg>'
    )


register.simple_tag(shape, name="shape")


@register.simple_tag
def state(key: str, word: str = "") -> SafeString:
    """A word, a shape and a colour. {% state "query" %} or {% state "query" "Queried, 7.5 h" %}; keys: STATES."""
    return _state(str(key).replace("_", "-"), str(word))


@lru_cache(maxsize=512)
def _state(key: str, word: str) -> SafeString:
    sign = STATES[key]
    return format_html(
        '<span class="soo-state soo-state--{}">{}{}</span>',
        sign.look,
        shape(sign.shape),
        word or sign.word,
    )


@register.simple_tag
def flag(text: str) -> SafeString:
    """A line with a warning triangle: what a reader is told about one row."""
    return format_html('<p class="soo-flag">{}<span>{}</span></p>', shape("triangle"), text)


@register.simple_block_tag
def panel(content: str, title: str, *, id: str = "", kind: str = "", level: int = 2) -> SafeString:
    """{% panel "What is left" kind="query" %}...{% endpanel %}; kind: do, query, warn, fill or nothing.

    The section is named by its heading; `id` is made from the title when none is given.
    """
    identity = id or f"p-{slugify(title)}"
    look = "".join(f" soo-panel--{word}" for word in kind.split())
    return format_html(
        '<section class="soo-panel{0}" aria-labelledby="{1}"><h{2} class="nhsuk-heading-m" id="{1}">{3}</h{2}>{4}</section>',
        look, identity, level, title, content,
    )  # fmt: skip


@register.simple_block_tag
def details(content: str, summary: str, *, open: bool = False, fold: bool = False) -> SafeString:
    """{% details "Placement, day type or a note" %}...{% enddetails %}; open=True when something in it needs attention.

    fold=True is for what is long: folded on a phone alone, and shown on a desk and on paper.
    """
    return format_html(
        '<details class="nhsuk-details{}"{}><summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">'
        '{}</span></summary><div class="nhsuk-details__text">{}</div></details>',
        " soo-fold" if fold else "", mark_safe(" open") if open else "", summary, content,
    )  # fmt: skip


KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DateInput, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
CLASSES = {
    "select": "nhsuk-select",
    "textarea": "nhsuk-textarea",
    "file": "soo-file",
    "password": "nhsuk-input nhsuk-password-input__input nhsuk-js-password-input-input",
    "input": "nhsuk-input",
}


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which of the patterns in components/field.html a field follows."""
    widget = field.field.widget
    return next((kind for sort, kind in KINDS if isinstance(widget, sort)), "input")


@register.filter
def character_limit(field: BoundField) -> int | None:
    """How many characters a text of several lines may have: counted aloud, never cut off while typing."""
    return getattr(field.field, "max_length", None) if widget_kind(field) == "textarea" else None


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The field's own control, with the classes of its pattern and of its error."""
    kind = widget_kind(field)
    attrs: dict[str, Any] = {}
    if kind == "date":
        attrs["wrong_parts"] = wrong_parts(field)
    else:
        base = CLASSES[kind]
        if character_limit(field):
            base += " nhsuk-js-character-count"
            attrs["maxlength"] = False
        wrong = f" {base.split()[0]}--error" if field.errors else ""
        attrs["class"] = " ".join([base + wrong, field.field.widget.attrs.get("class", "")]).strip()
    if kind == "textarea":
        attrs["rows"] = (
            4
            if field.field.widget.attrs.get("rows") in (None, "10")
            else field.field.widget.attrs["rows"]
        )
    if kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    return field.as_widget(attrs=attrs)


def wrong_parts(field: BoundField) -> tuple[str, ...]:
    """The boxes of a date that its errors speak of: all of them when no error says which."""
    found: list[str] = []
    for error in field.errors.as_data():
        found += (error.params or {}).get("parts", DateParts._fields)
    return tuple(part for part in DateParts._fields if part in found)


class Problem(NamedTuple):
    """One line of the error summary: the control it leads to ("" for none) and the words."""

    target: str
    message: str


@register.filter
def problems(form: forms.BaseForm) -> list[Problem]:
    """Every error of a form in the order of its fields, the form's own first."""
    found = [Problem("", str(message)) for message in form.non_field_errors()]
    for field in form:
        found += [Problem(target_of(field), str(message)) for message in field.errors]
    return found


def target_of(field: BoundField) -> str:
    """The id of the control that the summary's link leads to."""
    identity = str(field.auto_id)
    kind = widget_kind(field)
    if kind == "date":
        return f"{identity}_{wrong_parts(field)[0]}"
    return f"{identity}_0" if kind in ("radios", "checkboxes") else identity


@register.inclusion_tag("components/error_summary.html")
def error_summary(
    *forms_or_formsets: forms.BaseForm | forms.BaseFormSet[Any],
    lead: str = "Nothing was sent. Everything you typed is still here.",
) -> dict[str, Any]:
    """{% error_summary form %} or {% error_summary form other lead="Nothing was saved." %}; nothing when there is no error."""
    found: list[Problem] = []
    for form in forms_or_formsets:
        if isinstance(form, forms.BaseFormSet):
            found += [Problem("", str(message)) for message in form.non_form_errors()]
            for number, row in enumerate(form, start=1):
                found += [
                    Problem(target, f"Row {number}: {words}") for target, words in problems(row)
                ]
        elif form:
            found += problems(form)
    return {"problems": found, "lead": lead}


@register.filter
def grouped(number: int) -> str:
    """1378 -> "1,378"."""
    return f"{number:,}"


@register.filter
def page_numbers(page: Page[Any]) -> Iterable[int | str]:
    """The numbers of the pages around this one, and both ends."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def any_errors(items: Iterable[forms.BaseForm]) -> bool:
    """Whether one of several forms has an error: for the page's title."""
    return any(form.errors for form in items)


@register.filter
def quoted(words: str) -> str:
    """The words in double curly quotation marks."""
    return mark_safe(f"“{escape(words)}”")  # noqa: S308 - escaped here
