"""How long a statement of hours takes in the background, from the figures to the sealed file and the fact.

python -m tests.benchmarks.bench_statement, in the environment of a database that holds the demo network.
Each statement is another student's, with a full third year; the first pays for what a new worker loads.
"""

import json
import time
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

STATEMENTS, SHIFTS = 15, 29  # 217.5 hours
BAR = 3.0  # seconds, for the slowest


def figures(seconds: list[float]) -> dict[str, Any]:
    """The samples, what stands out of them, and whether the bar is met."""
    ordered = sorted(seconds)
    return {
        "samples": seconds,
        "median s": round(ordered[len(ordered) // 2], 2),
        "slowest s": round(ordered[-1], 2),
        "met": ordered[-1] < BAR,
    }


def measure() -> list[float]:
    """Wall seconds of each task, run as a worker runs it."""
    import django

    django.setup()
    from placements import statement_work
    from placements.models import HoursStatement
    from school.core import clock, progress, seal
    from tests import factories

    factories._numbers = count(time.time_ns())
    if not seal.certificate_file().exists():
        seal.make_key()
    coordinator = factories.make_coordinator()
    first = clock.today() - timedelta(days=70)
    seconds = []
    for _ in range(STATEMENTS):
        educator = factories.make_educator()
        placement = factories.make_placement(
            educator=educator, starts=first, ends=clock.today() - timedelta(days=1)
        )
        days = (first + timedelta(days=n) for n in range(70))
        for day in [day for day in days if day.weekday() < 4][:SHIFTS]:
            factories.make_decision(educator, factories.make_shift(placement, day))
        work = progress.start(owner=coordinator.uuid, title="Statement", total=3)
        keys = (
            uuid4(),
            placement.enrolment.uuid,
            placement.stage.uuid,
            coordinator.uuid,
            work.uuid,
        )
        began = time.perf_counter()
        statement_work.make.func(*map(str, keys))
        seconds.append(time.perf_counter() - began)
    assert HoursStatement.objects.count() >= STATEMENTS
    return seconds


if __name__ == "__main__":
    print(json.dumps(measure()))
