"""Marks from elsewhere: sent, examined to the last digit on the screen, in files and in the PDF, by whoever sent them alone."""

import csv
import io
import json
import os
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from logbooks.osces.examined import kept
from logbooks.osces.examined import pdf as reports
from school.core import documents
from school.core.models import Progress
from school.people.roles import PROGRAMME_LEAD, SCHOOL_EDUCATOR
from tests.logbooks.osces.examples import OSCE
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db
ADDRESS = "/osces/marks/"
ASKED = {"borderline": "2", "sem": "1", "group": "circuit"}
QUERY = "?borderline=2&sem=1&group=circuit"
HEAD = "candidate,circuit,station,examiner,max_mark,mark,grade\n"


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def educator() -> Client:
    return browser(with_account("Edie Educator", SCHOOL_EDUCATOR))


def send(client: Client, data: bytes = b"", name: str = "osce.csv", **changed: str) -> str:
    """The address of the page of marks that were sent."""
    file = SimpleUploadedFile(name, data or OSCE.read_bytes())
    answer = client.post(ADDRESS, {**ASKED, "file": file, **changed})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer.url).partition("?")[0]  # type: ignore[attr-defined]


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# Every printed digit of the exam, beside those of the stations.
EXAM = (
    "68.897085", "72.934545", "0.837668452671", "10.020902", "4.037460", "1.472126", "1.527903", "3.146572", "3.753382",
    "E rho² 0.837668, Phi 0.778199", "(C03, C11, C14, C20, C24)", "below: 9",
)  # fmt: skip
STATIONS = (
    ("S1", "10.539763", "0.256503", "12.620981", "7459/591", "0.571802", "205/197", "0.790794"),
    ("S2", "7.599509", "0.291443", "10.828010", "4407/407", "0.684064", "657/407", "0.807165"),
    ("S3", "10.380952", "0.340361", "12.624339", "2386/189", "0.564501", "212/189", "0.824933"),
    ("S4", "3.570025", "0.572465", "8.508600", "3463/407", "0.579961", "1005/407", "0.813113", "25.1211", "7.380776", "0.012595"),
    ("S5", "9.968059", "0.196715", "12.071253", "4913/407", "0.606433", "428/407", "0.806790"),
    ("S6", "10.634146", "0.169178", "12.243902", "502/41", "0.591165", "33/41", "0.822512"),
)  # fmt: skip


def test_every_digit_of_the_reference_stands_on_the_page(educator: Client) -> None:
    page = words(educator, send(educator) + QUERY)
    assert "A cut of 68.90 out of 120" in page
    assert "19 of 24" in page
    assert "15 of 24" in page
    for digits in (*EXAM, *(one for row in STATIONS for one in row)):
        assert digits in page, digits


def test_page_of_a_station_has_its_plot_and_its_marks(educator: Client) -> None:
    page = words(educator, send(educator) + f"stations/4/{QUERY}")
    assert "Station S4: a cut of 8.51 out of 20" in page
    assert "3.57 + 2.47 × grade" in page
    assert "8 candidates: mean 8.63, median 8.5" in page
    assert "25.1 % of the variation, p 0.013" in page
    assert page.count('<svg class="soo-chart') == 2
    assert page.count('<circle class="f-petrol"') == 2 * 12 + 1, (
        "circuit A in both drawings and the key"
    )
    for place in ("0", "7"):
        assert educator.get(send(educator) + f"stations/{place}/{QUERY}").status_code == 404


def test_files_hold_what_is_needed_to_work_it_out_again(educator: Client) -> None:
    address = send(educator)
    answer: Any = educator.get(f"{address}stations/file/csv/{QUERY}")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    heads = next(row for row in rows if row and row[0] == "Station")
    fourth = dict(zip(heads, next(row for row in rows if row and row[0] == "S4"), strict=True))
    assert (fourth["Slope, exact"], fourth["Cut, exact"]) == ("1005/407", "3463/407")
    assert float(fourth["SE of cut"]) == pytest.approx(0.579961, abs=5e-7)
    answer = educator.get(f"{address}marks/file/xlsx/{QUERY}")
    sheet = load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(table) == 25
    assert table[0][:3] == ["Candidate", "S1", "S2"]
    assert all(isinstance(value, int) for value in table[1][1:])
    figures = json.loads(educator.get(f"{address}figures/file/json/{QUERY}").content)
    assert figures["stations"][0]["cut"]["line"]["slope"]["exact"] == "205/197"
    for wrong in ("figures/file/csv/", "stations/file/pdf/", "people/file/csv/"):
        assert educator.get(f"{address}{wrong}{QUERY}").status_code == 404


def test_pdf_holds_every_digit_too(educator: Client) -> None:
    address = send(educator)
    key = address.split("/")[-2]
    answer = educator.post(f"{address}pdf/", ASKED)
    work = Progress.objects.exclude(uuid=key).get()
    assert answer.url == f"/progress/{work.uuid}/"  # type: ignore[attr-defined]
    assert educator.get(f"{address}pdf/{work.uuid}/").status_code == 404, "not made yet"
    reports.make.func("file", key, "osce.csv", "2", "1", "circuit", str(work.uuid))
    work.refresh_from_db()
    shown = educator.get(work.link)
    assert shown["Content-Type"] == "application/pdf"
    path = documents.path_of(kept.FOLDER, f"{key}.{work.uuid}.pdf")
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    for digits in (*EXAM, *(one for row in STATIONS for one in row)):
        assert digits in text, digits
    assert educator.post(f"{address}pdf/", {}).status_code == 404


def test_file_with_findings_is_not_kept_and_each_is_said_by_row(educator: Client) -> None:
    bad = HEAD + "C1,A,S1,E,20,21,3\nC1,A,S1,E,20,5,2\nC2,A,S1,E,20,,2\n"
    file = SimpleUploadedFile("marks.csv", bad.encode())
    answer = educator.post(ADDRESS, {**ASKED, "file": file})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "<title>Error: Examine marks of an OSCE" in page
    assert "Row 2" in page
    assert "outside 0 to 20" in page
    assert not Progress.objects.exists()


@pytest.mark.parametrize(
    ("data", "changed", "said"),
    [
        (b"name,mark\nA,1\n", {}, "candidate"),
        (b"", {"borderline": "9"}, "The grades in the file are 1, 2, 3, 4, 5."),
        (b"", {"borderline": "two"}, "Enter a number"),
        (b"", {"group": "hospital"}, "hospital"),
    ],
)
def test_what_cannot_be_examined_is_said_at_its_field(
    educator: Client, data: bytes, changed: dict[str, str], said: str
) -> None:
    file = SimpleUploadedFile("marks.csv", data or OSCE.read_bytes())
    answer = educator.post(ADDRESS, {**ASKED, "file": file, **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Progress.objects.exists()


def test_too_many_rows_for_a_page_are_refused(
    educator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_ROWS", 100)
    file = SimpleUploadedFile("marks.csv", OSCE.read_bytes())
    answer = educator.post(ADDRESS, {**ASKED, "file": file})
    assert answer.status_code == 422
    assert "The file has 144 rows; this page takes 100." in answer.content.decode()


def test_exam_without_a_cut_says_why(educator: Client) -> None:
    flat = HEAD + "".join(f"C{n},A,S1,E,20,{n},2\n" for n in range(1, 5))
    address = send(educator, flat.encode())
    page = words(educator, address + QUERY)
    assert "No cut can be read off" in page
    assert "All candidates have the same grade, so there is no line." in page
    station = words(educator, f"{address}stations/1/{QUERY}")
    assert "no cut" in station
    assert "All candidates have the same grade" in station


def test_share_that_cannot_be_said_has_no_unit(educator: Client) -> None:
    one_circuit = HEAD + "".join(f"C{n},A,S1,E,20,{9 + n},{n}\n" for n in (1, 2, 3))
    address = send(educator, one_circuit.encode())
    for page in (address + QUERY, f"{address}stations/1/{QUERY}"):
        assert "none %" not in words(educator, page)
    assert "25.1 %" in words(educator, send(educator) + QUERY)


def test_marks_are_nobody_elses_and_gone_after_a_month(educator: Client) -> None:
    address = send(educator)
    other = browser(with_account("Petra Lead", PROGRAMME_LEAD))
    for page in ("", "stations/1/", "stations/file/csv/", "figures/file/json/"):
        assert other.get(address + page + QUERY).status_code == 404
    assert other.post(f"{address}pdf/", ASKED).status_code == 404
    assert other.get(f"{address}pdf/{uuid4()}/").status_code == 404
    assert kept.clear_old.func() == 0
    [path] = documents.path_of(kept.FOLDER, "").iterdir()
    os.utime(path, (0, 0))
    assert kept.clear_old.func() == 1
    assert educator.get(address + QUERY).status_code == 404


def test_grades_with_decimals_are_asked_for_to_the_last(educator: Client) -> None:
    marks = "".join(f"C{n},A,S1,E,20,{n},{n}.123456\n" for n in range(1, 6))
    file = SimpleUploadedFile("marks.csv", (HEAD + marks).encode())
    answer: Any = educator.post(ADDRESS, {**ASKED, "file": file, "borderline": "3.123456"})
    assert answer.url.endswith("?borderline=3.123456&sem=1&group=circuit")
    assert "A cut of 3.00 out of 20" in words(educator, answer.url)


def test_line_that_falls_is_written_so_and_gives_no_cut(educator: Client) -> None:
    falling = HEAD + "".join(f"C{n},A,S1,E,20,{10 - n},{n}\n" for n in range(1, 6))
    page = words(educator, send(educator, falling.encode()) + f"stations/1/{QUERY}")
    assert "10.00 − 1.00 × grade" in page
    assert "The slope is not positive" in page


def test_page_asked_otherwise_than_it_can_be_says_so(educator: Client) -> None:
    answer = educator.get(send(educator) + "?borderline=x&sem=1&group=circuit")
    assert answer.status_code == 422
    assert "Examine it otherwise" in answer.content.decode()


def test_pages_take_few_queries(educator: Client) -> None:
    address = send(educator)
    for page in ("", "stations/1/"):
        assert queries_of(educator, address + page + QUERY) <= 12


def test_who_examines_marks_finds_the_page_on_their_first_page(educator: Client) -> None:
    later = educator.get("/home/later/").content.decode()
    assert 'href="/osces/marks/"' in later
