"""The larger drawings as SVG: trend and map. Classes and attributes only; every word is escaped."""

from html import escape

from school.core.charts.columns import Columns
from school.core.charts.frame import Frame
from school.core.charts.scatter import Dot, Scatter, ScatterDrawing
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


# The same looks on paper.
PRINTED = (
    "<style>text{font:14px 'Inter Variable','DejaVu Sans',sans-serif;fill:#212b32}.t-2{fill:#4c6272}.t-b{font-weight:600}"
    ".t-end{text-anchor:end}.t-mid{text-anchor:middle}.f-petrol{fill:#00524d}.f-mist{fill:#d9ecea}.f-white{fill:#fff}"
    ".f-aqua{fill:#66c8c2}.f-plum{fill:#7c2855}.f-none{fill:none}.s-ink{stroke:#212b32}.s-petrol{stroke:#00524d}"
    ".s-line{stroke:#d8dde0}.s-strong{stroke:#768692}.s-plum{stroke:#7c2855}.w-15{stroke-width:1.5}.w-2{stroke-width:2}"
    ".d-1{stroke-dasharray:4 3}</style>"
)


def line(look: str, at: float, top: float, bottom: float) -> str:
    """An upright line at a per cent of the width."""
    return f'<line class="{look}" x1="{at}%" x2="{at}%" y1="{top}" y2="{bottom}"/>'


def drawing(
    chart: Trend | SiteMap | Columns | Scatter,
    to: Frame | MapDrawing,
    id: str,
    inner: str,
) -> str:
    """One of the two sizes of a chart, with its words for those who do not see it."""
    return (
        f'<svg class="soo-chart {to.look}" viewBox="0 0 {to.width} {to.height}" role="img" aria-labelledby="{id}-t {id}-d">'
        f'<title id="{id}-t">{escape(chart.title)}</title><desc id="{id}-d">{escape(chart.desc)}</desc>{inner}</svg>'
    )


def _text(look: str, x: float, y: float, words: str) -> str:
    return f'<text class="{look}" x="{x}" y="{y}">{escape(words)}</text>' if words else ""


def _across(look: str, to: Frame, y: float) -> str:
    return f'<line class="{look}" x1="{to.left}" x2="{to.right}" y1="{y}" y2="{y}"/>'


def axes(to: Frame) -> str:
    """The lines of the levels, and what stands below."""
    inner = [
        _across("s-line w-1", to, mark.at)
        + _text("t-2 t-end", to.left - 6, mark.at + 5, mark.label)
        for mark in to.levels
    ]
    for mark in to.times:
        look = {"start": "t-2", "end": "t-2 t-end"}.get(mark.anchor, "t-2 t-mid")
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


def scatter(chart: Scatter, to: ScatterDrawing, id: str) -> str:
    """One of the two drawings of points with their line."""
    inner = [axes(to)]
    if to.band:
        inner.append(f'<path class="f-mist" d="{to.band}"/>')
        inner.append(f'<path class="f-none s-petrol w-2" d="{to.line}"/>')
    inner += [dot(one) for one in to.dots]
    if to.read:
        x, y = to.read
        inner.append(
            f'<path class="f-none s-plum w-2 d-1" d="M{to.left:g} {y:g}H{x:g}V{to.bottom:g}"/>'
            f'<path class="f-plum" d="M{x:g} {y - 7:g}L{x + 7:g} {y:g}L{x:g} {y + 7:g}L{x - 7:g} {y:g}Z"/>'
        )
        inner.append(_text("t-b t-halo", to.left + 6, y - 8, chart.words))
    return drawing(chart, to, id, "".join(inner))


def dot(one: Dot) -> str:
    """A point in its shape: colour is never alone."""
    x, y = one.x, one.y
    if one.shape == "square":
        return f'<rect class="f-white s-ink w-15" x="{x - 4.5:g}" y="{y - 4.5:g}" width="9" height="9"/>'
    if one.shape == "diamond":
        return f'<path class="f-aqua s-ink w-15" d="M{x:g} {y - 6:g}L{x + 6:g} {y:g}L{x:g} {y + 6:g}L{x - 6:g} {y:g}Z"/>'
    return f'<circle class="f-petrol" cx="{x:g}" cy="{y:g}" r="5"/>'


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
