"""The whole history of one competency of a student: asked, signed, revoked, excused, with every word and piece of evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.template.defaultfilters import filesizeformat

from logbooks.competencies import evidence
from logbooks.competencies.models import (
    Competency,
    EvidenceFile,
    LogEntry,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
)
from placements.models import Enrolment
from school.core.models import Fact, LedgerEntry, PrivateText


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence as it is shown: the examination as it was when it was given, or a file beside one."""

    piece: evidence.Piece
    entry: LogEntry | None
    file: EvidenceFile | None = None

    @property
    def title(self) -> str:
        """ "Case 14", "File beside case 14"."""
        if self.file:
            return f"File beside case {self.file.examination.case_number}"
        return f"Case {self.entry.case_number}" if self.entry else "Evidence"

    @property
    def what(self) -> str:
        """ "FDG, half body, performed under direct supervision"."""
        if self.file:
            kind = "PDF" if self.file.content_type == "application/pdf" else "Picture"
            return f"{kind}, {filesizeformat(self.file.size)}"
        if self.entry is None:
            return ""
        row = self.entry
        return f"{row.tracer.name}, {row.examination.name}, {row.get_role_display()}"

    @property
    def fact(self) -> LogEntry | EvidenceFile | None:
        """The examination or the file."""
        return self.entry or self.file

    @property
    def mark(self) -> str:
        """The first figures of its fingerprint."""
        return self.piece.hash[:8]

    @property
    def since(self) -> str:
        """What became of it since, in words."""
        if self.fact is None or not hasattr(self.fact, "superseded_by"):
            return ""
        return "Taken away since" if self.file else "Corrected since"


@dataclass(slots=True)
class Told:
    """One fact of the history, with every word ready to be printed."""

    entry: LedgerEntry
    state: str
    title: str
    who: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    wording: str = ""
    proofs: list[Proof] = field(default_factory=list)
    # The sign-off that may be revoked, when it is one.
    sign_off: SignOff | None = None


def history_of(enrolment: Enrolment, competency: Competency, *, excused: bool = True) -> list[Told]:
    """All the facts about a competency of a student, under whichever version, the newest first; five queries.

    Without `excused` nothing was ever said about whether it applies, and that is not asked for.
    """
    about = {"enrolment": enrolment, "competency__identifier": competency.identifier}
    requests = list(SignOffRequest.objects.filter(**about).select_related("assessor"))
    signs = list(
        SignOff.objects.filter(**about).select_related(
            "competency__version",
            "person",
            "site",
            "wording",
            "level",
            "placement__site",
            "revocation__person",
            "revocation__entry",
        )
    )
    revocations = [row.revocation for row in signs if hasattr(row, "revocation")]
    applied = NotApplicable.objects.filter(**about).select_related("person")
    approvals = list(applied) if excused else []
    facts: list[Fact] = [*requests, *signs, *revocations, *approvals]
    texts = _texts(facts)
    shown = proofs_of([*(row.evidence for row in requests), *(row.evidence for row in signs)])
    told = [
        *(_asked(row, texts, shown, enrolment) for row in requests),
        *(_signed(row, texts, shown, competency) for row in signs),
        *(_revoked(row, texts) for row in revocations),
        *(_excused(row, texts) for row in approvals),
    ]
    return sorted(told, key=lambda row: row.entry.pk, reverse=True)


def proofs_of(texts: Iterable[str]) -> dict[UUID, LogEntry | EvidenceFile]:
    """The log entries and files that texts of evidence name, by their UUIDs; one query, two where there are files."""
    wanted = {piece.uuid for text in texts for piece in evidence.pieces(text)}
    if not wanted:
        return {}
    rows = LogEntry.objects.filter(entry__uuid__in=wanted).select_related(
        "examination", "tracer", "operator", "superseded_by"
    )
    found: dict[UUID, LogEntry | EvidenceFile] = {row.entry.uuid: row for row in rows}
    if wanted - found.keys():
        files = EvidenceFile.objects.filter(entry__uuid__in=wanted - found.keys())
        files = files.select_related("examination", "superseded_by")
        found |= {row.entry.uuid: row for row in files}
    return found


def shown_of(text: str, found: Mapping[UUID, LogEntry | EvidenceFile]) -> list[Proof]:
    """The pieces of a text of evidence, from what `proofs_of` gave."""
    return [_proof(piece, found.get(piece.uuid)) for piece in evidence.pieces(text)]


def _proof(piece: evidence.Piece, fact: LogEntry | EvidenceFile | None) -> Proof:
    if isinstance(fact, EvidenceFile):
        return Proof(piece, None, fact)
    return Proof(piece, fact)


def _texts(facts: Iterable[Fact]) -> dict[tuple[int, str], str]:
    rows = PrivateText.objects.filter(entry__in=[fact.pk for fact in facts])
    return {(pk, name): text for pk, name, text in rows.values_list("entry", "name", "text")}


def _words(fact: Fact, texts: Mapping[tuple[int, str], str], **names: str) -> list[tuple[str, str]]:
    found = ((label, texts.get((fact.pk, name), "")) for name, label in names.items())
    return [(label, words) for label, words in found if words]


def _asked(
    row: SignOffRequest,
    texts: Mapping[tuple[int, str], str],
    shown: Mapping[UUID, LogEntry | EvidenceFile],
    enrolment: Enrolment,
) -> Told:
    why = SignOffRequest.Because
    title = {
        why.ASKED: "Asked for",
        why.CHANGED: "Asked again: evidence was changed",
        why.REROUTED: "Passed on: who was asked has left",
    }[why(row.because)]
    lines = [("Asked of", row.assessor.name), *_words(row, texts, note="Note")]
    if row.withdrawn:
        return Told(row.entry, "withdrawn", "Taken back", enrolment.person.name, lines)
    proofs = shown_of(row.evidence, shown)
    by = enrolment.person.name if row.because == why.ASKED else "the portal"
    return Told(row.entry, "awaiting", title, by, lines, proofs=proofs)


def _signed(
    row: SignOff,
    texts: Mapping[tuple[int, str], str],
    shown: Mapping[UUID, LogEntry | EvidenceFile],
    competency: Competency,
) -> Told:
    achieved = row.outcome == SignOff.Outcome.ACHIEVED
    paper = row.proof == SignOff.Proof.PAPER
    site = row.placement.site if row.placement else row.site
    where = f", {site.name}" if site else ""
    lines = [("Signed as", f"{row.get_capacity_display()}{where}")]
    if paper:
        lines = [
            ("Name on the paper", f"{texts.get((row.pk, 'assessor'), '')}{where}"),
            ("Sighted by", row.person.name),
        ]
    if row.competency_id != competency.pk:
        lines.append(("Signed under", f"version {row.competency.version.number}: {row.competency}"))
    if row.level:
        lines.append(("Level", row.level.title))
    lines.append(("Proved by", row.get_proof_display()))
    lines += _words(
        row,
        texts,
        feedback="Feedback",
        next_step="Next step",
        exception="Why supervisor and assessor are one",
    )
    return Told(
        row.entry,
        "achieved" if achieved else "query",
        f"{'Achieved' if achieved else 'Not yet'}{', on paper' if paper else ''}",
        row.person.name,
        lines,
        wording=row.wording.text,
        proofs=shown_of(row.evidence, shown),
        sign_off=row,
    )


def _revoked(row: Revocation, texts: Mapping[tuple[int, str], str]) -> Told:
    return Told(
        row.entry, "rejected", "Revoked", row.person.name, _words(row, texts, reason="Reason")
    )


def _excused(row: NotApplicable, texts: Mapping[tuple[int, str], str]) -> Told:
    title = "Asked again" if row.cancelled else "Not applicable"
    lines = _words(row, texts, reason="Reason")
    return Told(row.entry, "cancelled", title, row.person.name, lines)
