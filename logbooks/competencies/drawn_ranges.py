"""The range of examinations ready to be drawn: bars with their words, and the table behind them."""

from dataclasses import dataclass

from logbooks.competencies import ranges
from logbooks.competencies.log_queries import Range
from logbooks.competencies.models import Role
from logbooks.competencies.ranges import Line, Segment
from school.core.charts import Column, Table

# Short enough for a key beside a picture.
SHORT = {
    "observed": "Observed",
    "assisted": "Assisted",
    "direct": "Directly supervised",
    "indirect": "Indirectly supervised",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the picture: its name, what it says aloud, and where its parts stand."""

    key: str
    name: str
    words: str
    title: str
    segments: list[Segment]
    goal: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """What a competency asks, how many count, and whether that is enough."""

    code: str
    title: str
    what: str
    done: int
    number: int
    left: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The whole picture with its tables."""

    bars: list[Bar]
    tracers: list[Bar]
    table: Table
    asked: list[Row]
    total: int
    roles: list[tuple[str, str]]


def drawn(found: Range) -> Drawn:
    """The bars to one scale each, types and tracers apart; the table holds every number."""
    lines = [found.whole, *found.by_type]
    most, most_tracer = ranges.scale(lines), ranges.scale(found.by_tracer)
    names = {"": "All examinations", **found.names}
    every = [*lines, *found.by_tracer]
    return Drawn(
        bars=[
            _bar(f"type-{place}", names[line.code], line, most) for place, line in enumerate(lines)
        ],
        tracers=[
            _bar(f"tracer-{place}", names[line.code], line, most_tracer)
            for place, line in enumerate(found.by_tracer)
        ],
        table=Table(
            "Examinations by type, tracer and role",
            (
                Column("What"),
                *(Column(SHORT[role], numeric=True) for role in ranges.ROLES),
                Column("Together", numeric=True),
                Column("Asked", numeric=True),
            ),
            [(names[line.code], *line.by_role, line.total, line.asked or "") for line in every],
        ),
        asked=[
            Row(
                code=one.asked.competency,
                title=found.competencies[one.asked.competency].title,
                what=_what(one.asked, names),
                done=one.done,
                number=one.asked.number,
                left=one.left,
            )
            for one in found.met
        ],
        total=found.whole.total,
        roles=list(SHORT.items()),
    )


def _what(asked: ranges.Asked, names: dict[str, str]) -> str:
    which = names[asked.examination] if asked.examination else "examinations of any type"
    role = Role(asked.role).label
    more = "" if asked.role == ranges.ROLES[-1] else " or more"
    return f"{asked.number} {which}, {role}{more}"


def _bar(key: str, name: str, line: Line, most: int) -> Bar:
    said = [
        f"{number} {Role(role).label}"
        for role, number in zip(ranges.ROLES, line.by_role, strict=True)
        if number
    ]
    against = f" of {line.asked} asked" if line.asked else ""
    words = f"{line.total}{against}"
    return Bar(
        key=key,
        name=name,
        words=words,
        title=f"{name}: {words}{'; ' + ', '.join(said) if said else ''}",
        segments=ranges.segments(line, most),
        goal=ranges.goal(line, most),
    )
