"""The programme's reference rows that every request needs, read at most once a minute by each process."""

import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from placements.limits import Limits
from placements.models import DayType, HoursRule, Stage, StageTask, Wording
from school.core import canonical

T = TypeVar("T")

# The rows are append-only; a new one is seen by every process after this many seconds.
KEPT_SECONDS = 60

_kept: dict[str, tuple[float, object]] = {}


def keep(name: str, read: Callable[[], T]) -> T:
    """What was read under a name less than a minute ago, or now: rows that only grow and that every request needs."""
    found = _kept.get(name)
    if found is None or found[0] < time.monotonic():
        found = (time.monotonic() + KEPT_SECONDS, read())
        _kept[name] = found
    return found[1]  # type: ignore[return-value]


def forget() -> None:
    """Read again at the next question; for tests and for commands that write reference rows."""
    _kept.clear()


def day_types() -> dict[str, DayType]:
    """The day types by code, in their order."""
    return keep("day_types", lambda: {row.code: row for row in DayType.objects.all()})


def day_type(pk: int) -> DayType:
    """A day type by its key, so that rows need no join; all are read again when it is new."""
    found = {row.pk: row for row in day_types().values()}
    if pk not in found:
        _kept.pop("day_types", None)
        found = {row.pk: row for row in day_types().values()}
    return found[pk]


def stage(pk: int) -> Stage:
    """A stage by its key, so that rows need no join; all are read again when it is new."""
    if pk not in _stages():
        _kept.pop("stages", None)
    return _stages()[pk]


def stages(version_id: int) -> list[Stage]:
    """The stages of a programme's version, the first year first."""
    found = _stages().values()
    return sorted((r for r in found if r.version_id == version_id), key=lambda r: r.year)


def _stages() -> dict[int, Stage]:
    return keep("stages", lambda: {row.pk: row for row in Stage.objects.all()})


def tasks(stage_id: int) -> list[StageTask]:
    """The tasks of a stage, in their order."""
    rows = keep("tasks", lambda: list(StageTask.objects.order_by("position")))
    return [row for row in rows if row.stage_id == stage_id]


def limits(programme_id: int | None, day: date) -> Limits:
    """The hours rules of a programme in force on a day: its own, else the network's, else the sources' figures."""
    rows = _rules()
    values: dict[str, int] = {}
    for own in (None, programme_id):
        values |= {r.code: r.value for r in rows if r.programme_id == own and r.starts <= day}
    return Limits.of(values)


def rerouting(day: date) -> dict[int | None, int]:
    """After how many working days a shift also waits for the site lead: the network's number under None, and programmes' own."""
    own = {row.programme_id for row in _rules() if row.code == "reroute_working_days"}
    return {key: limits(key, day).reroute_working_days for key in own | {None}}


def _rules() -> list[HoursRule]:
    return keep("rules", lambda: list(HoursRule.objects.order_by("starts")))


def wording(text: str) -> Wording:
    """The stored row of a sentence that is signed; made on first use."""
    digest = canonical.sealed(b"", text)

    def read() -> Wording:
        row, _ = Wording.objects.get_or_create(digest=digest, defaults={"text": text})
        return row

    return keep(f"wording {digest}", read)
