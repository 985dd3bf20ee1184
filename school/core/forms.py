"""Forms in the patterns of the design system: the renderer, the base form, and fields for dates, times and minutes."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from school.core import days
from school.core.errors import DomainError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DETERMINERS = (
    "the", "a", "an", "your", "how", "what", "when", "where", "whether", "which", "who", "why",
)  # fmt: skip
LINE_END = re.compile("\r\n?")
CLOCK = re.compile(r"(\d{1,2})(?:[:.\s]?(\d{2}))?\s*(am|pm)?")


class SchoolRenderer(TemplatesSetting):
    """`{{ field.as_field_group }}` is components/field.html and `{{ form }}` is components/form.html.

    The templates of the widgets stay Django's own, because Wagtail's admin uses the same renderer; the
    plain ones are written here with the same words, since their templates take most of a form's time.
    """

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if template_name in PLAIN_INPUTS:
            return _input(context["widget"])
        if template_name == "django/forms/widgets/select.html":
            return _select(context["widget"])
        if template_name == "django/forms/widgets/textarea.html":
            return _textarea(context["widget"])
        return super().render(template_name, context, request)


PLAIN_INPUTS = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in ("text", "hidden", "number", "email", "url", "password")
)


def _input(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    held = "" if value is None else format_html(' value="{}"', value)
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"], widget["name"], held, flatatt(widget["attrs"]),
    )  # fmt: skip


def _textarea(widget: dict[str, Any]) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"], flatatt(widget["attrs"]), widget["value"] or "",
    )  # fmt: skip


def _select(widget: dict[str, Any]) -> SafeString:
    groups = []
    for name, options, _ in widget["optgroups"]:
        inside = mark_safe(  # noqa: S308 - every part is escaped
            "".join(
                f'<option value="{conditional_escape(option["value"])}"{flatatt(option["attrs"])}>'
                f"{conditional_escape(option['label'])}</option>"
                for option in options
            )
        )
        groups.append(
            format_html('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside
        )
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"], flatatt(widget["attrs"]), format_html_join("", "{}", ((g,) for g in groups)),
    )  # fmt: skip


class SchoolForm(forms.Form):
    """A form whose messages name what is missing or too long: "Enter the start time", "Shorten “Title” to …".

    `nouns` holds, by field, the words that stand for it in a sentence; without them the label serves.
    """

    use_required_attribute = False
    nouns: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if isinstance(self.data, MultiValueDict):
            self.data = _as_typed(self.data)
        for name, field in self.fields.items():
            if name in self.nouns:
                field.noun = self.nouns[name]  # type: ignore[attr-defined]
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing(field, name)
            if isinstance(field, forms.CharField) and field.max_length is not None:
                field.validators = [
                    _Longest(one.limit_value, str(field.label or name.replace("_", " ")))
                    if isinstance(one, MaxLengthValidator)
                    else one
                    for one in field.validators
                ]


def _as_typed(data: MultiValueDict[str, str]) -> MultiValueDict[str, str]:
    """What was sent, with lines that end in one character: a browser sends two, and neither its counter nor a person counts them."""
    found = {
        name: [LINE_END.sub("\n", value) for value in values]
        for name, values in data.lists()
        if any("\r" in value for value in values)
    }
    if not found:
        return data
    data = data.copy()
    for name, values in found.items():
        data.setlist(name, values)
    return data


class _Longest(MaxLengthValidator):
    """Says by how much which text is too long."""

    def __init__(self, limit_value: Any, label: str) -> None:
        super().__init__(limit_value)
        self.label = label

    def __call__(self, value: str) -> None:
        if len(value) > self.limit_value:
            raise ValidationError(
                f"Shorten “{self.label}” to {self.limit_value:,} characters or fewer; it has {len(value):,}",
                code=self.code,
            )


def _missing(field: forms.Field, name: str) -> str:
    if isinstance(field, forms.BooleanField):
        return f"Tick “{field.label}” to go on"
    verb = "Choose" if isinstance(field, (forms.ChoiceField, forms.FileField)) else "Enter"
    return f"{verb} {noun_of(field, name)}"


def noun_of(field: forms.Field, name: str = "") -> str:
    """The words that stand for a field inside a sentence: "the start time", "your password"."""
    words = getattr(field, "noun", "") or str(field.label or "") or name.replace("_", " ")
    words = words if words[:2].isupper() else words[:1].lower() + words[1:]
    return words if words.split(" ")[0] in DETERMINERS else f"the {words}"


def refuse(form: forms.Form, error: DomainError) -> int:
    """Puts what a rule said at its field, or above the form; answers with the status of the page."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    return error.status


def sentence(words: str) -> str:
    """The words with a capital letter first."""
    return words[:1].upper() + words[1:]


class DateParts(NamedTuple):
    """A date as it was typed, kept so that a refused form comes back full."""

    day: str = ""
    month: str = ""
    year: str = ""


class DateInput(forms.Widget):
    """Day, month and year in three boxes, sent as name_day, name_month and name_year; an address may say name=2016-12-31."""

    template_name = "components/widgets/date_input.html"
    use_fieldset = True
    input_type = "date-parts"

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> DateParts | None:
        parts = DateParts(
            *(str(data.get(f"{name}_{part}") or "").strip() for part in DateParts._fields)
        )
        if any(parts):
            return parts
        whole = str(data.get(name) or "").strip()
        return DateParts(*reversed([*whole.split("-", 2), "", ""][:3])) if whole else None

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        parts = (f"{name}_{part}" for part in DateParts._fields)
        return all(part not in data for part in (name, *parts))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def format_value(self, value: Any) -> DateParts:
        if isinstance(value, date):
            return DateParts(str(value.day), str(value.month), str(value.year))
        return value if isinstance(value, DateParts) else DateParts()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        wrong = context["widget"]["attrs"].pop("wrong_parts", ())
        typed = self.format_value(value)
        identity = context["widget"]["attrs"].get("id", name)
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{identity}_{part}",
                "label": part.capitalize(),
                "value": getattr(typed, part),
                "width": 4 if part == "year" else 2,
                "wrong": part in wrong,
            }
            for part in DateParts._fields
        ]
        return context


class SplitDateField(forms.Field):
    """A day of the calendar from three boxes; a month may be typed as a number or a name.

    Its errors carry the parts that are wrong in `params["parts"]`, so that the box in question is marked
    and the summary's link leads to it.
    """

    widget = DateInput

    def __init__(self, *, noun: str = "", **kwargs: Any) -> None:
        self.noun = noun
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        typed = DateParts(*value)
        subject = sentence(noun_of(self, "date"))
        missing = tuple(part for part in DateParts._fields if not getattr(typed, part))
        if missing:
            raise self._wrong(f"{subject} must include a {' and a '.join(missing)}", missing)
        if not re.fullmatch(r"\d{4}", typed.year):
            raise self._wrong(f"{subject}: the year must have 4 figures, like 2026", ("year",))
        month = _month(typed.month)
        if month is None:
            raise self._wrong(
                f"{subject}: the month must be between 1 and 12, or a name", ("month",)
            )
        try:
            day = date(int(typed.year), month, int(typed.day))
        except (ValueError, OverflowError):
            raise self._wrong(
                f"{subject} must be a day of the calendar", DateParts._fields
            ) from None
        if not days.is_possible(day):
            raise self._wrong(
                f"{subject}: the year must be between {days.FIRST_YEAR} and {days.LAST_YEAR}",
                ("year",),
            )
        return day

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def _wrong(self, message: str, parts: tuple[str, ...]) -> ValidationError:
        return ValidationError(message, code="invalid", params={"parts": parts})


def _month(typed: str) -> int | None:
    if typed.isdecimal():
        return int(typed) if len(typed) <= 2 and 1 <= int(typed) <= 12 else None
    start = typed[:3].lower()
    return MONTHS.index(start) + 1 if start in MONTHS else None


def parse_clock_time(typed: str) -> time | None:
    """The time that "08:00", "0800", "8.00", "8" or "8am" means; None when it means none."""
    found = CLOCK.fullmatch(typed.strip().lower().replace("a.m.", "am").replace("p.m.", "pm"))
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class ClockTimeField(forms.Field):
    """A time of day on the 24-hour clock, forgiving about how it is typed."""

    def __init__(self, *, noun: str = "", **kwargs: Any) -> None:
        self.noun = noun
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"class": "soo-time", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values or isinstance(value, time):
            return value or None
        found = parse_clock_time(str(value))
        if found is None:
            subject = sentence(noun_of(self, "time"))
            raise ValidationError(f"{subject} must be a time, like 08:00 or 16:30", code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        return days.clock_time(value) if isinstance(value, time) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class MinutesField(forms.IntegerField):
    """A whole number of minutes; "30", "30 min" and "30 minutes" are the same."""

    def __init__(
        self, *, noun: str = "", min_value: int = 0, max_value: int = 24 * 60, **kwargs: Any
    ) -> None:
        self.noun = noun
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"class": "soo-time", "inputmode": "numeric", "autocomplete": "off"}
            ),
        )
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        subject = sentence(noun_of(self, "minutes"))
        found = re.fullmatch(r"(-?\d{1,6})\s*(?:m|min|mins|minutes?)?", str(value).strip().lower())
        if found is None:
            raise ValidationError(
                f"{subject} must be a whole number of minutes, like 30", code="invalid"
            )
        minutes = int(found[1])
        low, high = self.min_value, self.max_value
        if not isinstance(low, int) or not isinstance(high, int) or not low <= minutes <= high:
            raise ValidationError(
                f"{subject} must be between {low} and {high} minutes", code="out_of_range"
            )
        return minutes
