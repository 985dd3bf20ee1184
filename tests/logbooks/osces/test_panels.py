"""The card of the first page: what waits for whom, in two queries."""

import pytest

from logbooks.osces import panels
from tests.logbooks.osces.exams.made import design, submitted, versions
from tests.logbooks.osces.stations.made import educator
from tests.people.cast import with_account
from tests.placements.browsers import Viewer, counted

pytestmark = pytest.mark.django_db


class Worn(Viewer):
    """Somebody in the first of their hats."""

    @property
    def hat(self) -> object:
        return next(iter(self.hats), None)


def test_card_counts_what_waits_in_two_queries() -> None:
    writer, reader = educator("Wanda Writer"), educator("Rita Reader")
    submitted(writer, design(*versions(writer, reader)))
    theirs, mine = Worn(reader), Worn(writer)
    with counted() as found:
        [panel] = panels.home(theirs)  # type: ignore[arg-type]
    assert (len(found), panel.context) == (2, {"stations": 0, "exams": 1})
    [panel] = panels.home(mine)  # type: ignore[arg-type]
    assert panel.context == {"stations": 0, "exams": 0}


def test_card_is_not_shown_to_others() -> None:
    assert panels.home(Worn(with_account("Nora Nobody"))) == []  # type: ignore[arg-type]
