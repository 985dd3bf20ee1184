"""Frameworks, the log of examinations, and what was signed off."""

from logbooks.competencies.models.frameworks import (
    Competency,
    Framework,
    FrameworkDraft,
    FrameworkVersion,
    Group,
    Level,
    LogBookRules,
)
from logbooks.competencies.models.log import (
    ExaminationType,
    LogEntry,
    RequiredCount,
    Role,
    Tracer,
)
from logbooks.competencies.models.signing import (
    CurrentCompetency,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
)

__all__ = [
    "Competency",
    "CurrentCompetency",
    "ExaminationType",
    "Framework",
    "FrameworkDraft",
    "FrameworkVersion",
    "Group",
    "Level",
    "LogBookRules",
    "LogEntry",
    "NotApplicable",
    "RequiredCount",
    "Revocation",
    "Role",
    "SignOff",
    "SignOffRequest",
    "Tracer",
]
