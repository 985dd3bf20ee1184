"""Reference rows that each process keeps: what is new is read once, however many rows ask for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements import reference
from placements.models import DayType, Stage
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_new_stage_is_read_once() -> None:
    version = make.make_network()
    reference.stages(version.pk)
    new = Stage.objects.create(
        version=version, year=9, level=Stage.Level.AWARENESS, minimum_minutes=60, maximum_minutes=60
    )
    with CaptureQueriesContext(connection) as asked:
        assert [reference.stage(new.pk) for _ in range(20)] == [new] * 20
    assert len(asked) == 1
    assert new in reference.stages(version.pk)


def test_new_day_type_is_read_once() -> None:
    make.make_network()
    kept = reference.day_types()
    new = DayType.objects.get(pk=next(iter(kept.values())).pk)
    del kept[new.code]
    with CaptureQueriesContext(connection) as asked:
        assert [reference.day_type(new.pk) for _ in range(20)] == [new] * 20
    assert len(asked) == 1
