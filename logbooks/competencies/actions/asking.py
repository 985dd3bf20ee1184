"""What a student asks for: sign-off of several competencies at once by a named assessor; and what the portal asks again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db.models import Q

from logbooks.competencies import assessors, evidence, log_queries, queries, standing, telling
from logbooks.competencies.actions import links
from logbooks.competencies.evidence import Piece
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    EvidenceFile,
    LogBookRules,
    LogEntry,
    SignOff,
    SignOffRequest,
)
from logbooks.competencies.signing_rules import rule_in_framework, rule_way_allowed, rules_of
from placements import policies as placing
from placements.models import Enrolment, Placement
from school.core import clock, ledger
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.core.models import PORTAL
from school.people.models import Person

Because = SignOffRequest.Because
Proof = SignOff.Proof
# In which ways somebody signs what they are asked.
WITH_ACCOUNT = (Proof.PASSWORD, Proof.PHONE_CODE, Proof.PIN)
WITHOUT_ACCOUNT = (Proof.LINK_AND_CODE, Proof.PHONE_CODE)
State = CurrentCompetency.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A competency to be signed, by its UUID, and the log entries that are evidence for it; `uuid` is the request's own."""

    competency: UUID
    uuid: UUID
    evidence: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Asking:
    """What became of it: the requests written, and what was left with the reason why."""

    asked: list[SignOffRequest] = field(default_factory=list)
    left: list[tuple[Wanted, str]] = field(default_factory=list)


def ask(
    *, by: Person, placement: Placement, assessor: Person, wanted: Sequence[Wanted], note: str = ""
) -> Asking:
    """Asks an assessor of a placement to sign several competencies; what cannot be asked is left, each with its reason.

    A request that waits already is superseded. The same UUIDs with the same content give the first
    answer again. Raises NotAllowed for somebody else's log book and DomainError (field "assessor").
    """
    enrolment = placement.enrolment
    rule_own_log_book(by, enrolment)
    answer = Asking()
    with ledger.writing(enrolment.book, answering=[item.uuid for item in wanted]) as pen:
        found = {
            row.uuid: row
            for row in Competency.objects.filter(uuid__in=[item.competency for item in wanted])
        }
        rows = standing.rows_of([enrolment.pk], found.values())
        entries = _entries(enrolment, wanted)
        files = log_queries.files_beside(entries.values())
        rules: LogBookRules | None = None
        drafts: list[Draft] = []
        pending: list[tuple[Wanted, Competency, Draft]] = []
        for item in wanted:
            competency = found.get(item.competency)
            if competency is None:
                answer.left.append((item, "This competency is not in your framework."))
                continue
            if competency in (other for _, other, _ in pending):
                answer.left.append((item, "This competency was sent twice."))
                continue
            row = rows.get((enrolment.pk, competency.pk))
            chosen = [entries[uuid] for uuid in item.evidence if uuid in entries]
            draft = Draft(
                fact=SignOffRequest(
                    enrolment=enrolment,
                    competency=competency,
                    placement=placement,
                    assessor=assessor,
                    because=Because.ASKED,
                    evidence=evidence.text_of(
                        piece
                        for entry in chosen
                        for piece in _pieces(entry, files.get(entry.case_number, ()))
                    ),
                    supersedes=row.request if row else None,
                ),
                book=enrolment.book,
                about_from=clock.today(),
                uuid=item.uuid,
                texts={"note": note.strip()},
            )
            done = pen.answered([draft], by=by.uuid)
            if done:
                answer.asked.extend(done.values())  # type: ignore[arg-type]
            else:
                pending.append((item, competency, draft))
        if pending:
            rules = rules_of(enrolment)
            rule_some_way(rules, assessor)
            rule_can_be_asked(placement, assessor)
            version = queries.version_of(enrolment)
            for item, competency, draft in pending:
                verdict = rule_in_framework(competency, version.pk if version else None)
                if verdict:
                    verdict = rule_open(rows.get((enrolment.pk, competency.pk)))
                if verdict:
                    verdict = rule_own_evidence(item, competency, entries)
                if verdict:
                    verdict = rule_room(draft.fact.evidence)  # type: ignore[attr-defined]
                if verdict:
                    drafts.append(draft)
                else:
                    answer.left.append((item, verdict.reason))
        written = pen.append(drafts, by=by.uuid)
        standing.settle(rows, written)  # type: ignore[arg-type]
        answer.asked.extend(written)  # type: ignore[arg-type]
        if written and assessor.user_id:
            telling.asked(written, by)  # type: ignore[arg-type]
        elif written:
            _send_link(written, by, rules)  # type: ignore[arg-type]
    return answer


def _send_link(
    requests: Sequence[SignOffRequest], by: Person, rules: LogBookRules | None, why: str = ""
) -> None:
    """Whoever has no account gets a link, where the programme accepts that; else they sign on the student's phone."""
    if rules is not None and rules.sign_by_link:
        links.send_link(requests, by=by, why=why)


def withdraw(*, by: Person, request: SignOffRequest, uuid: UUID) -> SignOffRequest:
    """Takes a request back, as a fact of its own. Raises NotAllowed or Conflict."""
    enrolment = request.enrolment
    fact = SignOffRequest(
        enrolment=enrolment,
        competency=request.competency,
        placement=request.placement,
        assessor=request.assessor,
        because=request.because,
        withdrawn=True,
        supersedes=request,
    )
    draft = Draft(fact=fact, book=enrolment.book, about_from=request.entry.about_from, uuid=uuid)
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_log_book(by, enrolment)
        rule_students_own_asking(request)
        rows = standing.rows_of([enrolment.pk], [request.competency])
        rule_still_waits(request, rows.get((enrolment.pk, request.competency_id)))
        pen.append([draft], by=by.uuid)
        standing.settle(rows, [fact])
    return fact


def ask_again(pen: Pen, case: LogEntry, change: LogEntry | EvidenceFile) -> list[SignOffRequest]:
    """Asks again where an examination is evidence that `change`, just written by the same pen, is about.

    `case` is the examination as it stood; `change` is what takes its place, or a file put beside it or taken
    away. Beside each sign-off that stands a request waits for whoever signed, with the evidence as it is
    now; the sign-off itself is not touched. A request that waits already goes on waiting with it: whoever
    has the earlier one open is told so when they sign. Raises DomainError when it is too much evidence.
    """
    mark = case.entry.uuid
    cited = Q(request__evidence__contains=str(mark)) | Q(
        state=State.ACHIEVED, sign_off__evidence__contains=str(mark)
    )
    enrolment = case.enrolment
    held = list(
        CurrentCompetency.objects.filter(cited, enrolment=enrolment)
        .select_related(
            "competency",
            "sign_off__entry",
            "sign_off__revocation",
            "sign_off__person__user",
            "sign_off__placement",
            "request__entry",
            "request__assessor__user",
            "request__placement",
        )
        .order_by("pk")
    )
    if not held:
        return []
    now = change if isinstance(change, LogEntry) else case
    beside = log_queries.files_beside([now]).get(now.case_number, ())
    after = [] if now.withdrawn else _pieces(now, beside)
    known = log_queries.files_ever_beside(now)
    notes = ledger.private_texts([row.request for row in held if row.request], "note")
    drafts = []
    for row in held:
        waits, signed = row.request, row.sign_off
        about = {"enrolment": enrolment, "competency": row.competency, "supersedes": waits}
        if waits is not None and str(mark) in waits.evidence:
            fact = SignOffRequest(
                placement=waits.placement,
                assessor=waits.assessor,
                because=waits.because,
                evidence=evidence.replaced(waits.evidence, mark, after, known),
                **about,
            )
        else:
            assert signed is not None
            fact = SignOffRequest(
                placement=signed.placement,
                assessor=signed.person,
                because=Because.CHANGED,
                evidence=evidence.replaced(signed.evidence, mark, after, known),
                **about,
            )
        room = rule_room(fact.evidence)
        if not room:
            raise DomainError(room.reason)
        drafts.append(
            Draft(
                fact=fact,
                book=enrolment.book,
                about_from=change.entry.about_from,
                uuid=uuid5(change.entry.uuid, str(row.competency.uuid)),
                texts={"note": notes.get(waits.pk, "") if waits else ""},
            )
        )
    written: list[SignOffRequest] = pen.append(drafts, by=PORTAL)  # type: ignore[assignment]
    standing.settle({(row.enrolment_id, row.competency_id): row for row in held}, written)
    # One mail, or one link, for each assessor and placement, whatever rests on the examination.
    together: dict[tuple[int, int], list[SignOffRequest]] = {}
    for fact in written:
        if fact.because == Because.CHANGED:
            together.setdefault((fact.assessor_id, fact.placement_id), []).append(fact)
    for facts in together.values():
        why = telling.changed_words(facts, change)
        if facts[0].assessor.user_id:
            telling.asked_again(facts, why)
        else:
            _send_link(facts, enrolment.person, rules_of(enrolment), why)
    return written


def _pieces(entry: LogEntry, files: Iterable[EvidenceFile]) -> list[Piece]:
    """An examination and the files beside it."""
    return [Piece(fact.entry.uuid, fact.entry.hash) for fact in (entry, *files)]


def _entries(enrolment: Enrolment, wanted: Sequence[Wanted]) -> dict[UUID, LogEntry]:
    """The log entries of an enrolment that are named as evidence, with what took their place, by their UUIDs."""
    uuids = {uuid for item in wanted for uuid in item.evidence}
    if not uuids:
        return {}
    rows = LogEntry.objects.filter(enrolment=enrolment, entry__uuid__in=uuids)
    rows = rows.select_related("superseded_by")
    return {row.entry.uuid: row for row in rows}


def rule_own_log_book(by: Person, enrolment: Enrolment) -> None:
    """Only the student asks for sign-off in their log book."""
    if not placing.owns(by, enrolment):
        raise NotAllowed("This is another student’s log book. Only they ask for sign-off in it.")


def rule_some_way(rules: LogBookRules | None, assessor: Person) -> None:
    """The programme has a log book, and accepts a way in which whoever is asked can sign."""
    if rules is None:
        raise DomainError("Your programme has no framework yet, so nothing can be signed.")
    ways = WITH_ACCOUNT if assessor.user_id else WITHOUT_ACCOUNT
    if any(rule_way_allowed(rules, way) for way in ways):
        return
    which = "with" if assessor.user_id else "without"
    raise DomainError(
        f"Your programme does not accept sign-off by somebody {which} an account at present.",
        field="assessor",
    )


def rule_can_be_asked(placement: Placement, assessor: Person) -> None:
    """Who is asked supervises or assesses at the placement today, and is not the student."""
    if assessor.pk not in {row.person.pk for row in assessors.named(placement)}:
        raise DomainError(
            f"{assessor.name} does not supervise or assess at this placement today. Choose somebody who does.",
            field="assessor",
        )
    if not assessor.user_id:
        links.rule_vouched_for(placement, assessor, assessor.email, field="assessor")
        links.rule_not_the_students(placement, assessor.email, field="assessor")


def rule_open(row: CurrentCompetency | None) -> Decision:
    """What is achieved, or does not apply, is not asked for."""
    if row is None or row.state not in (State.ACHIEVED, State.NOT_APPLICABLE):
        return ALLOWED
    if row.state == State.ACHIEVED:
        words = row.sign_off.in_words if row.sign_off else ""
        return refused(f"{words}. That stands.")
    return refused("It was recorded as not applicable, so it is not asked of you.")


def rule_own_evidence(
    item: Wanted, competency: Competency, entries: Mapping[UUID, LogEntry]
) -> Decision:
    """Evidence is the student's own log entries, as they stand, that touch the competency."""
    chosen = [entries.get(uuid) for uuid in item.evidence]
    if not all(entry and _stands(entry) for entry in chosen):
        return refused(
            "An examination was changed or taken back since you opened the page. Look at it again."
        )
    if any(competency.code not in entry.touched.splitlines() for entry in chosen if entry):
        return refused(f"An examination chosen as evidence does not touch {competency.code}.")
    return ALLOWED


def rule_room(text: str) -> Decision:
    """A request names so many pieces of evidence as its column holds."""
    if len(evidence.pieces(text)) <= evidence.MOST:
        return ALLOWED
    return refused(
        f"Evidence is at most {evidence.MOST} examinations and files together. Choose fewer examinations."
    )


def _stands(entry: LogEntry) -> bool:
    return not entry.withdrawn and not hasattr(entry, "superseded_by")


def rule_students_own_asking(request: SignOffRequest) -> None:
    """A student takes back what they asked, not what the portal asks because evidence was changed."""
    if request.because == Because.CHANGED:
        raise DomainError(
            "The portal asks this because an examination was changed after it was signed. "
            "Your assessor answers it; the sign-off stands meanwhile."
        )


def rule_still_waits(request: SignOffRequest, row: CurrentCompetency | None) -> None:
    """Only what still waits is taken back."""
    if row is None or row.request_id != request.pk:
        raise Conflict("This request was answered or changed meanwhile. Look at how it stands.")
