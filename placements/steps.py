"""What became of a placement, step by step, for those who look after it and for the student."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from placements.models import Placement, PlacementStep
from school.core import clock, days, ledger
from school.core.models import LedgerEntry

State = Placement.State
TOLD_FOR = timedelta(days=14)  # a change stands on the student's home


@dataclass(frozen=True, slots=True)
class Past:
    """One step of a placement: what it was, the dates from then on, and why."""

    said: str
    dates: str
    reason: str
    entry: LedgerEntry


def history(placement: Placement) -> list[Past]:
    """What became of a placement, newest first."""
    steps = list(placement.steps.order_by("entry__seq"))
    reasons = ledger.private_texts(steps, "reason")
    found = []
    before = ""
    for step in steps:
        said = step.get_state_display().capitalize() if step.state != before else "Other dates"
        found.append(
            Past(
                said,
                f"{days.long_date(step.starts)} to {days.long_date(step.ends)}",
                reasons.get(step.pk, ""),
                step.entry,
            )
        )
        before = step.state
    return found[::-1]


def recent(own: Sequence[Placement]) -> list[str]:
    """What changed lately in a student's placements, in words, newest first; being placed or confirmed is no change."""
    names = {row.pk: row.site.name for row in own}
    moved = {row.pk: row.moved_from_id for row in own if row.moved_from_id}
    since = clock.today() - TOLD_FOR
    columns = ("placement", "state", "starts", "ends", "entry__known_from")
    steps = PlacementStep.objects.filter(placement__in=names).order_by("entry")
    last: dict[int, tuple[str, date, date]] = {}
    said = []
    for pk, state, starts, ends, known_from in steps.values_list(*columns):
        before = last.get(pk)
        last[pk] = (state, starts, ends)
        if known_from < since or (pk in moved.values() and before is not None):
            continue
        site, dates = names[pk], f"{days.long_date(starts)} to {days.long_date(ends)}"
        if before is None:
            if pk in moved:
                said.append(
                    f"You are placed at {site} from {dates}, and no longer at {names[moved[pk]]}."
                )
        elif state == State.WITHDRAWN:
            said.append(f"Your placement at {site} from {days.long_date(starts)} was withdrawn.")
        elif before[1:] != (starts, ends):
            said.append(f"Your placement at {site} now runs from {dates}.")
    return said[::-1]
