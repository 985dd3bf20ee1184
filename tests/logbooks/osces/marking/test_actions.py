"""Sheets opened, marked and closed at the same instant, by the database's own rules."""

from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logbooks.osces.day.queries import announced_of
from logbooks.osces.marking import actions, reading
from logbooks.osces.marking.actions import Unfinished
from logbooks.osces.marking.events import Tap
from logbooks.osces.marking.register import GRADE, Unmarked
from logbooks.osces.models import MarkEvent, MarkSheet, SheetClosed
from school.core import verify
from school.core.errors import Conflict
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import sheet
from tests.races import at_once

pytestmark = pytest.mark.engine
ITEMS = [str(UUID(int=n)) for n in (1, 2, 3)]


def whole(device: UUID, first: int = 0) -> list[Tap]:
    """Every part of the small station, by one device."""
    said = [*zip(ITEMS, (first, 1, 1), strict=True), (GRADE, 3)]
    return [Tap(uuid4(), device, n, part, value) for n, (part, value) in enumerate(said, start=1)]


@pytest.mark.django_db(transaction=True)
def test_tablets_that_open_one_sheet_at_once_get_the_same() -> None:
    made = day(stations=2, candidates=1)
    told = announced_of(made.exam)
    assert told
    act = partial(
        actions.open_sheet,
        exam=made.exam,
        candidate=made.candidates[0],
        station=made.stations[0],
        examiner=made.examiners[0][0],
        told=told,
    )
    came = at_once([act] * 6)
    assert {one.pk for one in came} == {MarkSheet.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_same_marks_sent_at_once_are_kept_once_and_closed_once() -> None:
    made = day(stations=2, candidates=1)
    own = sheet(made, made.candidates[0], made.stations[0])
    by, document = own.examiner, made.stations[0].document
    taps, uuid = whole(uuid4()), uuid4()
    keep = partial(actions.keep, by=by, sheet=own, document=document, taps=taps)
    for done in at_once([keep] * 5):
        assert (done.kept, dict(done.refused)) == ({tap.uuid for tap in taps}, {})
    assert MarkEvent.objects.count() == 4
    close = partial(actions.close, by=by, sheet=own, document=document)
    came = at_once([partial(close, uuid=uuid)] * 3 + [partial(close, uuid=uuid4())] * 2)
    closed = SheetClosed.objects.get()
    assert all(one == closed or isinstance(one, Conflict) for one in came)
    assert list(verify.Verification(connection).problems()) == []


@pytest.mark.django_db(transaction=True)
def test_sheet_that_closes_while_marks_arrive_says_what_stood_and_keeps_them() -> None:
    made = day(stations=2, candidates=1)
    own = sheet(made, made.candidates[0], made.stations[0])
    by, document = own.examiner, made.stations[0].document
    actions.keep(by=by, sheet=own, document=document, taps=whole(uuid4()))
    more = Tap(uuid4(), uuid4(), 1, ITEMS[0], 2)
    came = at_once(
        [
            partial(actions.close, by=by, sheet=own, document=document, uuid=uuid4()),
            partial(actions.keep, by=by, sheet=own, document=document, taps=[more]),
        ]
    )
    assert came[1].kept == {more.uuid}
    assert MarkEvent.objects.count() == 5
    if isinstance(came[0], Unfinished):
        assert "2 things" in came[0].message or "1 thing" in came[0].message
    else:
        assert came[0].total == 2


@pytest.mark.django_db
def test_database_holds_one_sheet_and_lets_no_mark_be_changed() -> None:
    made = day(stations=2, candidates=1)
    own = sheet(made, made.candidates[0], made.stations[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet(made, made.candidates[0], made.stations[0])
    actions.keep(by=own.examiner, sheet=own, document=made.stations[0].document, taps=whole(uuid4()))  # fmt: skip
    for act in (
        lambda: MarkEvent.objects.update(value=1),
        lambda: MarkEvent.objects.all().delete(),
        lambda: MarkSheet.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.fixture
def made(db: None) -> Day:
    return day(stations=2, candidates=1)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_order_and_however_often_marks_arrive_the_sheet_reads_the_same(
    made: Day, data: st.DataObject
) -> None:
    """Two tablets of one examiner, each without a signal for a while, batches cut anywhere and sent again."""
    document = made.stations[0].document
    taps = [
        Tap(uuid4(), UUID(int=tablet), number, part, data.draw(st.sampled_from([0, 1, Unmarked.NOT_OBSERVED])))
        for tablet in (1, 2)
        for number, part in enumerate(data.draw(st.lists(st.sampled_from(ITEMS), max_size=5)), start=1)
    ]  # fmt: skip
    with transaction.atomic():
        reads = []
        for _ in range(2):
            point = transaction.savepoint()
            own = sheet(made, made.candidates[0], made.stations[0])
            arriving = data.draw(st.permutations([*taps, *taps]))
            while arriving:
                size = data.draw(st.integers(1, len(arriving)))
                batch, arriving = arriving[:size], arriving[size:]
                done = actions.keep(by=own.examiner, sheet=own, document=document, taps=batch)
                assert done.kept == {tap.uuid for tap in batch}
            reads.append(reading.read_of(own))
            assert MarkEvent.objects.filter(sheet=own).count() == len(taps)
            transaction.savepoint_rollback(point)
        assert reads[0] == reads[1]
