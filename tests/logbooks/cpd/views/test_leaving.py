"""The pages of taking a record away and of bringing one."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from logbooks.cpd.forms import leaving as forms
from logbooks.cpd.leaving import brought, paper, work
from logbooks.cpd.models import Activity
from school.core import clock, documents
from school.core.models import Progress
from school.people.models import Person
from school.people.roles import SCHOOL_EDUCATOR
from tests import records
from tests.logbooks.cpd.leaving import made
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of, words

pytestmark = pytest.mark.django_db
TAKE, BRING = "/cpd/take-away/", "/cpd/bring/"


@pytest.fixture(autouse=True)
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "pdf", made.no_pdf)


def worked(answer: Any, task: Any, *before: str) -> str:
    """Does the work that an answer leads to; its key."""
    assert answer.status_code == 302
    key = answer.url.rstrip("/").rpartition("/")[2]
    task.func(*before, key)
    return str(key)


def test_copy_is_asked_for_and_downloaded_by_its_owner_alone(page: Client, alice: Person) -> None:
    made.everything(alice)
    assert "No copy yet" in words(page.get(TAKE))
    key = worked(page.post(TAKE), work.make, str(alice.uuid))
    assert "Download the copy of" in words(page.get(TAKE))
    answer = page.get(f"{TAKE}{key}/")
    assert answer["Content-Disposition"] == 'attachment; filename="cpd-record.zip"'
    data = b"".join(answer)  # type: ignore[arg-type]
    assert "record.json" in made.parts_of(data)
    olive = browser(with_account("Olive Other", SCHOOL_EDUCATOR))
    assert olive.get(f"{TAKE}{key}/").status_code == 404
    assert "No copy yet" in words(olive.get(TAKE))


def test_copy_is_gone_after_a_week(
    page: Client, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = worked(page.post(TAKE), work.make, str(alice.uuid))
    Progress.objects.update(created_at=clock.now() - timedelta(days=8))
    assert page.get(f"{TAKE}{key}/").status_code == 404
    assert "No copy yet" in words(page.get(TAKE))


def test_key_of_other_work_opens_nothing(page: Client, alice: Person) -> None:
    other = Progress.objects.create(owner=alice.uuid, title="Other", state=Progress.State.DONE)
    for folder, name in (("cpd-copies", f"{other.uuid}.zip"), ("cpd-brought", f"{other.uuid}.zip")):
        documents.keep(folder, name, b"x")
    documents.keep("cpd-brought", f"{other.uuid}.json", b"{}")
    assert page.get(f"{TAKE}{other.uuid}/").status_code == 404
    assert page.get(f"{BRING}{other.uuid}/").status_code == 404


@pytest.fixture
def taken(settings: LazySettings, tmp_path: Path) -> bytes:
    with made.another_portal(settings, tmp_path / "elsewhere"):
        elsewhere = records.person("Alice Elsewhere")
        made.everything(elsewhere)
        return made.taken_away(elsewhere)


def sent(client: Client, data: bytes) -> Any:
    return client.post(BRING, {"file": SimpleUploadedFile("cpd-record.zip", data)})


def test_record_is_looked_at_and_then_written(page: Client, alice: Person, taken: bytes) -> None:
    key = worked(sent(page, taken), brought.look_through)
    address = f"{BRING}{key}/"
    shown = words(page.get(address))
    assert "Nothing is written yet." in shown
    assert "What stays out" not in shown
    assert not Activity.objects.exists()
    answer = page.post(address, follow=True)
    assert "9 parts of your record came in." in words(answer)
    assert "There is nothing new to write." in words(answer)
    assert Activity.objects.filter(person=alice).count() == 3
    Activity.objects.filter(title="Journal club").update(learned="Later")
    shown = words(page.get(address))
    assert "Left as it is here" in shown
    assert "Journal club" in shown
    olive = browser(with_account("Olive Other", SCHOOL_EDUCATOR))
    assert (olive.get(address).status_code, olive.post(address).status_code) == (404, 404)


def test_record_is_sent_in_place_of_the_one_before(page: Client, taken: bytes) -> None:
    olive = browser(with_account("Olive Other", SCHOOL_EDUCATOR))
    others, first, last = (
        worked(sent(client, taken), brought.look_through) for client in (olive, page, page)
    )
    assert page.get(f"{BRING}{first}/").status_code == 404
    assert page.get(f"{BRING}{last}/").status_code == 200
    assert olive.get(f"{BRING}{others}/").status_code == 200


def test_page_asks_little_of_the_database(page: Client, taken: bytes) -> None:
    key = worked(sent(page, taken), brought.look_through)
    assert queries_of(page, f"{BRING}{key}/") <= 12


def test_what_is_no_zip_is_said_where_the_work_is_shown(page: Client) -> None:
    answer = sent(page, b"no zip")
    key = worked(answer, brought.look_through)
    assert "This is no ZIP file" in words(page.get(answer.url))
    assert page.get(f"{BRING}{key}/").status_code == 404


def test_file_is_needed_and_may_not_be_too_large(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = page.post(BRING)
    assert answer.status_code == 422
    assert "Choose the ZIP file" in words(answer)
    monkeypatch.setattr(forms, "MAX_BYTES", 3)
    answer = sent(page, b"long")
    assert answer.status_code == 422
    assert "more than 1 GB" in words(answer)
    assert not Progress.objects.exists()


def test_record_that_changes_meanwhile_is_said(
    page: Client, alice: Person, taken: bytes, settings: LazySettings
) -> None:
    key = worked(sent(page, taken), brought.look_through)
    path = documents.path_of("cpd-brought", f"{key}.zip")
    parts = made.parts_of(taken)
    name = next(name for name in parts if name.startswith("evidence/"))
    path.write_bytes(made.zipped({**parts, name: b"other"}))
    answer = page.post(f"{BRING}{key}/")
    assert answer.status_code == 422
    assert "The file is damaged." in words(answer)
    assert "<title>Error: " in words(answer)
    assert not Activity.objects.exists()


def test_key_of_nothing_is_not_found(page: Client) -> None:
    assert page.get(f"{BRING}{uuid4()}/").status_code == 404
    assert page.get(f"{TAKE}{UUID(int=1)}/").status_code == 404
