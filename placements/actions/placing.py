"""What a coordinator does: offer places, put students on them, change dates, name supervisors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from placements import standing
from placements.models import (
    Enrolment,
    Induction,
    Override,
    Placement,
    PlacementStep,
    PlaceOffer,
    SiteAudit,
    Stage,
    Supervision,
)
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.people.actions import ensure_role
from school.people.models import Person, Site
from school.people.network import network_book
from school.people.roles import PRACTICE_EDUCATOR

State = Placement.State


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a student cannot be placed as asked: the rule, and the sentence to show before saving."""

    rule: str
    sentence: str


def problems(
    *,
    enrolment: Enrolment,
    stage: Stage,
    site: Site,
    starts: date,
    ends: date,
    ignoring: Placement | None = None,
) -> list[Problem]:
    """Everything that speaks against a placement, so that a page can show it before it is saved."""
    checks = (
        rule_dates(enrolment, starts, ends),
        rule_capacity(stage, site, starts, ends, ignoring),
        rule_one_place_at_a_time(enrolment, starts, ends, ignoring),
        # An audit that ran out meanwhile does not end a placement that is there already.
        None if ignoring and ignoring.site_id == site.pk else rule_audited(site, starts),
    )
    return [problem for problem in checks if problem is not None]


def rule_dates(enrolment: Enrolment, starts: date, ends: date) -> Problem | None:
    """A placement begins before it ends, inside the student's enrolment."""
    if ends < starts:
        return Problem("dates", "The last day must not be before the first.")
    if starts < enrolment.starts or ends > enrolment.ends:
        return Problem(
            "dates",
            f"{enrolment.person.name} is enrolled from {days.long_date(enrolment.starts)} to "
            f"{days.long_date(enrolment.ends)}. The placement must lie within that.",
        )
    return None


def rule_capacity(
    stage: Stage, site: Site, starts: date, ends: date, ignoring: Placement | None
) -> Problem | None:
    """On every day a site has no more students of a stage than places it offers."""
    offers = PlaceOffer.objects.filter(site=site, stage=stage, starts__lte=ends, ends__gte=starts)
    taken = Placement.objects.filter(
        site=site, stage=stage, starts__lte=ends, ends__gte=starts
    ).exclude(state=State.WITHDRAWN)
    if ignoring is not None:
        taken = taken.exclude(pk=ignoring.pk)
    places = [(offer.starts, offer.ends, offer.places) for offer in offers]
    used = [(row.starts, row.ends, 1) for row in taken]
    # The number only changes where an offer or a placement begins or has just ended.
    turns = {starts}
    for first, last, _ in (*places, *used):
        turns |= {first, last + days.DAY}
    for day in sorted(turn for turn in turns if starts <= turn <= ends):
        free = _on(places, day) - _on(used, day)
        if free < 1:
            return Problem(
                "capacity",
                f"{site.name} has no free place for {stage} on {days.long_date(day)}: "
                f"{_on(used, day)} of {_on(places, day)} taken.",
            )
    return None


def _on(intervals: Sequence[tuple[date, date, int]], day: date) -> int:
    return sum(number for first, last, number in intervals if first <= day <= last)


def rule_one_place_at_a_time(
    enrolment: Enrolment, starts: date, ends: date, ignoring: Placement | None
) -> Problem | None:
    """A student is at one placement at a time; the last day of one and the first of the next differ."""
    others = Placement.objects.filter(
        enrolment=enrolment, starts__lte=ends, ends__gte=starts
    ).exclude(state=State.WITHDRAWN)
    if ignoring is not None:
        others = others.exclude(pk=ignoring.pk)
    other = others.select_related("site").first()
    if other is None:
        return None
    return Problem(
        "overlap",
        f"{enrolment.person.name} is at {other.site.name} from {days.long_date(other.starts)} to "
        f"{days.long_date(other.ends)}.",
    )


def rule_audited(site: Site, starts: date) -> Problem | None:
    """A site takes a new placement only while its quality audit holds (24 months, ARC / SLEC audit)."""
    newest = SiteAudit.objects.filter(site=site).order_by("-entry__about_to").first()
    if newest is None:
        return Problem(
            "audit", f"{site.name} has no quality audit, so it cannot take a new placement."
        )
    until = newest.entry.about_to
    if until is not None and until < starts:
        return Problem(
            "audit",
            f"The quality audit of {site.name} ends on {days.long_date(until)}, before the "
            "placement begins.",
        )
    return None


def place_student(
    *,
    by: Person,
    enrolment: Enrolment,
    stage: Stage,
    site: Site,
    starts: date,
    ends: date,
    uuid: UUID,
    confirmed: bool = False,
    moved_from: Placement | None = None,
) -> Placement:
    """Puts a student on a place, planned or confirmed at once; `uuid` is the placement's own, made by the client.

    Raises DomainError with every problem that stands.
    """
    placement = Placement(
        uuid=uuid,
        enrolment=enrolment,
        stage=stage,
        site=site,
        moved_from=moved_from,
        state=State.CONFIRMED if confirmed else State.PLANNED,
        starts=starts,
        ends=ends,
    )
    with ledger.writing(enrolment.book) as pen:
        # Whoever takes the last place at a site does so alone.
        Site.objects.select_for_update().get(pk=site.pk)
        before = Placement.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_placement(before, placement)
            return before
        rule_no_problems(
            problems(enrolment=enrolment, stage=stage, site=site, starts=starts, ends=ends)
        )
        placement.save()
        _step(pen, placement, by=by)
        standing.refresh_tallies([enrolment.pk])
    return placement


def rule_same_placement(before: Placement, sent: Placement) -> None:
    """A placement sent again under its UUID is the one that was saved first; another is refused."""
    if before.enrolment_id != sent.enrolment_id:
        raise NotAllowed("This cannot be saved.")
    first = before.steps.order_by("entry__seq").first()
    saved = (before.site_id, before.stage_id, first.starts, first.ends) if first else None
    if saved != (sent.site_id, sent.stage_id, sent.starts, sent.ends):
        raise Conflict(
            "This placement was saved before with other content. What was saved first stands."
        )


def rule_no_problems(found: Sequence[Problem]) -> None:
    """Nothing is placed over a problem."""
    if found:
        raise DomainError(" ".join(problem.sentence for problem in found), field="starts")


def move_state(
    *, by: Person, placement: Placement, to: Placement.State, reason: str = ""
) -> Placement:
    """Confirms, completes or withdraws a placement. Hours already confirmed stay counted."""
    with ledger.writing(placement.enrolment.book) as pen:
        placement.refresh_from_db(fields=["state", "starts", "ends"])
        if to not in Placement.MOVES[State(placement.state)]:
            raise Conflict(f"This placement is {placement.get_state_display()} already.")
        if to == State.WITHDRAWN and not reason.strip():
            raise DomainError("Enter why the placement is withdrawn.", field="reason")
        placement.state = to
        if to == State.WITHDRAWN and placement.starts <= clock.today():
            placement.ends = min(placement.ends, clock.today())
        placement.save(update_fields=["state", "ends"])
        _step(pen, placement, by=by, reason=reason)
        for planned in placement.planned_shifts.filter(start__gte=clock.now()):
            if to == State.WITHDRAWN:
                planned.delete()
        standing.refresh_tallies([placement.enrolment_id])
    return placement


def change_dates(
    *, by: Person, placement: Placement, starts: date, ends: date, reason: str = ""
) -> Placement:
    """Gives a placement other dates; planned shifts outside them go, worked ones stay."""
    with ledger.writing(placement.enrolment.book) as pen:
        Site.objects.select_for_update().get(pk=placement.site_id)
        rule_no_problems(
            problems(
                enrolment=placement.enrolment,
                stage=placement.stage,
                site=placement.site,
                starts=starts,
                ends=ends,
                ignoring=placement,
            )
        )
        placement.starts, placement.ends = starts, ends
        placement.save(update_fields=["starts", "ends"])
        _step(pen, placement, by=by, reason=reason)
        for planned in placement.planned_shifts.filter(start__gte=clock.now()):
            if not starts <= days.london_day(planned.start) <= ends:
                planned.delete()
        standing.refresh_tallies([placement.enrolment_id])
    return placement


def supervise(
    *,
    by: Person,
    placement: Placement,
    person: Person,
    capacity: str,
    starts: date,
    ends: date | None = None,
    reason: str = "",
) -> Supervision:
    """Names somebody to supervise a placement, who becomes a practice educator there. Raises DomainError when they may not."""
    with ledger.writing(placement.enrolment.book, network_book()) as pen:
        if person.pk == placement.enrolment.person_id:
            raise DomainError("Nobody supervises themselves.", field="person")
        exception = rule_assessor_apart(placement, person, capacity, reason)
        rows = Supervision.objects.standing().filter(placement=placement, person=person)
        same = rows.filter(capacity=capacity, entry__about_to=ends).first()
        if same is not None:
            return same  # type: ignore[no-any-return]
        book = placement.enrolment.book
        fact = Supervision(placement=placement, person=person, capacity=capacity)
        drafts = [Draft(fact=fact, book=book, about_from=starts, about_to=ends)]
        if exception:
            override = Override(placement=placement, rule="assessor_apart")
            texts = {"reason": reason.strip()}
            drafts.append(Draft(fact=override, book=book, about_from=starts, texts=texts))
        pen.append(drafts, by=by.uuid)
        ensure_role(
            person=person,
            role=PRACTICE_EDUCATOR,
            scope=placement.site.scope,
            from_day=starts,
            pen=pen,
            by=by.uuid,
        )
    return fact


def rule_assessor_apart(placement: Placement, person: Person, capacity: str, reason: str) -> bool:
    """The final assessor is not the day-to-day supervisor of the same placement, unless a reason is given.

    Answers whether the reason makes an exception. Raises DomainError without one.
    """
    pair = {Supervision.Capacity.ASSESSOR.value, Supervision.Capacity.SUPERVISOR.value}
    if capacity not in pair:
        return False
    [other] = pair - {capacity}
    rows = Supervision.objects.standing().filter(placement=placement, person=person)
    if not rows.filter(capacity=other).exists():
        return False
    if not reason.strip():
        raise DomainError(
            f"{person.name} is the {Supervision.Capacity(other).label} of this placement already. "
            "The final assessor is somebody else, unless you enter a reason.",
            field="reason",
        )
    return True


def end_supervision(*, by: Person, supervision: Supervision, last_day: date) -> Supervision:
    """Ends a supervision with a new fact; what was decided keeps the name."""
    book = supervision.placement.enrolment.book
    with ledger.writing(book) as pen:
        if Supervision.objects.filter(supersedes=supervision).exists():
            raise Conflict("This supervision was changed since you opened the page.")
        if last_day < supervision.entry.about_from:
            raise DomainError("The last day must not be before the first.", field="last_day")
        fact = Supervision(
            placement=supervision.placement,
            person=supervision.person,
            capacity=supervision.capacity,
            supersedes=supervision,
        )
        draft = Draft(
            fact=fact, book=book, about_from=supervision.entry.about_from, about_to=last_day
        )
        pen.append([draft], by=by.uuid)
    return fact


def record_induction(
    *, by: Person, placement: Placement, day: date, uuid: UUID | None = None
) -> Induction:
    """Records that the student's site induction took place on a day, once."""
    if day > clock.today():
        raise DomainError("The induction cannot lie in the future.", field="day")
    with ledger.writing(placement.enrolment.book) as pen:
        before = Induction.objects.filter(placement=placement).first()
        if before is not None:
            return before  # type: ignore[no-any-return]
        fact = Induction(placement=placement, given_by=by)
        draft = Draft(
            fact=fact,
            book=placement.enrolment.book,
            about_from=day,
            about_to=day,
            uuid=uuid or uuid4(),
        )
        pen.append([draft], by=by.uuid)
    return fact


def _step(pen: Pen, placement: Placement, *, by: Person, reason: str = "") -> None:
    fact = PlacementStep(
        placement=placement,
        site=placement.site,
        stage=placement.stage,
        state=placement.state,
        starts=placement.starts,
        ends=placement.ends,
    )
    draft = Draft(
        fact=fact,
        book=placement.enrolment.book,
        about_from=placement.starts,
        about_to=placement.ends,
        texts={"reason": reason.strip()},
    )
    pen.append([draft], by=by.uuid)
