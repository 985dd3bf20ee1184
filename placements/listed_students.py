"""The list of students: whom a viewer watches, one line for each, filtered, sorted and never read whole.

Only the rows of a page are fetched, so that a page costs the same in the tenth year as in the first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from placements import interruption_queries, policies, standing
from placements.models import Cohort, Enrolment, Placement, Stage, StageTally
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import Person, Scope, Site
from school.people.queries import scopes_with, sites_in
from school.people.roles import Permission

State = Placement.State

TALLY = ("confirmed", "awaiting", "queried", "brought_forward", "adjusted", "plan_first", "plan_last", "behind_on", "oldest_waiting", "interrupted", "absent", "site_cancelled")  # fmt: skip


def reach(
    viewer: Viewer,
    prefix: str = "",
    *,
    permission: Permission = Permission.SEE_PLACEMENT_RECORDS,
) -> Q:
    """The condition of a placement (at `prefix`) that one of the viewer's roles lets them watch.

    Narrower than the records they may open: a site lead watches who is at the site, not where a
    former student is now; one's own and one's supervised students have pages of their own.
    """
    found = Q(pk__in=[])
    for scope in scopes_with(viewer.hats, permission):
        if scope.kind == Scope.Kind.NETWORK:
            return Q()
        if scope.kind == Scope.Kind.COHORT:
            found |= Q(**{f"{prefix}enrolment__cohort__scope": scope})
        elif scope.kind == Scope.Kind.PROGRAMME:
            found |= Q(**{f"{prefix}enrolment__cohort__programme__scope": scope})
        else:
            found |= Q(**{f"{prefix}site__in": sites_in(scope)})
    return found


def cohorts(viewer: Viewer) -> QuerySet[Cohort]:
    """The cohorts whose students the viewer may watch: of a site, those who have been placed there."""
    found = Q(pk__in=[])
    for scope in scopes_with(viewer.hats, Permission.SEE_PLACEMENT_RECORDS):
        if scope.kind == Scope.Kind.NETWORK:
            return Cohort.objects.all()
        if scope.kind == Scope.Kind.COHORT:
            found |= Q(scope=scope)
        elif scope.kind == Scope.Kind.PROGRAMME:
            found |= Q(programme__scope=scope)
        else:
            there = Placement.objects.filter(
                site__in=sites_in(scope), enrolment__cohort=OuterRef("pk")
            ).exclude(state=State.WITHDRAWN)
            found |= Q(Exists(there))
    return Cohort.objects.filter(found)


def under_way(today: date, prefix: str = "") -> Q:
    """Confirmed, and today within its dates."""
    return Q(
        **{
            f"{prefix}state": State.CONFIRMED,
            f"{prefix}starts__lte": today,
            f"{prefix}ends__gte": today,
        }
    )


@dataclass(frozen=True, slots=True)
class Student:
    """One line about a student: who, where, and how the stage stands, in whole minutes."""

    person: UUID
    enrolment: UUID
    placement: UUID | None
    name: str
    number: str
    cohort: str
    year: int | None = None
    site: str = ""
    starts: date | None = None
    ends: date | None = None
    state: str = ""
    confirmed: int = 0
    awaiting: int = 0
    queried: int = 0
    counted: int = 0
    needed: int = 0
    expected: int = 0
    behind: int = 0
    oldest_waiting: date | None = None
    top: int = 0
    under_way: bool = False
    # Since when studies are interrupted, as they are today.
    interrupted: date | None = None
    # Whether a day of the stage with something planned was lost, made up since or not.
    lost: bool = False
    # The keys of the placement and the enrolment, for what is read by them.
    placement_pk: int = 0
    enrolment_pk: int = 0

    @property
    def span(self) -> str:
        """The placement's days: "16 November 2026 to 4 January 2027"."""
        if self.starts is None or self.ends is None:
            return ""
        return f"{days.long_date(self.starts)} to {days.long_date(self.ends)}"


_COLUMNS = (
    "pk",
    "uuid",
    "state",
    "starts",
    "ends",
    "site__name",
    "stage__year",
    "stage__minimum_minutes",
    "stage__maximum_minutes",
    "enrolment_id",
    "enrolment__uuid",
    "enrolment__student_number",
    "enrolment__cohort__name",
    "enrolment__person__uuid",
    "enrolment__person__name",
    *(f"enrolment__tallies__{name}" for name in TALLY),
)


def with_tally(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    """Placements joined with the totals of their stage."""
    return rows.filter(enrolment__tallies__stage=F("stage"))


def students(rows: QuerySet[Placement]) -> Iterator[Student]:
    """The lines of placements that `with_tally` joined."""
    today = clock.today()
    for row in rows.values(*_COLUMNS).iterator():
        yield _student(row, today)


def page(rows: QuerySet[Placement], wanted: "Wanted") -> list[Student]:
    """The lines of a slice of `listed_placements`.

    Its keys are found first and by themselves: with all the joins, SQLite would read every placement
    under way to sort out the first 25.
    """
    keys = Placement.objects.filter(pk__in=rows.values("pk"))
    return list(students(with_tally(keys).order_by(*SORTS[wanted.sort])))


@cache
def _stage_of(minimum: int) -> Stage:
    """A stage that stands for those with a minimum, so that not every row makes one."""
    return Stage(minimum_minutes=minimum)


def _student(row: dict[str, Any], today: date) -> Student:
    tally = StageTally(
        stage=_stage_of(row["stage__minimum_minutes"]),
        **{name: row[f"enrolment__tallies__{name}"] for name in TALLY},
    )
    expected = standing.expected_by(tally, today)
    is_behind = standing.is_behind(tally, today)
    interrupted = standing.interrupted_on(tally, today)
    state = state_in_words(row["state"], row["starts"], row["ends"], today)
    if interrupted:
        state = f"studies interrupted since {days.long_date(interrupted.first)}"
    return Student(
        person=row["enrolment__person__uuid"],
        enrolment=row["enrolment__uuid"],
        placement=row["uuid"],
        name=row["enrolment__person__name"],
        number=row["enrolment__student_number"],
        cohort=row["enrolment__cohort__name"],
        year=row["stage__year"],
        site=row["site__name"],
        starts=row["starts"],
        ends=row["ends"],
        state=state,
        confirmed=tally.confirmed,
        awaiting=tally.awaiting,
        queried=tally.queried,
        counted=tally.confirmed + tally.brought_forward + tally.adjusted,
        needed=row["stage__minimum_minutes"],
        expected=expected,
        behind=max(0, expected - standing.done(tally)) if is_behind else 0,
        oldest_waiting=tally.oldest_waiting,
        top=row["stage__maximum_minutes"],
        under_way=row["state"] == State.CONFIRMED and row["starts"] <= today <= row["ends"],
        interrupted=interrupted.first if interrupted else None,
        lost=bool(tally.absent or tally.site_cancelled),
        placement_pk=row["pk"],
        enrolment_pk=row["enrolment_id"],
    )


def state_in_words(state: str, starts: date, ends: date, today: date) -> str:
    """A placement's state as people say it: under way, to come, ended."""
    if state == State.CONFIRMED:
        if starts > today:
            return "confirmed, to come"
        return "under way" if ends >= today else "ended, not completed"
    return "not confirmed yet" if state == State.PLANNED else str(State(state).label)


# The list ---------------------------------------------------------------------------------------

NOW, TO_COME, ENDED, UNPLACED, ALL = "now", "to-come", "ended", "unplaced", "all"
STATES = {
    NOW: "On placement now",
    TO_COME: "Placement to come",
    ENDED: "Placement ended",
    UNPLACED: "Enrolled, no placement now or to come",
    ALL: "Everyone enrolled",
}
SORTS = {
    "ends": ("ends", "pk"),
    "name": ("enrolment__person__name", "pk"),
    "site": ("site__name", "ends", "pk"),
    "hours": ("-enrolment__tallies__confirmed", "pk"),
    "behind": (F("enrolment__tallies__behind_on").asc(nulls_last=True), "pk"),
    "waiting": (F("enrolment__tallies__oldest_waiting").asc(nulls_last=True), "pk"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to and sorted by."""

    words: str = ""
    year: int | None = None
    site: str = ""
    cohort: str = ""
    state: str = NOW
    behind: bool = False
    sort: str = "ends"
    # What one of the viewer's roles must allow on a student for them to be listed.
    permission: Permission = Permission.SEE_PLACEMENT_RECORDS

    @property
    def by_enrolment(self) -> bool:
        """Whether the list is of everybody enrolled, placed or not."""
        return self.state in (UNPLACED, ALL)


def listed_placements(viewer: Viewer, wanted: Wanted) -> QuerySet[Placement]:
    """The placements that the list shows, joined with their totals, in order."""
    today = clock.today()
    tally: dict[str, Any] = {"enrolment__tallies__stage": F("stage")}
    if wanted.behind:
        tally["enrolment__tallies__behind_on__lte"] = today
    when = {
        NOW: under_way(today),
        TO_COME: Q(starts__gt=today, ends__gt=today, state__in=Placement.ACTIVE),
        ENDED: Q(state=State.COMPLETED) | Q(ends__lt=today, state__in=Placement.ACTIVE),
    }[wanted.state]
    rows = Placement.objects.filter(when, reach(viewer, permission=wanted.permission), **tally)
    if wanted.behind:
        rows = rows.filter(_going_on(today, "enrolment"))
    if wanted.words:
        rows = rows.filter(_named(wanted.words, "enrolment__"))
    if wanted.year:
        rows = rows.filter(stage__year=wanted.year)
    if wanted.site:
        rows = rows.filter(site__slug=wanted.site)
    if wanted.cohort:
        rows = rows.filter(enrolment__cohort__name=wanted.cohort)
    return rows.order_by(*SORTS[wanted.sort])


def listed_enrolments(viewer: Viewer, wanted: Wanted) -> QuerySet[Enrolment]:
    """The enrolments that the list shows, by name."""
    today = clock.today()
    rows = policies.enrolments_with(viewer, wanted.permission)
    placed = Placement.objects.filter(enrolment=OuterRef("pk"))
    if wanted.state == UNPLACED:
        ahead = placed.filter(state__in=Placement.ACTIVE, ends__gte=today)
        rows = rows.filter(~Exists(ahead), starts__lte=today, ends__gte=today)
    if wanted.words:
        rows = rows.filter(_named(wanted.words, ""))
    if wanted.cohort:
        rows = rows.filter(cohort__name=wanted.cohort)
    if wanted.year:
        placed = placed.filter(stage__year=wanted.year)
    if wanted.site:
        placed = placed.filter(site__slug=wanted.site)
    if wanted.year or wanted.site:
        rows = rows.filter(Exists(placed))
    if wanted.behind:
        rows = rows.filter(Exists(StageTally.objects.filter(enrolment=OuterRef("pk"), behind_on__lte=today, plan_last__gte=today)), _going_on(today, "pk"))  # fmt: skip
    return rows.order_by("person__name", "pk")


def _going_on(today: date, enrolment: str) -> Combinable:
    """The condition that the studies of an enrolment are not interrupted: nobody is behind on such a day."""
    return ~Exists(interruption_queries.on(today).filter(enrolment=OuterRef(enrolment)))


def everybody(viewer: Viewer, wanted: Wanted) -> list[Person]:
    """Whom the whole list is about, each once, by key alone: what the access log needs of a file."""
    if wanted.by_enrolment:
        listed = Q(pk__in=listed_enrolments(viewer, wanted).order_by().values("person"))
    else:
        listed = Q(pk__in=listed_placements(viewer, wanted).order_by().values("enrolment__person"))
    return list(Person.objects.filter(listed).only("pk"))


def _named(words: str, prefix: str) -> Q:
    found = Q(**{f"{prefix}student_number__istartswith": words})
    return found | Q(**{f"{prefix}person__name__icontains": words})


def enrolled(rows: Iterable[Enrolment]) -> list[Student]:
    """The lines of enrolments: each with the placement that is under way, else the next, else the last."""
    page = list(rows)
    today = clock.today()
    newest: dict[int, dict[str, Any]] = {}
    placed = with_tally(Placement.objects.filter(enrolment__in=page)).exclude(state=State.WITHDRAWN)
    for row in placed.order_by("starts").values(*_COLUMNS):
        kept = newest.get(row["enrolment_id"])
        if kept is None or kept["ends"] < today:
            newest[row["enrolment_id"]] = row
    return [
        _student(newest[one.pk], today)
        if one.pk in newest
        else Student(
            person=one.person.uuid,
            enrolment=one.uuid,
            placement=None,
            name=one.person.name,
            number=one.student_number,
            cohort=one.cohort.name,
            state="not placed yet",
            enrolment_pk=one.pk,
        )
        for one in page
    ]


def choices(viewer: Viewer) -> tuple[list[tuple[str, str]], list[str]]:
    """The sites (slug and name) and the viewer's cohorts' names, newest first, to filter by, in one query."""
    kind = Value("site", output_field=CharField())
    sites = Site.objects.order_by().annotate(kind=kind).values_list("kind", "name", "slug")
    kind = Value("cohort", output_field=CharField())
    nothing = Value("", output_field=CharField())
    theirs = cohorts(viewer).annotate(kind=kind, slug=nothing).values_list("kind", "name", "slug")
    rows = sorted(sites.union(theirs))
    found = [(slug, name) for kind, name, slug in rows if kind == "site"]
    return found, [name for kind, name, _ in reversed(rows) if kind == "cohort"]
