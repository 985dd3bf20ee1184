"""Draws the range of examinations as SVG in the page: classes and attributes only, never a style."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from logbooks.competencies.drawn_ranges import Bar
from school.core.charts import svg

register = template.Library()

# Empty, dotted, striped or solid, so that colour is never alone: the more was done, the fuller.
FILLS = {
    "observed": 'class="f-white s-petrol w-15"',
    "assisted": 'class="f-aqua s-petrol w-1"',
    "indirect": 'class="f-petrol"',
}
STRIPES = (
    '<defs><pattern id="{0}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="f-aqua" width="7" height="7"/><rect class="f-petrol" width="3" height="7"/></pattern></defs>'
)


def _drawn(markup: str) -> SafeString:
    """Markup made here: every word that came from outside has been through escape()."""
    return mark_safe(markup)  # noqa: S308


def _fill(role: str, id: str) -> str:
    return FILLS.get(role) or f'fill="url(#{id}-stripes)"'


@register.simple_tag
def range_bar(bar: Bar) -> SafeString:
    """A bar of what was done in each role, with a line where the number stands that is asked."""
    inner = STRIPES.format(f"{bar.key}-stripes")
    inner += '<rect class="f-none s-strong w-1" x="0" y="4.5" width="100%" height="15"/>'
    for part in bar.segments:
        inner += (
            f'<rect {_fill(part.role, bar.key)} x="{part.at}%" y="5" '
            f'width="{part.width}%" height="14"/>'
        )
    if bar.goal is not None:
        inner += svg.line("s-plum w-3", bar.goal, 0, 24)
    return _drawn(
        f'<svg class="soo-chart--bar" width="100%" height="24" role="img" aria-labelledby="{bar.key}-t">'
        f'<title id="{bar.key}-t">{escape(bar.title)}</title>{inner}</svg>'
    )


@register.simple_tag
def role_swatch(role: str) -> SafeString:
    """A key's little box of a role."""
    key = f"key-{role}"
    return _drawn(
        f'<svg viewBox="0 0 22 16" aria-hidden="true" focusable="false">{STRIPES.format(f"{key}-stripes")}'
        f'<rect {_fill(role, key)} x="1" y="1" width="20" height="14" rx="2"/></svg>'
    )
