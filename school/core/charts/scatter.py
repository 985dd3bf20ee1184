"""Points with the line through them, its band and where it is read: drawn twice, for a wide and for a narrow page."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from school.core.charts.columns import step_of
from school.core.charts.frame import Frame, Mark
from school.core.charts.table import Table

# So many pixels lie between points of the same place, which stand side by side.
APART = 11.0
LABELS = 12  # at most so many below
SHAPES = ("circle", "square", "diamond")
Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point to be drawn: across, up the side, and of which series."""

    x: float
    y: float
    series: str = ""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A line through the points, with how far its band reaches at each of its places, and where it is read."""

    places: Sequence[tuple[float, float, float]]
    read_x: float
    read_y: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point in pixels with its shape."""

    shape: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ScatterDrawing(Frame):
    """Pixels of one drawing; `line` and `band` are SVG path data, empty where there is no line."""

    dots: tuple[Dot, ...]
    line: str
    band: str
    read: Pixel | None


@dataclass(frozen=True, slots=True)
class Scatter:
    """Two drawings of the same points with the words where the line is read, the key of the shapes, and the table behind them."""

    title: str
    desc: str
    words: str
    key: tuple[tuple[str, str], ...]
    drawings: tuple[ScatterDrawing, ScatterDrawing]
    table: Table


def scatter(
    *,
    title: str,
    desc: str,
    spots: Sequence[Spot],
    places: Sequence[float],
    most: float,
    fitted: Fitted | None,
    table: Table,
) -> Scatter:
    """`places` are those on the axis across, in order; the axis up the side runs from 0 to `most`."""
    series = list(dict.fromkeys(spot.series for spot in spots))
    shapes = {name: SHAPES[place % len(SHAPES)] for place, name in enumerate(series)}
    drawings = (
        _drawing("only-wide", 1040, 420, spots, places, most, fitted, shapes),
        _drawing("only-narrow", 358, 300, spots, places, most, fitted, shapes),
    )
    key = tuple((shapes[name], name) for name in series if name)
    return Scatter(title, desc, fitted.words if fitted else "", key, drawings, table)


def _drawing(
    look: str,
    width: int,
    height: int,
    spots: Sequence[Spot],
    places: Sequence[float],
    most: float,
    fitted: Fitted | None,
    shapes: dict[str, str],
) -> ScatterDrawing:
    left, right, top, bottom = 36.0, width - 12.0, 12.0, height - 34.0
    # On the left there is room for the words where the line is read.
    low, high = (min(places) - 0.9, max(places) + 0.5) if places else (0.0, 1.0)

    def x(value: float) -> float:
        return round(left + (value - low) / (high - low) * (right - left), 1)

    def y(value: float) -> float:
        return round(bottom - min(max(value / most, 0), 1) * (bottom - top), 1)

    step = step_of(int(most))
    levels = tuple(
        Mark(y(number), f"{number:g}") for number in range(0, int(most) + 1, max(step, 1))
    )
    line = band = ""
    read: Pixel | None = None
    if fitted and fitted.places:
        line = "M" + "L".join(f"{x(at):g} {y(value):g}" for at, value, _ in fitted.places)
        above = [f"{x(at):g} {y(value + reach):g}" for at, value, reach in fitted.places]
        below = [f"{x(at):g} {y(value - reach):g}" for at, value, reach in reversed(fitted.places)]
        band = "M" + "L".join([*above, *below]) + "Z"
    if fitted and fitted.read_y is not None:
        read = (x(fitted.read_x), y(fitted.read_y))
    return ScatterDrawing(
        look,
        width,
        height,
        left,
        right,
        bottom,
        levels,
        tuple(Mark(x(place), f"{place:g}") for place in places[:: len(places) // LABELS + 1]),
        tuple(_dots(spots, x, y, shapes)),
        line,
        band,
        read,
    )


def _dots(
    spots: Sequence[Spot],
    x: Callable[[float], float],
    y: Callable[[float], float],
    shapes: dict[str, str],
) -> list[Dot]:
    together: dict[tuple[float, float], list[Spot]] = defaultdict(list)
    for spot in spots:
        together[spot.x, spot.y].append(spot)
    return [
        Dot(shapes[spot.series], round(x(at) + (place - (len(some) - 1) / 2) * APART, 1), y(value))
        for (at, value), some in together.items()
        for place, spot in enumerate(some)
    ]
