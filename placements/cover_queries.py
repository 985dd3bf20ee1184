"""Who stands in for whom, whom a waiting shift waits for, and for whom somebody decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from placements import policies, reference
from placements.models import Cover, CurrentShift, Placement, ShiftDecision, Supervision
from placements.turnaround import rule_late
from school.core import clock, days
from school.core.workingdays import add_working_days, working_days_between
from school.people.models import Person
from school.people.queries import grants, identity, merges
from school.people.roles import PRACTICE_EDUCATOR

# What `marked` adds to each shift that waits.
MARKS = ("stands_in_for", "waits_for")


def marked(
    waiting: QuerySet[CurrentShift], me: list[int], lead_scopes: Collection[int]
) -> QuerySet[CurrentShift]:
    """An inbox in which each shift says why it is there when it is not the person's own to decide.

    `stands_in_for` is the name of whom the person stands in for; `waits_for`, for a site's lead, that
    of the supervisor who has let it wait. Both are empty for the person's own.
    """
    own = {"placement": OuterRef("placement")}
    marks: dict[str, Case] = {"stands_in_for": _unless_own(me, own, _stood_in(me, own))}
    if lead_scopes:
        marks["waits_for"] = _unless_own(me, own, policies.still_there().filter(**own))
    return waiting.annotate(**marks)


def stands_in_for(me: list[int]) -> Case:
    """Of a placement: the name of whom a person stands in for there, empty when it is their own."""
    own = {"placement": OuterRef("pk")}
    return _unless_own(me, own, _stood_in(me, own))


def _stood_in(me: list[int], where: dict[str, OuterRef]) -> QuerySet[Supervision]:
    return policies.deciding(me).filter(**where).exclude(person__in=me)


def _unless_own(me: list[int], where: dict[str, OuterRef], rows: QuerySet[Supervision]) -> Case:
    own = When(Exists(policies.supervisions(me).filter(**where)), then=Value(""))
    return Case(own, default=_first_name(rows), output_field=CharField())


def _first_name(rows: QuerySet[Supervision]) -> Subquery:
    # A least name and not a first row: asked for in order, SQLite would read every supervision there is.
    named = rows.order_by().values("placement").annotate(name=Min("person__name"))
    return Subquery(named.values("name"))


def arrivals(
    waiting: QuerySet[CurrentShift], me: list[int], lead_scopes: Collection[int]
) -> list[tuple[datetime, date]]:
    """When each shift of an inbox came into it, and the day it was sent, in its order."""
    came = waiting.annotate(
        since=Coalesce("decision__reply__entry__recorded_at", "shift__entry__recorded_at")
    )
    if not lead_scopes:
        return list(came.values_list("since", "sent_on"))
    limits = reference.rerouting(clock.today())
    columns = ("since", "sent_on", "enrolment__cohort__programme", *MARKS)
    found = []
    for since, sent_on, programme, stands_in, waits in marked(came, me, lead_scopes).values_list(
        *columns
    ):
        if waits and not stands_in:
            limit = limits.get(programme, limits[None])
            since = max(since, days.start_of_day(add_working_days(sent_on, limit + 1)))
        found.append((since, sent_on))
    return found


# Naming somebody ---------------------------------------------------------------------------------


def covers_of(me: Sequence[int]) -> QuerySet[Cover]:
    """The covers of somebody's absences that are not over, in their order."""
    rows: QuerySet[Cover] = Cover.objects.standing().filter(
        person__in=me, cancelled=False, entry__about_to__gte=clock.today()
    )
    return rows.select_related("person", "stand_in").order_by("entry__about_from", "pk")


def possible_stand_ins(me: Sequence[int]) -> QuerySet[Person]:
    """Practice educators and leads of the sites where somebody is a practice educator, with an account."""
    sites = grants().filter(person__in=me, role=PRACTICE_EDUCATOR.key).values("scope")
    there = grants().filter(scope__in=sites, role__in=policies.STAND_INS)
    return (
        Person.objects.filter(pk__in=there.values("person"), user__is_active=True)
        .exclude(pk__in=me)
        .exclude(pk__in=policies.deciding(list(me)).values("placement__enrolment__person"))
        .order_by("name", "pk")
    )


# What became of a shift's way to a decision ------------------------------------------------------


def way_of(placement: Placement, sent_on: date, decided_on: date | None) -> list[str]:
    """Whom a shift sent on a day was sent to, who stood in until it was decided, and when it went to the site's lead too.

    One query; the placement comes with its programme.
    """
    # The clocks of two machines may differ around midnight.
    until = max(decided_on or clock.today(), sent_on)
    named, stood_in = set(), []
    for name, *cover in _supervising(placement, sent_on, until):
        named.add(name)
        stand_in, cancelled, changed, first, last = cover
        if stand_in and not cancelled and not changed and first <= until and last >= sent_on:
            span = f"{days.long_date(first)} to {days.long_date(last)}"
            stood_in.append((first, f"{stand_in} stands in for {name}, {span}."))
    if not named:
        return []
    said = [f"Sent to {' and '.join(sorted(named))}, waiting from {days.long_date(sent_on)}."]
    said += [words for _, words in sorted(set(stood_in))]
    limit = reference.limits(placement.enrolment.cohort.programme_id, until).reroute_working_days
    if rule_late(working_days_between(sent_on, until), limit):
        since = days.long_date(add_working_days(sent_on, limit + 1))
        after = "1 working day" if limit == 1 else f"{limit} working days"
        said.append(
            f"In the site lead’s inbox too from {since}: it had waited longer than {after}."
        )
    return said


def _supervising(placement: Placement, first: date, last: date) -> QuerySet[Supervision, Any]:
    rows = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=first),
        placement=placement,
        entry__about_from__lte=last,
    )
    cover = "person__covered_by__"
    return rows.values_list(
        "person__name",
        f"{cover}stand_in__name",
        f"{cover}cancelled",
        f"{cover}superseded_by",
        f"{cover}entry__about_from",
        f"{cover}entry__about_to",
    )


def said_days(cover: Cover) -> str:
    """ "3 November 2026 to 10 November 2026"."""
    until = cover.entry.about_to
    assert until is not None
    return f"{days.long_date(cover.entry.about_from)} to {days.long_date(until)}"


@dataclass(frozen=True, slots=True)
class _Known:
    """A cover as it was known until another took its place."""

    cover: Cover
    until: int | None

    def holds(self, decision: ShiftDecision) -> bool:
        day, entry = decision.entry.known_from, self.cover.entry
        last = entry.about_to or date.max
        return (
            not self.cover.cancelled
            and self.cover.pk < decision.pk
            and (self.until is None or decision.pk < self.until)
            and entry.about_from <= day <= last
        )


def capacities(decisions: Sequence[ShiftDecision]) -> dict[int, str]:
    """In which capacity each was decided, by its key; of a stand-in, for whom, as it was known at the time."""
    said = {row.pk: row.get_capacity_display() for row in decisions}
    standing_in = [row for row in decisions if row.capacity == ShiftDecision.Capacity.STAND_IN]
    if not standing_in:
        return said
    for decider in {row.person_id: row.person for row in standing_in}.values():
        covers = list(Cover.objects.filter(stand_in__in=identity(decider)).select_related("person"))
        after = dict(Cover.objects.filter(supersedes__in=covers).values_list("supersedes", "pk"))
        known = [_Known(cover, after.get(cover.pk)) for cover in covers]
        for row in standing_in:
            if row.person_id == decider.pk:
                held = [one.cover.person for one in known if one.holds(row)]
                said[row.pk] = _said_for(row, held)
    return said


def _said_for(decision: ShiftDecision, held: Sequence[Person]) -> str:
    """The one who supervises the placement, when somebody stood in for several at once."""
    if len(held) > 1:
        there = set(
            Supervision.objects.filter(placement=decision.shift.placement_id).values_list(
                "person", flat=True
            )
        )
        there |= set(merges().filter(merged__in=there).values_list("kept", flat=True))
        held = [person for person in held if person.pk in there] or held
    return f"standing in for {held[0].name}" if held else decision.get_capacity_display()
