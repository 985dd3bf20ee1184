"""Exemptions: given for a reason and with an end, ended earlier or taken back, by who sees the people of the site."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.coverage import states
from school.coverage.actions.exempting import end_exemption, exempt
from school.coverage.models import Exemption, Requirement
from school.coverage.states import Question, State
from school.people.models import Person
from school.people.roles import REPORT_VIEWER, SITE_LEAD
from tests.coverage.making import Staff, manager
from tests.people.cast import a_person, holds

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)


@pytest.fixture
def staff() -> Staff:
    """Somebody in post of whom fire safety is asked."""
    made = Staff()
    made.term("a", "Elm", "Radiographer", date(2020, 1, 1))
    made.ask("fire", ["Fire"], date(2024, 1, 1), active_months=24)
    return made


def give(staff: Staff, by: Person, **said: Any) -> Exemption:
    """An exemption of A from fire safety."""
    sent = {"reason": "Works elsewhere.", "starts": FIRST, "ends": LAST, "uuid": uuid4()}
    requirement = Requirement.objects.get()
    return exempt(by=by, person=staff.person("a"), requirement=requirement, **sent | said)


def state(as_of: date) -> State:
    """Where A stands."""
    [line] = states.lines(Question(as_of, clock.today()))
    return line.state


def test_exempt_from_the_first_day_to_the_last(staff: Staff) -> None:
    given = give(staff, manager())
    assert ledger.private_text(given, "reason") == "Works elsewhere."
    around = [FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1)]
    assert [state(day) for day in around] == [
        State.MISSING, State.EXEMPT, State.EXEMPT, State.MISSING,
    ]  # fmt: skip


def test_the_same_sent_again_is_one_exemption(staff: Staff) -> None:
    by, uuid = manager(), uuid4()
    assert give(staff, by, uuid=uuid) == give(staff, by, uuid=uuid)
    with pytest.raises(Conflict):
        give(staff, by, uuid=uuid, ends=LAST - timedelta(days=1))


def test_exemption_ends_earlier_and_keeps_its_reason(staff: Staff) -> None:
    by = manager()
    given, day = give(staff, by), date(2026, 10, 1)
    ended = end_exemption(by=by, exemption=given, ends=day, uuid=uuid4())
    assert ledger.private_text(ended, "reason") == "Works elsewhere."
    assert (state(day), state(day + timedelta(days=1))) == (State.EXEMPT, State.MISSING)
    with pytest.raises(Conflict, match="changed meanwhile"):
        end_exemption(by=by, exemption=given, ends=FIRST, uuid=uuid4())
    give(staff, by, starts=day + timedelta(days=1))


def test_exemption_that_never_held_is_taken_back(staff: Staff) -> None:
    by = manager()
    gone = end_exemption(by=by, exemption=give(staff, by), ends=None, uuid=uuid4())
    assert (gone.cancelled, state(FIRST)) == (True, State.MISSING)
    with pytest.raises(Conflict):
        end_exemption(by=by, exemption=gone, ends=FIRST, uuid=uuid4())
    give(staff, by)


@pytest.mark.parametrize(
    ("said", "field"),
    [({"reason": " "}, "reason"), ({"ends": FIRST - timedelta(days=1)}, "ends")],
)
def test_exemption_that_cannot_be_is_refused(
    staff: Staff, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        give(staff, manager(), **said)
    assert refused.value.field == field


def test_two_exemptions_do_not_overlap(staff: Staff) -> None:
    by = manager()
    given = give(staff, by)
    with pytest.raises(DomainError, match="Already exempt from 1 September 2026 to 31 August 2027"):
        give(staff, by, starts=LAST, ends=LAST + timedelta(days=9))
    with pytest.raises(DomainError, match="ends on 31 August 2027 already"):
        end_exemption(by=by, exemption=given, ends=LAST, uuid=uuid4())
    give(staff, by, starts=LAST + timedelta(days=1), ends=LAST + timedelta(days=9))


def test_only_who_sees_the_people_of_the_site_exempts_them(staff: Staff) -> None:
    lead, other, viewer = (a_person(name) for name in ("Lee Lead", "Ola Other", "Vi Viewer"))
    holds(lead, SITE_LEAD, staff.site("Elm").scope)
    holds(other, SITE_LEAD, staff.site("Oak").scope)
    holds(viewer, REPORT_VIEWER, staff.site("Elm").scope.parent)
    for by in (other, viewer, staff.person("a")):
        with pytest.raises(NotAllowed):
            give(staff, by)
    holds(staff.person("a"), SITE_LEAD, staff.site("Elm").scope)
    with pytest.raises(NotAllowed, match="about yourself"):
        give(staff, staff.person("a"))
    given = give(staff, lead)
    with pytest.raises(NotAllowed):
        end_exemption(by=other, exemption=given, ends=None, uuid=uuid4())
