"""What is kept of OSCEs: the bank of stations, exams, the day, mark sheets, and what comes of them."""

from logbooks.osces.models.bank import Station, StationVersion
from logbooks.osces.models.day import Candidate, ConflictDeclared, Timetabled
from logbooks.osces.models.exams import Exam, ExamFrozen, ExamPlace
from logbooks.osces.models.marking import (
    AmendmentAsked,
    AmendmentRefused,
    MarkEvent,
    MarkSheet,
    SheetClosed,
    Tablet,
)
from logbooks.osces.models.results import (
    AppealAnswered,
    Appealed,
    Outcome,
    ResultsReleased,
    StandardSet,
    StationRated,
)

__all__ = [
    "AmendmentAsked",
    "AmendmentRefused",
    "AppealAnswered",
    "Appealed",
    "Candidate",
    "ConflictDeclared",
    "Exam",
    "ExamFrozen",
    "ExamPlace",
    "MarkEvent",
    "MarkSheet",
    "Outcome",
    "ResultsReleased",
    "SheetClosed",
    "StandardSet",
    "Station",
    "StationRated",
    "StationVersion",
    "Tablet",
    "Timetabled",
]
