"""What the demo's School teaches beside the courses that ship with the portal."""

from dataclasses import dataclass
from datetime import date

from school.courses.actions import claiming, teaching
from school.courses.models import Course, CourseVersion, Label
from school.demo.run import Build
from school.people.models import Person

Level = Course.Level
AUDIENCE, TOPIC = Label.Kind.AUDIENCE, Label.Kind.TOPIC


@dataclass(frozen=True, slots=True)
class Written:
    """A course as it is to be saved: for whom, about what, and its versions by the days they hold from."""

    code: str
    title: str
    summary: str
    level: Course.Level
    labels: tuple[tuple[Label.Kind, str], ...]
    published: tuple[date, ...]
    minutes: int
    outcomes: tuple[str, ...]
    # What later versions add.
    added: tuple[str, ...] = ()
    valid_months: int | None = None
    retired_on: date | None = None


COURSES = (
    Written(
        "pet-ct-introductory-day",
        "PET-CT Introductory Day",
        "A first day for clinical teams who send patients to PET-CT or look after them: what happens here, and what a good referral saves everybody.",
        Level.INTRODUCTORY,
        ((AUDIENCE, "Clinical teams"), (AUDIENCE, "Students"), (TOPIC, "PET-CT in practice")),
        (date(2017, 2, 1), date(2024, 9, 2)),
        345,
        (
            "Follow a patient from the letter to the report, and say who does what",
            "Say what a tracer is and why the hour after it matters",
            "Prepare a patient with diabetes, with pain, or who is afraid",
            "Answer what patients and their families ask most about radiation",
        ),
        ("Write a referral that answers the questions of the person who vets it",),
    ),
    Written(
        "pet-ct-seminar",
        "PET-CT Seminar for senior clinicians",
        "An evening for consultants and leads: recent evidence, difficult cases, and what is worth asking of a scan.",
        Level.ADVANCED,
        ((AUDIENCE, "Senior clinicians"), (TOPIC, "PET-CT in practice")),
        (date(2017, 2, 1),),
        90,
        (
            "Weigh what a PET-CT scan adds in the cases that are discussed",
            "Name the limits of each tracer in use, and what imitates disease",
            "Change one thing in your own referrals by what you heard",
        ),
    ),
    Written(
        "radiation-safety-injection-room",
        "Radiation safety in the injection room",
        "A study day at the sites: time, distance and shielding with sources that cannot hurt, spills, and doses of your own that you can read.",
        Level.INTERMEDIATE,
        ((AUDIENCE, "Clinical teams"), (TOPIC, "Radiation safety")),
        (date(2018, 4, 9), date(2023, 1, 16)),
        345,
        (
            "Draw up, carry and inject with the least dose to hands and body",
            "Deal with a spill in the right order, and hand the room back",
            "Read your own dose record and say what would make you ask",
            "Look after relatives who stay with a patient as carers and comforters",
        ),
        ("Explain to a student what the local rules ask, and why",),
        valid_months=24,
    ),
    Written(
        "amyloid-pet",
        "Amyloid PET in dementia",
        "A study day on scanning the brain with an amyloid tracer: who is sent, how to keep somebody comfortable and still, and how an image becomes an answer.",
        Level.INTERMEDIATE,
        ((AUDIENCE, "Clinical teams"), (TOPIC, "Dementia"), (TOPIC, "Tracers")),
        (date(2019, 5, 13),),
        345,
        (
            "Say when an amyloid scan helps, and when it does not",
            "Plan the visit with a patient who may not remember being told",
            "Position a head so that it stays where it is, kindly",
            "Tell a scan that can be read from one that cannot",
        ),
    ),
    Written(
        "teaching-students",
        "Teaching students in PET-CT",
        "For practice educators, new and old: showing, watching, giving feedback that is of use, and deciding about hours and competencies.",
        Level.INTERMEDIATE,
        ((AUDIENCE, "Practice educators"), (TOPIC, "Teaching")),
        (date(2017, 9, 4),),
        345,
        (
            "Plan a student’s week so that each day asks a little more",
            "Watch without taking over, and say what you saw",
            "Decide whether somebody is competent, and write why",
            "Act early when a placement does not go well",
        ),
    ),
    Written(
        "positioning-and-motion",
        "Still for twenty minutes",
        "A morning on positioning, comfort and motion, for everyone who helps patients on to the table.",
        Level.INTRODUCTORY,
        ((AUDIENCE, "Clinical teams"), (TOPIC, "PET-CT in practice")),
        (date(2021, 3, 1),),
        240,
        (
            "Find a position that a patient with pain can keep",
            "See motion in an image, and know what to repeat and what not",
            "Move patients safely with the aids that are at hand",
        ),
    ),
    Written(
        "cpd-profile",
        "Your CPD profile, an hour at a time",
        "Online and in small groups: turn what you did anyway into a record that would stand an audit.",
        Level.INTRODUCTORY,
        ((AUDIENCE, "Registered staff"), (TOPIC, "Professional practice")),
        (date(2022, 6, 6),),
        60,
        (
            "Say what your regulator’s standards ask of you",
            "Write one entry that shows what changed for patients",
            "See the gaps in your own record while there is time",
        ),
    ),
    Written(
        "mobile-unit-crew",
        "Working on a mobile unit",
        "For crews of the mobile units, until the network moved into static centres.",
        Level.INTRODUCTORY,
        ((AUDIENCE, "Clinical teams"), (TOPIC, "PET-CT in practice")),
        (date(2014, 1, 6),),
        345,
        ("Set up, hand over and close down a unit safely",),
        retired_on=date(2017, 7, 1),
    ),
)  # fmt: skip
# The School's second go at its own day, so that what was attended in 2016 stays version 1.
SKILLS_AGAIN = date(2022, 9, 5)


def build_courses(run: Build) -> None:
    """Saves and publishes them as the School educator does; the newest version of each is in force."""
    by = run.personas["school_educator"]
    for written in COURSES:
        save(run, written, by)
    _skills_again(run, by)


def save(run: Build, written: Written, by: Person) -> Course:
    """Saves a course and publishes its versions."""
    course = teaching.save_course(
        by=by,
        uuid=run.uuid(),
        code=written.code,
        title=written.title,
        summary=written.summary,
        level=written.level,
        new_labels=written.labels,
        retired_on=written.retired_on,
    )
    for number, day in enumerate(written.published):
        teaching.publish_version(
            by=by,
            course=course,
            uuid=run.uuid(),
            published_on=day,
            outcomes=written.outcomes + (written.added if number else ()),
            credit_minutes=written.minutes,
            valid_months=written.valid_months,
        )
    return course


def _skills_again(run: Build, by: Person) -> None:
    course = Course.objects.get(code="dementia-skills")
    first = course.versions.get(number=1)
    teaching.publish_version(
        by=by,
        course=course,
        uuid=run.uuid(),
        published_on=SKILLS_AGAIN,
        outcomes=[
            *first.outcomes.splitlines(),
            "Build on the awareness module, so that the day begins with practice",
        ],
        credit_minutes=first.credit_minutes,
        prerequisites=[Course.objects.get(code="dementia-tier-1")],
    )


def taught(run: Build, code: str) -> CourseVersion:
    """The version of a course that is taught today."""
    return claiming.version_for(Course.objects.get(code=code), run.today)
