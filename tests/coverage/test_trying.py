"""A draft tried on real people says what it would say once published, and writes nothing."""

from datetime import date, timedelta
from typing import Any

import pytest

from school.core import clock
from school.core.models import LedgerEntry
from school.courses.models import Course
from school.coverage import states
from school.coverage.actions.publishing import Asking, versions_held, write_versions
from school.coverage.models import Satisfied
from school.coverage.states import Question, State
from school.coverage.trying import try_out
from school.people.models import JobRole
from tests.coverage.making import Staff

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

TODAY = date(2026, 11, 19)
YEAR = timedelta(days=365)


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch) -> Staff:
    """Six in post: renewed, lapsed by a year, never, exempt, a starter, and one of another role; and a version in force."""
    made = Staff()
    for name in "abcde":
        made.term(name, "Elm", "Radiographer", TODAY - 6 * YEAR)
    made.term("s", "Oak", "Radiographer", TODAY - timedelta(days=10))
    made.term("x", "Oak", "Porter", TODAY - 6 * YEAR)
    # In post twice.
    made.term("a", "Oak", "Porter", TODAY - 6 * YEAR)
    made.attain("a", "Fire", TODAY - timedelta(days=30))
    made.attain("b", "Fire", TODAY - timedelta(days=500))
    made.attain("x", "Fire", TODAY - timedelta(days=100))
    made.attain("c", "Other", TODAY - timedelta(days=20))
    gone = made.attain("e", "Fire", TODAY - timedelta(days=40))
    made.void(gone, TODAY - timedelta(days=5))
    made.ask("fire", ["Fire"], TODAY - 5 * YEAR, active_months=36)
    made.exempt("d", "fire", TODAY - YEAR, TODAY + YEAR)
    made.equal("Other", "Fire", TODAY - YEAR)
    return made


def asking(staff: Staff, starts: date, **said: Any) -> Asking:
    """Fire safety every year, for radiographers, starters let off for 60 days."""
    role = JobRole.objects.get(code="radiographer")
    rule = {"active_months": 12, "grace_days": 60, "source": "Policy 14"} | said
    return Asking(
        code="fire",
        name="fire",
        groups=[{"job_role": role, "crew": "static"}],
        courses=[Course.objects.get(code="fire")],
        rule=rule,
        starts=starts,
        before=versions_held().get(("fire", starts)),
    )


def said(staff: Staff, found: Any) -> dict[str, tuple[State | None, State | None]]:
    """Before and after by the letters of the people."""
    letters = {person.pk: letter for letter, person in staff.people.items()}
    return {letters[one.person.pk]: (one.before, one.after) for one in found.people}


def test_trial_says_who_becomes_what(staff: Staff) -> None:
    entries = LedgerEntry.objects.count()
    tried = try_out(asking(staff, TODAY - 2 * YEAR), TODAY)
    assert said(staff, tried) == {
        "a": (State.IN_DATE, State.IN_DATE),
        "b": (State.IN_DATE, State.EXPIRED),
        "c": (State.IN_DATE, State.IN_DATE),
        "d": (State.EXEMPT, State.EXEMPT),
        "e": (State.MISSING, State.MISSING),
        "s": (State.MISSING, State.IN_GRACE),
        "x": (State.IN_DATE, None),
    }
    assert (tried.touched, tried.after.people[State.IN_DATE]) == (6, 2)
    assert [one.person.name for one in tried.becoming(State.EXPIRED)] == ["Staff b"]
    assert [one.person.name for one in tried.no_longer()] == ["Staff x"]
    [twice] = [one for one in tried.people if one.person.name == "Staff a"]
    assert twice.sites == ("Site Elm",)
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("back", [0, 2 * 365, 5 * 365])
def test_trial_says_what_is_said_once_it_is_published(staff: Staff, back: int) -> None:
    """A version to come, one that begins in the past, and one that corrects another."""
    one = asking(staff, TODAY - timedelta(days=back))
    tried = {who.person.pk: who.after for who in try_out(one, TODAY).people if who.after}
    held = Satisfied.objects.count()
    write_versions([one], by=staff.person("a").uuid)
    [key] = {line.requirement for line in states.lines(Question(TODAY, clock.today()))}
    found = {
        line.person: line.state for line in states.lines(Question(TODAY, clock.today(), (key,)))
    }
    assert found == tried
    assert Satisfied.objects.count() >= held


def test_requirement_that_is_new_is_tried(staff: Staff) -> None:
    one = asking(staff, TODAY)
    new = Asking(
        code="new", name="New", groups=[], courses=one.courses, rule=one.rule, starts=TODAY
    )
    tried = try_out(new, TODAY)
    assert tried.touched == 7
    assert set(tried.before.people.values()) == {0}
    person = staff.person("b")
    alone = Asking(
        code="new", name="New", groups=[{"person": person}], courses=one.courses, rule=one.rule, starts=TODAY
    )  # fmt: skip
    assert [who.person for who in try_out(alone, TODAY).people] == [person]
