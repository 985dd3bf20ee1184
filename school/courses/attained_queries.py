"""Reads about attainments: whose they are, whether they hold, and what is known of their certificates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from school.core import clock
from school.core.codes import grouped
from school.core.registries import Issued
from school.courses.models import Attainment, AttainmentVoid, Certificate, Revocation

RELATED = (
    "entry",
    "person__book",
    "person__user",
    "course_version__course",
    "booking__event",
)


class Validity(StrEnum):
    """What a stranger is told of a certificate, and its holder of an attainment."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


# Attainments that the School certifies; what was learned elsewhere has evidence of its own.
CERTIFIED = (Attainment.Source.EVENT, Attainment.Source.MODULE)


def of_people(people: Collection[int]) -> QuerySet[Attainment]:
    """The attainments of somebody under every key they are known by, made void or not, the newest first."""
    rows: QuerySet[Attainment] = (
        Attainment.objects.standing()
        .filter(person__in=people)
        .select_related(*RELATED, "certificate__revocation", "void")
    )
    return rows.order_by("-entry__about_from", "-pk")


def by_uuid(attainment: UUID) -> Attainment | None:
    """An attainment that nothing superseded."""
    rows = Attainment.objects.standing().select_related(*RELATED)
    found: Attainment | None = rows.filter(entry__uuid=attainment).first()
    return found


def is_void(attainment: Attainment) -> bool:
    """Whether an attainment was made void."""
    return AttainmentVoid.objects.filter(attainment=attainment).exists()


CHECKED = {
    Validity.VALID: ("Valid", "The School issued this certificate, and it holds today."),
    Validity.EXPIRED: (
        "Expired",
        "The School issued this certificate. The day that is printed on it as its last has passed.",
    ),
    Validity.REVOKED: (
        "Revoked",
        "The School issued this certificate and revoked it since. It no longer holds.",
    ),
}


def issued(key: str) -> Issued | None:
    """What a stranger learns of a certificate by its code, or by the SHA-256 of one of its files."""
    rows = Certificate.objects.select_related("attainment", "revocation")
    found = rows.filter(Q(code=key) | Q(digest=key) | Q(badge_digest=key)).first()
    if found is None:
        return None
    verdict = validity_of(found)
    digests = frozenset((found.digest, found.badge_digest))
    return Issued(digests, verdict is Validity.VALID, *CHECKED[verdict])


def validity_of(certificate: Certificate) -> Validity:
    """Whether a certificate holds today; through the end of the day that is printed on it."""
    if getattr(certificate, "revocation", None) is not None:
        return Validity.REVOKED
    expires_on = certificate.attainment.expires_on
    if expires_on is not None and expires_on < clock.today():
        return Validity.EXPIRED
    return Validity.VALID


def revoked_in(number: int, size: int) -> list[int]:
    """The places of revoked badges in a list of a size."""
    first = number * size
    rows = Revocation.objects.filter(
        certificate__status_index__gte=first, certificate__status_index__lt=first + size
    )
    return sorted(
        index - first for index in rows.values_list("certificate__status_index", flat=True)
    )


@dataclass(frozen=True, slots=True)
class Attained:
    """An attainment as a line of somebody's list."""

    uuid: UUID
    title: str
    day: date
    source: str
    credit_minutes: int
    expires_on: date | None
    look: str
    state: str
    code: str
    stands: bool


def listed(rows: Collection[Attainment]) -> list[Attained]:
    """Attainments with what has become of each; the rows come from `of_people`."""
    return [_line(row) for row in rows]


def _line(row: Attainment) -> Attained:
    certificate = getattr(row, "certificate", None)
    void = getattr(row, "void", None) is not None
    revoked = certificate is not None and getattr(certificate, "revocation", None) is not None
    if void:
        look, state = "withdrawn", "Void"
    elif revoked:
        look, state = "withdrawn", "Attained, certificate revoked"
    elif row.expires_on is not None and row.expires_on < clock.today():
        look, state = "notice", "Expired"
    else:
        look, state = "achieved", "Attained"
    return Attained(
        uuid=row.entry.uuid,
        title=row.course_version.title,
        day=row.entry.about_from,
        source=row.get_source_display(),
        credit_minutes=row.course_version.credit_minutes,
        expires_on=row.expires_on,
        look=look,
        state=state,
        code=grouped(certificate.code) if certificate is not None else "",
        stands=not void,
    )
