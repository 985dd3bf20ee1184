"""The switches of a programme's sign-off."""

import pytest

from logbooks.competencies.actions.switches import SWITCHES, WAYS, switch, switched_on
from logbooks.competencies.models import LogBookRules
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Scope
from school.people.roles import PROGRAMME_LEAD
from tests import factories as make
from tests.logbooks.competencies.book import make_log_book
from tests.logbooks.competencies.frameworks import make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules() -> LogBookRules:
    placement = make_log_book().placement
    return LogBookRules.objects.get(programme=placement.enrolment.cohort.programme)


def test_lead_of_the_programme_switches_and_the_history_says_who(rules: LogBookRules) -> None:
    lead = make.make_person("Leila Leadwell")
    make.make_grant(lead, PROGRAMME_LEAD, rules.programme.scope)
    kept = switch(by=lead, rules=rules, on=["sign_with_account"], seen=SWITCHES)
    assert switched_on(kept) == ["sign_with_account"]
    newest = LogBookRules.objects.get().history.latest()
    assert (newest.history_user, newest.sign_with_pin) == (lead.user, False)


def test_lead_of_another_programme_switches_nothing(rules: LogBookRules) -> None:
    other = make.make_person("Olga Otherlead")
    parent = rules.programme.scope.parent
    elsewhere = Scope.objects.create(kind=Scope.Kind.PROGRAMME, name="Elsewhere", parent=parent)
    make.make_grant(other, PROGRAMME_LEAD, elsewhere)
    with pytest.raises(NotAllowed, match="Only a lead of the programme"):
        switch(by=other, rules=rules, on=["sign_with_account"], seen=SWITCHES)
    assert switched_on(LogBookRules.objects.get()) == list(SWITCHES)


def test_some_way_is_left(rules: LogBookRules) -> None:
    with pytest.raises(DomainError, match="at least one way") as caught:
        switch(by=make_lead(), rules=rules, on=["separate_assessor"], seen=SWITCHES)
    assert caught.value.field == "ways"
    assert switched_on(LogBookRules.objects.get()) == list(SWITCHES)


def test_what_somebody_else_switched_meanwhile_is_not_undone_unseen(rules: LogBookRules) -> None:
    lead = make_lead()
    switch(by=lead, rules=rules, on=list(WAYS), seen=SWITCHES)
    with pytest.raises(Conflict, match="Somebody else changed this meanwhile"):
        switch(by=make_lead("Second Lead"), rules=rules, on=["sign_by_link"], seen=SWITCHES)
    assert switched_on(LogBookRules.objects.get()) == list(WAYS)


def test_the_same_again_writes_nothing(rules: LogBookRules) -> None:
    lead = make_lead()
    for _ in range(2):
        switch(by=lead, rules=rules, on=["sign_by_link"], seen=SWITCHES)
    assert LogBookRules.objects.get().history.count() == 2
