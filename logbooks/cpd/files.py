"""Where the files of CPD lie, and how long those are kept that wait for their owner."""

from logbooks.cpd.models import Evidence, Profile
from school.core import documents
from school.core.evidence import KINDS

# The file of a piece of evidence is named by its UUID, those of a frozen profile by its code.
EVIDENCE_FOLDER = "cpd-evidence"
PROFILE_FOLDER = "cpd-profiles"

# The three files of a frozen profile, by how their names end.
PROFILE_FILES = ("json", "pdf", "zip")


def evidence_file(evidence: Evidence) -> bytes | None:
    """The file of a piece of evidence; none when it is gone or is not what was kept."""
    return documents.kept(EVIDENCE_FOLDER, str(evidence.uuid), evidence.digest)


def profile_file(profile: Profile, ending: str) -> bytes | None:
    """A file of a frozen profile; none when it is gone or is not what was frozen."""
    digest = getattr(profile, f"{ending}_digest")
    return documents.kept(PROFILE_FOLDER, f"{profile.code}.{ending}", digest)


def ending_of(content_type: str) -> str:
    """How the name of a file of a kind ends."""
    return next(ending for _, kind, ending in KINDS if kind == content_type)
