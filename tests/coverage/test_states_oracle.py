"""The query of states against the oracle, for generated histories."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from school.coverage import standing, states
from school.coverage.models import Requirement, Satisfied
from school.coverage.states import Question
from tests.coverage import oracle
from tests.coverage.histories import DAYS, histories, record

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def agrees(case: dict[str, list[dict[str, Any]]], asked: list[tuple[date, date]]) -> None:
    """The query says of each day what the oracle says, and the kept state is what the facts make it."""
    with transaction.atomic():
        staff = record(case)
        names = {person.pk: name for name, person in staff.people.items()}
        codes = dict(Requirement.objects.values_list("pk", "code"))
        sites = {staff.site(name).pk: name for name in ("North", "South")}
        for as_of, known_on in asked:
            whole = list(states.lines(Question(as_of, known_on)))
            found = {
                (names[line.person], codes[line.requirement], sites[line.site]): (
                    line.state.value,
                    line.expires,
                    line.away,
                )
                for line in whole
            }
            assert found == oracle.states(case, as_of, known_on), (as_of, known_on)
        # Of one site or person it says what it says of everybody, narrowed.
        for site in sites:
            of_site = states.lines(Question(as_of, known_on, sites=(site,)))
            assert set(of_site) == {line for line in whole if line.site == site}
        for person in names:
            of_person = states.lines(Question(as_of, known_on, people=(person,)))
            assert set(of_person) == {line for line in whole if line.person == person}
        kept = set(Satisfied.objects.values_list("version", "person", "starts", "expires"))
        assert standing.rebuild() == 0
        assert kept == set(Satisfied.objects.values_list("version", "person", "starts", "expires"))
        transaction.set_rollback(True)


def of_interest(case: dict[str, list[dict[str, Any]]], *columns: str) -> list[date]:
    """The days of a case, the days beside them, and those by which absences are long and grace ends."""
    days = {
        row[column]
        for rows in case.values()
        for row in rows
        for column in columns
        if row.get(column)
    }
    return sorted(day + timedelta(days=beside) for day in days for beside in (-1, 0, 1, 27, 28, 30))


@st.composite
def asked_histories(draw: st.DrawFn) -> tuple[Any, list[tuple[date, date]]]:
    """A case and the days that it is asked about: as of, and as known on."""
    case = draw(histories())
    about = st.sampled_from(of_interest(case, "from", "to", "day")) | DAYS
    known = st.sampled_from(of_interest(case, "known")) | st.just(date(2027, 12, 31))
    return case, draw(st.lists(st.tuples(about, known), min_size=8, max_size=12))


@settings(max_examples=40, deadline=None)
@given(asked_histories())
def test_query_agrees_with_the_oracle(asked: Any) -> None:
    agrees(*asked)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None)
@given(asked_histories())
def test_query_agrees_with_the_oracle_for_2000_histories(asked: Any) -> None:
    agrees(*asked)
