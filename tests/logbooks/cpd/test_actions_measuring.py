"""The register somebody is on, and the reasons for gaps."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from logbooks.cpd.actions.measuring import explain_gap, say_registration, take_back_reason
from logbooks.cpd.models import GapReason, Registration
from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.people.models import Person
from tests.factories import make_person
from tests.logbooks.cpd.test_actions_activities import NHS_NUMBER

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 1), date(2026, 8, 31)


@pytest.fixture
def alice() -> Person:
    return make_person("Alice Amber")


def test_registration_is_said_once_and_changed(alice: Person) -> None:
    say_registration(by=alice, profession="radiographers", registered_on=None)
    say_registration(by=alice, profession="radiographers", registered_on=date(2020, 1, 1))
    say_registration(by=alice, profession="radiographers", registered_on=date(2020, 1, 1))
    held = Registration.objects.get()
    assert (held.profession, held.registered_on) == ("radiographers", date(2020, 1, 1))
    assert held.history.count() == 2


@pytest.mark.parametrize(
    ("profession", "days", "field"),
    [("astrologers", 0, "profession"), ("radiographers", 1, "registered_on")],
)
def test_unknown_professions_and_days_to_come_are_refused(
    alice: Person, profession: str, days: int, field: str
) -> None:
    day = clock.today() + timedelta(days=days)
    with pytest.raises(DomainError) as refused:
        say_registration(by=alice, profession=profession, registered_on=day)
    assert refused.value.field == field
    assert not Registration.objects.exists()


def test_reason_is_said_changed_and_its_persons_own(alice: Person) -> None:
    uuid = uuid4()
    for words in ("Leave", "Leave", "Parental leave"):
        explain_gap(by=alice, uuid=uuid, first=FIRST, last=LAST, words=words)
    held = GapReason.objects.get()
    assert (held.words, held.history.count()) == ("Parental leave", 2)
    bob = make_person("Bob Brown")
    with pytest.raises(NotAllowed):
        explain_gap(by=bob, uuid=uuid, first=FIRST, last=LAST, words="Mine")
    with pytest.raises(NotAllowed):
        take_back_reason(by=bob, uuid=uuid)
    for _ in range(2):
        take_back_reason(by=alice, uuid=uuid)
    assert not GapReason.objects.exists()
    assert [one.words for one in GapReason.history.all()] == ["Parental leave"] * 2 + ["Leave"]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"last": date(2026, 3, 31)}, "last"), ({"words": f"Ill, {NHS_NUMBER}"}, "words")],
)
def test_reason_that_cannot_be_is_refused(
    alice: Person, values: dict[str, object], field: str
) -> None:
    given = {"first": FIRST, "last": LAST, "words": "Leave", **values}
    with pytest.raises(DomainError) as refused:
        explain_gap(by=alice, uuid=uuid4(), **given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not GapReason.objects.exists()
