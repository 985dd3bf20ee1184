"""Fixtures for every test, and the counts of both engines at the end of a run."""

import gc
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hypothesis
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
# Two busy cores make a slow example, not a wrong one; what CI finds, everybody finds.
hypothesis.settings.register_profile("portal", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("portal")
SHOWN = ("passed", "failed", "error", "skipped", "xfailed")


def engine() -> str:
    """The name of the engine that this run is on."""
    return (
        "PostgreSQL" if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else "SQLite"
    )


def pytest_collection_finish() -> None:
    """Spare what was imported from being looked through for garbage again and again: a tenth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests that are known by their folder under its mark."""
    for item in items:
        for folder, mark in {"journeys": "journey", "architecture": "architecture"}.items():
            if folder in item.path.parts:
                item.add_marker(mark)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print how many tests ran on which engine, or leave the count for the run that prints it."""
    counts = {name: len(terminalreporter.stats.get(name, [])) for name in SHOWN}
    if "PORTAL_COUNTS" in os.environ:
        Path(os.environ["PORTAL_COUNTS"]).write_text(json.dumps(counts))
    if "PORTAL_POSTGRESQL" in os.environ:
        earlier = json.loads(os.environ["PORTAL_POSTGRESQL"])
        terminalreporter.section("both engines")
        terminalreporter.line(f"PostgreSQL: {in_words(earlier)}")
        terminalreporter.line(f"SQLite: {in_words(counts)}")


def in_words(counts: dict[str, int]) -> str:
    """`12 passed, 1 failed`."""
    return (
        ", ".join(f"{counts[name]} {name}" for name in SHOWN if counts.get(name)) or "no test ran"
    )


@pytest.fixture(autouse=True)
def _own_caches() -> None:
    """Start each test with an empty cache: rate limits and site roots live there."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """The environment for another process, such as a worker, to work on this test's database."""
    database = settings.DATABASES["default"]
    url = ""
    if engine() == "PostgreSQL":
        user = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
        url = f"postgres://{user}@/{database['NAME']}?host={database['HOST'] or '127.0.0.1'}"
        url += f"&port={database['PORT']}" if database["PORT"] else ""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "school.settings.test",
        "PORTAL_VAR_DIR": str(settings.VAR_DIR),
        "DATABASE_URL": url,
    }


@pytest.fixture
def real_server(process_environment: dict[str, str]) -> Iterator[str]:
    """The address of the production server, two processes of four threads, on this test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "school.wsgi:application", "--no-control-socket"),
        *("--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=process_environment, stdin=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_answer(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def wait_for_answer(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers anything at all."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server did not answer; it ended with {server.poll()}.")
