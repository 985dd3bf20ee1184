"""Who is wanted by two exams at once: examiners and candidates, by whatever record, and only at the same time."""

from datetime import timedelta

import pytest

from logbooks.osces.day.elsewhere import elsewhere
from logbooks.osces.day.queries import announced_of
from tests.factories import make_person
from tests.logbooks.osces.day.made import START, Day, day, held
from tests.placements.browsers import browser, queries_of
from tests.placements.test_actions_confirming import merge

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def names(made: Day) -> list[str]:
    said = announced_of(made.exam)
    assert said
    return [one.name for one in elsewhere(made.exam, said)]


def test_examiner_of_two_exams_at_once_is_named_on_both() -> None:
    owen = make_person("Owen Example")
    one, other = day(first=owen), day(first=owen, start=START + 4 * MINUTE)
    assert (names(one), names(other)) == (["Owen Example"], ["Owen Example"])
    said = announced_of(one.exam)
    assert said
    [found] = elsewhere(one.exam, said)
    # Two candidates come to the first station, here and four minutes later there, with a slot of nine minutes between.
    assert (found.exam, found.starts, found.ends) == (
        other.exam,
        START + 4 * MINUTE,
        START + 30 * MINUTE,
    )


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1)])
def test_one_after_the_other_is_nothing(later: timedelta) -> None:
    owen = make_person("Owen Example")
    assert [names(day(first=owen)), names(day(first=owen, start=START + later))] == [[], []]


def test_candidate_of_two_exams_at_once_is_named() -> None:
    one = day(candidates=1)
    versions = [place.place.version for place in one.stations]
    other = held([version for version in versions if version], [one.candidates[0].enrolment])
    assert names(one) == names(other) == ["Student 1"]
    other.candidates[0].withdrawn = True
    other.candidates[0].save()
    assert names(one) == []


def test_somebody_merged_is_one_person() -> None:
    one, other = day(), day()
    merge(one.examiners[0][0], other.examiners[0][1])
    assert names(one) == names(other) == ["Examiner A1"]


def test_timetable_says_so_in_few_queries() -> None:
    owen = make_person("Owen Example")
    one, other = day(first=owen), day(first=owen)
    lead, page = browser(one.writer), f"/osces/exams/{one.exam.uuid}/day/timetable/"
    shown = lead.get(page).content.decode()
    assert "Wanted in two places at once" in shown
    assert (
        f'<a href="/osces/exams/{other.exam.uuid}/day/timetable/">{other.exam.title}</a>' in shown
    )
    assert queries_of(lead, page) <= 12
    assert queries_of(lead, page.replace(str(one.exam.uuid), str(other.exam.uuid))) <= 12
