"""What an assessor signs: several competencies of one moment, each exactly as it was shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet

from logbooks.competencies import assessors, evidence, queries, standing, telling
from logbooks.competencies import signing_rules as rules
from logbooks.competencies.assessors import Held, Supervised
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    FrameworkVersion,
    Level,
    LogEntry,
    SignOff,
    SignOffRequest,
)
from logbooks.competencies.signing_rules import Item, Line, Said
from logbooks.competencies.standing import Key
from placements import policies as placing
from placements import reference
from placements.models import Placement, Wording
from school.core import clock, ledger
from school.core.compiled import compiled
from school.core.ledger import Draft, Pen
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

# What is read of a placement beside itself.
PLACED = (
    "enrolment__book",
    "enrolment__person__user",
    "enrolment__cohort__programme__log_book_rules",
)

# The facts that the portal adds to what somebody sends have UUIDs made from theirs.
REROUTED = "rerouted"


@dataclass(frozen=True, slots=True)
class AsRead:
    """A placement as a page read it in one statement for an identity, `me`, with all that PLACED names.

    `supervised` is what they were named to be there, `moved` the version that the student was moved to, by its key, and
    `last` the number of the last entry of the student's book. Who supervises, whether a placement began and which
    version counts change with an entry in that book and in no other way: while it has the same last entry behind the
    lock, what was read before the lock stands as well, and is not read twice.
    """

    me: list[int]
    placement: Placement
    supervised: Sequence[Supervised]
    moved: int | None
    last: int


@dataclass(slots=True)
class Signing:
    """What became of it: the sign-offs written, and the lines left with the reason why."""

    signed: list[SignOff] = field(default_factory=list)
    left: list[tuple[Item, str]] = field(default_factory=list)


def sign(
    *,
    by: Person,
    items: Sequence[Item],
    said: Said,
    known: AsRead | None = None,
) -> Signing:
    """Writes a sign-off for each line that may be signed; the others are left, each with its reason.

    The same UUIDs with the same content give the first answer again. `known` is the placement where the
    caller has read it already. Raises DomainError with the field when words are missing.
    """
    rules.rule_words(said)
    me = known.me if known else identity(by)
    placements = _placements({item.placement for item in items}, known)
    wording = reference.wording(WORDINGS[said.outcome])
    answer = Signing()
    enrolments = {row.enrolment_id: row.enrolment for row in placements.values()}
    books = [row.book for row in enrolments.values()]
    with ledger.writing(*books, answering=[item.uuid for item in items]) as pen:
        held, versions = _there(pen, me, list(placements.values()), known)
        competencies = _competencies({item.competency for item in items}, versions.values())
        rows = standing.rows_of(enrolments, competencies.values())
        drafts: list[Draft] = []
        for line in _lines(me, items, said, placements, held, versions, competencies, rows, answer):
            draft = _draft(by, line, said, wording)
            done = pen.answered([draft], by=by.uuid)
            if done:
                answer.signed.extend(done.values())  # type: ignore[arg-type]
                continue
            verdict = rules.may_sign(me, line, said)
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
    held: Mapping[int, Held],
    versions: Mapping[int, FrameworkVersion],
    competencies: Mapping[UUID, Competency],
    rows: Mapping[Key, CurrentCompetency],
    answer: Signing,
) -> Iterable[Line]:
    """The lines with what the rules read; a line whose placement or competency is not there is left at once."""
    requests = _requests({item.request for item in items if item.request}, rows.values())
    others = [row.pk for row in requests.values() if row.assessor_id not in me]
    alone: set[int] = set()
    if others:
        alone = assessors.alone_among(others, placing.led_by(me))
    levels = _levels(said.level, competencies.values())
    # No examination lies in the future, so what is signed with today lies before none of them.
    firsts = _firsts(requests.values()) if said.day < clock.today() else {}
    shown: set[Key] = set()
    for item in items:
        placement, competency = placements.get(item.placement), competencies.get(item.competency)
        if placement is None or competency is None:
            answer.left.append((item, "This line is not in the portal."))
            continue
        enrolment = placement.enrolment
        if (enrolment.pk, competency.pk) in shown:
            answer.left.append((item, "This line was sent twice."))
            continue
        shown.add((enrolment.pk, competency.pk))
        version = versions.get(enrolment.pk)
        request = requests.get(item.request) if item.request else None
        is_alone = request is not None and request.pk in alone
        here = held.get(placement.pk, assessors.NOTHING)
        may = here.signs
        if is_alone:
            may = (*may, Capacity.SITE_LEAD.value)
        level = levels.get(competency.version_id) if said.level else competency.level
        if said.outcome == Outcome.NOT_YET and not said.level:
            level = None
        yield Line(
            item=item,
            placement=placement,
            competency=competency,
            level=level,
            request=request,
            row=rows.get((enrolment.pk, competency.pk)),
            held=may,
            ever=here.ever,
            capacity=said.capacity or (may[0] if may else ""),
            alone=is_alone,
            version=version.pk if version else None,
            first=firsts.get(request.pk) if request else None,
        )


def _there(
    pen: Pen, me: list[int], placements: Sequence[Placement], known: AsRead | None
) -> tuple[dict[int, Held], dict[int, FrameworkVersion]]:
    """What an identity is to placements, and the version that each of their students works towards, by the enrolment's key.

    Both are read behind the lock, but where nothing was written in the book since they were read before it.
    """
    enrolments = [row.enrolment for row in placements]
    if known and placements == [known.placement]:
        enrolment = known.placement.enrolment
        if pen.last(enrolment.book) == known.last:
            moved = {enrolment.pk: known.moved} if known.moved else {}
            return assessors.held_of(known.supervised), queries.frameworks_of(enrolments, moved)
    held = assessors.held_by(me, [row.pk for row in placements])
    return held, queries.frameworks_of(enrolments)


def _placements(uuids: set[UUID], known: AsRead | None) -> dict[UUID, Placement]:
    found = {known.placement.uuid: known.placement} if known else {}
    found = {uuid: row for uuid, row in found.items() if uuid in uuids}
    missing = uuids - found.keys()
    if missing:
        rows = Placement.objects.filter(uuid__in=missing).select_related(*PLACED)
        found |= {row.uuid: row for row in rows}
    return found


def _competencies(uuids: set[UUID], versions: Iterable[FrameworkVersion]) -> dict[UUID, Competency]:
    """Those of the students' versions, which each process keeps; of others only where they are named."""
    kept = (row for version in versions for row in queries.kept_competencies(version))
    found = {row.uuid: row for row in kept if row.uuid in uuids}
    missing = uuids - found.keys()
    if missing:
        rows = Competency.objects.filter(uuid__in=missing).select_related("level")
        found |= {row.uuid: row for row in rows}
    return found


def _requests(uuids: set[UUID], rows: Iterable[CurrentCompetency]) -> dict[UUID, SignOffRequest]:
    """Those that wait come with their rows; others were answered or changed meanwhile."""
    waiting = (row.request for row in rows if row.request)
    found = {row.entry.uuid: row for row in waiting if row.entry.uuid in uuids}
    missing = uuids - found.keys()
    if missing:
        others = SignOffRequest.objects.filter(entry__uuid__in=missing)
        found |= {row.entry.uuid: row for row in others.select_related("assessor")}
    return found


def _firsts(requests: Iterable[SignOffRequest]) -> dict[int, date]:
    """The day of the earliest examination that each request gives as evidence, by the request's key."""
    given = {row.pk: {piece.uuid for piece in evidence.pieces(row.evidence)} for row in requests}
    found = dict(_seen(uuids=set().union(*given.values())))
    return {
        pk: min(found[uuid] for uuid in uuids & found.keys())
        for pk, uuids in given.items()
        if uuids & found.keys()
    }


@compiled
def _seen(uuids: Any) -> QuerySet[LogEntry, tuple[UUID, date]]:
    """The days of examinations by their UUIDs."""
    rows: QuerySet[LogEntry] = LogEntry.objects.filter(entry__uuid__in=uuids)
    return rows.values_list("entry__uuid", "entry__about_from")


def _levels(code: str, competencies: Iterable[Competency]) -> dict[int, Level]:
    """The level of a code, by the key of the framework's version."""
    if not code:
        return {}
    found = Level.objects.filter(code=code, version__in={row.version_id for row in competencies})
    return {row.version_id: row for row in found}


def _draft(by: Person, line: Line, said: Said, wording: Wording) -> Draft:
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


def _rerouted(by: Person, line: Line) -> Draft:
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
