"""What is tried many times, such as any sequence of acts: fewer times in `make test` than in `make test-all`."""

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

WHOLE = "PORTAL_EVERYTHING" in os.environ
SHARE = 1.0 if WHOLE else 0.4


def times(whole: int) -> int:
    """How many of so many examples this run tries."""
    return round(whole * SHARE)


def play(machine: Any, *, games: int, steps: int) -> None:
    """Play so many games of so many steps each, of the machine or of what makes one."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=times(games),
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )
