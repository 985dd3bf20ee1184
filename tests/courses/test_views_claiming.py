"""Evidence from elsewhere on its pages: brought, looked at, decided, and kept from everybody else."""

from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from school.core.evidence import MAX_BYTES
from school.courses.models import Attainment, Claim
from school.people.models import AccessLog
from tests import factories as make
from tests.courses import making
from tests.courses.attained import any_version
from tests.pdfs import kept_pdf
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: LazySettings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def sent(**changed: Any) -> dict[str, Any]:
    return {
        "course": "introductory-day",
        "day_day": "3",
        "day_month": "11",
        "day_year": "2020",
        "given_by": "The Trust",
        "evidence": SimpleUploadedFile("my.pdf", kept_pdf(), "application/pdf"),
        "uuid": str(uuid4()),
        **changed,
    }


def test_evidence_is_brought_looked_at_and_accepted() -> None:
    alice = make.make_person("Alice Amber")
    any_version()
    mine = browser(alice, second_factor=False)
    answer = mine.post("/claims/new/", sent())
    claim = Claim.objects.get()
    page = f"/claims/{claim.entry.uuid}/"
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Waits for a decision" in mine.get("/my-learning/").content.decode()
    keeper = browser(making.make_teacher("Gwen Other"))
    assert "Alice Amber: Introductory Day" in keeper.get("/claims/").content.decode()
    file = keeper.get(f"{page}evidence/")
    assert (file.content, file["Content-Type"]) == (kept_pdf(), "application/pdf")
    assert mine.post(f"{page}accept/", {"uuid": uuid4()}).status_code == 404
    assert keeper.post(f"{page}decline/", {"uuid": uuid4(), "reason": ""}).status_code == 422
    assert keeper.post(f"{page}accept/", {"uuid": uuid4()}).status_code == 302
    assert Attainment.objects.get().source == Attainment.Source.CLAIM
    assert "Accepted" in mine.get(page).content.decode()
    stranger = browser(make.make_person("Mo Forinstance"), second_factor=False)
    assert [stranger.get(url).status_code for url in (page, f"{page}evidence/")] == [404, 404]


def test_evidence_that_waits_is_taken_away_by_those_who_decide_and_leaves_a_trace() -> None:
    any_version()
    mine, teacher = (
        browser(make.make_person("Alice Amber"), second_factor=False),
        making.make_teacher(),
    )
    keeper = browser(teacher)
    mine.post("/claims/new/", sent())
    answer = keeper.get("/claims/file/csv/")
    head, row = b"".join(answer.streaming_content).decode().splitlines()[1:]  # type: ignore[attr-defined]
    assert head == "Person,Course,Completed on,Given by,Expires on,Sent"
    assert row.startswith("Alice Amber,Introductory Day,2020-11-03,The Trust,,")
    assert [log.person.name for log in AccessLog.objects.filter(viewer=teacher)] == ["Alice Amber"]
    assert b"".join(keeper.get("/claims/file/xlsx/").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert mine.get("/claims/file/csv/").status_code == 403


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"evidence": SimpleUploadedFile("x.pdf", b"MZ", "application/pdf")},
            "no PDF, PNG or JPEG",
        ),
        (
            {"evidence": SimpleUploadedFile("x.pdf", b"%PDF-" + bytes(MAX_BYTES))},
            "The file has more than 10 MB",
        ),
        ({"evidence": ""}, "Choose the file that shows it"),
        ({"day_year": "2099"}, "still to come"),
    ],
)
def test_refused_evidence_says_why_at_its_field(changed: dict[str, Any], words: str) -> None:
    any_version()
    mine = browser(make.make_person("Alice Amber"), second_factor=False)
    answer = mine.post("/claims/new/", sent(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Claim.objects.count() == 0
