"""Measures the pages and acts against the bare page, in interleaved pairs."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.acts import (
    COURSES,
    CPD,
    LOG_BOOKS,
    OSCES,
    PLACEMENTS,
    Keeper,
    Learner,
    Log,
    Marking,
    Measure,
    Person,
)
from tests.benchmarks.servers import ROOT, Answer, Server, serving

PAIRS, WARM = 15, 3
TURNS = PAIRS + WARM
BLOCKS = 2 * TURNS


@dataclass
class Figures:
    """The raw samples of one measure on one engine, in CPU milliseconds."""

    name: str
    bar: float
    samples: list[tuple[float, float]] = field(default_factory=list)
    queries: int = 0
    most_queries: int = 12

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        return statistics.median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        return [page / bare for bare, page in self.samples]

    @property
    def quartiles(self) -> tuple[float, float]:
        low, _, high = statistics.quantiles(self.ratios, n=4)
        return low, high

    @property
    def met(self) -> bool:
        return self.ratio <= self.bar and self.queries <= self.most_queries


def run(module: str, environment: dict[str, str], *arguments: str) -> Any:
    """What a module prints as JSON in its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{module} failed:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def manage(environment: dict[str, str], *arguments: str) -> None:
    """One management command."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def people(blocks: list[dict[str, Any]], measure: Measure, turn: int) -> list[Person]:
    """Who measures: each person asks once in a run, and each student writes once."""
    first, second = blocks[:TURNS], blocks[TURNS:]
    if measure.who == "student":
        return [_person(block, "students", turn, block) for block in first]
    half = first if turn % 2 else second
    if measure.who == "tutor":
        # The first students of the second half ask nothing themselves.
        return [
            _person(block, "tutor", turn % 2, writer)
            for block, writer in zip(half, second, strict=True)
        ]
    number = -1 if measure.who == "coordinator" else -2
    return [_person(block, measure.who, number, block) for block in half]


def _person(block: dict[str, Any], who: str, number: int, writer: dict[str, Any]) -> Person:
    student = writer["students"][number]
    asking = student if who == "students" else block[who]
    return Person(asking, student, writer["records"][number])


def learners(turns: list[dict[str, Any]], measure: Measure) -> list[Learner]:
    """The same at what the School teaches; nobody books or is ticked twice."""
    number = COURSES.index(measure)
    found = []
    for turn in turns:
        asking = turn["educator"] if measure.who == "school educator" else ""
        writing = turn["teacher"] if measure.who == "school educator" else turn["people"][number]
        found.append(Learner(asking, writing, turn["course"], turn["date"], turn["mark"]))
    return found


def logs(turns: list[dict[str, Any]], measure: Measure) -> list[Log]:
    """The same at log books: who looks at a map, or whose cohort is looked at, writes beforehand."""
    return [
        Log(
            session=turn[measure.who],
            writer=turn["logs" if measure.who == "logs" else "looks"],
            asks=turn["asks"],
            signs=turn["signs"],
        )
        for turn in turns
    ]


def against_bare(
    environment: dict[str, str], bare_environment: dict[str, str], wanted: Sequence[Measure]
) -> list[Figures]:
    """Every measure against the bare page, in interleaved pairs, on a filled database."""
    paths, asking = filled(environment, wanted)
    keys = run("tests.benchmarks.bare.fill", bare_environment, str(len(wanted) * TURNS))
    found = []
    with (
        serving("school.wsgi:application", environment) as portal,
        serving("tests.benchmarks.bare.wsgi:application", bare_environment) as bare,
    ):
        for measure in wanted:
            figures = Figures(measure.name, measure.bar, most_queries=measure.queries)
            for number, person in enumerate(asking[measure.name]):
                key = keys.pop()
                checked(bare.request("/add/", key), "the bare page's write")
                cost = checked(bare.request("/", key), "the bare page").cpu
                page = once(portal, paths, measure, person)
                if number >= WARM:
                    figures.samples.append((cost * 1000, page.cpu * 1000))
            found.append(figures)
            print(f"  {figures.name}: {figures.ratio:.2f}", flush=True)
    names = [measure.name for measure in wanted]
    counts = run("tests.benchmarks.queries", environment, *names)["counts"]
    for figures, count in zip(found, counts, strict=True):
        figures.queries = count
    return found


def filled(
    environment: dict[str, str], wanted: Sequence[Measure]
) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """Fills a database with what the wanted measures need: the addresses, and by measure who asks in each turn."""
    paths: dict[str, str] = {}
    asking: dict[str, list[Any]] = {}
    if any(measure in PLACEMENTS for measure in wanted):
        made = run("tests.benchmarks.population", environment, str(BLOCKS))
        paths |= made["paths"]
        for turn, measure in enumerate(PLACEMENTS):
            asking[measure.name] = list(people(made["blocks"], measure, turn)[:TURNS])
    if any(measure in COURSES for measure in wanted):
        made = run("tests.benchmarks.catalogue", environment, str(TURNS))
        paths |= made["paths"]
        for measure in COURSES:
            asking[measure.name] = list(learners(made["turns"], measure))
    if any(measure in LOG_BOOKS for measure in wanted):
        made = run("tests.benchmarks.log_books", environment, str(TURNS))
        paths |= made["paths"]
        for measure in LOG_BOOKS:
            asking[measure.name] = list(logs(made["turns"], measure))
    if any(measure in OSCES for measure in wanted):
        made = run("tests.benchmarks.osces", environment, str(TURNS))
        for measure in OSCES:
            asking[measure.name] = [Marking(**turn) for turn in made[measure.who]]
    if any(measure in CPD for measure in wanted):
        made = run("tests.benchmarks.cpd", environment, str(TURNS))
        paths |= made["paths"]
        for measure in CPD:
            asking[measure.name] = [Keeper(session) for session in made["sessions"]]
    return paths, asking


def against_small(small: dict[str, str], large: dict[str, str]) -> list[Figures]:
    """Every measure on the large database against the small one, in interleaved pairs."""
    paths, asking = filled(small, PLACEMENTS)
    large_paths, large_asking = filled(large, PLACEMENTS)
    found = []
    with (
        serving("school.wsgi:application", small) as first,
        serving("school.wsgi:application", large) as second,
    ):
        for measure in PLACEMENTS:
            figures = Figures(measure.name, measure.growth)
            pairs = zip(asking[measure.name], large_asking[measure.name], strict=True)
            for number, (one, other) in enumerate(pairs):
                cheap = once(first, paths, measure, one)
                dear = once(second, large_paths, measure, other)
                if number >= WARM:
                    figures.samples.append((cheap.cpu * 1000, dear.cpu * 1000))
            found.append(figures)
    return found


def once(portal: Server, paths: dict[str, str], measure: Measure, person: Any) -> Answer:
    """One measured request, after a write that changes what it shows."""
    if measure.before:
        checked(
            measure.before(portal, paths, person), "what is written beforehand", measure.written
        )
    answer = measure.act(portal, paths, person)
    return checked(answer, measure.name, 200 if measure.before else measure.written)


def checked(answer: Answer, what: str, status: int = 200) -> Answer:
    """The answer, when it is the expected one: a refusal is quick, and no figure."""
    if answer.status != status:
        sys.exit(f"{what} answered {answer.status}, not {status}:\n{answer.body[:3000]}")
    return answer


def copied(folder: Path, to: Path) -> Path:
    """A copy of a database's folder, so that what was built once is measured many times."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to
