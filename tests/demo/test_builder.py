"""The demo network: the same for a seed and a date, true to its own facts, and within the rules."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from placements import standing
from placements.models import CurrentShift, Enrolment, Placement
from placements.problems import problems
from school.core.models import LedgerEntry
from school.core.verify import Verification
from school.courses.models import Course
from school.coverage import irmer, workforce
from school.coverage.attended import Window, attended
from school.coverage.states import Question
from school.demo import builder, series
from school.people.models import Entitlement, Person
from school.people.queries import hats
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


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


# The network's own headlines, on their days -------------------------------------------------------

YEAR_END = date(2016, 12, 31)


@pytest.mark.parametrize("known_on", [YEAR_END, date(2026, 11, 19)])
def test_the_workforce_grew_by_a_quarter_to_150_in_2016(
    demo: builder.Build, known_on: date
) -> None:
    found, _ = workforce.headcounts(Question(YEAR_END, known_on), "region")
    assert (found.people, found.before, found.growth) == (150, 120, 25)
    assert (found.starters, found.leavers) == (30, 0)


def test_the_workforce_went_from_mobile_to_static_in_2017(demo: builder.Build) -> None:
    found = workforce.months(Question(date(2017, 12, 31), date(2026, 11, 19)), 13)
    shares = [(one.static, one.mobile) for one in found]
    assert shares[0] == (0, 150)
    assert shares[-1][1] == 0
    assert shares[-1][0] > 100
    static = [one.static for one in found]
    assert static == sorted(static)
    assert len(set(static)) > 4, "site by site, not in one night"


# Three came on record only later.
@pytest.mark.parametrize(("known_on", "came"), [(YEAR_END, 50), (date(2026, 11, 19), 53)])
def test_over_30_per_cent_attended_dementia_training_in_late_2016(
    demo: builder.Build, known_on: date, came: int
) -> None:
    course = Course.objects.get(code=series.COURSE)
    everybody, _ = attended(Window(date(2016, 10, 1), YEAR_END, known_on, [course.pk]))
    assert (everybody.numerator, everybody.denominator) == (came, 150)
    assert everybody.percent is not None
    assert everybody.percent > 30


def test_most_of_todays_staff_are_entitled_and_the_home_site_has_one_of_each_gap(
    demo: builder.Build,
) -> None:
    found = irmer.members(demo.sites[demo.home], TODAY, TODAY)
    marks = [mark for member in found for mark in member.marks]
    assert any(mark.startswith("Review overdue") for mark in marks)
    assert "No entitlement on record" in marks
    people = Entitlement.objects.standing().values("person").distinct().count()
    assert people > 100
