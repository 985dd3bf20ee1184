"""Frameworks, the log of examinations, what was signed off, workplace assessments, and whole stages."""

from logbooks.competencies.models.assessing import (
    Assessment,
    AssessmentAcknowledgement,
    AssessmentForm,
)
from logbooks.competencies.models.book import LogBookCopy, SharedCopy, SharedCopyOpening
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
    EvidenceFile,
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
from logbooks.competencies.models.stages import (
    ExternalResult,
    StageRevocation,
    StageSignOff,
    VersionMove,
)
from logbooks.competencies.models.ways import SigningLink, SigningPin

__all__ = [
    "Assessment",
    "AssessmentAcknowledgement",
    "AssessmentForm",
    "Competency",
    "CurrentCompetency",
    "EvidenceFile",
    "ExaminationType",
    "ExternalResult",
    "Framework",
    "FrameworkDraft",
    "FrameworkVersion",
    "Group",
    "Level",
    "LogBookCopy",
    "LogBookRules",
    "LogEntry",
    "NotApplicable",
    "RequiredCount",
    "Revocation",
    "Role",
    "SharedCopy",
    "SharedCopyOpening",
    "SignOff",
    "SignOffRequest",
    "SigningLink",
    "SigningPin",
    "StageRevocation",
    "StageSignOff",
    "Tracer",
    "VersionMove",
]
