"""What those who take part in a placement do with its meetings: write a record down, and sign it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from placements import meetings, reference
from placements.actions.telling import page
from placements.meetings import Side
from placements.models import Meeting, MeetingSignature, Placement, ShiftDecision
from placements.taking_part import TakesPart, supervising, taking_part, tutors
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person
from school.people.telling import tell

SIGNATURE = "signature"


def write_meeting(
    *,
    by: Person,
    placement: Placement,
    kind: str,
    day: date,
    record: str,
    proof: ShiftDecision.Proof,
    uuid: UUID,
    corrects: Meeting | None = None,
) -> Meeting:
    """Writes down what was agreed at a meeting, and signs it for whoever writes.

    `corrects` is the version that these words take the place of; it keeps its signatures, and these
    want new ones. Raises DomainError (with the form's field), NotAllowed or Conflict.
    """
    meeting = Meeting(placement=placement, meeting_kind=kind, person=by, supersedes=corrects)
    book = placement.enrolment.book
    draft = Draft(
        fact=meeting,
        book=book,
        about_from=day,
        about_to=day,
        uuid=uuid,
        texts={"record": record.strip()},
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        part = taking_part(by, placement)
        _demand_part(kind, part.capacities)
        _demand_day(day, placement)
        if corrects is None:
            rule_first_of_kind(kind, placement)
        else:
            rule_newest(corrects)
        side = next(side for side in meetings.SIDES[kind] if side in part.capacities)
        signature = MeetingSignature(
            meeting=meeting,
            person=by,
            capacity=part.capacities[side],
            proof=proof,
            wording=reference.wording(meetings.WORDINGS[kind]),
        )
        signed = Draft(
            fact=signature, book=book, about_from=day, about_to=day, uuid=uuid5(uuid, SIGNATURE)
        )
        pen.append([draft, signed], by=by.uuid)
        _tell_others(meeting, meetings.unsigned(kind, [signature.capacity]), by)
        if Side.STUDENT not in meetings.SIDES[kind]:
            _tell_student(meeting)
    return meeting


def sign_meeting(
    *, by: Person, meeting: Meeting, proof: ShiftDecision.Proof, uuid: UUID
) -> MeetingSignature:
    """Signs the record of a meeting as it stands. Raises NotAllowed or Conflict."""
    placement = meeting.placement
    book = placement.enrolment.book
    kind, day = meeting.meeting_kind, meeting.entry.about_from
    with ledger.writing(book, answering=[uuid]) as pen:
        signatures = list(MeetingSignature.objects.filter(meeting=meeting).select_related("person"))
        part = taking_part(by, placement)
        held = part.signing(day)
        before = next((row for row in signatures if row.entry.uuid == uuid), None)
        missing = meetings.unsigned(kind, [row.capacity for row in signatures])
        capacity = before.capacity if before else _capacity(held, kind, missing)
        fact = MeetingSignature(
            meeting=meeting,
            person=by,
            capacity=capacity,
            proof=proof,
            wording=reference.wording(meetings.WORDINGS[kind]),
        )
        draft = Draft(fact=fact, book=book, about_from=day, about_to=day, uuid=uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        _demand_part(kind, held)
        rule_newest(meeting)
        rule_signs_once(part, signatures)
        rule_side_unsigned(kind, held, signatures)
        pen.append([draft], by=by.uuid)
    return fact


def _capacity(held: Mapping[Side, str], kind: str, missing: Sequence[Side]) -> str:
    """As what somebody signs: for the first side that still has to and that is theirs."""
    open_ones = [side for side in (*missing, *meetings.SIDES[kind]) if side in held]
    return held[open_ones[0]] if open_ones else ""


def _demand_part(kind: str, held: Collection[Side]) -> None:
    verdict = meetings.rule_has_part(kind, held)
    if not verdict:
        raise NotAllowed(verdict.reason)


def _demand_day(day: date, placement: Placement) -> None:
    verdict = meetings.rule_day(day, placement.starts, placement.ends, clock.today())
    if not verdict:
        raise DomainError(verdict.reason, field="day")


def rule_first_of_kind(kind: str, placement: Placement) -> None:
    """A placement has one record each of its initial, midway and final meeting."""
    there = Meeting.objects.filter(placement=placement, meeting_kind=kind)
    if kind in Meeting.ONCE and there.exists():
        raise Conflict(
            f"The {Meeting.Kind(kind).label} of this placement is written down already. "
            "Open that record to sign it or to write it anew.",
            field="kind",
        )


def rule_newest(meeting: Meeting) -> None:
    """Only the newest words are signed, and only they are replaced."""
    if Meeting.objects.filter(supersedes=meeting).exists():
        raise Conflict(
            "This record was written anew since you opened the page. Read the newest version."
        )


def rule_signs_once(part: TakesPart, signatures: Sequence[MeetingSignature]) -> None:
    """Nobody signs a record twice, in one capacity or in two."""
    if any(row.person_id in part.me for row in signatures):
        raise Conflict("You have signed this record already. Your signature stands.")


def rule_side_unsigned(
    kind: str, held: Collection[Side], signatures: Sequence[MeetingSignature]
) -> None:
    """Each side of a meeting signs once."""
    missing = meetings.unsigned(kind, [row.capacity for row in signatures])
    if set(missing) & set(held):
        return
    other = next(row for row in signatures if meetings.side_of(row.capacity) in held)
    raise Conflict(f"{other.person.name} has signed this record as {other.get_capacity_display()}.")


def _tell_others(meeting: Meeting, missing: Sequence[Side], by: Person) -> None:
    """Tell those whose signature is missing that a record waits, and nothing of what it says."""
    placement = meeting.placement
    people: dict[int, Person] = {}
    if Side.STUDENT in missing:
        people[placement.enrolment.person_id] = placement.enrolment.person
    if Side.SITE in missing:
        people |= {person.pk: person for person in supervising(placement)}
    if Side.TUTOR in missing:
        people |= {person.pk: person for person in tutors(placement)}
    people.pop(by.pk, None)
    for person in people.values():
        tell(
            person,
            "meeting_waits",
            "A record of a meeting waits for your signature",
            "Somebody wrote down what was agreed at a meeting about a placement. "
            "Read it in the portal and sign it, or write it anew:",
            page("meeting", meeting.entry.uuid),
            once_key=f"meeting_waits:{meeting.entry.uuid}:{person.uuid}",
        )


def _tell_student(meeting: Meeting) -> None:
    """Tell the student of a record that they do not sign, and nothing of what it says."""
    tell(
        meeting.placement.enrolment.person,
        "visit_written",
        "Your tutor wrote down a visit",
        "Your university tutor wrote down a visit about your placement. "
        "What was seen and agreed stands in the portal:",
        page("meeting", meeting.entry.uuid),
        once_key=f"visit_written:{meeting.entry.uuid}",
    )
