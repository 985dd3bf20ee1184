"""Runs the tests as CI does: on a throwaway PostgreSQL first, then the whole suite on SQLite.

The SQLite run comes last and holds a test that fails when the PostgreSQL run did, so that its
summary, the last thing printed, speaks for both.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run both engines; exit with what pytest says about the last, which knows about the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", action="store_true", help="every test on both engines, slow ones too"
    )
    everything = parser.parse_args().all
    postgres.leave_on_signals()
    if everything:
        fetch_tools()
    with tempfile.TemporaryDirectory(prefix="portal-counts-") as folder, sqlite_made_ahead():
        counts = Path(folder) / "postgresql.json"
        # The checks of tests/architecture read the code, so one engine is enough for them.
        wanted = "not architecture" if everything else "engine and not slow"
        whole = {"PORTAL_EVERYTHING": "1"} if everything else {}
        with postgres.throwaway() as url:
            first = pytest(wanted, {**whole, "DATABASE_URL": url, "PORTAL_COUNTS": str(counts)})
        outcome = json.loads(counts.read_text()) if counts.exists() else {}
        outcome = {**outcome, "exit status": first}
        last = pytest(
            "" if everything else "not slow",
            {**whole, "DATABASE_URL": "", "PORTAL_POSTGRESQL": json.dumps(outcome)},
        )
    sys.exit(last or first)


@contextlib.contextmanager
def sqlite_made_ahead() -> Iterator[None]:
    """Lets SQLite's template be made beside PostgreSQL's: either takes a minute and a half of one core."""
    any_test = "tests/backends/test_flush.py::test_database_holds_every_migration"
    maker = subprocess.Popen(
        [sys.executable, "-m", "pytest", any_test],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        maker.terminate()
        maker.wait()


def fetch_tools() -> None:
    """Fetch the programs of others that badges and pages are tried with; without npm those tests are skipped, and say so."""
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    for tool in sorted((ROOT / "tests" / "tools").iterdir()):
        try:
            subprocess.run(command, cwd=tool, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"The program for {tool.name} could not be fetched: {error}", flush=True)


def pytest(wanted: str, environment: dict[str, str]) -> int:
    """Run pytest and give its exit status: three at once on two cores, since one often waits for a browser or a worker."""
    engine = "PostgreSQL" if environment["DATABASE_URL"] else "SQLite"
    print(f"\nTests on {engine}: {wanted or 'all'}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "worksteal"]
    # Each of the hundred processes that a run starts would compile the whole project anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [*command, *(["-m", wanted] if wanted else [])],
        cwd=ROOT,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
    ).returncode


if __name__ == "__main__":
    main()
