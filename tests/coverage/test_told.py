"""Changes as lines with names, for those who see them."""

from datetime import date

import pytest

from school.coverage import changes, told
from school.coverage.figures import Policy
from school.coverage.policies import Sight
from school.coverage.states import Question
from tests.coverage.reports import AS_OF, KNOWN, Network

pytestmark = pytest.mark.django_db


def test_change_names_nobody_to_who_sees_no_names() -> None:
    network = Network()
    network.staff.attain("j", "Fire", date(2016, 7, 1), known=date(2017, 3, 1))
    found = changes.between(Question(AS_OF, KNOWN), Question(AS_OF, date(2017, 6, 1)))
    assert len(found.by_site) == 1
    for seen, lines in ((Sight(None, frozenset()), 0), (Sight(None, None), 1)):
        assert len(told.lines_of(told.seen_of(found.by_site, seen), Policy.ADJUSTED)) == lines


def test_first_of_many_come_in_the_order_of_names() -> None:
    network = Network()
    for name in "jkl":
        network.staff.attain(name, "Fire", date(2016, 7, 1), known=date(2017, 3, 1))
    found = changes.between(Question(AS_OF, KNOWN), Question(AS_OF, date(2017, 6, 1)))
    every = told.lines_of(found.by_site, Policy.ADJUSTED)
    assert [one.person.name for one in every] == sorted(one.person.name for one in every)
    assert told.lines_of(found.by_site, Policy.ADJUSTED, 2) == every[:2]
