"""What a student's own pages read: their placements, rota, shifts and notes, and the history of a shift."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from placements import cover_queries, reference
from placements.hours import Timed, clock_note, elapsed_minutes, overlaps
from placements.models import (
    CurrentShift,
    DayNote,
    Induction,
    Placement,
    PlannedShift,
    QueryReply,
    Shift,
    ShiftDecision,
    Supervision,
    WeekClosed,
)
from school.core import clock, days
from school.core.compiled import compiled
from school.core.models import LedgerEntry, PrivateText
from school.people.models import Person, PersonMerge
from school.people.queries import identity

# How far back a rota day that nobody answered is asked for.
RECENT = timedelta(days=21)

# The key of a state's sign in school.core.templatetags.soo where it differs from the state itself.
STATE_KEYS = {"queried": "query"}


def own_placements(person: Person, *, writing: bool = False) -> list[Placement]:
    """A student's placements, newest last; each with `educator`, who gets its shifts.

    Joins are dear on pages that everybody opens every day: `writing` brings what writing reads too.
    """
    if not writing:
        found = _to_read(people=identity(person))
    else:
        found = _to_write_on(people=[person.pk], day=clock.today())
        # Whether somebody is one with them came along: slower than asked apart, but a write asks for much already.
        if not found or found[0].merged:  # type: ignore[attr-defined]
            found = _to_write_on(people=identity(person), day=clock.today())
    for row in found:
        row.stage = reference.stage(row.stage_id)
    if not writing:
        _name_educators(found)
    return found


@compiled
def _to_read(people: Any) -> QuerySet[Placement]:
    return _of(people).select_related("site", "enrolment__cohort")


@compiled
def _to_write_on(people: Any, day: Any) -> QuerySet[Placement]:
    educator = _there(day).filter(placement=OuterRef("pk")).order_by(_RANK, "pk")
    person = OuterRef("enrolment__person")
    merges = PersonMerge.objects.filter(Q(kept=person) | Q(merged=person))
    rows = _of(people).annotate(
        educator=Subquery(educator.values("person__name")[:1]), merged=Exists(merges)
    )
    return rows.select_related("site", "enrolment__cohort__programme", "enrolment__book")


def _of(people: Any) -> QuerySet[Placement]:
    return Placement.objects.filter(enrolment__person__in=people).order_by("starts", "pk")


# A practice educator before a supervisor before an assessor.
_RANK = Case(
    *(When(capacity=one, then=rank) for rank, one in enumerate(Supervision.Capacity.values))
)


def _there(day: Any) -> QuerySet[Supervision]:
    """The supervisions that have not ended by a day, by people who have not left."""
    rows: QuerySet[Supervision] = Supervision.objects.standing().filter(
        Q(person__left_on=None) | Q(person__left_on__gte=day),
        Q(entry__about_to=None) | Q(entry__about_to__gte=day),
    )
    return rows


def _name_educators(placements: Sequence[Placement]) -> None:
    order = Supervision.Capacity.values
    names: dict[int, str] = {}
    # Sorted here: asked for in order, SQLite would read every supervision there is.
    ranked = sorted(
        _educators(placements=[row.pk for row in placements], day=clock.today()),
        key=lambda row: (order.index(row[2]), row[0]),
    )
    for _, placement, _, name in ranked:
        names.setdefault(placement, name)
    for row in placements:
        row.educator = names.get(row.pk)  # type: ignore[attr-defined]


@compiled
def _educators(placements: Any, day: Any) -> QuerySet[Supervision, tuple[int, int, str, str]]:
    rows = _there(day).filter(placement__in=placements)
    return rows.values_list("pk", "placement", "capacity", "person__name")


def induction(placement: Placement) -> tuple[date, str] | None:
    """On which day the site induction of a placement took place, and who recorded it."""
    rows = Induction.objects.filter(placement=placement).order_by("pk")
    found = rows.values_list("entry__about_from", "given_by__name").first()
    return (found[0], found[1] or "") if found else None


def taking_shifts(own: Sequence[Placement]) -> list[Placement]:
    """Those of a student's placements on which something is, or was, worked."""
    return [row for row in own if not row.never_began]


def placement_on(own: Sequence[Placement], day: date) -> Placement:
    """The placement that a day most likely belongs to: the one it lies in, else the nearest that is not withdrawn."""
    open_ones = [row for row in own if row.state != Placement.State.WITHDRAWN]
    open_ones = open_ones or taking_shifts(own) or list(own)
    return min(
        open_ones,
        key=lambda row: (max((row.starts - day).days, (day - row.ends).days, 0), -row.pk),
    )


def goes_to(placement: Placement) -> str:
    """Who a placement's shifts go to, by name; the site's lead when nobody supervises it."""
    return getattr(placement, "educator", None) or f"the site lead at {placement.site.name}"


# The rota


def rota(own: Sequence[Placement], first: date, last: date | None = None) -> list[PlannedShift]:
    """The planned shifts of a student from a day on, in order."""
    rows = PlannedShift.objects.filter(placement__in=own, start__gte=days.start_of_day(first))
    if last is not None:
        rows = rows.filter(start__lt=days.end_of_day(last))
    found = list(rows.order_by("start"))
    by_key = {placement.pk: placement for placement in own}
    for row in found:
        row.placement = by_key[row.placement_id]
        row.day_type = reference.day_type(row.day_type_id)
    return found


def shifts_between(own: Sequence[Placement], first: date, last: date) -> list[CurrentShift]:
    """The shifts of a student that touch some days, taken-back ones left out."""
    found = list(
        CurrentShift.objects.filter(
            enrolment__in={row.enrolment_id for row in own},
            end__gt=days.start_of_day(first),
            start__lt=days.end_of_day(last),
        )
        .exclude(state=CurrentShift.State.WITHDRAWN)
        .order_by("start")
    )
    for row in found:
        row.day_type = reference.day_type(row.day_type_id)
    return found


class Noted(NamedTuple):
    """A day note as it stands."""

    pk: int
    uuid: UUID
    day: date
    kind: str
    minutes: int
    stage: int
    recorded_at: datetime

    @property
    def words(self) -> str:
        """The kind in words: "absent: ill"."""
        return DayNote.Kind(self.kind).label

    @property
    def is_lost(self) -> bool:
        """Whether the day was lost, so that it may be made up."""
        return self.kind in (*DayNote.ABSENCES, *DayNote.SITE_CANCELLED)


def notes(own: Sequence[Placement], first: date | None = None) -> list[Noted]:
    """A student's day notes as they stand, in order of their day."""
    rows = DayNote.objects.standing().filter(placement__in=[row.pk for row in own], withdrawn=False)
    if first is not None:
        rows = rows.filter(entry__about_from__gte=first)
    columns = ("pk", "entry__uuid", "entry__about_from", "kind", "expected_minutes", "placement__stage", "entry__recorded_at")  # fmt: skip
    found = rows.order_by("entry__about_from", "pk").values_list(*columns)
    return [Noted(*row) for row in found]


def lost_days(own: Sequence[Placement]) -> list[Noted]:
    """The days that a student lost and may make up."""
    return [row for row in notes(own) if row.is_lost]


def unanswered(
    planned: Iterable[PlannedShift], shifts: Iterable[Timed], noted: Iterable[date]
) -> list[PlannedShift]:
    """The planned shifts that no shift and no day note speaks for.

    A shift answers the planned one it overlaps, or else one of the same day: times change on a ward.
    """
    sent = list(shifts)
    days_noted = set(noted)
    rows = [row for row in planned if days.london_day(row.start) not in days_noted]
    left = [row for row in rows if not any(overlaps(row, one) for one in sent)]
    for one in sent:
        if any(overlaps(row, one) for row in rows):
            continue
        same = next(
            (r for r in left if days.london_day(r.start) == days.london_day(one.start)), None
        )
        if same is not None:
            left.remove(same)
    return left


def planned_minutes(row: PlannedShift) -> int:
    """What a planned shift would count."""
    return elapsed_minutes(row.start, row.end) - row.break_minutes


# The history of a shift


@dataclass(slots=True)
class Version:
    """One version of a shift, with everything that was decided and answered about it."""

    shift: Shift
    note: str
    device_note: str
    events: list["Event"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Event:
    """A decision about a version, or the student's answer to one."""

    what: str
    state: str
    who: str
    how: str
    words: str
    signed: str
    entry: LedgerEntry
    device_note: str


def line_of(shift: Shift) -> list[int]:
    """The keys of all versions in a shift's line of corrections, oldest first."""
    pairs = list(
        Shift.objects.filter(placement__enrolment=shift.placement.enrolment_id).values_list(
            "pk", "supersedes_id"
        )
    )
    before = dict(pairs)
    after = {old: new for new, old in pairs if old}
    line = [shift.pk]
    while (older := before.get(line[0])) is not None:
        line.insert(0, older)
    while (newer := after.get(line[-1])) is not None:
        line.append(newer)
    return line


def history(keys: Sequence[int]) -> list[Version]:
    """All versions of a shift, newest first, with decisions and replies in the order they were made."""
    shifts = Shift.objects.filter(pk__in=keys).select_related(
        "entry", "site", "day_type", "makes_up__entry"
    )
    decisions = list(
        ShiftDecision.objects.filter(shift__in=keys)
        .select_related("entry", "person", "wording", "shift")
        .order_by("entry")
    )
    capacities = cover_queries.capacities(decisions)
    replies = list(
        QueryReply.objects.filter(decision__shift__in=keys).select_related("entry", "decision")
    )
    facts = [*keys, *(row.pk for row in decisions), *(row.pk for row in replies)]
    words = texts(facts)
    versions = {
        row.pk: Version(
            row,
            words.get(row.pk, ""),
            _device_note(row),
        )
        for row in shifts
    }
    for row in decisions:
        outcome = str(row.outcome)
        versions[row.shift_id].events.append(
            Event(
                what=row.get_outcome_display().capitalize(),
                state={"queried": "query", "undone": "awaiting"}.get(outcome, outcome),
                who=f"{row.person.name}, {capacities[row.pk]}",
                how=row.get_proof_display(),
                words=words.get(row.pk, ""),
                signed=row.wording.text,
                entry=row.entry,
                device_note=_device_note(row),
            )
        )
    for reply in replies:
        versions[reply.decision.shift_id].events.append(
            Event(
                what="Answered",
                state="awaiting",
                who="You",
                how="",
                words=words.get(reply.pk, ""),
                signed="",
                entry=reply.entry,
                device_note="",
            )
        )
    for version in versions.values():
        version.events.sort(key=lambda event: event.entry.recorded_at)
    return [versions[key] for key in reversed(keys)]


def texts(facts: Sequence[int]) -> dict[int, str]:
    """The private words of facts that have one text each, by the facts' keys."""
    rows = PrivateText.objects.filter(entry__in=facts)
    return dict(rows.values_list("entry_id", "text"))


def _device_note(fact: Shift | ShiftDecision) -> str:
    at = fact.device_time
    return clock_note(at, fact.entry.recorded_at) if at else ""


# Lists and weeks


def own_shifts(own: Sequence[Placement], state: str = "") -> QuerySet[CurrentShift]:
    """A student's shifts, newest first, by state when one is given."""
    rows = CurrentShift.objects.filter(enrolment__in={row.enrolment_id for row in own})
    if state:
        rows = rows.filter(state=state)
    return rows.select_related(
        "day_type", "placement__site", "shift__entry", "decision__person"
    ).order_by("-start")


def own_shift(own: Sequence[Placement], uuid: UUID) -> Shift | None:
    """One of a student's shifts by the UUID of any version, ready to be written about.

    A version that was corrected has no `current`; a request sent twice still finds it.
    """
    by_key = {row.pk: row for row in own}
    shift = (
        Shift.objects.filter(entry__uuid=uuid, placement__in=own)
        .select_related("entry", "site", "day_type", "makes_up__entry", "current")
        .first()
    )
    if shift is not None:
        shift.placement = by_key[shift.placement_id]
    return shift


def current_of(shift: Shift) -> CurrentShift | None:
    """The row that says where a version stands; none once it was corrected."""
    return getattr(shift, "current", None)


def closed_weeks(own: Sequence[Placement]) -> set[date]:
    """The Mondays of the weeks that a student has closed."""
    return set(WeekClosed.objects.filter(placement__in=own).values_list("monday", flat=True))


def own_note(own: Sequence[Placement], uuid: UUID | str) -> DayNote | None:
    """One of a student's day notes by its UUID, whether or not it still stands; none for no UUID."""
    if not uuid:
        return None
    enrolments = {row.enrolment_id for row in own}
    rows = DayNote.objects.filter(entry__uuid=uuid, placement__enrolment__in=enrolments)
    return rows.select_related("entry", "placement__site", "superseded_by").first()
