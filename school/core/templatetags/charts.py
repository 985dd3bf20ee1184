"""Draws what school.core.charts has worked out, as SVG in the page: classes and attributes only, never a style.

Every drawing has a title, and a table behind it: {% chart_table chart.table %}. `id` must be unique on the page.
"""

from collections.abc import Sequence

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from school.core import charts
from school.core.charts import svg
from school.core.charts.bars import Segment
from school.core.charts.columns import ColumnsDrawing

register = template.Library()

# The fill of each kind of hours: solid, striped, dotted or empty, so that colour is never alone.
FILLS = {
    "confirmed": 'class="f-petrol"',
    "recorded": 'class="f-petrol"',
    "this": 'class="f-aqua s-petrol w-1"',
    "to-go": 'class="f-white s-strong w-15 d-1"',
    "planned": 'class="f-white s-strong w-15 d-1"',
}
PATTERNS = {
    "awaiting": '<pattern id="{0}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="f-aqua" width="7" height="7"/><rect class="f-petrol" width="1.8" height="7"/></pattern>',
    "queried": '<pattern id="{0}" width="7" height="7" patternUnits="userSpaceOnUse"><rect class="f-amber" width="7" height="7"/>'
    '<circle class="f-plum" cx="2" cy="2" r="1.5"/><circle class="f-plum" cx="5.5" cy="5.5" r="1.5"/></pattern>',
    "brought": '<pattern id="{0}" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="f-petrol" width="5" height="5"/>'
    '<rect class="f-mist" width="1.2" height="5"/></pattern>',
}  # fmt: skip


def _drawn(markup: str) -> SafeString:
    """Markup made here: every word that came from outside has been through escape()."""
    return mark_safe(markup)  # noqa: S308


def _fill(kind: str, prefix: str) -> str:
    return FILLS.get(kind) or f'fill="url(#{prefix}-{kind})"'


def _patterns(kinds: set[str], prefix: str) -> str:
    used = [PATTERNS[kind].format(f"{prefix}-{kind}") for kind in sorted(kinds) if kind in PATTERNS]
    return f"<defs>{''.join(used)}</defs>" if used else ""


def _segment(segment: Segment, prefix: str, top: float, height: float) -> str:
    # A dashed outline lies half outside its box: draw it one pixel in.
    inset = 1 if segment.kind in ("to-go", "planned") else 0
    return (
        f'<rect {_fill(segment.kind, prefix)} x="{segment.at}%" y="{top + inset}" '
        f'width="{segment.width}%" height="{height - 2 * inset}"/>'
    )


def _svg(prefix: str, height: int, title: str, desc: str, inner: str) -> SafeString:
    names = f"{prefix}-t {prefix}-d" if desc else f"{prefix}-t"
    described = f'<desc id="{prefix}-d">{escape(desc)}</desc>' if desc else ""
    return _drawn(
        f'<svg class="soo-chart--bar" width="100%" height="{height}" role="img" aria-labelledby="{names}">'
        f'<title id="{prefix}-t">{escape(title)}</title>{described}{inner}</svg>'
    )


@register.simple_tag
def hours_bar(chart: charts.HoursBar, id: str = "hours") -> SafeString:
    """The bar of a stage with its goal, band and plan; put {% hours_split chart %} under it."""
    inner = [_patterns({part.kind for part in chart.parts}, id)]
    if chart.band:
        low, high = chart.band
        inner.append(
            f'<rect class="f-mist" x="{low}%" y="24" width="{high - low:.3f}%" height="52"/>'
        )
        inner.append(svg.line("s-petrol w-15", high, 24, 76))
    for place, segment in enumerate(chart.segments):
        inner.append(_segment(segment, id, 30, 40))
        if place and segment.kind != "to-go":
            inner.append(f'<rect class="f-white" x="{segment.at}%" y="30" width="2" height="40"/>')
    if chart.inside:
        inner.append(f'<text class="t-w t-b t-m" x="14" y="56">{escape(chart.inside)}</text>')
    inner.append(svg.line("s-ink w-2", chart.goal_at, 20, 76))
    end = "t-end" if chart.goal_at > 50 or chart.band else ""
    at = chart.band[1] if chart.band else chart.goal_at
    inner.append(f'<text class="t-b {end}" x="{at}%" y="14">{escape(chart.goal_words)}</text>')
    if chart.planned:
        begins, ends = chart.planned
        inner.append(f'<line class="s-ink2 w-15" x1="{begins}%" x2="{ends}%" y1="84" y2="84"/>')
        inner += [svg.line("s-ink2 w-15", begins, 79, 89), svg.line("s-ink2 w-15", ends, 79, 89)]
        look, at_end = ("only-wide t-end", f"{ends}%") if ends > 60 else ("only-wide", "0")
        inner.append(
            f'<text class="{look}" x="{at_end}" y="106">{escape(chart.planned_words)}</text>'
        )
    drawn = _svg(id, 112 if chart.planned else 80, chart.title, chart.desc, "".join(inner))
    if not chart.planned:
        return drawn
    # On a phone these words need a second line, and words in a drawing cannot wrap; the desc has said them aloud.
    return drawn + format_html(
        '<p class="soo-note only-narrow" aria-hidden="true">{}</p>', chart.planned_words
    )


@register.simple_tag
def hours_split(chart: charts.HoursBar, id: str = "split") -> SafeString:
    """One line for each part under the bar, with its pattern, word and number."""
    lines = (
        f"<div>{swatch(part.kind, f'{id}-{place}')}<dt>{escape(part.label)}</dt><dd>{part.hours} h</dd></div>"
        for place, part in enumerate(chart.parts)
    )
    return _drawn(f'<dl class="soo-split">{"".join(lines)}</dl>')


@register.simple_tag
def swatch(kind: str, id: str = "") -> SafeString:
    """A key's little box: a kind of hours, or met, 1, 2, 3, static, mobile."""
    prefix = id or f"sw-{kind}"
    box = SWATCHES.get(kind)
    if box is None:
        inset = (
            'x="1" y="1" width="20" height="14"'
            if kind in ("to-go", "planned", "this")
            else 'width="22" height="16"'
        )
        box = f'{_patterns({kind}, prefix)}<rect {_fill(kind, prefix)} {inset} rx="2"/>'
    return _drawn(f'<svg viewBox="0 0 22 16" aria-hidden="true" focusable="false">{box}</svg>')


SWATCHES = {
    "expected": '<line class="s-plum w-3" x1="11" x2="11" y1="0" y2="16"/>',
    "met": '<rect class="f-mist" width="22" height="16" rx="2"/>',
    "1": '<rect class="f-warm1" width="22" height="16" rx="2"/>',
    "2": '<rect class="f-warm2" width="22" height="16" rx="2"/>',
    "3": '<rect class="f-plum" width="22" height="16" rx="2"/>',
    "static": '<circle class="f-white s-ink w-15" cx="11" cy="8" r="6"/>',
    "mobile": '<path class="f-white s-ink w-15" d="M11 .6L18.4 8 11 15.4 3.6 8Z"/>',
}


@register.simple_tag
def band_bar(chart: charts.BandBar, id: str = "band") -> SafeString:
    """An earlier year: its hours against its band or goal."""
    if chart.high is None:
        marks = svg.line("s-ink w-2", chart.low, 0, 22)
    else:
        marks = (
            f'<rect class="f-mist" x="{chart.low}%" y="0" width="{chart.high - chart.low:.3f}%" height="22"/>'
            + svg.line("s-petrol w-15", chart.low, 0, 22)
            + svg.line("s-petrol w-15", chart.high, 0, 22)
        )
    value = f'<rect class="f-petrol" x="0" y="6" width="{chart.value}%" height="10"/>'
    # A goal without a band is a line, and a line must stay visible on top of the bar.
    return _svg(id, 22, chart.title, "", value + marks if chart.high is None else marks + value)


@register.simple_tag
def progress_bar(chart: charts.Progress) -> SafeString:
    """Boxes done and to do. The words beside it say "13 of 15", so the picture itself is silent."""
    if chart.boxes:
        inner = "".join(
            f'<rect class="{"f-petrol" if filled else "f-white s-strong w-1"}" x="{at}%" y="1" width="{width}%" height="10" rx="1.5"/>'
            for at, width, filled in chart.boxes
        )
    else:
        inner = (
            '<rect class="f-white s-strong w-1" x="0" y="1" width="100%" height="10" rx="1.5"/>'
            f'<rect class="f-petrol" x="0" y="1" width="{chart.width}%" height="10" rx="1.5"/>'
        )
    return _drawn(
        f'<svg width="100%" height="12" aria-hidden="true" focusable="false">{inner}</svg>'
    )


@register.simple_tag
def bullet_bar(chart: charts.Bullet, id: str) -> SafeString:
    """Confirmed and awaiting against the plum line of what is expected by today."""
    inner = (
        f"{_patterns({'awaiting'}, id)}"
        '<rect class="f-white s-strong w-1" x="0" y="4.5" width="100%" height="13"/>'
        f'<rect class="f-petrol" x="0" y="4" width="{chart.confirmed}%" height="14"/>'
        f'<rect {_fill("awaiting", id)} x="{chart.confirmed}%" y="4" width="{chart.awaiting}%" height="14"/>'
        f"{svg.line('s-plum w-3', chart.expected, 0, 22)}"
    )
    return _svg(id, 22, chart.title, "", inner)


@register.simple_tag
def share_bar(chart: charts.Share, id: str) -> SafeString:
    """A share of a whole, with a mark at the standard it is held to."""
    inner = (
        '<rect class="f-line" x="0" y="4" width="100%" height="10"/>'
        f'<rect class="f-petrol" x="0" y="4" width="{chart.width}%" height="10"/>'
    )
    if chart.standard is not None:
        inner += svg.line("s-ink w-2", chart.standard, 0, 18)
        inner += f'<text class="t-end t-s t-2" x="{chart.standard}%" y="31">standard {chart.standard} %</text>'
    return _svg(id, 18 if chart.standard is None else 34, chart.title, "", inner)


@register.simple_tag
def week_bar(chart: charts.WeekBar, id: str = "week") -> SafeString:
    """The hours of a week under the notice and the breach line."""
    inner = _patterns({segment.kind for segment in chart.segments}, id)
    inner += "".join(_segment(segment, id, 24, 16) for segment in chart.segments)
    inner += svg.line("s-amber w-2", chart.notice_at, 18, 46) + svg.line(
        "s-ink w-3", chart.breach_at, 18, 46
    )
    inner += f'<text class="t-end" x="{min(chart.notice_at + 2, 100)}%" y="13">{escape(chart.notice_words)}</text>'
    inner += f'<text class="t-end t-b" x="100%" y="60">{escape(chart.breach_words)}</text>'
    return _svg(id, 62, chart.title, "", inner)


@register.simple_tag
def trend_line(chart: charts.Trend, id: str = "trend") -> SafeString:
    """The line with its target: a wide and a narrow drawing, one of which a page shows."""
    return _drawn(
        "".join(svg.trend(chart, drawing, f"{id}-{drawing.look}") for drawing in chart.drawings)
    )


@register.simple_tag
def stacked_columns(chart: charts.Columns, id: str = "columns") -> SafeString:
    """Counts over time: a wide and a narrow drawing, one of which a page shows."""
    return _drawn("".join(_columns(chart, to, f"{id}-{to.look}") for to in chart.drawings))


@register.simple_tag
def columns_printed(chart: charts.Columns, id: str) -> SafeString:
    """The wide one of the two drawings, for paper."""
    return _drawn(_on_paper(_columns(chart, chart.drawings[0], id)))


def _columns(chart: charts.Columns, to: ColumnsDrawing, name: str) -> str:
    inner = _patterns({box.kind for box in to.boxes}, name) + svg.axes(to)
    inner += "".join(
        f'<rect {_fill(box.kind, name)} x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"/>'
        for box in to.boxes
    )
    return svg.drawing(chart, to, name, inner)


def _on_paper(drawn: str) -> str:
    """With its own colours, since the page's styles do not reach into it."""
    return drawn.replace("<title", f"{svg.PRINTED}<title", 1)


@register.simple_tag
def scatter_plot(chart: charts.Scatter, id: str) -> SafeString:
    """Points with their line: a wide and a narrow drawing, one of which a page shows."""
    return _drawn(
        "".join(svg.scatter(chart, drawing, f"{id}-{drawing.look}") for drawing in chart.drawings)
    )


@register.simple_tag
def scatter_printed(chart: charts.Scatter, id: str) -> SafeString:
    """The wide one of the two drawings, for paper."""
    return _drawn(_on_paper(svg.scatter(chart, chart.drawings[0], id)))


@register.simple_tag
def dot(shape: str) -> SafeString:
    """A key's little shape of a point."""
    drawn = svg.dot(charts.Dot(shape, 11, 8))
    return _drawn(f'<svg viewBox="0 0 22 16" aria-hidden="true" focusable="false">{drawn}</svg>')


@register.simple_tag
def sites_map(chart: charts.SiteMap, id: str = "map") -> SafeString:
    """The sites on the outline: a circle is a static scanner, a diamond a mobile one."""
    return _drawn(
        "".join(svg.sites(chart, drawing, f"{id}-{drawing.look}") for drawing in chart.drawings)
    )


@register.simple_tag
def heat_cells(row: charts.HeatRow, columns: Sequence[charts.HeatColumn]) -> SafeString:
    """The cells of a row, in one go since a page has hundreds; each is a link when it has people to open."""
    pairs = zip(row.cells, columns, strict=True)
    return _drawn(
        "".join(f"<td>{_heat_cell(cell, escape(column.label))}</td>" for cell, column in pairs)
    )


def _heat_cell(cell: charts.HeatCell, label: str) -> str:
    """One of them; the label of its column is escaped already."""
    said = (
        f" per cent, {cell.numerator} of {cell.denominator}"
        if cell.denominator
        else ", nobody needs it"
    )
    hidden = '<span class="nhsuk-u-visually-hidden">'
    inner = f"{hidden}{label}: </span>{cell.words}{hidden}{said}</span>"
    look = f"soo-cell h-{cell.level}{' soo-cell--open' if cell.opened else ''}"
    if not cell.url:
        return f'<span class="{look}">{inner}</span>'
    current = ' aria-current="true"' if cell.opened else ""
    return f'<a class="{look}" href="{escape(cell.url)}"{current}>{inner}</a>'


@register.inclusion_tag("components/charts/heat_map.html")
def heat_map(chart: charts.HeatMap) -> dict[str, object]:
    """A table of shares by row and column; on a phone each row folds to its name above its cells."""
    return {"chart": chart}


@register.inclusion_tag("components/charts/table.html")
def chart_table(table: charts.Table, summary: str = "As a table") -> dict[str, object]:
    """The table behind a chart, folded away until it is asked for."""
    return {"table": table, "summary": summary}
