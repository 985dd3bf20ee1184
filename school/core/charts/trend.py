"""A line over time with its target, drawn twice: for a wide and for a narrow page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from school.core.charts.frame import Frame, Mark
from school.core.charts.table import Column, Table


@dataclass(frozen=True, slots=True)
class Point:
    """A value in per cent with its numerator and denominator; None where nothing was known."""

    label: str
    numerator: int
    denominator: int
    second: float | None = None

    @property
    def value(self) -> float | None:
        return self.numerator * 100 / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Drawing(Frame):
    """Pixels of one drawing. `path` and `second_path` are SVG path data; a gap in the data is a gap in the line."""

    target_at: float
    path: str
    second_path: str
    last: tuple[float, float] | None
    second_last: tuple[float, float] | None
    last_label_at: float
    second_label_at: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Two drawings of the same data, with the words at the end of each line."""

    title: str
    desc: str
    target_words: str
    last_words: str
    empty: bool
    second_words: str
    drawings: tuple[Drawing, Drawing]
    table: Table


def trend(
    *,
    title: str,
    points: Sequence[Point],
    target: int,
    floor: int = 0,
    name: str = "",
    second_name: str = "",
) -> Trend:
    """`floor` is where the scale starts; the desc says so when it is not 0."""
    last = next((point for point in reversed(points) if point.value is not None), None)
    first = next((point for point in points if point.value is not None), None)
    moved = (
        f"From {first.value:.1f} per cent in {first.label} to {last.value:.1f} in {last.label}. "
        if first and last
        else "No figures yet. "
    )
    end = points[-1].second if points else None
    return Trend(
        title=f"{title} against the target of {target} per cent",
        desc=f"{moved}The scale runs from {floor} to 100 per cent.",
        target_words=f"target {target} %",
        last_words=f"{last.value:.1f} % {name}".strip() if last else "",
        empty=last is None,
        second_words=f"{end:.1f} % {second_name}".strip() if end is not None else "",
        drawings=(
            _drawing("only-wide", 540, 330, 150, points, target, floor),
            _drawing("only-narrow", 358, 270, 136, points, target, floor),
        ),
        table=_table(title, points, second_name),
    )


def _drawing(
    look: str,
    width: int,
    height: int,
    margin: int,
    points: Sequence[Point],
    target: int,
    floor: int,
) -> Drawing:
    left, right, top, bottom = 34.0, float(width - margin), 18.0, float(height - 30)
    step = (right - left) / max(len(points) - 1, 1)

    def x(place: int) -> float:
        return round(left + place * step, 1)

    def y(value: float) -> float:
        return round(bottom - (max(value, floor) - floor) * (bottom - top) / (100 - floor), 1)

    def path(values: Sequence[float | None]) -> str:
        drawn, down = [], False
        for place, value in enumerate(values):
            if value is not None:
                drawn.append(f"{'L' if down else 'M'}{x(place)} {y(value)}")
            down = value is not None
        return "".join(drawn)

    def end(values: Sequence[float | None]) -> tuple[float, float] | None:
        known = [(x(place), y(value)) for place, value in enumerate(values) if value is not None]
        return known[-1] if known else None

    values, seconds = [point.value for point in points], [point.second for point in points]
    last, second_last = end(values), end(seconds)
    return Drawing(
        look=look,
        width=width,
        height=height,
        left=left,
        right=right,
        bottom=bottom,
        levels=tuple(Mark(y(level), str(level)) for level in _levels(floor)),
        times=_times(points, x),
        target_at=y(target),
        path=path(values),
        second_path=path(seconds),
        last=last,
        second_last=second_last,
        last_label_at=last[1] - 2 if last else 0,
        # The second label keeps a line's height from the first.
        second_label_at=_apart(last, second_last),
    )


def _apart(last: tuple[float, float] | None, second: tuple[float, float] | None) -> float:
    if second is None:
        return 0.0
    if last is None or abs(second[1] - last[1]) >= 22:
        return second[1] + 5
    return last[1] + 20 if second[1] >= last[1] else last[1] - 24


def _levels(floor: int) -> list[int]:
    step = 10 if floor >= 60 else 25
    return [level for level in range(floor, 101) if level == floor or level % step == 0]


def _times(points: Sequence[Point], x: Callable[[int], float]) -> tuple[Mark, ...]:
    if not points:
        return ()
    last = len(points) - 1
    marks = [Mark(x(0), points[0].label, "start")]
    return tuple([*marks, Mark(x(last), points[last].label, "end")] if last else marks)


def _table(title: str, points: Sequence[Point], second_name: str) -> Table:
    columns = [
        Column("Month"),
        Column("In date", numeric=True),
        Column("Of", numeric=True),
        Column("Per cent", numeric=True),
    ]
    rows: list[list[object]] = [
        [
            point.label,
            point.numerator,
            point.denominator,
            "no data" if point.value is None else f"{point.value:.1f}",
        ]
        for point in points
    ]
    if second_name:
        columns.append(Column(f"Per cent, {second_name}", numeric=True))
        for row, point in zip(rows, points, strict=True):
            row.append("no data" if point.second is None else f"{point.second:.1f}")
    return Table(title, columns, rows)
