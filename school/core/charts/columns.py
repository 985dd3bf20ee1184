"""Counts over time as columns of stacked parts, drawn twice: for a wide and for a narrow page."""

from collections.abc import Sequence
from dataclasses import dataclass

from school.core.charts.frame import Frame, Mark
from school.core.charts.table import Table

STEPS = (1, 2, 5, 10, 25, 50)
LEVELS = 4  # at most so many lines above the bottom one


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a column in pixels; `kind` as in the key."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ColumnsDrawing(Frame):
    """Pixels of one drawing."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Two drawings of the same counts, with the table behind them."""

    title: str
    desc: str
    drawings: tuple[ColumnsDrawing, ColumnsDrawing]
    table: Table


def columns(
    *,
    title: str,
    desc: str,
    kinds: Sequence[str],
    counts: Sequence[tuple[str, Sequence[int]]],
    table: Table,
) -> Columns:
    """Draws `counts`: of each column its label and the number of each kind, the first of which stands at the bottom."""
    drawings = (
        _drawing("only-wide", 1040, 300, kinds, counts),
        _drawing("only-narrow", 358, 240, kinds, counts),
    )
    return Columns(title, desc, drawings, table)


def _drawing(
    look: str,
    width: int,
    height: int,
    kinds: Sequence[str],
    counts: Sequence[tuple[str, Sequence[int]]],
) -> ColumnsDrawing:
    left, right, top, bottom = 40.0, float(width), 10.0, float(height - 30)
    step = step_of(max((sum(parts) for _, parts in counts), default=0))
    scale = (bottom - top) / (step * LEVELS)
    slot = (right - left) / max(len(counts), 1)
    boxes = []
    for place, (_, parts) in enumerate(counts):
        at = bottom
        for kind, number in zip(kinds, parts, strict=True):
            tall = number * scale
            at -= tall
            if number:
                x = left + (place + 0.1) * slot
                boxes.append(Box(kind, *_rounded(x, at, slot * 0.8, tall)))
    levels = [Mark(round(bottom - n * step * scale, 1), f"{n * step:,}") for n in range(LEVELS + 1)]
    times = [Mark(left, counts[0][0], "start")] if counts else []
    if len(counts) > 1:
        times.append(Mark(right, counts[-1][0], "end"))
    return ColumnsDrawing(
        look, width, height, left, right, bottom, tuple(levels), tuple(times), tuple(boxes)
    )


def _rounded(*pixels: float) -> tuple[float, ...]:
    return tuple(round(one, 1) for one in pixels)


def step_of(most: int) -> int:
    """The round number of which so many steps hold the tallest column."""
    size = 1
    while True:
        for step in STEPS:
            if step * size * LEVELS >= most:
                return step * size
        size *= 100
