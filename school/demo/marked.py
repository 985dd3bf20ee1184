"""What examiners of the demo's OSCEs marked: every sheet by the taps of a tablet, better candidates with more marks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked, announced_of
from logbooks.osces.day.queries import marked as stations_of
from logbooks.osces.marking import actions
from logbooks.osces.marking.events import Tap
from logbooks.osces.marking.register import COMMENT, GRADE, Unmarked, Value
from logbooks.osces.models import Candidate, Exam, MarkSheet, Tablet
from logbooks.osces.stations.document import Item
from logbooks.osces.timetable.exam import Visit
from school.core.models import Book
from school.demo.run import NAMESPACE, Build
from school.people.models import Person

# Of the marks at a station, by the candidate: from the worst to the best, and the persona's.
WEAK, USUAL, PERSONA = (0.34, 0.4, 0.46), (0.64, 0.93), 0.84
# From which share of the marks on an examiner gives the grades from 2 to 5.
GRADES = (0.42, 0.6, 0.74, 0.88)
HARD = (0.04, 0.0, -0.07, 0.03, 0.0, -0.08)

# What examiners wrote, for weak and for good candidates, by the station.
SAID = (
    (
        "Read the wrist band and went on. The mismatch has to stop you before anything else.",
        "Stopped at the year of birth at once, and explained the delay kindly.",
    ),
    (
        "Asked about tablets but not about drinks, so the sugared tea stayed unknown.",
        "Listened first, then asked for help before touching the syringe.",
    ),
    (
        "Unsure with the decay table. Practise the calculation with a colleague.",
        "Batch checked aloud, and a clean read-back.",
    ),
    (
        "Lifted the arm before asking about the shoulder.",
        "Found a position that he could hold, and recorded it without a reminder.",
    ),
    (
        "Cleaned towards the outside. Begin at the edge, and tell others first.",
        "Warned others at once and worked calmly to the end.",
    ),
    (
        "Described brown fat as disease. Compare with the CT before you name it.",
        "Systematic from head to thigh; name and date first.",
    ),
)


@dataclass
class Marker:
    """The sheets of one exam while they are marked."""

    run: Build
    exam: Exam
    told: Announced
    stations: dict[str, Marked]
    candidates: dict[str, Candidate]
    examiners: dict[str, Person]
    shares: dict[str, float]

    def sheet(self, visit: Visit) -> MarkSheet:
        """A new sheet for a visit, by hand, since the action draws keys that no seed repeats."""
        [examiner] = self.told.examiners_at(visit)
        return MarkSheet.objects.create(
            uuid=self.run.uuid(),
            book=Book.objects.create(uuid=self.run.uuid(), kind=Book.Kind.MARK_SHEET),
            exam=self.exam,
            candidate=self.candidates[visit.candidate],
            place=self.stations[visit.station].place,
            examiner=self.examiners[examiner],
            site=self.told.site_of(visit.session),
            circuit=f"{visit.session} {visit.circuit}",
        )

    def taps(self, sheet: MarkSheet, visit: Visit, unseen: int = 0) -> list[Tap]:
        """The taps of a whole sheet, spread over the visit; the item with the number `unseen` was not observed."""
        station = self.stations[visit.station]
        share = self.shares[visit.candidate] + HARD[station.order - 1] + self.run.rng.gauss(0, 0.06)
        said: list[tuple[str, Value, str]] = []
        reached = most = 0
        for number, item in enumerate(station.document.items, start=1):
            mark = self._mark(item, share)
            said.append((str(item.key), Unmarked.NOT_OBSERVED if number == unseen else mark, ""))
            reached, most = reached + mark, most + item.most
        judged = reached / most + self.run.rng.gauss(0, 0.04)
        grade = 1 + sum(judged >= least for least in GRADES)
        said.append((GRADE, grade, ""))
        if grade in (1, 2, 5):
            said.append((COMMENT, Unmarked.WORDS, SAID[station.order - 1][grade == 5]))
        step = (visit.ends - visit.starts) / (len(said) + 1)
        return [
            Tap(
                uuid=self.run.uuid(),
                device=device(self.exam, sheet.examiner),
                number=number,
                part=part,
                value=value,
                at=(visit.starts + number * step).replace(microsecond=0),
                words=words,
            )
            for number, (part, value, words) in enumerate(said, start=1)
        ]

    def _mark(self, item: Item, share: float) -> int:
        if len(item.choices) == 2:
            return item.most if self.run.rng.random() < share + 0.08 else 0
        share += 0.06 if item.critical else 0
        return sum(self.run.rng.random() < share for _ in range(item.most))

    def keep(self, sheet: MarkSheet, visit: Visit, taps: list[Tap]) -> None:
        """Writes taps as their examiner sent them."""
        document = self.stations[visit.station].document
        done = actions.keep(by=sheet.examiner, sheet=sheet, document=document, taps=taps)
        assert not done.refused, done.refused

    def close(self, sheet: MarkSheet, visit: Visit) -> None:
        """Closes a sheet as it stands."""
        document = self.stations[visit.station].document
        actions.close(by=sheet.examiner, sheet=sheet, document=document, uuid=self.run.uuid())


def device(exam: Exam, examiner: Person) -> UUID:
    """The tablet of an examiner."""
    return uuid5(NAMESPACE, f"tablet {exam.uuid} {examiner.uuid}")


def marker(run: Build, exam: Exam) -> Marker:
    """What the sheets of an exam are marked with; how good each candidate is, is drawn here."""
    told = announced_of(exam)
    assert told
    rows = list(exam.candidates.select_related("enrolment__person").order_by("pk"))
    shares = {str(one.uuid): run.rng.uniform(*USUAL) for one in rows}
    personas = {run.personas["student"], run.personas["student_2"]}
    own = [str(one.uuid) for one in rows if one.enrolment.person in personas]
    others = [key for key in shares if key not in own]
    shares |= dict.fromkeys(own, PERSONA)
    shares |= dict(zip(run.rng.sample(others, len(WEAK)), WEAK, strict=True))
    people = Person.objects.filter(uuid__in=[one.key for one in told.exam.examiners])
    return Marker(
        run,
        exam,
        told,
        {one.name: one for one in stations_of(exam)},
        {str(one.uuid): one for one in rows},
        {str(one.uuid): one for one in people},
        shares,
    )


def visits(mark: Marker) -> list[Visit]:
    """Who is at a marked station when, in order of time."""
    return [one for one in mark.told.timetable.visits if one.station in mark.stations]


def mark_until(run: Build, exam: Exam, now: datetime) -> None:
    """The sheets of whoever has begun: closed after the visit but for one, and half marked in it."""
    mark = marker(run, exam)
    begun = [one for one in visits(mark) if one.starts < now]
    over = [one for one in begun if one.ends <= now]
    for visit in begun:
        sheet = mark.sheet(visit)
        taps = mark.taps(sheet, visit)
        gone = [tap for tap in taps if tap.at and tap.at <= now]
        mark.keep(sheet, visit, gone)
        if visit in over and visit != over[-1]:
            mark.close(sheet, visit)


def hear_tablets(run: Build, exam: Exam, now: datetime) -> None:
    """Signs of life of tablets: one was last heard some minutes ago with two marks that only it has."""
    sheets = MarkSheet.objects.filter(exam=exam).select_related("examiner").order_by("pk")
    people = list(dict.fromkeys(one.examiner for one in sheets))
    Tablet.objects.bulk_create(
        Tablet(
            exam=exam,
            examiner=one,
            device=device(exam, one),
            unsent=2 if one == people[-1] else 0,
            heard_at=now - timedelta(minutes=6 if one == people[-1] else 0),
        )
        for one in people
    )
