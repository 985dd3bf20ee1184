"""Standards side by side on marks from elsewhere: the first view, what an address asks for, and the files."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from school.people.roles import PROGRAMME_LEAD
from tests.logbooks.osces.examined.test_views import HEAD, QUERY, educator, folder, send, words
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of

__all__ = ["educator", "folder"]
pytestmark = pytest.mark.django_db


def asked(client: Client, more: str = "", data: bytes = b"") -> str:
    """The address of the page for marks that were sent."""
    return f"{send(client, data)}what-if/{QUERY}{more}"


def line(page: str, head: str) -> str:
    """The words of a row of a table, from its head on."""
    _, _, rest = page.partition(f'<th scope="row">{head}')
    return rest.partition("</tr>")[0]


def test_first_view_compares_regression_with_a_sem_and_a_predicted_minimum(
    educator: Client,
) -> None:
    page = words(educator, asked(educator))
    assert "19 or 15 of 24 would pass" in page
    assert line(page, "Exam’s cut").count("68.897085") == 3
    assert line(page, "Pass mark, exact").count("72.934545") == 2
    assert "4 (3.753382 predicted, rounded up)" in line(page, "Stations to pass")
    assert "Pass mark, rounded" not in page
    assert line(page, "Fail<").count("<span>9</span>") == 2
    assert "<span>7</span>" in line(page, "Fail for too few stations")
    assert "62.5 %" in line(page, "Pass rate")
    third = line(page, "C03")
    assert "Fail: total 64 under 68.9<" in third
    assert "Fail: total 64 under 72.93; 2 of 6 stations, 4 needed<" in third
    assert "15 who pass by every standard" in page
    assert (
        '<button class="nhsuk-button" type="submit" data-module="nhsuk-button" data-prevent-double-click="true">Compare'
        in page
    )
    assert all(f'<th scope="row">C{n:02}' in page for n in range(1, 25))


def test_what_the_address_asks_for_is_compared(educator: Client) -> None:
    page = words(
        educator,
        asked(educator, "&a-method=percent&a-percent=60&a-must=4&b-method=median&b-cut-4=9.5&b-rounding=up"),
    )  # fmt: skip
    assert "60 per cent of the maximum" in page
    assert "Median of the borderline group, S4 fixed at 9.5" in page
    assert '<th scope="col">C</th>' not in page
    assert "<span>9.50, fixed</span>" in line(page, "S4 ")
    assert "<span>S4</span>" in line(page, "Must be passed")
    assert "69, up" in line(page, "Pass mark, rounded")
    assert "S4 must be passed" in line(page, "C22")


def test_page_and_analysis_lead_to_each_other(educator: Client) -> None:
    address = send(educator)
    assert f'href="{address}what-if/?borderline=2&amp;sem=1' in words(educator, address + QUERY)
    page = words(educator, f"{address}what-if/?borderline=2&sem=0&group=site")
    assert f'href="{address}?borderline=2&amp;sem=0&amp;group=site"' in page
    assert '<input type="hidden" name="group" value="site"' in page


def test_without_a_query_the_borderline_grade_is_asked_for(educator: Client) -> None:
    page = words(educator, f"{send(educator)}what-if/")
    assert "Enter the borderline grade" in page
    assert "There is a problem" not in page
    assert "of 24 would pass" not in page


@pytest.mark.parametrize(
    ("wrong", "said", "target"),
    [
        ("b-method=guess", "Standard B: choose a method of the list", "id_b-method"),
        ("b-method=mean&b-cut-4=20.5", "Standard B: enter a mark from 0 to 20 at S4", "id_b-cut-4"),
        ("b-method=mean&b-cut-1=-1", "Standard B: enter a mark from 0 to 20 at S1", "id_b-cut-1"),
        ("b-method=mean&b-cut-1=NaN", "Standard B: enter a mark from 0 to 20 at S1", "id_b-cut-1"),
        ("b-method=mean&b-minimum=7", "Standard B: choose at most 6 stations", "id_b-minimum"),
        ("b-method=mean&b-must=7", "Standard B: choose stations from 1 to 6", "id_b-must_0"),
        ("b-method=percent", "Standard B: enter a number from 0 to 100", "id_b-percent"),
        ("b-method=percent&b-percent=101", "Standard B: enter a number from 0", "id_b-percent"),
        ("b-method=mean&b-rounding=up10", "Standard B: choose a rounding of", "id_b-rounding"),
        ("b-method=mean&b-sem=2", "Standard B: choose the cut, or", "id_b-sem"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_shows(
    educator: Client, wrong: str, said: str, target: str
) -> None:
    address = asked(educator, f"&a-method=regression&{wrong}&c-method=mean")
    answer = educator.get(address)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert f'<a href="#{target}">{said}' in page
    assert page.count(said) == 2
    assert f'id="{target}"' in page
    assert "68.897085" in line(page, "Exam’s cut")
    assert '<th scope="col">B</th>' not in page
    assert '<th scope="col">C</th>' in page
    assert "Download CSV" not in page
    file = address.replace("what-if/", "standards/file/csv/")
    assert educator.get(file).status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?borderline=9", "The grades in the file are 1, 2, 3, 4, 5."),
        ("?borderline=x&sem=1", "Enter a number"),
        ("?a-method=mean", "Enter the borderline grade"),
        ("?borderline=2&b-sem=1", "Standard A: choose a method of the list"),
    ],
)
def test_without_a_grade_or_a_standard_there_is_no_answer(
    educator: Client, query: str, said: str
) -> None:
    answer = educator.get(f"{send(educator)}what-if/{query}")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "of 24 would pass" not in answer.content.decode()


def test_how_marks_are_examined_elsewhere_does_not_matter_here(educator: Client) -> None:
    page = words(educator, f"{send(educator)}what-if/?borderline=2&sem=x&group=ward")
    assert "19 or 15 of 24 would pass" in page


def test_without_a_cut_no_result_is_shown_and_why(educator: Client) -> None:
    flat = HEAD + "".join(f"C{n},A,S1,E,20,{n},2\n" for n in range(1, 5)) + "C5,A,S1,E,20,,2\n"
    page = words(educator, asked(educator, data=flat.encode()))
    assert "No standard gives a result" in page
    assert line(page, "No result").count("No cut at: S1.") == 3
    assert "All candidates have the same grade, so there is no line." in line(page, "S1 ")
    assert "C5: no mark at S1" in page
    page = words(educator, asked(educator, "&a-method=median&b-method=regression", flat.encode()))
    assert "2 of 4 would pass" in page
    assert "Fail: total 2 under 2.5" in line(page, "C2")
    assert "No result" in line(page, "C2")


def test_mark_just_below_is_shown_with_the_digits_that_tell(educator: Client) -> None:
    rows = HEAD + "C1,A,S1,E,20,9.999,2\nC2,A,S1,E,20,12,3\nC3,A,S1,E,20,8,1\n"
    page = words(educator, asked(educator, "&a-method=percent&a-percent=50", rows.encode()))
    assert "Fail: total 9.999 under 10<" in page
    rows = rows.replace("9.999", "9.994")
    page = words(educator, asked(educator, "&a-method=percent&a-percent=49.9715", rows.encode()))
    assert "Fail: total 9.994 under 9.9943<" in page


def test_exam_with_very_many_stations_has_no_fields_for_each(educator: Client) -> None:
    rows = "".join(f"C{n},A,S{place},E,20,{n},{n}\n" for n in (1, 2, 3) for place in range(61))
    page = words(educator, asked(educator, data=(HEAD + rows).encode()))
    assert "2 of 3 would pass by each standard" in page
    assert 'name="a-minimum"' in page
    assert 'name="a-must"' not in page
    assert 'name="a-cut-1"' not in page


def test_files_hold_everything_with_every_digit(educator: Client) -> None:
    address = asked(educator).replace("what-if/", "standards/file/csv/")
    answer: Any = educator.get(address)
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert "borderline grade 2; A: Borderline regression; B:" in rows[0][0]
    assert rows[1] == ["Part", "What", "A", "B", "C"]
    said = {(part, what): cells for part, what, *cells in rows[2:]}
    assert said["Standard", "Exam's cut, exact"] == ["42806245994/621307071"] * 3
    assert float(said["Standard", "Pass mark"][1]) == pytest.approx(72.934545, abs=5e-7)
    assert float(said["Standard", "Stations predicted"][2]) == pytest.approx(3.753382, abs=5e-7)
    assert said["Standard", "Fail for too few stations"] == ["0", "0", "7"]
    assert said["Cut, exact", "S4"] == ["3463/407"] * 3
    assert said["Outcome", "C01"] == ["Pass"] * 3
    answer = educator.get(address.replace("csv", "xlsx"))
    sheet = load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]
    cells = {tuple(row[:2]): row[2:] for row in sheet.iter_rows(values_only=True)}
    assert cells["Total", "C03"] == (64, 64, 64)
    figures = json.loads(educator.get(address.replace("csv", "json")).content)
    assert figures["A"]["exam"]["cut"]["exact"] == "42806245994/621307071"
    assert figures["C"]["standard"]["minimum"] == "predicted"
    assert educator.get(address.replace("csv", "pdf")).status_code == 404


def test_marks_are_compared_by_nobody_else(educator: Client) -> None:
    address = asked(educator)
    other = browser(with_account("Petra Lead", PROGRAMME_LEAD))
    assert other.get(address).status_code == 404
    assert other.get(address.replace("what-if/", "standards/file/csv/")).status_code == 404


def test_page_takes_few_queries(educator: Client) -> None:
    assert queries_of(educator, asked(educator)) <= 12
