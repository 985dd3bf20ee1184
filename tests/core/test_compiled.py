"""Questions that are put into SQL once: other values give other answers, what changes is a value, and no answer is kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from school.core import clock
from school.core.compiled import compiled, prepared
from school.core.models import Book, LedgerEntry
from school.people.models import Person
from school.people.roles import SITE_LEAD
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@compiled
def _named(name: Any) -> QuerySet[Person]:
    """People of a name, with their books, and whether another has it too."""
    other = Person.objects.filter(name=OuterRef("name")).exclude(pk=OuterRef("pk"))
    rows = Person.objects.filter(name=name).annotate(shared=Exists(other))
    return rows.select_related("book").order_by("pk")


@compiled
def _among(uuids: Any, people: Any) -> QuerySet[Person, tuple[UUID, int]]:
    rows = Person.objects.filter(Q(uuid__in=uuids) | Q(pk__in=people))
    return rows.order_by("pk").values_list("uuid", "pk")


@compiled
def _gone(day: Any) -> QuerySet[Person, str]:
    rows = Person.objects.filter(left_on__lte=day)
    return rows.order_by("name").values_list("name", flat=True)


def test_rows_are_those_of_the_value_that_is_asked_with() -> None:
    ada, other, bea = (make.make_person(name) for name in ("Ada", "Ada", "Bea"))
    assert [(row, row.shared) for row in _named(name="Ada")] == [(ada, True), (other, True)]
    assert [(row, row.shared) for row in _named(name="Bea")] == [(bea, False)]
    assert _named(name="Bea")[0].uuid == bea.uuid
    assert _named(name="Cai") == []


def test_rows_bring_what_the_query_joins() -> None:
    ada = make.make_person("Ada")
    [found] = _named(name="Ada")
    with CaptureQueriesContext(connection) as asked:
        assert found.book.uuid == ada.book.uuid
    assert len(asked) == 0


def test_answer_is_asked_for_each_time() -> None:
    ada = make.make_person("Ada")
    assert _gone(day=clock.today()) == []
    ada.left_on = clock.today()
    ada.save()
    assert _gone(day=clock.today()) == ["Ada"]
    assert _gone(day=clock.today() - timedelta(days=1)) == []


def test_lists_may_have_any_length_and_an_empty_one_asks_nothing() -> None:
    ada, bea, cai = (make.make_person(name) for name in ("Ada", "Bea", "Cai"))
    assert _among(uuids=[ada.uuid], people=[bea.pk]) == [(ada.uuid, ada.pk), (bea.uuid, bea.pk)]
    more = _among(uuids={ada.uuid, uuid4()}, people=(bea.pk, cai.pk))
    assert [pk for _, pk in more] == [ada.pk, bea.pk, cai.pk]
    with CaptureQueriesContext(connection) as asked:
        assert _among(uuids=[], people=[bea.pk]) == []
    assert len(asked) == 0


def test_day_that_would_be_asked_for_ever_is_refused() -> None:
    @compiled
    def stuck() -> QuerySet[Person]:
        return Person.objects.filter(left_on__lte=clock.today())

    with pytest.raises(ValueError, match="a day is a keyword"):
        stuck()


def test_function_that_reckons_with_its_value_is_refused() -> None:
    @compiled
    def reckoning(day: Any) -> QuerySet[Person]:
        return Person.objects.filter(left_on__lte=day - timedelta(days=1))

    with pytest.raises(TypeError, match="reckon with it there"):
        reckoning(day=date(2026, 3, 2))


@pytest.mark.parametrize("value", [1.5, object(), b"x", None])
def test_value_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="takes no"):
        prepared(connection, value)


def test_instants_are_compared_as_the_engine_keeps_them() -> None:
    @compiled
    def since(moment: Any) -> QuerySet[LedgerEntry, int]:
        return LedgerEntry.objects.filter(recorded_at__gte=moment).values_list("pk", flat=True)

    make.make_grant(make.make_person("Ada"), SITE_LEAD, make.make_site().scope)
    now = datetime.now(UTC)
    assert len(since(moment=now - timedelta(hours=1))) == LedgerEntry.objects.count() > 0
    assert since(moment=now + timedelta(hours=1)) == []


def test_statement_before_is_run_in_the_same_exchange() -> None:
    @compiled
    def books(ids: Any) -> QuerySet[Book, int]:
        return Book.objects.filter(pk__in=ids).values_list("pk", flat=True)

    own = make.make_person("Ada").book.pk
    before = ("SELECT %s", [1]) if connection.vendor == "postgresql" else None
    with CaptureQueriesContext(connection) as asked:
        assert books(ids=[own], before=before) == [own]
    assert len(asked) == 1
