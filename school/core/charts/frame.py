"""What drawings with axes share: their size, where the axes lie, and what stands on them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A label at a place on an axis."""

    at: float
    label: str
    anchor: str = "mid"


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels of one drawing: `levels` stand up the side, `times` below."""

    look: str
    width: int
    height: int
    left: float
    right: float
    bottom: float
    levels: tuple[Mark, ...]
    times: tuple[Mark, ...]
