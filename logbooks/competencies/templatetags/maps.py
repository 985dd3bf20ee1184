"""Draws a student's map: its bar, and its cells, many on a page."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from logbooks.competencies.map_queries import LOOKS, WAITING, Cell, Map, State
from logbooks.competencies.templatetags.ranges import STRIPES
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


@register.simple_tag
def map_bar(found: Map) -> SafeString:
    """How much of what is asked is achieved, asked for, came back or is still to come."""
    parts = [
        (len(found.of(State.ACHIEVED)), 'class="f-petrol"', "achieved"),
        (len(found.of(WAITING)), 'fill="url(#map-stripes)"', "asked for"),
        (len(found.back), 'class="f-plum"', "came back"),
    ]
    left = found.asked - sum(number for number, _, _ in parts)
    said = [f"{number} {word}" for number, _, word in (*parts, (left, "", "not yet"))]
    inner, done = "", 0
    for number, fill, _ in parts:
        start, width = (round(100 * n / max(found.asked, 1), 2) for n in (done, number))
        inner += f'<rect {fill} x="{start}%" y="1" width="{width}%" height="14"/>'
        done += number
    return mark_safe(  # noqa: S308 - numbers and constants
        '<svg class="soo-chart--bar" width="100%" height="16" role="img" aria-labelledby="map-bar-t">'
        f'<title id="map-bar-t">{", ".join(said)}</title>{STRIPES.format("map-stripes")}'
        '<rect class="f-white s-strong w-1" x="0.5" y="1" width="99.8%" height="14"/>'
        f"{inner}</svg>"
    )
