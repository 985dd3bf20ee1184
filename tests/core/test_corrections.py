"""Lines of corrections: whole from whichever of its facts, the first one first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements.models import DayNote
from school.core import ledger
from school.core.corrections import lines
from tests.records import ACTOR, DAY, Network

pytestmark = pytest.mark.django_db


def corrected(network: Network, times: int, day: int = 0) -> list[int]:
    """A day note that was corrected so often, from the first on."""
    found: list[DayNote] = []
    for _ in range(times + 1):
        draft = network.day_note(DAY + timedelta(days=day))
        draft.fact.supersedes = found[-1] if found else None  # type: ignore[attr-defined]
        with ledger.writing(network.enrolment.book) as pen:
            found += pen.append([draft], by=ACTOR)  # type: ignore[arg-type]
    return [fact.pk for fact in found]


def test_a_line_is_whole_from_each_of_its_facts() -> None:
    line = corrected(Network(), 4)
    for pk in line:
        assert lines(DayNote, [pk]) == [line]
    assert lines(DayNote, line[1:4]) == [line]
    assert lines(DayNote, []) == []


def test_many_lines_take_as_many_queries_as_the_longest_has_facts_and_one_more() -> None:
    network = Network()
    made = [corrected(network, times, day) for day, times in enumerate((0, 2, 1, 0))]
    for pick in (0, -1):
        with CaptureQueriesContext(connection) as queries:
            found = lines(DayNote, [line[pick] for line in made])
        assert sorted(found) == sorted(made)
        assert len(queries) == 4
