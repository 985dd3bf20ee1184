"""What is taught and learned: the catalogue, events and places, attendance, attainments and modules."""

from school.courses.models.attainments import (
    Attainment,
    AttainmentVoid,
    Certificate,
    Claim,
    ClaimDecision,
    Equivalence,
    ImportSource,
    Revocation,
    SourceTitle,
)
from school.courses.models.attending import Attendance, EventEvaluation
from school.courses.models.calendars import CalendarFeed
from school.courses.models.catalogue import Course, CourseVersion, Label, Prerequisite
from school.courses.models.events import Booking, BookingStep, Event, EventStep, Session
from school.courses.models.modules import Answer, Module, PartDone, Question, QuizAttempt

__all__ = [
    "Answer",
    "Attainment",
    "AttainmentVoid",
    "Attendance",
    "Booking",
    "BookingStep",
    "CalendarFeed",
    "Certificate",
    "Claim",
    "ClaimDecision",
    "Course",
    "CourseVersion",
    "Equivalence",
    "Event",
    "EventEvaluation",
    "EventStep",
    "ImportSource",
    "Label",
    "Module",
    "PartDone",
    "Prerequisite",
    "Question",
    "QuizAttempt",
    "Revocation",
    "Session",
    "SourceTitle",
]
