"""What an assessor signs: several competencies of one moment, each exactly as it was shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from logbooks.competencies import assessors, queries, standing, telling
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    Level,
    LogBookRules,
    SignOff,
    SignOffRequest,
)
from logbooks.competencies.standing import Key
from placements import policies as placing
from placements import reference
from placements.models import Enrolment, Placement, ShiftDecision, Wording
from school.core import clock, days, ledger
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import DomainError
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.people.models import Person
from school.people.queries import identity

Capacity = SignOff.Capacity
Outcome = SignOff.Outcome
State = CurrentCompetency.State

# What a person signs. A changed sentence here becomes a new stored wording; old sign-offs keep theirs.
WORDINGS = {
    Outcome.ACHIEVED: (
        "I saw this student do what is written here on the day shown, and it meets the level shown."
    ),
    Outcome.NOT_YET: (
        "I saw this student on the day shown. What is written here is not achieved yet; "
        "I say what to do next."
    ),
}

# The facts that the portal adds to what somebody sends have UUIDs made from theirs.
REROUTED = "rerouted"


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
    proof: ShiftDecision.Proof
    level: str = ""
    capacity: str = ""
    feedback: str = ""
    next_step: str = ""
    exception: str = ""
    device_time: datetime | None = None


@dataclass(slots=True)
class Signing:
    """What became of it: the sign-offs written, and the lines left with the reason why."""

    signed: list[SignOff] = field(default_factory=list)
    left: list[tuple[Item, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """A line with everything that the rules read of it."""

    item: Item
    placement: Placement
    competency: Competency
    level: Level | None
    request: SignOffRequest | None
    row: CurrentCompetency | None
    # In which capacities the person may sign it; what they ever were to the placement.
    held: tuple[str, ...]
    ever: set[str]
    capacity: str
    # Whether it waits for the site's lead, since who was asked has left.
    alone: bool
    version: int | None

    @property
    def enrolment(self) -> Enrolment:
        return self.placement.enrolment

    @property
    def key(self) -> Key:
        return self.placement.enrolment_id, self.competency.pk


def sign(*, by: Person, items: Sequence[Item], said: Said) -> Signing:
    """Writes a sign-off for each line that may be signed; the others are left, each with its reason.

    The same UUIDs with the same content give the first answer again. Raises DomainError with the field
    when words are missing.
    """
    rule_words(said)
    me = identity(by)
    placements = {
        row.uuid: row
        for row in Placement.objects.filter(
            uuid__in={item.placement for item in items}
        ).select_related(
            "enrolment__book",
            "enrolment__person__user",
            "enrolment__cohort__programme__log_book_rules",
        )
    }
    competencies = {
        row.uuid: row
        for row in Competency.objects.filter(
            uuid__in={item.competency for item in items}
        ).select_related("level")
    }
    wording = reference.wording(WORDINGS[said.outcome])
    answer = Signing()
    books = {row.enrolment.book.pk: row.enrolment.book for row in placements.values()}
    with ledger.writing(*books.values(), answering=[item.uuid for item in items]) as pen:
        rows = standing.rows_of(
            {row.enrolment_id for row in placements.values()},
            [row.pk for row in competencies.values()],
        )
        drafts: list[Draft] = []
        for line in _lines(me, items, said, placements, competencies, rows, answer):
            draft = _draft(by, line, said, wording)
            done = pen.answered([draft], by=by.uuid)
            if done:
                answer.signed.extend(done.values())  # type: ignore[arg-type]
                continue
            verdict = may_sign(me, line, said)
            if not verdict:
                answer.left.append((line.item, verdict.reason))
                continue
            if line.alone:
                again = _rerouted(by, line)
                drafts.append(again)
                draft.fact.request = again.fact  # type: ignore[attr-defined]
            drafts.append(draft)
        # What the portal asks anew is written first, under its own name.
        moved = [draft for draft in drafts if isinstance(draft.fact, SignOffRequest)]
        own = [draft for draft in drafts if isinstance(draft.fact, SignOff)]
        written = [*pen.append(moved, by=PORTAL), *pen.append(own, by=by.uuid)]
        standing.settle(rows, written)  # type: ignore[arg-type]
        signed: list[SignOff] = [draft.fact for draft in own]  # type: ignore[misc]
        answer.signed.extend(signed)
        _tell(signed)
    return answer


def _lines(
    me: list[int],
    items: Sequence[Item],
    said: Said,
    placements: Mapping[UUID, Placement],
    competencies: Mapping[UUID, Competency],
    rows: Mapping[Key, CurrentCompetency],
    answer: Signing,
) -> Iterable[_Line]:
    """The lines with what the rules read; a line whose placement or competency is not there is left at once."""
    keys = [row.pk for row in placements.values()]
    held, ever = assessors.held_by(me, keys), assessors.ever_held(me, keys)
    wanted = [item.request for item in items if item.request]
    requests: dict[UUID, SignOffRequest] = {}
    if wanted:
        found = SignOffRequest.objects.filter(entry__uuid__in=wanted).select_related("assessor")
        requests = {row.entry.uuid: row for row in found}
    others = [row.pk for row in requests.values() if row.assessor_id not in me]
    alone: set[int] = set()
    if others:
        alone = assessors.alone_among(others, placing.led_by(me))
    levels = _levels(said.level, competencies.values())
    versions: dict[int, int | None] = {}
    shown: set[tuple[UUID, UUID]] = set()
    for item in items:
        placement, competency = placements.get(item.placement), competencies.get(item.competency)
        if placement is None or competency is None:
            answer.left.append((item, "This line is not in the portal."))
            continue
        if (item.placement, item.competency) in shown:
            answer.left.append((item, "This line was sent twice."))
            continue
        shown.add((item.placement, item.competency))
        enrolment = placement.enrolment
        if enrolment.pk not in versions:
            version = queries.version_of(enrolment)
            versions[enrolment.pk] = version.pk if version else None
        request = requests.get(item.request) if item.request else None
        is_alone = request is not None and request.pk in alone
        may = held.get(placement.pk, ())
        if is_alone:
            may = (*may, Capacity.SITE_LEAD.value)
        level = levels.get(competency.version_id) if said.level else competency.level
        if said.outcome == Outcome.NOT_YET and not said.level:
            level = None
        yield _Line(
            item=item,
            placement=placement,
            competency=competency,
            level=level,
            request=request,
            row=rows.get((enrolment.pk, competency.pk)),
            held=may,
            ever=ever.get(placement.pk, set()),
            capacity=said.capacity or (may[0] if may else ""),
            alone=is_alone,
            version=versions[enrolment.pk],
        )


def _levels(code: str, competencies: Iterable[Competency]) -> dict[int, Level]:
    """The level of a code, by the key of the framework's version."""
    if not code:
        return {}
    found = Level.objects.filter(code=code, version__in={row.version_id for row in competencies})
    return {row.version_id: row for row in found}


def _draft(by: Person, line: _Line, said: Said, wording: Wording) -> Draft:
    newest = line.row.sign_off if line.row else None
    fact = SignOff(
        enrolment=line.enrolment,
        competency=line.competency,
        placement=line.placement,
        outcome=said.outcome,
        level=line.level,
        person=by,
        capacity=line.capacity,
        proof=said.proof,
        wording=wording,
        evidence=line.request.evidence if line.request else "",
        device_time=said.device_time,
        request=line.request,
        supersedes=newest,
    )
    texts = {"feedback": said.feedback, "next_step": said.next_step, "exception": said.exception}
    return Draft(
        fact=fact,
        book=line.enrolment.book,
        about_from=said.day,
        uuid=line.item.uuid,
        texts={name: words.strip() for name, words in texts.items()},
    )


def _rerouted(by: Person, line: _Line) -> Draft:
    """The same request to the site's lead, who signs in the place of somebody who has left."""
    asked = line.request
    assert asked is not None
    fact = SignOffRequest(
        enrolment=line.enrolment,
        competency=line.competency,
        placement=line.placement,
        assessor=by,
        because=SignOffRequest.Because.REROUTED,
        evidence=asked.evidence,
        supersedes=asked,
    )
    return Draft(
        fact=fact,
        book=line.enrolment.book,
        about_from=asked.entry.about_from,
        uuid=uuid5(line.item.uuid, REROUTED),
    )


def _tell(signed: Sequence[SignOff]) -> None:
    by_student: dict[int, list[SignOff]] = {}
    for fact in signed:
        by_student.setdefault(fact.enrolment_id, []).append(fact)
    for facts in by_student.values():
        telling.signed(facts[0].enrolment, facts)


# Rules --------------------------------------------------------------------------------------------


def may_sign(me: list[int], line: _Line, said: Said) -> Decision:
    """Whether a line may be signed; the first rule that refuses gives the reason."""
    verdict = rule_not_own(me, line.enrolment)
    if verdict:
        verdict = rule_as_shown(me, line.item, line.row)
    if verdict:
        verdict = rule_asked_of(me, line.request, line.alone)
    if verdict:
        verdict = rule_capacity(line.held, line.capacity)
    if verdict:
        verdict = rule_way_allowed(_rules(line.placement))
    if verdict:
        verdict = rule_in_framework(line.competency, line.version)
    if verdict:
        verdict = rule_applies(line.row)
    if verdict:
        verdict = rule_seen_day(line.placement, said.day)
    if verdict:
        verdict = rule_level(line.competency, line.level, said)
    if verdict:
        verdict = rule_not_taken_back(line.row, line.request, said.outcome)
    if verdict:
        verdict = rule_assessor_apart(
            _rules(line.placement), line.ever, line.capacity, said.exception
        )
    return verdict


def _rules(placement: Placement) -> LogBookRules | None:
    return getattr(placement.enrolment.cohort.programme, "log_book_rules", None)


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
        return refused(
            f"{newest.person.name} signed this meanwhile: {newest.get_outcome_display()}. Look at it again."
        )
    waits = row.request if row else None
    if item.request is not None:
        if waits is not None and waits.entry.uuid == item.request:
            return ALLOWED
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


def rule_way_allowed(rules: LogBookRules | None) -> Decision:
    """The programme has a log book, and may switch signing with an account off."""
    if rules is None:
        return refused("The student’s programme has no framework, so nothing can be signed.")
    if not rules.sign_with_account:
        return refused("The student’s programme does not accept sign-off with an account.")
    return ALLOWED


def rule_in_framework(competency: Competency, version: int | None) -> Decision:
    """Only a competency of the version that the student works towards is signed."""
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
    """What stands as achieved is taken back by revoking it, not by signing something else over it."""
    if outcome != Outcome.NOT_YET or request is not None:
        return ALLOWED
    if row is not None and row.state == State.ACHIEVED:
        who = row.sign_off.person.name if row.sign_off else ""
        return refused(
            f"{who} has signed it as achieved. To take that back, it is revoked with a reason."
        )
    return ALLOWED


def rule_assessor_apart(
    rules: LogBookRules | None, ever: set[str], capacity: str, exception: str
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
