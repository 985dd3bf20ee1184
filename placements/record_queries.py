"""A student's record as facts: stages, placements and supervision; every version of a shift and every decision."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from placements import cover_queries
from placements.coordinator_queries import in_words as finding_in_words
from placements.hours import clock_note, counted_minutes
from placements.listed_students import state_in_words
from placements.models import (
    Adjustment,
    BroughtForward,
    CurrentShift,
    DayNote,
    Enrolment,
    Induction,
    Placement,
    Shift,
    ShiftDecision,
    StageTally,
    Supervision,
)
from school.core import charts, clock, days
from school.core.ledger import confidential_kinds
from school.core.models import PrivateText
from school.people.models import Person

# How the state of a shift looks (school.core.templatetags.soo.STATES).
LOOKS = {"queried": "query"}


def texts_of(enrolment: Enrolment) -> dict[tuple[int, str], str]:
    """Every private text in the enrolment's book, by entry and name, in one query; none that is confidential."""
    rows = PrivateText.objects.filter(entry__book=enrolment.book_id).exclude(
        entry__kind__in=confidential_kinds()
    )
    return {(entry, name): text for entry, name, text in rows.values_list("entry", "name", "text")}


# Stages and placements --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StageHours:
    """A stage's hours: its bar, and in words what the bar leaves out."""

    tally: StageTally
    year: int
    bar: charts.HoursBar
    counted: int


def stages(enrolments: Iterable[Enrolment]) -> list[StageHours]:
    """The hours of each stage, split into their parts; simulated hours stand apart."""
    rows = (
        StageTally.objects.filter(enrolment__in=list(enrolments))
        .select_related("stage")
        .order_by("-stage__year")
    )
    return [_stage(row) for row in rows]


def _stage(tally: StageTally) -> StageHours:
    parts = [charts.Part("confirmed", "Confirmed", tally.confirmed + tally.adjusted)]
    for kind, label, minutes in (
        ("brought", "Brought forward from paper", tally.brought_forward),
        ("awaiting", "Awaiting", tally.awaiting),
        ("queried", "Queried", tally.queried),
    ):
        if minutes:
            parts.append(charts.Part(kind, label, minutes))
    low, high = tally.stage.minimum_minutes, tally.stage.maximum_minutes
    bar = charts.hours_bar(
        stage=f"Year {tally.stage.year}",
        parts=parts,
        needed=low,
        band_top=high if high > low else None,
    )
    counted = tally.confirmed + tally.brought_forward + tally.adjusted
    return StageHours(tally, tally.stage.year, bar, counted)


@dataclass(frozen=True, slots=True)
class Inducted:
    """A site induction: the day, and what of the site's list was gone through."""

    day: date
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement with its state in words and who supervises."""

    placement: Placement
    state: str
    supervisors: tuple[Supervision, ...] = ()
    induction: Inducted | None = None


def placed(enrolments: Iterable[Enrolment], *, supervisors: bool = False) -> list[Placed]:
    """The placements of enrolments with their inductions, the newest first."""
    induction = Induction.objects.filter(placement=OuterRef("pk")).order_by("pk")
    rows = list(
        Placement.objects.filter(enrolment__in=list(enrolments))
        .select_related("site", "stage")
        .annotate(
            inducted_on=Subquery(induction.values("entry__about_from")[:1]),
            # The one text that an induction has: the site's list, a line each.
            gone_through=Subquery(induction.values("entry__private_texts__text")[:1]),
        )
        .order_by("-starts", "-pk")
    )
    named: dict[int, list[Supervision]] = {}
    if supervisors:
        facts = Supervision.objects.standing().filter(placement__in=rows).select_related("person")
        for fact in facts.order_by("entry__about_from", "pk"):
            named.setdefault(fact.placement_id, []).append(fact)
    today = clock.today()
    return [
        Placed(
            row,
            state_in_words(row.state, row.starts, row.ends, today),
            tuple(named.get(row.pk, ())),
            _inducted(row.inducted_on, row.gone_through),
        )
        for row in rows
    ]


def _inducted(day: date | None, text: str | None) -> Inducted | None:
    return Inducted(day, tuple((text or "").splitlines())) if day else None


def _said(name: str) -> Subquery:
    """A private text of a fact in its own row: those of a record's shifts are many, and are not shown with it."""
    rows = PrivateText.objects.filter(entry=OuterRef("pk"), name=name)
    return Subquery(rows.values("text")[:1])


def adjustments(enrolment: Enrolment) -> QuerySet[Adjustment]:
    """Minutes added or taken away, with the reason and the name of who proposed them."""
    rows: QuerySet[Adjustment] = (
        Adjustment.objects.filter(enrolment=enrolment)
        .select_related("stage", "second_person")
        .annotate(
            proposer=Subquery(Person.objects.filter(uuid=OuterRef("entry__actor")).values("name")),
            said=_said("reason"),
        )
        .order_by("-entry__seq")
    )
    return rows


def on_paper(enrolment: Enrolment) -> QuerySet[BroughtForward]:
    """Hours that stand on paper and count, with the name of who signed them."""
    rows: QuerySet[BroughtForward] = (
        BroughtForward.objects.standing()
        .filter(enrolment=enrolment)
        .select_related("stage", "site", "sighted_by")
        .annotate(signed_by=_said("signed_by"))
        .order_by("-entry__about_from")
    )
    return rows


# Shifts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was made: who, in which capacity, how they proved it, the exact words, both times."""

    outcome: str
    by: str
    capacity: str
    proof: str
    wording: str
    at: datetime
    imported_for: date | None
    device: str
    comment: str
    breach_seen: bool
    reply: str
    replied_at: datetime | None


@dataclass(slots=True)
class Version:
    """One version of a shift as it was sent."""

    fact: Shift
    minutes: int
    sent: datetime
    imported: bool
    device: str
    note: str
    decisions: list[Decided] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """A shift with all its versions, the newest first; `look` and `state` say where it stands."""

    versions: list[Version]
    state: str
    look: str
    rules: tuple[str, ...]

    @property
    def newest(self) -> Version:
        return self.versions[0]

    @property
    def earlier(self) -> list[Version]:
        return self.versions[1:]


def lines(enrolment: Enrolment, texts: dict[tuple[int, str], str]) -> list[Line]:
    """Every shift of an enrolment, the newest day first, in three queries."""
    facts = list(
        Shift.objects.filter(placement__enrolment=enrolment).select_related(
            "day_type", "site", "placement__stage"
        )
    )
    current = {
        row.shift_id: row for row in CurrentShift.objects.filter(enrolment=enrolment).only(
            "shift_id", "state", "findings"
        )
    }  # fmt: skip
    versions = {fact.pk: _version(fact, texts) for fact in facts}
    decisions = list(
        ShiftDecision.objects.filter(shift__in=facts)
        .select_related("person", "wording", "reply__entry")
        .order_by("entry__seq")
    )
    capacities = cover_queries.capacities(decisions)
    for decision in decisions:
        decided = _decided(decision, texts, capacities[decision.pk])
        versions[decision.shift_id].decisions.append(decided)
    corrected = {fact.supersedes_id for fact in facts}
    found = []
    for fact in facts:
        if fact.pk in corrected:
            continue
        chain, one = [], fact
        while one is not None:
            chain.append(versions[one.pk])
            before = versions.get(one.supersedes_id) if one.supersedes_id else None
            one = before.fact if before else None
        row = current.get(fact.pk)
        state = row.state if row else ""
        rules = tuple(finding_in_words(item) for item in row.findings) if row else ()
        found.append(Line(chain, state, LOOKS.get(state, state), rules))
    return sorted(found, key=lambda line: line.newest.fact.start, reverse=True)


def _version(fact: Shift, texts: dict[tuple[int, str], str]) -> Version:
    entry = fact.entry
    return Version(
        fact,
        counted_minutes(fact.start, fact.end, fact.break_minutes),
        entry.recorded_at,
        entry.imported,
        clock_note(fact.device_time, entry.recorded_at) if fact.device_time else "",
        texts.get((fact.pk, "note"), ""),
    )


def _decided(fact: ShiftDecision, texts: dict[tuple[int, str], str], capacity: str) -> Decided:
    reply = getattr(fact, "reply", None)
    device = clock_note(fact.device_time, fact.entry.recorded_at) if fact.device_time else ""
    return Decided(
        fact.get_outcome_display(),
        fact.person.name,
        capacity,
        fact.get_proof_display(),
        fact.wording.text,
        fact.entry.recorded_at,
        fact.entry.known_from if fact.entry.imported else None,
        device,
        texts.get((fact.pk, "comment"), ""),
        fact.breach_seen,
        texts.get((reply.pk, "reply"), "") if reply else "",
        reply.entry.recorded_at if reply else None,
    )


@dataclass(frozen=True, slots=True)
class Lost:
    """A day on which nothing was worked, and why."""

    uuid: UUID
    day: date
    kind: str
    minutes: int
    note: str
    withdrawn: bool
    corrected: bool


def lost_days(enrolment: Enrolment, texts: dict[tuple[int, str], str]) -> list[Lost]:
    """Every day note, the newest day first; those corrected since stay on record."""
    facts = list(DayNote.objects.filter(placement__enrolment=enrolment).order_by("-entry__seq"))
    corrected = {fact.supersedes_id for fact in facts}
    rows = [
        Lost(
            fact.entry.uuid,
            fact.entry.about_from,
            fact.get_kind_display(),
            fact.expected_minutes,
            texts.get((fact.pk, "note"), ""),
            fact.withdrawn,
            fact.pk in corrected,
        )
        for fact in facts
    ]
    return sorted(rows, key=lambda row: row.day, reverse=True)


COLUMNS = (
    "Day", "Start", "End", "Break, minutes", "Counted, hours", "Day type", "Site", "Year", "Version",
    "Versions", "Sent", "Stands as", "Note", "Decision", "Decided by", "Capacity", "Proved by", "Words signed",
    "Decided at", "Comment", "Reply",
)  # fmt: skip


def cells(found: Sequence[Line]) -> Iterator[Sequence[Any]]:
    """A row for every decision of every version, and one for a version that was never decided."""
    for line in found:
        for place, version in enumerate(line.versions):
            fact = version.fact
            stands = line.state if place == 0 else "corrected"
            about = (
                days.london_day(fact.start), fact.start, fact.end, fact.break_minutes,
                round(version.minutes / 60, 2), fact.day_type.name, fact.site.name,
                fact.placement.stage.year, len(line.versions) - place, len(line.versions),
                version.sent, stands, version.note,
            )  # fmt: skip
            for one in version.decisions:
                yield (*about, one.outcome, one.by, one.capacity, one.proof, one.wording, one.at, one.comment, one.reply)  # fmt: skip
            if not version.decisions:
                yield (*about, *[None] * 8)
