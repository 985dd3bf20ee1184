"""A coordinator moves a placement to another site from a day, or lets two students take over each other's place."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from placements import standing
from placements.actions import telling
from placements.actions.arranging import Rota
from placements.actions.placing import (
    STANDING,
    end_supervisions,
    rule_active,
    rule_no_problems,
    rule_same_placement,
    step,
    take_off_rota,
)
from placements.actions.rota import plan_rota, planned_by
from placements.models import CurrentShift, Placement, PlannedShift
from placements.problems import Problem, problems
from placements.queries import gone_to
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError
from school.core.ledger import Pen
from school.people.models import Person, Site

State = Placement.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One student's part of a change: the placement that gives way from `day` on, and the one that begins, not saved yet."""

    leaves: Placement
    day: date
    begins: Placement

    @property
    def before_it_began(self) -> bool:
        """Whether nothing is left of the old placement: it is withdrawn then, and shortened otherwise."""
        return self.day <= self.leaves.starts


def move(
    *,
    by: Person,
    placement: Placement,
    site: Site,
    day: date,
    ends: date,
    uuid: UUID,
    reason: str,
    confirmed: bool = False,
    rota: Rota | None = None,
) -> Placement:
    """Ends a placement before `day` and starts one at another site; `uuid` is the new one's own, made by the client.

    What was worked stays where it was worked. Planned shifts from `day` on go, and `rota` plans new
    ones. Raises DomainError with every problem that stands; nothing is saved then.
    """
    with transaction.atomic():
        with ledger.writing(placement.enrolment.book) as pen:
            _lock([site])
            placement.refresh_from_db(fields=STANDING)
            part = moving(placement, site, day, ends, uuid=uuid, confirmed=confirmed)
            before = Placement.objects.filter(uuid=uuid).first()
            if before is not None:
                rule_same_placement(before, part.begins)
                return before
            check([part])
            _carry_out(pen, [part], by=by, reason=reason)
        if rota is not None:
            shifts = planned_by(rota.pattern, part.begins, rota.day_type)
            plan_rota(by=by, placement=part.begins, shifts=shifts, reason=rota.reason)
    return part.begins


def swap(
    *,
    by: Person,
    first: Placement,
    second: Placement,
    day: date,
    uuids: tuple[UUID, UUID],
    reason: str,
    confirmed: bool = False,
) -> tuple[Placement, Placement]:
    """From `day` on each of two students takes over what is left of the other's place, both or neither.

    `uuids` are the two new placements' own: the first student's, then the second's. No place needs to
    be free: each is taken over on the same days, with the rota of the place unless a rule of hours
    speaks against it for the student who comes. Raises DomainError with every problem that stands.
    """
    rule_swappable(first, second)
    with transaction.atomic():
        with ledger.writing(first.enrolment.book, second.enrolment.book) as pen:
            _lock([first.site, second.site])
            for row in (first, second):
                row.refresh_from_db(fields=STANDING)
            parts = swapping(first, second, day, uuids=uuids, confirmed=confirmed)
            before = {row.uuid: row for row in Placement.objects.filter(uuid__in=uuids)}
            if before:
                for part in parts:
                    rule_same_swap(before.get(part.begins.uuid), part)
                return before[uuids[0]], before[uuids[1]]
            check(parts)
            rotas = [handed_over(part, parts) for part in parts]
            _carry_out(pen, parts, by=by, reason=reason)
        for part, shifts in zip(parts, rotas, strict=True):
            # A breach would want a reason for one student alone: that rota is planned by hand.
            with suppress(DomainError):
                plan_rota(by=by, placement=part.begins, shifts=shifts)
    return parts[0].begins, parts[1].begins


def handed_over(part: Part, parts: Sequence[Part]) -> list[PlannedShift]:
    """The rota still to come of the place that a student takes over in a swap, as theirs; not saved.

    Without what makes up a day that the other student lost.
    """
    [other] = [one.leaves for one in parts if one is not part]
    from_then = max(days.start_of_day(part.begins.starts), clock.now())
    rows = other.planned_shifts.filter(start__gte=from_then, makes_up=None)
    return [
        PlannedShift(
            placement=part.begins,
            day_type=row.day_type,
            start=row.start,
            end=row.end,
            break_minutes=row.break_minutes,
        )
        for row in rows.select_related("day_type").order_by("start")
    ]


def moving(
    placement: Placement, site: Site, day: date, ends: date, *, uuid: UUID, confirmed: bool
) -> Part:
    """What moving a placement comes to; nothing is saved."""
    return _part(placement, site, day, day, ends, uuid, confirmed)


def swapping(
    first: Placement, second: Placement, day: date, *, uuids: tuple[UUID, UUID], confirmed: bool
) -> tuple[Part, Part]:
    """What a swap comes to; nothing is saved."""

    def over(mine: Placement, other: Placement, uuid: UUID) -> Part:
        starts = max(day, other.starts)
        return _part(mine, other.site, day, starts, other.ends, uuid, confirmed)

    return over(first, second, uuids[0]), over(second, first, uuids[1])


def _part(
    leaves: Placement,
    site: Site,
    day: date,
    starts: date,
    ends: date,
    uuid: UUID,
    confirmed: bool,
) -> Part:
    begins = Placement(
        uuid=uuid,
        enrolment=leaves.enrolment,
        stage=leaves.stage,
        site=site,
        moved_from=leaves,
        state=State.CONFIRMED if confirmed else State.PLANNED,
        starts=starts,
        ends=ends,
    )
    return Part(leaves=leaves, day=day, begins=begins)


def check(parts: Sequence[Part]) -> None:
    """Whether placements may give way as asked; what speaks against the new ones is told by `against`."""
    for part in parts:
        rule_active(part.leaves)
        rule_not_moved(part.leaves)
        rule_other_site(part.leaves, part.begins.site)
        rule_day_before_end(part.leaves, part.day)
        rule_worked_before(part.leaves, part.day)


def against(part: Part, parts: Sequence[Part]) -> list[Problem]:
    """What speaks against the placement that a part begins, once every part of the change gives way."""
    return problems(
        enrolment=part.begins.enrolment,
        stage=part.begins.stage,
        site=part.begins.site,
        starts=part.begins.starts,
        ends=part.begins.ends,
        ignoring=[other.leaves for other in parts],
    )


def rule_not_moved(placement: Placement) -> None:
    """A placement is moved once; what it became is moved on from there, or withdrawn before it moves again."""
    later = gone_to(placement)
    if later is not None:
        raise Conflict(f"This placement was moved to {later.site.name} already.")


def rule_other_site(placement: Placement, site: Site) -> None:
    """A move is to another site; other dates at the same one are a change of dates."""
    if site.pk == placement.site_id:
        raise DomainError(
            f"{placement.enrolment.person.name} is placed at {site.name}. Choose another site, "
            "or change the dates.",
            field="site",
        )


def rule_day_before_end(placement: Placement, day: date) -> None:
    """Only what is left of a placement moves."""
    if day > placement.ends:
        raise DomainError(
            f"The placement at {placement.site.name} ends on {days.long_date(placement.ends)}. "
            "Choose a day until then.",
            field="day",
        )


def rule_worked_before(placement: Placement, day: date) -> None:
    """Nobody has left a site before the last shift that they sent from there."""
    newest = (
        CurrentShift.objects.filter(
            placement=placement,
            state__in=CurrentShift.LIVE,
            start__gte=days.start_of_day(day),
        )
        .order_by("-start")
        .first()
    )
    if newest is not None:
        worked = days.london_day(newest.start)
        raise DomainError(
            f"{placement.enrolment.person.name} sent a shift at {placement.site.name} on "
            f"{days.long_date(worked)}. Choose {days.long_date(worked + days.DAY)} or later.",
            field="day",
        )


def rule_swappable(first: Placement, second: Placement) -> None:
    """Two students of one stage take over each other's place."""
    if first.enrolment_id == second.enrolment_id or first.stage_id != second.stage_id:
        raise DomainError(
            "Choose the placement of another student of the same stage.", field="other"
        )


def rule_same_swap(before: Placement | None, part: Part) -> None:
    """A swap sent again under its UUIDs is the one that was saved first; another is refused."""
    first = before.steps.order_by("entry__seq").first() if before else None
    saved = (before.moved_from_id, before.site_id, first.starts) if before and first else None
    if saved != (part.leaves.pk, part.begins.site_id, part.begins.starts):
        raise Conflict(
            "This swap was saved before with other content. What was saved first stands."
        )


def _lock(sites: Iterable[Site]) -> None:
    """Whoever takes a place at a site does so alone."""
    keys = {site.pk for site in sites}
    list(Site.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _carry_out(pen: Pen, parts: Sequence[Part], *, by: Person, reason: str) -> None:
    if not reason.strip():
        raise DomainError("Enter why.", field="why")
    rule_no_problems([found for part in parts for found in against(part, parts)])
    for part in parts:
        old, new = part.leaves, part.begins
        if part.before_it_began:
            old.state, old.never_began = State.WITHDRAWN, True
        else:
            old.ends = part.day - days.DAY
        old.save(update_fields=["state", "ends", "never_began"])
        new.save()
        steps = [step(old, reason=reason), step(new, reason=reason)]
        pen.append(steps, by=by.uuid)
        end_supervisions(pen, old, part.day - days.DAY, by=by)
        gone = old.planned_shifts.filter(start__gte=days.start_of_day(part.day))
        take_off_rota(gone)
        telling.tell_moved(old, new, steps[1].uuid)
    standing.refresh_tallies([part.begins.enrolment_id for part in parts])
