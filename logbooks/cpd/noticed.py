"""What the portal saw a person do, kept as drafts of activities until they keep or dismiss them.

The facts of all apps are looked through as the ledger grows, each minute by a worker, so that nobody who writes one waits.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django_tasks import task

from logbooks.cpd.learning import Learning
from logbooks.cpd.models import FREE, Noticed, NoticedUpTo
from school.core import engine, ledger, registries
from school.core.models import LedgerEntry
from school.core.registries import Done

# So many facts are looked at in one go, and in so many goes at most, so that no run lasts into the next.
AT_ONCE, GOES = 500, 40


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that people do: what a month of it is called, and the type of learning that it usually is.

    `minutes_each` is offered for what comes without a duration; its person says how long it was.
    """

    title: str
    learning: Learning
    minutes_each: int | None = None


KINDS: Mapping[str, Kind] = {
    "course": Kind("Courses and events", Learning.FORMAL),
    "module": Kind("Online modules", Learning.SELF),
    "placement": Kind("Placement shifts", Learning.WORK),
    "competency": Kind("Competencies signed off", Learning.WORK),
    "assessment": Kind("Assessments and exams", Learning.WORK),
    "simulation": Kind("Simulations", Learning.WORK),
    "mentoring": Kind("Students supported", Learning.PROFESSIONAL, 15),
    "assessing": Kind("Students assessed", Learning.PROFESSIONAL, 30),
    "publishing": Kind("Courses published", Learning.PROFESSIONAL),
}


@task()
def notice() -> None:
    """Notices what was recorded since the last time.

    While somebody writes, what is there is noticed and the mark stays, so that it is looked at again.
    """
    with transaction.atomic():
        reached = ledger.watermark_at_once()
    NoticedUpTo.objects.get_or_create(only=True)
    for go, last in enumerate(_looked_at(NoticedUpTo.objects.get().entry), start=1):
        if reached is not None:
            _mark(min(last, reached))
        if go == GOES:
            return
    if reached is not None:
        _mark(reached)


def notice_anew() -> None:
    """Notices all that was ever recorded again."""
    for _ in _looked_at(0):
        pass


def _looked_at(after: int) -> Iterator[int]:
    """Looks at the facts after an entry of the ledger, and gives the last entry of each piece."""
    kinds = registries.done()
    entries = LedgerEntry.objects.filter(kind__in=list(kinds)).order_by("pk")
    while some := list(entries.filter(pk__gt=after).values_list("pk", "kind", "uuid")[:AT_ONCE]):
        facts: dict[str, list[UUID]] = {}
        for _, kind, uuid in some:
            facts.setdefault(kind, []).append(uuid)
        for kind, uuids in facts.items():
            _look(kinds[kind], uuids)
        after = some[-1][0]
        yield after


def _look(read: Callable[[Sequence[UUID]], Sequence[Done]], facts: Sequence[UUID]) -> None:
    """One at a time: what was read before something was undone is never noted after that."""
    with transaction.atomic():
        engine.alone(connection, engine.NOTICING_LOCK)
        take_note(read(facts))


def _mark(entry: int) -> None:
    NoticedUpTo.objects.filter(entry__lt=entry).update(entry=entry)


def take_note(told: Sequence[Done]) -> None:
    """Keeps what people did as drafts; told again it is the same draft, and what was undone goes, unless it was kept.

    As many statements for a hundred as for two. Raises KeyError for a kind that is not among the portal's.
    """
    newest = {(done.person, done.key): done for done in told}
    for done in newest.values():
        KINDS[done.kind]
    # In one order for everybody, so that two who write the same rows do not wait for each other.
    held = [newest[known] for known in sorted(newest) if newest[known].holds]
    with transaction.atomic():
        _forget({known for known, done in newest.items() if not done.holds})
        Noticed.objects.bulk_create(
            [_row(done) for done in held],
            update_conflicts=True,
            unique_fields=["person", "key"],
            update_fields=["kind", "title", "day", "minutes", "undone"],
        )


def _row(done: Done) -> Noticed:
    return Noticed(
        person_id=done.person,
        key=done.key,
        kind=done.kind,
        title=done.title[:300],
        day=done.day,
        minutes=done.minutes,
    )


def _forget(undone: Collection[tuple[int, UUID]]) -> None:
    if not undone:
        return
    people, keys = zip(*undone, strict=True)
    near = Noticed.objects.filter(person__in=set(people), key__in=set(keys))
    found = [
        pk for pk, person, key in near.values_list("pk", "person", "key") if (person, key) in undone
    ]
    Noticed.objects.filter(FREE, pk__in=found).delete()
    Noticed.objects.filter(pk__in=found).update(undone=True)
