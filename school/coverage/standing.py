"""The kept state of what people had satisfied: made from the facts, and brought up to the ledger before it is read."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django_tasks import task

from school.core import engine, ledger
from school.core.compiled import compiled
from school.core.errors import NotYet
from school.core.middleware import answering
from school.core.models import LedgerEntry
from school.courses.models import Attainment, AttainmentVoid, Equivalence
from school.coverage.models import Accepted, RequirementVersion, Satisfied, TakenIn
from school.coverage.renewal import Period, Renewal, Rule
from school.coverage.stretches import Learned, Ruled, stretches
from school.people.models import Person, PersonMerge
from school.people.queries import merges

# What the kept state is made of.
KINDS = (
    Attainment.KIND,
    AttainmentVoid.KIND,
    Equivalence.KIND,
    RequirementVersion.KIND,
    PersonMerge.KIND,
)
# So many people are worked out in one go, and at most while somebody waits for a page.
AT_ONCE = 500


@task()
def take_in() -> None:
    """Takes in, beside the pages, what was recorded since; a page waits for few people at most.

    The mark passes what concerns no training too, or each page would look through all of that again.
    """
    if _anything():
        _bring_up()


def bring_up() -> None:
    """Takes in the facts that the kept state does not hold yet; one query where there are none.

    While somebody writes it takes in what is committed and leaves the mark, so that the next one looks again: to wait
    for a long import would make every other writer wait behind it. Only what concerns many is not worked out twice.
    Raises NotYet while a page is answered and the facts are about many people: a worker takes those in.
    """
    if _concerns_training():
        _bring_up()


@compiled
def _anything() -> QuerySet[LedgerEntry, int]:
    return _recorded_since()[:1]


@compiled
def _concerns_training() -> QuerySet[LedgerEntry, int]:
    return _recorded_since().filter(kind__in=KINDS)[:1]


def _recorded_since() -> QuerySet[LedgerEntry, int]:
    """What was recorded and not taken in, in order: PostgreSQL would else believe that it is a third of everything."""
    taken = Coalesce(Subquery(TakenIn.objects.values("entry")[:1]), 0)
    return LedgerEntry.objects.filter(pk__gt=taken).order_by("pk").values_list("pk", flat=True)


def _bring_up() -> None:
    with transaction.atomic():
        mark = _locked()
        reached = ledger.watermark_at_once()
        people = _touched(mark.entry)
        if len(people) <= AT_ONCE:
            _work_out(people)
            if reached is not None:
                mark.entry = reached
                mark.save()
            return
        if answering.get():
            raise NotYet(
                f"Much was recorded a moment ago: the training of {len(people):,} people is being worked out. "
                "That takes some minutes."
            )
        if reached is None:
            reached = ledger.watermark()
            people = _touched(mark.entry)
    for some in _some_at_once(people):
        with transaction.atomic():
            _locked()
            _work_out(some)
    with transaction.atomic():
        mark = _locked()
        mark.entry = max(mark.entry, reached)
        mark.save()


def hold() -> int:
    """Lets nothing be recorded until the caller's transaction ends, and gives the ledger's highest id.

    The kept state is locked before the ledger, as `bring_up` does, so that neither waits for the other.
    """
    _locked()
    return ledger.watermark()


def rebuild() -> int:
    """Makes the kept state anew for everybody; gives of how many people it differed from what was kept."""
    bring_up()
    differed = 0
    for some in _some_at_once(list(Person.objects.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            _locked()
            differed += _work_out(some)
    return differed


def _some_at_once(people: Sequence[int]) -> Iterator[Sequence[int]]:
    return (people[place : place + AT_ONCE] for place in range(0, len(people), AT_ONCE))


def _locked() -> TakenIn:
    TakenIn.objects.get_or_create(only=True)
    return TakenIn.objects.select_for_update().get()


def _touched(after: int) -> list[int]:
    """The people whose state may have changed by the facts after an entry."""
    new = Q(entry__pk__gt=after)
    if RequirementVersion.objects.filter(new).exists() or Equivalence.objects.filter(new).exists():
        found = Attainment.objects.values_list("person", flat=True)
        return sorted(set(found.distinct().order_by("person")))
    people = set(Attainment.objects.filter(new).values_list("person", flat=True))
    people |= set(AttainmentVoid.objects.filter(new).values_list("attainment__person", flat=True))
    for pair in PersonMerge.objects.filter(new).values_list("kept", "merged"):
        people |= set(pair)
    return sorted(people)


def _first_day(version: tuple[date, int]) -> date:
    return version[0]


@dataclass(slots=True)
class Asked:
    """The versions of a requirement: how each renews, and the courses that each accepts."""

    rules: list[Ruled] = field(default_factory=list)
    accepted: dict[int, frozenset[int]] = field(default_factory=dict)
    firsts: list[tuple[date, int]] = field(default_factory=list)
    # What counts for a version on the days of another, kept since it is asked for each attainment.
    together: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)

    def counting(self, version: int, day: date) -> frozenset[int]:
        """The courses that count for a version when attained on a day: its own, and those asked for on the day."""
        place = bisect_right(self.firsts, day, key=_first_day)
        of_day = self.firsts[max(place - 1, 0)][1]
        if (version, of_day) not in self.together:
            self.together[version, of_day] = self.accepted[version] | self.accepted[of_day]
        return self.together[version, of_day]

    def reaching(self, through: Mapping[int, Sequence["Through"]]) -> frozenset[int]:
        """The courses that may count for some version, themselves or as another."""
        wanted = frozenset[int]().union(*self.accepted.values())
        return wanted | {
            course
            for course, ways in through.items()
            if any(way.counts_as in wanted for way in ways)
        }


@dataclass(frozen=True, slots=True)
class Through:
    """An equivalence: the course that the attained one counts as, on which days, and when that was known."""

    counts_as: int
    since: date
    until: date | None
    known: date
    gone: date | None


@dataclass(frozen=True, slots=True)
class Attained:
    """An attainment as far as it counts."""

    key: int
    course: int
    day: date
    known: date
    gone: date | None
    minutes: int


def _work_out(people: Collection[int]) -> int:
    """Writes the state of people anew, inside the caller's transaction; gives for how many it differed.

    Of merged people the one who is kept has all of it.
    """
    same = same_person(people)
    attained: dict[int, dict[int, list[Attained]]] = defaultdict(lambda: defaultdict(list))
    for person, one in attainments(Q(person__in=same)):
        attained[same[person]][one.course].append(one)
    through = equivalences()
    every = [(requirement, requirement.reaching(through)) for requirement in asked().values()]
    fresh = {
        person: {
            (version, one.starts, one.ends, one.expires, one.known_from, one.known_until)
            for requirement, courses in every
            if (had := [one for course in courses for one in by_course.get(course, ())])
            for version in requirement.accepted
            for one in _of_version(requirement, version, had, through)
        }
        for person, by_course in attained.items()
    }
    held: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    kept = Satisfied.objects.filter(person__in=same)
    columns = ("version", "starts", "ends", "expires", "known_from", "known_until")
    for person, *row in kept.values_list("person", *columns):
        held[person].add(tuple(row))
    differed = [person for person in same if fresh.get(person, set()) != held.get(person, set())]
    Satisfied.objects.filter(person__in=differed).delete()
    rows = ((person, *row) for person in differed for row in fresh.get(person, ()))
    column = {one.name: str(one.column) for one in Satisfied._meta.local_concrete_fields}
    named = [column[name] for name in ("person", *columns)]
    engine.pour(connection, Satisfied._meta.db_table, named, rows)
    return len(differed)


def same_person(people: Collection[int]) -> dict[int, int]:
    """Every key that these people are known by, and the key of the one who is kept."""
    star = dict(merges().values_list("merged", "kept"))
    heads = {star.get(person, person) for person in people}
    found = {head: head for head in heads}
    found |= {merged: head for merged, head in star.items() if head in heads}
    # Whoever was merged and is no longer has a state of their own again.
    return found | {person: star.get(person, person) for person in people}


def attainments(among: Q) -> Iterator[tuple[int, Attained]]:
    """The person's key and the attainment, for all of some."""
    rows = Attainment.objects.filter(among).values_list(
        "person",
        "pk",
        "course_version__course",
        "entry__about_from",
        "entry__known_from",
        "course_version__credit_minutes",
        "void__entry__known_from",
        "superseded_by__entry__known_from",
    )
    for person, key, course, day, known, minutes, void, superseded in rows:
        gone = min((one for one in (void, superseded) if one), default=None)
        yield person, Attained(key, course, day, known, gone, minutes)


def equivalences() -> dict[int, list[Through]]:
    """What each course counts as, by the key of the one that is attained."""
    found: dict[int, list[Through]] = defaultdict(list)
    rows = Equivalence.objects.filter(cancelled=False).values_list(
        "attained",
        "counts_as",
        "entry__about_from",
        "entry__about_to",
        "entry__known_from",
        "superseded_by__entry__known_from",
    )
    for attained, *row in rows:
        found[attained].append(Through(*row))
    return found


def asked() -> dict[int, Asked]:
    """The versions of each requirement, by its key."""
    accepted: dict[int, set[int]] = defaultdict(set)
    for version, course in Accepted.objects.values_list("version", "course"):
        accepted[version].add(course)
    found: dict[int, Asked] = defaultdict(Asked)
    versions = RequirementVersion.objects.annotate(gone=F("superseded_by__entry__known_from"))
    for version in versions.order_by("entry__about_from", "pk"):
        one = found[version.requirement_id]
        entry = version.entry
        ruled = Ruled(entry.about_from, renewing(version), entry.known_from, version.gone)
        one.rules.append(ruled)
        one.accepted[version.pk] = frozenset(accepted[version.pk])
        one.firsts.append((entry.about_from, version.pk))
    return found


def renewing(version: RequirementVersion) -> Rule:
    """How a version renews."""
    return Rule(
        Renewal(version.renewal),
        active=Period(version.active_months) if version.active_months else None,
        window=Period(version.window_months, version.window_days),
        minimum=Period(version.minimum_months),
        due=version.due_on,
        minutes=version.learning_minutes,
    )


def _of_version(
    requirement: Asked, version: int, had: Sequence[Attained], through: dict[int, list[Through]]
) -> list[Any]:
    learned = counted(requirement, version, had, through)
    return stretches(requirement.rules, learned) if learned else []


def counted(
    requirement: Asked, version: int, had: Sequence[Attained], through: dict[int, list[Through]]
) -> list[Learned]:
    """What somebody attained as far as it counts for a version."""
    learned = []
    for one in had:
        counting = requirement.counting(version, one.day)
        if one.course in counting:
            learned.append(Learned(one.key, one.day, one.known, one.minutes, gone=one.gone))
        for way in through.get(one.course, ()):
            if way.counts_as in counting:
                gone = min((day for day in (one.gone, way.gone) if day), default=None)
                known = max(one.known, way.known)
                if gone is None or known < gone:
                    learned.append(
                        Learned(one.key, one.day, known, one.minutes, way.since, way.until, gone)
                    )
    return learned
