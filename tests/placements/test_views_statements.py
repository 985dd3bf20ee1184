"""The pages of statements: for those who may see the record, and the check that is open to everybody."""

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from placements import statement_pdf, statement_work
from placements.actions.statements import withdraw_statement
from placements.models import HoursStatement
from school.core import documents, seal
from school.core.codes import grouped
from school.core.models import Progress
from tests import factories as make
from tests.placements.browsers import browser, words
from tests.placements.statement_cases import Year, a_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(settings: LazySettings, tmp_path: Path) -> Year:
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    seal.make_key()
    return a_year()


@pytest.fixture
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements on a blank page: to set a whole one takes a second."""
    made = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    monkeypatch.setattr(statement_pdf, "pages", lambda about, figures: made.getvalue())


def of(year: Year, page: str = "") -> str:
    return f"/students/{year.enrolment.uuid}/statements/{page}"


def check(statement: HoursStatement) -> str:
    return f"/verify/{grouped(statement.code)}/"


def hashed(pdf: bytes) -> dict[str, Any]:
    """What the page sends of a file."""
    return {"digest": documents.digest(pdf)}


# On the record


def test_coordinator_checks_and_issues_and_everybody_concerned_downloads(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(year.coordinator)
    page = client.get(of(year, "year-2/"))
    assert page.status_code == 200
    for said in (
        "33 hours 30 minutes",
        "36 hours",
        "7 hours 30 minutes wait for a decision",
        "6.67 h",
    ):
        assert said in words(page)
    assert HoursStatement.objects.count() == 0
    uuid = str(page.context["form"]["uuid"].value())
    answer = client.post(of(year, "year-2/"), {"uuid": uuid})
    work = Progress.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/progress/{work.uuid}/")
    statement_work.make.func(
        uuid,
        str(year.enrolment.uuid),
        str(year.stage.uuid),
        str(year.coordinator.uuid),
        str(work.uuid),
    )
    assert "The statement was issued" in words(client.get(answer["Location"]))
    found = HoursStatement.objects.get()
    for own, certifies in (
        (client, True),
        (browser(year.student, second_factor=False), False),
        (browser(year.educator, second_factor=False), False),
    ):
        listed = words(own.get(of(year)))
        assert (grouped(found.code) in listed, "Withdraw" in listed) == (True, certifies)
        file = own.get(f"/statements/{found.uuid}/file/")
        assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
        assert file.content == statement_pdf.path_of(found.uuid).read_bytes()
    stranger = browser(make.make_educator("Mo Forinstance"), second_factor=False)
    assert [
        stranger.get(url).status_code for url in (of(year), f"/statements/{found.uuid}/file/")
    ] == [404, 404]


@pytest.mark.usefixtures("blank")
def test_page_says_when_the_last_statement_still_stands_and_what_a_new_one_replaces(
    year: Year,
) -> None:
    client = browser(year.coordinator)
    found = year.issue()
    page = client.get(of(year, "year-2/"))
    assert "so that one still stands" in words(page)
    assert "Issue the statement" not in words(page)
    make.make_decision(year.educator, year.waiting)
    assert f'It replaces statement <span class="soo-num soo-nb">{grouped(found.code)}' in words(
        client.get(of(year, "year-2/"))
    )
    assert "The record has changed since" in words(client.get(of(year)))
    assert client.get(of(year, "year-1/")).status_code == 404


@pytest.mark.usefixtures("blank")
def test_coordinator_withdraws_a_statement(year: Year) -> None:
    client, found = browser(year.coordinator), year.issue()
    url = f"/statements/{found.uuid}/withdraw/"
    page = client.get(url)
    assert (page.status_code, HoursStatement.objects.count()) == (200, 1)
    uuid = str(page.context["form"]["uuid"].value())
    assert client.post(url, {"uuid": uuid})["Location"] == of(year)
    assert "Withdrawn" in words(client.get(of(year)))
    again = client.post(url, {"uuid": str(uuid4())})
    assert (again.status_code, HoursStatement.objects.count()) == (409, 2)


@pytest.mark.usefixtures("blank")
def test_file_that_is_gone_is_said_to_be(year: Year) -> None:
    found = year.issue()
    statement_pdf.path_of(found.uuid).unlink()
    answer = browser(year.coordinator).get(f"/statements/{found.uuid}/file/")
    assert answer.status_code == 422
    assert "missing where files are kept" in words(answer)


@pytest.mark.usefixtures("blank")
def test_list_costs_the_same_for_many_statements(year: Year) -> None:
    client = browser(year.coordinator)
    client.get(of(year))
    counts = []
    for rounds in (1, 6):
        for _ in range(rounds):
            withdraw_statement(by=year.coordinator, statement=year.issue(), uuid=uuid4())
        year.issue()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(of(year)).status_code == 200
        counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
        withdraw_statement(
            by=year.coordinator,
            statement=HoursStatement.objects.standing().get(),
            uuid=uuid4(),
        )
    assert counts[0] == counts[1]
    assert counts[0] <= 12


@pytest.mark.usefixtures("blank")
def test_own_record_leads_to_the_statements(year: Year) -> None:
    year.issue()
    client = browser(year.student, second_factor=False)
    page = words(client.get(f"/people/{year.student.uuid}/"))
    assert (of(year) in page, "Issued for year 2" in page) == (True, True)
    assert of(year) in words(client.get(f"/students/{year.enrolment.uuid}/"))


# The check


def test_stranger_finds_a_statement_current_and_unaltered_and_false_after_one_byte(
    year: Year, client: Client
) -> None:
    found = year.issue()
    pdf = statement_pdf.path_of(found.uuid).read_bytes()
    assert "Issued by the School, and current" in words(client.get(check(found)))
    assert "The file is unaltered" in words(client.get(check(found), hashed(pdf)))
    for place in (0, 1000, len(pdf) // 2, pdf.index(b"/Contents <") + 2000, len(pdf) - 1):
        altered = bytearray(pdf)
        altered[place] ^= 1
        answer = client.get(check(found), hashed(bytes(altered)))
        assert answer.status_code == 200
        assert "The file is not the one that was issued" in words(answer)


@pytest.mark.usefixtures("blank")
def test_page_says_what_became_of_a_statement(year: Year, client: Client) -> None:
    first = year.issue()
    make.make_decision(year.educator, year.waiting)
    assert "but the record has changed since" in words(client.get(check(first)))
    second = year.issue()
    assert "and replaced since" in words(client.get(check(first)))
    withdraw_statement(by=year.coordinator, statement=second, uuid=uuid4())
    assert "and withdrawn since" in words(client.get(check(second)))
    assert "and replaced since" in words(client.get(check(first)))


def test_page_leaks_nothing_and_has_one_shape_for_known_and_unknown_codes(
    year: Year, client: Client
) -> None:
    found = year.issue()
    pdf = statement_pdf.path_of(found.uuid).read_bytes()
    unknown = "/verify/0000-0000-0000-0000/"
    pages = [
        words(answer)
        for address in (check(found), unknown)
        for answer in (client.get(address), client.get(address, hashed(pdf)))
    ]
    secrets = [
        "Amara", "Exampleton", "Dilys", "Sampleby", "Farid", "Standin", "Cumbria", "Cumberland",
        "33", "22.5", "year 2", "2026", str(found.uuid), str(year.enrolment.uuid),
        year.enrolment.student_number, found.head_digest,
    ]  # fmt: skip
    body = [page.split("<main", 1)[1].split("</main>")[0] for page in pages]
    # The code and the digest that was asked for are random, and may hold any two digits.
    said = [
        page.replace(grouped(found.code), "").replace(found.code, "").replace(found.digest, "")
        for page in body
    ]
    assert [secret for secret in secrets for page in said if secret in page] == []
    shapes = {(page.count("<h1"), page.count("<form"), page.count("<input"), page.count("<button")) for page in body}  # fmt: skip
    assert len(shapes) == 1
    assert "Nothing was issued under this code" in pages[2]
    assert "The file is not the one that was issued" in pages[3]
