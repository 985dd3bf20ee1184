"""What the pages of an event's day are drawn with, where a hundred people stand on one."""

from collections.abc import Collection

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from school.courses.register_queries import Mark, Row

register = template.Library()


@register.simple_tag
def tick_box(row: Row, mark: Mark, ticked: Collection[str]) -> SafeString:
    """The box that puts somebody on the register of a session; `ticked` are the keys that came back with a refusal."""
    return format_html(
        '<span class="nhsuk-checkboxes nhsuk-checkboxes--small"><span class="nhsuk-checkboxes__item">'
        '<input class="nhsuk-checkboxes__input" id="s-{0}" name="seen" type="checkbox" value="{0}"{1}>'
        '<label class="nhsuk-label nhsuk-checkboxes__label" for="s-{0}">'
        '<span class="nhsuk-u-visually-hidden">{2}, {3}</span></label></span></span>',
        mark.key,
        mark_safe(" checked") if mark.key in ticked else "",
        row.name,
        mark.session.title or "session",
    )
