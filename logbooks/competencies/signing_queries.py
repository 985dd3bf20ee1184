"""What an assessor reads before signing: the lines that wait, each exactly as it will be signed, and whom they assess."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from logbooks.competencies import assessors, history_queries, queries
from logbooks.competencies.history_queries import Proof
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    Level,
    Revocation,
    SignOff,
    SignOffRequest,
)
from placements import policies as placing
from placements.models import Placement
from school.core import ledger

State = CurrentCompetency.State
REVOKED = ("sign_off__revocation__entry", "sign_off__revocation__person")


@dataclass(slots=True)
class SignLine:
    """A competency as it is shown to whoever signs it."""

    competency: Competency
    row: CurrentCompetency | None
    # The request that it answers; none when the assessor signs what they saw.
    request: SignOffRequest | None = None
    note: str = ""
    proofs: list[Proof] = field(default_factory=list)
    alone: bool = False
    ticked: bool = False
    # Why the newest sign-off was revoked.
    reason: str = ""

    @property
    def value(self) -> str:
        """What the page sends of it: the competency, the request and the newest sign-off that were shown."""
        newest = self.row.sign_off if self.row else None
        parts = (
            self.competency.uuid,
            self.request.entry.uuid if self.request else "",
            newest.entry.uuid if newest else "",
        )
        return ".".join(str(part) for part in parts)

    @property
    def changed(self) -> bool:
        """Whether it is asked because evidence was corrected after the sign-off."""
        return self.request is not None and (self.request.because == SignOffRequest.Because.CHANGED)

    @property
    def before(self) -> SignOff | None:
        """The newest sign-off, which this one follows."""
        return self.row.sign_off if self.row else None

    @property
    def revoked(self) -> Revocation | None:
        """What revoked the newest sign-off."""
        return getattr(self.before, "revocation", None)


def waiting_at(placement: Placement, me: list[int], led: Sequence[int]) -> list[SignLine]:
    """What waits for an identity at a placement, in the framework's order; at most five queries."""
    rows = (
        assessors.waiting_for(me, led)
        .filter(request__placement=placement)
        .select_related(
            "competency__level",
            "competency__group",
            "competency__version__framework",
            "request__entry",
            "request__assessor",
            "sign_off__entry",
            "sign_off__person",
            *REVOKED,
        )
        .order_by("competency__position")
    )
    found = list(rows)
    requests = [row.request for row in found if row.request]
    notes = ledger.private_texts(requests, "note") if requests else {}
    entries = history_queries.proofs_of(request.evidence for request in requests)
    lines = [
        SignLine(
            competency=row.competency,
            row=row,
            request=row.request,
            note=notes.get(row.request.pk, ""),
            proofs=history_queries.shown_of(row.request.evidence, entries),
            alone=row.request.assessor_id not in me,
        )
        for row in found
        if row.request
    ]
    return _with_reasons(lines)


def _with_reasons(lines: list[SignLine]) -> list[SignLine]:
    revoked = [line.revoked for line in lines if line.revoked]
    reasons = ledger.private_texts(revoked, "reason") if revoked else {}
    for line in lines:
        line.reason = reasons.get(line.revoked.pk, "") if line.revoked else ""
    return lines


def seen_at(
    placement: Placement, me: list[int], wanted: Collection[UUID] | None = None
) -> list[SignLine]:
    """The competencies that an assessor may sign from what they saw: all that apply, but for what waits for them.

    With `wanted` only those, by their UUIDs, and no query when there are none.
    """
    if wanted is not None and not wanted:
        return []
    version = queries.version_of(placement.enrolment)
    if version is None:
        return []
    found = queries.competencies_of(version)
    if wanted is not None:
        found = found.filter(uuid__in=wanted)
    current = queries.current_of(placement.enrolment).select_related(*REVOKED)
    rows = {row.competency_id: row for row in current}
    lines = []
    for one in found:
        row = rows.get(one.pk)
        if row is not None and row.state == State.NOT_APPLICABLE:
            continue
        if row is not None and row.request is not None and row.request.assessor_id in me:
            continue
        lines.append(SignLine(competency=one, row=row))
    return _with_reasons(lines)


def levels_of(programme: int) -> list[Level]:
    """The scale of a programme's framework, the lowest first, in the words of its newest version; one query."""
    rows = Level.objects.filter(version__framework__rules__programme=programme)
    newest = {row.code: row for row in rows.order_by("version__number")}
    return sorted(newest.values(), key=lambda row: row.position)


def placements_of(me: list[int]) -> QuerySet[Placement]:
    """The placements at which an identity may sign, those that go on first."""
    return (
        Placement.objects.filter(pk__in=placing.supervisions(me).values("placement"))
        .exclude(enrolment__person__in=me)
        .select_related("enrolment__person", "site", "stage")
        .order_by("-ends", "enrolment__person__name")
    )


@dataclass(slots=True)
class Waiting:
    """What waits for an assessor at one placement."""

    placement: Placement
    rows: list[CurrentCompetency] = field(default_factory=list)

    @property
    def oldest(self) -> SignOffRequest | None:
        """The request that has waited longest."""
        return self.rows[0].request

    @property
    def codes(self) -> str:
        """ "A1, B4"."""
        return ", ".join(row.competency.code for row in self.rows)

    @property
    def names(self) -> list[str]:
        """Who was asked and has left, of what waits for the site's lead."""
        return sorted({row.request.assessor.name for row in self.rows if row.request})


def inbox(me: list[int], led: Sequence[int]) -> list[Waiting]:
    """What waits for an identity, by placement, the one that has waited longest first; one query."""
    rows = assessors.waiting_for(me, led).select_related(
        "competency",
        "request__entry",
        "request__assessor",
        "request__placement__site",
        "request__placement__stage",
        "enrolment__person",
    )
    found: dict[int, Waiting] = {}
    for row in rows:
        if row.request is None:
            continue
        placement = row.request.placement
        placement.enrolment = row.enrolment
        found.setdefault(placement.pk, Waiting(placement)).rows.append(row)
    return list(found.values())


def signed_by(me: list[int], number: int = 10) -> list[SignOff]:
    """What an identity signed last, with what became of it."""
    rows = (
        SignOff.objects.filter(person__in=me)
        .select_related("competency", "enrolment__person", "revocation", "level")
        .order_by("-entry__known_from", "-entry")
    )
    return list(rows[:number])


def parsed(value: str) -> tuple[UUID, UUID | None, UUID | None] | None:
    """What `SignLine.value` says; None when it makes no sense."""
    parts = value.split(".")
    if len(parts) != 3:
        return None
    try:
        competency, request, newest = (UUID(part) if part else None for part in parts)
    except ValueError:
        return None
    return (competency, request, newest) if competency else None
