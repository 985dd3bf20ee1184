"""Draws the cells of a student's map, many on a page."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from logbooks.competencies.map_queries import LOOKS, Cell
from school.core.templatetags.soo import shape

register = template.Library()

_SHAPES = {key: shape(look.shape) for key, look in LOOKS.items()}


@register.simple_tag
def map_cells(cells: Sequence[Cell], pattern: str, place: str) -> SafeString:
    """A list of competencies that lead to their pages: `pattern` is the address of one, with `place` where its UUID stands."""
    return mark_safe("".join(_cell(cell, pattern, place) for cell in cells))  # noqa: S308 - every word has been through escape()


def _cell(cell: Cell, pattern: str, place: str) -> str:
    one = cell.competency
    return (
        f'<li><a class="{cell.look.cell}" href="{pattern.replace(place, str(one.uuid))}">'
        f'<span>{escape(one.code)}</span><span class="nhsuk-u-visually-hidden"> '
        f"{escape(one.title)}, {cell.said}</span>{_SHAPES[cell.state]}</a></li>"
    )
