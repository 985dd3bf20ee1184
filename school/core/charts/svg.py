"""The larger drawings as SVG: trend and map. Classes and attributes only; every word is escaped."""

from html import escape

from school.core.charts.columns import Columns, ColumnsDrawing
from school.core.charts.sites import MapDrawing, Pin, SiteMap
from school.core.charts.trend import Drawing, Trend

PINS = {
    "": "f-white s-petrol w-2",
    "met": "f-mist s-petrol w-15",
    "1": "f-warm1 s-ink w-15",
    "2": "f-warm2 s-ink w-15",
    "3": "f-plum s-ink w-15",
    "na": "f-white s-strong w-15",
}


def line(look: str, at: float, top: float, bottom: float) -> str:
    """An upright line at a per cent of the width."""
    return f'<line class="{look}" x1="{at}%" x2="{at}%" y1="{top}" y2="{bottom}"/>'


def drawing(
    chart: Trend | SiteMap | Columns, to: Drawing | MapDrawing | ColumnsDrawing, id: str, inner: str
) -> str:
    """One of the two sizes of a chart, with its words for those who do not see it."""
    return (
        f'<svg class="soo-chart {to.look}" viewBox="0 0 {to.width} {to.height}" role="img" aria-labelledby="{id}-t {id}-d">'
        f'<title id="{id}-t">{escape(chart.title)}</title><desc id="{id}-d">{escape(chart.desc)}</desc>{inner}</svg>'
    )


def _text(look: str, x: float, y: float, words: str) -> str:
    return f'<text class="{look}" x="{x}" y="{y}">{escape(words)}</text>' if words else ""


def _across(look: str, to: Drawing | ColumnsDrawing, y: float) -> str:
    return f'<line class="{look}" x1="{to.left}" x2="{to.right}" y1="{y}" y2="{y}"/>'


def axes(to: Drawing | ColumnsDrawing) -> str:
    """The lines of the levels, and the first and the last time below."""
    inner = [
        _across("s-line w-1", to, mark.at)
        + _text("t-2 t-end", to.left - 6, mark.at + 5, mark.label)
        for mark in to.levels
    ]
    for mark in to.times:
        look = "t-2" if mark.anchor == "start" else "t-2 t-end"
        inner.append(
            f'<line class="s-strong w-1" x1="{mark.at}" x2="{mark.at}" y1="{to.bottom}" y2="{to.bottom + 5}"/>'
        )
        inner.append(_text(look, mark.at, to.bottom + 20, mark.label))
    return "".join(inner)


def trend(chart: Trend, to: Drawing, id: str) -> str:
    """One of the two drawings of a trend."""
    inner = [
        axes(to),
        _across("s-ink w-15 d-1", to, to.target_at),
        _text("t-b", to.left + 4, to.target_at - 7, chart.target_words),
    ]
    if chart.empty:
        inner.append(_text("t-2 t-m", to.left + 12, to.bottom / 2 + 40, "No figures yet"))
    if to.second_last:
        inner.append(f'<path class="f-none s-ink2 w-15" d="{to.second_path}"/>')
        inner.append(
            f'<circle class="f-white s-ink2 w-2" cx="{to.second_last[0]}" cy="{to.second_last[1]}" r="4"/>'
        )
        inner.append(_text("t-2", to.right + 12, to.second_label_at, chart.second_words))
    if to.last:
        inner.append(f'<path class="f-none s-petrol w-3" d="{to.path}"/>')
        inner.append(f'<circle class="f-petrol" cx="{to.last[0]}" cy="{to.last[1]}" r="5"/>')
        inner.append(_text("t-b t-petrol", to.right + 12, to.last_label_at, chart.last_words))
    return drawing(chart, to, id, "".join(inner))


def sites(chart: SiteMap, to: MapDrawing, id: str) -> str:
    """One of the two sizes of the map."""
    # Those that need a look are drawn last, on top.
    pins = "".join(_pin(pin) for pin in reversed(to.pins))
    labels = "".join(
        f'<text class="t-b t-halo{" t-end" if pin.anchor == "end" else ""}" x="{pin.label_x:g}" y="{pin.y + 5:g}">{escape(pin.site.label)}</text>'
        for pin in to.pins
        if pin.label_x is not None
    )
    land = (
        f'<svg x="0" y="0" width="{to.width}" height="{to.height}" overflow="hidden">'
        f'<path class="f-land s-lines w-1" d="{to.outline}"/></svg>'
    )
    return drawing(chart, to, id, f"{land}{pins}{labels}")


def _pin(pin: Pin) -> str:
    look, x, y = PINS[pin.site.level], pin.x, pin.y
    if pin.site.mobile:
        return f'<path class="{look}" d="M{x:g} {y - 8.5:g}L{x + 8.5:g} {y:g}L{x:g} {y + 8.5:g}L{x - 8.5:g} {y:g}Z"/>'
    return f'<circle class="{look}" cx="{x:g}" cy="{y:g}" r="6.5"/>'
