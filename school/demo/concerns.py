"""The demo's concerns at the personas' site: one that was closed, and one that is open."""

from datetime import date, timedelta

from placements.models import Concern, ConcernReader, ConcernStep, Placement
from school.core.ledger import Draft
from school.demo.run import Build
from school.demo.timetable import EARLIER_HERE, Stay
from school.people.models import Person

OPEN = (
    "Came late twice this week and was tired on the second day. Says that the first bus does not come. "
    "I would like us to find another start time before it goes on."
)
PAST = "Felt unsure in the injection room and stepped back from it without saying so."
CLOSED = "We went through the injection room together twice, and it went well the second time."
ASKED = "Asked about the buses. A start at 09:00 would work; waiting for the site."


def about(run: Build, placement: Placement, stay: Stay, educator: Person) -> list[Draft]:
    """What was raised about one placement: about the second student persona's, and once in an earlier year."""
    lead, tutor = run.personas["site_lead"], run.personas["university_tutor"]
    if placement.enrolment.person == run.personas["student_2"] and stay.starts < run.today:
        raised = min(stay.starts + timedelta(days=2), run.today)
        readers = [lead, tutor, run.personas["coordinator"]]
        steps = [(tutor, ConcernStep.Outcome.NOTE, ASKED, run.today)]
        return _concern(run, placement, educator, OPEN, raised, readers, steps)
    if (stay.index, stay.year) == (EARLIER_HERE[0], 2) and stay.ends < run.today:
        raised = stay.starts + timedelta(days=2)
        steps = [(lead, ConcernStep.Outcome.RESOLVED, CLOSED, raised + timedelta(days=3))]
        return _concern(run, placement, educator, PAST, raised, [lead, tutor], steps)
    return []


def _concern(
    run: Build,
    placement: Placement,
    by: Person,
    words: str,
    raised: date,
    readers: list[Person],
    steps: list[tuple[Person, ConcernStep.Outcome, str, date]],
) -> list[Draft]:
    concern = Concern(placement=placement, person=by)

    def draft(fact: Concern | ConcernReader | ConcernStep, known: date, **texts: str) -> Draft:
        return Draft(
            fact=fact,
            book=placement.enrolment.book,
            about_from=raised,
            uuid=run.uuid(),
            known_from=known,
            texts=texts,
        )

    return [
        draft(concern, raised, words=words),
        *(draft(ConcernReader(concern=concern, person=reader), raised) for reader in readers),
        *(
            draft(ConcernStep(concern=concern, person=who, outcome=outcome), known, words=said)
            for who, outcome, said, known in steps
        ),
    ]
