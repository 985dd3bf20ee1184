"""The pages of importing a file of another tool."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from logbooks.cpd.models import Activity, ImportedFile
from school.core import documents
from school.core.files import forms
from school.people.roles import SCHOOL_EDUCATOR
from tests.logbooks.cpd.actions.test_importing import HEADS, MINE, NHS_NUMBER, OTHER, ROWS, table
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of, words

pytestmark = pytest.mark.django_db
ADDRESS = "/cpd/import/"


def sent(client: Client, data: bytes, name: str = "cpd.csv") -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data)})


def test_file_of_known_columns_goes_straight_to_the_preview_and_is_written(page: Client) -> None:
    answer = sent(page, table())
    file = ImportedFile.objects.get()
    assert answer.url == f"{ADDRESS}{file.uuid}/"
    shown = words(page.get(answer.url))
    assert "3 activities come into your record. Nothing is written yet." in shown
    assert "without_refused" not in shown
    assert "words_checked" not in shown
    assert queries_of(page, answer.url) <= 12
    done = page.post(answer.url, follow=True)
    assert "Written: 3 rows." in words(done)
    assert Activity.objects.count() == 3
    assert page.get(answer.url).status_code == 404


def test_unknown_columns_are_asked_for_and_nothing_said_is_lost(page: Client) -> None:
    answer = sent(page, table(MINE, OTHER))
    file = ImportedFile.objects.get()
    address = f"{ADDRESS}{file.uuid}/columns/"
    assert answer.url == address
    assert page.get(f"{ADDRESS}{file.uuid}/").url == address  # type: ignore[attr-defined]
    shown = words(page.get(address))
    assert "Which column is which?" in shown
    assert "Type of learning where the file names none" in shown
    first = page.post(address, {"title": "0", "starts": "1", "minutes": "2", "learning": "3"})
    assert first.status_code == 422
    said = words(first)
    assert "Choose the type of learning of “webinar”" in said
    assert '<option value="2" selected>Duration</option>' in said
    chosen = {"title": "0", "starts": "1", "minutes": "2", "learning": "3"}
    done = page.post(address, {**chosen, "type-0": "self-directed", "type-1": "formal"})
    assert done.url == f"{ADDRESS}{file.uuid}/"  # type: ignore[attr-defined]
    assert "2 activities come" in words(page.get(done.url))  # type: ignore[attr-defined]
    assert queries_of(page, address) <= 12


def test_numbers_alone_are_hours_or_minutes_only_when_somebody_says_so(page: Client) -> None:
    sent(page, table([["Talk", "2026-02-02", "90"]], ["Title", "Date", "Duration"]))
    address = f"{ADDRESS}{ImportedFile.objects.get().uuid}/columns/"
    asked = page.get(address)
    assert "Choose “Duration” here if its numbers are minutes" in words(asked)
    assert '<option value="2" selected>' not in words(asked)
    said = {"title": "0", "starts": "1", "type-0": "formal"}
    refused = page.post(address, said)
    assert refused.status_code == 422
    assert "“Duration” does not say in what it counts." in words(refused)
    page.post(address, {**said, "minutes": "2"})
    assert "its numbers are" not in words(page.get(address))


def test_preview_shows_each_new_activity_as_it_was_read(page: Client) -> None:
    shown = words(page.get(sent(page, table()).url))
    for said in ("Journal club", "3 March 2026", "Self-directed learning", "1 hour 30 minutes"):
        assert f"<span>{said}</span>" in shown or f">{said}</th>" in shown
    assert "1 April 2026 to 2 April 2026" in shown


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "Choose the column of the title"),
        ({"title": "0"}, "Choose the column of the first day"),
        ({"title": "0", "starts": "0"}, "This column is the title already. Choose another"),
        ({"title": "9", "starts": "1"}, "9 is not one of the available choices"),
        ({"title": "0", "starts": "1", "learning": "99"}, "not one of the available choices"),
    ],
)
def test_columns_are_said_so_that_they_can_be_read(
    page: Client, said: dict[str, str], error: str
) -> None:
    sent(page, table(MINE, OTHER))
    address = f"{ADDRESS}{ImportedFile.objects.get().uuid}/columns/"
    answer = page.post(address, {"type-0": "self-directed", **said})
    assert answer.status_code == 422
    assert error in words(answer)
    assert "<title>Error: " in words(answer)


def test_column_of_many_words_cannot_be_the_types(page: Client) -> None:
    rows = [[f"A {n}", "2026-02-02", "1", f"word {n}", ""] for n in range(51)]
    sent(page, table(rows, OTHER))
    address = f"{ADDRESS}{ImportedFile.objects.get().uuid}/columns/"
    answer = page.post(
        address, {"title": "0", "starts": "1", "learning": "3", "type-0": "self-directed"}
    )
    assert answer.status_code == 422
    assert "51 different words, so it names no types" in words(answer)


def test_heading_that_is_there_twice_is_said(page: Client) -> None:
    sent(page, table([["A", "2026-02-02", "1"]], ["Title", "Date", "date"]))
    file = ImportedFile.objects.get()
    said = {"title": "0", "starts": "1", "type-0": "self-directed"}
    page.post(f"{ADDRESS}{file.uuid}/columns/", said)
    answer = page.get(f"{ADDRESS}{file.uuid}/")
    assert answer.status_code == 422
    assert "is there twice" in words(answer)
    assert "Say which column is which" in words(answer)


def test_refused_rows_and_words_are_answered_on_the_page(page: Client) -> None:
    rows = [[*ROWS[0][:5], "Mrs Brown came"], ["", *ROWS[1][1:]], ROWS[2]]
    answer = sent(page, table(rows))
    shown = words(page.get(answer.url))
    assert "“Mrs Brown” looks like a name." in shown
    assert "This is empty. Fill it in." in shown
    refused = page.post(answer.url)
    assert refused.status_code == 422
    assert "tick to leave them out" in words(refused)
    assert "Say that none of this points to a patient" in words(refused)
    refused = page.post(answer.url, {"without_refused": "on"})
    assert refused.status_code == 422
    assert "Say that none of this points to a patient" in words(refused)
    assert not Activity.objects.exists()
    page.post(answer.url, {"without_refused": "on", "words_checked": "on"})
    assert Activity.objects.count() == 2


def test_nhs_number_is_shown_to_be_taken_out(page: Client) -> None:
    answer = sent(page, table([[*ROWS[0][:5], NHS_NUMBER]]))
    shown = words(page.get(answer.url))
    assert "is an NHS number" in shown
    assert "There is nothing new to write." in shown


def test_file_that_is_no_table_is_refused(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = sent(page, b"%PDF-1.7", "x.pdf")
    assert answer.status_code == 422
    assert "This is a PDF document." in words(answer)
    assert page.post(ADDRESS).status_code == 422
    monkeypatch.setattr(forms.ImportForm.base_fields["file"], "most", 1)
    assert "Choose one of at most" in words(sent(page, table()))
    assert not ImportedFile.objects.exists()


def test_file_is_seen_by_its_person_alone_and_gone_after_a_week(page: Client) -> None:
    address = sent(page, table(heads=HEADS)).url
    bo = browser(with_account("Bo Other", SCHOOL_EDUCATOR))
    for one in (address, f"{address}columns/", f"{ADDRESS}{uuid4()}/"):
        assert (bo.get(one).status_code, bo.post(one).status_code) == (404, 404)
    documents.remove("cpd-imports", str(ImportedFile.objects.get().uuid))
    assert page.get(address).status_code == 404
