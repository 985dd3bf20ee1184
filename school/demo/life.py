"""What happened around the hours of the demo's placements: checks, meetings, doses, evaluations, and what is told in confidence."""

from datetime import date, timedelta

from simple_history.utils import bulk_create_with_history

from placements import meetings, reference
from placements.models import (
    Check,
    CheckKind,
    Cover,
    DoseReading,
    Enrolment,
    Interruption,
    Meeting,
    MeetingSignature,
    Placement,
    PlacementEvaluation,
    PregnancyDeclaration,
    ReasonableAdjustment,
    ShiftDecision,
    SitePreference,
)
from school.core import days
from school.core.ledger import Draft
from school.core.models import Book, Fact
from school.demo import concerns
from school.demo.run import Build, write
from school.demo.timetable import MOVED_HERE, PAUSED, SOON_HERE, Stay
from school.people.models import Person
from school.people.network import network_book

DAY = timedelta(days=1)
CHOICES = 3
BADGE = timedelta(days=27)  # the first and the last day of a badge's four weeks apart
Capacity = MeetingSignature.Capacity

RECORDS = {
    Meeting.Kind.INITIAL: "By the middle: set up and position for a whole-body scan under direct supervision.\n"
    "By the end: prepare an injection room alone and explain the scan to a patient.\n"
    "We sit together for half an hour every Thursday.",
    Meeting.Kind.MIDWAY: "Going well: talks with patients, positioning.\n"
    "To do until the end: two lists in the injection room each week, and write one reflection on dose.",
    Meeting.Kind.FINAL: "Everything in the learning contract was reached. Careful, punctual, asks when unsure.\n"
    "Next: more time at the console.",
    Meeting.Kind.THREE_WAY: "All three are content with the hours so far.\n"
    "The site offers a day in radiopharmacy; the university moves the reflection to next week.",
    Meeting.Kind.VISIT: "Saw the student greet and prepare two patients. Settled in well. Nothing to follow up.",
}
COMMENTS = (
    "Everybody explained what they were doing, even on full lists.",
    "I would have liked more time at the console.",
    "The rota came late, but people were kind about swapping.",
)


def around(
    run: Build, copy: int, placement: Placement, stay: Stay, educator: Person
) -> list[Draft]:
    """The facts around one placement beside its steps and hours."""
    found = _checks(run, placement, stay, educator)
    if stay.site == 0:
        found += _meetings(run, copy, placement, stay, educator)
        found += _doses(run, placement, stay)
    found += _evaluation(run, placement, stay)
    found += _pause(run, placement, stay)
    if copy == 0 and stay.site == 0:
        found += _in_confidence(run, placement, stay)
        found += concerns.about(run, placement, stay, educator)
    return found


def _draft(
    run: Build,
    placement: Placement,
    fact: Fact,
    first: date,
    last: date | None,
    known: date,
    **texts: str,
) -> Draft:
    return Draft(
        fact=fact,
        book=placement.enrolment.book,
        about_from=first,
        about_to=last,
        uuid=run.uuid(),
        known_from=known,
        texts=texts,
    )


def _checks(run: Build, placement: Placement, stay: Stay, educator: Person) -> list[Draft]:
    """Who is at a site or will be has shown what it asks for; who comes soon to the personas' site lacks two."""
    asked = run.checks.get(placement.site_id, [])
    if stay.ends < run.today:
        return []
    lacking: tuple[str, ...] = ()
    if stay.site == 0 and stay.index == SOON_HERE:
        lacking = (CheckKind.MANUAL_HANDLING, CheckKind.DOSE_BADGE)
    shown = min(stay.starts, run.today) - timedelta(days=10)
    found = []
    for kind in asked:
        since = shown
        if stay.moved and kind == CheckKind.MANUAL_HANDLING:
            # Accepted for a year, so it runs out before the placement does.
            since = days.add_months(run.today, -12) + timedelta(days=20)
        if kind not in lacking:
            fact = Check(
                enrolment=placement.enrolment,
                check_kind=kind,
                site=placement.site if kind in Check.LOCAL else None,
                person=educator,
            )
            badge = f"Badge {run.rng.randrange(100, 1000)}" if kind == CheckKind.DOSE_BADGE else ""
            found.append(
                _draft(run, placement, fact, since, None, max(since, shown), reference=badge)
            )
    return found


# Meetings ----------------------------------------------------------------------------------------


def _meetings(
    run: Build, copy: int, placement: Placement, stay: Stay, educator: Person
) -> list[Draft]:
    """Initial, midway and final meetings as their weeks went by; the student persona has one to sign."""
    student = placement.enrolment.person
    newcomer = student == run.personas["student"]
    both = [(student, Capacity.STUDENT), (educator, Capacity.PRACTICE_EDUCATOR)]
    found: list[Draft] = []
    held = [due for due in meetings.due(stay.starts, stay.ends) if _day(due.first) < run.today]
    if stay.ends >= run.today:
        held = [due for due in held if due.kind != Meeting.Kind.FINAL]
    for due in held:
        waits = newcomer and due is held[-1] and stay.ends >= run.today
        signing = [row for row in both if not waits or row[0] == educator]
        found += _meeting(run, placement, due.kind, _day(due.first), educator, signing)
    if copy == 0 and stay.starts + timedelta(days=14) < run.today <= stay.ends:
        tutor = run.personas["university_tutor"]
        day = stay.starts + timedelta(days=14)
        signing = [(tutor, Capacity.TUTOR), *both]
        found += _meeting(run, placement, Meeting.Kind.THREE_WAY, day, tutor, signing)
    elif copy == 0 and stay.starts < run.today <= stay.ends:
        tutor = run.personas["university_tutor"]
        signing = [(tutor, Capacity.TUTOR)]
        found += _meeting(run, placement, Meeting.Kind.VISIT, stay.starts + DAY, tutor, signing)
    return found


def _day(day: date) -> date:
    """The second day of a week, and a Monday in place of a Sunday."""
    return day + DAY * (1 if day.weekday() < 4 else 7 - day.weekday())


def _meeting(
    run: Build,
    placement: Placement,
    kind: str,
    day: date,
    writer: Person,
    signing: list[tuple[Person, Capacity]],
) -> list[Draft]:
    meeting = Meeting(placement=placement, meeting_kind=kind, person=writer)
    known = min(day + DAY, run.today)
    found = [_draft(run, placement, meeting, day, day, known, record=RECORDS[Meeting.Kind(kind)])]
    for person, capacity in signing:
        signature = MeetingSignature(
            meeting=meeting,
            person=person,
            capacity=capacity,
            proof=ShiftDecision.Proof.PASSWORD,
            wording=reference.wording(meetings.WORDINGS[kind]),
        )
        found.append(_draft(run, placement, signature, day, day, known))
    return found


# Doses, evaluations, pauses ----------------------------------------------------------------------


def _doses(run: Build, placement: Placement, stay: Stay) -> list[Draft]:
    """A reading for each badge that has been given back, some days later."""
    found = []
    first = stay.starts
    while first <= stay.ends and run.today - stay.ends < timedelta(days=120):
        last = min(first + BADGE, stay.ends)
        known = last + timedelta(days=8)
        if known > run.today:
            break
        fact = DoseReading(
            enrolment=placement.enrolment,
            site=placement.site,
            microsieverts=(8 * ((last - first).days + 1)) + run.rng.randrange(0, 40),
        )
        found.append(_draft(run, placement, fact, first, last, known))
        first = last + DAY
    return found


def _evaluation(run: Build, placement: Placement, stay: Stay) -> list[Draft]:
    """Every student of the personas' site evaluated it, and a third of the others theirs."""
    if stay.ends > run.today - timedelta(days=30) or (stay.site and run.rng.random() > 0.3):
        return []
    fact = PlacementEvaluation(
        placement=placement, ratings="".join(run.rng.choices("3445555", k=10))
    )
    comment = run.rng.choice(COMMENTS) if run.rng.random() < 0.5 else ""
    known = stay.ends + timedelta(days=run.rng.randrange(1, 10))
    return [_draft(run, placement, fact, stay.starts, stay.ends, known, comment=comment)]


def _pause(run: Build, placement: Placement, stay: Stay) -> list[Draft]:
    """One student of each intake paused from February to May of the first year."""
    first, last = date(stay.ends.year + 1, 2, 1), date(stay.ends.year + 1, 5, 31)
    if (stay.index, stay.year) != (PAUSED, 1) or last >= run.today:
        return []
    begun = Interruption(enrolment=placement.enrolment)
    ended = Interruption(enrolment=placement.enrolment, supersedes=begun)
    return [
        _draft(run, placement, begun, first, None, first, reason="Cares for a parent."),
        _draft(run, placement, ended, first, last, last - timedelta(days=6)),
    ]


# In confidence -----------------------------------------------------------------------------------


def _in_confidence(run: Build, placement: Placement, stay: Stay) -> list[Draft]:
    """What students at the personas' site said they need, and a declaration of one who comes there soon."""
    enrolment = placement.enrolment
    if stay.ends < run.today:
        return []
    if enrolment.person == run.personas["student"]:
        need = ReasonableAdjustment(
            enrolment=enrolment, for_supervisors=True, for_site=True, for_university=True
        )
        words = "I read more easily from larger print on pale yellow paper."
    elif stay.index == MOVED_HERE:
        need = ReasonableAdjustment(enrolment=enrolment, for_supervisors=True)
        words = "I hear badly on the left. Tell me from the right, or wave."
    elif stay.index == SOON_HERE:
        day = run.today - timedelta(days=4)
        words = (
            "I am expecting a child in the summer. I would like to talk about the injection room."
        )
        declared = PregnancyDeclaration(enrolment=enrolment)
        return [_draft(run, placement, declared, day, None, day, words=words)]
    else:
        return []
    day = min(stay.starts - timedelta(days=12), run.today)
    return [_draft(run, placement, need, day, None, day, words=words)]


# Beside the enrolments' books --------------------------------------------------------------------


def prefer(run: Build, enrolments: list[Enrolment]) -> None:
    """Every other student says where they would like to be in the stage to come."""
    bulk_create_with_history(
        [
            SitePreference(enrolment=enrolment, site=site, rank=rank)
            for enrolment in enrolments[::2]
            for rank, site in enumerate(run.rng.sample(run.sites, CHOICES), start=1)
        ],
        SitePreference,
    )


def name_stand_in(run: Build) -> None:
    """The practice educator among the personas is away for a week soon; a colleague stands in."""
    book: Book = network_book()
    starts = days.monday(run.today) + timedelta(days=14)
    colleague = run.educators[0, run.home][1]
    write(
        [
            Draft(
                fact=Cover(person=run.personas["practice_educator"], stand_in=colleague),
                book=book,
                about_from=starts,
                about_to=starts + timedelta(days=4),
                uuid=run.uuid(),
                known_from=run.today - timedelta(days=1),
            )
        ]
    )
