"""The rules of signing: what an assessor may sign, line by line, and the sentence of each refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    Level,
    LogBookRules,
    SignOff,
    SignOffRequest,
)
from logbooks.competencies.standing import Key
from placements.models import Enrolment, Placement
from school.core import clock, days
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import DomainError

Capacity = SignOff.Capacity
Outcome = SignOff.Outcome
State = CurrentCompetency.State
Proof = SignOff.Proof

# The switch of each way, and what it is called; what is not here is signing with an account.
WAYS = {
    Proof.LINK_AND_CODE: ("sign_by_link", "by link and code"),
    Proof.PHONE_CODE: ("sign_on_phone", "by a code on the student’s phone"),
    Proof.PIN: ("sign_with_pin", "with a signing PIN"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line as it was shown: the request that waited and the newest sign-off, each empty when there was none.

    `uuid` is the sign-off's own, made by the client.
    """

    uuid: UUID
    placement: UUID
    competency: UUID
    request: UUID | None = None
    newest: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of every line that is signed together.

    `level` is the code of the level that was seen, the one required when empty; `capacity` the one signed
    in, the foremost that the person has when empty; `exception` why supervisor and final assessor are one.
    """

    outcome: SignOff.Outcome
    day: date
    proof: SignOff.Proof
    level: str = ""
    capacity: str = ""
    feedback: str = ""
    next_step: str = ""
    exception: str = ""
    device_time: datetime | None = None


@dataclass(slots=True)
class Line:
    """A line with everything that the rules read of it."""

    item: Item
    placement: Placement
    competency: Competency
    level: Level | None
    request: SignOffRequest | None
    row: CurrentCompetency | None
    # In which capacities the person may sign it; what they ever were to the placement.
    held: tuple[str, ...]
    ever: frozenset[str]
    capacity: str
    # Whether it waits for the site's lead, since who was asked has left.
    alone: bool
    version: int | None
    # The day of the earliest examination given as evidence.
    first: date | None = None

    @property
    def enrolment(self) -> Enrolment:
        return self.placement.enrolment

    @property
    def key(self) -> Key:
        return self.placement.enrolment_id, self.competency.pk


def may_sign(me: list[int], line: Line, said: Said) -> Decision:
    """Whether a line may be signed; the first rule that refuses gives the reason."""
    verdict = rule_not_own(me, line.enrolment)
    if verdict:
        verdict = rule_as_shown(me, line.item, line.row)
    if verdict:
        verdict = rule_asked_of(me, line.request, line.alone)
    if verdict:
        verdict = rule_capacity(line.held, line.capacity)
    if verdict:
        verdict = rule_way_allowed(rules_of(line.enrolment), said.proof)
    if verdict:
        verdict = rule_in_framework(line.competency, line.version)
    if verdict:
        verdict = rule_applies(line.row)
    if verdict:
        verdict = rule_seen_day(line.placement, said.day)
    if verdict:
        verdict = rule_not_before_evidence(line.first, said.day)
    if verdict:
        verdict = rule_level(line.competency, line.level, said)
    if verdict:
        verdict = rule_not_taken_back(line.row, line.request, said.outcome)
    if verdict:
        verdict = rule_assessor_apart(
            rules_of(line.enrolment), line.ever, line.capacity, said.exception
        )
    return verdict


def rules_of(enrolment: Enrolment) -> LogBookRules | None:
    """The switches of the programme of an enrolment; none when it has no log book."""
    return getattr(enrolment.cohort.programme, "log_book_rules", None)


def rule_words(said: Said) -> None:
    """Not yet is signed with feedback and a next step: the student sees both."""
    if said.outcome != Outcome.NOT_YET:
        return
    if not said.feedback.strip():
        raise DomainError("Enter what you saw. The student reads it.", field="feedback")
    if not said.next_step.strip():
        raise DomainError("Enter what the student does next.", field="next_step")


def rule_not_own(me: list[int], enrolment: Enrolment) -> Decision:
    """Nobody signs their own log book, whatever their roles; `me` is a person's identity."""
    if enrolment.person_id in me:
        return refused("This is your own log book. Somebody who supervised you signs it.")
    return ALLOWED


def rule_as_shown(me: list[int], item: Item, row: CurrentCompetency | None) -> Decision:
    """Exactly what was shown is signed: the same request with the same evidence, after the same newest sign-off.

    What waits for somebody else is not part of what is shown to whoever signs what they saw.
    """
    newest = row.sign_off if row else None
    if (newest.entry.uuid if newest else None) != item.newest:
        if newest is None:
            return refused("This is not as it was shown. Look at it again.")
        return refused(f"{newest.in_words} meanwhile. Look at it again.")
    waits = row.request if row else None
    if item.request is not None:
        if waits is not None and waits.entry.uuid == item.request:
            return ALLOWED
        if waits is None and row is not None and row.state == State.REVOKED:
            return refused("The sign-off was revoked, and this is asked no more. Look at it again.")
        return refused(
            "The student changed what they ask, or took it back, since you opened the page. Look at it again."
        )
    if waits is not None and waits.assessor_id in me:
        return refused("The student asked you for this meanwhile. Look at what they ask.")
    return ALLOWED


def rule_asked_of(me: list[int], request: SignOffRequest | None, alone: bool) -> Decision:
    """A request is answered by whom it names; by the site's lead when they have left."""
    if request is None or request.assessor_id in me or alone:
        return ALLOWED
    return refused(f"The student asked {request.assessor.name} for this.")


def rule_capacity(held: Sequence[str], capacity: str) -> Decision:
    """Only somebody who supervises or assesses at the placement signs, as what they are there."""
    if capacity and capacity in held:
        return ALLOWED
    if capacity in Capacity.values and held:
        return refused(f"You are not the {Capacity(capacity).label} of this placement.")
    return refused("You do not supervise or assess at this placement, so you cannot sign.")


def rule_way_allowed(rules: LogBookRules | None, proof: str = Proof.PASSWORD) -> Decision:
    """The programme has a log book, and may switch each way of signing off."""
    if rules is None:
        return refused("The student’s programme has no framework, so nothing can be signed.")
    switch, words = WAYS.get(Proof(proof), ("sign_with_account", "with an account"))
    if not getattr(rules, switch):
        return refused(f"The student’s programme does not accept sign-off {words}.")
    return ALLOWED


def rule_in_framework(competency: Competency, version: int | None) -> Decision:
    """Only a competency of the version that the student works towards is asked for and signed."""
    if competency.version_id == version:
        return ALLOWED
    return refused(f"{competency.code} is not in the student’s framework.")


def rule_applies(row: CurrentCompetency | None) -> Decision:
    """What was recorded as not applicable is not signed."""
    if row is not None and row.state == State.NOT_APPLICABLE:
        return refused("This was recorded as not applicable to the student.")
    return ALLOWED


def rule_seen_day(placement: Placement, day: date) -> Decision:
    """It was seen on a day of the placement that has come."""
    if day > clock.today():
        return refused("The day on which you saw it cannot lie in the future.")
    if not placement.starts <= day <= placement.ends:
        return refused(
            "The day on which you saw it must lie within the placement, "
            f"{days.long_date(placement.starts)} to {days.long_date(placement.ends)}."
        )
    return ALLOWED


def rule_not_before_evidence(first: date | None, day: date) -> Decision:
    """Nothing is seen before the first of the examinations that are signed as its evidence."""
    if first is None or day >= first:
        return ALLOWED
    return refused(
        "The day on which you saw it lies before every examination given as evidence, "
        f"the first of {days.long_date(first)}."
    )


def rule_level(competency: Competency, level: Level | None, said: Said) -> Decision:
    """A level is one of the framework's scale; achieved needs the one required, or a higher one."""
    if said.level and level is None:
        return refused(f"The framework of {competency.code} has no such level.")
    needed = competency.level
    if said.outcome != Outcome.ACHIEVED or needed is None:
        return ALLOWED
    if level is None or level.position < needed.position:
        return refused(
            f"{competency.code} needs the level “{needed.title}”. Sign it as not yet, with a next step."
        )
    return ALLOWED


def rule_not_taken_back(
    row: CurrentCompetency | None, request: SignOffRequest | None, outcome: SignOff.Outcome
) -> Decision:
    """What stands as achieved is taken back by revoking it, not by signing something else over it, but where its evidence was changed."""
    changed = request is not None and request.because == SignOffRequest.Because.CHANGED
    if outcome != Outcome.NOT_YET or changed:
        return ALLOWED
    if row is not None and row.state == State.ACHIEVED:
        words = row.sign_off.in_words if row.sign_off else ""
        return refused(f"{words}. To take that back, it is revoked with a reason.")
    return ALLOWED


def rule_assessor_apart(
    rules: LogBookRules | None, ever: frozenset[str], capacity: str, exception: str
) -> Decision:
    """Who signs as final assessor is not a supervisor of the same placement, unless a reason is recorded."""
    day_to_day = {Capacity.PRACTICE_EDUCATOR.value, Capacity.SUPERVISOR.value}
    if capacity != Capacity.ASSESSOR or not (ever & day_to_day) or exception.strip():
        return ALLOWED
    if rules is not None and not rules.separate_assessor:
        return ALLOWED
    return refused(
        "You supervise this placement day to day, so somebody else signs as final assessor. "
        "Sign as what you are day to day, or enter why an exception is made."
    )
