"""What became of a placement, step by step, for those who look after it and for the student."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from placements.models import Placement, PlacementStep
from school.core import clock, days, ledger
from school.core.models import LedgerEntry

TOLD_FOR = timedelta(days=14)  # a change stands below the student's home


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


def with_changes(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """Placements with what `recent` reads: when each changed last, and the dates that it had at first."""
    steps = PlacementStep.objects.filter(placement=OuterRef("pk"))
    first = steps.order_by("entry")
    return placements.annotate(
        changed_on=Subquery(steps.order_by("-entry").values("entry__known_from")[:1]),
        first_starts=Subquery(first.values("starts")[:1]),
        first_ends=Subquery(first.values("ends")[:1]),
    )


def recent(own: Iterable[Placement]) -> list[str]:
    """What changed lately in a student's placements, in words; being placed or confirmed is no change.

    `own` are placements `with_changes`.
    """
    since = clock.today() - TOLD_FOR
    rows = list(own)
    names = {row.pk: row.site.name for row in rows}
    left = {row.moved_from_id for row in rows if row.state != Placement.State.WITHDRAWN}
    said = []
    for row in rows:
        if row.changed_on < since or row.pk in left:  # type: ignore[attr-defined]
            continue
        site, dates = (
            names[row.pk],
            f"{days.long_date(row.starts)} to {days.long_date(row.ends)}",
        )
        if row.state == Placement.State.WITHDRAWN:
            said.append(
                f"Your placement at {site} from {days.long_date(row.starts)} was withdrawn."
            )
        elif row.moved_from_id is not None:
            before = names[row.moved_from_id]
            said.append(f"You are placed at {site} from {dates}, and no longer at {before}.")
        elif (row.first_starts, row.first_ends) != (row.starts, row.ends):  # type: ignore[attr-defined]
            said.append(f"Your placement at {site} now runs from {dates}.")
    return said
