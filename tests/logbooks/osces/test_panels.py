"""The cards of the first page: what waits for whom, and when a student's own exam begins, in two queries each."""

from datetime import timedelta

import pytest

from logbooks.osces import panels
from logbooks.osces.day import actions
from school.core import clock
from tests.logbooks.osces.day.ready import announce, ready
from tests.logbooks.osces.exams.made import design, submitted, versions
from tests.logbooks.osces.release.made import marked, recorded
from tests.logbooks.osces.stations.made import educator
from tests.people.cast import with_account
from tests.placements.browsers import Viewer, browser, counted

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


def test_student_sees_when_and_where_their_exam_begins_once_it_is_announced() -> None:
    made = ready()
    one = made.candidates[0]
    student = Worn(one.enrolment.person)
    assert panels.own(student) == []  # type: ignore[arg-type]
    announce(made)
    with counted() as found:
        [panel] = panels.own(student)  # type: ignore[arg-type]
    [coming] = panel.context["coming"]
    assert (len(found), coming.candidate, coming.site) == (2, one, "Elm Hospital")
    shown = browser(one.enrolment.person, second_factor=False).get("/home/learning/")
    assert f"Your number is {one.number}" in shown.content.decode()
    actions.withdraw(by=made.lead, candidate=one)
    assert panels.own(student) == []  # type: ignore[arg-type]
    assert panels.own(Worn(made.lead)) == []  # type: ignore[arg-type]


def test_examiner_is_told_of_exams_that_come_in_one_query() -> None:
    made = ready()
    examiner = Worn(made.examiners[0])
    assert panels.examines(examiner) == []  # type: ignore[arg-type]
    announce(made)
    with counted() as found:
        [panel] = panels.examines(examiner)  # type: ignore[arg-type]
    assert (len(found), panel.context["exams"]) == (1, [made.exam])
    assert panels.examines(Worn(made.lead)) == []  # type: ignore[arg-type]


def test_examiner_is_pointed_to_the_stations_to_rate_until_a_standard_is_set() -> None:
    made = marked([(4, 3), (3, 2), (2, 4)])
    link = f'href="/osces/exams/{made.exam.uuid}/ratings/"'
    examiner = made.examiners[0][0]
    client = browser(examiner, second_factor=False)
    assert link in client.get("/osces/marking/").content.decode()
    for ago, asked in ((10, True), (61, False)):
        made.exam.day = clock.today() - timedelta(days=ago)
        made.exam.save()
        assert bool(panels.examines(Worn(examiner))) is asked  # type: ignore[arg-type]
    made.exam.day = clock.today() - timedelta(days=10)
    made.exam.save()
    page = client.get("/osces/marking/").content.decode()
    assert (link in page, "S1 Station 1" in page) == (True, False)
    assert link in client.get("/home/later/").content.decode()
    recorded(made)
    assert panels.examines(Worn(examiner)) == []  # type: ignore[arg-type]
    assert "Stations to rate" not in client.get("/osces/marking/").content.decode()
