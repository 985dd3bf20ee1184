"""What the pages about meetings read: records with their versions and signatures, what waits and what is due."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from placements import concerns_queries, meetings, policies
from placements.meetings import CAPACITIES, SIDES, Side
from placements.models import Meeting, MeetingSignature, Placement, Supervision
from placements.taking_part import lasting, signs_at_site, supervised
from school.core import clock, days, ledger
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.queries import merges, scopes_with
from school.people.roles import SITE_LEAD, Permission

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature: who, as what, how they proved it, when, and the words."""

    person: int
    name: str
    capacity: str
    proof: str
    at: datetime
    wording: str


@dataclass(slots=True)
class Record:
    """The record of a meeting as it stands, or as it stood."""

    fact: Meeting
    title: str
    called: str
    day: date
    by: str
    signed: list[Signed] = field(default_factory=list)
    missing: tuple[Side, ...] = ()
    text: str = ""
    # For whom the reader signs; nobody, where it does not matter who reads.
    mine: Collection[Side] = ()
    # The signed version that stands while these newer words wait for signatures.
    stands: "Record | None" = None

    @property
    def uuid(self) -> UUID:
        return self.fact.entry.uuid

    @property
    def kind(self) -> str:
        return self.fact.meeting_kind

    @property
    def in_force(self) -> "Record":
        """The words that stand: these, or the signed ones that they are to take the place of."""
        return self.stands or self

    @property
    def signers(self) -> list[int]:
        """Who has signed."""
        return [row.person for row in self.signed]

    @property
    def is_complete(self) -> bool:
        """Whether everybody who has to has signed."""
        return not self.missing

    @property
    def look(self) -> str:
        """The key of its sign."""
        return "done" if self.is_complete else "awaiting"

    @property
    def state(self) -> str:
        """Whose signature it waits for."""
        if self.is_complete:
            return "Signed by all" if len(self.signed) > 1 else "Signed"
        waits = ["you" if side in self.mine else side.value for side in self.missing]
        return "Waits for " + " and ".join(waits)


def records(rows: Iterable[Meeting], *, words: bool = False) -> list[Record]:
    """Meetings with their signatures, in two queries; with what they say, in three."""
    facts = list(rows)
    found = {
        fact.pk: Record(
            fact,
            fact.get_meeting_kind_display().capitalize(),
            Meeting.RECORDS[Meeting.Kind(fact.meeting_kind)],
            fact.entry.about_from,
            fact.person.name,
        )
        for fact in facts
    }
    capacities: dict[int, list[str]] = {pk: [] for pk in found}
    signatures = MeetingSignature.objects.filter(meeting__in=facts).select_related(
        "person", "wording"
    )
    for row in signatures.order_by("entry__seq"):
        capacities[row.meeting_id].append(row.capacity)
        found[row.meeting_id].signed.append(
            Signed(
                row.person_id,
                row.person.name,
                row.get_capacity_display(),
                row.get_proof_display(),
                row.entry.recorded_at,
                row.wording.text,
            )
        )
    texts = ledger.private_texts(facts, "record") if words else {}
    for pk, record in found.items():
        record.missing = meetings.unsigned(record.kind, capacities[pk])
        record.text = texts.get(pk, "")
    return list(found.values())


def of_placements(placements: Iterable[Placement]) -> list[Record]:
    """The newest words of every record of some placements, newest first, in two queries.

    Where they wait for signatures, the signed ones that still stand are beside them.
    """
    rows = Meeting.objects.filter(placement__in=list(placements)).select_related("person")
    found = {row.fact.pk: row for row in records(rows.order_by("-entry__about_from", "-pk"))}
    earlier = {row.fact.supersedes_id for row in found.values()}
    newest = [row for row in found.values() if row.fact.pk not in earlier]
    for record in newest:
        one: Record | None = record
        while one is not None and not one.is_complete:
            one = found.get(one.fact.supersedes_id)
        record.stands = one if one is not record else None
    return newest


def written_once(placement: Placement) -> list[tuple[UUID, str]]:
    """The records that a placement has one of and has already, each with its name."""
    rows = Meeting.objects.standing().filter(placement=placement, meeting_kind__in=Meeting.ONCE)
    return [(row.entry.uuid, row.get_meeting_kind_display()) for row in rows.order_by("pk")]


def versions(meeting: Meeting) -> list[Record]:
    """Every version of a record with what it says, the newest first."""
    same = Meeting.objects.filter(
        placement=meeting.placement_id, meeting_kind=meeting.meeting_kind
    ).select_related("person")
    rows = {row.pk: row for row in same}
    later = {row.supersedes_id: row for row in rows.values() if row.supersedes_id}
    newest = rows[meeting.pk]
    while newest.pk in later:
        newest = later[newest.pk]
    line, one = [newest], newest
    while one.supersedes_id:
        one = rows[one.supersedes_id]
        line.append(one)
    return records(line, words=True)


def readable(viewer: Viewer) -> QuerySet[Meeting]:
    """The meetings of placements whose records the viewer may open."""
    rows: QuerySet[Meeting] = Meeting.objects.filter(placement__in=policies.placements(viewer))
    return rows


# What is due and what waits ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expected:
    """One of the three meetings that every placement has, and where it stands."""

    kind: str
    title: str
    when: str
    look: str
    state: str
    record: Record | None


def expected(placement: Placement, found: Sequence[Record]) -> list[Expected]:
    """The initial, midway and final meeting of a placement, from its records that stand."""
    today = clock.today()
    by_kind = {record.kind: record for record in reversed(found)}
    rows = []
    for row in meetings.due(placement.starts, placement.ends):
        record = by_kind.get(row.kind)
        when = f"{days.long_date(row.first)} to {days.long_date(row.last)}"
        if record:
            look, state = record.in_force.look, record.in_force.state
        elif today < row.first:
            look, state = "planned", "To come"
        elif today <= row.last:
            look, state = "notice", "Due now"
        else:
            look, state = "behind", "Not written down"
        title = Meeting.Kind(row.kind).label.capitalize()
        rows.append(Expected(row.kind, title, when, look, state, record))
    return rows


def _without(side: Side) -> Q:
    """The condition of a meeting that wants a signature of a side and has none."""
    there = MeetingSignature.objects.filter(meeting=OuterRef("pk"), capacity__in=CAPACITIES[side])
    wanting = [kind for kind, sides in SIDES.items() if side in sides]
    return Q(~Exists(there), meeting_kind__in=wanting)


def waiting(viewer: Viewer, me: list[int]) -> QuerySet[Meeting]:
    """The records that wait for the viewer's signature, oldest first."""
    own = Q(placement__enrolment__person__in=me)
    here = signs_at_site(me)
    led = [hat.scope.pk for hat in viewer.hats if hat.role == SITE_LEAD]
    if led:
        somebody = Supervision.objects.standing().filter(lasting(), placement=OuterRef("placement"))
        here |= Q(~Exists(somebody), placement__site__scope__in=led)
    waits = own & _without(Side.STUDENT) | ~own & here & _without(Side.SITE)
    if scopes_with(viewer.hats, Permission.FOLLOW_STUDENTS):
        enrolments = policies.enrolments_with(viewer, Permission.FOLLOW_STUDENTS)
        waits |= ~own & Q(placement__enrolment__in=enrolments) & _without(Side.TUTOR)
    mine = MeetingSignature.objects.filter(meeting=OuterRef("pk"), person__in=me)
    rows: QuerySet[Meeting] = (
        Meeting.objects.standing()
        .filter(waits, ~Exists(mine))
        .select_related("placement__enrolment__person")
        .order_by("pk")
    )
    return rows


@dataclass(frozen=True, slots=True)
class ToWrite:
    """A meeting whose week has begun and that nobody has written down."""

    placement: UUID
    kind: str
    title: str
    student: str
    until: date
    late: bool


KINDS = (Meeting.Kind.INITIAL, Meeting.Kind.MIDWAY, Meeting.Kind.FINAL)


def to_write(me: list[int]) -> list[ToWrite]:
    """Those of the placements that somebody supervises today; one query."""
    today = clock.today()
    rows = Placement.objects.filter(
        supervised(me), starts__lte=today, ends__gte=today, state__in=Placement.ACTIVE
    )
    found = _with_written(rows).select_related("enrolment__person")
    return unwritten(found.order_by("enrolment__person__name", "pk"), named=True)


def own(person: Person) -> list[Placement]:
    """A student's placements, newest last, in one query.

    Each knows what is written down, which record waits for the student (`waiting`), and whether a
    concern that they read is open (`has_concern`).
    """
    me = Person.objects.filter(
        Q(pk=person.pk) | Q(pk__in=merges().filter(kept=person).values("merged"))
    ).values("pk")
    there = MeetingSignature.objects.filter(
        meeting=OuterRef("pk"), capacity=MeetingSignature.Capacity.STUDENT
    )
    waits = (
        Meeting.objects.standing()
        .filter(~Exists(there), placement=OuterRef("pk"))
        .exclude(meeting_kind=Meeting.Kind.VISIT)
    )
    concerns = concerns_queries.still_open(me).filter(placement=OuterRef("pk"))
    rows = _with_written(Placement.objects.filter(enrolment__person__in=me))
    return list(
        rows.annotate(
            waiting=Subquery(waits.order_by("pk").values("entry__uuid")[:1]),
            has_concern=Exists(concerns),
        ).order_by("starts", "pk")
    )


def _with_written(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    there = Meeting.objects.filter(placement=OuterRef("pk"))
    return rows.annotate(
        **{f"has_{kind.value}": Exists(there.filter(meeting_kind=kind)) for kind in KINDS}
    )


def unwritten(rows: Iterable[Placement], *, named: bool = False) -> list[ToWrite]:
    """What is due of placements that run and nobody has written down; `named` says whose it is."""
    today = clock.today()
    found = []
    for row in rows:
        if row.state not in Placement.ACTIVE:
            continue
        written = [kind for kind in KINDS if getattr(row, f"has_{kind.value}")]
        for due in meetings.due_now(row.starts, row.ends, written, today):
            title = Meeting.Kind(due.kind).label.capitalize()
            name = row.enrolment.person.name if named else ""
            found.append(ToWrite(row.uuid, due.kind, title, name, due.last, due.last < today))
    return found
