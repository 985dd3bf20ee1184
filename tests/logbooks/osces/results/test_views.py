"""The standard on its pages: said, shown with what it comes to, recorded; and what judges say of items."""

import re
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from logbooks.osces.examined import pdf as reports
from logbooks.osces.examined.kept import Wanted
from logbooks.osces.models import StandardSet, StationRated
from logbooks.osces.results import decision
from school.people.network import ensure_network
from school.people.roles import PRACTICE_EDUCATOR
from tests.logbooks.osces.day.made import START, Day, day
from tests.logbooks.osces.examined.test_views import words
from tests.logbooks.osces.exams.made import design, frozen
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.results.made import reference, source
from tests.people.cast import holds, with_account
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db
SAID = {
    "method": "regression",
    "sem": "0",
    "rounding": "up",
    "attendance": "Ada Chair\n\nBen Member\n",
    "reasons": "As last year.",
    "comparison": "on",
}


def standard(made: Day) -> str:
    return f"/osces/exams/{made.exam.uuid}/standard/"


def said(made: Day, **changed: str) -> dict[str, str]:
    """What a board types, with a word for each finding."""
    notes = {f"explain-{one.key}": "We looked." for one in source(made).findings}
    return {**SAID, **notes, **changed}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(seen|uuid)" value="([^"]+)"', page))


def send(client: Client, made: Day, status: int = 200, **data: str) -> str:
    answer = client.post(standard(made), said(made, **data))
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_decision_is_shown_first_and_then_recorded() -> None:
    made = reference()
    client = browser(made.writer)
    page = words(client, standard(made))
    assert "Set the standard" in page
    assert "Who was there" in page
    assert queries_of(client, standard(made)) <= 12
    page = send(client, made)
    assert "19 of 24 would pass" in page
    assert "Nothing is recorded yet" in page
    assert "68.897085" in page
    assert "69, up" in page
    assert (
        '<th scope="row">103</th><td><span class="soo-table__label">Result</span><span>Fail' in page
    )
    assert "Student 3" not in page
    assert not StandardSet.objects.exists()
    answer = client.post(
        standard(made), {**said(made), **hidden(page), "record": "yes"}, follow=True
    )
    assert "The standard is set." in answer.content.decode()
    kept = decision.from_canonical(StandardSet.objects.get().document)
    assert kept.pass_mark == "69"
    assert kept.attendance == ("Ada Chair", "Ben Member")
    page = words(client, standard(made))
    assert "A pass mark of 69" in page
    assert queries_of(client, standard(made)) <= 12
    assert f"recorded by {made.writer.name}" in page
    assert "Ada Chair, Ben Member" in page
    text = reports.pdf(source(made), Wanted(Fraction(2), Fraction(1), "circuit"))
    assert text.startswith(b"%PDF")
    station = made.stations[3].place.version.station  # type: ignore[union-attr]
    bank = words(client, f"/osces/stations/{station.uuid}/")
    assert "8.51 of 20" in bank
    assert "0.57" in bank
    assert queries_of(client, f"/osces/stations/{station.uuid}/") <= 12


def test_pages_say_that_the_exam_goes_on() -> None:
    made = day(candidates=1)
    close(made, made.candidates[0], made.stations[0], 4, 3)
    pages = (standard(made), standard(made).replace("standard", "quality"))
    for who, later, goes_on in ((made.writer, 20, True), (made.reader, 60, False)):
        with time_machine.travel(START + timedelta(minutes=later), tick=False):
            client = browser(who)
            for page in pages:
                said = "The exam goes on until 4 March 2027, 09:26: what" in words(client, page)
                assert said == goes_on


def test_board_that_decides_anew_begins_with_what_it_decided() -> None:
    made = reference()
    client = browser(made.writer)
    chosen = {"sem": "1", "minimum": "3", "must": "2", "cut-1": "7.5", "method": "percent", "percent": "60"}  # fmt: skip
    page = send(client, made, **chosen)
    client.post(standard(made), {**said(made, **chosen), **hidden(page), "record": "yes"})
    form = client.get(standard(made)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    again = {name: value for name, value in shown.items() if value not in (None, False)}
    page = " ".join(client.post(standard(made), again).content.decode().split())
    assert hidden(page)["seen"] == StandardSet.objects.get().digest


def test_what_was_changed_after_it_was_shown_is_not_recorded() -> None:
    made = reference()
    client = browser(made.writer)
    first = hidden(send(client, made))
    page = send(client, made, 409, **first, record="yes", rounding="down")
    assert "This is not what was shown" in page
    assert "68, down" in page
    assert not StandardSet.objects.exists()
    assert hidden(page)["seen"] != first["seen"]


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost() -> None:
    made = day(stations=2, candidates=2)
    for station in made.stations:
        close(made, made.candidates[0], station, 4, 3)
    client = browser(made.writer)
    data = {key: words for key, words in said(made).items() if not key.startswith("explain")}
    answer = client.post(standard(made), {**data, "method": "", "reasons": "Kept words."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a method of the list" in page
    assert "Explain this, or mend it: 102 has no mark at S1, S2." in page
    assert "Kept words." in page
    assert "<title>Error: " in page


def test_standard_without_a_result_cannot_be_recorded() -> None:
    made = day(stations=2, candidates=2)
    for station in made.stations:
        close(made, made.candidates[0], station, 4, 3)
    client = browser(made.writer)
    page = send(client, made)
    assert "No result" in page
    assert "Record the board’s decision" not in page
    page = send(client, made, 422, record="yes", seen="x")
    assert "This standard gives no result. No cut at: S1, S2." in page
    page = send(client, made, method="percent", percent="60", **{"cut-1": "4.5"})
    assert "1 of 1 would pass" in page
    assert "4.50, fixed" in page


def test_cut_of_an_earlier_exam_stands_in_and_is_explained() -> None:
    made = day(stations=2, candidates=2)
    for one in made.candidates:
        for station in made.stations:
            close(made, one, station, 4, 3)
    client = browser(made.writer)
    page = send(client, made, method="percent", percent="60")
    client.post(
        standard(made),
        {**said(made, method="percent", percent="60"), **hidden(page), "record": "yes"},
    )
    versions: Any = [one.place.version for one in made.stations]
    later = frozen(made.writer, made.reader, design(*versions), title="Resit").exam
    again = Day(later, made.writer, made.reader, [], [], [])
    assert dict(source(again).given.earlier) == {"S1": 3, "S2": 3}
    found = [one.words for one in source(again).findings if one.kind == "no cut"]
    assert found[0].endswith("Its earlier cut stands in, 3.")


# Judges ------------------------------------------------------------------------------------------


def ratings(made: Day, place: str = "") -> str:
    return f"/osces/exams/{made.exam.uuid}/ratings/{place}"


def rate(client: Client, made: Day, *shares: str) -> Any:
    fields = {f"item-{UUID(int=n)}": share for n, share in enumerate(shares, start=1)}
    return client.post(ratings(made, "1/"), fields)


def test_examiners_of_the_exam_are_judges_and_nobody_else() -> None:
    made = day(stations=2, candidates=1)
    person = made.examiners[0][0]
    holds(person, PRACTICE_EDUCATOR, ensure_network())
    client = browser(person)
    assert rate(client, made, "50", "50", "50").status_code == 302
    assert client.get(standard(made)).status_code == 403
    other = browser(with_account("Olive Other", PRACTICE_EDUCATOR))
    assert other.get(ratings(made)).status_code == 403
    assert rate(other, made, "50", "50", "50").status_code == 403
    assert StationRated.objects.count() == 1


def test_judge_sees_the_others_only_after_rating() -> None:
    made = day(stations=2, candidates=1)
    first, second = browser(made.writer), browser(made.reader)
    assert rate(first, made, "50", "50", "50").status_code == 302
    page = words(second, ratings(made, "1/"))
    assert "Wanda Writer" not in page
    assert "2.5" not in page
    assert "not rated by you" in words(second, ratings(made))
    rate(second, made, "100", "50", "0")
    page = words(second, ratings(made, "1/"))
    assert "Wanda Writer" in page
    assert "The judges expect 2.75 of 5, with a standard error of 0.25." in page
    assert "2.75 of 5" in words(second, ratings(made))
    for address in (ratings(made), ratings(made, "1/")):
        assert queries_of(second, address) <= 12


def test_rating_is_from_0_to_100_for_every_item() -> None:
    made = day(stations=2, candidates=1)
    client = browser(made.writer)
    answer = rate(client, made, "50", "101", "")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Item 2: enter a whole number from 0 to 100" in page
    assert "Item 3: enter a whole number from 0 to 100" in page
    assert 'value="101"' in page
    assert not StationRated.objects.exists()
    assert client.get(ratings(made, "99/")).status_code == 404
    assert client.get(ratings(made, "3/")).status_code == 404, "a rest"


def test_ratings_are_a_method_once_somebody_rated() -> None:
    made = reference()
    client = browser(made.writer)
    assert "modified Angoff" not in words(client, standard(made))
    client.post(ratings(made, "1/"), {f"item-{UUID(int=n)}": "55" for n in range(1, 11)})
    assert "modified Angoff" in words(client, standard(made))
    what_if = f"/osces/exams/{made.exam.uuid}/marks/what-if/?a-method=angoff"
    page = words(client, what_if)
    assert "None. No judge has rated every item." in page
    assert "11.00" in page
