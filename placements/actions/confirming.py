"""What a practice educator does with shifts: confirm, query, reject, and undo within a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from placements import hours, policies, queries, reference, standing
from placements.actions import telling
from placements.actions.hours import save_tallies
from placements.models import CurrentShift, Programme, Shift, ShiftDecision
from school.core import clock, days, engine, ledger
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity

Outcome = ShiftDecision.Outcome
Proof = ShiftDecision.Proof

# What a person signs. A changed sentence here becomes a new stored wording; old decisions keep theirs.
WORDINGS = {
    Outcome.CONFIRMED: (
        "I confirm that this student was present and working under supervision at the times shown."
    ),
    Outcome.QUERIED: "I have a question about these hours. They do not count until it is settled.",
    Outcome.REJECTED: "These hours were not worked as shown. They do not count.",
    Outcome.UNDONE: "I take my decision about these hours back. They wait again.",
}

UNDO_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One shift as it was shown to the person who decides: `shift` is the UUID of that very version.

    `uuid` is the decision's own, made by the client.
    """

    shift: UUID
    uuid: UUID
    breach_seen: bool = False


@dataclass(slots=True)
class Answer:
    """What became of a batch: the decisions written, and the items left with the reason why."""

    decided: list[ShiftDecision] = field(default_factory=list)
    left: list[tuple[Item, str]] = field(default_factory=list)


def decide(
    *,
    by: Person,
    items: Sequence[Item],
    outcome: ShiftDecision.Outcome,
    proof: ShiftDecision.Proof,
    comment: str = "",
    device_time: datetime | None = None,
) -> Answer:
    """Writes one decision for each item that may be decided; the others are left, each with its reason.

    The same UUIDs with the same content give the first answer again. Raises DomainError when a
    query or rejection has no reason.
    """
    comment = comment.strip()
    if outcome in (Outcome.QUERIED, Outcome.REJECTED) and not comment:
        raise DomainError("Enter the reason. The student sees it.", field="comment")
    wording = reference.wording(WORDINGS[outcome])
    me, shifts = _to_decide(by, items)
    enrolments = {
        shift.placement.enrolment_id: shift.placement.enrolment for shift in shifts.values()
    }
    answer = Answer()
    books = [enrolment.book for enrolment in enrolments.values()]
    with ledger.writing(*books, answering=[item.uuid for item in items]) as pen:
        rows = standing.current_shifts(list(enrolments))
        current = {row.shift_id: row for row in rows}
        shown = [current.get(shift.pk) for shift in shifts.values()]
        standing.bring_decisions(row for row in shown if row is not None)
        drafts: list[Draft] = []
        for item in items:
            shift = shifts.get(item.shift)
            if shift is None:
                answer.left.append((item, "This shift is not in the portal."))
                continue
            row = current.get(shift.pk)
            draft = Draft(
                fact=ShiftDecision(
                    shift=shift,
                    outcome=outcome,
                    person=by,
                    capacity=capacity_of(shift, proof),
                    proof=proof,
                    wording=wording,
                    breach_seen=item.breach_seen,
                    device_time=device_time,
                    supersedes=row.decision if row else None,
                ),
                book=shift.placement.enrolment.book,
                about_from=days.london_day(shift.start),
                uuid=item.uuid,
                texts={"comment": comment},
            )
            done = pen.answered([draft], by=by.uuid)
            if done:
                answer.decided.extend(done.values())  # type: ignore[arg-type]
                continue
            verdict = may_decide(me, item, shift, row, outcome, proof)
            if verdict:
                drafts.append(draft)
            else:
                answer.left.append((item, verdict.reason))
        answer.decided.extend(pen.append(drafts, by=by.uuid))  # type: ignore[arg-type]
        _settle(rows, [draft.fact for draft in drafts])  # type: ignore[misc]
        if outcome in telling.WORDS:
            for draft in drafts:
                telling.tell_student(draft.fact, comment)  # type: ignore[arg-type]
    return answer


def _to_decide(by: Person, items: Sequence[Item]) -> tuple[list[int], dict[UUID, Shift]]:
    """The person's identity and the shifts by UUID; only those who are merged or do not supervise themselves pay more than a query."""
    me, wanted = [by.pk], [item.shift for item in items]
    found = list(queries.shifts_to_decide(wanted, me, supervising=True))
    merged = bool(found) and found[0].merged  # type: ignore[attr-defined]
    if merged:
        me = identity(by)
    if merged or not all(shift.capacity for shift in found):  # type: ignore[attr-defined]
        found = list(queries.shifts_to_decide(wanted, me))
    return me, {shift.entry.uuid: shift for shift in found}


def undo(
    *, by: Person, decision: ShiftDecision, proof: ShiftDecision.Proof, uuid: UUID
) -> ShiftDecision:
    """Takes a decision back within 24 hours, as a fact of its own; the shift waits again."""
    shift = decision.shift
    enrolment = shift.placement.enrolment
    draft = Draft(
        fact=ShiftDecision(
            shift=shift,
            outcome=Outcome.UNDONE,
            person=by,
            capacity=decision.capacity,
            proof=proof,
            wording=reference.wording(WORDINGS[Outcome.UNDONE]),
            supersedes=decision,
        ),
        book=enrolment.book,
        about_from=days.london_day(shift.start),
        uuid=uuid,
    )
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_decision(by, decision)
        rule_undo_in_time(decision)
        rows = standing.current_shifts([enrolment.pk])
        row = next((row for row in rows if row.decision_id == decision.pk), None)
        if row is None or decision.outcome == Outcome.UNDONE:
            raise Conflict("This decision does not stand any more. Open the shift to see why.")
        rule_not_moved_meanwhile(shift, decision)
        pen.append([draft], by=by.uuid)
        _settle(rows, [draft.fact])  # type: ignore[list-item]
    return draft.fact  # type: ignore[return-value]


def may_decide(
    me: list[int],
    item: Item,
    shift: Shift,
    row: CurrentShift | None,
    outcome: ShiftDecision.Outcome,
    proof: ShiftDecision.Proof,
) -> Decision:
    """Whether a decision may be written; the first rule that refuses gives the reason."""
    verdict = rule_still_waits(row)
    if verdict:
        verdict = policies.rule_not_own(me, shift.placement.enrolment)
    if verdict:
        verdict = rule_supervises(shift, proof)
    if verdict:
        verdict = rule_way_allowed(shift.placement.enrolment.cohort.programme, proof)
    if verdict and outcome == Outcome.CONFIRMED:
        verdict = hours.confirmable(shift.end, clock.now())
        if verdict:
            verdict = rule_induction_first(shift)
        if verdict:
            verdict = rule_breach_seen(item, row)
    return verdict


def rule_still_waits(row: CurrentShift | None) -> Decision:
    """Only the newest version of a shift that waits can be decided; the refusal says what happened meanwhile."""
    if row is None:
        return refused(
            "The student changed this shift since you opened the page. Look at it again."
        )
    if row.state in CurrentShift.WAITING:
        return ALLOWED
    if row.decision is None:
        return refused("The student has taken this shift back.")
    who = row.decision.person.name
    return refused(f"{who} has decided about this shift meanwhile: {row.get_state_display()}.")


def rule_supervises(shift: Shift, proof: ShiftDecision.Proof) -> Decision:
    """Only somebody who supervises the placement, or leads its site, decides about its hours."""
    if capacity_of(shift, proof):
        return ALLOWED
    return refused("You do not supervise this placement, so you cannot decide about its hours.")


def capacity_of(shift: Shift, proof: ShiftDecision.Proof) -> str:
    """In which capacity the person decides about a shift that `shifts_to_decide` brought; empty for none.

    A link names its person and its shifts; placements.actions.links checked both when it was made.
    """
    if proof == Proof.LINK_AND_CODE:
        return ShiftDecision.Capacity.SUPERVISOR.value
    return shift.capacity  # type: ignore[attr-defined, no-any-return]


def rule_way_allowed(programme: Programme, proof: ShiftDecision.Proof) -> Decision:
    """The programme may switch either way of confirming off."""
    if proof == Proof.LINK_AND_CODE and not programme.confirm_by_link:
        return refused(
            f"{programme.name} does not accept confirmation by link. Sign in to confirm."
        )
    if proof != Proof.LINK_AND_CODE and not programme.confirm_with_account:
        return refused(f"{programme.name} accepts confirmation by link and code only.")
    return ALLOWED


def rule_induction_first(shift: Shift) -> Decision:
    """Hours are confirmed once the student's induction at the site is recorded."""
    needed = shift.placement.enrolment.cohort.programme.induction_before_confirming
    if needed and not shift.inducted:  # type: ignore[attr-defined]
        return refused(
            "Record the student's site induction first. Then these hours can be confirmed."
        )
    return ALLOWED


def rule_breach_seen(item: Item, row: CurrentShift | None) -> Decision:
    """A shift that breaks an hours rule is confirmed with a tick that the breach was seen."""
    if row is not None and row.breach and not item.breach_seen:
        return refused("Tick that you have seen which hours rule this shift breaks.")
    return ALLOWED


def rule_not_moved_meanwhile(shift: Shift, decision: ShiftDecision) -> None:
    """A rejected shift comes back only while its day is still the placement's: a student may have been moved."""
    placement = shift.placement
    if decision.outcome != Outcome.REJECTED:
        return
    if placement.never_began:
        raise Conflict(
            f"The placement at {placement.site.name} did not take place, so this shift cannot wait "
            "there again. Ask the placement coordinator."
        )
    moved = queries.gone_to(placement)
    if moved is not None and moved.starts <= days.london_day(shift.start):
        raise Conflict(
            f"The student was moved to {moved.site.name} from {days.long_date(moved.starts)} on, so "
            "this shift cannot wait here again. Ask the placement coordinator."
        )


def rule_own_decision(by: Person, decision: ShiftDecision) -> None:
    """Only the person who decided takes it back."""
    if decision.person_id not in identity(by):
        raise NotAllowed("Only the person who decided can undo it.")


def rule_undo_in_time(decision: ShiftDecision) -> None:
    """A decision can be undone for 24 hours."""
    if clock.now() - decision.entry.recorded_at > UNDO_WITHIN:
        raise DomainError(
            "This was decided more than 24 hours ago, so it stands. "
            "The placement coordinator can adjust hours with a second person."
        )


def _settle(rows: list[CurrentShift], decisions: Sequence[ShiftDecision]) -> None:
    by_shift = {row.shift_id: row for row in rows}
    changed, turned = [], []
    for decision in decisions:
        row = by_shift[decision.shift_id]
        was_live = row.state in CurrentShift.LIVE
        row.decision = decision
        row.state = standing.AFTER[Outcome(decision.outcome)]
        changed.append(row)
        if was_live != (row.state in CurrentShift.LIVE):
            turned.append(row)
    if not changed:
        return
    programmes = {
        d.shift.placement.enrolment_id: d.shift.placement.enrolment.cohort.programme_id
        for d in decisions
    }
    for row in turned:
        _judge_again(rows, row, programmes[row.enrolment_id])
    engine.update(connection, changed, ["decision_id", "state"])
    save_tallies(rows, [row.tally for row in changed], programmes)


def _judge_again(rows: list[CurrentShift], row: CurrentShift, programme: int) -> None:
    """A rejected shift leaves its weeks; one whose rejection is undone comes back into them."""
    own = [other for other in rows if other.enrolment_id == row.enrolment_id]
    if row.state in CurrentShift.LIVE:
        hours.rule_overlap(
            row, [other for other in own if other is not row and other.state in CurrentShift.LIVE]
        )
    standing.judge(own, programme, standing.weeks_of((row.start, row.end)))
    engine.update(connection, own, ["findings", "breach"])
