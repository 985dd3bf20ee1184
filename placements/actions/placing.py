"""What a coordinator does: offer places, put students on them, change dates, name supervisors."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db.models import Q

from placements import standing
from placements.actions import telling
from placements.actions.arriving import gone_through
from placements.models import (
    Enrolment,
    Induction,
    Override,
    Placement,
    PlacementStep,
    PlannedShift,
    Stage,
    Supervision,
)
from placements.problems import Problem, problems
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.people.actions import ensure_role
from school.people.models import Person, Site
from school.people.network import network_book
from school.people.roles import PRACTICE_EDUCATOR

State = Placement.State

# How long before a placement's first day its induction may take place.
INDUCTED_BEFORE = timedelta(days=28)

# The fields in which a placement stands as it does now.
STANDING = ["state", "starts", "ends", "never_began"]


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
) -> Placement:
    """Puts a student on a place, planned or confirmed at once; `uuid` is the placement's own, made by the client.

    Raises DomainError with every problem that stands.
    """
    placement = Placement(
        uuid=uuid,
        enrolment=enrolment,
        stage=stage,
        site=site,
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
        pen.append([step(placement)], by=by.uuid)
        standing.refresh_tallies([enrolment.pk])
    return placement


def rule_same_placement(before: Placement, sent: Placement) -> None:
    """A placement sent again under its UUID is the one that was saved first; another is refused."""
    if before.enrolment_id != sent.enrolment_id:
        raise NotAllowed("This cannot be saved.")
    first = before.steps.order_by("entry__seq").first()
    asked = (sent.site_id, sent.stage_id, sent.moved_from_id, sent.starts, sent.ends)
    same = (before.site_id, before.stage_id, before.moved_from_id)
    if first is None or (*same, first.starts, first.ends) != asked:
        raise Conflict(
            "This placement was saved before with other content. What was saved first stands."
        )


def rule_no_problems(found: Sequence[Problem]) -> None:
    """Nothing is placed over a problem."""
    if found:
        raise DomainError(" ".join(problem.sentence for problem in found), field="starts")


def move_state(
    *,
    by: Person,
    placement: Placement,
    to: Placement.State,
    reason: str = "",
    uuid: UUID | None = None,
) -> Placement:
    """Confirms, completes or withdraws a placement. Hours already confirmed stay counted.

    `uuid` is the client's own for the step, so that the same act sent twice is one.
    """
    uuid = uuid or uuid4()
    with ledger.writing(placement.enrolment.book, answering=[uuid]) as pen:
        placement.refresh_from_db(fields=STANDING)
        before = State(placement.state)
        placement.state = to
        if to == State.WITHDRAWN and placement.starts <= clock.today():
            placement.ends = min(placement.ends, clock.today())
        draft = step(placement, reason=reason, uuid=uuid)
        if pen.answered([draft], by=by.uuid):
            placement.refresh_from_db(fields=STANDING)
            return placement
        if to not in Placement.MOVES[before]:
            placement.state = before
            raise Conflict(f"This placement is {placement.get_state_display()} already.")
        if to == State.WITHDRAWN and not reason.strip():
            raise DomainError("Enter why the placement is withdrawn.", field="reason")
        placement.never_began = to == State.WITHDRAWN and clock.today() < placement.starts
        placement.save(update_fields=["state", "ends", "never_began"])
        pen.append([draft], by=by.uuid)
        if to == State.WITHDRAWN:
            end_supervisions(pen, placement, supervised_until(placement), by=by)
            take_off_rota(placement.planned_shifts.filter(start__gte=clock.now()))
            telling.tell_withdrawn(placement, draft.uuid)
        standing.refresh_tallies([placement.enrolment_id])
    return placement


def change_dates(
    *,
    by: Person,
    placement: Placement,
    starts: date,
    ends: date,
    reason: str = "",
    uuid: UUID | None = None,
) -> Placement:
    """Gives a placement other dates; planned shifts outside them go, worked ones stay.

    `uuid` is the client's own for the step, so that the same change sent twice is one.
    """
    uuid = uuid or uuid4()
    with ledger.writing(placement.enrolment.book, answering=[uuid]) as pen:
        Site.objects.select_for_update().get(pk=placement.site_id)
        placement.refresh_from_db(fields=STANDING)
        before = (placement.starts, placement.ends)
        placement.starts, placement.ends = starts, ends
        draft = step(placement, reason=reason, uuid=uuid)
        if pen.answered([draft], by=by.uuid):
            placement.refresh_from_db(fields=STANDING)
            return placement
        rule_active(placement)
        rule_no_problems(
            problems(
                enrolment=placement.enrolment,
                stage=placement.stage,
                site=placement.site,
                starts=starts,
                ends=ends,
                ignoring=[placement],
            )
        )
        placement.save(update_fields=["starts", "ends"])
        pen.append([draft], by=by.uuid)
        to_come = placement.planned_shifts.filter(start__gte=clock.now())
        take_off_rota([row for row in to_come if not starts <= days.london_day(row.start) <= ends])
        standing.refresh_tallies([placement.enrolment_id])
        if before != (starts, ends):
            telling.tell_placed(placement, draft.uuid)
    return placement


def rule_active(placement: Placement) -> None:
    """Only a placement that is planned or confirmed changes."""
    if placement.state not in Placement.ACTIVE:
        raise Conflict(f"This placement is {placement.get_state_display()}, so it stays as it is.")


def take_off_rota(shifts: Iterable[PlannedShift]) -> None:
    """Takes planned shifts off the rota, each with its line in the history."""
    for row in shifts:
        row.delete()


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
        same = rows.filter(capacity=capacity, entry__about_to=ends).select_related("entry").first()
        if same is not None:
            rule_same_first_day(same, starts)
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


def rule_same_first_day(before: Supervision, starts: date) -> None:
    """Somebody is named once until a day: another first day does not take the place of the first."""
    first, last = before.entry.about_from, before.entry.about_to
    if starts != first:
        until = f"to {days.long_date(last)}" if last else "on"
        raise Conflict(
            f"{before.person.name} is the {before.get_capacity_display()} of this placement from "
            f"{days.long_date(first)} {until} already. Those dates stand. Give that supervision "
            "another last day before you name it anew.",
            field="starts",
        )


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


def supervised_until(withdrawn: Placement) -> date:
    """The last day on which somebody supervises a placement that is withdrawn today."""
    return min(withdrawn.ends, clock.today())


def end_supervisions(pen: Pen, placement: Placement, last_day: date, *, by: Person) -> None:
    """Ends every supervision that would go on after a placement's last day; one still to begin ends on its first."""
    rows = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gt=last_day), placement=placement
    )
    drafts = [
        Draft(
            fact=Supervision(
                placement=placement,
                person=row.person,
                capacity=row.capacity,
                supersedes=row,
            ),
            book=placement.enrolment.book,
            about_from=row.entry.about_from,
            about_to=max(row.entry.about_from, last_day),
        )
        for row in rows.select_related("person")
    ]
    pen.append(drafts, by=by.uuid)


def record_induction(
    *,
    by: Person,
    placement: Placement,
    day: date,
    uuid: UUID | None = None,
    covered: Sequence[str] = (),
) -> Induction:
    """Records that the student's site induction took place on a day, once, and what of the site's list was gone through."""
    with ledger.writing(placement.enrolment.book) as pen:
        before = Induction.objects.filter(placement=placement).first()
        if before is not None:
            rule_same_induction_day(before.entry.about_from, day)
            return before  # type: ignore[no-any-return]
        rule_induction_day(day, placement)
        fact = Induction(placement=placement, given_by=by)
        draft = Draft(
            fact=fact,
            book=placement.enrolment.book,
            about_from=day,
            about_to=day,
            uuid=uuid or uuid4(),
            texts={"items": gone_through(placement.site, covered)},
        )
        pen.append([draft], by=by.uuid)
    return fact


def rule_same_induction_day(before: date, day: date) -> None:
    """An induction is recorded once: another day does not take the place of the first."""
    if day != before:
        raise Conflict(
            f"The induction is recorded already, for {days.long_date(before)}. That day stands.",
            field="day",
        )


def rule_induction_day(day: date, placement: Placement) -> None:
    """An induction took place, and belongs to the placement that it is recorded for."""
    if day > clock.today():
        raise DomainError("The induction cannot lie in the future.", field="day")
    if day < placement.starts - INDUCTED_BEFORE:
        raise DomainError(
            "The day of the induction must lie within four weeks before the placement’s first day, "
            f"{days.long_date(placement.starts)}, or after it.",
            field="day",
        )


def step(placement: Placement, *, reason: str = "", uuid: UUID | None = None) -> Draft:
    """What keeps that a placement now stands as it does, and why."""
    fact = PlacementStep(
        placement=placement,
        site=placement.site,
        stage=placement.stage,
        state=placement.state,
        starts=placement.starts,
        ends=placement.ends,
    )
    return Draft(
        fact=fact,
        book=placement.enrolment.book,
        about_from=placement.starts,
        about_to=placement.ends,
        uuid=uuid or uuid4(),
        texts={"reason": reason.strip()},
    )
