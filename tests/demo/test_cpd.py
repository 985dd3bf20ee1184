"""CPD in the demo: two radiographers with years of it, one frozen profile, a student who begins, and figures for the School."""

from datetime import timedelta

import pytest

from logbooks.cpd import files, queries, school_queries
from logbooks.cpd.cycles import cycle_before
from logbooks.cpd.learning import Learning
from logbooks.cpd.measure import Measure, measure
from logbooks.cpd.models import Activity, Evidence, Profile
from logbooks.cpd.profile import queries as profiles
from logbooks.cpd.profile.document import problems
from school.core import days
from school.demo import builder
from school.people.models import PostTerm
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def measured(demo: builder.Build, key: str) -> Measure:
    return measure([demo.personas[key].pk], TODAY)


@pytest.mark.parametrize("key", ["practice_educator", "school_educator"])
def test_radiographers_have_two_years_of_every_type(demo: builder.Build, key: str) -> None:
    person, by = demo.personas[key], measured(demo, key)
    assert by.cycle
    assert by.profession
    assert by.profession.key == "radiographers"
    rows = Activity.objects.filter(person=person)
    assert 24 <= rows.count() <= 40
    assert rows.earliest("starts_on").starts_on < TODAY - timedelta(days=730)
    for cycle in (by.cycle, cycle_before(by.profession, by.cycle)):
        there = queries.within(rows, (cycle.first, cycle.last))
        assert set(there.values_list("learning", flat=True)) == {one.value for one in Learning}
    reflected = rows.exclude(practice="").exclude(benefit="")
    assert 3 <= rows.count() / reflected.count() <= 4
    assert Evidence.objects.filter(activity__person=person).count() >= 5
    for row in rows:
        assert row.ends_on <= days.london_day(row.recorded_at) <= TODAY
        [version] = row.history.all()
        assert version.history_date == row.recorded_at


def test_nothing_is_to_be_done_in_the_running_cycle(demo: builder.Build) -> None:
    for key in ("practice_educator", "school_educator"):
        checked = queries.checked([demo.personas[key].pk], measured(demo, key), TODAY)
        assert [one.key for one in checked.findings if one.state == "act"] == []


def test_profile_of_the_cycle_before_is_frozen_with_its_gap(demo: builder.Build) -> None:
    dilys = demo.personas["practice_educator"]
    [profile] = Profile.objects.all()
    by = measured(demo, "practice_educator")
    assert by.cycle
    assert profile.person == dilys
    assert profile.entry.about_to == by.cycle.first - timedelta(days=1)
    issued = profiles.issued(profile.code)
    assert issued
    assert issued.title == "Issued by the School, and the latest"
    assert all(files.profile_file(profile, ending) for ending in files.PROFILE_FILES)
    said = profiles.opened(profile)
    assert said
    assert problems(said) == []
    [gap] = said["gaps"]
    assert len(gap["reasons"]) == 1
    assert sum(one["chosen"] for one in said["activities"]) == 4
    assert len(said["evidence"]) == 4
    assert not any(one["missing"] for one in said["evidence"])


def test_practice_educator_has_a_manager_and_the_student_has_begun(demo: builder.Build) -> None:
    terms = PostTerm.objects.standing().filter(post__person=demo.personas["practice_educator"])
    assert demo.personas["site_lead"] in {term.line_manager for term in terms}
    assert Activity.objects.filter(person=demo.personas["student"]).count() == 3


def test_school_sees_hours_by_site_and_a_profession(demo: builder.Build) -> None:
    known = school_queries.network(TODAY)
    found = school_queries.figures(known, TODAY.year)
    assert found.total
    assert len(found.lines) >= 4
    assert None not in found.total.by_type.values()
    [radiographers] = [one for one in school_queries.windows(known, TODAY) if one.people]
    assert radiographers.profession.key == "radiographers"
