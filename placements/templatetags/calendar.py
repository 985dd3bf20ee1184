"""Draws the cells of the calendar's rows: hundreds of them, so that each is a few pieces of text put together."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from placements.calendar_queries import Cell

register = template.Library()


@register.simple_tag
def calendar_cells(cells: Iterable[Cell], linked: bool = False) -> SafeString:
    """The cells of a row; `linked` when what is in them leads to the placement."""
    return mark_safe("".join(_cell(cell, linked) for cell in cells))  # noqa: S308 - escaped in _cell


def _cell(cell: Cell, linked: bool) -> str:
    wide = f' colspan="{cell.weeks}"' if cell.weeks > 1 else ""
    if not cell.lines and not cell.note:
        return f"<td{wide}></td>"
    lines = "<br>".join([str(escape(line)) for line in cell.lines])
    if linked and cell.placement:
        lines = f'<a href="{reverse("placement", args=[cell.placement])}">{lines}</a>'
    note = f'<span class="soo-cal__note">{escape(cell.note)}</span>' if cell.note else ""
    when = f'<span class="soo-table__label">{escape(cell.when)}</span>' if cell.when else ""
    held = ' class="soo-cal__held"' if cell.lines else ""
    return f"<td{held}{wide}>{when}<span>{lines}{note}</span></td>"
