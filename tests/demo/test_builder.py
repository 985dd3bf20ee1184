"""The demo network: the same for a seed and a date, true to its own facts, and within the rules."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from placements import standing
from placements.models import CurrentShift, Enrolment, Placement
from placements.problems import problems
from school.core.models import LedgerEntry
from school.core.verify import Verification
from school.demo import builder
from school.people.models import Person
from school.people.queries import hats
from tests.demo.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_demo_stands_on_its_facts(demo: builder.Build) -> None:
    differing = [
        line for enrolment in Enrolment.objects.all()[:12] for line in standing.rebuild(enrolment)
    ]
    assert differing == []


def test_demo_verifies(demo: builder.Build) -> None:
    assert list(Verification(connection).problems()) == []


def test_demo_breaks_no_rule_of_placing(demo: builder.Build) -> None:
    found = [
        problem
        for placement in Placement.objects.filter(state=Placement.State.CONFIRMED).select_related(
            "enrolment__person", "site", "stage"
        )
        for problem in problems(
            enrolment=placement.enrolment,
            stage=placement.stage,
            site=placement.site,
            starts=placement.starts,
            ends=placement.ends,
            ignoring=[placement],
        )
    ]
    assert found == []


def test_demo_shows_every_state_that_a_newcomer_should_meet(demo: builder.Build) -> None:
    states = set(CurrentShift.objects.values_list("state", flat=True))
    assert states == {"awaiting", "queried", "confirmed"}
    assert CurrentShift.objects.filter(breach=True).exists()


def test_personas_wear_their_hats(demo: builder.Build) -> None:
    worn = {
        persona.key: {hat.role.key for hat in hats(Person.objects.get(email=persona.email))}
        for persona in builder.PERSONAS
    }
    assert worn == {persona.key: {persona.role.key} for persona in builder.PERSONAS}


def test_same_seed_and_date_give_the_same_facts() -> None:
    first, second = (builder.Build(TODAY, seed=3, scale=1) for _ in range(2))
    assert [first.uuid() for _ in range(50)] == [second.uuid() for _ in range(50)]
    assert [first.rng.random() for _ in range(50)] == [second.rng.random() for _ in range(50)]
    assert (
        builder.Build(TODAY, seed=4, scale=1).uuid() != builder.Build(TODAY, seed=3, scale=1).uuid()
    )


def test_demo_is_built_once(demo: builder.Build) -> None:
    before = LedgerEntry.objects.count()
    said = io.StringIO()
    call_command("build_demo", stdout=said)
    assert LedgerEntry.objects.count() == before
    assert said.getvalue() == "There are students already, so no demo was built.\n"
