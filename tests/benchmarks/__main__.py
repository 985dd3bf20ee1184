"""Measures everything that has a bar, writes docs/benchmarks.md and the raw samples, and exits 1 when a bar is missed.

python -m tests.benchmarks [--quick] [--rows WORDS]

`--quick` leaves out the database of scale 100, which is built once per engine under var/bench. `--rows "course|home"`
measures the pages whose names the pattern fits and nothing else, and prints them without writing anything; "osce" and
"coverage" fit those measures.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.benchmarks import (
    bench_book,
    bench_coverage,
    bench_osce,
    bench_statement,
    bench_verify,
    pages,
    trained,
    weight,
)
from tests.benchmarks.acts import EVERY
from tests.benchmarks.pages import Figures
from tests.benchmarks.servers import ROOT

KEPT = ROOT / "var" / "bench"
REPORT = ROOT / "docs" / "benchmarks.md"
LARGE = 100
OSCE = "An OSCE against the plainest loop over the same draws, wall time"


def main(arguments: list[str]) -> int:
    """Every engine in turn; 1 when something missed its bar."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", default="")
    asked = parser.parse_args(arguments)
    url = os.environ.get("DATABASE_URL", "")
    KEPT.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        for engine in ("SQLite", "PostgreSQL") if url else ("SQLite",):
            database = Database(engine, url if engine == "PostgreSQL" else "", Path(folder))
            results[engine] = (
                measure_rows(database, asked.rows)
                if asked.rows
                else measure_engine(database, asked.quick)
            )
    # Arithmetic alone, which no engine changes.
    osce = [bench_osce.run()] if re.search(asked.rows, "osce") else []
    if asked.rows:
        print("\n".join(table(OSCE, osce)) if osce else "")
        return 0 if all(one.met for found in (osce, *results.values()) for one in found) else 1
    met = report(results, osce)
    (KEPT / "samples.json").write_text(
        json.dumps({**results, "OSCE": osce}, indent=1, default=asdict)
    )
    print(REPORT.read_text())
    return 0 if met else 1


class Database:
    """Places for databases on one engine: a folder each, and on PostgreSQL a database each."""

    def __init__(self, engine: str, url: str, folder: Path) -> None:
        self.engine, self.url, self.folder = engine, url, folder

    def environment(self, name: str, settings: str = "school.settings.dev") -> dict[str, str]:
        """The environment of a new, empty database."""
        folder = self.folder / f"{self.engine}-{name}"
        folder.mkdir()
        found = {
            "PORTAL_VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": "",
        }
        if self.url:
            self.sql(f'CREATE DATABASE "{name}"')
            parts = urlsplit(self.url)
            found["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
        return found

    def sql(self, statement: str) -> None:
        """One statement on the cluster's first database."""
        import psycopg

        parts = urlsplit(self.url)
        host = parts.query.removeprefix("host=")
        with psycopg.connect(
            host=host, user=parts.username, dbname=parts.path.lstrip("/"), autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def demo(self, name: str, scale: int) -> dict[str, str]:
        """A database with the demo network; a large one is built once and kept as a dump or a file."""
        return self.built(
            name,
            f"{scale}-{shape()}" if scale > 1 else "",
            lambda environment: pages.manage(environment, "build_demo", "--scale", str(scale)),
        )

    def trained(self, people: int) -> dict[str, str]:
        """A database with so many staff and their years of training; built once and kept."""
        text = Path(trained.__file__).read_bytes()
        return self.built(
            f"trained-{people}",
            f"trained-{people}-{shape()}-{hashlib.sha256(text).hexdigest()[:6]}",
            lambda environment: pages.run("tests.benchmarks.trained", environment, str(people)),
        )

    def built(self, name: str, key: str, fill: Callable[[dict[str, str]], None]) -> dict[str, str]:
        """A database with the network and what something fills it with; kept under a key, when there is one."""
        environment = self.environment(name)
        kept = KEPT / f"{self.engine}-{key}.{'dump' if self.url else 'sqlite3'}"
        if key and kept.exists():
            self.restore(kept, environment)
        else:
            pages.manage(environment, "migrate", "--verbosity", "0")
            pages.manage(environment, "prepare", "--without-demo")
            fill(environment)
            if key:
                self.keep(kept, environment)
        pages.manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        return environment

    def keep(self, kept: Path, environment: dict[str, str]) -> None:
        """Keeps a built database."""
        if self.url:
            self.program("pg_dump", environment, "-Fc", "-Z", "1", "-f", str(kept))
        else:
            shutil.copy(Path(environment["PORTAL_VAR_DIR"]) / "portal.sqlite3", kept)

    def restore(self, kept: Path, environment: dict[str, str]) -> None:
        """Brings a kept database back."""
        if self.url:
            self.program("pg_restore", environment, "--no-owner", "-j", "2", str(kept))
        else:
            shutil.copy(kept, Path(environment["PORTAL_VAR_DIR"]) / "portal.sqlite3")

    def program(self, name: str, environment: dict[str, str], *arguments: str) -> None:
        """One of PostgreSQL's client programs on a database."""
        parts = urlsplit(environment["DATABASE_URL"])
        host = parts.query.removeprefix("host=")
        subprocess.run(
            [name, "-h", host, "-U", str(parts.username), "-d", parts.path.lstrip("/"), *arguments],
            check=True,
        )


def shape() -> str:
    """A key of everything that a kept database depends on: the migrations and the demo's builder."""
    demo = ROOT / "school" / "demo"
    files = [*ROOT.glob("**/migrations/0*.py"), *demo.glob("*.py")]
    apart = {demo / name for name in ("accounts.py", "apps.py", "urls.py", "views.py")}
    own = sorted(file for file in files if ".venv" not in file.parts and file not in apart)
    return hashlib.sha256(b"".join(file.read_bytes() for file in own)).hexdigest()[:12]


def measure_rows(database: Database, words: str) -> list[Figures]:
    """The pages whose names fit a pattern against the bare page, and coverage when it fits that."""
    found: list[Figures] = []
    if wanted := [measure for measure in EVERY if re.search(words, measure.name)]:
        bare = database.environment("bare", "tests.benchmarks.bare.settings")
        found = pages.against_bare(database.demo("small", 1), bare, wanted)
        title = f"Against the bare page, {database.engine}"
        print("\n".join(table(title, found, with_queries=True)), flush=True)
    if re.search(words, "coverage"):
        of_sizes = measure_coverage(database, bench_coverage.SIZES)
        print("\n".join(coverage_lines(of_sizes)), flush=True)
        found += [one for ratios, _ in of_sizes.values() for one in ratios]
    return found


def measure_engine(database: Database, quick: bool) -> dict[str, Any]:
    """All figures of one engine."""
    print(f"{database.engine}: pages against the bare page", flush=True)
    small = database.demo("small", 1)
    bare = database.environment("bare", "tests.benchmarks.bare.settings")
    found: dict[str, Any] = {"pages": pages.against_bare(small, bare, EVERY)}
    found["weight"] = weight.measure(small)
    found["statement"] = bench_statement.figures(
        pages.run("tests.benchmarks.bench_statement", small)
    )
    found["book"] = bench_book.run(small)
    if not quick:
        print(f"{database.engine}: scale {LARGE} against scale 1", flush=True)
        again = database.demo("small-again", 1)
        large = database.demo("large", LARGE)
        found["growth"] = pages.against_small(again, large)
    print(f"{database.engine}: coverage against the plainest SQL", flush=True)
    found["coverage"] = measure_coverage(database, bench_coverage.SIZES[: 1 if quick else None])
    print(f"{database.engine}: verify_records", flush=True)
    os.environ["DATABASE_URL"] = database.url
    found["verify"] = bench_verify.run(0.05 if quick else 1)
    return found


def measure_coverage(database: Database, sizes: Sequence[int]) -> dict[int, Any]:
    """What coverage costs with so many staff."""
    return {
        size: bench_coverage.run(
            database.trained(size),
            database.environment(f"bare-{size}", "tests.benchmarks.bare.settings"),
        )
        for size in sizes
    }


def report(results: dict[str, Any], osce: list[Figures]) -> bool:
    """Writes docs/benchmarks.md; whether every bar was met."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. A ratio is the median of 15 interleaved pairs of CPU time of the web "
        "process, one request by a person not met before in the run, after a write that changes the page; "
        "the quartiles stand behind it. On PostgreSQL the database's own CPU is in neither side. Queries "
        f"leave out transaction control. Python {platform.python_version()}, {os.cpu_count()} cores.",
    ]
    lines += ["", *table(OSCE, osce)]
    met = all(one.met for one in osce)
    for engine, found in results.items():
        lines += ["", f"## {engine}", ""]
        lines += table("Against the bare page", found["pages"], with_queries=True)
        if "growth" in found:
            lines += ["", *table(f"Scale {LARGE} against scale 1", found["growth"])]
        else:
            lines += ["", f"A quick run: scale {LARGE} was left out."]
        lines += coverage_lines(found["coverage"])
        met &= all(one.met for ratios, _ in found["coverage"].values() for one in ratios)
        met &= all(memory["met"] for _, memory in found["coverage"].values())
        loads = found["weight"]
        lines += [
            "",
            f"First page: {loads['first kB']} kB in {loads['first requests']} requests (bar: under 120 kB, "
            f"under 12); warm: {loads['warm kB']} kB (bar: under 25 kB).",
        ]
        statement = found["statement"]
        lines += [
            "",
            f"A statement of hours as a sealed PDF, in the background: {statement['median s']} s, the slowest of "
            f"{len(statement['samples'])} {statement['slowest s']} s (bar: under {bench_statement.BAR:g} s).",
        ]
        book = found["book"]
        lines += [
            "",
            f"A whole log book of {bench_book.EXAMINATIONS} examinations and {bench_book.COMPETENCIES} competencies, in "
            f"the background: {book['ratio']} times WeasyPrint alone on the same pages (bar: "
            f"{bench_book.RATIO_BAR:g}), {book['median s']} s of CPU, {book['peak MB']} MB in all (bar: "
            f"under {bench_book.MEMORY_BAR}).",
        ]
        verify = found["verify"]
        lines += [
            "",
            f"verify_records of {verify['entries']:,} entries of seven kinds: "
            f"{verify['ratio']} times reading and hashing the same rows (quartiles "
            f"{verify['quartiles'][0]} to {verify['quartiles'][1]}; bar: 3), {verify['peak MB']} MB "
            "(bar: 300).",
        ]
        met &= all(one.met for one in (*found["pages"], *found.get("growth", ())))
        met &= bool(loads["met"] and statement["met"] and book["met"] and verify["met"])
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return met


def coverage_lines(of_sizes: dict[int, Any]) -> list[str]:
    """The tables of coverage by size, and what a worker grew by."""
    lines = []
    for size, (ratios, _) in of_sizes.items():
        title = f"Coverage of {size:,} staff against plain SQL, wall time"
        lines += ["", *table(title, ratios)]
    return [*lines, "", bench_coverage.shown(of_sizes)]


def table(title: str, figures: list[Figures], *, with_queries: bool = False) -> list[str]:
    """A table of ratios."""
    columns = ["base, ms", "page, ms", "ratio", "quartiles", "bar"]
    if with_queries:
        columns.append("queries")
    lines = [
        f"| {title} | {' | '.join(columns)} | |",
        f"|---|{'---|' * (len(columns) + 1)}",
    ]
    for one in figures:
        bases = sorted(base for base, _ in one.samples)
        costs = sorted(page for _, page in one.samples)
        middle = len(bases) // 2
        low, high = one.quartiles
        cells = [
            f"{bases[middle]:.2f}",
            f"{costs[middle]:.2f}",
            f"{one.ratio:.2f}",
            f"{low:.2f} to {high:.2f}",
            f"{one.bar:g}",
        ]
        if with_queries:
            cells.append(f"{one.queries} of {one.most_queries}")
        lines.append(f"| {one.name} | {' | '.join(cells)} | {'met' if one.met else '**missed**'} |")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
