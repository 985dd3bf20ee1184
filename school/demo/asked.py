"""What the demo's network asks of its staff: the requirements, their rules by their days, and the courses for them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from school.core.models import PORTAL
from school.courses.models import Course, Label
from school.coverage.actions.publishing import Asking, write_versions
from school.coverage.models import RequirementDraft
from school.demo import courses
from school.demo.courses import Written
from school.demo.run import Build
from school.people.models import JobRole

SKILLS = "dementia-skills"
TIER_1 = "dementia-tier-1"
RADIATION = "radiation-safety-injection-room"
STATUTORY = (Label.Kind.TOPIC, "Core skills")
EVERYBODY = (Label.Kind.AUDIENCE, "Clinical teams")
# Everybody but administrators; who gives tracers.
CLINICAL = (
    "imaging-support-worker",
    "pet-ct-radiographer",
    "pet-ct-technologist",
    "senior-pet-ct-radiographer",
)
INJECTING = CLINICAL[1:]


@dataclass(frozen=True, slots=True)
class Required:
    """A requirement as it is to be written: its course, its months, of whom it is asked, and since how many years."""

    code: str
    name: str
    course: str
    months: int | None
    source: str
    years: int = 4
    roles: tuple[str, ...] = ()
    target: int = 90
    grace: int = 60
    window: int = 3
    # A version before: its months, from two years earlier on.
    earlier: int | None = None
    radiation: bool = False
    rule: dict[str, Any] = field(default_factory=dict)


CORE = "Core Skills Training Framework; period as the School found it used"
REQUIRED = (
    Required("fire-safety", "Fire safety", "fire-safety", 24, CORE, earlier=12),
    Required("infection-prevention-2", "Infection prevention and control, level 2", "infection-prevention-2", 12, CORE, roles=CLINICAL),
    Required("health-safety-welfare", "Health, safety and welfare", "health-safety-welfare", 36, CORE),
    Required("equality-diversity", "Equality, diversity and human rights", "equality-diversity", 36, CORE),
    Required("conflict-resolution", "Conflict resolution", "conflict-resolution", 36, CORE),
    Required("safeguarding-adults", "Safeguarding adults", "safeguarding-adults", 36, CORE, target=95),
    Required("radiation-safety", "Radiation safety", RADIATION, 24, "IR(ME)R 2017, Schedule 3; the network’s own period", roles=INJECTING, target=95, radiation=True),
    Required("dementia-awareness", "Dementia awareness, tier 1", TIER_1, None, "Dementia Training Standards Framework (2018)", years=2),
)  # fmt: skip
# The requirement of late 2016 and its last day.
THEN, OVER = date(2016, 10, 1), date(2019, 3, 31)


def _course(code: str, title: str, summary: str, minutes: int, outcomes: tuple[str, ...]) -> Written:  # fmt: skip
    return Written(
        code,
        title,
        summary,
        Course.Level.AWARENESS,
        (STATUTORY, EVERYBODY),
        (date(2017, 1, 9),),
        minutes,
        outcomes,
    )


COURSES = (
    _course("fire-safety", "Fire safety", "How fires begin in a hospital, and what each person does in the first minutes of one.", 60, ("Raise the alarm, and move people who cannot walk",)),
    _course("infection-prevention-2", "Infection prevention and control, level 2", "For everyone who touches patients or what touches them.", 60, ("Clean hands, surfaces and equipment when it counts",)),
    _course("health-safety-welfare", "Health, safety and welfare", "What is owed to staff, what they owe each other, and how a hazard is reported.", 45, ("Report a hazard so that something happens",)),
    _course("equality-diversity", "Equality, diversity and human rights", "Fair treatment of patients and of each other, and the law behind it.", 45, ("Notice when somebody is shut out, and act",)),
    _course("conflict-resolution", "Conflict resolution", "Calming what can be calmed, and getting help with the rest.", 90, ("Say early and calmly what you see",)),
    _course("safeguarding-adults", "Safeguarding adults, level 2", "Seeing that an adult is at risk, and telling who can help.", 180, ("Pass on a worry about an adult the same day",)),
)  # fmt: skip


def april(run: Build, years: int) -> date:
    """The first of April so many years before the demo's."""
    return date(run.today.year - years, 4, 1)


def build_asked(run: Build) -> None:
    """Saves the courses, and writes every version of the requirements as a file would."""
    by = run.personas["school_educator"]
    for course in COURSES:
        courses.save(run, course, by)
    roles = {role.code: role for role in JobRole.objects.all()}
    taught = {course.code: course for course in Course.objects.all()}
    wanted = [_skills(run, taught[SKILLS])]
    for one in REQUIRED:
        first = april(run, one.years)
        days = [first, april(run, one.years - 2)] if one.earlier else [first]
        for number, day in enumerate(days):
            wanted.append(
                Asking(
                    code=one.code,
                    name=one.name,
                    radiation=one.radiation,
                    groups=[{"job_role": roles[code]} for code in one.roles],
                    courses=[taught[one.course]],
                    rule={
                        "active_months": one.earlier if len(days) > number + 1 else one.months,
                        "window_months": one.window if one.months else 0,
                        "grace_days": one.grace,
                        "target_percent": one.target,
                        "source": one.source,
                    },
                    starts=day,
                    known_from=day - timedelta(days=21),
                    uuid=run.uuid(),
                )
            )
    write_versions(wanted, by=PORTAL)
    # What ships as a draft and is asked now is a draft no more.
    for draft in RequirementDraft.objects.filter(code__in=[one.code for one in wanted]):
        draft.delete()


def _skills(run: Build, course: Course) -> Asking:
    return Asking(
        code=SKILLS,
        name="Dementia skills",
        groups=[],
        courses=[course],
        rule={"target_percent": 30, "source": "The network’s workforce plan of 2016"},
        starts=THEN,
        ends=OVER,
        known_from=date(2016, 9, 12),
        uuid=run.uuid(),
    )
