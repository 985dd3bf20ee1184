"""The day of an exam made ready by the actions themselves, for tests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from logbooks.osces.day import actions, announcing, queries
from logbooks.osces.day.plan import Circuit, Plan, Session
from logbooks.osces.models import Candidate, Exam, Timetabled
from placements.models import Cohort, Enrolment
from school.people.models import Person
from tests.factories import make_person, make_student
from tests.logbooks.osces.day.made import START
from tests.logbooks.osces.exams.made import design, frozen, versions
from tests.logbooks.osces.stations.made import educator


@dataclass(frozen=True, slots=True)
class Ready:
    """A frozen exam of two stations and a rest, whose one circuit has an examiner at each; nothing is announced."""

    exam: Exam
    lead: Person
    reader: Person
    examiners: list[Person]
    candidates: list[Candidate]

    @property
    def cohort(self) -> Cohort:
        """The cohort of the candidates."""
        return Enrolment.objects.earliest("pk").cohort


def ready(students: int = 2, start: datetime = START, circuits: int = 1) -> Ready:
    """Candidates from a cohort and a session of two hours."""
    lead, reader = educator("Wanda Writer"), educator("Rita Reader")
    exam = frozen(lead, reader, design(*versions(lead, reader)), day=start.date()).exam
    for number in range(1, students + 1):
        make_student(f"Student {number}", ends=start.date())
    examiners = [make_person(f"Examiner {number + 1}") for number in range(2 * circuits)]
    made = Ready(exam, lead, reader, examiners, [])
    made.candidates.extend(actions.add_candidates(by=lead, exam=exam, cohort=made.cohort))
    write_plan(made, plan(made, start))
    return made


def plan(made: Ready, start: datetime = START, hours: int = 2) -> Plan:
    """One session with as many circuits as there are pairs of examiners."""
    keys = [one.uuid for one in made.examiners]
    circuits = tuple(
        Circuit("ABCD"[ring], 0, 0, ((keys[2 * ring],), (keys[2 * ring + 1],)))
        for ring in range(len(keys) // 2)
    )
    return Plan(
        (Session("Morning", "Elm Hospital", start, start + timedelta(hours=hours), circuits),)
    )


def write_plan(made: Ready, said: Plan, by: Person | None = None) -> Exam:
    """Saves a plan as it stands now."""
    made.exam.refresh_from_db()
    seen = queries.seen(made.exam.plan)
    actions.save_plan(by=by or made.lead, exam=made.exam, plan=said, seen=seen)
    made.exam.refresh_from_db()
    return made.exam


def seen(made: Ready) -> UUID | None:
    """The timetable that stands, as a page shows it."""
    standing = queries.timetabled(made.exam)
    return standing.entry.uuid if standing else None


def announce(made: Ready) -> Timetabled:
    """Works out the timetable and announces it."""
    return announcing.announce(by=made.lead, exam=made.exam, uuid=uuid4(), seen=seen(made))
