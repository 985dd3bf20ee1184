"""The demo's log books: examinations on the days that students worked, and what their educators signed of them."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from logbooks.competencies import queries, standing
from logbooks.competencies.actions.signing import WORDINGS
from logbooks.competencies.evidence import Piece, replaced, text_of
from logbooks.competencies.lines import joined
from logbooks.competencies.models import (
    Competency,
    ExaminationType,
    LogEntry,
    NotApplicable,
    Revocation,
    Role,
    SignOff,
    SignOffRequest,
    Tracer,
)
from placements import reference
from placements.models import CurrentShift, Enrolment, ShiftDecision, Supervision
from placements.standing import refresh_tallies
from school.core import days
from school.core.ledger import Draft
from school.demo import assessed, staged
from school.demo.pen import Pen, Stay
from school.demo.run import Build, write

DAY = timedelta(days=1)
# How often each examination is met, with the tracer that it takes; the others are met now and then.
MET = {
    "fdg-half-body": ("fdg", 12),
    "fdg-whole-body": ("fdg", 3),
    "fdg-brain": ("fdg", 2),
    "radiotherapy-planning": ("fdg", 1),
    "choline-prostate": ("choline", 2),
    "fluoride-bone": ("fluoride", 1),
    "amyloid-brain": ("florbetaben", 1),
}
ROLES = (Role.OBSERVED, Role.ASSISTED, Role.DIRECT, Role.INDIRECT)
REFLECTIONS = (
    "What: explained the rest in the uptake room.\nSo what: the patient asked about talking, and I did not know why it "
    "matters.\nNow what: read about uptake in muscles before Thursday.",
    "What: set up the arms-down position with a wedge.\nSo what: comfort came first, and the arms showed in the images.\n"
    "Now what: ask for the local protocol on exceptions.",
)
NOT_YET = "Careful, and slow where it matters. Not alone yet."
NEXT = "Do three more with me in the room, and say each step aloud before you take it."
# How many of the newest wait, and among how many of the newest one that came back is still open.
WAITING, LATELY = 3, 10
EXCUSED = "C8"
WHY_EXCUSED = (
    "No child is examined at the site, and this year’s simulation leaves children’s doses out."
)
WHY_REVOKED = (
    "I signed this for another student’s examination. Ask me again when I have seen you do it."
)


@dataclass
class _Book:
    """A log book that is being written."""

    pen: Pen
    stays: list[Stay]
    wanted: list[Competency]
    entries: list[Draft] = field(default_factory=list)
    signed: list[Draft] = field(default_factory=list)


def build_log_books(run: Build, enrolments: list[Enrolment]) -> None:
    """The log books of some students: what they saw, what was signed and assessed, and what waits for somebody."""
    types = {row.code: row for row in ExaminationType.objects.all()}
    tracers = {row.code: row for row in Tracer.objects.all()}
    versions = queries.versions_of(enrolments)
    wanted = {
        pk: list(
            Competency.objects.filter(version=pk)
            .select_related("level")
            .prefetch_related("counts__examination")
        )
        for pk in set(versions.values())
    }
    books = [
        _Book(
            Pen(run, enrolment, random.Random(f"{run.seed} {enrolment.uuid}")),
            _stays(enrolment),
            wanted[versions[enrolment.pk]],
        )
        for enrolment in enrolments
        if enrolment.pk in versions
    ]
    for book in books:
        for stay in book.stays:
            own = [row for row in book.wanted if row.year == stay.placement.stage.year]
            book.entries += _examinations(book.pen, stay, own, types, tracers, len(book.entries))
    write([draft for book in books for draft in book.entries])
    excused: list[Draft] = []
    for book in books:
        approved = _excused(book.pen, book.stays, book.wanted)
        excused += approved
        # What one site signed is not asked for at the next.
        done = {draft.fact.competency_id for draft in approved}  # type: ignore[attr-defined]
        for stay in book.stays:
            left = [row for row in book.wanted if row.pk not in done]
            if book.pen.is_persona("student") and stay.placement.stage.year == 1:
                own = [row for row in left if row.year == 1]
                drafts = staged.on_paper(book.pen, stay, own)
            else:
                drafts = _signed(book.pen, stay, left, book.entries)
            book.signed += drafts
            done |= {draft.fact.competency_id for draft in drafts}  # type: ignore[attr-defined]
    write([*excused, *(draft for book in books for draft in book.signed)])
    write(
        [
            draft
            for book in books
            for draft in (
                *_revoked(book.pen, book.signed),
                *assessed.drafts(book.pen, book.stays),
                *staged.results(book.pen, book.stays),
                *staged.hours(book.pen, book.stays),
            )
        ]
    )
    for book in books:
        if book.pen.is_persona("student"):
            _correct(book.pen, book.entries, book.signed)
        standing.rebuild(book.pen.enrolment)
    refresh_tallies([book.pen.enrolment.pk for book in books])
    write([draft for book in books for draft in staged.signed(book.pen, book.stays)])


def _stays(enrolment: Enrolment) -> list[Stay]:
    """The placements at which somebody has worked."""
    shifts: dict[int, list[date]] = {}
    rows = CurrentShift.objects.filter(enrolment=enrolment, state__in=CurrentShift.LIVE)
    for placement, start in rows.order_by("start").values_list("placement", "start"):
        shifts.setdefault(placement, []).append(days.london_day(start))
    supervisors = Supervision.objects.filter(placement__enrolment=enrolment).order_by("pk")
    who = {row.placement_id: row.person for row in supervisors.select_related("person")}
    placements = enrolment.placements.select_related("stage", "site").order_by("starts")
    return [
        Stay(placement, shifts[placement.pk], who[placement.pk])
        for placement in placements
        if placement.pk in who and placement.pk in shifts
    ]


def _examinations(
    pen: Pen,
    stay: Stay,
    own: list[Competency],
    types: dict[str, ExaminationType],
    tracers: dict[str, Tracer],
    before: int,
) -> list[Draft]:
    placement, worked, supervisor = stay
    met = [code for code in MET if code in types]
    weights = [MET[code][1] for code in met]
    asked = {
        code: [row for row in own if any(c.examination == types[code] for c in row.counts.all())]
        for code in met
    }
    anyway = [row for row in own if not row.counts.all()]
    most = {1: 1, 2: 2}.get(placement.stage.year, len(ROLES))
    found: list[Draft] = []
    for number, day in enumerate(worked):
        for _ in range(pen.rng.randint(0, 2)):
            code = pen.rng.choices(met, weights)[0]
            role = ROLES[min(most - 1, number * most // len(worked) + pen.rng.randint(0, 1))]
            touched = [*asked[code], *pen.rng.sample(anyway, min(2, len(anyway)))]
            words = pen.rng.choice(REFLECTIONS) if pen.rng.random() < 0.15 else ""
            tracer = tracers[MET[code][0]]
            fact = LogEntry(
                enrolment=pen.enrolment,
                placement=placement,
                examination=types[code],
                tracer=tracer,
                role=role,
                operator=supervisor,
                age_band="" if tracer.rare else pen.rng.choice(LogEntry.AgeBand.values),
                case_number=before + len(found) + 1,
                touched=joined(row.code for row in sorted(touched, key=lambda row: row.position)),
                model=LogEntry.Model.WHAT if words else "",
            )
            found.append(pen.draft(fact, day, **({"reflection": words} if words else {})))
    return found


def _signed(pen: Pen, stay: Stay, left: list[Competency], entries: list[Draft]) -> list[Draft]:
    """As many of the year's competencies as the share of the placement that is over; the next few wait."""
    placement, worked, supervisor = stay
    own = [row for row in left if row.year == placement.stage.year]
    over = (min(pen.run.today, placement.ends) - placement.starts) / max(
        placement.ends - placement.starts, DAY
    )
    done = round(len(own) * min(over, 1.0))
    if placement.ends >= pen.run.today:
        done = min(done, len(own) - WAITING)
    evidence = [draft.fact for draft in entries if draft.fact.placement_id == placement.pk]  # type: ignore[attr-defined]
    found: list[Draft] = []
    for number, competency in enumerate(own[: done + WAITING]):
        seen = [entry for entry in evidence if competency.code in entry.touched.splitlines()]  # type: ignore[attr-defined]
        about = {"enrolment": pen.enrolment, "competency": competency, "placement": placement}
        # Asked when all that it rests on was logged.
        day = worked[min(number * len(worked) // len(own), len(worked) - 1)]
        day = max([day, *(entry.entry.about_from for entry in seen[:4])])
        shown = text_of(Piece(entry.entry.uuid, entry.entry.hash) for entry in seen[:4])
        request = SignOffRequest(assessor=supervisor, evidence=shown, **about)
        if number >= done:
            if placement.ends >= pen.run.today:
                found.append(pen.draft(request, day))
            continue
        drafted = pen.draft(request, day)
        if number % 9 < 8:
            fact = _answer(request, SignOff.Outcome.ACHIEVED)
            found += [drafted, pen.draft(fact, day)]
            continue
        first = _answer(request, SignOff.Outcome.NOT_YET)
        found += [drafted, pen.draft(first, day, feedback=NOT_YET, next_step=NEXT)]
        # All but the newest of them were achieved at the next go.
        if done - number > LATELY or placement.ends < pen.run.today:
            later = min(day + 10 * DAY, max(day, worked[-1]))
            again = SignOffRequest(assessor=supervisor, evidence=shown, **about)
            found.append(pen.draft(again, later))
            fact = _answer(again, SignOff.Outcome.ACHIEVED, after=first)
            found.append(pen.draft(fact, later))
    return found


def _answer(
    request: SignOffRequest, outcome: SignOff.Outcome, after: SignOff | None = None
) -> SignOff:
    """What the supervisor signs of a request."""
    achieved = outcome == SignOff.Outcome.ACHIEVED
    return SignOff(
        enrolment=request.enrolment,
        competency=request.competency,
        placement=request.placement,
        outcome=outcome,
        level=request.competency.level if achieved else None,
        person=request.assessor,
        capacity=SignOff.Capacity.PRACTICE_EDUCATOR,
        proof=ShiftDecision.Proof.PASSWORD,
        wording=reference.wording(WORDINGS[outcome]),
        evidence=request.evidence,
        request=request,
        supersedes=after,
    )


def _excused(pen: Pen, stays: list[Stay], wanted: list[Competency]) -> list[Draft]:
    """What the programme's lead approved as not applicable, for some in their third year."""
    third = next((stay for stay in stays if stay.placement.stage.year == 3), None)
    competency = next((row for row in wanted if row.code == EXCUSED), None)
    if third is None or competency is None or not (pen.is_persona("student") or pen.chance(0.2)):
        return []
    lead = pen.run.personas["programme_lead"]
    fact = NotApplicable(enrolment=pen.enrolment, competency=competency, person=lead)
    return [pen.draft(fact, third.worked[0], reason=WHY_EXCUSED)]


def _revoked(pen: Pen, signed: list[Draft]) -> list[Draft]:
    """For some students a sign-off that was taken back, and signed again for most of them."""
    found = [fact for draft in signed if (fact := _achieved(draft)) and fact.supersedes is None]
    amara = pen.is_persona("student")
    if not found or not (amara or pen.chance(0.15)):
        return []
    fact = found[len(found) * 2 // 3]
    seen = fact.entry.about_from
    revocation = Revocation(sign_off=fact, person=fact.person)
    drafts = [pen.draft(revocation, seen + 3 * DAY, reason=WHY_REVOKED)]
    if not amara and pen.chance(0.7):
        again = SignOff(
            enrolment=fact.enrolment,
            competency=fact.competency,
            placement=fact.placement,
            outcome=fact.outcome,
            level=fact.level,
            person=fact.person,
            capacity=fact.capacity,
            proof=fact.proof,
            wording=fact.wording,
            evidence=fact.evidence,
            supersedes=fact,
        )
        last = fact.placement.ends if fact.placement else seen
        drafts.append(pen.draft(again, max(seen, min(seen + 7 * DAY, last))))
    return drafts


def _achieved(draft: Draft) -> SignOff | None:
    fact = draft.fact
    if isinstance(fact, SignOff) and fact.outcome == SignOff.Outcome.ACHIEVED:
        return fact
    return None


def _correct(pen: Pen, entries: list[Draft], signed: list[Draft]) -> None:
    """The newest examination that only what is signed rests on is corrected, so that it waits beside the sign-offs."""
    answered = {one.fact.competency_id for one in signed if isinstance(one.fact, SignOff)}
    for draft in reversed(entries):
        old: LogEntry = draft.fact  # type: ignore[assignment]
        mark = old.entry.uuid
        resting = [one for one in signed if str(mark) in one.fact.evidence]  # type: ignore[attr-defined]
        facts = [fact for one in resting if (fact := _achieved(one))]
        if not facts or any(one.fact.competency_id not in answered for one in resting):  # type: ignore[attr-defined]
            continue
        new = LogEntry(
            enrolment=old.enrolment,
            placement=old.placement,
            examination=old.examination,
            tracer=old.tracer,
            role=Role.ASSISTED if old.role != Role.ASSISTED else Role.OBSERVED,
            operator=old.operator,
            age_band=old.age_band,
            case_number=old.case_number,
            touched=old.touched,
            supersedes=old,
        )
        correction = pen.draft(new, old.entry.about_from)
        correction.known_from = pen.run.today
        write([correction])
        piece = Piece(new.entry.uuid, new.entry.hash)
        write([pen.draft(_changed(fact, mark, piece), pen.run.today) for fact in facts])
        return


def _changed(fact: SignOff, mark: UUID, piece: Piece) -> SignOffRequest:
    """The portal asks again where a sign-off rests on what was corrected."""
    return SignOffRequest(
        enrolment=fact.enrolment,
        competency=fact.competency,
        placement=fact.placement,
        assessor=fact.person,
        because=SignOffRequest.Because.CHANGED,
        evidence=replaced(fact.evidence, mark, [piece], ()),
    )
