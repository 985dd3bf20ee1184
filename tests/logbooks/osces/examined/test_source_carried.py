"""Stations that somebody who resits keeps: they count for their candidate, and for nobody else."""

import csv
import io
import subprocess
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from logbooks.osces.analysis.compared import Method, Standard
from logbooks.osces.examined import pdf
from logbooks.osces.examined.kept import Wanted
from logbooks.osces.models import StandardSet
from logbooks.osces.release.queries import RESITS_CARRY
from logbooks.osces.results import history
from logbooks.osces.results.decided import worked
from logbooks.osces.results.decision import Result
from placements.models import Enrolment
from tests.factories import make_student
from tests.logbooks.osces.day.made import START, Day, held
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.release.made import decided, marked, recorded, released
from tests.logbooks.osces.results.made import source
from tests.logbooks.osces.results.test_actions import choice, decide
from tests.placements.browsers import browser, queries_of
from tests.placements.test_actions_confirming import merge

pytestmark = pytest.mark.django_db
FIRST = [(5, 4), (3, 1), (4, 1)]
STRICT = Standard(Method.PERCENT, Fraction(80))  # a cut of 4 of 5
KEPT = "S1 carried from Year 3 OSCE"


@pytest.fixture
def first() -> Day:
    """102 failed, and passed the first station with 3 marks, 103 with 4."""
    made = marked(FIRST)
    released(made)
    return made


def resit(
    before: Day, *, own: Enrolment | None = None, others: int = 4, weeks: int = 6, **changed: Any
) -> Day:
    """101 is who was 102 before and is marked at the second station alone; the others are new and marked at both."""
    versions = [one.place.version for one in before.stations]
    enrolled = [own or before.candidates[1].enrolment, *(make_student(f"New {n}") for n in range(others))]  # fmt: skip
    start = START + timedelta(weeks=weeks)
    made = held(versions, enrolled, start=start, **{"title": "Resit", **changed})  # type: ignore[arg-type]
    close(made, made.candidates[0], made.stations[1], 5, 4)
    for place, one in enumerate(made.candidates[1:]):
        for station in made.stations:
            close(made, one, station, min(2 + place, 5), min(1 + place, 5))
    return made


def carried(made: Day) -> list[tuple[str, str, Fraction | None, str]]:
    return [(row.candidate, row.station, row.mark, row.carried) for row in source(made).rows if row.carried]  # fmt: skip


def own(made: Day, standard: Standard = STRICT) -> Result:
    found = source(made)
    result = worked(found, choice(found, standard)).decision.results[0]
    assert result.number == 101
    return result


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.engine
def test_station_that_was_passed_counts_with_its_mark_and_stays_passed(first: Day) -> None:
    made = resit(first)
    assert carried(made) == [("101", "S1", Fraction(3), "Year 3 OSCE")]
    result = own(made)
    kept, new = result.stations
    assert (kept.mark, kept.most, kept.cut, kept.grade, kept.passed, kept.carried) == ("3", 5, None, None, True, "Year 3 OSCE")  # fmt: skip
    assert (new.mark, new.cut, new.passed, new.carried) == ("5", "4", True, "")
    assert (result.total, result.passed, result.carried) == ("8", True, KEPT)
    assert result.domains == (("No domain", "5", 5),), "items of the earlier exam are in no domain"
    both = own(made, Standard(Method.PERCENT, Fraction(80), minimum=2, must_pass=("S1",)))
    assert both.passed, "it counts among the stations passed, below the cut of this exam as it is"


def test_nothing_else_is_other_than_without_it(first: Day) -> None:
    made = resit(first)
    asked = Wanted(Fraction(2), Fraction(1), "circuit")
    found, without = source(made), source(made)
    without.__dict__["rows"] = tuple(row for row in found.rows if not row.carried)
    assert len(without.rows) == len(found.rows) - 1
    one, other = found.analysed(asked), without.analysed(asked)
    for name in ("stations", "standard", "jackknife", "bootstrap", "reliability", "generalizability", "groups"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name
    assert [at.pass_mark for at in one.at_marks] == [at.pass_mark for at in other.at_marks]
    assert [at.outcomes[1:] for at in one.at_marks] == [at.outcomes[1:] for at in other.at_marks]
    assert [at.outcomes[0].total for at in other.at_marks] == [None, None]
    decide(made)
    station = made.stations[0].place.version.station  # type: ignore[union-attr]
    newest, _ = history.of_station(station.pk)
    assert newest.candidates == 4, "the history of a station is of those who were marked there"


def test_board_is_told_and_misses_no_mark(first: Day) -> None:
    made = resit(first)
    found = {one.kind: one for one in source(made).findings}
    assert "missing mark" not in found
    assert found["mark carried"].words.startswith("101 keeps S1 with 3 of 5 carried from Year 3 OSCE:")  # fmt: skip
    assert found["mark carried"].about == ("101", "S1")


def test_sheet_that_is_closed_anew_counts_in_its_place(first: Day) -> None:
    made = resit(first)
    close(made, made.candidates[0], made.stations[0], 1, 1)
    assert not carried(made)
    assert [at.mark for at in own(made).stations] == ["1", "5"]


def test_only_the_same_station_with_as_many_marks_in_the_same_year_counts(first: Day) -> None:
    made = resit(first)
    found, (same, other) = source(made), made.stations
    shorter = replace(same.document, items=same.document.items[:2])
    found.__dict__["marked"] = [replace(same, document=shorter), other]
    assert not [row for row in found.rows if row.carried], "another maximum"
    assert not carried(resit(first, year=2))
    others = marked([(4, 4)])
    made = held([one.place.version for one in others.stations], [first.candidates[1].enrolment], start=START + timedelta(weeks=7))  # type: ignore[misc]  # fmt: skip
    close(made, made.candidates[0], made.stations[0], 2, 2)
    assert not carried(made), "another station of the same name"


def test_earlier_board_has_to_let_it_and_whoever_passed_begins_anew(first: Day) -> None:
    assert RESITS_CARRY in StandardSet.objects.get().document
    passed = resit(first, own=first.candidates[0].enrolment)
    assert not carried(passed)
    strict = marked(FIRST)
    said = decided(strict, resits_carry=False, reasons='They asked for "resits_carry": true.')
    released(strict, recorded(strict, said))
    assert not carried(resit(strict))


def test_what_is_not_released_is_not_carried() -> None:
    made = marked(FIRST)
    recorded(made)
    assert not carried(resit(made))


def test_merged_person_keeps_what_either_passed(first: Day) -> None:
    failed = first.candidates[1].enrolment
    again, twice = make_student("Again"), make_student("Twice")
    merge(again.person, failed.person)
    made = resit(first, own=again)
    assert carried(made) == [("101", "S1", Fraction(3), "Year 3 OSCE")]
    merge(again.person, twice.person)
    assert carried(resit(first, own=twice)) == carried(made)


def test_second_resit_names_the_exam_where_the_mark_was_given(first: Day) -> None:
    made = resit(first)
    standard = decide(made, choice(source(made), Standard(Method.PERCENT, Fraction(100)), resits_carry=True))  # fmt: skip
    released(made, standard)
    third = resit(made, own=made.candidates[0].enrolment, weeks=12)
    # The second station was passed at the first resit and is closed anew here.
    assert carried(third) == [("101", "S1", Fraction(3), "Year 3 OSCE")]


def rows_of(client: Client, address: str) -> list[list[str]]:
    answer: Any = client.get(address)
    return list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_pages_and_files_say_what_is_carried(first: Day) -> None:
    made = resit(first)
    client, exam = browser(made.writer), f"/osces/exams/{made.exam.uuid}/"
    for page in ("marks/", "quality/", "standard/"):
        assert "carried from Year 3 OSCE" in words(client, exam + page), page
        assert queries_of(client, exam + page) <= 12, page
    assert KEPT in words(client, f"{exam}marks/what-if/?a-method=percent&a-percent=80")
    assert KEPT in words(client, f"{exam}results/"), "before a standard is set"
    assert queries_of(client, f"{exam}results/") <= 12
    heads, *table = rows_of(client, f"{exam}marks/marks/file/csv/")[1:]
    assert heads[-1] == "Carried"
    assert [(row[0], row[1], row[heads.index("S1, grade")], row[-1]) for row in table][:2] == [
        ("101", "3", "", KEPT),
        ("102", "2", "1", ""),
    ]
    standards = rows_of(client, f"{exam}marks/standards/file/csv/?a-method=percent&a-percent=80")
    assert ["Carried", "101", KEPT] in standards
    assert "carried from Year 3 OSCE" in printed(made)

    standard = decide(made, choice(source(made), STRICT))
    assert KEPT in words(client, f"{exam}results/")
    released(made, standard)
    assert KEPT in words(client, f"{exam}results/101/"), "the trail"
    mine = browser(made.candidates[0].enrolment.person, second_factor=False)
    page = words(mine, f"/osces/results/{made.candidates[0].uuid}/")
    assert "carried from Year 3 OSCE" in page
    assert "Your total is 8 of 10" in page


def printed(made: Day) -> str:
    data = pdf.pdf(source(made), Wanted(Fraction(2), Fraction(1), "circuit"))
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)  # fmt: skip
    return " ".join(done.stdout.decode().split())


def test_columns_of_an_exam_without_resits_stay_as_they_are(first: Day) -> None:
    client = browser(first.writer)
    heads = rows_of(client, f"/osces/exams/{first.exam.uuid}/marks/marks/file/csv/")[1]
    assert "Carried" not in heads
