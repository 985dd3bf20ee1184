"""The registers of today and those to close, for School educators; and what waits for one's evaluation."""

from school.core import clock
from school.core.registries import Panel
from school.courses import evaluation_queries as evaluations
from school.courses import policies
from school.courses import register_queries as register
from school.people.middleware import Viewer

REGISTERS, WAITING = 12, 30
SHOWN = 6


def registers(viewer: Viewer) -> list[Panel]:
    """On a School educator's home: the events of today, and those whose register was not closed."""
    if not policies.may_teach(viewer):
        return []
    now = clock.now()
    rows = [{"event": event, "over": event.ends <= now} for event in register.to_keep()[:SHOWN]]
    return [Panel(REGISTERS, "courses/day/_registers.html", {"rows": rows})] if rows else []


def to_evaluate(viewer: Viewer) -> list[Panel]:
    """The events that one was at and has not evaluated yet, for four weeks."""
    waiting = list(evaluations.to_evaluate(viewer.me)[:SHOWN])
    context = {"waiting": waiting}
    return [Panel(WAITING, "courses/day/_to_evaluate.html", context)] if waiting else []
