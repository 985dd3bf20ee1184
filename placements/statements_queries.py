"""What a statement of hours says: a stage's figures from the facts themselves, as they stood at any place in the book."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from placements import policies
from placements.hours import counted_minutes
from placements.models import (
    Adjustment,
    BroughtForward,
    DayNote,
    Enrolment,
    HoursStatement,
    Shift,
    ShiftDecision,
    Stage,
    StageTally,
)
from placements.standing import AFTER
from placements.totals import DayKind, Note, Parts, Row, StagePart, State, Totals, total_of
from school.core.codes import grouped
from school.core.models import Book, LedgerEntry
from school.core.registries import Issued
from school.people.middleware import Viewer
from school.people.models import Person


class Head(NamedTuple):
    """A place in a record book: its number and the hash that covers everything up to it."""

    seq: int
    hash: str


# What hours are made of; whatever else stands in a book, a statement says nothing of it.
HOURS = (Shift.KIND, ShiftDecision.KIND, DayNote.KIND, BroughtForward.KIND, Adjustment.KIND)


def head_of(book: Book) -> Head | None:
    """The newest entry of a book that is about hours; none in a book without."""
    found = (
        LedgerEntry.objects.filter(book=book, kind__in=HOURS)
        .order_by("-seq")
        .values_list("seq", "hash")
        .first()
    )
    return Head(*found) if found else None


def entries_of(book: Book, head: Head) -> int:
    """How many entries about hours a head rests on, itself among them."""
    return LedgerEntry.objects.filter(book=book, kind__in=HOURS, seq__lte=head.seq).count()


# Figures ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """A stage's hours: at each placement and site, from paper, adjusted, and together.

    `places` is keyed by the placement's and the site's key, `paper` holds the keys of what counts from
    paper, and `confirmers` who confirmed how many shifts.
    """

    places: tuple[tuple[tuple[int, int], Totals], ...]
    paper: tuple[int, ...]
    total: Totals
    confirmers: tuple[tuple[int, int], ...]

    @property
    def certified(self) -> tuple[object, ...]:
        """What a statement certifies: all but the hours that wait or were rejected."""
        places = tuple((key, settled(totals)) for key, totals in self.places)
        nothing = Totals()
        return (
            tuple((key, totals) for key, totals in places if totals != nothing),
            self.paper,
            settled(self.total),
        )

    @property
    def waiting(self) -> int:
        """Minutes that wait for a decision or are queried, simulated ones too."""
        return sum(
            parts.awaiting + parts.queried for parts in (self.total.clinical, self.total.simulated)
        )


def settled(totals: Totals) -> Totals:
    """Totals without the hours that wait or were rejected."""
    return replace(
        totals,
        clinical=Parts(confirmed=totals.clinical.confirmed),
        simulated=Parts(confirmed=totals.simulated.confirmed),
    )


DECISION = ("pk", "entry__seq", "supersedes", "outcome", "person")


class Record:
    """What was recorded about an enrolment's hours, read once in four queries."""

    def __init__(self, enrolment: int) -> None:
        # A row for each decision, and one for a shift without any.
        rows = Shift.objects.filter(placement__enrolment=enrolment).values(
            "pk", "entry__seq", "supersedes", "placement", "placement__stage", "site",
            "day_type__stage_part", "start", "end", "break_minutes", "withdrawn", "makes_up",
            *(f"decisions__{name}" for name in DECISION),
        )  # fmt: skip
        self._shifts = list({row["pk"]: row for row in rows}.values())
        self._decisions = [
            {"shift": row["pk"], **{name: row[f"decisions__{name}"] for name in DECISION}}
            for row in rows
            if row["decisions__pk"] is not None
        ]
        self._notes = list(
            DayNote.objects.filter(placement__enrolment=enrolment).values(
                "pk", "entry__seq", "supersedes", "placement", "placement__stage",
                "placement__site", "kind", "expected_minutes", "withdrawn",
            )
        )  # fmt: skip
        self._paper = list(
            BroughtForward.objects.filter(enrolment=enrolment).values(
                "pk", "entry__seq", "supersedes", "stage", "part", "minutes"
            )
        )
        self._adjustments = list(
            Adjustment.objects.filter(enrolment=enrolment).values("entry__seq", "stage", "minutes")
        )

    def figures(self, stage: int, until: int | None = None) -> Figures:
        """A stage's figures, or as they stood at an entry of the book."""
        decided = {row["shift"]: row for row in _standing(self._decisions, until)}
        rows: dict[tuple[int, int], list[Row]] = {}
        confirmers: dict[int, int] = {}
        for shift in _standing(self._shifts, until):
            if shift["placement__stage"] != stage or shift["withdrawn"]:
                continue
            decision = decided.get(shift["pk"])
            state = State(AFTER[decision["outcome"]]) if decision else State.AWAITING
            part = StagePart(shift["day_type__stage_part"])
            rows.setdefault((shift["placement"], shift["site"]), []).append(
                Row(_minutes(shift), state, part, shift["makes_up"] is not None)
            )
            if decision and state is State.CONFIRMED and part is not StagePart.NONE:
                confirmers[decision["person"]] = confirmers.get(decision["person"], 0) + 1
        notes: dict[tuple[int, int], list[Note]] = {}
        for note in _standing(self._notes, until):
            if note["placement__stage"] == stage and not note["withdrawn"]:
                notes.setdefault((note["placement"], note["placement__site"]), []).append(
                    Note(DayKind(note["kind"]), note["expected_minutes"])
                )
        paper = [row for row in _standing(self._paper, until) if row["stage"] == stage]
        places = {
            key: total_of(rows.get(key, ()), notes.get(key, ()))
            for key in rows.keys() | notes.keys()
        }
        other = total_of(
            (),
            brought_forward=[(row["minutes"], StagePart(row["part"])) for row in paper],
            adjustments=[
                row["minutes"] for row in _until(self._adjustments, until) if row["stage"] == stage
            ],
        )
        return Figures(
            tuple(sorted(places.items(), key=lambda item: item[0])),
            tuple(sorted(row["pk"] for row in paper)),
            sum(places.values(), other),
            tuple(sorted(confirmers.items())),
        )


def _minutes(shift: dict[str, Any]) -> int:
    return counted_minutes(shift["start"], shift["end"], shift["break_minutes"])


def _until(rows: Iterable[dict[str, Any]], until: int | None) -> list[dict[str, Any]]:
    return [row for row in rows if until is None or row["entry__seq"] <= until]


def _standing(rows: Iterable[dict[str, Any]], until: int | None) -> list[dict[str, Any]]:
    known = _until(rows, until)
    superseded = {row["supersedes"] for row in known}
    return [row for row in known if row["pk"] not in superseded]


# Statements -------------------------------------------------------------------------------------


class Validity(StrEnum):
    """What has become of a statement since it was issued."""

    CURRENT = "current"
    CHANGED = "changed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


def newest(enrolment: Enrolment, stage: Stage) -> HoursStatement | None:
    """The last word about a stage's statement: the newest one, or the fact that withdrew it."""
    found: HoursStatement | None = (
        HoursStatement.objects.standing().filter(enrolment=enrolment, stage=stage).first()
    )
    return found


def still_true(enrolment: Enrolment, stage: Stage, record: Record) -> HoursStatement | None:
    """The statement of a stage that stands and certifies what the record says now."""
    found = newest(enrolment, stage)
    if found is None or found.withdrawn:
        return None
    return found if validity(found, None, record) is Validity.CURRENT else None


def validity(
    statement: HoursStatement, later: HoursStatement | None, record: Record | None = None
) -> Validity:
    """What has become of a statement; `later` is the fact that supersedes it."""
    if later is not None:
        return Validity.WITHDRAWN if later.withdrawn else Validity.REPLACED
    record = record or Record(statement.enrolment_id)
    then = record.figures(statement.stage_id, statement.head_seq)
    same = then.certified == record.figures(statement.stage_id).certified
    return Validity.CURRENT if same else Validity.CHANGED


def validity_of(statement: HoursStatement) -> Validity:
    """The same for one statement alone."""
    return validity(statement, HoursStatement.objects.filter(supersedes=statement).first())


CHECKED = {
    Validity.CURRENT: (
        "Issued by the School, and current",
        "Nothing that was recorded since changes what this statement says.",
    ),
    Validity.CHANGED: (
        "Issued by the School, but the record has changed since",
        "Hours that this statement is about were decided or corrected after it was issued. "
        "Ask whoever gave it to you for a newer one.",
    ),
    Validity.REPLACED: (
        "Issued by the School, and replaced since",
        "There is a newer statement with another code. Ask whoever gave you this one for it.",
    ),
    Validity.WITHDRAWN: (
        "Issued by the School, and withdrawn since",
        "This statement no longer holds.",
    ),
}


def issued(key: str) -> Issued | None:
    """What a stranger learns of a statement by its code, or by the SHA-256 of its file."""
    rows = HoursStatement.objects.filter(Q(code=key) | Q(digest=key), withdrawn=False)
    found = rows.first()
    if found is None:
        return None
    verdict = validity_of(found)
    holds = verdict is Validity.CURRENT
    return Issued(frozenset((found.digest,)), holds, *CHECKED[verdict])


@dataclass(frozen=True, slots=True)
class Listed:
    """A statement on the page of its student's statements."""

    uuid: UUID
    year: int
    code: str
    issued: datetime
    issuer: str
    counted: int
    validity: Validity
    withdrawn_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it can still be withdrawn."""
        return self.validity in (Validity.CURRENT, Validity.CHANGED)


def listed(enrolment: Enrolment) -> list[Listed]:
    """The statements of an enrolment, the newest first, with what has become of each."""
    facts = list(
        HoursStatement.objects.filter(enrolment=enrolment)
        .select_related("stage")
        .annotate(
            issuer=Subquery(Person.objects.filter(uuid=OuterRef("entry__actor")).values("name")[:1])
        )
        .order_by("-entry__seq")
    )
    later = {fact.supersedes_id: fact for fact in facts}
    issued = [fact for fact in facts if not fact.withdrawn]
    open_ones = any(fact.pk not in later for fact in issued)
    record = Record(enrolment.pk) if open_ones else None
    found = []
    for fact in issued:
        after = later.get(fact.pk)
        found.append(
            Listed(
                fact.entry.uuid,
                fact.stage.year,
                grouped(fact.code),
                fact.entry.recorded_at,
                fact.issuer or "",
                fact.confirmed_minutes + fact.brought_forward_minutes + fact.adjusted_minutes,
                validity(fact, after, record),
                after.entry.recorded_at if after is not None and after.withdrawn else None,
            )
        )
    return found


def statements(viewer: Viewer) -> QuerySet[HoursStatement]:
    """The statements of the enrolments whose records the viewer may open."""
    found: QuerySet[HoursStatement] = HoursStatement.objects.filter(
        withdrawn=False, enrolment__in=policies.enrolments(viewer)
    ).select_related("enrolment__person", "stage")
    return found


def stages_of(enrolment: Enrolment) -> list[Stage]:
    """The stages of which there is anything on record, the newest first."""
    tallies = StageTally.objects.filter(enrolment=enrolment).select_related("stage")
    return [tally.stage for tally in tallies.order_by("-stage__year")]


def of_enrolments(enrolments: Sequence[Enrolment]) -> QuerySet[HoursStatement]:
    """The statements of several enrolments that nothing has replaced or withdrawn."""
    found: QuerySet[HoursStatement] = (
        HoursStatement.objects.standing()
        .filter(Q(withdrawn=False), enrolment__in=list(enrolments))
        .select_related("stage")
        .order_by("-entry__recorded_at", "-pk")
    )
    return found
