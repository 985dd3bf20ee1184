"""Who has left holds no role any more."""

from datetime import timedelta

import pytest

from school.core import clock
from school.people.queries import hats
from tests import factories

pytestmark = [pytest.mark.django_db]


@pytest.mark.parametrize(("days_ago", "roles"), [(0, 1), (1, 0)])
def test_who_has_left_holds_no_role_from_the_day_after(days_ago: int, roles: int) -> None:
    person = factories.make_educator()
    person.left_on = clock.today() - timedelta(days=days_ago)
    assert len(hats(person)) == roles
