"""What a site offers and has taken of a stage, and until when its audit holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from placements.models import Placement, PlaceOffer, SiteAudit
from school.core import days
from school.people.models import Site

State = Placement.State


def audits_until(sites: Sequence[Site]) -> dict[int, date]:
    """Until when the newest audit of each site holds."""
    rows = SiteAudit.objects.filter(site__in=sites).order_by().values("site")
    return dict(rows.annotate(until=Max("entry__about_to")).values_list("site", "until"))


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a site offers and has taken of a stage over some days: the fullest day, and every day's least."""

    offered: int
    used: int


def capacity(site: Site, stage_id: int, starts: date, ends: date) -> list[tuple[date, Capacity]]:
    """Places of a stage at a site, from each day on which the number changes."""
    span = {"site": site, "stage": stage_id, "starts__lte": ends, "ends__gte": starts}
    offers = list(PlaceOffer.objects.filter(**span))
    taken = list(Placement.objects.filter(**span).exclude(state=State.WITHDRAWN))
    turns = {starts}
    for first, last in [
        *((row.starts, row.ends) for row in offers),
        *((row.starts, row.ends) for row in taken),
    ]:
        turns |= {first, last + days.DAY}
    return [
        (
            day,
            Capacity(
                sum(row.places for row in offers if row.starts <= day <= row.ends),
                sum(row.starts <= day <= row.ends for row in taken),
            ),
        )
        for day in sorted(turn for turn in turns if starts <= turn <= ends)
    ]
