"""Everything that SQLite and PostgreSQL say differently: triggers, locks, clocks, bulk inserts, canonical text."""

from school.core.engine.arithmetic import (
    among_few,
    as_day,
    day_of,
    days_after,
    earliest,
    latest,
    minutes_between,
)
from school.core.engine.guards import (
    AppendOnly,
    Guard,
    append_only_models,
    guard_of,
    install,
    missing_triggers,
    uninstall,
)
from school.core.engine.overlaps import NoOverlap
from school.core.engine.reading import canonical_sql, shape_of, snapshot, stream
from school.core.engine.statistics import count_rows, reading_most
from school.core.engine.vendor import is_postgresql
from school.core.engine.writing import (
    BRINGING_LOCK,
    NOTICING_LOCK,
    alone,
    insert,
    is_quiet,
    locking,
    pour,
    prepared,
    take_ids,
    update,
    wait_for_writers,
)

__all__ = [
    "BRINGING_LOCK",
    "NOTICING_LOCK",
    "AppendOnly",
    "Guard",
    "NoOverlap",
    "alone",
    "among_few",
    "append_only_models",
    "as_day",
    "canonical_sql",
    "count_rows",
    "day_of",
    "days_after",
    "earliest",
    "guard_of",
    "insert",
    "install",
    "is_postgresql",
    "is_quiet",
    "latest",
    "locking",
    "minutes_between",
    "missing_triggers",
    "pour",
    "prepared",
    "reading_most",
    "shape_of",
    "snapshot",
    "stream",
    "take_ids",
    "uninstall",
    "update",
    "wait_for_writers",
]
