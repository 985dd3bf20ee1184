"""The demo's OSCEs: six stations of PET-CT that two School educators wrote, exams to come, of today and over, and a draft."""

from datetime import time, timedelta
from typing import NamedTuple
from uuid import uuid5

from logbooks.osces import sealing
from logbooks.osces.exams import actions as exams
from logbooks.osces.exams import queries as designs
from logbooks.osces.exams.document import Document as Design
from logbooks.osces.exams.document import Kind as At
from logbooks.osces.exams.document import Place
from logbooks.osces.models import Exam, StationVersion
from logbooks.osces.stations import actions as bank
from logbooks.osces.stations.document import Document, Item, Kind
from school.core import days, registries
from school.demo import decided, marked
from school.demo.run import Build
from school.demo.seated import Hours, hours_around, seat
from school.people.models import Person

DAY = timedelta(days=1)
# How many days the two exams of the third year are away.
AHEAD, AGO = 35, 42
SAFETY, TALK, SKILL, JUDGEMENT = "Safety", "Communication", "Technique", "Judgement"


class Row(NamedTuple):
    """An item: its words, domain, competencies, marks (1 is done or not done), and whether it is critical."""

    words: str
    domain: str
    codes: str = ""
    most: int = 2
    critical: bool = False


class Asked(NamedTuple):
    """A station: its title, minutes, what the candidate and the examiner read, the patient's part, and the items."""

    title: str
    minutes: int
    candidate: str
    examiner: str
    patient: str
    rows: tuple[Row, ...]


STATIONS = (
    Asked(
        "Identity and pregnancy enquiry",
        7,
        "A woman of 34 has come for a half-body examination with FDG. Find out who she is, and make the enquiries that come before the injection.",
        "The wrist band has another year of birth than the request. A good candidate stops there.",
        "You are calm. You say your year of birth as it is on the request. You are not pregnant and your last period began ten days ago.",
        (
            Row("Introduces themselves and says what will happen", TALK, "B8", 1),
            Row("Asks an open question for three identifiers", SAFETY, "A10", 2, True),
            Row(
                "Finds the mismatch and goes no further until it is resolved",
                SAFETY,
                "A10",
                2,
                True,
            ),
            Row("Makes the pregnancy enquiry in private", SAFETY, "A11"),
            Row("Records the answer with the last menstrual period", SKILL, "A11", 1),
            Row("Asks about breast-feeding and explains why", TALK, "A12"),
            Row("Thanks the person and says what comes next", TALK, "B8", 1),
        ),
    ),
    Asked(
        "Preparing a person with diabetes",
        8,
        "A man of 61 with diabetes has come for an examination with FDG. Check how he has prepared, and decide what to do. His measured glucose is on the card.",
        "The glucose is above the site’s limit. The candidate should ask for help and not inject.",
        "You take tablets and had tea with sugar three hours ago. You say so only if you are asked what you drank.",
        (
            Row("Asks when he last ate and drank, and what", TALK, "B7"),
            Row("Asks about insulin and tablets, with times", TALK, "B6 B7"),
            Row("Compares the glucose with the site’s limit", JUDGEMENT, "B6", 2, True),
            Row("Asks for help before anything is injected", SAFETY, "B6 A7"),
            Row("Explains why rest and warmth matter after the injection", TALK, "B2"),
            Row("Cleans the hands before touching him", SAFETY, "B9", 1),
            Row("Notices that he is worried, and answers it", TALK, "B3"),
        ),
    ),
    Asked(
        "Drawing up a dose",
        8,
        "The prescription is 350 MBq of FDG at 10:20. The vial, the label and the decay table are on the bench. Draw the dose and say whether it may be given.",
        "Water stands in for the tracer. The batch on the label differs from the sheet.",
        "",
        (
            Row("Wears dosimeter, gloves and apron", SAFETY, "A3", 1),
            Row("Compares label, batch and expiry with the prescription", SAFETY, "C4", 2, True),
            Row("Works out the activity at the time of injection", SKILL, "C1", 4),
            Row("Draws the volume behind shielding", SKILL, "C3"),
            Row("Assays the dose and reads it back with a second person", SKILL, "C3 C10"),
            Row("Says whether it is within the tolerance", JUDGEMENT, "C5"),
            Row("Keeps time near the vial short, and uses distance", SAFETY, "D11"),
            Row("Monitors hands before leaving the bench", SAFETY, "A5", 1),
        ),
    ),
    Asked(
        "Positioning for a half-body examination",
        8,
        "Position this person for a half-body examination, arms up. He says that his left shoulder is stiff.",
        "The arm can go up half way. Look for comfort and for what is recorded.",
        "You can lift the left arm to the height of the shoulder. You say that it hurts when anybody pushes it.",
        (
            Row("Prepares couch, head rest and arm supports", SKILL, "D1"),
            Row("Asks about the shoulder before moving it", TALK, "D2 B8"),
            Row("Finds a position that can be held for the whole examination", JUDGEMENT, "D2"),
            Row("Records that an arm is not up", SKILL, "D2", 1),
            Row("Aligns by the lasers", SKILL, "D3"),
            Row("Says what an arm in the field does to attenuation correction", JUDGEMENT, "D4"),
            Row("Explains how long to keep still, and how to call", TALK, "B8"),
            Row("Covers the person and checks for comfort", TALK, "B8", 1),
        ),
    ),
    Asked(
        "A spill in the uptake room",
        7,
        "A syringe has dripped on the floor of the uptake room. Nobody is hurt. Show and say what you do, to the end.",
        "The kit is complete. Ask once what would be recorded if the candidate does not say so.",
        "",
        (
            Row("Warns others and keeps them away", SAFETY, "A2 C9", 2, True),
            Row("Puts on protection from the kit", SAFETY, "C9", 1),
            Row("Contains the spill from the edge to the middle", SKILL, "C9"),
            Row("Monitors the floor and themselves", SKILL, "C9 A5"),
            Row("Says who has to be told, and reports it", JUDGEMENT, "A15"),
            Row("Says when the room may be used again", JUDGEMENT, "C9 A4"),
        ),
    ),
    Asked(
        "Reading a half-body image",
        8,
        "Look at the fused images on the screen. Say what is usual, what is artefact, and whether you would let the person go.",
        "There is brown fat at the neck, and an artefact of movement at the diaphragm.",
        "",
        (
            Row("Checks name, date and orientation first", SAFETY, "D10 A10", 1),
            Row("Points out the usual distribution of FDG", SKILL, "E1", 4),
            Row("Names structures on CT and follows them to PET", SKILL, "E3", 4),
            Row("Tells brown fat from disease, and says how", JUDGEMENT, "E2"),
            Row("Finds that the image is out of register", JUDGEMENT, "E6", 2, True),
            Row("Says what to repeat and what not", JUDGEMENT, "E6"),
            Row("Says it in words that a colleague can act on", TALK, "", 1),
        ),
    ),
)
READ = "Read the request and the label on the table. You may take notes in with you."


def build_examined(run: Build) -> None:
    """The stations, published by turns; an exam that is to come, one that is over, one of today, and a draft."""
    ines, owen = run.personas["school_educator"], run.personas["school_educator_2"]
    made = [
        _published(run, asked, *((ines, owen) if place % 2 else (owen, ines)))
        for place, asked in enumerate(STATIONS)
    ]
    framework = next((one.framework for one in registries.competencies()), "")
    before, rest = Place(At.PREPARATION, minutes=5, instructions=READ), Place(At.REST, minutes=5)
    at = [Place(At.STATION, version=one.uuid, digest=one.digest) for one in made]
    circuit = (at[0], at[1], before, *at[2:], rest)
    design = Design(framework=framework, places=circuit)
    coming = _frozen(run, "Year 3 OSCE", AHEAD, design)
    seat(run, coming, "student", _two_sessions(coming))
    over = _frozen(run, "Year 3 OSCE, first sitting", -AGO, design)
    seat(run, over, "student", _two_sessions(over))
    decided.build_decided(run, over)
    now = days.instant(run.today, run.at)
    running = _frozen(run, "Year 2 OSCE", 0, design)
    seat(run, running, "student_2", (("Session 1", *hours_around(now)),))
    marked.mark_until(run, running, now)
    marked.hear_tablets(run, running, now)
    draft = Design(framework=framework, places=(at[0], rest, at[4]))
    _written(run, owen, "Year 1 OSCE, first ideas", 120, draft)


def _frozen(run: Build, title: str, ahead: int, design: Design) -> Exam:
    """An exam that one educator wrote and the other froze."""
    ines, owen = run.personas["school_educator"], run.personas["school_educator_2"]
    exam = _written(run, ines, title, ahead, design)
    exams.submit(by=ines, exam=exam, seen=designs.seen(exam))
    exams.freeze(by=owen, exam=exam, uuid=run.uuid(), seen=designs.seen(exam))
    return Exam.objects.select_related("frozen", "book").get(pk=exam.pk)


def _two_sessions(exam: Exam) -> Hours:
    at = {hour: days.instant(exam.day, time(hour)) for hour in (9, 13, 14, 18)}
    return (("Morning", at[9], at[13]), ("Afternoon", at[14], at[18]))


def _written(run: Build, writer: Person, title: str, ahead: int, design: Design) -> Exam:
    """An exam of the year that its title begins with."""
    return exams.start(
        by=writer,
        title=title,
        day=run.today + ahead * DAY,
        year=int(title.split()[1]),
        document=design,
        uuid=run.uuid(),
    )


def _published(run: Build, asked: Asked, writer: Person, reader: Person) -> StationVersion:
    uuid = run.uuid()
    document = Document(
        title=asked.title,
        minutes=asked.minutes,
        candidate=asked.candidate,
        examiner=asked.examiner,
        patient=asked.patient,
        items=tuple(
            Item(
                key=uuid5(uuid, row.words),
                words=row.words,
                kind=Kind.CHECKLIST if row.most == 1 else Kind.PARTIAL,
                most=row.most,
                critical=row.critical,
                domain=row.domain,
                competencies=tuple(row.codes.split()),
            )
            for row in asked.rows
        ),
    )
    station = bank.start(by=writer, document=document, uuid=uuid)
    seen = sealing.digest(document)
    bank.submit(by=writer, station=station, seen=seen)
    return bank.publish(by=reader, station=station, uuid=run.uuid(), seen=seen)
