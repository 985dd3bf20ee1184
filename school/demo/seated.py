"""Who comes to an OSCE of the demo, who examines there, and its timetable."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from logbooks.osces.day import actions as days_of
from logbooks.osces.day import announcing
from logbooks.osces.day.plan import Circuit, Plan, Session
from logbooks.osces.day.queries import seen
from logbooks.osces.models import Candidate, Exam
from placements.models import Enrolment
from school.core import days
from school.demo.run import Build

WHERE = "Simulation suite, level 2"
# The practice educator who is signed in as examines at the first station of the first circuit.
FIRST = ("practice_educator", "school_educator_2")
CIRCUITS = "AB"

# Session names with the instants between which they are held.
Hours = Sequence[tuple[str, datetime, datetime]]


def hours_around(now: datetime) -> tuple[datetime, datetime]:
    """A session that began 20 minutes ago, or a little more, and ends on the same day as it began."""
    today = days.london_day(now)
    begun = now - timedelta(minutes=20 + now.minute % 5, seconds=now.second)
    start = max(begun.replace(microsecond=0), days.start_of_day(today))
    return start, min(start + timedelta(hours=4), days.instant(today, time(23, 59)))


def seat(run: Build, exam: Exam, year: str, hours: Hours) -> None:
    """Everybody in the year of one persona, on two circuits in each session, with the timetable announced."""
    lead = run.personas["school_educator"]
    enrolled = Enrolment.objects.filter(cohort__enrolments__person=run.personas[year]).order_by(
        "pk"
    )
    numbers = run.rng.sample(days_of.NUMBERS, len(enrolled))
    for row, number in zip(enrolled, numbers, strict=True):
        # By hand, since the action draws numbers that no seed repeats.
        own = Candidate.objects.create(uuid=run.uuid(), exam=exam, enrolment=row, number=number)
        if row.person == run.personas["student"]:
            days_of.change_needs(
                by=lead, candidate=own, extra=25, rests=1, in_a_row=0, earliest=None, session=""
            )
    days_of.save_plan(by=lead, exam=exam, plan=_plan(run, exam, hours), seen=seen(""))
    exam.refresh_from_db()
    announcing.announce(by=lead, exam=exam, uuid=run.uuid(), seen=None)


def _plan(run: Build, exam: Exam, hours: Hours) -> Plan:
    """An examiner for each station of each circuit: two personas, then educators of the sites."""
    stations = exam.places.filter(version__isnull=False).count()
    colleagues = [one for _, found in sorted(run.educators.items()) for one in found]
    chosen = [*(run.personas[key] for key in FIRST), *colleagues]
    people = [one.uuid for one in dict.fromkeys(chosen)][: len(CIRCUITS) * stations]
    circuits = tuple(
        Circuit(letter, 10, 5 * ring, tuple((one,) for one in people[ring :: len(CIRCUITS)]))
        for ring, letter in enumerate(CIRCUITS)
    )
    return Plan(
        tuple(
            # An exam of today begins at whatever time the demo is built.
            Session(
                name, WHERE, days.local(start), days.local(end), circuits, exam.day == run.today
            )
            for name, start, end in hours
        )
    )
