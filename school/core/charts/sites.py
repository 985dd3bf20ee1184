"""The map of the sites: an outline of England from public-domain data, a circle for static and a diamond for mobile."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from pathlib import Path

from school.core.charts.table import Column, Table

# Natural Earth 1:10m (public domain), thinned; rings of longitude and latitude.
OUTLINE = Path(__file__).resolve().parent.parent / "data" / "uk_outline.json"
WEST, EAST, SOUTH, NORTH = -6.2, 2.1, 49.85, 55.95
LETTER = 7.4  # pixels of a letter of a label, about


@dataclass(frozen=True, slots=True)
class Site:
    """A site; level as in heat.level_of, or "" on a plain map; `label` where it is to be named."""

    name: str
    latitude: float
    longitude: float
    mobile: bool = False
    level: str = ""
    label: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A site's place in pixels, with its label's place when there was room for it."""

    site: Site
    x: float
    y: float
    label_x: float | None
    anchor: str


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """One size of the map, in pixels."""

    look: str
    width: int
    height: int
    outline: str
    pins: tuple[Pin, ...]


@dataclass(frozen=True, slots=True)
class SiteMap:
    """Both sizes, and the table behind them."""

    title: str
    desc: str
    drawings: tuple[MapDrawing, MapDrawing]
    table: Table


def site_map(*, title: str, desc: str, sites: Sequence[Site]) -> SiteMap:
    """Drawn twice, wide and narrow; sites that matter more come first, because labels are placed in that order."""
    return SiteMap(
        title,
        desc,
        (_drawing("only-wide", 500, sites), _drawing("only-narrow", 350, sites)),
        _table(title, sites),
    )


def project(latitude: float, longitude: float, width: int) -> tuple[float, float]:
    """Pixels from the top left corner: equirectangular, true to scale in the middle of the frame."""
    x = (longitude - WEST) / (EAST - WEST) * width
    y = (NORTH - latitude) * _pixels_per_degree(width)
    return round(x, 1), round(y, 1)


def _pixels_per_degree(width: int) -> float:
    """Of latitude."""
    return width / (EAST - WEST) / cos(radians((NORTH + SOUTH) / 2))


@lru_cache(maxsize=4)
def outline_path(width: int) -> str:
    """The outline as SVG path data, read and drawn once for each width."""
    rings: list[list[list[float]]] = json.loads(OUTLINE.read_text())["rings"]
    drawn = []
    for ring in rings:
        points = [project(latitude, longitude, width) for longitude, latitude in ring]
        drawn.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(drawn)


def _drawing(look: str, width: int, sites: Sequence[Site]) -> MapDrawing:
    height = round((NORTH - SOUTH) * _pixels_per_degree(width))
    places = [project(site.latitude, site.longitude, width) for site in sites]
    taken = [(x - 8, y - 8, x + 8, y + 8) for x, y in places]
    pins = []
    for site, (x, y) in zip(sites, places, strict=True):
        label_x, anchor = None, "start"
        if site.label:
            for side, begins in (("start", x + 12), ("end", x - 12 - len(site.label) * LETTER)):
                box = (begins, y - 9, begins + len(site.label) * LETTER, y + 9)
                if (
                    box[0] >= 0
                    and box[2] <= width
                    and not any(_overlap(box, other) for other in taken)
                ):
                    taken.append(box)
                    label_x, anchor = (x + 12, side) if side == "start" else (x - 12, side)
                    break
        pins.append(Pin(site, x, y, label_x, anchor))
    return MapDrawing(look, width, height, outline_path(width), tuple(pins))


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _table(title: str, sites: Sequence[Site]) -> Table:
    columns = [Column("Site"), Column("Scanner")]
    rows: list[list[object]] = [
        [site.name, "mobile" if site.mobile else "static"] for site in sites
    ]
    if any(site.words for site in sites):
        columns.append(Column("Figure", numeric=True))
        for row, site in zip(rows, sites, strict=True):
            row.append(site.words)
    return Table(title, columns, rows)
