"""Who attended in a window: its first and last day, who was in post, what was void and when, merged people."""

from datetime import date

import pytest

from school.core.share import Share
from school.coverage import attended
from school.coverage.attended import Window
from school.people.models import PersonMerge
from tests import records
from tests.coverage.making import Staff, write

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
D = date
LATE = D(2016, 12, 31)


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    for name in "abcd":
        made.term(name, "North", "Radiographer", D(2015, 1, 1))
    made.course("Dementia")
    return made


def share(staff: Staff, known_on: date = LATE, **named: date) -> Share:
    courses = [staff.course("Dementia").course_id]
    days = {"first": D(2016, 10, 1), "last": LATE, **named}
    return attended.attended(Window(known_on=known_on, courses=courses, **days))[0]


def test_the_window_holds_its_first_and_its_last_day(staff: Staff) -> None:
    for name, day in zip(
        "abcd", (D(2016, 9, 30), D(2016, 10, 1), LATE, D(2017, 1, 1)), strict=True
    ):
        staff.attain(name, "Dementia", day)
    assert share(staff, D(2017, 2, 1)) == Share(2, 4)


def test_of_those_in_post_at_its_end(staff: Staff) -> None:
    staff.term("e", "South", "Radiographer", D(2016, 1, 1), D(2016, 12, 30))
    staff.term("f", "South", "Radiographer", D(2016, 1, 1), LATE)
    for name in "ef":
        staff.attain(name, "Dementia", D(2016, 11, 1))
    assert share(staff) == Share(1, 5)


def test_somebody_counts_once_however_often_they_came_and_wherever_they_work(staff: Staff) -> None:
    staff.term("a", "South", "Physicist", D(2015, 1, 1))
    for day in (D(2016, 11, 1), D(2016, 12, 1)):
        staff.attain("a", "Dementia", day)
    window = Window(D(2016, 10, 1), LATE, LATE, [staff.course("Dementia").course_id])
    everybody, groups = attended.attended(window)
    assert everybody == Share(1, 4)
    assert sorted(one.share.denominator for one in groups) == [1, 4]
    assert [one.share.numerator for one in groups] == [1, 1]
    south = Window(*_days(window), window.courses, (staff.site("South").pk,))
    assert attended.attended(south)[0] == Share(1, 1)


def _days(window: Window) -> tuple[date, date, date]:
    return window.first, window.last, window.known_on


def test_as_it_was_known(staff: Staff) -> None:
    late = staff.attain("a", "Dementia", D(2016, 11, 1), known=D(2017, 2, 1))
    staff.void(late, D(2017, 3, 1))
    found = [share(staff, known).numerator for known in (LATE, D(2017, 2, 1), D(2017, 3, 1))]
    assert found == [0, 1, 0]


def test_merged_people_count_once(staff: Staff) -> None:
    merge = PersonMerge(kept=staff.person("a"), merged=staff.person("b"))
    write(merge, records.network_book(), D(2016, 1, 1))
    staff.attain("b", "Dementia", D(2016, 11, 1))
    assert share(staff) == Share(1, 3)


def test_another_course_and_no_course_count_nobody(staff: Staff) -> None:
    staff.attain("a", "Fire", D(2016, 11, 1))
    assert share(staff) == Share(0, 4)
    assert attended.attended(Window(D(2016, 10, 1), LATE, LATE, ()))[0] == Share(0, 4)


def test_people_are_counted_by_known_columns_alone() -> None:
    with pytest.raises(ValueError, match="by name"):
        attended.attended(Window(LATE, LATE, LATE, ()), "name")
