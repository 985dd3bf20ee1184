"""The range of examinations: what was seen and done by type, tracer and role, against what a stage asks. Pure arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# From least to most: who did more has done what asks less.
ROLES = ("observed", "assisted", "direct", "indirect")


@dataclass(frozen=True, slots=True)
class Seen:
    """An examination that stands: the codes of its type and tracer, and the role."""

    examination: str
    tracer: str
    role: str


@dataclass(frozen=True, slots=True)
class Asked:
    """So many examinations in a role or one that asks more; of every type when `examination` is empty."""

    competency: str
    examination: str
    role: str
    number: int


@dataclass(frozen=True, slots=True)
class Met:
    """What is asked, and how many count towards it."""

    asked: Asked
    done: int

    @property
    def left(self) -> int:
        """How many are still to come."""
        return max(self.asked.number - self.done, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A type or a tracer: how many in each role, in the order of ROLES, and how many are asked of it at most."""

    code: str
    by_role: tuple[int, ...]
    asked: int = 0

    @property
    def total(self) -> int:
        """All roles together."""
        return sum(self.by_role)


@dataclass(frozen=True, slots=True)
class Segment:
    """A role's place on a bar, in per cent of its width."""

    role: str
    at: float
    width: float


def counts(asked: Asked, seen: Iterable[Seen]) -> int:
    """How many examinations count towards what is asked: of its type, in its role or one that asks more."""
    least = ROLES.index(asked.role)
    return sum(
        asked.examination in ("", one.examination) and ROLES.index(one.role) >= least
        for one in seen
    )


def met(asked: Iterable[Asked], seen: Sequence[Seen]) -> list[Met]:
    """Each thing that is asked with how many count; one examination may count towards several."""
    return [Met(one, counts(one, seen)) for one in asked]


def by_type(types: Iterable[str], seen: Sequence[Seen], asked: Sequence[Asked]) -> list[Line]:
    """A line for each type: what was done of it, and the most that anything asks of it."""
    return [
        Line(
            code,
            _roles([one for one in seen if one.examination == code]),
            max((one.number for one in asked if one.examination == code), default=0),
        )
        for code in types
    ]


def by_tracer(tracers: Iterable[str], seen: Sequence[Seen]) -> list[Line]:
    """A line for each tracer."""
    return [Line(code, _roles([one for one in seen if one.tracer == code])) for code in tracers]


def whole(seen: Sequence[Seen], asked: Sequence[Asked]) -> Line:
    """All examinations together, and the most that is asked of every type."""
    return Line(
        "", _roles(seen), max((one.number for one in asked if not one.examination), default=0)
    )


def _roles(seen: Iterable[Seen]) -> tuple[int, ...]:
    roles = [one.role for one in seen]
    return tuple(roles.count(role) for role in ROLES)


def scale(lines: Iterable[Line]) -> int:
    """The number at the right end of bars that are drawn to one scale; 1 when there is nothing."""
    return max((max(line.total, line.asked) for line in lines), default=0) or 1


def segments(line: Line, most: int) -> list[Segment]:
    """The roles of a line side by side, from the one that asks most, on a bar whose right end is `most`."""
    found, at = [], 0
    for role, number in reversed(list(zip(ROLES, line.by_role, strict=True))):
        if number:
            found.append(Segment(role, _share(at, most), _share(number, most)))
            at += number
    return found


def goal(line: Line, most: int) -> float | None:
    """Where on the bar the number stands that is asked; None when none is."""
    return _share(line.asked, most) if line.asked else None


def _share(number: int, most: int) -> float:
    return round(number * 100 / most, 3)
