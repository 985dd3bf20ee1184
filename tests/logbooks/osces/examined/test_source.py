"""The published example put through closed sheets: every digit again on the screen, in files and in the PDF."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from logbooks.osces.examined import kept
from logbooks.osces.examined import pdf as reports
from school.core import documents
from school.core.models import Progress
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.examined.test_views import EXAM, STATIONS, words
from tests.logbooks.osces.exams.made import design, drafted
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.results.made import reference
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def digits(*parts: str) -> list[str]:
    """The printed digits, with candidates by number in place of those of the file."""
    named = "(C03, C11, C14, C20, C24)"
    return ["(103, 111, 114, 120, 124)" if one == named else one for one in parts]


ALL = digits(*EXAM, *(one for row in STATIONS for one in row))


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_closed_sheets_of_the_example_give_every_digit_of_the_reference() -> None:
    made = reference()
    client = browser(made.writer)
    address = f"/osces/exams/{made.exam.uuid}/marks/"
    page = words(client, address)
    assert "A cut of 68.90 out of 120" in page
    for one in ALL:
        assert one in page, one
    assert "Student 1" not in page, "candidates are numbers"
    assert page.count('<svg class="soo-chart') == 6, (
        "bootstrap, jackknife and examiners, twice each"
    )
    assert "95 of 100 give a cut from" in page
    assert "Examiner A4" in page
    assert "What is amiss with the data</a>: nothing" in page
    assert queries_of(client, address) <= 12
    assert "Station S4: a cut of 8.51 out of 20" in words(client, f"{address}stations/4/")
    assert queries_of(client, f"{address}stations/4/") <= 12

    what_if = words(client, f"{address}what-if/")
    assert "19 or 15 of 24 would pass" in what_if
    assert "3.753382 predicted, rounded up" in what_if
    assert (
        "borderline" not in what_if.partition("<form")[2].partition("</form>")[0].split("legend")[0]
    )
    assert queries_of(client, f"{address}what-if/") <= 12

    _files(client, address)
    _pdf(client, address, made)


def _files(client: Client, address: str) -> None:
    rows = rows_of(client.get(f"{address}stations/file/csv/"))
    heads = next(row for row in rows if row and row[0] == "Station")
    fourth = dict(zip(heads, next(row for row in rows if row and row[0] == "S4"), strict=True))
    assert fourth["Cut, exact"] == "3463/407"
    assert fourth["Slope, exact"] == "1005/407"
    figures = json.loads(client.get(f"{address}figures/file/json/").content)
    assert figures["stations"][0]["cut"]["line"]["slope"]["exact"] == "205/197"
    assert figures["notes"] == []
    sheets = rows_of(client.get(f"{address}sheets/file/csv/"))
    assert len(sheets) == 2 + 24 * 6 * 10
    items = rows_of(client.get(f"{address}items/file/csv/"))
    assert len(items) == 2 + 60
    told = json.loads(client.get(f"{address}standards/file/json/").content)
    assert told["A"]["exam"]["cut"]["exact"] == "42806245994/621307071"


def _pdf(client: Client, address: str, made: Day) -> None:
    client.post(f"{address}pdf/")
    work = Progress.objects.get()
    key = str(made.exam.uuid)
    reports.make.func("exam", key, made.exam.title, "2", "1", "circuit", str(work.uuid))
    work.refresh_from_db()
    assert client.get(work.link)["Content-Type"] == "application/pdf"
    path = documents.path_of(kept.FOLDER, f"{key}.{work.uuid}.pdf")
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    for one in ALL:
        assert one in text, one
    assert "What examiners gave" in text
    assert "No decision was recorded with it." in text


def test_not_observed_is_told_from_empty_in_the_sheets() -> None:
    made = day(stations=2, candidates=1)
    close(made, made.candidates[0], made.stations[0], 3, 2, changed={1: None, 2: -1})
    client = browser(made.writer)
    heads, *rows = rows_of(client.get(f"/osces/exams/{made.exam.uuid}/marks/sheets/file/csv/"))[1:]
    mark, unseen = heads.index("Mark"), heads.index("Not observed")
    assert [(row[mark], row[unseen]) for row in rows] == [("", "not observed"), ("", ""), ("0", "")]


def test_exam_without_closed_sheets_says_so_and_has_no_files() -> None:
    made = day(stations=2, candidates=1)
    client = browser(made.writer)
    address = f"/osces/exams/{made.exam.uuid}/marks/"
    assert "No sheet has been closed yet" in words(client, address)
    assert client.get(f"{address}stations/file/csv/").status_code == 404
    assert client.get(f"{address}stations/1/").status_code == 404
    assert client.get(f"{address}people/file/csv/").status_code == 404


def test_exam_that_is_not_frozen_has_no_marks() -> None:
    made = day(stations=2, candidates=1)
    exam = drafted(made.writer, design())
    assert browser(made.writer).get(f"/osces/exams/{exam.uuid}/marks/").status_code == 404


def test_what_is_amiss_stands_in_every_report() -> None:
    made = day(stations=2, candidates=2)
    close(made, made.candidates[0], made.stations[0], 4, 3, changed={1: 0})
    client = browser(made.writer)
    address = f"/osces/exams/{made.exam.uuid}/marks/"
    page = words(client, address)
    assert re.search(r"What is amiss with the data</a>: \d+ things to mend or explain", page)
    assert "is critical, and has no marks for 101." in page
    notes = json.loads(client.get(f"{address}figures/file/json/").content)["notes"]
    assert "102 has no mark at S1, S2." in {one["words"] for one in notes}
