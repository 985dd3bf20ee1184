"""Fixtures for every test, and the counts of both engines at the end of a run."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

SHOWN = ("passed", "failed", "error", "skipped", "xfailed")


def engine() -> str:
    """The name of the engine that this run is on."""
    return (
        "PostgreSQL" if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else "SQLite"
    )


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
