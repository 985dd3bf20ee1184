"""Who hears of facts: after commit, at least once, and told again after a failure."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from placements.models import DayNote
from school.core import hearing, ledger, registries
from tests.records import ACTOR, DAY, Network

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

KIND = DayNote.KIND


@pytest.fixture
def told() -> Iterator[list[UUID]]:
    """The day notes that a handler was told of; no other handler is there."""
    kept = dict(registries._heard)
    registries._heard.clear()
    found: list[UUID] = []
    registries.hear(KIND, found.append)
    yield found
    registries._heard.clear()
    registries._heard.update(kept)


def append(network: Network, count: int) -> list[UUID]:
    """Append so many day notes, and give their UUIDs."""
    drafts = [network.day_note(DAY + timedelta(days=number)) for number in range(count)]
    with ledger.writing(network.enrolment.book) as pen:
        return [fact.uuid for fact in pen.append(drafts, by=ACTOR)]


def run(task: DBTaskResult) -> None:
    """What the worker does with a task."""
    task.task.call(*task.args_kwargs["args"])


def test_append_queues_one_task_that_tells_of_every_fact(told: list[UUID]) -> None:
    written = append(Network(), 3)
    assert told == []
    run(DBTaskResult.objects.get())
    assert told == written


def test_append_of_a_kind_that_nobody_hears_queues_nothing(told: list[UUID]) -> None:
    network = Network()
    with ledger.writing(network.enrolment.book) as pen:
        pen.append([network.shift()], by=ACTOR)
    assert DBTaskResult.objects.count() == 0


def test_append_rolled_back_tells_nobody(told: list[UUID]) -> None:
    network = Network()
    book = network.enrolment.book
    draft = network.day_note()
    with pytest.raises(LookupError), ledger.writing(book) as pen:
        raise LookupError(pen.append([draft], by=ACTOR))
    assert DBTaskResult.objects.count() == 0


def test_append_takes_as_many_statements_for_one_as_for_a_thousand(told: list[UUID]) -> None:
    network = Network()
    append(network, 1)
    counts = []
    for size in (1, 1000):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            append(network, size)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_tell_with_a_failing_handler_tells_the_others_and_is_told_again(told: list[UUID]) -> None:
    failures: list[UUID] = []

    def fails_once(fact: UUID) -> None:
        if not failures:
            failures.append(fact)
            raise RuntimeError("The log book was away.")

    registries.hear(KIND, fails_once)
    facts = [uuid.uuid4(), uuid.uuid4()]
    names = [str(fact) for fact in facts]
    with pytest.raises(ExceptionGroup) as raised:
        hearing.tell.call(KIND, names)
    assert [str(failure) for failure in raised.value.exceptions] == ["The log book was away."]
    assert (told, failures) == (facts, facts[:1])
    hearing.tell.call(KIND, names)
    assert told == facts * 2
