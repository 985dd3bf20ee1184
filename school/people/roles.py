"""Roles, what each may do, and the words that say so; a grant gives one on a scope from a day."""

import enum
from dataclasses import dataclass


class Permission(enum.Enum):
    """Everything that a role can allow."""

    LOG_OWN_HOURS = "log their own hours"
    DECIDE_SUPERVISED_HOURS = "confirm, query or reject hours of students they supervise"
    DECIDE_SITE_HOURS = "decide about hours at their site"
    SEE_PLACEMENT_RECORDS = "see the placement records of the students in scope"
    PLACE_STUDENTS = "make places and put students on them"
    OVERRIDE_HOURS_RULES = "let a planned breach of an hours rule stand, with a reason"
    ADJUST_HOURS = "add or take away hours with a second person"
    RUN_SITE = (
        "keep the site's guide, checks, patterns, audit actions and answers to requests for places"
    )
    READ_CONCERNS = "be named as a reader of concerns about the students in scope"
    FOLLOW_STUDENTS = "visit students, hold three-way meetings, interrupt and resume studies"
    CERTIFY_HOURS = "issue and withdraw statements of hours"
    READ_EVALUATIONS = "read the comments of students' evaluations"
    PROTECT_FROM_RADIATION = "read pregnancy declarations and keep dose readings at the site"
    IMPORT_RECORDS = "import people, enrolments and hours from files"
    PUBLISH_COURSES = "write and publish courses and events"
    KEEP_LOG_BOOKS = (
        "write and publish frameworks, revoke sign-offs and approve what does not apply"
    )
    RUN_OSCES = "examine marks of OSCEs and set their standard"
    READ_OSCES = "read OSCEs: design, marks, standard and trail, without names of students"
    SEE_STAFF_RECORDS = "see the training records of the staff in scope"
    KEEP_ENTITLEMENTS = "keep who in scope is entitled to do what under IR(ME)R"
    SEE_TRAINING = "see who in scope has the training that is required, and what lapses"
    SEE_AGGREGATES = "see figures without names"
    FOLLOW_CPD = "see whose CPD window is open, who asked for help, and hours by site without names"
    GRANT_ROLES = "give and end roles, invite people"
    SEE_SYSTEM = "see failed tasks, conflicting writes and the component gallery"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its key in grants, its name, what it is for, and what it allows."""

    key: str
    name: str
    description: str
    permissions: frozenset[Permission]
    # Everyone who sees more than their own students proves themselves twice.
    second_factor: bool = True


STUDENT = Role(
    "student",
    "Student",
    "Logs their own placement hours and sees their own record.",
    frozenset({Permission.LOG_OWN_HOURS}),
    second_factor=False,
)
PRACTICE_EDUCATOR = Role(
    "practice_educator",
    "Practice educator",
    "Confirms the hours of the students they supervise.",
    frozenset({Permission.DECIDE_SUPERVISED_HOURS}),
    second_factor=False,
)
SITE_LEAD = Role(
    "site_lead",
    "Site lead",
    "Sees every student at their site and may decide about their hours; the inbox shows what nobody else there can.",
    frozenset(
        {
            Permission.DECIDE_SITE_HOURS,
            Permission.SEE_PLACEMENT_RECORDS,
            Permission.RUN_SITE,
            Permission.READ_CONCERNS,
            Permission.SEE_TRAINING,
            Permission.KEEP_ENTITLEMENTS,
        }
    ),
)
RADIATION_PROTECTION_SUPERVISOR = Role(
    "radiation_protection",
    "Radiation protection supervisor",
    "Reads what students at the site declared in confidence, and keeps their dose readings.",
    frozenset({Permission.PROTECT_FROM_RADIATION}),
)
COORDINATOR = Role(
    "coordinator",
    "Placement coordinator",
    "Finds places, puts students on them and keeps an eye on hours and breaches.",
    frozenset(
        {
            Permission.SEE_PLACEMENT_RECORDS,
            Permission.PLACE_STUDENTS,
            Permission.OVERRIDE_HOURS_RULES,
            Permission.ADJUST_HOURS,
            Permission.RUN_SITE,
            Permission.READ_CONCERNS,
            Permission.CERTIFY_HOURS,
            Permission.READ_EVALUATIONS,
            Permission.IMPORT_RECORDS,
        }
    ),
)
UNIVERSITY_TUTOR = Role(
    "university_tutor",
    "University tutor",
    "Sees the placement records of the students of a programme or cohort.",
    frozenset(
        {
            Permission.SEE_PLACEMENT_RECORDS,
            Permission.FOLLOW_STUDENTS,
            Permission.READ_CONCERNS,
        }
    ),
)
PROGRAMME_LEAD = Role(
    "programme_lead",
    "Programme lead",
    "Answers for a programme: sees its records, adjusts hours and overrides rules with a reason.",
    frozenset(
        {
            Permission.SEE_PLACEMENT_RECORDS,
            Permission.OVERRIDE_HOURS_RULES,
            Permission.ADJUST_HOURS,
            Permission.FOLLOW_STUDENTS,
            Permission.READ_CONCERNS,
            Permission.CERTIFY_HOURS,
            Permission.KEEP_LOG_BOOKS,
            Permission.READ_EVALUATIONS,
            Permission.RUN_OSCES,
        }
    ),
)
SCHOOL_EDUCATOR = Role(
    "school_educator",
    "School educator",
    "Writes and publishes the School's pages, courses and events, and examines the marks of OSCEs.",
    frozenset({Permission.PUBLISH_COURSES, Permission.RUN_OSCES, Permission.FOLLOW_CPD}),
)
EXTERNAL_EXAMINER = Role(
    "external_examiner",
    "External examiner",
    "Reads OSCE exams with their marks, standard and trail, by candidates’ numbers, and changes nothing.",
    frozenset({Permission.READ_OSCES}),
)
WORKFORCE_MANAGER = Role(
    "workforce_manager",
    "Workforce manager",
    "Keeps staff records and reports training coverage.",
    frozenset(
        {
            Permission.SEE_STAFF_RECORDS,
            Permission.SEE_TRAINING,
            Permission.KEEP_ENTITLEMENTS,
            Permission.SEE_AGGREGATES,
            Permission.FOLLOW_CPD,
            Permission.IMPORT_RECORDS,
        }
    ),
)
REPORT_VIEWER = Role(
    "report_viewer",
    "Report viewer",
    "Sees figures, never names.",
    frozenset({Permission.SEE_AGGREGATES}),
)
ADMINISTRATOR = Role(
    "administrator",
    "Administrator",
    "Gives and ends roles, invites people and looks after the system. Sees no student's record.",
    frozenset({Permission.GRANT_ROLES, Permission.SEE_SYSTEM, Permission.IMPORT_RECORDS}),
)

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        STUDENT,
        PRACTICE_EDUCATOR,
        SITE_LEAD,
        RADIATION_PROTECTION_SUPERVISOR,
        COORDINATOR,
        UNIVERSITY_TUTOR,
        PROGRAMME_LEAD,
        SCHOOL_EDUCATOR,
        EXTERNAL_EXAMINER,
        WORKFORCE_MANAGER,
        REPORT_VIEWER,
        ADMINISTRATOR,
    )
}
