"""A certificate as a sealed PDF and as an Open Badge: every word of them, and where the files are kept."""

import json
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.urls import reverse

from school.core import badges, days, documents
from school.core.codes import grouped
from school.courses.models import Attainment, Certificate, CourseVersion

FOLDER = "certificates"


def address(code: str) -> str:
    """The whole address of the page that says whether a certificate holds."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('check_certificate', args=[grouped(code)])}"


# The document -----------------------------------------------------------------------------------


def pages(attainment: Attainment, code: str, at: datetime) -> bytes:
    """The certificate as a PDF, not sealed yet."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    return printing.print_pdf("certificate.html", words(attainment, code, at))


def words(attainment: Attainment, code: str, at: datetime) -> dict[str, Any]:
    """Every word of the page, ready to be printed; the course is named as its version was."""
    version = attainment.course_version
    return {
        "name": attainment.person.name,
        "title": version.title,
        "version": version.number,
        "day": days.long_date(attainment.entry.about_from),
        "credits": days.in_words(version.credit_minutes),
        "how": how(attainment),
        "outcomes": version.outcomes.splitlines(),
        "expires": days.long_date(attainment.expires_on) if attainment.expires_on else "",
        "issued": days.long_date(days.london_day(at)),
        **documents.check(code, at=address(code)),
    }


def how(attainment: Attainment) -> str:
    """What the person did, as a verb."""
    passed = attainment.source == Attainment.Source.MODULE
    return "completed and passed" if passed else "attended and completed"


# The badge --------------------------------------------------------------------------------------


def list_address(number: int) -> str:
    """The whole address of a list that says which badges are revoked."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('badge_status', args=[number])}"


def badge(certificate: Certificate, at: datetime) -> bytes:
    """The certificate as a signed Open Badges 3.0 credential. Raises BadgeRefused without a key.

    It bears the holder's name, and their address only as a salted hash that they can prove.
    """
    from openbadgeslib.ob3 import Achievement, IdentityObject, Issuer, OpenBadgeCredential

    attainment = certificate.attainment
    version, person = attainment.course_version, attainment.person
    number, index = divmod(certificate.status_index, badges.LIST_SIZE)
    identifiers = [IdentityObject(person.name, "name", hashed=False)]
    if person.email:
        identifiers.append(IdentityObject.create(person.email, salt=token_hex(16)))
    credential = OpenBadgeCredential(
        issuer=Issuer(badges.issuer_id(), badges.NAME, url=settings.WAGTAILADMIN_BASE_URL),
        recipient_id=None,
        identifiers=identifiers,
        achievement=Achievement(
            id=f"urn:uuid:{version.uuid}",
            name=version.title,
            description=version.course.summary,
            criteria_narrative=criteria(version),
            achievement_type="Course",
            credits_available=version.credit_minutes / 60,
        ),
        id=address(certificate.code),
        issuance_date=at,
        expiration_date=days.end_of_day(attainment.expires_on) if attainment.expires_on else None,
        credits_earned=version.credit_minutes / 60,
        credential_status=[badges.status_entry(list_address(number), index)],
    )
    document = credential.to_vc()
    day = days.start_of_day(attainment.entry.about_from)
    document["awardedDate"] = day.strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(badges.sign(document, at=at), indent=1).encode("ascii")


def criteria(version: CourseVersion) -> str:
    """What had to be done, in the words of the version."""
    outcomes = "\n".join(f"- {line}" for line in version.outcomes.splitlines())
    return f"Completed version {version.number} of the course, with these outcomes:\n\n{outcomes}"


# Files ------------------------------------------------------------------------------------------


def keep(certificate: Certificate, pdf: bytes, credential: bytes) -> None:
    """Keeps both files under the certificate's code."""
    documents.keep(FOLDER, f"{certificate.code}.pdf", pdf)
    documents.keep(FOLDER, f"{certificate.code}.json", credential)


def kept_pdf(certificate: Certificate) -> bytes | None:
    """The document; none when it is gone or is not what was issued."""
    return documents.kept(FOLDER, f"{certificate.code}.pdf", certificate.digest)


def kept_badge(certificate: Certificate) -> bytes | None:
    """The credential; none when it is gone or is not what was issued."""
    return documents.kept(FOLDER, f"{certificate.code}.json", certificate.badge_digest)
