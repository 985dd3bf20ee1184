"""What coverage costs against the plainest SQL on the same tables, its page too, the trend against one month, and memory.

python -m tests.benchmarks.bench_coverage BARE, in the environment of a database that `tests.benchmarks.trained` filled; BARE is
the environment of a bare page as JSON. Wall time, in interleaved pairs: what the database does is in both sides. Against the bare page
it is the CPU time of the web process, as everywhere; how long a person waits is said beside it.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks import pages
from tests.benchmarks.pages import Figures
from tests.benchmarks.servers import Answer, Server, serving

SIZES = (150, 15_000)
PAIRS, WARM, MONTHS = 7, 1, 60
MEMORY_BAR = 100
# What is measured, by its key, with its bar.
NAMES = {
    "figures": ("by site, today as known today", 2.5),
    "past": ("by site, two years ago as known then", 2.5),
    "late": ("by site, two years ago as known today", 2.5),
    "page": ("the page, today as known today", 3.5),
    "past page": ("the page, two years ago as known then", 3.5),
    "trend": (f"trend of {MONTHS} months against one", 8.0),
    "site": ("a site lead’s page against the bare page", 6.0),
}


def run(environment: dict[str, str], bare: dict[str, str]) -> tuple[list[Figures], dict[str, Any]]:
    """The ratios, and how much the web worker grew, in MB, by opening every page of coverage.

    One site's page has a bar on PostgreSQL alone; on SQLite the database works in the page's own process.
    """
    found = pages.run(__name__, environment, json.dumps(bare))
    wanted = [key for key in NAMES if key != "site" or environment["DATABASE_URL"]]
    ratios = [
        Figures(
            NAMES[key][0], NAMES[key][1], [(base, cost) for base, cost in found["samples"][key]]
        )
        for key in wanted
    ]
    return ratios, {**found["memory"], "met": found["memory"]["grown MB"] < MEMORY_BAR}


# In a child process ------------------------------------------------------------------------------


def measure(bare: dict[str, str]) -> dict[str, Any]:
    """Pairs of milliseconds by the key of what is measured, and the worker's memory."""
    import django

    django.setup()
    from school.core import clock, days
    from school.coverage import counting, sweep
    from school.coverage.states import Question
    from tests.benchmarks.plain_coverage import plain

    today = clock.today()
    past = today - timedelta(days=730)
    months = [days.add_months(today.replace(day=1), -n) for n in range(MONTHS)][::-1]
    now = Question(today, today)
    session, lead = sessions()
    [key] = pages.run("tests.benchmarks.bare.fill", bare, "1")
    samples: dict[str, list[tuple[float, float]]] = {}

    def pairs(name: str, base: Callable[[], float], cost: Callable[[], float]) -> None:
        samples[name] = [(base(), cost()) for _ in range(PAIRS + WARM)][WARM:]

    def plainly(as_of: date) -> Callable[[], float]:
        return lambda: timed(lambda: plain(as_of))

    def figures(as_of: date, known_on: date) -> Callable[[], float]:
        return lambda: timed(lambda: counting.tallies(Question(as_of, known_on), "site"))

    pairs("figures", plainly(today), figures(today, today))
    pairs("past", plainly(past), figures(past, past))
    pairs("late", plainly(past), figures(past, today))
    pairs(
        "trend",
        lambda: timed(lambda: counting.tallies(now)),
        lambda: timed(lambda: sweep.over_days(now, months)),
    )
    with serving("school.wsgi:application", dict(os.environ)) as portal:
        opened(portal, "/", session)
        before = resident(portal.worker)
        then = f"/coverage/?as_of={past}&known_on={past}"
        pairs("page", plainly(today), lambda: opened(portal, "/coverage/", session))
        pairs("past page", plainly(past), lambda: opened(portal, then, session))
        for path in every_page(past):
            opened(portal, path, session)
        memory = {"before MB": round(before), "grown MB": round(peak(portal.worker) - before)}
        with serving("tests.benchmarks.bare.wsgi:application", bare) as other:
            took: list[float] = []
            pairs(
                "site",
                lambda: answer(other, "/", key).cpu,
                lambda: _noted(took, answer(portal, "/coverage/", lead)).cpu,
            )
            waited = round(statistics.median(took[WARM:]) * 1000)
    return {"samples": samples, "memory": {**memory, "site ms": waited}}


def sessions() -> list[str]:
    """The sessions of a workforce manager of the whole network and of a site's lead."""
    from itertools import count

    from school.people.models import Site
    from school.people.network import network_scope
    from school.people.roles import SITE_LEAD, WORKFORCE_MANAGER
    from tests import factories
    from tests.benchmarks.population import session_of

    factories._numbers = count(time.time_ns())
    site = Site.objects.order_by("name")[0]
    found = []
    for role, scope in ((WORKFORCE_MANAGER, network_scope()), (SITE_LEAD, site.scope)):
        person = factories.make_person("Marit Madeupton")
        factories.make_grant(person, role, scope)
        found.append(session_of(person.user, second_factor=True))
    return found


def every_page(past: date) -> list[str]:
    """The pages of coverage that read the most."""
    days = f"as_of={past}&known_on={past}"
    since = f"since={past}&since_known_on={past}"
    return [
        "/coverage/trend/",
        "/coverage/people/",
        f"/coverage/people/?{days}",
        "/coverage/lapses/",
        f"/coverage/changes/?{since}",
        "/coverage/workforce/",
        "/coverage/attended/",
    ]


def _noted(took: list[float], given: Answer) -> Answer:
    took.append(given.wall)
    return given


def answer(server: Server, path: str, session: str) -> Answer:
    """What one page answered, that must be well."""
    return pages.checked(server.request(path, session), path)


def opened(server: Server, path: str, session: str) -> float:
    """The milliseconds until one page had come, that answered."""
    return answer(server, path, session).wall * 1000


def timed(act: Callable[[], Any]) -> float:
    """The milliseconds that something took."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def resident(process: int) -> float:
    """The memory that a process holds, in MB."""
    return _status(process, "VmRSS")


def peak(process: int) -> float:
    """The most that it held."""
    return _status(process, "VmHWM")


def _status(process: int, name: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


def shown(sizes: dict[int, tuple[list[Figures], dict[str, Any]]]) -> str:
    """One line on memory for the report."""
    parts = [
        f"{memory['grown MB']} MB at {size:,} people ({memory['before MB']} MB before)"
        for size, (_, memory) in sizes.items()
    ]
    waits = ", ".join(f"{memory['site ms']} ms at {size:,}" for size, (_, memory) in sizes.items())
    return f"A site lead waits for their page (median, wall): {waits}. What a web worker grows by when every page of coverage is opened: {', '.join(parts)}; bar: under {MEMORY_BAR} MB."


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
