"""Certificates: one for each attainment that the School vouches for, made in the background, revoked with a reason."""

import secrets
from uuid import UUID

from django.db import IntegrityError

from school.core import badges, clock, documents, ledger
from school.core.codes import new_code
from school.core.errors import Conflict
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.courses import attained_queries, attained_telling, certificates, queries
from school.courses.actions.attaining import rule_may_judge, rule_reason
from school.courses.models import Attainment, Certificate, Revocation
from school.people.models import Person

# How often a certificate is begun anew because its place in the list was taken meanwhile.
TRIES = 5


def certify(attainment: UUID) -> None:
    """Hears of an attainment, at least once, and certifies it."""
    issue_certificate(attainment)


def issue_certificate(attainment: UUID) -> Certificate | None:
    """Certifies an attainment, once; none for what the School does not vouch for, or what is void.

    The page is set and sealed and the badge signed with no lock held; the files and the fact are written
    together. Raises SealRefused or BadgeRefused without a key.
    """
    found = attained_queries.by_uuid(attainment)
    if found is None or not is_certified(found):
        return None
    for _ in range(TRIES):
        before = queries.certificate_of(found)
        if before is not None:
            return before
        certificate = Certificate(
            attainment=found, code=new_code(), status_index=_free_status_index()
        )
        try:
            return _issue(certificate)
        except IntegrityError:
            continue
    raise Conflict("The certificate could not be issued now. It is tried again later.")


def _issue(certificate: Certificate) -> Certificate | None:
    attainment, at = certificate.attainment, clock.now()
    pdf = certificates.pages(attainment, certificate.code, at)
    pdf = documents.sealed(pdf, reason="Certificate of attainment")
    credential = certificates.badge(certificate, at)
    certificate.digest = documents.digest(pdf)
    certificate.badge_digest = documents.digest(credential)
    book = attainment.person.book
    with ledger.writing(book) as pen:
        before = queries.certificate_of(attainment)
        if before is not None:
            return before
        if attained_queries.is_void(attainment):
            return None
        certificates.keep(certificate, pdf, credential)
        draft = Draft(fact=certificate, book=book, about_from=attainment.entry.about_from)
        pen.append([draft], by=PORTAL)
        attained_telling.tell_issued(certificate)
    return certificate


def revoke_certificate(
    *, by: Person, certificate: Certificate, reason: str, uuid: UUID
) -> Revocation:
    """A School educator says that a certificate and its badge hold no longer, and why; the holder is told."""
    attainment = certificate.attainment
    book = attainment.person.book
    fact = Revocation(certificate=certificate)
    draft = Draft(
        fact=fact,
        book=book,
        about_from=attainment.entry.about_from,
        uuid=uuid,
        texts={"reason": rule_reason(reason)},
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_may_judge(by, attainment)
        if queries.is_revoked(certificate):
            raise Conflict("This certificate is revoked already. Nothing was changed.")
        pen.append([draft], by=by.uuid)
        attained_telling.tell_revoked(attainment)
    return fact


def is_certified(attainment: Attainment) -> bool:
    """The School certifies what it taught, and what it kept itself at the time, not what came with a file."""
    return (
        attainment.source in attained_queries.CERTIFIED
        and not attainment.entry.imported
        and not attained_queries.is_void(attainment)
    )


def _free_status_index() -> int:
    """A place that no badge has, by chance, in the newest list that is not half full."""
    number = Certificate.objects.count() // (badges.LIST_SIZE // 2)
    while True:
        index: int = number * badges.LIST_SIZE + secrets.randbelow(badges.LIST_SIZE)
        if not Certificate.objects.filter(status_index=index).exists():
            return index
