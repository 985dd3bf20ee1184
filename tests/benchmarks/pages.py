"""The pages and acts that have a bar, and the measuring of them against the bare page in interleaved pairs."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from school.core import days
from tests.benchmarks.servers import ROOT, Answer, Server, form_of, serving

PAIRS, WARM = 15, 3
# Within the four weeks that the population has worked on weekdays only, so this Sunday is free.
TODAY = days.london_day(datetime.now(UTC))
SUNDAY = TODAY - timedelta(days=TODAY.weekday() + 1)


@dataclass(frozen=True)
class Person:
    """Somebody to measure with: the session of who asks, and a student whose writing changes what they see.

    `record` is the address of that student's whole record.
    """

    session: str
    student: str
    record: str


@dataclass(frozen=True)
class Measure:
    """A page or an act: who asks, how, how often the bare page it may cost, and how much dearer at scale 100."""

    name: str
    who: str
    act: Callable[[Server, dict[str, str], Person], Answer]
    bar: float
    growth: float
    writes: bool = True


def get(page: str) -> Callable[[Server, dict[str, str], Person], Answer]:
    """Asks for a page by its name."""
    return lambda server, paths, person: server.request(paths[page], person.session)


def whole_record(server: Server, paths: dict[str, str], person: Person) -> Answer:
    """Asks for the whole record of the student who wrote."""
    return server.request(person.record, person.session)


def log_shift(server: Server, paths: dict[str, str], person: Person) -> Answer:
    """Sends a shift on last Sunday through the form that the page gave."""
    form = form_of(server.request(paths["log_shift"], person.student))
    typed: dict[str, str | list[str]] = {
        **form.values,
        "day_day": str(SUNDAY.day),
        "day_month": str(SUNDAY.month),
        "day_year": str(SUNDAY.year),
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
    }
    return server.request(paths["log_shift"], person.student, typed)


def confirm_20(server: Server, paths: dict[str, str], person: Person) -> Answer:
    """Ticks the first twenty lines of the inbox and confirms them."""
    form = form_of(server.request(paths["inbox"], person.session))
    name = form.boxes[0][0] if form.boxes else "shift"
    lines = [value for key, value in form.boxes if key == name][:20]
    return server.request(paths["inbox"], person.session, {**form.values, name: lines})


MEASURES = (
    Measure("student home", "student", get("home"), 4, 1.3),
    Measure("log a shift: the page", "student", get("log_shift"), 4, 1.3),
    Measure("log a shift: sending it", "student", log_shift, 4, 1.3, writes=False),
    Measure("inbox with 50 waiting", "educator", get("inbox"), 6, 1.5),
    Measure("confirm 20 at once", "educator", confirm_20, 6, 1.5, writes=False),
    Measure("coordinator's list", "coordinator", get("students"), 6, 1.5),
    Measure("calendar of 12 weeks by 28 sites", "coordinator", get("calendar"), 6, 1.5),
    Measure("tutor's list", "tutor", get("tutor"), 6, 1.5),
    Measure("a student's whole record", "tutor", whole_record, 6, 1.5),
)
BLOCKS = 2 * (PAIRS + WARM)


@dataclass
class Figures:
    """The raw samples of one measure on one engine, in CPU milliseconds."""

    name: str
    bar: float
    samples: list[tuple[float, float]] = field(default_factory=list)
    queries: int = 0

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
        return self.ratio <= self.bar and self.queries <= 12


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
    first, second = blocks[: PAIRS + WARM], blocks[PAIRS + WARM :]
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


def against_bare(environment: dict[str, str], bare_environment: dict[str, str]) -> list[Figures]:
    """Every measure against the bare page, in interleaved pairs, on a filled database."""
    filled = run("tests.benchmarks.population", environment, str(BLOCKS))
    keys = run("tests.benchmarks.bare.fill", bare_environment, str(len(MEASURES) * (PAIRS + WARM)))
    found = []
    with (
        serving("school.wsgi:application", environment) as portal,
        serving("tests.benchmarks.bare.wsgi:application", bare_environment) as bare,
    ):
        for turn, measure in enumerate(MEASURES):
            figures = Figures(measure.name, measure.bar)
            for number, person in enumerate(
                people(filled["blocks"], measure, turn)[: PAIRS + WARM]
            ):
                key = keys.pop()
                checked(bare.request("/add/", key), "the bare page's write")
                cost = checked(bare.request("/", key), "the bare page").cpu
                page = once(portal, filled["paths"], measure, person)
                if number >= WARM:
                    figures.samples.append((cost * 1000, page.cpu * 1000))
            found.append(figures)
            print(f"  {figures.name}: {figures.ratio:.2f}", flush=True)
    for figures, count in zip(
        found, run("tests.benchmarks.queries", environment)["counts"], strict=True
    ):
        figures.queries = count
    return found


def against_small(small: dict[str, str], large: dict[str, str]) -> list[Figures]:
    """Every measure on the large database against the small one, in interleaved pairs."""
    filled = [run("tests.benchmarks.population", one, str(BLOCKS)) for one in (small, large)]
    found = []
    with (
        serving("school.wsgi:application", small) as first,
        serving("school.wsgi:application", large) as second,
    ):
        for turn, measure in enumerate(MEASURES):
            figures = Figures(measure.name, measure.growth)
            pairs = zip(
                people(filled[0]["blocks"], measure, turn),
                people(filled[1]["blocks"], measure, turn),
                strict=True,
            )
            for number, (one, other) in enumerate(list(pairs)[: PAIRS + WARM]):
                cheap = once(first, filled[0]["paths"], measure, one)
                dear = once(second, filled[1]["paths"], measure, other)
                if number >= WARM:
                    figures.samples.append((cheap.cpu * 1000, dear.cpu * 1000))
            found.append(figures)
    return found


def once(portal: Server, paths: dict[str, str], measure: Measure, person: Person) -> Answer:
    """One measured request, after a write that changes what it shows."""
    if measure.writes:
        checked(log_shift(portal, paths, person), "a shift sent beforehand", 302)
    return checked(measure.act(portal, paths, person), measure.name, 200 if measure.writes else 302)


def checked(answer: Answer, what: str, status: int = 200) -> Answer:
    """The answer, when it is the expected one: a refusal is quick, and no figure."""
    if answer.status != status:
        sys.exit(f"{what} answered {answer.status}, not {status}:\n{answer.body[:3000]}")
    return answer


def copied(folder: Path, to: Path) -> Path:
    """A copy of a database's folder, so that what was built once is measured many times."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to
