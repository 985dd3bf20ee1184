"""What people are told of their attainments; a mail says what there is to read, and nothing of why."""

from school.courses.models import Attainment, Certificate, ClaimDecision
from school.courses.telling import page
from school.people.telling import tell


def tell_issued(certificate: Certificate) -> None:
    """Tell the holder that their certificate is there."""
    attainment = certificate.attainment
    tell(
        attainment.person,
        "certificate_issued",
        "Your certificate is ready",
        f"Your certificate for {attainment.course_version.title} is ready: download it, or the badge, "
        "or share the page by which others check it.",
        page("attainment", attainment.entry.uuid),
        once_key=f"certificate_issued:{certificate.entry.uuid}",
    )


def tell_revoked(attainment: Attainment) -> None:
    """Tell the holder that a certificate or an attainment holds no longer."""
    tell(
        attainment.person,
        "attainment_changed",
        "A certificate of yours holds no longer",
        f"Something changed about {attainment.course_version.title}. Read why in the portal.",
        page("attainment", attainment.entry.uuid),
        once_key=f"attainment_changed:{attainment.entry.uuid}",
    )


def tell_decided(decision: ClaimDecision) -> None:
    """Tell whoever claimed what became of it."""
    claim = decision.claim
    accepted = decision.attainment is not None
    tell(
        claim.person,
        "claim_decided",
        "Your evidence was accepted" if accepted else "Your evidence was not accepted",
        f"Your evidence for {claim.course.title} was {'accepted' if accepted else 'declined'}. "
        "Read more in the portal.",
        page("claim", claim.entry.uuid),
        once_key=f"claim_decided:{claim.entry.uuid}",
    )
