"""The demo's whole stages: earlier years that a final assessor signed, results from elsewhere, and what stands on paper."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

from logbooks.competencies import paper, stage_queries
from logbooks.competencies.actions.stages import WORDING
from logbooks.competencies.models import Competency, ExternalResult, SignOff, StageSignOff
from placements import reference
from placements.models import BroughtForward, DayType, Placement, ShiftDecision, Supervision
from school.core import documents, evidence
from school.core.ledger import Draft
from school.demo.pen import Pen, Stay
from school.people.models import Person

DAY = timedelta(days=1)
SIMULATION = "dispensing-simulation"
Outcome = SignOff.Outcome
# What the picture of a sheet of paper says, and under what name it is kept.
ON_PAPER = ("Log book, year 1", "seen at the site and signed on paper", "D. Sampleby (invented)")
SHEET = ("Radio-dispensing simulation", "result sheet of the university", "(invented)")
AGAIN = "The second go, two weeks after the first."
READY = "Ready for the year to come."


def on_paper(pen: Pen, stay: Stay, wanted: Sequence[Competency]) -> list[Draft]:
    """A year that was signed on paper before the portal, brought in a month later and sighted by the programme's lead."""
    digest = _kept(paper.FOLDER, pen, ON_PAPER)
    found = []
    for number, competency in enumerate(wanted):
        fact = SignOff(
            enrolment=pen.enrolment,
            competency=competency,
            outcome=Outcome.ACHIEVED,
            level=competency.level,
            person=pen.run.personas["programme_lead"],
            capacity=SignOff.Capacity.SIGHTED,
            proof=SignOff.Proof.PAPER,
            wording=reference.wording(paper.WORDING),
            site=stay.placement.site,
            scan=digest,
        )
        seen = stay.worked[number % len(stay.worked)]
        draft = pen.draft(fact, seen, assessor=stay.supervisor.name)
        draft.known_from = min(stay.placement.ends + 30 * DAY, pen.run.today)
        found.append(draft)
    return found


def hours(pen: Pen, stays: Sequence[Stay]) -> list[Draft]:
    """Hours on paper, where an earlier year of a student among the personas is a few short of its lowest."""
    found = []
    persona = pen.is_persona("student") or pen.is_persona("student_2")
    for stay in _over(pen, stays) if persona else ():
        stage = stay.placement.stage
        missing = stage.minimum_minutes - stage_queries.of_stage(pen.enrolment, stage).minutes
        if missing > 0:
            fact = BroughtForward(
                enrolment=pen.enrolment,
                stage=stage,
                site=stay.placement.site,
                part=DayType.Part.CLINICAL,
                minutes=missing,
                sighted_by=stay.supervisor,
            )
            day = stay.placement.ends
            found.append(pen.draft(fact, day, signed_by="R. Formerly", scan="paper log sheet"))
    return found


def results(pen: Pen, stays: Sequence[Stay]) -> list[Draft]:
    """Radio-dispensing simulations in the third year that the university held and the programme's lead recorded."""
    third = [stay for stay in stays if stay.placement.stage.year == 3 and len(stay.worked) > 14]
    amara = pen.is_persona("student")
    if not third or not (amara or pen.chance(0.5)):
        return []
    worked = third[0].worked
    if not amara:
        return [_result(pen, third[0], worked[9], Outcome.ACHIEVED)]
    first = _result(pen, third[0], worked[4], Outcome.NOT_YET)
    after: ExternalResult = first.fact  # type: ignore[assignment]
    return [first, _result(pen, third[0], worked[14], Outcome.ACHIEVED, after=after)]


def _result(
    pen: Pen, stay: Stay, day: date, outcome: SignOff.Outcome, after: ExternalResult | None = None
) -> Draft:
    tasks = {task.code: task for task in reference.tasks(stay.placement.stage_id)}
    fact = ExternalResult(
        enrolment=pen.enrolment,
        task=tasks[SIMULATION],
        outcome=outcome,
        document=_kept(stage_queries.FOLDER, pen, (*SHEET, outcome.label, str(day))),
        sighted_by=pen.run.personas["programme_lead"],
        supersedes=after,
    )
    words = {"what": "Radio-dispensing simulation", "place": pen.enrolment.university.name}
    return pen.draft(fact, day, **words, reason=AGAIN if after else "")


def signed(pen: Pen, stays: Sequence[Stay]) -> list[Draft]:
    """The final assessors of the placements that are over, and the stages that they signed: those of which all stands.

    At the personas' site the newest waits for its lead, so that a newcomer can sign one.
    """
    found: list[Draft] = []
    over = _over(pen, stays)
    for stay in over:
        placement = stay.placement
        standing = stage_queries.of_stage(pen.enrolment, placement.stage)
        rests = stage_queries.rests_of(pen.enrolment, standing)
        if standing.missing or rests is None:
            continue
        assessor = pen.run.leads[0, pen.run.sites.index(placement.site)]
        waits = assessor == pen.run.personas["site_lead"] and stay == over[-1]
        found.append(_assessing(pen, placement, assessor, waits=waits))
        if waits:
            continue
        fact = StageSignOff(
            enrolment=pen.enrolment,
            stage=placement.stage,
            framework_version=rests.version,
            placement=placement,
            person=assessor,
            capacity=SignOff.Capacity.ASSESSOR,
            proof=ShiftDecision.Proof.PASSWORD,
            wording=reference.wording(WORDING),
            minutes=rests.minutes,
            rests_on=rests.text,
        )
        found.append(pen.draft(fact, placement.ends + 7 * DAY, feedback=READY, exception=""))
    return found


def _assessing(pen: Pen, placement: Placement, assessor: Person, *, waits: bool) -> Draft:
    fact = Supervision(placement=placement, person=assessor, capacity=Supervision.Capacity.ASSESSOR)
    draft = pen.draft(fact, placement.starts)
    draft.about_to = None if waits else placement.ends + 28 * DAY
    return draft


def _over(pen: Pen, stays: Sequence[Stay]) -> list[Stay]:
    """The placements that ended a month ago or earlier."""
    return [stay for stay in stays if stay.placement.ends + 30 * DAY < pen.run.today]


def _kept(folder: str, pen: Pen, lines: Sequence[str]) -> str:
    """Keeps the picture of a sheet of paper with some lines on it; gives its SHA-256."""
    # Loaded by whoever draws: every process would pay for it.
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (620, 877), 255)
    pencil = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pencil.text((60, 80 + 40 * number), line, fill=0, font=ImageFont.load_default(size=22))
    file = BytesIO()
    picture.save(file, "PNG")
    data = evidence.taken_in(file.getvalue())
    digest = documents.digest(data)
    documents.keep(folder, stage_queries.name_of(pen.enrolment, digest), data)
    return digest
