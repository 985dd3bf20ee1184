"""Tells those who asked about facts of a kind: queued with the facts, told after commit, at least once."""

from collections.abc import Iterable
from uuid import UUID

from django_tasks import task

from school.core import registries

# A failing run keeps this many of its failures; one broken handler fails alike for every fact.
KEPT_FAILURES = 10


def announce(written: Iterable[tuple[str, UUID]]) -> None:
    """Queue one task for each kind that somebody wants to hear of, inside the writing transaction."""
    by_kind: dict[str, list[str]] = {}
    for kind, fact in written:
        if registries.heard(kind):
            by_kind.setdefault(kind, []).append(str(fact))
    for kind, facts in by_kind.items():
        tell.enqueue(kind, facts)


@task()
def tell(kind: str, facts: list[str]) -> None:
    """Call every handler of a kind for every fact; when some fail the others are told all the same.

    Raises ExceptionGroup when a handler failed: the clock queues the task again and everybody is
    told again, which is why handlers are idempotent by the fact's UUID.
    """
    failures: list[Exception] = []
    for fact in facts:
        for handler in registries.heard(kind):
            try:
                handler(UUID(fact))
            except Exception as failure:
                failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} tellings of {kind}", failures[:KEPT_FAILURES])
