"""Acts let go at the same instant, each in a thread and with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act gave, or the exception that it raised, in their order; an act that never ends gives TimeoutError."""
    gate = threading.Barrier(len(acts))
    came: list[Any] = [TimeoutError("still running after two minutes")] * len(acts)

    def run(place: int) -> None:
        try:
            gate.wait(30)
            came[place] = acts[place]()
        except BaseException as error:  # a thread swallows it, and the test would never hear
            came[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return came
