"""How long a whole log book takes in the background against WeasyPrint alone on the same pages, and how much memory.

python -m tests.benchmarks.bench_book, in the environment of a database that holds the demo network. The book has 200
examinations and 60 competencies; before each copy something is logged, since an unchanged book is not made again.
"""

import json
import resource
import sys
import time
from datetime import timedelta
from itertools import count
from statistics import median
from typing import Any
from uuid import uuid4

from tests.benchmarks import pages

EXAMINATIONS, COMPETENCIES, COPIES = 200, 60, 5
RATIO_BAR, MEMORY_BAR = 1.3, 400


def run(environment: dict[str, str]) -> dict[str, Any]:
    """The book filled in one process, made in another that does nothing else, and made and printed again in a third."""
    key = pages.run(__name__, environment, "fill")
    peak = pages.run(__name__, environment, "memory", key)
    return figures(pages.run(__name__, environment, "times", key), peak)


def figures(samples: list[list[float]], peak: float) -> dict[str, Any]:
    """The samples (a task and WeasyPrint alone, in seconds of CPU), what stands out of them, and whether the bars are met."""
    ratio = median(task / alone for task, alone in samples)
    return {
        "samples": samples,
        "median s": round(median(task for task, _ in samples), 2),
        "ratio": round(ratio, 2),
        "peak MB": round(peak),
        "met": ratio <= RATIO_BAR and peak < MEMORY_BAR,
    }


# In a child process ------------------------------------------------------------------------------


def fill() -> str:
    """A student with a whole book; the key of their enrolment."""
    from school.core import seal
    from tests import factories
    from tests.logbooks.competencies.whole_book import WholeBook

    factories._numbers = count(time.time_ns())
    if not seal.certificate_file().exists():
        seal.make_key()
    book = WholeBook()
    book.fill(examinations=EXAMINATIONS, competencies=COMPETENCIES)
    return str(book.enrolment.uuid)


def make(key: str) -> None:
    """One copy, as a worker makes it."""
    from logbooks.competencies.book import work
    from placements.models import Enrolment
    from school.core import progress

    person = Enrolment.objects.select_related("person").get(uuid=key).person
    asked = progress.start(owner=person.uuid, title="Copy", total=3)
    work.make.func(str(uuid4()), key, True, str(person.uuid), str(asked.uuid))
    asked.refresh_from_db()
    assert asked.state == "done", asked.message


def memory(key: str) -> float:
    """The most that a process held which made one copy, in MB."""
    make(key)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def times(key: str) -> list[list[float]]:
    """Pairs of seconds: a whole task, and WeasyPrint on the pages that it printed."""
    from logbooks.competencies.book import files
    from logbooks.competencies.book import pages as printed
    from logbooks.competencies.models import LogBookCopy
    from school.core import printing

    found = []
    for number in range(COPIES + 1):
        log_one(key, number)
        began = time.process_time()
        make(key)
        done = time.process_time()
        copy = LogBookCopy.objects.order_by("-pk")[0]
        page = printed.pages(json.loads(files.kept(copy, "json") or b""))
        alone = time.process_time()
        printing.pdf_of(page)
        found.append([done - began, time.process_time() - alone])
    return found[1:]  # the first pays for what is loaded


def log_one(key: str, number: int) -> None:
    """One day on which nothing was worked, so that the next copy is another."""
    from placements.models import Enrolment
    from school.core import clock
    from tests import factories

    placement = Enrolment.objects.get(uuid=key).placements.get()
    factories.make_day_note(placement, clock.today() - timedelta(days=number))


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
