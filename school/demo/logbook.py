"""The demo's log books: examinations on the days that students worked, and what their educators signed of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from logbooks.competencies import queries, standing
from logbooks.competencies.actions.signing import WORDINGS
from logbooks.competencies.evidence import Piece, text_of
from logbooks.competencies.lines import joined
from logbooks.competencies.models import (
    Competency,
    ExaminationType,
    LogEntry,
    Role,
    SignOff,
    SignOffRequest,
    Tracer,
)
from placements import reference
from placements.models import CurrentShift, Enrolment, Placement, ShiftDecision, Supervision
from school.core import days
from school.core.ledger import Draft
from school.demo.run import NAMESPACE, Build, write
from school.people.models import Person

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
NEXT = "Do three more with me in the room, and say each step aloud before you take it."
WAITING = 3


@dataclass
class _Pen:
    """What one log book is written with: numbers and keys of its own, so that nothing else of the demo changes."""

    run: Build
    enrolment: Enrolment
    rng: random.Random
    number: int = 0

    def uuid(self) -> UUID:
        self.number += 1
        return uuid5(NAMESPACE, f"log book {self.enrolment.uuid} {self.number}")

    def draft(self, fact: LogEntry | SignOff | SignOffRequest, day: date, **texts: str) -> Draft:
        return Draft(
            fact=fact,
            book=self.enrolment.book,
            about_from=day,
            about_to=day if isinstance(fact, LogEntry) else None,
            uuid=self.uuid(),
            known_from=min(day, self.run.today),
            texts=texts,
        )


def build_log_books(run: Build, enrolments: list[Enrolment]) -> None:
    """The log books of some students: what they saw, what was signed, and what waits for the personas' educator."""
    types = {row.code: row for row in ExaminationType.objects.all()}
    tracers = {row.code: row for row in Tracer.objects.all()}
    for enrolment in enrolments:
        version = queries.version_of(enrolment)
        if version is None:
            return
        pen = _Pen(run, enrolment, random.Random(f"{run.seed} {enrolment.uuid}"))
        wanted = list(queries.competencies_of(version).prefetch_related("counts__examination"))
        entries: list[Draft] = []
        stays = [
            (placement, worked, supervisor)
            for placement, worked, supervisor in _stays(enrolment)
            if worked
        ]
        for placement, worked, supervisor in stays:
            own = [row for row in wanted if row.year == placement.stage.year]
            entries += _examinations(
                pen, placement, worked, supervisor, own, types, tracers, len(entries)
            )
        write(entries)
        # What one site signed is not asked for at the next.
        left = wanted
        for stay in stays:
            drafts = _signed(pen, *stay, left, entries)
            write(drafts)
            said = {draft.fact.competency_id for draft in drafts}  # type: ignore[attr-defined]
            left = [row for row in left if row.pk not in said]
        standing.rebuild(enrolment)


def _stays(enrolment: Enrolment) -> Iterator[tuple[Placement, list[date], Person]]:
    """Each placement with the days worked there and who supervises it."""
    shifts: dict[int, list[date]] = {}
    rows = CurrentShift.objects.filter(enrolment=enrolment, state__in=CurrentShift.LIVE)
    for placement, start in rows.order_by("start").values_list("placement", "start"):
        shifts.setdefault(placement, []).append(days.london_day(start))
    supervisors = Supervision.objects.filter(placement__enrolment=enrolment).order_by("pk")
    who = {row.placement_id: row.person for row in supervisors.select_related("person")}
    placements = enrolment.placements.select_related("stage", "site").order_by("starts")
    for placement in placements:
        if placement.pk in who:
            yield placement, shifts.get(placement.pk, []), who[placement.pk]


def _examinations(
    pen: _Pen,
    placement: Placement,
    worked: list[date],
    supervisor: Person,
    own: list[Competency],
    types: dict[str, ExaminationType],
    tracers: dict[str, Tracer],
    before: int,
) -> list[Draft]:
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


def _signed(
    pen: _Pen,
    placement: Placement,
    worked: list[date],
    supervisor: Person,
    left: list[Competency],
    entries: list[Draft],
) -> list[Draft]:
    """As many of the year's competencies as the share of the placement that is over; the next few wait."""
    own = [row for row in left if row.year == placement.stage.year]
    over = (min(pen.run.today, placement.ends) - placement.starts) / max(
        placement.ends - placement.starts, DAY
    )
    done = round(len(own) * min(over, 1.0))
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
                found.append(pen.draft(request, min(day, pen.run.today)))
            continue
        not_yet = number % 9 == 8
        outcome = SignOff.Outcome.NOT_YET if not_yet else SignOff.Outcome.ACHIEVED
        fact = SignOff(
            outcome=outcome,
            level=None if not_yet else competency.level,
            person=supervisor,
            capacity=SignOff.Capacity.PRACTICE_EDUCATOR,
            proof=ShiftDecision.Proof.PASSWORD,
            wording=reference.wording(WORDINGS[outcome]),
            evidence=shown,
            request=request,
            **about,
        )
        texts = (
            {"feedback": "Careful, and slow where it matters. Not alone yet.", "next_step": NEXT}
            if not_yet
            else {}
        )
        found += [pen.draft(request, day), pen.draft(fact, day, **texts)]
    return found
