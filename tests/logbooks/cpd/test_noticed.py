"""What is noticed of people: once each, gone when it was undone, and marked when it had been kept."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from logbooks.cpd import noticed
from logbooks.cpd.learning import Learning
from logbooks.cpd.models import Activity, Noticed, NoticedUpTo
from logbooks.cpd.noticed import notice, notice_anew, take_note
from placements.models import DayNote
from school.core import clock, ledger, registries
from school.core.models import LedgerEntry
from school.core.registries import Done
from school.people.models import Person
from tests import records
from tests.races import at_once

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

DAY = date(2026, 11, 3)


def did(person: Person, key: UUID | None = None, **changes: object) -> Done:
    """Something that a person did on the day of these tests."""
    made = Done(person.pk, key or uuid4(), "course", "Radiation protection", DAY, 90)
    return replace(made, **changes)  # type: ignore[arg-type]


def keep(row: Noticed) -> Activity:
    """Its person keeps a draft."""
    activity = Activity.objects.create(
        person=row.person, title=row.title, learning=Learning.FORMAL, starts_on=DAY, ends_on=DAY
    )
    Noticed.objects.filter(pk=row.pk).update(activity=activity)
    return activity


def test_told_twice_is_one_draft_with_the_newest_words() -> None:
    alice = records.person()
    first = did(alice)
    take_note([first])
    take_note([first, replace(first, title="Radiation safety", minutes=None)])
    row = Noticed.objects.get()
    assert (row.person, row.key, row.kind, row.day) == (alice, first.key, "course", DAY)
    assert (row.title, row.minutes, row.undone, row.dismissed) == (
        "Radiation safety", None, False, False
    )  # fmt: skip


def test_one_key_of_two_people_is_two_drafts_and_undoing_one_leaves_the_other() -> None:
    alice, bob, other = records.person(), records.person("Bob Birch"), uuid4()
    both = [did(alice), did(bob, other)]
    take_note([*both, did(alice, other), did(bob, both[0].key)])
    take_note([replace(done, holds=False) for done in both])
    found = Noticed.objects.order_by("person").values_list("person", "key")
    assert list(found) == [(alice.pk, other), (bob.pk, both[0].key)]


def test_what_was_undone_goes_and_what_was_kept_stays_and_is_marked() -> None:
    alice = records.person()
    waits, kept = did(alice), did(alice)
    take_note([waits, kept])
    activity = keep(Noticed.objects.get(key=kept.key))
    take_note([replace(waits, holds=False), replace(kept, holds=False)])
    row = Noticed.objects.get()
    assert (row.key, row.activity, row.undone) == (kept.key, activity, True)
    take_note([kept])
    row.refresh_from_db()
    assert (row.activity, row.undone) == (activity, False)
    # What nobody ever was told of cannot be undone.
    take_note([did(alice, holds=False)])
    assert Noticed.objects.count() == 1


def test_what_was_undone_after_its_activity_was_taken_back_goes() -> None:
    alice = records.person()
    done = did(alice)
    take_note([done])
    activity = keep(Noticed.objects.get())
    activity.taken_back_at = clock.now()
    activity.save()
    take_note([replace(done, holds=False)])
    assert not Noticed.objects.exists()


def test_what_was_kept_or_dismissed_stays_so_when_told_again() -> None:
    alice = records.person()
    kept, dismissed = did(alice), did(alice)
    take_note([kept, dismissed])
    activity = keep(Noticed.objects.get(key=kept.key))
    Noticed.objects.filter(key=dismissed.key).update(dismissed=True)
    take_note([kept, dismissed])
    assert Noticed.objects.get(key=kept.key).activity == activity
    assert Noticed.objects.get(key=dismissed.key).dismissed


def test_told_both_ways_at_once_the_last_counts() -> None:
    alice = records.person()
    first = did(alice)
    take_note([first, replace(first, holds=False)])
    assert Noticed.objects.count() == 0
    take_note([replace(first, holds=False), first])
    assert Noticed.objects.get().undone is False


def test_long_titles_are_cut_and_unknown_kinds_refused() -> None:
    alice = records.person()
    take_note([did(alice, title="a" * 400)])
    assert Noticed.objects.get().title == "a" * 300
    with pytest.raises(KeyError):
        take_note([did(alice), did(alice, kind="gardening")])
    assert Noticed.objects.count() == 1


def test_many_take_as_many_statements_as_two() -> None:
    alice = records.person()
    counts = []
    for size in (2, 100):
        told = [did(alice) for _ in range(size)]
        take_note(told)
        changed = [replace(done, holds=number % 2 == 0) for number, done in enumerate(told)]
        with CaptureQueriesContext(connection) as queries:
            take_note(changed)
        counts.append(len([one for one in queries if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1] <= 5


@pytest.mark.django_db(transaction=True)
def test_told_the_same_at_once_is_one_draft() -> None:
    alice, bob = records.person(), records.person("Bob Birch")
    told = [did(person) for person in (alice, bob) for _ in range(20)]
    came = at_once([partial(take_note, order) for order in (told, told[::-1]) * 4])
    assert came == [None] * 8
    assert Noticed.objects.count() == 40


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Day notes alone are told of, Alice did one thing by each, which holds as the value says."""
    holds = [True]
    alice = records.person()

    def read(facts: Sequence[UUID]) -> list[Done]:
        return [did(alice, fact, holds=holds[0]) for fact in facts]

    monkeypatch.setattr(registries, "_done", {DayNote.KIND: read})
    return holds


def noted(count: int) -> list[UUID]:
    """So many day notes."""
    network = records.Network()
    drafts = [network.day_note(DAY + timedelta(days=number)) for number in range(count)]
    with ledger.writing(network.enrolment.book) as pen:
        return [fact.uuid for fact in pen.append(drafts, by=records.ACTOR)]


def keys() -> set[UUID]:
    """What is noticed."""
    return set(Noticed.objects.values_list("key", flat=True))


def test_notice_looks_at_what_was_recorded_since_and_costs_writers_nothing(
    only: list[bool],
) -> None:
    first = noted(2)
    assert (DBTaskResult.objects.count(), keys()) == (0, set())
    notice.func()
    assert keys() == set(first)
    Noticed.objects.all().delete()
    second = noted(1)
    notice.func()
    notice.func()
    assert keys() == set(second)


def test_notice_stops_after_some_goes_and_goes_on_from_there(
    only: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noticed, "AT_ONCE", 2)
    monkeypatch.setattr(noticed, "GOES", 1)
    facts = noted(5)
    for seen in (2, 4, 5, 5):
        notice.func()
        assert keys() == set(facts[:seen])


def test_notice_while_somebody_writes_looks_again(
    only: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = set(noted(1))
    with monkeypatch.context() as busy:
        busy.setattr(ledger, "watermark_at_once", lambda: None)
        notice.func()
    assert (keys(), NoticedUpTo.objects.get().entry) == (facts, 0)
    notice.func()
    assert (keys(), NoticedUpTo.objects.get().entry > 0) == (facts, True)


def test_what_may_come_before_what_was_looked_at_is_looked_for_again(
    only: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = noted(2)
    reached = LedgerEntry.objects.get(uuid=first).pk
    monkeypatch.setattr(ledger, "watermark_at_once", lambda: reached)
    notice.func()
    assert NoticedUpTo.objects.get().entry == reached


@pytest.mark.django_db(transaction=True)
def test_what_was_read_before_it_was_undone_is_not_noticed_after_that(
    only: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(1)
    read, reading = registries.done()[DayNote.KIND], threading.Event()

    def slowly(facts: Sequence[UUID]) -> Sequence[Done]:
        found = read(facts)
        reading.set()
        time.sleep(0.3)  # enough for the other to overtake, were it let
        return found

    def undo() -> None:
        reading.wait(30)
        only[0] = False
        notice_anew()

    monkeypatch.setattr(registries, "_done", {DayNote.KIND: slowly})
    assert at_once([notice_anew, undo]) == [None, None]
    assert keys() == set()
